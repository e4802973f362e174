"""Patterns: what was raised over a time, for supervision, on the plans of its reader alone."""

from collections.abc import Iterator
from datetime import date, timedelta
from xml.etree import ElementTree as Xml

import pytest

from pages.managed import Read, Site, site_over, words
from partnership import ADMIN, OTHER_MANAGER, SCHOOL_LEAD, TEACHER, TEAM_MANAGER, TODAY, small
from plantrack.projections import patterns
from plantrack.projections.patterns import Patterns

SVG = "{http://www.w3.org/2000/svg}"
RAISED = date(2026, 10, 30)
"""On this day two alerts were raised on the plans of North: a disagreement waits on each."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, which these tests only read."""
    url = small(tmp_path_factory).copy(tmp_path_factory.mktemp("patterns"))
    with site_over(url) as site:
        yield site


def lines_of(page: Read) -> dict[str, list[str]]:
    """Give the lines of all tables by their first cells."""
    rows = page.soup.select("main tbody tr")
    return {words(row.select("th")[0]): [words(td) for td in row.select("td")] for row in rows}


def seen(site: Site, since: date, until: date) -> Patterns:
    with site.services.models.reading() as reading:
        return patterns.seen(
            reading, since=since, until=until, today=TODAY, policies=site.services.policies()
        )


def test_each_rule_and_team_has_a_line_with_how_long_and_what_followed(site: Site) -> None:
    lines = lines_of(site.open(TEAM_MANAGER, "/patterns?months=6"))

    assert lines["Somebody not asked for an assessment"] == [
        "Raised: 2",
        "Still open: 2",
        "Working days open, middle: Too few to say",
        "Longest: 96",
        "Answered in time: 1 of 2",
        "Answers with an action: 0 of 1",
    ]
    assert lines["Information not acknowledged"][4:] == [
        "Answered in time: None was due",
        "Answers with an action: No answer yet",
    ]
    assert lines["Team North"][:2] == ["Raised: 17", "Still open: 8"]


def test_the_middle_is_given_from_five_alerts_on(site: Site) -> None:
    found = seen(site, date(2026, 5, 23), TODAY)

    enough = [line for line in found.by_team if line.raised >= 5]
    few = [line for line in found.by_rule if line.raised < 5]
    assert enough
    assert few
    assert all(line.middle is not None for line in enough)
    assert all(line.middle is None for line in few)


@pytest.mark.parametrize(
    ("since", "until", "many"),
    [
        (RAISED, RAISED, 2),
        (RAISED + timedelta(days=1), RAISED + timedelta(days=1), 0),
        (RAISED - timedelta(days=1), RAISED - timedelta(days=1), 0),
    ],
)
def test_both_days_of_the_time_count(site: Site, since: date, until: date, many: int) -> None:
    assert seen(site, since, until).all.raised == many


def test_a_plan_that_ended_leaves_nothing_open(site: Site) -> None:
    found = seen(site, date(2019, 1, 1), date(2020, 12, 31))

    assert found.all.raised > 50
    assert found.all.still_open == 0
    assert found.all.longest < 250


def test_a_plan_that_is_kept_from_somebody_is_in_no_pattern(site: Site) -> None:
    teacher, lead = site.open(TEACHER, "/patterns"), site.open(SCHOOL_LEAD, "/patterns")

    assert "Information not acknowledged" in lines_of(teacher)
    assert "Information not acknowledged" not in lines_of(lead)
    all_of_theirs, without = (int(lines_of(page)["Team North"][0][8:]) for page in (teacher, lead))
    assert all_of_theirs - without == 2


def test_nothing_raised_is_said_and_not_drawn(site: Site) -> None:
    page = site.open(OTHER_MANAGER, "/patterns")

    assert "No alert was raised from 23 August 2026 to 23 November 2026." in page.text
    assert page.soup.select("main table, main img") == []


def test_nothing_known_is_not_told_as_nothing_raised(site: Site) -> None:
    site.find("No sweep has come to its end yet.")
    page = site.open(OTHER_MANAGER, "/patterns")
    site.find()

    assert "No alert was raised" not in page.text
    assert "so this is not complete" in page.text


def test_the_picture_says_in_words_what_it_shows(site: Site) -> None:
    page = site.open(TEAM_MANAGER, "/patterns?months=6")
    [picture] = page.soup.select("main img")
    assert str(picture["alt"]).startswith("Bars for each rule")
    drawn = Xml.fromstring(site.open(TEAM_MANAGER, str(picture["src"])).html)

    title, described = drawn.find(f"{SVG}title"), drawn.find(f"{SVG}desc")
    assert title is not None
    assert title.text
    assert "23 May 2026 to 23 November 2026, by rule" in title.text
    assert described is not None
    assert described.text
    assert "Child not seen: 3 raised, 0 still open." in described.text
    styled = [each for each in drawn.iter() if "style" in each.attrib or each.tag == f"{SVG}style"]
    assert styled == []


def test_patterns_are_not_for_every_role(site: Site) -> None:
    for address in ("/patterns", "/patterns/chart.svg", "/alerts"):
        assert site.open(ADMIN, address).status == 403
