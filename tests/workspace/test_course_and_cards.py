"""The course of a plan, its outcomes, who is around the child, and how it ended."""

from datetime import date

import pytest

from plantrack.domain import events as e
from plantrack.domain.plan_view.child import age
from plantrack.domain.plan_view.days import working_days_until
from plantrack.domain.plan_view.outcomes import difference
from plantrack.domain.words import Alone, Difference, SiblingOutcome
from story import (
    CP_K2,
    F2F,
    REVIEW,
    START,
    TEACHER,
    TELEPHONE,
    Story,
    agreed,
    apr,
    closed,
    completed,
    considered,
    consulted,
    described,
    ended,
    england,
    feb,
    given,
    held,
    joined,
    linked,
    mar,
    may,
    moved,
    not_consulted,
    outcome,
    planned,
    rescheduled,
    review_decides,
    seen,
    shared,
    started,
)
from workspace.standing import stands

CALENDAR = england().on(START).calendar


@pytest.mark.parametrize(
    ("due_on", "number"),
    [
        (apr(2), 1),
        (apr(3), 1),
        (apr(6), 1),
        (apr(7), 2),
        (apr(1), 0),
        (mar(31), -1),
        (mar(27), -3),
    ],
)
def test_working_days_leave_out_easter_and_weekends(due_on: date, number: int) -> None:
    assert working_days_until(due_on, apr(1), CALENDAR) == number


def test_from_a_sunday_in_november_to_a_friday_are_ten_working_days() -> None:
    assert working_days_until(date(2026, 12, 4), date(2026, 11, 22), CALENDAR) == 10


def test_the_next_review_is_the_clocks_and_the_day_that_it_is_planned_for() -> None:
    story = given(planned(feb(3), REVIEW, planned_for=apr(20)), moved(feb(9), planned_for=apr(27)))
    review = stands(story, apr(20))["course"]["next_review"]
    assert (review["due_on"], review["planned_for"], review["working_days"]) == (may(2), apr(27), 9)
    story.when(held(apr(27), REVIEW))
    assert stands(story, apr(28))["course"]["next_review"]["planned_for"] is None


def test_the_day_of_a_plan_stops_when_it_ends() -> None:
    story = given()
    assert stands(story, START)["course"]["day"] == 0
    assert stands(story, mar(2))["course"]["day"] == 28
    story.when(*review_decides(mar(2)), closed(mar(2)))
    assert stands(story, may(1))["course"]["day"] == 28
    assert stands(story, may(1))["course"]["next_review"] is None


def test_a_call_is_contact_and_no_seeing() -> None:
    story = given(seen(feb(10), F2F, Alone.YES), seen(feb(12), F2F), seen(feb(19), TELEPHONE))
    course = stands(story, feb(20))["course"]
    days = course["seen_days_ago"], course["alone_days_ago"], course["contact_days_ago"]
    assert days == (8, 10, 1)
    assert stands(given(), feb(20))["course"]["seen_days_ago"] is None


@pytest.mark.parametrize(
    ("born_on", "today", "years"),
    [
        (date(2018, 2, 10), feb(9), 7),
        (date(2018, 2, 10), feb(10), 8),
        (date(2020, 2, 29), feb(28), 5),
        (date(2020, 2, 29), mar(1), 6),
        (None, mar(1), None),
    ],
)
def test_a_child_is_older_from_the_birthday(born_on: date | None, today: date, years: int) -> None:
    assert age(born_on, today) == years


def card(story: Story, today: date, name: str | None = "O1") -> dict[str, object]:
    found = stands(story, today)["cards"]
    return next(each for each in found if each["outcome"] == name)


def test_an_action_is_on_time_until_its_first_date_whatever_date_it_was_given_later() -> None:
    story = given(outcome(feb(3)), outcome(feb(3), "O2"))
    story.when(agreed(feb(3), "A1", due_on=feb(20), outcome="O1"))
    story.when(agreed(feb(3), "A2", due_on=mar(20), outcome="O1"))
    story.when(rescheduled(feb(19), "A1", due_on=mar(20)))
    assert card(story, feb(20))["on_time"] == 2
    assert card(story, feb(21))["on_time"] == 1
    assert card(story, feb(21))["actions"] == ["A1", "A2"]
    assert card(story, feb(21), "O2")["actions"] == []


def test_what_was_done_by_its_day_stays_on_time_and_what_was_given_up_is_not_counted() -> None:
    story = given(outcome(feb(3)))
    for name in ("A1", "A2", "A3"):
        story.when(agreed(feb(3), name, due_on=feb(20), outcome="O1"))
    story.when(completed(feb(20), "A1"), completed(feb(21), "A2"), ended(feb(21), "A3"))
    found = card(story, apr(1))
    assert (found["actions"], found["given_up"], found["on_time"]) == (["A1", "A2"], ["A3"], 1)


def test_an_action_for_no_outcome_has_a_card_of_its_own() -> None:
    story = given(outcome(feb(3)), agreed(feb(3), due_on=feb(20)))
    assert card(story, feb(5), None)["actions"] == ["A1"]


