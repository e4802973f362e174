"""Administrators: people and roles, rules with a preview, working days, checks and imports."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from pages.filling_in import as_shown, errors_of, told
from pages.serving import Demo
from partnership import (
    ADMIN,
    CHAIR,
    INSPECTOR,
    NOW,
    SERVICE_MANAGER,
    TODAY,
    WORKER,
    at,
    player,
    post_of,
)
from plantrack.application.demo_people import known_as
from plantrack.application.services import Services
from plantrack.authentication.identity import Identity
from plantrack.cli import adopt
from plantrack.domain.rights.authorise import STEP_UP_HOLDS
from plantrack.pages.administrators.imports import TEMPLATE
from plantrack.pages.wording.rules import all_sentences, sentence
from plantrack.web.who import DEMO_COOKIE, written

TOMORROW = TODAY + timedelta(days=1)
SECOND = timedelta(seconds=1)
WHY = "The partnership agreed it in November."


def person(name: str) -> str:
    return player(name)["person"]


def on(day: date, field: str = "holds_from") -> dict[str, str]:
    return {f"{field}-day": str(day.day), f"{field}-month": str(day.month), f"{field}-year": "2026"}


def rules(client: httpx.Client, **changed: str) -> dict[str, list[str]]:
    """Give what the form about the rules sends, with changes."""
    shown = as_shown(client.get("/rules/change").text)
    chosen = {**on(TOMORROW), "reason": WHY, **changed}
    return shown | {name: [value] for name, value in chosen.items()}


@pytest.fixture
def proved(demo: Demo) -> Iterator[Callable[[timedelta], httpx.Client]]:
    """Sign the administrator in as who proved who they are some time ago."""
    clients = []

    def sign_in(ago: timedelta) -> httpx.Client:
        who = player(ADMIN)["person"]
        cookie = demo.sources.sessions.start(
            who, Identity("demo", who), written(post_of(ADMIN)), auth_time=NOW - ago, mfa=True
        )
        headers = {"Accept": "text/html", "Origin": demo.address}
        cookies = {DEMO_COOKIE: cookie}
        clients.append(httpx.Client(base_url=demo.address, headers=headers, cookies=cookies))
        return clients[-1]

    yield sign_in
    for each in clients:
        each.close()


# People


def test_people_are_found_by_a_part_of_their_name_or_agency(demo: Demo) -> None:
    page = demo.as_(ADMIN)

    assert "Casey Hollin" in told(page.get("/people?search=hollin").text)
    assert "Wyn Abbery" not in told(page.get("/people?search=hollin").text)
    assert "Dale Rooke" in told(page.get("/people?search=police").text)
    assert "Nobody here is called like that" in told(page.get("/people?search=zebra").text)


def test_an_administrator_is_not_told_of_plans_and_a_service_manager_is(demo: Demo) -> None:
    address = f"/people/{person(WORKER)}"

    assert "CP-101" not in demo.as_(ADMIN).get(address).text
    assert "not for your role to see" in told(demo.as_(ADMIN).get(address).text)
    assert "CP-101 : works on it since 16 March 2026" in told(
        demo.as_(SERVICE_MANAGER).get(address).text
    )
    assert demo.as_(ADMIN).get("/people/p-nobody").status_code == 404


def test_a_role_waits_for_a_second_person(demo: Demo) -> None:
    admin, second, who = (
        demo.as_(ADMIN),
        demo.as_(SERVICE_MANAGER),
        known_as("Bryn Tolley", "early-help"),
    )
    before = demo.services.authoriser.look().rights.posts_of(who, TODAY)

    sent = {"role": "partner_lead", "reason": "She answers for early help now."}
    done = admin.post(f"/people/{who}/role", data=sent)
    rights = demo.services.authoriser.look().rights
    [grant] = [each for each in rights.grants.values() if not each.approved]

    assert "It holds when somebody else has approved it" in told(done.text)
    assert "You proposed it, so somebody else must approve it" in told(done.text)
    assert rights.posts_of(who, TODAY) == before
    own = admin.post(f"/people/{who}/role-approve", data={"grant": grant.grant})
    assert own.status_code == 403
    assert "A second person must approve it" in told(own.text)
    assert rights.posts_of(who, TODAY) == before
    approved = second.post(f"/people/{who}/role-approve", data={"grant": grant.grant})
    assert "It is approved" in told(approved.text)
    assert len(demo.services.authoriser.look().rights.posts_of(who, TODAY)) == len(before) + 1


def test_nobody_changes_their_own_rights(demo: Demo) -> None:
    own = f"/people/{person(ADMIN)}"

    assert "This is you" in told(demo.as_(ADMIN).get(own).text)
    refused = demo.as_(ADMIN).post(f"{own}/disable", data={"reason": "a test"})
    assert refused.status_code == 403
    assert "Nobody changes their own rights" in told(refused.text)


def test_somebody_who_is_kept_out_is_signed_out_at_once(demo: Demo) -> None:
    admin, other = demo.as_(ADMIN), demo.as_("Orla Tarrow")
    who = person("Orla Tarrow")
    assert other.get("/you").status_code == 200

    empty = admin.post(f"/people/{who}/disable", data={"reason": " "})
    assert errors_of(empty.text) == {"reason": "Enter why"}
    assert other.get("/you").url.path == "/you"
    admin.post(f"/people/{who}/disable", data={"reason": "She left the council."})

    assert other.get("/you").url.path == "/sign-in"
    back = admin.post(f"/people/{who}/restore", data={"reason": "She came back."})
    assert "They can sign in again" in told(back.text)


def test_a_warrant_holds_from_its_first_day_to_the_end_of_its_last(demo: Demo) -> None:
    sent = {"purpose": "a second look", **on(TODAY, "starts"), **on(TOMORROW, "ends")}
    sent["plans"] = "CP-101\r\nCP-102"
    demo.as_(ADMIN).post(f"/people/{person(INSPECTOR)}/warrant", data=sent)
    rights = demo.services.authoriser.look().rights
    [warrant] = [each for each in rights.warrants.values() if each.purpose == "a second look"]

    assert (warrant.starts.isoformat(), warrant.ends.isoformat()) == (
        "2026-11-23T00:00:00+00:00",
        "2026-11-25T00:00:00+00:00",
    )
    assert warrant.plans == frozenset({"CP-101", "CP-102"})
    assert not warrant.whole_authority
    assert not warrant.approved


# Rules


def test_every_number_of_the_rules_has_a_sentence_with_the_number_in_it(demo: Demo) -> None:
    in_force = demo.services.policies().on(TODAY)
    numbers = {
        (code, case) for code, terms in in_force.terms.items() for case in (terms.periods or [""])
    }
    page = told(demo.as_(ADMIN).get("/rules").text)

    assert all_sentences().keys() == numbers
    for (code, case), says in all_sentences().items():
        period = in_force.terms[code].periods.get(case)
        assert sentence(says, period) in page
        assert (period is None) == ("{" not in says), code
    assert "when an action has not been reviewed for 28 days" in page


def test_the_preview_says_what_the_command_line_says(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "council.toml"
    file.write_text(
        'version = "council"\nholds_from = 2026-11-24\n[obligations.child-seen]\ncp = "2 d"\n'
        '[obligations.dissent-answered]\nperiod = "200 d"\n'
    )
    monkeypatch.setattr(adopt, "Services", partial(Services, now=at))
    adopt.preview_policy(demo.services.url, file, json=True)
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    more, fewer = (sum(each[name] for each in found) for name in ("more", "fewer"))
    client = demo.as_(ADMIN)
    changed = {"child-seen-cp": "2", "child-seen-cp-unit": "d"}
    changed |= {"dissent-answered-period": "200", "dissent-answered-period-unit": "d"}

    page = told(client.post("/rules/preview", data=rules(client, **changed)).text)

    assert more > 1 < fewer
    assert f"This would raise {more} more alerts today, and {fewer} alerts would not be" in page
    assert "has not been seen face to face for 2 days. Before: 10 working days." in page
    assert client.get("/rules").text.count("adopted") == 0


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        (on(TODAY), {"holds_from-day": "The day must be 24 November 2026 or later"}),
        ({"child-seen-cp": "1000"}, {"child-seen-cp": "Enter a whole number from 0 to 999"}),
        (
            {"child-seen-cp-unit": "y"},
            {"child-seen-cp-unit": "Select working days, days or months"},
        ),
        ({"reason": ""}, {"reason": "Enter why the rules change"}),
        ({"closed": "24 12 2026\r\nsoon"}, {"closed": "“soon” must be a day, such as 24 12 2026"}),
    ],
    ids=str,
)
def test_what_is_wrong_with_chosen_rules_is_said_at_its_field(
    demo: Demo, changed: dict[str, str], wrong: dict[str, str]
) -> None:
    client = demo.as_(ADMIN)
    chosen = rules(client, **{"review-conference-period": "5"} | changed)

    refused = client.post("/rules/preview", data=chosen)

    assert refused.status_code == 422
    assert errors_of(refused.text) == wrong
    assert as_shown(refused.text)["review-conference-period"] == ["5"]


def test_nothing_changed_is_nothing_to_adopt(demo: Demo) -> None:
    client = demo.as_(ADMIN)

    for address in ("/rules/preview", "/rules/adopt"):
        refused = client.post(address, data=rules(client))
        assert "Nothing differs from the rules as they are" in told(refused.text)
    assert demo.services.record.times_adopted() == 0


def test_rules_are_adopted_from_a_day_on_with_a_fresh_proof_and_a_reason(
    demo: Demo, proved: Callable[[timedelta], httpx.Client]
) -> None:
    late, client = proved(STEP_UP_HOLDS + SECOND), proved(STEP_UP_HOLDS)
    chosen = rules(client, **{"core-group-period": "28", "closed": "24 12 2026"})

    again = late.post("/rules/adopt", data=chosen)
    assert (again.status_code, demo.services.record.times_adopted()) == (401, 0)
    assert as_shown(again.text) == {name: [value[0].strip()] for name, value in chosen.items()}
    done = client.post("/rules/adopt", data=as_shown(again.text), follow_redirects=True)

    page = told(done.text)
    assert "The change is adopted" in page
    assert "From 24 November 2026 Adopted by Ade Lorne" in page
    assert f"Why: {WHY}" in page
    assert "when the core group has not met for 42 days" in page
    policies = demo.services.policies()
    assert str(policies.on(TODAY).terms["core-group"].periods["period"]) == "42 days"
    assert str(policies.on(TOMORROW).terms["core-group"].periods["period"]) == "28 days"
    assert "Thursday 24 December 2026 The council is closed" in told(
        client.get("/working-days").text
    )


def test_working_days_leave_out_bank_holidays_of_the_year_asked(demo: Demo) -> None:
    client = demo.as_(ADMIN)

    this, next_year = (told(client.get(f"/working-days?year={y}").text) for y in (2026, 2027))
    assert "Friday 25 December 2026 Christmas Day" in this
    assert "Monday 28 December 2026 Boxing Day (substitute day)" in this
    assert "2026 Christmas" not in next_year
    assert "1 working day from today: Tuesday 24 November 2026" in this
    assert "5 working days from today: Monday 30 November 2026" in this
    assert client.get("/working-days?year=1999").status_code == 422


def test_the_checks_say_in_words_that_nothing_runs(demo: Demo) -> None:
    page = told(demo.as_(ADMIN).get("/checks").text)

    assert "Never: nothing that is overdue has been raised yet" in page
    assert "There is none, so nothing is looked for" in page
    assert "CP-101" not in page


def test_agencies_are_named_in_full_with_who_acts_for_them(demo: Demo) -> None:
    page = told(demo.as_(ADMIN).get("/agencies").text)

    assert "Police Kit Osgar acts for it. 1 person with other roles." in page
    assert "csc" not in page


# Imports

GOOD, SEEN = TEMPLATE.splitlines()
BAD = GOOD.replace('"CP-0001"', '"CP-0002"').replace('"child": "C0001"', '"child": ""')


def upload(client: httpx.Client, content: str) -> httpx.Response:
    return client.post("/imports", files={"history": ("any name.jsonl", content.encode())})


def test_a_file_is_checked_line_by_line_and_nothing_is_recorded(demo: Demo) -> None:
    before = demo.services.record.count()

    page = upload(demo.as_(ADMIN), f"{GOOD}\n{BAD}\n{SEEN}\nnonsense\n")

    assert "2 lines cannot be imported" in told(page.text)
    assert "2 CP-0002" in told(page.text)
    assert "4 Not named" in told(page.text)
    assert demo.services.record.count() == before
    nothing = demo.as_(ADMIN).post(page.url.path, data={"which": "nothing"})
    assert "Nothing was imported" in told(nothing.text)
    assert demo.as_(ADMIN).get(page.url.path).status_code == 404
    assert demo.services.record.count() == before


def test_only_the_good_lines_are_imported_if_that_is_said(demo: Demo) -> None:
    client, before = demo.as_(ADMIN), demo.services.record.count()
    content = f"{GOOD}\n{BAD}\n{SEEN}\n".replace("CP-0001", "CP-0005").replace("C0001", "C0005")
    page = upload(client, content)

    done = client.post(page.url.path, data=as_shown(page.text))

    assert "The file is imported" in told(done.text)
    assert demo.services.record.count() == before + 2
    assert [entry.number for entry in demo.services.record.entries("CP-0005")] == [1, 2]
    assert "Every line can be imported" not in told(upload(client, content).text)


def test_nothing_is_imported_when_others_recorded_something_meanwhile(demo: Demo) -> None:
    client = demo.as_(ADMIN)
    content = TEMPLATE.replace("CP-0001", "CP-0006").replace("C0001", "C0006")
    page = upload(client, content)
    decided = as_shown(page.text)
    stale = decided | {"good": ["1"]}
    before = demo.services.record.count()

    refused = client.post(page.url.path, data=stale)

    assert (refused.status_code, demo.services.record.count()) == (409, before)
    assert "Nothing was imported" in told(refused.text)
    assert client.post(page.url.path, data=decided).url.path == "/imports"
    assert demo.services.record.count() == before + 2


def test_a_file_is_for_whoever_brought_it_and_not_too_large(
    demo: Demo, proved: Callable[[timedelta], httpx.Client]
) -> None:
    client = demo.as_(ADMIN)
    line = "x" * 1_000_000

    assert errors_of(upload(client, " \n").text) == {"history": "Select a history file"}
    assert upload(client, f"{line}{line}").status_code == 200
    assert "That is too large" in told(upload(client, f"{line}{line}{'x' * 20_000}").text)
    wrong = client.post("/imports", data={"history": "typed"})
    assert (wrong.status_code, "This cannot be read" in told(wrong.text)) == (415, True)
    late = proved(STEP_UP_HOLDS + SECOND)
    mine = upload(client, TEMPLATE)
    assert late.post(mine.url.path, data={"which": "good"}).status_code == 401


def test_the_template_is_a_file_that_can_be_imported(demo: Demo) -> None:
    given = demo.as_(ADMIN).get("/imports/template.jsonl")
    fresh = given.text.replace("CP-0001", "CP-0009").replace("C0001", "C0009")

    assert "attachment" in given.headers["content-disposition"]
    assert "Every line can be imported" in told(upload(demo.as_(ADMIN), fresh).text)


# Journeys


def tab_to(page: Page, text: str) -> None:
    """Press Tab until what is focused says some words, or is labelled with them."""
    for _ in range(150):
        page.keyboard.press("Tab")
        says = "(e => `${e.textContent} ${[...(e.labels || [])].map(l => l.textContent)}`)"
        if text in " ".join(page.evaluate(f"{says}(document.activeElement)").split()):
            return
    raise AssertionError(f"Nothing that says “{text}” takes the focus")


def sign_in(page: Page, name: str) -> None:
    page.goto("/")
    page.get_by_role("button", name=f"Sign in as {name}").click()


def test_somebody_is_made_known_and_a_second_person_approves_without_a_script(
    demo: Demo, browser: Browser
) -> None:
    page = demo.open(browser, java_script_enabled=False)
    sign_in(page, ADMIN)
    page.get_by_role("navigation", name="Administration").get_by_text("Make somebody known").click()
    page.get_by_label("What is their name?").fill("Juno Hartley")
    page.get_by_role("button", name="Make them known").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    expect(page.get_by_label("What is their name?")).to_have_value("Juno Hartley")
    page.get_by_label("Which agency are they from?").select_option("midwifery")
    page.get_by_role("button", name="Make them known").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Juno Hartley")
    page.get_by_role("link", name="Propose a role").click()
    page.get_by_label("Which role?").select_option("partner_professional")
    page.get_by_label("Why?").fill("She is the midwife of two families.")
    page.get_by_role("button", name="Propose this role").click()
    expect(page.get_by_text("You proposed it, so somebody else must approve it")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    sign_in(page, SERVICE_MANAGER)
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="Juno Hartley").first.click()
    page.get_by_role("link", name="Look at it and approve it").click()
    expect(page.get_by_text("Ade Lorne")).to_be_visible()
    page.get_by_role("button", name="Approve it").click()
    expect(page.get_by_text("It is approved, and holds from now on.")).to_be_visible()
    expect(page.get_by_text("Partner professional, midwifery. Holds.")).to_be_visible()
    page.context.close()


def test_rules_are_previewed_by_keyboard_alone(demo: Demo, browser: Browser) -> None:
    page = demo.open(browser, ADMIN)
    page.goto("/rules")
    tab_to(page, "Change the rules")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change the rules")
    tab_to(page, "Raise an alert when a child in need plan has not been reviewed for")
    page.keyboard.type("21")
    tab_to(page, "See what it would do")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    tab_to(page, "Enter the day from which the rules hold")
    page.keyboard.press("Enter")
    for typed in ("1", "dec", "2026"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.type(WHY)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What the change would do")
    expect(page.get_by_text("has not been reviewed for 21 days. Before: 42 days.")).to_be_visible()
    expect(page.get_by_role("button", name="Adopt it from 1 December 2026")).to_be_visible()
    page.context.close()


def test_a_chair_is_told_kindly_that_these_pages_are_not_for_them(demo: Demo) -> None:
    refused = demo.as_(CHAIR).get("/rules")

    assert refused.status_code == 403
    assert "This is not for your role to do" in told(refused.text)
