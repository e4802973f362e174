"""Plans are robust, and what they ask for is done, reviewed and met about (S1)."""

from datetime import date

import pytest

from plantrack.domain.events import PlanEvent
from plantrack.domain.words import DecisionKind, MeetingType
from story import (
    CIN_REVIEW,
    CORE_GROUP,
    INITIAL,
    PROGRESSION,
    REVIEW,
    STRATEGY,
    TRANSFER,
    Told,
    agreed,
    apr,
    completed,
    decided,
    ended,
    feb,
    given,
    given_in_need,
    held,
    jan,
    mar,
    may,
    opened,
    reassigned,
    rescheduled,
    reviewed,
    transferred,
)

TWO_ACTIONS = (
    agreed(feb(2), "A1", due_on=mar(9), every=366),
    agreed(feb(2), "A2", due_on=mar(16), every=366),
)
TWO_TO_REVIEW = (
    agreed(feb(2), "A1", due_on=date(2026, 12, 1)),
    agreed(feb(2), "A2", due_on=date(2026, 12, 1), every=14),
)


# An action is done by its date


def test_an_action_is_not_overdue_on_the_day_it_is_due() -> None:
    assert given(*TWO_ACTIONS).overdue("action-done", on=mar(9)) == set()


def test_an_action_is_overdue_the_day_after_and_the_other_one_is_not() -> None:
    assert given(*TWO_ACTIONS).overdue("action-done", on=mar(10)) == {"A1"}


@pytest.mark.parametrize("event", [completed(mar(9)), ended(mar(9))], ids=["done", "given up"])
def test_an_action_closed_by_its_day_is_never_overdue(event: PlanEvent) -> None:
    story = given(*TWO_ACTIONS, event)

    assert story.overdue("action-done", on=mar(17)) == {"A2"}


def test_an_action_done_late_clears_the_alert_and_keeps_it_readable() -> None:
    story = given(*TWO_ACTIONS, completed(mar(12)))

    assert story.alerts("action-done") == [
        Told("A1", due_on=mar(9), raised_on=mar(10), cleared_on=mar(13), met_on=mar(12))
    ]


def test_an_action_done_in_time_and_written_up_late_shows_both_days() -> None:
    story = given(*TWO_ACTIONS).when(completed(mar(6)), recorded=mar(12))

    assert story.alerts("action-done") == [
        Told("A1", due_on=mar(9), raised_on=mar(10), cleared_on=mar(13), met_on=mar(6))
    ]


def test_an_action_cannot_be_done_before_it_was_agreed() -> None:
    story = given(agreed(feb(10), due_on=mar(9))).when(completed(feb(9)), recorded=feb(11))

    assert story.overdue("action-done", on=mar(10)) == {"A1"}


@pytest.mark.parametrize(
    "event",
    [reviewed(mar(9)), reassigned(mar(9)), completed(mar(9), "A2")],
    ids=["a review", "a new owner", "another action"],
)
def test_nothing_else_makes_an_action_done(event: PlanEvent) -> None:
    assert given(*TWO_ACTIONS, event).overdue("action-done", on=mar(10)) == {"A1"}


def test_a_new_date_replaces_the_running_one() -> None:
    story = given(*TWO_ACTIONS, rescheduled(mar(2), due_on=mar(23)))

    assert story.overdue("action-done", on=mar(23)) == {"A2"}
    assert story.overdue("action-done", on=mar(24)) == {"A1", "A2"}


def test_an_alert_quotes_the_entry_that_set_the_date() -> None:
    story = given(*TWO_ACTIONS, rescheduled(mar(2), due_on=mar(23)))

    assert [line.because for line in story.raised("action-done", until=mar(24))] == [(3,), (4,)]


def test_a_new_date_for_an_overdue_action_clears_the_old_alert_as_not_met() -> None:
    story = given(*TWO_ACTIONS, rescheduled(mar(12), due_on=mar(13)))

    assert story.alerts("action-done", until=mar(14)) == [
        Told("A1", due_on=mar(9), raised_on=mar(10), cleared_on=mar(13)),
        Told("A1", due_on=mar(13), raised_on=mar(14)),
    ]


# An open action is looked at again


def test_an_action_is_reviewed_at_its_own_interval_or_else_after_28_days() -> None:
    story = given(*TWO_TO_REVIEW)

    assert story.alerts("action-reviewed", until=mar(3)) == [
        Told("A2", due_on=feb(16), raised_on=feb(17)),
        Told("A1", due_on=mar(2), raised_on=mar(3)),
    ]
    assert story.overdue("action-reviewed", on=feb(16)) == set()
    assert story.overdue("action-reviewed", on=mar(2)) == {"A2"}