def test_the_difference_is_the_worst_that_the_last_reviews_know() -> None:
    worse, none, better, unknown = (
        Difference.WORSE,
        Difference.NONE,
        Difference.BETTER,
        Difference.NOT_YET_KNOWN,
    )
    assert difference([better, worse, none]) is worse
    assert difference([better, none, unknown]) is none
    assert difference([better, unknown]) is better
    assert difference([unknown]) is unknown
    assert difference([]) is unknown


def test_only_the_last_review_of_an_action_counts() -> None:
    story = given(outcome(feb(3)), agreed(feb(3), due_on=apr(20), outcome="O1"))
    assert card(story, feb(5))["reviewed_on"] is None
    story.when(e.ActionReviewed(on=feb(9), action="A1", difference=Difference.WORSE))
    story.when(e.ActionReviewed(on=feb(16), action="A1", difference=Difference.BETTER))
    found = card(story, feb(20))
    assert (found["difference"], found["reviewed_on"]) == (Difference.BETTER, feb(16))


def test_who_was_told_or_invited_has_not_acted() -> None:
    story = given(joined(feb(4), "gp"), shared(feb(5), to=("school", "police", "gp")))
    story.when(e.InformationAcknowledged(on=feb(6), item="I1", agency="police"))
    found = stands(story, feb(20))["acted"]
    assert found["not_yet"] == ["gp", "school", "school-nursing"]
    last = {each["agency"]: each["last_on"] for each in found["who"]}
    assert (last["police"], last["school"]) == (feb(6), None)


def test_who_records_something_has_acted() -> None:
    story = given()
    assert "school" in stands(story, feb(20))["acted"]["not_yet"]
    story.when(seen(feb(9), F2F), by=TEACHER)
    assert "school" not in stands(story, feb(20))["acted"]["not_yet"]


def parent(story: Story, relation: str) -> dict[str, object]:
    found = stands(story, apr(1))["around"]["parents"]
    return next(each for each in found if each["relation"] == relation)


def test_a_father_whom_nobody_asked_is_told_as_a_fact() -> None:
    story = given(linked(feb(3), "P1", "father"), linked(feb(3), "P2", "mother"), started(feb(4)))
    story.when(consulted(feb(9), "mother"))
    assert parent(story, "father")["known"] is True
    assert parent(story, "father")["spoken_to_on"] is None
    assert parent(story, "mother")["spoken_to_on"] == feb(9)
    story.when(not_consulted(feb(10), "father"))
    assert parent(story, "father")["not_spoken_to_because"] == "his address is not known"
    story.when(consulted(feb(11), "father"))
    assert parent(story, "father")["spoken_to_on"] == feb(11)
    assert parent(story, "father")["not_spoken_to_because"] is None
    assert parent(given(), "father")["known"] is False


def test_an_assessment_tells_of_each_source_whether_it_was_asked_and_if_not_why() -> None:
    story = given(started(feb(4), sources=("child", "father", "history")))
    story.when(consulted(feb(9), "child"), not_consulted(feb(9), "father"))
    [found] = stands(story, apr(1))["around"]["assessments"]
    told = {each["source"]: (each["asked_on"], each["why_not"]) for each in found["sources"]}
    assert told == {
        "child": (feb(9), None),
        "father": (None, "his address is not known"),
        "history": (None, None),
    }


def test_each_sibling_has_an_answer_of_their_own() -> None:
    story = given(linked(feb(3), "P1"), linked(feb(3), "P2", "half_sibling"), linked(feb(3), "P3"))
    story.when(considered(feb(9), "P1", SiblingOutcome.OWN_PLAN), considered(feb(9), "P2"))
    people = {each["person"]: each for each in stands(story, apr(1))["around"]["people"]}
    assert [people[name]["own_plan"] for name in ("P1", "P2", "P3")] == [CP_K2, None, None]
    assert [people[name]["outcome"] for name in ("P1", "P2", "P3")] == ["own_plan", "no_plan", None]


def test_an_ending_tells_why_and_what_became_of_open_actions() -> None:
    story = given(agreed(feb(3), "A1", due_on=apr(20)), agreed(feb(3), "A2", due_on=apr(20)))
    assert stands(story, mar(1))["ending"] is None
    story.when(completed(feb(20), "A1"), *review_decides(mar(9)), closed(mar(9), A2="ended"))
    ending = stands(story, apr(1))["ending"]
    assert (ending["on"], ending["reason"]) == (mar(9), "services ceased")
    assert [(each["action"], each["as"]) for each in ending["open_actions"]] == [("A2", "ended")]


def test_the_child_is_who_was_last_described() -> None:
    story = given(described(feb(3), date(2018, 2, 10)))
    story.when(e.ChildDescribed(on=feb(9), given_names="Jaya", born_on=date(2018, 2, 10)))
    assert stands(story, feb(9))["person"]["given_names"] == "Jaya"
    assert stands(story, feb(9))["person"]["age"] == 7
    assert stands(given(), feb(9))["person"]["given_names"] is None
