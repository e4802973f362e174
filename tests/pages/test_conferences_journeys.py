"""Three siblings' conference in a real browser: by keyboard, without a script, through a crash."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser import PATIENCE
from looking import faults_of, watch_console
from pages.by_keyboard import Typed, follow, send
from pages.conferencing import (
    OF_A_CHILD,
    answers,
    begun,
    drafts_of,
    filled,
    name_of,
    part_at,
    planned,
)
from pages.serving import Demo
from partnership import CHAIR, SIBLINGS, player, small
from plantrack.domain.events import ChildSeen

ORDER = (
    "attendance",
    "reports",
    *(f"{plan}/{part}" for plan in SIBLINGS for part in OF_A_CHILD),
    "next",
)
SHOWN = (
    "attendance",
    "reports",
    "CP-102/said",
    "CP-103/said",
    "CP-103/others",
    "CP-103/actions",
    "CP-103/decision",
    "next",
)
"""What is typed without a script; the keyboard types every part."""


def test_a_conference_of_three_is_recorded_by_keyboard_in_one_sitting(
    demo: Demo, browser: Browser
) -> None:
    meeting, typed = planned(demo), answers(demo)
    page = demo.open(browser, CHAIR)
    watch_console(page)
    page.goto(f"/plans/CP-101/meetings/{meeting}/conference")
    send(page, "Begin")
    address = page.url.removeprefix(demo.address)

    for part in ORDER:
        follow(page, part_at(address, part))
        send(page, "Save and continue", typed[part])
        assert page.url.endswith(address), part
    follow(page, f"{address}/check")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Check your answers before you finish"
    )
    send(page, "Finish and put this on 3 plans")

    expect(page.get_by_role("heading", level=1)).to_have_text("Conference recorded")
    assert faults_of(page) == []
    for plan in SIBLINGS:
        seen = [
            e.event for e in demo.services.record.entries(plan) if isinstance(e.event, ChildSeen)
        ]
        assert seen[-1].words == typed[f"{plan}/said"]["words_room"]


def test_a_conference_of_three_is_recorded_without_a_script(demo: Demo, browser: Browser) -> None:
    meeting, typed = planned(demo), answers(demo)
    page = demo.open(browser, CHAIR, java_script_enabled=False)
    page.goto("/plans/CP-101/meetings")
    card = page.locator(f"#{meeting}")
    card.get_by_role("button", name="Record this conference").click()
    page.get_by_role("button", name="Begin").click()
    address = page.url.removeprefix(demo.address)
    filled(demo, address, {part: typed[part] for part in ORDER if part not in SHOWN})

    for part in SHOWN:
        page.locator(f'a[href="{part_at(address, part)}"]').click()
        answer(page, typed[part])
        page.get_by_role("button", name="Save and continue").click()
        assert page.url.endswith(address), part
    page.get_by_role("button", name="Check and finish").click()
    page.get_by_role("button", name="Finish and put this on 3 plans").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Conference recorded")
    expect(page.get_by_text("1 decision and 1 next conference")).to_have_count(3)


def answer(page: Page, typed: Typed) -> None:
    for name, value in typed.items():
        field = page.locator(f'[name="{name}"]').first
        kind = field.get_attribute("type")
        if kind in ("radio", "checkbox"):
            for each in [value] if isinstance(value, str) else value:
                page.locator(f'[name="{name}"][value="{each}"]').check()
        else:
            field.fill(str(value))


def test_a_part_is_saved_while_it_is_typed(demo: Demo, browser: Browser) -> None:
    address = begun(demo, planned(demo, SIBLINGS[:1]), SIBLINGS[:1])
    page = demo.open(browser, CHAIR)
    said = watch_console(page)
    page.goto(part_at(address, "CP-101/mother"))

    page.get_by_label("Yes").check()
    page.locator("#mother_how").fill("at home, in the kitchen")
    expect(page.locator("#saved")).to_have_text("Saved at 9:30am")
    assert faults_of(page) == []
    page.reload()

    expect(page.locator("#mother_how")).to_have_value("at home, in the kitchen")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("You have finished 1 of 11 parts.")).to_be_visible()
    assert said == []


def test_a_server_that_is_killed_takes_no_more_with_it_than_the_part_not_saved(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> None:
    url = small(tmp_path_factory).copy(tmp_path_factory.mktemp("killed"))
    port = free_port()
    with process(url, port) as (first, address):
        page = signed_in(browser, address)
        page.goto("/plans/CP-101/meetings/M11/conference")
        page.get_by_role("button", name="Begin").click()
        draft = page.url.removeprefix(address)
        page.goto(part_at(draft, "CP-101/mother"))
        answer(page, {"mother": "yes", "mother_how": "at home"})
        page.get_by_role("button", name="Save and continue").click()
        expect(page.get_by_text("You have finished 1 of 27 parts.")).to_be_visible(timeout=PATIENCE)
        page.goto(part_at(draft, "CP-101/seen"))
        answer(page, {"contact": "no"})
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        page.get_by_role("button", name="Save and continue").click()
        expect(page.locator("#saved")).to_have_text(
            "Not saved yet. What you typed is still on this page."
        )

    with process(url, port):
        page.get_by_role("button", name="Save and continue").click()
        finished = page.get_by_text("You have finished 2 of 27 parts.")
        expect(finished).to_be_visible(timeout=PATIENCE)
        page.goto(part_at(draft, "CP-101/mother"))
        expect(page.locator("#mother_how")).to_have_value("at home")
        page.context.close()


def signed_in(browser: Browser, address: str) -> Page:
    """Sign in as the chair on the page where one chooses whom to be."""
    page = browser.new_context(base_url=address).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/sign-in")
    page.locator("form", has=page.locator(f'[value="{player(CHAIR)["person"]}"]')).get_by_role(
        "button"
    ).first.click()
    page.wait_for_url("**/plans")
    return page


def free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        port: int = any_port.getsockname()[1]
        return port


@contextmanager
def process(url: str, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve in a process of its own, which can be killed."""
    tests = Path(__file__).parents[1]
    paths = os.pathsep.join([str(tests), *(each for each in sys.path if each)])
    made = subprocess.Popen(
        [sys.executable, str(tests / "pages" / "one_process.py"), url, str(port)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
    )
    try:
        assert made.stdout
        yield made, made.stdout.readline().strip()
    finally:
        made.kill()
        made.wait()
        if made.stdout:
            made.stdout.close()


def test_a_part_kept_apart_in_two_browsers_is_not_overwritten(demo: Demo, browser: Browser) -> None:
    address = begun(demo, planned(demo, SIBLINGS[:1]), SIBLINGS[:1])
    filled(demo, address, {"CP-101/mother": {"mother": "no", "mother_why": "she is away"}})
    one, other = demo.open(browser, CHAIR), demo.open(browser, CHAIR, java_script_enabled=False)
    for page in (one, other):
        page.goto(part_at(address, "CP-101/mother"))

    one.locator("#mother_why").fill("she is in hospital")
    expect(one.locator("#saved")).to_have_text("Saved at 9:30am")
    one.get_by_role("button", name="Save and continue").click()
    expect(one.get_by_text("You have finished 1 of 11 parts.")).to_be_visible()
    other.locator("#mother_why").fill("she is at work")
    other.get_by_role("button", name="Save and continue").click()

    expect(other.get_by_text("This part was saved from another page")).to_be_visible()
    expect(other.locator("#mother_why")).to_have_value("she is at work")
    expect(other.get_by_text("she is in hospital")).to_be_visible()
    kept = drafts_of(demo).parts(name_of(address))["CP-101/mother"]
    assert kept.fields["mother_why"] == ("she is in hospital",)