def test_a_review_meets_it_and_asks_for_the_next_one() -> None:
    story = given(*TWO_TO_REVIEW, reviewed(feb(16), "A2"), reviewed(mar(2), "A1"))

    assert story.alerts("action-reviewed", until=mar(31)) == [
        Told("A2", due_on=mar(2), raised_on=mar(3)),
        Told("A1", due_on=mar(30), raised_on=mar(31)),
    ]


def test_a_review_in_time_written_up_late_clears_the_alert_as_met_in_time() -> None:
    story = given(*TWO_TO_REVIEW).when(reviewed(feb(27)), recorded=mar(5))

    assert Told("A1", mar(2), mar(3), cleared_on=mar(6), met_on=feb(27)) in story.alerts(
        "action-reviewed"
    )


def test_a_review_written_up_late_does_not_undo_a_later_one() -> None:
    story = given(*TWO_TO_REVIEW, reviewed(feb(27))).when(reviewed(feb(6)), recorded=feb(27))

    assert story.overdue("action-reviewed", on=mar(27)) == {"A2"}
    assert story.overdue("action-reviewed", on=mar(28)) == {"A1", "A2"}


@pytest.mark.parametrize("event", [completed(feb(16), "A2"), ended(feb(16), "A2")])
def test_a_closed_action_is_not_reviewed_any_more(event: PlanEvent) -> None:
    story = given(*TWO_TO_REVIEW, event)

    assert story.overdue("action-reviewed", on=mar(3)) == {"A1"}


def test_a_new_date_is_not_a_review() -> None:
    story = given(*TWO_TO_REVIEW, rescheduled(feb(16), "A2", due_on=may(1)))

    assert story.overdue("action-reviewed", on=feb(17)) == {"A2"}


# A review or core group speaks to every open action


@pytest.mark.parametrize("kind", [CORE_GROUP, REVIEW])
def test_a_meeting_silent_on_an_open_action_is_told_the_day_after(kind: MeetingType) -> None:
    story = given(*TWO_ACTIONS, held(feb(16), kind), reviewed(feb(16), "A2"))

    assert story.overdue("action-spoken-to", on=feb(16)) == set()
    assert story.overdue("action-spoken-to", on=feb(17)) == {"A1"}


def test_a_child_in_need_review_speaks_to_every_open_action_too() -> None:
    story = given_in_need(*TWO_ACTIONS, held(feb(16), CIN_REVIEW), completed(feb(16), "A2"))

    assert story.overdue("action-spoken-to", on=feb(17)) == {"A1"}


@pytest.mark.parametrize("kind", [PROGRESSION, STRATEGY])
def test_other_meetings_need_not_speak_to_actions(kind: MeetingType) -> None:
    story = given(*TWO_ACTIONS, held(feb(16), kind))

    assert story.alerts("action-spoken-to", until=mar(16)) == []


@pytest.mark.parametrize(
    "event",
    [
        reviewed(feb(16)),
        completed(feb(16)),
        ended(feb(16)),
        rescheduled(feb(16), due_on=apr(1)),
        reviewed(feb(13), meeting="M1"),
        rescheduled(feb(13), due_on=apr(1), meeting="M1"),
    ],
)
def test_what_is_said_that_day_or_names_the_meeting_speaks_to_the_action(event: PlanEvent) -> None:
    story = given(*TWO_ACTIONS, event).when(held(feb(16), CORE_GROUP), reviewed(feb(16), "A2"))

    assert story.alerts("action-spoken-to", until=feb(20)) == []


@pytest.mark.parametrize(
    "event",
    [
        reviewed(feb(13)),
        rescheduled(feb(13), due_on=apr(1)),
        rescheduled(feb(17), due_on=apr(1)),
        reassigned(feb(16)),
        reviewed(feb(13), meeting="M2"),
    ],
    ids=["earlier review", "earlier date", "later date", "new owner", "another meeting"],
)
def test_what_is_said_on_another_day_does_not(event: PlanEvent) -> None:
    story = given(*TWO_ACTIONS, held(feb(16), CORE_GROUP), reviewed(feb(16), "A2"))

    assert story.when(event).overdue("action-spoken-to", on=feb(18)) == {"A1"}


def test_a_later_review_of_the_action_makes_up_for_the_silence() -> None:
    story = given(*TWO_ACTIONS, held(feb(16), CORE_GROUP), reviewed(feb(16), "A2"))

    assert story.when(reviewed(feb(19))).alerts("action-spoken-to") == [
        Told("A1", due_on=feb(16), raised_on=feb(17), cleared_on=feb(20), met_on=feb(19))
    ]


