"""A plan as it stood on any day, as an inspector opens it."""

from datetime import date

import httpx
import pytest
from bs4 import BeautifulSoup, Tag

import story as s
from pages.serving import Demo
from partnership import CHAIR, INSPECTOR, NURSING_LEAD, RESTRICTED, SERVICE_MANAGER
from plantrack.domain.events import ChallengeRaised, ChildSeen, PlanEvent

DAY = "/plans/CP-104/replay?day=2026-10-21"
LATER = date(2026, 11, 22)


def opened(demo: Demo, address: str, who: str = INSPECTOR) -> BeautifulSoup:
    return BeautifulSoup(demo.as_(who).get(address).text, "html5lib")


def text(of: Tag, part: str = "#result") -> str:
    found = of.select_one(part)
    assert found is not None
    return " ".join(found.get_text(" ").split())


def that_day(demo: Demo, address: str, who: str = INSPECTOR) -> bytes:
    found = opened(demo, address, who).select_one("#that-day")
    assert found is not None
    return found.encode()


def record(demo: Demo, *events: PlanEvent) -> None:
    for event in events:
        demo.services.commands.record("CP-104", event, s.MANAGER)


def number_of(demo: Demo, kind: type[PlanEvent]) -> int:
    entries = demo.services.commands.entries("CP-104")
    return next(each.number for each in entries if isinstance(each.event, kind))


def test_a_day_says_what_changed_by_whom_and_how_the_plan_stood(demo: Demo) -> None:
    page = opened(demo, DAY)

    assert "On 21 October 2026" in text(page)
    assert "Challenge raised by" in text(page, ".moj-timeline")
    rows = {
        text(row, "th"): [cell.get_text(strip=True) for cell in row.select("td")]
        for row in page.select("#that-day tbody tr")
    }
    assert rows["Challenges waiting changed"] == ["0", "1"]
    assert "Open actions" in rows
    assert "no number from 1 to" in text(page)
    assert page.select_one('#that-day a[href="/inspect/rules?version=england-2026.1"]')


def test_a_silence_stands_among_what_changed(demo: Demo) -> None:
    said = text(opened(demo, "/plans/CP-104/replay?day=2026-10-30"), ".moj-timeline")

    assert "A written answer to police, which disagreed with decision D3, was due by" in said
    assert "by the plan tracker" in said
    assert "An alert was sent to the owner." in said


def test_whoever_may_read_the_plan_sees_the_same(demo: Demo) -> None:
    assert that_day(demo, DAY) == that_day(demo, DAY, SERVICE_MANAGER)
    assert that_day(demo, DAY) == that_day(demo, DAY, CHAIR)


def test_without_a_day_it_goes_to_the_last_there_is_anything_of(demo: Demo) -> None:
    answer = demo.as_(INSPECTOR).get("/plans/CP-104/replay")

    assert answer.url.params["day"] == "2026-11-21"
    assert answer.url.params["clock"] == "known"


def test_a_typed_date_leads_to_the_address_of_that_day(demo: Demo) -> None:
    typed = "day-day=21&day-month=oct&day-year=2026"
    answer = demo.as_(INSPECTOR).get(f"/plans/CP-104/replay?{typed}&clock=true&only=challenge")

    assert dict(answer.url.params) == {"day": "2026-10-21", "clock": "true", "only": "challenge"}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("day-day=31&day-month=2&day-year=2026", "The date that you want to see must be a real"),
        ("day-day=&day-month=&day-year=", "Enter the date that you want to see"),
        ("day-day=24&day-month=11&day-year=2026", "The date must be today or in the past"),
    ],
)
def test_a_date_that_cannot_be_shown_is_asked_for_again(demo: Demo, typed: str, says: str) -> None:
    answer = demo.as_(INSPECTOR).get(f"/plans/CP-104/replay?{typed}")
    page = BeautifulSoup(answer.text, "html5lib")

    assert answer.status_code == 422
    assert page.title is not None
    assert page.title.get_text().startswith("Error: ")
    assert says in text(page, ".govuk-error-summary")
    assert says in text(page, ".govuk-error-message")


