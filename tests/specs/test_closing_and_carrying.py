"""When a plan ends its clocks end too, unmet duties stay visible, and carried actions go on."""

from datetime import date

import pytest

from plantrack.domain.events import PlanEvent
from plantrack.domain.refusals import NotOnThisPlan
from plantrack.domain.words import Alone, ClosureReason, EndedWithoutConference, PlanKind
from story import (
    CIN_J1,
    CP_J1,
    Story,
    Told,
    agreed,
    apr,
    challenged,
    closed_without,
    completed,
    decided,
    ended,
    ending,
    feb,
    given,
    given_in_need,
    injury,
    jan,
    mar,
    may,
    missed,
    opened,
    oversight,
    rescheduled,
    retracted,
    review_decides,
    reviewed,
    seen,
    stepped_down,
    stepped_up,
    transferred,
)

SEEN_DUE = Told("J1", due_on=feb(16), raised_on=feb(17))
UNMET = SEEN_DUE._replace(unmet=True)
TWO_ACTIONS = (
    agreed(feb(2), "A1", due_on=feb(16), every=366),
    agreed(feb(2), "A2", due_on=mar(9), every=366),
)


def died(on: date) -> PlanEvent:
    return closed_without(on, EndedWithoutConference.DEATH, ClosureReason.DIED)


# What was overdue when the plan ended


def test_a_duty_overdue_when_the_plan_closes_is_unmet_and_does_not_vanish() -> None:
    story = given(*ending(feb(20)))

    assert story.alerts("child-seen") == [UNMET]
    assert story.alerts("child-seen", until=date(2027, 1, 1)) == [UNMET]


def test_a_duty_due_on_the_closing_day_was_not_overdue() -> None:
    on_the_day, day_after = given(*ending(feb(16))), given(*ending(feb(17)))

    assert on_the_day.alerts("child-seen", until=may(1)) == []
    assert day_after.alerts("child-seen", until=may(1)) == [UNMET]


def test_the_last_conference_of_a_plan_owes_nothing_that_day() -> None:
    story = given(agreed(feb(2), due_on=may(1)), *ending(feb(20), A1="ended"))

    for code in ("child-heard", "action-spoken-to", "record-circulated", "review-conference"):
        assert story.alerts(code, until=may(1)) == []


def test_nothing_is_raised_after_the_end_for_this_child_and_the_other_goes_on() -> None:
    story = given(*ending(feb(13)))

    assert [line for line in story.rehearsed(may(1)) if line.plan == CP_J1] == []
    assert story.overdue("child-seen", on=feb(17), plan="CP-K2") == {"K2"}


def test_a_closing_written_up_late_takes_back_what_was_due_on_its_day_or_later() -> None:
    story = given().when(*ending(feb(16)), recorded=feb(20))

    assert story.alerts("child-seen") == [SEEN_DUE._replace(cleared_on=feb(21))]


def test_a_closing_written_up_late_leaves_unmet_what_was_due_before() -> None:
    story = given().when(*ending(feb(17)), recorded=feb(20))

    assert story.alerts("child-seen") == [UNMET]


def test_what_was_overdue_at_closing_but_written_up_later_is_told_as_unmet() -> None:
    story = given(*ending(feb(16))).when(injury(feb(9)), recorded=feb(24))

    assert story.alerts("injury-decided", until=may(1)) == [
        Told("N1", due_on=feb(10), raised_on=feb(25), unmet=True)
    ]


@pytest.mark.parametrize("day", [feb(13), feb(20)], ids=["before", "the closing day"])
def test_a_visit_before_the_end_written_up_after_it_meets_the_duty(day: date) -> None:
    story = given(*ending(feb(20))).when(seen(day), recorded=feb(24))

    assert story.alerts("child-seen", until=may(1)) == [
        SEEN_DUE._replace(cleared_on=feb(25), met_on=day)
    ]


@pytest.mark.parametrize("disposition", ["done", "ended", "carried"])
def test_what_is_said_of_an_open_action_at_closing_does_not_meet_it(disposition: str) -> None:
    story = given(*TWO_ACTIONS, *ending(feb(20), A1=disposition, A2="ended"))

    assert story.alerts("action-done", until=may(1)) == [
        Told("A1", due_on=feb(16), raised_on=feb(17), unmet=True)
    ]


def test_death_ends_every_clock_without_a_conference() -> None:
    story = given(died(feb(17)))

    assert story.alerts("child-seen", until=may(1)) == [UNMET]
    assert story.alerts("oversight", until=may(1)) == []


# Transfers