def test_an_action_agreed_at_the_meeting_or_closed_before_it_is_not_asked_for() -> None:
    story = given(*TWO_ACTIONS, ended(feb(13), "A1"), completed(feb(13), "A2"))
    story.when(held(feb(16), CORE_GROUP), agreed(feb(16), "A3", due_on=may(1)))

    assert story.alerts("action-spoken-to", until=feb(20)) == []


# Strategy discussion and initial conference


def test_a_conference_follows_the_strategy_discussion_in_15_working_days() -> None:
    story = given_in_need(held(feb(9), STRATEGY))

    assert story.overdue("initial-conference", on=mar(2)) == set()
    assert story.overdue("initial-conference", on=mar(3)) == {"CIN-J1"}


@pytest.mark.parametrize(
    "event",
    [
        held(mar(2), INITIAL, "M2"),
        decided(mar(2), agree=("csc", "police"), kind=DecisionKind.NO_CONFERENCE),
    ],
    ids=["conference", "decision for none"],
)
def test_a_conference_or_a_decision_for_none_meets_it(event: PlanEvent) -> None:
    story = given_in_need(held(feb(9), STRATEGY), event)

    assert story.alerts("initial-conference", until=apr(1)) == []


@pytest.mark.parametrize(
    "event", [held(mar(2), CIN_REVIEW, "M2"), decided(mar(2), kind=DecisionKind.CONTINUE)]
)
def test_another_meeting_or_decision_does_not(event: PlanEvent) -> None:
    story = given_in_need(held(feb(9), STRATEGY), event)

    assert story.overdue("initial-conference", on=mar(3)) == {"CIN-J1"}


def test_a_conference_of_the_same_day_meets_it_though_recorded_first() -> None:
    story = given_in_need(held(feb(9), INITIAL, "M2"), held(feb(9), STRATEGY, "M1"))

    assert story.alerts("initial-conference", until=apr(1)) == []


def test_a_later_strategy_discussion_replaces_the_earlier_one() -> None:
    story = given_in_need(held(feb(9), STRATEGY), held(mar(4), STRATEGY, "M2"))

    assert story.alerts("initial-conference", until=mar(26)) == [
        Told("CIN-J1", due_on=mar(2), raised_on=mar(3), cleared_on=mar(5)),
        Told("CIN-J1", due_on=mar(25), raised_on=mar(26)),
    ]


def test_a_strategy_discussion_on_a_child_protection_plan_asks_for_no_conference() -> None:
    assert given(held(feb(9), STRATEGY)).alerts("initial-conference", until=apr(1)) == []


# Core groups and conferences


def test_the_first_core_group_is_due_10_working_days_after_the_conference() -> None:
    story = given()

    assert story.overdue("first-core-group", on=feb(16)) == set()
    assert story.overdue("first-core-group", on=feb(17)) == {"CP-J1"}
    assert story.overdue("first-core-group", on=feb(17), plan="CP-K2") == {"CP-K2"}


def test_a_first_core_group_in_time_meets_it_for_this_child_only() -> None:
    story = given(held(feb(16), CORE_GROUP))

    assert story.alerts("first-core-group", until=mar(2)) == []
    assert story.overdue("first-core-group", on=mar(2), plan="CP-K2") == {"CP-K2"}


def test_a_first_core_group_written_up_late_is_met_on_its_day() -> None:
    story = given().when(held(feb(13), CORE_GROUP), recorded=feb(24))

    assert story.alerts("first-core-group") == [
        Told("CP-J1", due_on=feb(16), raised_on=feb(17), cleared_on=feb(25), met_on=feb(13))
    ]


@pytest.mark.parametrize(
    "meeting", [held(feb(16), PROGRESSION), held(feb(16), REVIEW), held(jan(30), CORE_GROUP)]
)
def test_another_meeting_or_one_before_the_plan_is_no_first_core_group(meeting: PlanEvent) -> None:
    assert given(meeting).overdue("first-core-group", on=feb(17)) == {"CP-J1"}


def test_child_in_need_plans_have_no_first_core_group_or_conference() -> None:
    story = given_in_need()

    assert story.alerts("first-core-group", until=date(2027, 1, 1)) == []
    assert story.alerts("first-review-conference", until=date(2027, 1, 1)) == []


def test_the_core_group_meets_every_42_days_once_it_has_met() -> None:
    story = given(held(feb(10), CORE_GROUP))

    assert story.overdue("core-group", on=mar(24)) == set()
    assert story.overdue("core-group", on=mar(25)) == {"CP-J1"}
    assert given().alerts("core-group", until=may(1)) == []