def test_today_can_be_seen_and_says_that_it_is_not_over(demo: Demo) -> None:
    today, before = "day=2026-11-23", "day=2026-11-22"

    assert "The day is not over" in text(opened(demo, f"/plans/CP-104/replay?{today}"))
    assert "The day is not over" not in text(opened(demo, f"/plans/CP-104/replay?{before}"))


def test_a_day_before_the_plan_is_refused_and_leads_to_the_first(demo: Demo) -> None:
    client = demo.as_(INSPECTOR)
    before = client.get("/plans/CP-104/replay?day=2026-06-01")
    page = BeautifulSoup(before.text, "html5lib")

    assert before.status_code == 404
    assert "There was no plan yet" in text(page)
    assert page.select("#that-day") == []
    first = page.select_one("#result a")
    assert first is not None
    assert client.get(str(first["href"])).status_code == 200
    assert "day=2026-06-02" in str(first["href"])


@pytest.mark.parametrize("address", ["replay", "compare", "rehearse"])
def test_a_restricted_plan_is_answered_like_none(demo: Demo, address: str) -> None:
    def answer(plan: str) -> httpx.Response:
        return demo.as_(INSPECTOR).get(f"/plans/{plan}/{address}")

    hidden, none = answer(RESTRICTED), answer("CIN-999")
    assert hidden.status_code == none.status_code == 404
    assert hidden.text.replace(RESTRICTED, "CIN-999") == none.text


def test_a_marked_text_is_read_only_by_those_who_may(demo: Demo) -> None:
    day = "/plans/CP-104/replay?day=2026-08-12&only=child"

    assert "protected address, withheld" in text(opened(demo, day, NURSING_LEAD))
    assert "protected address, withheld" not in text(opened(demo, day))


def test_what_is_shown_can_be_narrowed_and_widened_again(demo: Demo) -> None:
    challenge = opened(demo, f"{DAY}&only=challenge&agency=school-nursing")
    child = opened(demo, f"{DAY}&only=child")

    assert "Challenge raised" in text(challenge, "#that-day")
    assert "Challenge raised" not in text(child, "#that-day")
    assert "of that day" in text(child, "#that-day")
    tags = {
        tag.get_text(" ", strip=True): tag["href"] for tag in challenge.select(".moj-filter__tag")
    }
    assert list(tags) == [
        "Remove this filter Challenge and supervision",
        "Remove this filter The school nurse",
    ]
    widened = str(tags["Remove this filter Challenge and supervision"])
    assert "only=" not in widened
    assert "agency=school-nursing" in widened


def test_each_clock_leads_to_the_other_and_tells_of_late_entries(demo: Demo) -> None:
    known = opened(demo, "/plans/CP-J1/replay?day=2020-02-20")
    true = opened(demo, "/plans/CP-J1/replay?day=2020-02-20&clock=true")

    assert "1 later entry describes events up to then" in text(known)
    assert "Nothing was recorded" in text(known, "#that-day")
    assert "Child seen" in text(true, "#that-day")
    assert "recorded 21 days after it happened" in text(true, "#that-day")
    links = {link.get_text(): str(link["href"]) for link in known.select(".govuk-inset-text a")}
    assert "late=1" in links["See late entries"]
    assert "Child seen" in text(opened(demo, links["See late entries"]))


def test_an_address_shows_the_same_for_ever_by_what_was_known(demo: Demo) -> None:
    addresses = [DAY, f"{DAY}&only=challenge", "/plans/CP-104/replay?day=2026-06-02"]
    before = [that_day(demo, each) for each in addresses]
    true_before, late_before = that_day(demo, f"{DAY}&clock=true"), text(opened(demo, DAY))

    record(demo, s.seen(date(2026, 10, 21)), s.injury(date(2026, 6, 2), "N77"))
    raised, seen = number_of(demo, ChallengeRaised), number_of(demo, ChildSeen)
    record(demo, s.corrected(LATER, raised, concern="said otherwise"), s.retracted(LATER, seen))

    assert [that_day(demo, each) for each in addresses] == before
    assert that_day(demo, f"{DAY}&clock=true") != true_before
    assert "later entries describe events up to then" in text(opened(demo, DAY))
    assert text(opened(demo, DAY)) != late_before
