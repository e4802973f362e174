"""Remote contact never stands for seeing a child face to face (S11)."""

import pytest

from plantrack.domain.words import Alone, Mode, PlanKind
from story import F2F, TELEPHONE, VIDEO, Told, corrected, feb, given, given_in_need, mar, seen

remote = pytest.mark.parametrize("mode", [VIDEO, TELEPHONE])


@remote
@pytest.mark.parametrize("alone", list(Alone))
def test_a_call_stops_no_clock_whoever_was_in_the_room(mode: Mode, alone: Alone) -> None:
    story = given(seen(feb(13), mode, alone, words="I am fine"))

    assert story.overdue("child-seen", on=feb(16)) == set()
    assert story.overdue("child-seen", on=feb(17)) == {"J1"}
    assert story.overdue("child-seen-alone", on=mar(3)) == {"J1"}


@remote
def test_a_call_clears_no_alert(mode: Mode) -> None:
    story = given(seen(feb(20), mode, Alone.YES))

    assert story.alerts("child-seen") == [Told("J1", due_on=feb(16), raised_on=feb(17))]


@remote
def test_a_call_does_not_move_the_day_by_which_the_child_is_to_be_seen(mode: Mode) -> None:
    story = given(seen(feb(10), F2F), seen(feb(20), mode))

    assert story.overdue("child-seen", on=feb(24)) == set()
    assert story.overdue("child-seen", on=feb(25)) == {"J1"}


@remote
def test_a_run_of_calls_on_a_child_in_need_plan_is_still_no_sighting(mode: Mode) -> None:
    story = given_in_need(*(seen(feb(day), mode) for day in (6, 13, 20, 27)))

    assert story.overdue("child-seen", on=mar(2)) == set()
    assert story.overdue("child-seen", on=mar(3)) == {"J1"}


@pytest.mark.parametrize("kind", list(PlanKind))
def test_one_visit_in_person_does_what_no_call_did(kind: PlanKind) -> None:
    story = given(seen(feb(12), VIDEO), seen(feb(13), F2F, Alone.YES), kind=kind)

    assert story.overdue("child-seen", on=feb(17)) == set()
    assert story.alerts("child-seen-alone", until=mar(13)) == []


def test_a_call_corrected_to_a_visit_counts_once_corrected() -> None:
    story = given(seen(feb(13), VIDEO), corrected(feb(19), 2, mode="face_to_face"))

    assert story.alerts("child-seen") == [
        Told("J1", due_on=feb(16), raised_on=feb(17), cleared_on=feb(20), met_on=feb(13))
    ]
