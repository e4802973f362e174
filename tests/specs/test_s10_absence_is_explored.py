"""Missed contacts are explored, and a service that withdraws forces a review (S10)."""

import pytest

from plantrack.domain.events import PlanEvent
from plantrack.domain.words import Attendance, Finding, MeetingType
from story import (
    CIN_REVIEW,
    CORE_GROUP,
    F2F,
    PROGRESSION,
    STRATEGY,
    TELEPHONE,
    VIDEO,
    Told,
    explored,
    feb,
    given,
    held,
    mar,
    missed,
    seen,
    withdrawn,
)

TWICE = (missed(feb(9)), missed(feb(11), agency="school-nursing", who="father"))


def test_two_contacts_missed_in_a_row_are_explored_within_5_working_days() -> None:
    story = given(*TWICE)

    assert story.overdue("absence-explored", on=feb(18)) == set()
    assert story.overdue("absence-explored", on=feb(19)) == {"CP-J1"}
    assert [line.because for line in story.raised("absence-explored", until=feb(19))] == [(2, 3)]


def test_one_missed_contact_asks_for_nothing() -> None:
    assert given(missed(feb(9))).alerts("absence-explored", until=mar(9)) == []


def test_a_miss_on_each_of_two_childrens_plans_is_no_run() -> None:
    story = given(missed(feb(9))).when(missed(feb(11)), plan="CP-K2")

    assert story.alerts("absence-explored", until=mar(9)) == []
    assert story.alerts("absence-explored", until=mar(9), plan="CP-K2") == []


@pytest.mark.parametrize("finding", list(Finding))
def test_exploring_meets_it_whatever_was_found(finding: Finding) -> None:
    story = given(*TWICE, explored(feb(18), finding))

    assert story.alerts("absence-explored", until=mar(9)) == []


def test_seeing_the_child_meets_it_and_a_screen_does_not() -> None:
    assert given(*TWICE, seen(feb(18), F2F)).alerts("absence-explored", until=mar(9)) == []
    for remote in (VIDEO, TELEPHONE):
        story = given(*TWICE, seen(feb(18), remote))
        assert story.overdue("absence-explored", on=feb(19)) == {"CP-J1"}


def test_seeing_the_child_between_two_misses_breaks_the_row_and_a_screen_does_not() -> None:
    broken = given(missed(feb(9)), seen(feb(10), F2F), missed(feb(11)))
    unbroken = given(missed(feb(9)), seen(feb(10), VIDEO), missed(feb(11)))

    assert broken.alerts("absence-explored", until=mar(9)) == []
    assert unbroken.overdue("absence-explored", on=feb(19)) == {"CP-J1"}


def test_a_third_miss_starts_no_second_clock() -> None:
    story = given(*TWICE, missed(feb(13)), missed(feb(16)))

    assert story.alerts("absence-explored", until=mar(16)) == [
        Told("CP-J1", due_on=feb(18), raised_on=feb(19))
    ]


def test_once_explored_two_further_misses_are_needed() -> None:
    story = given(*TWICE, explored(feb(12)), missed(feb(13)))

    assert story.alerts("absence-explored", until=mar(16)) == []
    story.when(missed(feb(16)))
    assert story.overdue("absence-explored", on=feb(23)) == set()
    assert story.overdue("absence-explored", on=feb(24)) == {"CP-J1"}


def test_absence_explored_late_or_written_up_late() -> None:
    late = given(*TWICE, explored(feb(20)))
    in_time = given(*TWICE).when(explored(feb(12)), recorded=feb(20))

    assert late.alerts("absence-explored") == [
        Told("CP-J1", due_on=feb(18), raised_on=feb(19), cleared_on=feb(21), met_on=feb(20))
    ]
    assert in_time.alerts("absence-explored") == [
        Told("CP-J1", due_on=feb(18), raised_on=feb(19), cleared_on=feb(21), met_on=feb(12))
    ]


# A service that withdraws


def test_a_withdrawal_is_reviewed_together_within_10_working_days() -> None:
    story = given(withdrawn(feb(9), "family support"), withdrawn(feb(10), "counselling"))

    assert story.overdue("withdrawal-reviewed", on=feb(23)) == set()
    assert story.overdue("withdrawal-reviewed", on=feb(24)) == {"family support"}
    assert story.overdue("withdrawal-reviewed", on=feb(25)) == {"family support", "counselling"}


@pytest.mark.parametrize("kind", [CORE_GROUP, PROGRESSION, STRATEGY, CIN_REVIEW])
def test_any_type_of_meeting_of_two_groups_meets_it(kind: MeetingType) -> None:
    story = given(withdrawn(feb(9)), held(feb(23), kind, present=("csc", "school")))

    assert story.alerts("withdrawal-reviewed", until=mar(9)) == []


@pytest.mark.parametrize(
    "meeting",
    [
        held(feb(9), CORE_GROUP),
        held(feb(6), CORE_GROUP),
        held(feb(23), CORE_GROUP, present=("csc", "early-help")),
        held(feb(23), CORE_GROUP, present=("csc",), others={"school": Attendance.REPORT_ONLY}),
        held(feb(23), CORE_GROUP, present=("csc",), others={"school": Attendance.APOLOGIES}),
        explored(feb(23)),
    ],
    ids=["that day", "before", "one group", "report only", "apologies", "no meeting"],
)
def test_a_meeting_of_one_group_or_not_after_it_does_not(meeting: PlanEvent) -> None:
    story = given(withdrawn(feb(9)), meeting)

    assert story.overdue("withdrawal-reviewed", on=feb(24)) == {"family support"}


def test_the_day_after_and_taking_part_remotely_are_enough() -> None:
    there = held(feb(10), CORE_GROUP, present=("csc",), others={"school": Attendance.REMOTE})

    assert given(withdrawn(feb(9)), there).alerts("withdrawal-reviewed", until=mar(9)) == []


def test_a_review_held_late_or_written_up_late() -> None:
    late = given(withdrawn(feb(9)), held(feb(26), CORE_GROUP))
    in_time = given(withdrawn(feb(9))).when(held(feb(16), CORE_GROUP), recorded=feb(26))

    assert [told[2:5] for told in late.alerts("withdrawal-reviewed")] == [
        (feb(24), feb(27), feb(26))
    ]
    assert [told[2:5] for told in in_time.alerts("withdrawal-reviewed")] == [
        (feb(24), feb(27), feb(16))
    ]
