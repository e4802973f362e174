"""A challenge between agencies is answered at each stage, in time (S12)."""

from dataclasses import replace

import pytest

from plantrack.domain.events import PlanEvent
from story import (
    Told,
    challenge_answered,
    challenged,
    climbed,
    decided,
    dissent_answered,
    feb,
    given,
    mar,
    position,
    resolved,
    supervised,
    supervision_asked,
)

TWO = (challenged(feb(9), "C1"), challenged(feb(10), "C2", by="police"))
AFTER = "decision-shared-after-challenge"


def test_stage_1_is_answered_within_2_working_days() -> None:
    story = given(*TWO)

    assert story.overdue("challenge-answered", on=feb(11)) == set()
    assert story.overdue("challenge-answered", on=feb(12)) == {"C1"}
    assert story.overdue("challenge-answered", on=feb(13)) == {"C1", "C2"}


def test_stage_2_has_5_working_days_from_the_day_it_climbed() -> None:
    story = given(challenged(feb(9)), climbed(feb(11), stage=2))

    assert story.overdue("challenge-answered", on=feb(18)) == set()
    assert story.overdue("challenge-answered", on=feb(19)) == {"C1"}


@pytest.mark.parametrize("stage", [3, 4, 7])
def test_stage_3_and_every_stage_above_have_10_working_days(stage: int) -> None:
    story = given(challenged(feb(9)), climbed(feb(10), stage=2), climbed(feb(11), stage=stage))

    assert story.overdue("challenge-answered", on=feb(25)) == set()
    assert story.overdue("challenge-answered", on=feb(26)) == {"C1"}


@pytest.mark.parametrize("event", [challenge_answered(feb(11), "C1"), resolved(feb(11), "C1")])
def test_an_answer_or_a_resolution_in_time_meets_it_for_that_challenge(event: PlanEvent) -> None:
    story = given(*TWO, event)

    assert story.overdue("challenge-answered", on=feb(13)) == {"C2"}


@pytest.mark.parametrize(
    "event",
    [
        challenge_answered(feb(11), "C2"),
        challenge_answered(feb(11), "C1", stage=2),
        decided(feb(11)),
    ],
    ids=["another challenge", "another stage", "a decision"],
)
def test_an_answer_to_something_else_does_not(event: PlanEvent) -> None:
    assert "C1" in given(*TWO, event).overdue("challenge-answered", on=feb(12))


def test_an_answer_at_stage_1_does_not_answer_stage_2() -> None:
    story = given(challenged(feb(9)), climbed(feb(10)), challenge_answered(feb(11), stage=1))

    assert story.overdue("challenge-answered", on=feb(18)) == {"C1"}


def test_a_stage_that_climbed_unanswered_was_not_met() -> None:
    story = given(challenged(feb(9)), climbed(feb(13)))

    assert story.alerts("challenge-answered", until=feb(21)) == [
        Told("C1", due_on=feb(11), raised_on=feb(12), cleared_on=feb(14)),
        Told("C1", due_on=feb(20), raised_on=feb(21)),
    ]


def test_a_stage_answered_before_it_climbed_was_met() -> None:
    story = given(challenged(feb(9)), challenge_answered(feb(12)), climbed(feb(13)))

    assert story.alerts("challenge-answered") == [
        Told("C1", due_on=feb(11), raised_on=feb(12), cleared_on=feb(13), met_on=feb(12))
    ]


def test_an_answer_in_time_and_written_up_late() -> None:
    story = given(challenged(feb(9))).when(challenge_answered(feb(10)), recorded=feb(20))

    assert story.alerts("challenge-answered") == [
        Told("C1", due_on=feb(11), raised_on=feb(12), cleared_on=feb(21), met_on=feb(10))
    ]


# A decision taken alone in spite of a challenge


def test_a_decision_alone_under_challenge_is_told_the_day_after() -> None:
    story = given(*TWO, decided(feb(12), "D1"), decided(feb(12), "D2", agree=("csc", "school")))

    assert story.overdue(AFTER, on=feb(12)) == set()
    assert story.overdue(AFTER, on=feb(13)) == {"D1"}


@pytest.mark.parametrize(
    "event",
    [
        challenge_answered(feb(10)),
        replace(challenge_answered(feb(10)), settled=True),
        climbed(feb(10)),
    ],
    ids=["answered", "called settled", "climbed"],
)
def test_only_a_resolution_resolves_a_challenge(event: PlanEvent) -> None:
    answered = given(challenged(feb(9)), event, decided(feb(12)))
    settled = given(challenged(feb(9)), event, resolved(feb(11)), decided(feb(12)))

    assert answered.overdue(AFTER, on=feb(13)) == {"D1"}
    assert settled.alerts(AFTER, until=mar(9)) == []
    assert settled.overdue("decision-shared", on=feb(20)) == {"D1"}


def test_a_decision_that_answers_a_resolved_challenge_is_still_one_after_challenge() -> None:
    story = given(challenged(feb(9)), resolved(feb(10)), decided(feb(12), answers=("C1",)))

    assert story.overdue(AFTER, on=feb(13)) == {"D1"}


def test_what_was_raised_later_the_same_day_came_after_the_decision() -> None:
    after_it = given(decided(feb(12)), challenged(feb(12)))
    before_it = given(challenged(feb(12)), decided(feb(12)))

    assert after_it.alerts(AFTER, until=mar(9)) == []
    assert before_it.overdue(AFTER, on=feb(13)) == {"D1"}


def test_a_recommendation_counts_like_a_challenge_until_two_groups_have_answered_it() -> None:
    session = (supervision_asked(feb(6)), supervised(feb(9), "S1", "R1"))
    answered = decided(feb(10), "D2", agree=("csc", "school"), answers=("R1",))

    assert given(*session, decided(feb(12))).overdue(AFTER, on=feb(13)) == {"D1"}
    assert given(*session, answered, decided(feb(12))).alerts(AFTER, until=mar(9)) == []


def test_a_recommendation_answered_after_a_decision_was_unanswered_at_it() -> None:
    later = decided(feb(13), "D2", agree=("csc", "school"), answers=("R1",))
    story = given(
        supervision_asked(feb(6)), supervised(feb(9), "S1", "R1"), decided(feb(12)), later
    )

    assert story.overdue(AFTER, on=mar(9)) == {"D1"}


def test_a_position_of_a_second_group_meets_it_and_an_answer_to_dissent_does_not() -> None:
    story = given(challenged(feb(9)), decided(feb(12)), dissent_answered(feb(12), "school"))

    assert story.overdue(AFTER, on=feb(16)) == {"D1"}
    story.when(position(feb(17), "school"))
    assert story.alerts(AFTER) == [
        Told("D1", due_on=feb(12), raised_on=feb(13), cleared_on=feb(18), met_on=feb(17))
    ]


def test_a_challenge_written_up_late_turns_the_alert_into_the_other_one() -> None:
    story = given(decided(feb(9))).when(challenged(feb(6)), recorded=feb(18))

    assert story.alerts("decision-shared") == [
        Told("D1", due_on=feb(16), raised_on=feb(17), cleared_on=feb(19))
    ]
    assert story.alerts(AFTER) == [Told("D1", due_on=feb(9), raised_on=feb(19))]