def test_each_core_group_starts_the_next_42_days() -> None:
    story = given(held(feb(10), CORE_GROUP), held(mar(24), CORE_GROUP, "M2"))

    assert story.alerts("core-group", until=may(6)) == [
        Told("CP-J1", due_on=may(5), raised_on=may(6))
    ]


def test_the_first_review_conference_is_due_after_3_months_though_a_saturday() -> None:
    story = given()

    assert story.overdue("first-review-conference", on=may(2)) == set()
    assert story.overdue("first-review-conference", on=may(3)) == {"CP-J1"}


@pytest.mark.parametrize("present", [("csc", "school", "police"), ("csc",)])
def test_a_review_conference_meets_it_even_without_a_quorum(present: tuple[str, ...]) -> None:
    story = given(held(apr(30), REVIEW, present=present))

    assert story.alerts("first-review-conference", until=may(30)) == []


def test_an_initial_conference_on_the_plan_is_not_its_review() -> None:
    story = given(held(apr(30), INITIAL))

    assert story.overdue("first-review-conference", on=may(3)) == {"CP-J1"}


def test_review_conferences_follow_6_months_after_the_day_of_the_last() -> None:
    story = given(held(apr(20), REVIEW))

    assert story.overdue("review-conference", on=date(2026, 10, 20)) == set()
    assert story.overdue("review-conference", on=date(2026, 10, 21)) == {"CP-J1"}
    assert given().alerts("review-conference", until=date(2027, 1, 1)) == []


def test_a_review_conference_held_late_moves_the_next_one() -> None:
    story = given(held(apr(20), REVIEW), held(date(2026, 10, 30), REVIEW, "M2"))

    assert story.alerts("review-conference", until=date(2027, 5, 1)) == [
        Told(
            "CP-J1",
            due_on=date(2026, 10, 20),
            raised_on=date(2026, 10, 21),
            cleared_on=date(2026, 10, 31),
            met_on=date(2026, 10, 30),
        ),
        Told("CP-J1", due_on=date(2027, 4, 30), raised_on=date(2027, 5, 1)),
    ]


def test_child_in_need_plans_are_reviewed_every_42_days() -> None:
    story = given_in_need(held(mar(12), CIN_REVIEW))

    assert story.alerts("cin-review", until=apr(24)) == [
        Told("CIN-J1", due_on=apr(23), raised_on=apr(24))
    ]
    assert story.overdue("cin-review", on=mar(16), plan="CIN-K2") == set()
    assert story.overdue("cin-review", on=mar(17), plan="CIN-K2") == {"CIN-K2"}


@pytest.mark.parametrize("kind", [CORE_GROUP, PROGRESSION])
def test_another_meeting_is_no_child_in_need_review(kind: MeetingType) -> None:
    assert given_in_need(held(mar(12), kind)).overdue("cin-review", on=mar(17)) == {"CIN-J1"}


# Transfer


def test_a_transfer_conference_follows_the_notice_in_15_working_days() -> None:
    story = given(transferred(feb(9), accepted=False))

    assert story.overdue("transfer-conference", on=mar(2)) == set()
    assert story.overdue("transfer-conference", on=mar(3)) == {"CP-J1"}


def test_a_transfer_conference_meets_it_and_a_core_group_does_not() -> None:
    notice = transferred(feb(9), accepted=False)

    met = given(notice, held(mar(2), TRANSFER))
    other = given(notice, held(mar(2), CORE_GROUP))

    assert met.alerts("transfer-conference", until=apr(1)) == []
    assert other.overdue("transfer-conference", on=apr(1)) == {"CP-J1"}


def test_a_transfer_in_starts_no_conference_clock_here() -> None:
    story = given().when(
        opened(child="L3", origin={"transferred_from": "Otherborough"}), plan="CP-L3"
    )

    assert story.alerts("transfer-conference", until=apr(1), plan="CP-L3") == []


# An alert that nobody answers


def test_an_unanswered_alert_about_an_action_climbs_after_5_working_days() -> None:
    story, alert = given(*TWO_ACTIONS), "action-done:A1:2026-03-09"

    assert story.climbs(alert, until=mar(17)) == []
    assert story.climbs(alert, until=mar(18)) == [Told(alert, due_on=mar(17), raised_on=mar(18))]


def test_it_is_a_line_of_the_obligation_that_answers_are_owed() -> None:
    lines = given(*TWO_ACTIONS).raised("alert-answered", until=mar(18))

    assert "action-done:A1:2026-03-09" in {line.about for line in lines}
    assert {line.finding for line in lines} == {"S1 S4"}
