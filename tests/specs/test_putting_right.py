"""A correction or retraction counts from the moment it was recorded, and rewrites nothing told."""

import pytest

from plantrack.domain.events import PlanEvent
from plantrack.domain.refusals import CannotBePutRight, NotOnThisPlan
from plantrack.domain.words import Alone, Position
from story import (
    CORE_GROUP,
    F2F,
    REVIEW,
    TEACHER,
    VIDEO,
    Told,
    agreed,
    completed,
    corrected,
    decided,
    feb,
    given,
    held,
    injury,
    mar,
    may,
    missed,
    position,
    retracted,
    reviewed,
    seen,
)

SEEN_DUE = Told("J1", due_on=feb(16), raised_on=feb(17))


def test_a_corrected_day_counts_and_the_alert_still_quotes_the_entry_itself() -> None:
    story = given(injury(feb(9)), injury(feb(9), "N2"), corrected(feb(10), 2, on="2026-02-05"))

    assert story.alerts("injury-decided", until=feb(12)) == [
        Told("N1", due_on=feb(6), raised_on=feb(11)),
        Told("N2", due_on=feb(10), raised_on=feb(11)),
    ]
    assert [line.because for line in story.raised("injury-decided")] == [(2,), (3,)]


def test_both_versions_stay_readable() -> None:
    visit = seen(feb(13), alone=Alone.YES)
    story = given(visit, corrected(feb(20), 2, alone="no"))

    kept = [entry.event for entry in story.entries if entry.plan == story.plan]
    assert kept[1] == visit
    assert kept[2] == corrected(feb(20), 2, alone="no")


def test_a_visit_corrected_to_not_alone_no_longer_counts_as_alone() -> None:
    story = given(seen(feb(13), alone=Alone.YES), corrected(feb(20), 2, alone="no"))

    assert story.overdue("child-seen-alone", on=mar(3)) == {"J1"}
    assert story.overdue("child-seen", on=feb(27)) == set()
    assert story.overdue("child-seen", on=feb(28)) == {"J1"}


def test_a_retracted_visit_counts_for_nothing_from_the_sweep_that_knows_it() -> None:
    story = given(seen(feb(16)), retracted(feb(24), 2))

    assert story.overdue("child-seen", on=feb(24)) == set()
    assert story.alerts("child-seen") == [Told("J1", due_on=feb(16), raised_on=feb(25))]


@pytest.mark.parametrize(
    "event",
    [retracted(feb(18), 2), corrected(feb(18), 2, on="2026-02-18")],
    ids=["retracted", "moved to today"],
)
def test_an_alert_whose_clock_is_gone_or_moved_is_cleared_as_not_met(event: PlanEvent) -> None:
    story = given(injury(feb(9)), event)

    assert story.alerts("injury-decided") == [
        Told("N1", due_on=feb(10), raised_on=feb(11), cleared_on=feb(19))
    ]


def test_a_corrected_due_date_clears_the_alert_and_runs_anew() -> None:
    story = given(
        agreed(feb(2), due_on=feb(9), every=366), corrected(feb(12), 2, due_on="2026-02-16")
    )

    assert story.alerts("action-done", until=feb(17)) == [
        Told("A1", due_on=feb(9), raised_on=feb(10), cleared_on=feb(13)),
        Told("A1", due_on=feb(16), raised_on=feb(17)),
    ]


def test_what_cleared_an_alert_and_was_taken_back_raises_a_second_one() -> None:
    story = given(seen(feb(18)), retracted(feb(25), 2))

    assert story.alerts("child-seen") == [
        SEEN_DUE._replace(cleared_on=feb(19), met_on=feb(18)),
        Told("J1", due_on=feb(16), raised_on=feb(26)),
    ]


def test_what_cleared_an_alert_and_was_corrected_away_raises_a_second_one() -> None:
    story = given(seen(feb(18)), corrected(feb(25), 2, mode="video"))

    assert story.alerts("child-seen") == [
        SEEN_DUE._replace(cleared_on=feb(19), met_on=feb(18)),
        Told("J1", due_on=feb(16), raised_on=feb(26)),
    ]


@pytest.mark.parametrize(
    "event",
    [seen(feb(13)), corrected(feb(25), 2, on="2026-02-17")],
    ids=["an earlier visit", "an earlier day"],
)
def test_a_cleared_alert_keeps_what_it_said_when_it_was_cleared(event: PlanEvent) -> None:
    story = given(seen(feb(18))).when(event, recorded=feb(25))

    assert story.alerts("child-seen")[0] == SEEN_DUE._replace(cleared_on=feb(19), met_on=feb(18))


def test_a_field_is_replaced_as_a_whole() -> None:
    shared = decided(feb(9), agree=("csc", "school"))
    story = given(shared, corrected(feb(10), 2, positions={"csc": {"position": "agree"}}))

    assert story.overdue("decision-shared", on=feb(17)) == {"D1"}