def test_a_notice_of_transfer_ends_nothing_and_an_acceptance_does() -> None:
    notice = given(transferred(feb(6), accepted=False))
    accepted = given(transferred(feb(6), accepted=False), transferred(feb(20), accepted=True))

    assert notice.alerts("child-seen", until=may(1)) == [SEEN_DUE]
    assert accepted.alerts("child-seen", until=may(1)) == [UNMET]
    assert accepted.alerts("transfer-conference", until=may(1)) == []


def test_an_overdue_transfer_conference_is_unmet_when_the_plan_is_accepted() -> None:
    story = given(transferred(feb(6), accepted=False), transferred(mar(9), accepted=True))

    assert story.alerts("transfer-conference", until=may(1)) == [
        Told(CP_J1, due_on=feb(27), raised_on=feb(28), unmet=True)
    ]


# Stepping up and down


def step_up(story: Story, on: date, **actions: str) -> Story:
    """Step J1's child in need plan up to a child protection plan."""
    story.when(stepped_up(on, **actions))
    return story.when(opened(PlanKind.CP, on=on, follows=CIN_J1), plan=CP_J1)


def test_an_overdue_action_is_unmet_on_the_old_plan_and_told_on_the_new_one() -> None:
    story = step_up(given_in_need(*TWO_ACTIONS), mar(2), A1="carried", A2="carried")

    assert story.alerts("action-done", until=mar(9)) == [
        Told("A1", due_on=feb(16), raised_on=feb(17), unmet=True)
    ]
    assert story.alerts("action-done", until=mar(9), plan=CP_J1) == [
        Told("A1", due_on=feb(16), raised_on=mar(3))
    ]


def test_a_carried_action_keeps_the_day_it_had() -> None:
    story = step_up(given_in_need(*TWO_ACTIONS), mar(2), A1="ended", A2="carried")

    assert story.overdue("action-done", on=mar(9), plan=CP_J1) == set()
    assert story.overdue("action-done", on=mar(10), plan=CP_J1) == {"A2"}
    assert story.alerts("action-done", until=mar(10)) == [
        Told("A1", due_on=feb(16), raised_on=feb(17), unmet=True)
    ]


def test_the_alert_on_the_new_plan_quotes_its_opening() -> None:
    story = step_up(given_in_need(*TWO_ACTIONS), mar(2), A1="carried", A2="carried")

    assert [line.because for line in story.raised("action-done", plan=CP_J1)] == [(1,)]


def test_carrying_an_action_forward_does_not_complete_it() -> None:
    story = step_up(given_in_need(*TWO_ACTIONS), mar(2), A1="carried", A2="carried")
    story.when(completed(mar(4), "A1"), plan=CP_J1)

    assert story.alerts("action-done", until=may(1))[0].met_on is None
    assert story.alerts("action-done", plan=CP_J1)[0] == Told(
        "A1", due_on=feb(16), raised_on=mar(3), cleared_on=mar(5), met_on=mar(4)
    )


def test_a_carried_action_keeps_the_date_it_was_moved_to() -> None:
    moved = rescheduled(feb(10), "A1", due_on=mar(16))
    story = step_up(given_in_need(*TWO_ACTIONS, moved), mar(2), A1="carried", A2="ended")

    assert story.overdue("action-done", on=mar(16), plan=CP_J1) == set()
    assert story.overdue("action-done", on=mar(17), plan=CP_J1) == {"A1"}


def test_a_carried_action_can_be_moved_and_closed_on_the_new_plan() -> None:
    story = step_up(given_in_need(*TWO_ACTIONS), mar(2), A1="carried", A2="carried")
    story.when(rescheduled(mar(2), "A1", due_on=mar(23)), ended(mar(6), "A2"), plan=CP_J1)

    assert story.overdue("action-done", on=mar(23), plan=CP_J1) == set()
    assert story.overdue("action-done", on=mar(24), plan=CP_J1) == {"A1"}


def test_only_what_was_carried_is_on_the_new_plan() -> None:
    story = step_up(given_in_need(*TWO_ACTIONS), mar(2), A1="carried", A2="ended")

    story.refuses(reviewed(mar(3), "A2"), because=NotOnThisPlan, plan=CP_J1)
    assert story.overdue("action-done", on=may(1), plan=CP_J1) == {"A1"}


def test_a_review_long_overdue_is_told_at_the_new_plans_first_sweep() -> None:
    story = given_in_need(agreed(feb(2), "A1", due_on=may(1), every=14))
    step_up(story, mar(2), A1="carried")

    assert story.alerts("action-reviewed", until=mar(20)) == [
        Told("A1", due_on=feb(16), raised_on=feb(17), unmet=True)
    ]
    assert story.alerts("action-reviewed", until=mar(20), plan=CP_J1) == [
        Told("A1", due_on=feb(16), raised_on=mar(3))
    ]


