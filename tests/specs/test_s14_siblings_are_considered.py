"""Brothers and sisters are considered, each child on their own (S14)."""

import pytest

from plantrack.domain.events import PlanEvent
from plantrack.domain.words import SiblingOutcome
from story import (
    CORE_GROUP,
    STRATEGY,
    Told,
    considered,
    feb,
    given,
    given_in_need,
    held,
    linked,
    mar,
    opened,
    seen,
)

TWO = (linked(feb(9), "P1"), linked(feb(10), "P2", "half_sibling"))


def test_each_sibling_is_considered_within_10_working_days() -> None:
    story = given(*TWO)

    assert story.overdue("sibling-considered", on=feb(23)) == set()
    assert story.overdue("sibling-considered", on=feb(24)) == {"P1"}
    assert story.overdue("sibling-considered", on=feb(25)) == {"P1", "P2"}


@pytest.mark.parametrize("relation", ["sibling", "half_sibling", "step_sibling"])
def test_half_and_step_siblings_are_siblings(relation: str) -> None:
    story = given_in_need(linked(feb(9), "P1", relation))

    assert story.overdue("sibling-considered", on=feb(24)) == {"P1"}


@pytest.mark.parametrize("relation", ["mother", "father", "cousin", "siblings", "Sibling"])
def test_nobody_else_is(relation: str) -> None:
    assert given(linked(feb(9), "P1", relation)).alerts("sibling-considered", until=mar(9)) == []


@pytest.mark.parametrize("result", list(SiblingOutcome))
def test_a_plan_of_their_own_or_a_reason_why_not_meets_it_for_that_sibling(
    result: SiblingOutcome,
) -> None:
    story = given(*TWO, considered(feb(23), "P1", result))

    assert story.overdue("sibling-considered", on=feb(25)) == {"P2"}


@pytest.mark.parametrize(
    "event",
    [considered(feb(23), "P2"), linked(feb(23), "P3", "mother"), held(feb(23), STRATEGY)],
    ids=["another sibling", "another person", "a meeting"],
)
def test_nothing_else_considers_this_sibling(event: PlanEvent) -> None:
    assert given(*TWO, event).overdue("sibling-considered", on=feb(24)) == {"P1"}


def test_a_plan_opened_for_the_sibling_is_still_to_be_named_here() -> None:
    story = given(linked(feb(9), "P1")).when(opened(child="P1", on=feb(16)), plan="CP-P1")

    assert story.overdue("sibling-considered", on=feb(24)) == {"P1"}


def test_a_sibling_considered_late_or_written_up_late() -> None:
    story = given(*TWO, considered(feb(26), "P1")).when(considered(feb(17), "P2"), recorded=mar(5))

    assert story.alerts("sibling-considered") == [
        Told("P1", due_on=feb(23), raised_on=feb(24), cleared_on=feb(27), met_on=feb(26)),
        Told("P2", due_on=feb(24), raised_on=feb(25), cleared_on=mar(6), met_on=feb(17)),
    ]


def test_what_is_done_for_one_child_is_never_an_answer_for_the_other() -> None:
    story = given(*TWO, seen(feb(16)), held(feb(16), CORE_GROUP), considered(feb(16), "P1"))
    story.when(linked(feb(16), "P1"), plan="CP-K2")

    assert story.overdue("child-seen", on=feb(17)) == set()
    assert story.overdue("child-seen", on=feb(17), plan="CP-K2") == {"K2"}
    assert story.overdue("first-core-group", on=feb(17), plan="CP-K2") == {"CP-K2"}
    assert story.overdue("sibling-considered", on=mar(3), plan="CP-K2") == {"P1"}
