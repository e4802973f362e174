"""An inspector's way through a plan's life in a real browser: by keyboard, and without a script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from looking import faults_of, watch_console
from pages.serving import Demo
from partnership import INSPECTOR, player

DAY = "/plans/CP-104/replay?day=2026-10-21&clock=known"


@pytest.fixture
def page(demo: Demo, browser: Browser) -> Iterator[Page]:
    """A page of the inspector's, with JavaScript."""
    opened = demo.open(browser, INSPECTOR)
    yield opened
    opened.context.close()


def test_an_inspector_gets_from_signing_in_to_a_day_without_a_script(
    demo: Demo, browser: Browser
) -> None:
    page = demo.open(browser, java_script_enabled=False)
    page.goto("/sign-in")
    page.locator(f'form:has(input[value="{player(INSPECTOR)["person"]}"])').get_by_role(
        "button"
    ).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Find a plan")
    expect(page.get_by_text("Your warrant is for how well")).to_be_visible()
    page.get_by_label("Was challenged").check()
    page.get_by_role("button", name="Find plans").click()
    page.get_by_role("link", name="CP-104").click()
    expect(page.get_by_role("slider")).to_have_count(0)
    for part, value in (("Day", "21"), ("Month", "10"), ("Year", "2026")):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_role("button", name="Show the plan on this date").click()
    expect(page.get_by_role("heading", name="On 21 October 2026")).to_be_visible()
    page.get_by_label("Challenge and supervision").check()
    page.get_by_role("button", name="Show only these").click()
    expect(page.get_by_text("Remove this filter")).to_be_visible()
    page.get_by_role("link", name="Address of this view").click()
    expect(page).to_have_url(f"{demo.address}{DAY}&only=challenge")
    page.context.close()


def test_the_slider_moves_by_keyboard_without_losing_focus_or_reloading(page: Page) -> None:
    asked: list[Request] = []
    page.on("request", lambda each: asked.append(each))
    console = watch_console(page)
    page.goto(DAY)
    slider = page.get_by_role("slider", name="Move through the plan")
    expect(slider).to_have_attribute("aria-valuetext", "21 October 2026, 2 entries")
    asked.clear()

    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    earlier = slider.get_attribute("aria-valuetext")
    assert earlier is not None
    day = earlier.partition(",")[0]
    assert day != "21 October 2026"
    expect(page.get_by_role("heading", name=f"On {day}", exact=True)).to_be_visible()
    expect(page.get_by_role("status").filter(has_text=f"Now shown: {day}")).to_have_count(1)
    expect(slider).to_be_focused()
    assert [each.resource_type for each in asked if "/replay" in each.url] == ["fetch"]
    assert "day=2026-10-21" not in page.url
    assert console == []

    page.reload()
    expect(page.get_by_role("heading", name=f"On {day}", exact=True)).to_be_visible()
    expect(slider).to_have_attribute("aria-valuetext", earlier)


def test_after_a_move_the_typed_date_and_what_is_narrowed_follow(page: Page) -> None:
    page.goto(f"{DAY}&only=challenge")
    page.get_by_role("slider").press("End")
    last = page.get_by_role("heading", level=2).filter(has_text="On ").first
    expect(last).not_to_have_text("On 21 October 2026")
    day = last.inner_text().removeprefix("On ")

    assert page.get_by_label("Day", exact=True).input_value() == day.split()[0]
    assert "only=challenge" in page.url
    expect(page.get_by_text("Challenge and supervision").first).to_be_visible()
    assert faults_of_after_a_move(page) == []


def test_whoever_is_no_longer_signed_in_is_taken_to_where_one_signs_in(page: Page) -> None:
    page.goto(DAY)
    page.context.clear_cookies()
    page.get_by_role("slider").press("ArrowLeft")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def faults_of_after_a_move(page: Page) -> list[str]:
    watch_console(page)
    return faults_of(page)
