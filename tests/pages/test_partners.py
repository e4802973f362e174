"""Partner agencies: what waits for them, and nothing of plans that they are not on."""

from collections.abc import Iterator
from datetime import date

import pytest

from pages.managed import Read, Site, site_over, words
from partnership import (
    HEALTH_VISITOR,
    INSPECTOR,
    NURSE,
    POLICE,
    SCHOOL_LEAD,
    TEACHER,
    small,
)

POSITION = "/plans/CP-102/decisions/D3/position"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, which these tests only read."""
    url = small(tmp_path_factory).copy(tmp_path_factory.mktemp("partners"))
    with site_over(url) as site:
        yield site


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site over a copy of its own, to write on."""
    url = small(tmp_path_factory).copy(tmp_path_factory.mktemp("own"))
    with site_over(url) as site:
        yield site


def headings_of(page: Read) -> list[str]:
    return [words(each) for each in page.soup.select("main h2:not(.govuk-summary-card__title)")]


def cards_of(page: Read) -> list[str]:
    return [words(each) for each in page.soup.select("main .govuk-summary-card__title")]


def count(site: Site, plan: str) -> int:
    return site.services.record.last_number(plan)


def test_what_waits_stands_in_the_order_in_which_it_matters(site: Site) -> None:
    page = site.open(NURSE, "/agency")

    assert page.heading == "What your agency needs to do"
    assert page.text.startswith("The school nurse What your agency needs to do")
    assert headings_of(page) == [
        "Give your view on 3 decisions",
        "Say that you have read 3 things you were told",
        "Reports that a conference waits for",
        "Your actions",
        "Challenges",
        "Supervision across agencies",
        "Tell the others",
    ]


def test_the_decision_that_is_due_first_comes_first_with_its_day(site: Site) -> None:
    page = site.open(NURSE, "/agency")

    first = words(page.soup.select("main .govuk-summary-card")[0])
    assert first.startswith("Lottie stays with her grandmother on school nights")
    assert "About Lottie, plan CP-102" in first
    assert "Reason given Lottie sleeps and eats there" in first
    assert "Answer by 26 November 2026 3 days left" in first


def test_the_days_that_are_left_are_told_up_to_the_last_and_then_how_late(own: Site) -> None:
    for day, said in ((25, "1 day left"), (26, "Today"), (27, "1 day late")):
        own.go_to(date(2026, 11, day))
        assert f"Answer by 26 November 2026 {said}" in own.open(NURSE, "/agency").text


def test_information_is_read_and_confirmed_with_one_button(own: Site) -> None:
    page = own.open(NURSE, "/agency")
    assert "The hip is partly out of joint" in page.text
    send = "/plans/CIN-106/information/I1/acknowledge"
    after = own.send_as_it_is(NURSE, send, **page.form(send))

    assert f"That is on plan CIN-106, as entry {count(own, 'CIN-106')}." in after.text
    assert "Say that you have read 2 things you were told" in headings_of(after)
    assert "The hip is partly out of joint" not in after.text
    confirmed = own.open(NURSE, send)
    assert "Your agency confirmed on 23 November 2026 that it has read this." in confirmed.text
    again = own.send_as_it_is(NURSE, send, **page.form(send))
    assert again.status == 200
    assert count(own, "CIN-106") == int(after.address.partition("%2F")[2].partition("&")[0])


def test_who_was_not_told_has_nothing_to_confirm(site: Site) -> None:
    page = site.open(POLICE, "/plans/CP-101/information/I2/acknowledge")

    assert "Your agency was not told this" in page.text
    assert page.soup.select('main form[method="post"]') == []


def test_no_action_soon_is_said_with_the_next(site: Site) -> None:
    page = site.open(TEACHER, "/agency")

    said = "You have no actions due in the next 14 days. Your next is on 4 January 2027: "
    assert f"{said}Perrin has one hour a week with a mentor who is only for him" in page.text


def test_an_action_is_listed_from_the_fourteenth_day_before_it_is_due(own: Site) -> None:
    own.go_to(date(2026, 12, 20))
    assert "You have no actions due in the next 14 days" in own.open(TEACHER, "/agency").text
    own.go_to(date(2026, 12, 21))
    page = own.open(TEACHER, "/agency")

    assert "You have no actions due" not in page.text
    assert "by 4 January 2027 14 days left" in page.text