def test_a_carried_action_keeps_its_own_interval_after_the_next_review() -> None:
    story = given_in_need(agreed(feb(2), "A1", due_on=may(1), every=14), reviewed(feb(16)))
    step_up(story, feb(23), A1="carried").when(reviewed(mar(2)), plan=CP_J1)

    assert story.alerts("action-reviewed", until=mar(16), plan=CP_J1) == []
    assert story.overdue("action-reviewed", on=mar(17), plan=CP_J1) == {"A1"}


def test_an_action_can_be_carried_twice() -> None:
    story = step_up(given_in_need(*TWO_ACTIONS), mar(2), A1="carried", A2="carried")
    story.when(
        *review_decides(mar(9)),
        stepped_down(mar(9), "CIN-J1-2", A1="carried", A2="ended"),
        plan=CP_J1,
    )
    story.when(opened(PlanKind.CIN, on=mar(9), follows=CP_J1), plan="CIN-J1-2")

    assert story.alerts("action-done", until=mar(20), plan="CIN-J1-2") == [
        Told("A1", due_on=feb(16), raised_on=mar(10))
    ]


def test_a_completion_on_the_old_plan_written_up_after_the_step_meets_the_carried_action() -> None:
    story = step_up(given_in_need(*TWO_ACTIONS), mar(2), A1="carried", A2="ended")
    story.when(completed(feb(27), "A1"), recorded=mar(9), plan=CIN_J1)

    assert story.alerts("action-done") == [
        Told("A1", due_on=feb(16), raised_on=feb(17), cleared_on=mar(10), met_on=feb(27))
    ]


def test_nothing_else_on_the_old_plan_starts_or_stops_a_clock_on_the_new_one() -> None:
    story = given_in_need(
        seen(feb(27), alone=Alone.YES), missed(mar(2)), challenged(feb(27)), injury(mar(2))
    )
    step_up(story, mar(2)).when(missed(mar(3)), decided(mar(4)), plan=CP_J1)

    assert story.overdue("child-seen", on=mar(16), plan=CP_J1) == set()
    assert story.overdue("child-seen", on=mar(17), plan=CP_J1) == {"J1"}
    for code in (
        "absence-explored",
        "decision-shared-after-challenge",
        "challenge-answered",
        "injury-decided",
    ):
        assert story.alerts(code, until=may(1), plan=CP_J1) == []


def test_a_strategy_discussion_owes_no_conference_once_the_plan_was_stepped_up() -> None:
    from_need = step_up(given_in_need(), feb(23))

    assert from_need.alerts("cin-review", until=may(1)) == []
    assert from_need.overdue("first-core-group", on=mar(10), plan=CP_J1) == {CP_J1}


def test_stepping_down_starts_the_clocks_of_a_child_in_need_plan() -> None:
    story = given(seen(mar(6)), *review_decides(mar(9)), stepped_down(mar(9)))
    story.when(opened(PlanKind.CIN, on=mar(9), follows=CP_J1), plan=CIN_J1)

    assert story.overdue("child-seen", on=apr(8), plan=CIN_J1) == set()
    assert story.overdue("child-seen", on=apr(9), plan=CIN_J1) == {"J1"}


# Before the opening, and a closing or opening taken back


def test_a_clock_may_start_before_the_plan_opened() -> None:
    story = given(injury(jan(28)))

    assert story.alerts("injury-decided") == [Told("N1", due_on=jan(29), raised_on=feb(3))]


def test_a_clock_that_starts_at_opening_is_not_stopped_by_what_was_before() -> None:
    story = given(seen(jan(30), alone=Alone.YES), oversight(jan(30)))

    assert story.alerts("child-seen") == []
    assert story.alerts("child-seen", until=feb(17)) == [SEEN_DUE]
    assert story.alerts("child-seen-alone", until=mar(3)) == [Told("J1", mar(2), mar(3))]
    assert story.alerts("oversight", until=mar(3)) == [Told(CP_J1, mar(2), mar(3))]


def test_retracting_a_closing_revives_every_clock() -> None:
    story = given(*ending(feb(20)))
    story.when(retracted(feb(24), story.number()))

    assert story.alerts("child-seen", until=mar(16)) == [SEEN_DUE]
    assert story.overdue("oversight", on=mar(3)) == {CP_J1}


def test_a_plan_whose_opening_is_retracted_owes_nothing() -> None:
    story = given(retracted(feb(20), 1))

    assert story.alerts("child-seen", until=may(1)) == [SEEN_DUE._replace(cleared_on=feb(21))]
    assert story.overdue("oversight", on=mar(3)) == set()
    assert story.overdue("oversight", on=mar(3), plan="CP-K2") == {"CP-K2"}
