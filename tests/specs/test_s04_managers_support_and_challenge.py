"""Managers look at plans, support and challenge, and gaps are answered (S4)."""

import pytest

from plantrack.domain.events import PlanEvent
from story import (
    START,
    TEACHER,
    Told,
    agreed,
    answered,
    apr,
    feb,
    gap_answered,
    given,
    given_in_need,
    jan,
    mar,
    may,
    oversight,
    supervised,
    supervision_asked,
)

GAPS = oversight(feb(9), "G1", "G2")


def test_a_child_protection_plan_has_oversight_every_month() -> None:
    story = given()

    assert story.overdue("oversight", on=mar(2)) == set()
    assert story.overdue("oversight", on=mar(3)) == {"CP-J1"}


def test_a_child_in_need_plan_has_oversight_every_two_months() -> None:
    story = given_in_need()

    assert story.overdue("oversight", on=apr(2)) == set()
    assert story.overdue("oversight", on=apr(3)) == {"CIN-J1"}


def test_each_oversight_starts_the_next_month() -> None:
    story = given(oversight(feb(27)), oversight(mar(27)))

    assert story.alerts("oversight", until=apr(28)) == [
        Told("CP-J1", due_on=apr(27), raised_on=apr(28))
    ]
    assert story.overdue("oversight", on=mar(3), plan="CP-K2") == {"CP-K2"}


def test_oversight_late_and_oversight_written_up_late() -> None:
    story = given(oversight(mar(5))).when(oversight(apr(2)), recorded=apr(13))

    assert story.alerts("oversight") == [
        Told("CP-J1", due_on=mar(2), raised_on=mar(3), cleared_on=mar(6), met_on=mar(5)),
        Told("CP-J1", due_on=apr(5), raised_on=apr(6), cleared_on=apr(14), met_on=apr(2)),
    ]


def test_oversight_before_the_plan_opened_counts_for_nothing() -> None:
    story = given(oversight(jan(30)))

    assert story.overdue("oversight", on=mar(3)) == {"CP-J1"}


def test_supervision_across_agencies_is_no_managerial_oversight() -> None:
    story = given(supervision_asked(feb(20)), supervised(mar(2)))

    assert story.overdue("oversight", on=mar(3)) == {"CP-J1"}


def test_each_gap_is_answered_within_5_working_days() -> None:
    story = given(GAPS)

    assert story.overdue("gap-answered", on=feb(16)) == set()
    assert story.overdue("gap-answered", on=feb(17)) == {"G1", "G2"}


@pytest.mark.parametrize(
    "answer", [gap_answered(feb(16)), gap_answered(feb(16), action="A1", reason=None)]
)
def test_a_gap_is_answered_by_a_reason_or_an_action_and_the_other_gap_is_not(
    answer: PlanEvent,
) -> None:
    story = given(agreed(START, due_on=may(1)), GAPS, answer)

    assert story.overdue("gap-answered", on=feb(17)) == {"G2"}


def test_a_gap_answered_late_or_written_up_late() -> None:
    story = given(GAPS, gap_answered(feb(19), "G1"))
    story.when(gap_answered(feb(12), "G2"), recorded=feb(24))

    assert story.alerts("gap-answered") == [
        Told("G1", due_on=feb(16), raised_on=feb(17), cleared_on=feb(20), met_on=feb(19)),
        Told("G2", due_on=feb(16), raised_on=feb(17), cleared_on=feb(25), met_on=feb(12)),
    ]


@pytest.mark.parametrize("event", [oversight(feb(16)), agreed(feb(16), due_on=may(1))])
def test_more_oversight_or_an_unrelated_action_answers_no_gap(event: PlanEvent) -> None:
    assert given(GAPS, event).overdue("gap-answered", on=feb(17)) == {"G1", "G2"}


def test_an_unanswered_alert_climbs_and_an_answer_stops_it() -> None:
    alert = "oversight:CP-J1:2026-03-02"
    story = given()

    assert alert not in story.overdue("alert-answered", on=mar(10))
    assert alert in story.overdue("alert-answered", on=mar(11))
    assert story.climbs(alert, until=mar(11)) == [Told(alert, due_on=mar(10), raised_on=mar(11))]
    story.when(answered(mar(12), alert), by=TEACHER)
    assert story.climbs(alert, until=may(1)) == [
        Told(alert, due_on=mar(10), raised_on=mar(11), cleared_on=mar(13), met_on=mar(12))
    ]


def test_an_answer_is_not_the_oversight_itself() -> None:
    story = given().when(answered(mar(4), "oversight:CP-J1:2026-03-02"))

    assert story.overdue("oversight", on=may(1)) == {"CP-J1"}