def test_a_page_that_nobody_keeps_up_does_not_say_that_nothing_waits(site: Site) -> None:
    well = site.open(HEALTH_VISITOR, "/agency")
    site.find("The lists have been behind the record for 12 seconds.")
    broken = site.open(HEALTH_VISITOR, "/agency")
    site.find()

    for good_news in ("You have confirmed everything", "No decision waits", "No challenge is open"):
        assert good_news in well.text
        assert good_news not in broken.text
    assert "As far as is known, you have no actions due in the next 14 days." in broken.text
    assert "This list may be out of date" in broken.text


def test_challenges_of_both_directions_stand_apart(own: Site) -> None:
    challenge = {"challenge": "C9", "by_agency": "police", "to_agency": "school-nursing"}
    raised = {
        "kind": "ChallengeRaised",
        "on": "2026-11-23",
        "concern": "nobody weighs the children",
    }
    own.put(POLICE, "CP-101", raised | challenge)
    page = own.open(NURSE, "/agency")

    assert "Police challenges your agency" in cards_of(page)
    assert "What they say Nobody weighs the children" in page.text
    answer = "/plans/CP-101/record/challenge-answered?challenge=C9"
    assert answer in page.links().values()
    assert "Your challenge to children's social care about Keir, plan CP-104" in page.links()


def test_a_plan_that_is_kept_from_an_agency_is_nowhere_on_its_page(site: Site) -> None:
    """The school lead answers for schools, but is not on the list of CIN-106."""
    teacher, lead = site.open(TEACHER, "/agency"), site.open(SCHOOL_LEAD, "/agency")

    assert "CIN-106" in teacher.text
    assert "CIN-106" not in lead.text
    assert "Tobin" not in lead.text
    assert "CP-102" in lead.text


def test_what_is_not_yours_and_what_is_not_there_look_the_same(site: Site) -> None:
    for address in (POSITION, "/plans/CP-102/information/I2/acknowledge"):
        hidden = site.open(HEALTH_VISITOR, address)
        nowhere = site.open(HEALTH_VISITOR, address.replace("CP-102", "CP-999"))
        assert hidden.status == nowhere.status == 404
        assert hidden.html.replace("CP-102", "CP-999") == nowhere.html


def test_a_disagreement_needs_its_reason(own: Site) -> None:
    before = count(own, "CP-102")
    nothing = own.send(NURSE, POSITION)
    without = own.send(NURSE, POSITION, position="disagree")

    assert nothing.errors() == ["Select whether your agency agrees"]
    assert without.errors() == ["Enter the reason why your agency disagrees"]
    assert without.soup.select("input[value=disagree][checked]") != []
    assert count(own, "CP-102") == before


def test_a_disagreement_is_recorded_and_a_challenge_is_offered(own: Site) -> None:
    page = own.send(NURSE, POSITION, position="disagree", reason="her brothers stay behind")

    [*_, last] = own.services.record.entries("CP-102")
    said = "The school nurse disagrees with decision D3: her brothers stay behind."
    assert last.event.sentence() == said
    challenge = "/plans/CP-102/record/challenge-raised?about=D3&to_agency=csc"
    assert page.links()["Raise a challenge"] == challenge
    form = own.open(NURSE, challenge)
    assert form.status == 200
    assert "Give your view on 2 decisions" in headings_of(own.open(NURSE, "/agency"))
    again = own.open(NURSE, POSITION)
    assert "Your agency said on 23 November 2026 that it disagrees" in again.text


def test_an_agreement_needs_no_reason_and_leads_back(own: Site) -> None:
    page = own.send(NURSE, POSITION, position="agree")

    assert f"That is on plan CP-102, as entry {count(own, 'CP-102')}." in page.text
    assert "Give your view on 2 decisions" in headings_of(page)


def test_not_being_able_to_say_records_nothing_and_says_until_when(own: Site) -> None:
    before = count(own, "CP-102")
    page = own.send(NURSE, POSITION, position="not_yet", reason="we ask the family first")

    assert count(own, "CP-102") == before
    assert "view is due by 26 November 2026; after that a manager is told" in page.text
    assert "Give your view on 3 decisions" in headings_of(own.open(NURSE, "/agency"))


def test_nobody_speaks_for_an_agency_who_only_looks(site: Site) -> None:
    assert site.open(INSPECTOR, POSITION).status == 403


def test_more_of_a_sort_has_a_page_of_its_own(site: Site) -> None:
    page = site.open(TEACHER, "/agency?show=actions")

    assert headings_of(page) == ["Your actions"]
    assert "by 4 January 2027" in page.text
    assert site.open(TEACHER, "/agency?show=nonsense").status == 422
