"""One alert: what it rests on, and the answer that says what goes well and what must change."""

from collections.abc import Iterator
from datetime import date

import pytest

from pages.managed import Read, Site, site_over, words
from partnership import (
    CHAIR,
    INSPECTOR,
    SERVICE_MANAGER,
    TEACHER,
    TEAM_MANAGER,
    small,
)
from plantrack.domain.events import AlertClimbed

GOING_WELL, CHALLENGE = "The mother rings by herself.", "Nobody has met the father yet."
PARTS = {"going_well": GOING_WELL, "challenge": CHALLENGE}
ACTION = {
    "what": "Meet the father with police",
    "owner-name": "Idris Pellow",
    "owner-agency": "csc",
    "due_on-day": "4",
    "due_on-month": "dec",
    "due_on-year": "2026",
}


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site over a copy of its own, to write on."""
    url = small(tmp_path_factory).copy(tmp_path_factory.mktemp("answers"))
    with site_over(url) as site:
        yield site


def address_of(site: Site, breach: str, plan: str, who: str = TEAM_MANAGER) -> str:
    return site.open(who, "/alerts").links()[f"{breach} on plan {plan}"]


def facts_of(page: Read) -> dict[str, str]:
    """Give the summary of an alert."""
    keys = page.soup.select("main .govuk-summary-list__key")
    values = page.soup.select("main .govuk-summary-list__value")
    return {words(key): words(value) for key, value in zip(keys, values, strict=True)}


def said_on(site: Site, plan: str) -> list[str]:
    return [each.event.sentence() for each in site.services.record.entries(plan)]


def test_an_alert_tells_its_rule_its_entries_and_who_was_told(site: Site) -> None:
    page = site.open(TEAM_MANAGER, address_of(site, "Disagreement not answered", "CP-104"))

    rule = "The rule: An agency that disagrees gets a written answer, within 5 working days."
    assert rule in page.text
    facts = facts_of(page)
    assert facts["It was due on"] == "29 October 2026"
    assert facts["The alert is open for"] == "16 working days, since 30 October 2026 Over limit"
    assert facts["It waits for"] == "Casey Hollin, children's social care"
    assert facts["Who was told"].endswith("The service manager, on 21 November 2026")
    assert "Nobody had answered by 6 November 2026." in page.text
    [entry] = [href for text, href in page.links().items() if text.startswith("See entry")]
    assert entry.startswith("/plans/CP-104/entries/")
    assert "Police disagrees with decision D3" in page.text


def test_an_answer_without_its_parts_is_not_recorded_and_nothing_typed_is_lost(site: Site) -> None:
    address = address_of(site, "Disagreement not answered", "CP-104")
    before = site.services.record.last_number("CP-104")
    page = site.send(TEAM_MANAGER, address, what="Meet the father")

    assert page.status == 422
    assert page.errors() == [
        "Enter what is going well",
        "Enter what must be challenged or changed",
        "Enter the name of who will do it",
        "Enter the day it is to be done by",
    ]
    assert page.soup.title
    assert words(page.soup.title).startswith("Error: ")
    assert [words(each) for each in page.soup.select("textarea#what")] == ["Meet the father"]
    assert site.services.record.last_number("CP-104") == before
    half = site.send(TEAM_MANAGER, address, going_well=GOING_WELL)
    assert half.errors() == ["Enter what must be challenged or changed"]


def test_an_answer_and_its_action_are_recorded_together_and_the_list_shows_it(site: Site) -> None:
    address = address_of(site, "Disagreement not answered", "CP-104")
    listed = site.send(TEAM_MANAGER, address, **PARTS, **ACTION)

    agreed, answered = said_on(site, "CP-104")[-2:]
    assert "due on 4 December 2026: Meet the father with police" in agreed
    assert f"going well — {GOING_WELL[:-1]}" in answered
    assert "action A" in answered
    assert "Your answer is on plan CP-104." in listed.text
    assert "8 open. 4 have been open" in listed.text
    again = site.open(TEAM_MANAGER, address)
    assert facts_of(again)["What must be challenged or changed"] == CHALLENGE
    assert facts_of(again)["Action agreed"].startswith("Action A")
    assert again.soup.select('main form[method="post"]') == []


def test_an_answer_needs_no_action(site: Site) -> None:
    address = address_of(site, "Disagreement not answered", "CP-105")
    before = site.services.record.last_number("CP-105")
    site.send(TEAM_MANAGER, address, **PARTS)

    assert site.services.record.last_number("CP-105") == before + 1
    assert facts_of(site.open(TEAM_MANAGER, address))["Action agreed"] == "No action was agreed"


def test_nobody_answers_for_their_own_work(site: Site) -> None:
    lead = {"name": TEAM_MANAGER, "agency": "csc"}
    changed = {"kind": "LeadChanged", "on": "2026-11-23", "lead": lead, "reason": "sick leave"}
    site.put(SERVICE_MANAGER, "CP-105", changed)
    address = address_of(site, "Disagreement not answered", "CP-105")
    page = site.open(TEAM_MANAGER, address)

    assert "This alert is about your own work, so somebody else answers it." in page.text
    assert page.soup.select('main form[method="post"]') == []
    theirs = site.open(SERVICE_MANAGER, address).form(address)
    refused = site.send_as_it_is(TEAM_MANAGER, address, **theirs, **PARTS)
    assert refused.status == 403
    assert "You cannot answer an alert about your own work. Ask your manager." in refused.text


def test_what_others_recorded_meanwhile_is_told_and_the_answer_kept(site: Site) -> None:
    address = address_of(site, "Disagreement not answered", "CP-104")
    old = site.open(TEAM_MANAGER, address).form(address)
    answer = {"decision": "D3", "agency": "police", "answer": "Contact stops until we have met."}
    site.put(CHAIR, "CP-104", {"kind": "DissentAnswered", "on": "2026-11-23", **answer})
    page = site.send_as_it_is(TEAM_MANAGER, address, **old, **PARTS)

    assert page.status == 412
    assert "Somebody recorded something while you were writing." in page.text
    assert "Contact stops until we have met" in page.text
    assert [words(each) for each in page.soup.select("textarea#challenge")] == [CHALLENGE]


def test_who_stands_alone_with_a_decision_is_told_whom_to_ask(site: Site) -> None:
    site.go_to(date(2026, 11, 27))
    listed = site.open(TEAM_MANAGER, "/alerts?plan=CP-102")
    waits = "Early help, police, school and the school nurse to give a view"
    assert f"Waiting for: {waits}" in listed.text
    page = site.open(TEAM_MANAGER, listed.links()["Decision made by one agency on plan CP-102"])

    assert facts_of(page)["It waits for"] == waits
    assert page.links()["their view on decision D3"] == "/plans/CP-102/decisions/D3/position"
    ask = page.links()["Ask early help, police, school and the school nurse"]
    asking = site.open(TEAM_MANAGER, ask.partition("#")[0])
    assert [words(each) for each in asking.soup.select("textarea#what")] == [
        "Ask early help, police, school and the school nurse where they stand on decision D3"
    ]


def test_an_alert_is_found_by_its_name_and_by_a_time_that_it_climbed(site: Site) -> None:
    by_number = site.open(TEAM_MANAGER, address_of(site, "Disagreement not answered", "CP-104"))
    by_name = site.open(TEAM_MANAGER, "/alerts/CP-104/dissent-answered:D3/police:2026-10-29")
    climbed = [
        each.number
        for each in site.services.record.entries("CP-104")
        if isinstance(each.event, AlertClimbed) and "dissent" in each.event.alert
    ]
    by_climb = site.open(TEAM_MANAGER, f"/alerts/CP-104/{climbed[0]}")

    assert by_name.text == by_number.text == by_climb.text
    for no_alert in ("1", "99999999999999999999", "nothing:like:that"):
        assert site.open(TEAM_MANAGER, f"/alerts/CP-104/{no_alert}").status == 404


def test_an_alert_on_a_plan_that_is_hidden_is_one_on_no_plan(site: Site) -> None:
    there = address_of(site, "Information not acknowledged", "CIN-106", TEACHER)
    hidden = site.open(INSPECTOR, there)
    nowhere = site.open(INSPECTOR, there.replace("CIN-106", "CIN-999"))

    assert hidden.status == nowhere.status == 404
    assert hidden.text.replace("CIN-106", "CIN-999") == nowhere.text


def test_oversight_of_the_whole_plan_is_a_link_for_managers(site: Site) -> None:
    address = address_of(site, "Disagreement not answered", "CP-104")
    link = "Record that you have looked at the whole plan"

    assert link in site.open(TEAM_MANAGER, address).links()
    assert link not in site.open(CHAIR, address).links()
