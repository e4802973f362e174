"""Managers: what waits too long, for whom, and whether anybody has looked at all."""

from collections.abc import Iterator
from datetime import date

import pytest

from pages.managed import Read, Site, site_over, words
from partnership import (
    CHAIR,
    OTHER_MANAGER,
    SCHOOL_LEAD,
    SERVICE_MANAGER,
    TEACHER,
    TEAM_MANAGER,
    TODAY,
    WORKER,
    small,
)
from plantrack.application.policies.reading import load
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.health import Health
from plantrack.pages.managers.breaches import BREACHES
from plantrack.pages.wording.dates import moment
from plantrack.projections.alert_board import is_over, working_days


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, which these tests only read."""
    url = small(tmp_path_factory).copy(tmp_path_factory.mktemp("managers"))
    with site_over(url) as site:
        yield site


def rows_of(page: Read) -> list[list[str]]:
    """Give the lines of the list, each as its cells."""
    found = [row.select("td") for row in page.soup.select("main tbody tr")]
    return [[words(cell) for cell in cells] for cells in found if len(cells) > 1]


def groups_of(page: Read) -> list[str]:
    return [words(each) for each in page.soup.select("main tbody th")]


def choices_of(page: Read) -> list[str]:
    return [words(each) for each in page.soup.select("main form label")]


def test_the_plan_whose_alert_is_open_longest_comes_first_with_all_its_alerts(site: Site) -> None:
    page = site.open(TEAM_MANAGER, "/alerts")

    assert page.heading == "Alerts for your teams"
    assert groups_of(page) == [
        "Keir, plan CP-104 , team North",
        "Effie, plan CP-105 , team North",
        "Tobin, plan CIN-106 , team North",
    ]
    first, second, *_ = rows_of(page)
    assert first[0].startswith("Somebody not asked for an assessment")
    assert "Not asked: father" in first[0]
    assert first[1:] == [
        "Open for 96 working days Answered",
        "Waiting for: Idris Pellow, children's social care",
    ]
    assert second[1:] == [
        "Open for 16 working days Over limit",
        "Waiting for: Casey Hollin, children's social care",
    ]


def test_the_page_says_how_many_are_open_and_how_many_too_long(site: Site) -> None:
    page = site.open(TEAM_MANAGER, "/alerts")

    said = "8 open. 5 have been open for longer than your 5 working day limit without an answer."
    assert said in page.text
    assert sum("Over limit" in row[1] for row in rows_of(page)) == 5


@pytest.mark.parametrize(("day", "over"), [(date(2026, 11, 27), False), (date(2026, 11, 28), True)])
def test_the_limit_ends_with_its_fifth_working_day(day: date, over: bool) -> None:
    assert is_over(date(2026, 11, 20), day, load()) is over


def test_weekends_and_bank_holidays_are_no_working_days() -> None:
    calendar = load().on(TODAY).calendar

    assert working_days(calendar, date(2026, 12, 24), date(2026, 12, 28)) == 0
    assert working_days(calendar, date(2026, 12, 24), date(2026, 12, 29)) == 1
    assert working_days(calendar, TODAY, TODAY) == 0


def test_a_filter_narrows_the_list_and_is_taken_off_by_its_tag(site: Site) -> None:
    chosen = site.open(TEAM_MANAGER, "/alerts?rule=information-acknowledged&agency=school")

    assert [row[2] for row in rows_of(chosen)] == ["Waiting for: School"]
    tags = list(chosen.soup.select(".moj-filter__tag"))
    assert [str(each["href"]) for each in tags] == [
        "/alerts?agency=school",
        "/alerts?rule=information-acknowledged",
    ]
    assert "Disagreement not answered (2)" in choices_of(chosen)


def test_what_was_chosen_is_kept_in_the_address_only(site: Site) -> None:
    site.open(TEAM_MANAGER, "/alerts?rule=dissent-answered")

    again = site.open(TEAM_MANAGER, "/alerts")
    assert len(rows_of(again)) == 8
    assert again.soup.select(".moj-filter__tag") == []


def test_no_match_is_told_from_no_alerts(site: Site) -> None:
    page = site.open(TEAM_MANAGER, "/alerts?rule=quorum")

    assert "No open alerts match what you chose." in page.text
    assert rows_of(page) == []


def test_what_cannot_be_a_name_is_not_looked_for(site: Site) -> None:
    page = site.open(TEAM_MANAGER, "/alerts?team=%00%27&agency=%E2%80%AE&rule=nonsense")

    assert len(rows_of(page)) == 8


def test_one_plan_does_not_drown_the_list(site: Site) -> None:
    page = site.open(SERVICE_MANAGER, "/alerts?ended=true")
    whole = site.open(SERVICE_MANAGER, "/alerts?ended=true&plan=CIN-J1")

    assert len(groups_of(page)) == 2
    assert len(rows_of(page)) == 6
    more = [text for text in page.links() if text.endswith("more alerts on plan CIN-J1")]
    assert more == [f"{len(rows_of(whole)) - 3} more alerts on plan CIN-J1"]


def test_what_plans_that_ended_left_open_is_a_list_of_its_own(site: Site) -> None:
    page = site.open(SERVICE_MANAGER, "/alerts")

    assert not any("J1" in group for group in groups_of(page))
    [text] = [text for text in page.links() if text.endswith("left open when plans ended")]
    assert page.links()[text] == "/alerts?ended=true"


def test_a_plan_that_is_kept_from_somebody_is_in_no_list_and_in_no_count(site: Site) -> None:
    """The school lead answers for schools, but is not on the list of CIN-106."""
    teacher, lead = site.open(TEACHER, "/alerts"), site.open(SCHOOL_LEAD, "/alerts")

    assert "8 open." in teacher.text
    assert "6 open." in lead.text
    assert "CIN-106" in teacher.text
    assert "CIN-106" not in lead.text
    assert "School (1)" in choices_of(teacher)
    assert not any(each.startswith("Information") for each in choices_of(lead))
    assert "School (1)" not in choices_of(lead)
    assert "5 plans, " in teacher.text
    assert "4 plans, " in lead.text
    assert (
        "No open alerts match what you chose."
        in site.open(SCHOOL_LEAD, "/alerts?plan=CIN-106").text
    )


def test_who_has_no_alerts_is_told_when_somebody_last_looked_and_at_how_much(site: Site) -> None:
    page = site.open(OTHER_MANAGER, "/alerts")

    assert "No open alerts. Last checked today at 9:30am: 0 plans, 0 actions." in page.text
    assert "out of date" not in page.text


def test_a_list_that_nobody_keeps_up_never_looks_empty(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    url = small(tmp_path_factory).copy(tmp_path_factory.mktemp("broken"))
    with site_over(url, health=lambda services: Health(services, every=300.0)) as site:
        empty, full = site.open(OTHER_MANAGER, "/alerts"), site.open(TEAM_MANAGER, "/alerts")

    for page in (empty, full):
        assert "Alerts may be out of date. The check has not run" in page.text
        assert "Do not take this list as complete." in page.text
        assert "No process leads, so nothing is swept." in page.text
    assert "Nobody can say just now whether anything is open." in empty.text
    assert "No open alerts" not in empty.text
    assert len(rows_of(full)) == 8


def test_a_list_that_stands_still_never_looks_empty(site: Site) -> None:
    site.find("The lists have been behind the record for 12 seconds.")
    page = site.open(OTHER_MANAGER, "/alerts")
    site.find()

    assert "No open alerts" not in page.text
    assert "The lists have been behind the record for 12 seconds." in page.text


def test_a_list_that_nobody_follows_says_until_when_it_is_known(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    url = small(tmp_path_factory).copy(tmp_path_factory.mktemp("behind"))
    with site_over(url, followed=False) as site:
        before = site.open(OTHER_MANAGER, "/alerts")
        seen = {"kind": "ChildSeen", "on": "2026-11-20", "mode": "telephone", "alone": "no"}
        site.put(WORKER, "CP-101", seen | {"by_agency": "csc"})
        after = site.open(OTHER_MANAGER, "/alerts")
        with site.services.models.reading() as reading:
            moved_at = reading.moved_at()

    assert "No open alerts." in before.text
    assert "No open alerts" not in after.text
    assert f"This list shows what was recorded until {moment(moved_at)}" in after.text


def test_every_rule_has_words_for_what_did_not_happen() -> None:
    assert BREACHES.keys() == BY_CODE.keys()


def test_a_chair_reads_an_alert_but_does_not_answer_it(site: Site) -> None:
    listed = site.open(CHAIR, "/alerts")
    assert listed.heading == "Alerts on plans that you chair"
    page = site.open(CHAIR, address_of(listed, "Disagreement not answered", "CP-104"))

    assert "A team manager, a service manager or the lead of a partner agency answers" in page.text
    assert page.soup.select('main form[method="post"]') == []


def address_of(page: Read, breach: str, plan: str) -> str:
    return page.links()[f"{breach} on plan {plan}"]