def test_a_field_that_is_not_named_stays_as_it_was() -> None:
    story = given(seen(feb(13), alone=Alone.YES), corrected(feb(16), 2, where="school"))

    assert story.alerts("child-seen-alone", until=mar(13)) == []
    assert story.overdue("child-seen-alone", on=mar(14)) == {"J1"}


def test_corrections_apply_in_the_order_they_were_recorded() -> None:
    story = given(seen(feb(16), VIDEO), corrected(feb(17), 2, mode="face_to_face"))

    assert story.overdue("child-seen", on=feb(18)) == set()
    story.when(corrected(feb(19), 2, mode="telephone"))
    assert story.overdue("child-seen", on=feb(20)) == {"J1"}


def test_retracting_a_correction_undoes_it() -> None:
    story = given(seen(feb(16), F2F), corrected(feb(17), 2, mode="video"), retracted(feb(18), 3))

    assert story.overdue("child-seen", on=feb(18)) == {"J1"}
    assert story.overdue("child-seen", on=feb(19)) == set()


def test_retracting_a_retraction_undoes_it() -> None:
    story = given(seen(feb(16)), retracted(feb(17), 2), retracted(feb(19), 3))

    assert story.overdue("child-seen", on=feb(18)) == {"J1"}
    assert story.overdue("child-seen", on=feb(20)) == set()
    assert story.overdue("child-seen", on=mar(3)) == {"J1"}


def test_correcting_a_correction_changes_what_it_says() -> None:
    first = corrected(feb(17), 2, mode="video")
    story = given(seen(feb(16), F2F), first, corrected(feb(18), 3, fields={"where": "school"}))

    assert story.overdue("child-seen", on=feb(18)) == {"J1"}
    assert story.overdue("child-seen", on=feb(19)) == set()


def test_a_correction_moves_an_entry_among_the_days() -> None:
    story = given(
        missed(feb(9)), missed(feb(11)), seen(feb(12)), corrected(feb(13), 4, on="2026-02-10")
    )

    assert story.alerts("absence-explored", until=mar(2)) == []


def test_a_retracted_meeting_spoke_to_nothing_and_asked_nothing() -> None:
    story = given(held(feb(16), CORE_GROUP), agreed(feb(2), due_on=may(1)), retracted(feb(18), 2))

    assert story.alerts("action-spoken-to", until=mar(2)) == [
        Told("A1", due_on=feb(16), raised_on=feb(17), cleared_on=feb(19))
    ]
    assert story.overdue("first-core-group", on=feb(19)) == {"CP-J1"}


def test_a_retracted_name_can_be_given_again() -> None:
    story = given(agreed(feb(2), due_on=feb(9), every=366), retracted(feb(3), 2))
    story.when(agreed(feb(4), due_on=feb(16), every=366))

    assert story.alerts("action-done", until=feb(17)) == [
        Told("A1", due_on=feb(16), raised_on=feb(17))
    ]


def test_anybodys_entry_can_be_put_right_on_one_childs_plan_only() -> None:
    story = given(held(mar(2), REVIEW)).when(seen(feb(16)), recorded=mar(2), plan="CP-K2")
    story.when(retracted(mar(3), 2), by=TEACHER, plan="CP-K2")

    assert story.overdue("child-heard", on=mar(4)) == {"J1"}
    assert story.alerts("child-seen", plan="CP-K2") == [
        Told("K2", due_on=feb(16), raised_on=feb(17), cleared_on=mar(3), met_on=feb(16)),
        Told("K2", due_on=mar(2), raised_on=mar(3), cleared_on=mar(4)),
        Told("K2", due_on=feb(16), raised_on=mar(4)),
    ]


def test_a_position_taken_back_leaves_the_decision_with_one_agency_again() -> None:
    story = given(decided(feb(9)), position(feb(10), "school", takes=Position.AGREE))

    assert story.overdue("decision-shared", on=feb(18)) == set()
    story.when(retracted(feb(18), 3))
    assert story.overdue("decision-shared", on=feb(19)) == {"D1"}


def test_what_was_said_of_a_retracted_action_does_not_keep_its_name() -> None:
    story = given(agreed(feb(2), due_on=mar(9)), reviewed(feb(3)), retracted(feb(4), 2))

    story.refuses(completed(feb(5)), because=NotOnThisPlan)
    story.when(agreed(feb(6), due_on=mar(16)))
    assert story.overdue("action-done", on=mar(17)) == {"A1"}


def test_a_correction_cannot_rename_what_other_entries_speak_of() -> None:
    story = given(agreed(feb(2), due_on=mar(9)), agreed(feb(2), "A2", due_on=mar(9)))

    story.refuses(corrected(feb(3), 2, action="A2"), because=CannotBePutRight)


def test_a_correction_cannot_point_at_something_that_is_not_there() -> None:
    story = given(
        agreed(feb(2), due_on=mar(9)), reviewed(feb(3)), agreed(feb(2), "A2", due_on=mar(9))
    )

    story.refuses(corrected(feb(4), 3, action="A9"), because=NotOnThisPlan)
    story.when(corrected(feb(4), 3, action="A2"))
    assert story.overdue("action-reviewed", on=mar(4)) == {"A1", "A2"}
