"""Finding plans in a warrant, comparing two days, and rehearsing other rules on a plan."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup

from pages.serving import Demo
from partnership import CHAIR, INSPECTOR, RESTRICTED
from plantrack.pages.inspectors.changed import in_words

ALL = ["CP-105", "CP-104", "CP-103", "CP-102", "CP-101", "CP-J1", "CIN-J1"]
DUNMORE = ["CP-105", "CP-104"]
J1 = ["CP-J1", "CIN-J1"]
OVERLAY = """version = "mine"
holds_from = 2030-01-01
[obligations.child-seen]
cp = "30 WD"
"""


def opened(demo: Demo, address: str) -> BeautifulSoup:
    return BeautifulSoup(demo.as_(INSPECTOR).get(address).text, "html5lib")


def text(page: BeautifulSoup, part: str = "#main-content") -> str:
    found = page.select_one(part)
    assert found is not None
    return " ".join(found.get_text(" ").split())


@pytest.mark.parametrize(
    ("asked", "plans"),
    [
        ("", ALL),
        ("order=oldest", ALL[::-1]),
        ("reference=p-10", ["CP-105", "CP-104", "CP-103", "CP-102", "CP-101"]),
        ("kind=cin", ["CIN-J1"]),
        ("state=ended", J1),
        ("state=open&challenged=yes", DUNMORE),
        ("challenged=yes&order=alerts", [*J1, *DUNMORE]),
        ("alerts=yes&state=open", DUNMORE),
        ("agency=nursery", ["CP-103"]),
        ("after-day=2&after-month=6&after-year=2026", DUNMORE),
        ("after-day=3&after-month=6&after-year=2026", []),
        ("before-day=10&before-month=2&before-year=2020", J1),
        ("before-day=9&before-month=2&before-year=2020", ["CIN-J1"]),
    ],
)
def test_plans_are_found_by_what_is_asked_for(demo: Demo, asked: str, plans: list[str]) -> None:
    page = opened(demo, f"/inspect?{asked}")
    found = [link.get_text() for link in page.select(".govuk-summary-card__title a")]

    assert found == plans
    assert RESTRICTED not in page.get_text()
    if not plans:
        assert "No plan in your warrant is like this." in text(page)


def test_a_filter_can_be_taken_off_and_the_others_stay(demo: Demo) -> None:
    page = opened(demo, "/inspect?kind=cp&challenged=yes&after-day=1&after-month=1&after-year=2020")
    tags = {
        each.get_text(" ", strip=True): str(each["href"])
        for each in page.select("a.moj-filter__tag")
    }

    without_kind = tags["Remove this filter Child protection"]
    without_day = tags["Remove this filter Opened on or after 1 January 2020"]
    assert "kind=" not in without_kind
    assert "challenged=yes" in without_kind
    assert "after-year=2020" in without_kind
    assert "after-" not in without_day


def test_days_that_make_no_sense_are_asked_for_again(demo: Demo) -> None:
    upside_down = (
        "after-day=2&after-month=6&after-year=2026&before-day=1&before-month=6&before-year=2026"
    )
    answer = demo.as_(INSPECTOR).get(f"/inspect?{upside_down}")

    assert answer.status_code == 422
    assert "The last day of opening must be the same as or after the first" in answer.text


def test_only_inspectors_find_plans_so(demo: Demo) -> None:
    assert demo.as_(INSPECTOR).get("/inspect").status_code == 200
    assert demo.as_(CHAIR).get("/inspect").status_code == 404


def test_two_days_are_compared_in_words(demo: Demo) -> None:
    page = opened(demo, "/plans/CP-J1/compare?from=2020-03-09&to=2020-03-12")
    said = text(page, "#compared")

    assert (
        "Last seen face to face On 9 March 2020 Nothing yet On 12 March 2020 20 February 2020"
        in said
    )
    assert "Action A3 was due for review by 9 March 2020 and was not reviewed" in said
    assert "On 9 March 2020 Due by 9 March 2020 On 12 March 2020 Overdue" in said
    assert "Child seen by lead worker" in said
    assert "_" not in said


def test_days_to_compare_are_read_and_refused(demo: Demo) -> None:
    client = demo.as_(INSPECTOR)
    typed = "from-day=9&from-month=3&from-year=2020&to-day=12&to-month=mar&to-year=2020"
    same = client.get("/plans/CP-J1/compare?from=2020-03-09&to=2020-03-09")
    half = client.get("/plans/CP-J1/compare?from=2020-03-09")
    early = client.get("/plans/CP-J1/compare?from=2020-02-09&to=2020-03-09")

    assert dict(client.get(f"/plans/CP-J1/compare?{typed}").url.params) == {
        "from": "2020-03-09",
        "to": "2020-03-12",
    }
    assert same.status_code == half.status_code == 422
    assert "The later day must be after the earlier day" in same.text
    assert "Enter the later day" in half.text
    assert "Nothing was known of this plan on 9 February 2020" in early.text


def test_a_change_that_nobody_worded_is_still_read() -> None:
    strange: list[dict[str, Any]] = [
        {"what": "some_new_part / A_1 / how_it_goes", "from": None, "to": {"so_far": "not_yet"}},
        {"what": "actions / A1 / due_on", "from": "2020-03-09", "to": None},
        {"what": "entries", "from": 1, "to": 2},
    ]
    said = in_words(strange, "CP-J1")

    assert said["The plan"] == [("How it goes", "Nothing yet", "so far: not yet")]
    assert said["Actions"] == [("Action A1, due on", "9 March 2020", "Nothing yet")]
    assert len(said) == 2


def test_the_rules_as_they_were_would_have_raised_what_was_raised(demo: Demo) -> None:
    said = text(opened(demo, "/plans/CP-104/rehearse?version=as-they-were"), "#rehearsed")

    assert "in both, 0 only really raised, 0 only under these rules" in said


def test_rules_of_ones_own_are_rehearsed_on_the_whole_past_and_record_nothing(demo: Demo) -> None:
    before = demo.services.record.last_position(), demo.services.record.times_adopted()
    answer = demo.as_(INSPECTOR).post(
        "/plans/CP-J1/rehearse", data={"version": "own", "overlay": OVERLAY}
    )
    page = BeautifulSoup(answer.text, "html5lib")

    assert "Under mine" in text(page, "#rehearsed")
    [row] = [
        text_of
        for each in page.select("#rehearsed tbody tr")
        if "seen face to face by 24 February 2020"
        in (text_of := " ".join(each.get_text(" ").split()))
    ]
    assert "Only really" in row
    assert "Would not have been raised" in row
    assert (demo.services.record.last_position(), demo.services.record.times_adopted()) == before


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"overlay": ""}, "Select which rules to rehearse"),
        ({"version": "own", "overlay": " "}, "Enter the rules that you want to rehearse"),
        ({"version": "own", "overlay": 'version = "x"\nnothing ='}, "Line 2: this is not TOML"),
        (
            {"version": "own", "overlay": OVERLAY.replace("child-seen", "child-sene")},
            "Line 3: there is no obligation “child-sene”.",
        ),
    ],
)
def test_rules_that_cannot_be_used_are_told_by_line(
    demo: Demo, sent: dict[str, str], says: str
) -> None:
    answer = demo.as_(INSPECTOR).post("/plans/CP-104/rehearse", data=sent)
    page = BeautifulSoup(answer.text, "html5lib")

    assert answer.status_code == 422
    assert says in text(page, ".govuk-error-summary")
    assert says in text(page, ".govuk-error-message")
    if "overlay" in sent:
        assert text(page, "textarea").split() == sent["overlay"].split()


def test_rules_are_told_in_words_by_version(demo: Demo) -> None:
    client = demo.as_(INSPECTOR)

    assert "Rules england-2026.1, in words" in client.get("/inspect/rules").text
    assert client.get("/inspect/rules?version=england-1999").status_code == 404
    assert client.get("/plans/CP-104/rehearse?version=england-1999").status_code == 404


def test_what_came_in_a_long_time_is_shown_page_by_page(demo: Demo) -> None:
    client = demo.as_(INSPECTOR)
    address = "/plans/CP-104/compare?from=2026-06-02&to=2026-11-20"
    first, second = client.get(address).text, client.get(f"{address}&page=2").text

    numbers = [set(re.findall(r"/entries/(\d+)", page)) for page in (first, second)]
    assert "Later entries" in first
    assert "Earlier entries" in second
    assert numbers[1] - numbers[0]
