"""What rests on a parent's word alone is checked by somebody else (S6)."""

from dataclasses import replace

import pytest

from plantrack.domain.events import PlanEvent
from plantrack.domain.words import Basis
from story import (
    START,
    Told,
    agreed,
    apr,
    completed,
    corroborated,
    decided,
    disputed,
    feb,
    given,
    mar,
    may,
    reviewed,
)

PARENT, FAMILY = Basis.PARENT, Basis.FAMILY
ACTIONS = (agreed(START, "A1", due_on=may(1)), agreed(START, "A2", due_on=may(1)))
SAID_DONE = (*ACTIONS, completed(feb(9), "A1", PARENT), completed(feb(9), "A2", Basis.OBSERVED))


def test_an_action_done_on_the_mothers_word_is_checked_within_10_working_days() -> None:
    story = given(*SAID_DONE)

    assert story.overdue("self-report-checked", on=feb(23)) == set()
    assert story.overdue("self-report-checked", on=feb(24)) == {"A1"}


def test_a_decision_on_the_mothers_word_is_checked_too() -> None:
    alone = decided(feb(9), "D1", basis=(PARENT, FAMILY))
    story = given(alone, decided(feb(9), "D2", basis=(PARENT, Basis.RECORD)))

    assert story.overdue("self-report-checked", on=feb(23)) == set()
    assert story.overdue("self-report-checked", on=feb(24)) == {"D1"}


@pytest.mark.parametrize(
    ("basis", "unchecked"),
    [
        ((PARENT,), True),
        ((FAMILY,), True),
        ((PARENT, FAMILY), True),
        ((PARENT, Basis.OBSERVED), False),
        ((FAMILY, Basis.CHILD), False),
        ((Basis.ANONYMOUS,), False),
        ((), False),
    ],
)
def test_only_what_rests_on_the_family_alone_is_unchecked(
    basis: tuple[Basis, ...], unchecked: bool
) -> None:
    story = given(*ACTIONS, replace(completed(feb(9)), basis=basis))

    assert bool(story.overdue("self-report-checked", on=feb(24))) is unchecked


@pytest.mark.parametrize("agency", ["school", "csc"])
def test_a_look_by_a_second_agency_or_the_same_checks_it(agency: str) -> None:
    story = given(*SAID_DONE, corroborated(feb(23), "A1", agency=agency))

    assert story.alerts("self-report-checked", until=apr(1)) == []


@pytest.mark.parametrize(
    "event",
    [
        corroborated(feb(20), "A1", PARENT),
        corroborated(feb(20), "A1", FAMILY),
        corroborated(feb(20), "A2"),
        disputed(feb(20), "A1"),
        reviewed(feb(20), "A1"),
    ],
    ids=["the parent again", "the family", "another action", "a dispute", "a review"],
)
def test_the_familys_word_again_or_a_dispute_checks_nothing(event: PlanEvent) -> None:
    assert given(*SAID_DONE, event).overdue("self-report-checked", on=feb(24)) == {"A1"}


def test_a_check_made_late_or_written_up_late() -> None:
    late = given(*SAID_DONE, corroborated(feb(26), "A1"))
    in_time = given(*SAID_DONE).when(corroborated(feb(12), "A1"), recorded=mar(5))

    assert late.alerts("self-report-checked") == [
        Told("A1", due_on=feb(23), raised_on=feb(24), cleared_on=feb(27), met_on=feb(26))
    ]
    assert in_time.alerts("self-report-checked") == [
        Told("A1", due_on=feb(23), raised_on=feb(24), cleared_on=mar(6), met_on=feb(12))
    ]
