"""Each injury leads to a decision on a medical by several agencies (S9)."""

from datetime import date

import pytest

from plantrack.domain.events import PlanEvent
from plantrack.domain.words import DecisionKind, MedicalOutcome
from story import STRATEGY, Told, decided, feb, given, held, injury, mar, medical

TWO = (injury(feb(9), "N1"), injury(feb(10), "N2"))


def test_each_injury_is_decided_on_by_the_next_working_day() -> None:
    story = given(*TWO)

    assert story.overdue("injury-decided", on=feb(10)) == set()
    assert story.overdue("injury-decided", on=feb(11)) == {"N1"}
    assert story.overdue("injury-decided", on=feb(12)) == {"N1", "N2"}


@pytest.mark.parametrize("noted_on", [feb(13), feb(14), feb(15)], ids=["Friday", "Sat", "Sunday"])
def test_an_injury_noted_before_or_on_a_weekend_is_decided_on_by_monday(noted_on: date) -> None:
    story = given(injury(noted_on))

    assert story.overdue("injury-decided", on=feb(16)) == set()
    assert story.overdue("injury-decided", on=feb(17)) == {"N1"}


@pytest.mark.parametrize("result", list(MedicalOutcome))
def test_any_outcome_decided_by_two_groups_meets_it(result: MedicalOutcome) -> None:
    story = given(*TWO, medical(feb(10), "N1", result=result))

    assert story.overdue("injury-decided", on=feb(12)) == {"N2"}


@pytest.mark.parametrize(
    "agencies",
    [(), ("csc",), ("csc", "early-help"), ("paediatrics", "hospital"), ("gp", "school-nursing")],
)
def test_one_group_alone_decides_nothing(agencies: tuple[str, ...]) -> None:
    story = given(injury(feb(9)), medical(feb(10), agencies=agencies))

    assert story.overdue("injury-decided", on=feb(11)) == {"N1"}


@pytest.mark.parametrize(
    "event",
    [
        medical(feb(10), "N2"),
        decided(feb(10), agree=("csc", "police"), kind=DecisionKind.NO_MEDICAL),
        held(feb(10), STRATEGY),
    ],
    ids=["another injury", "a decision", "a strategy discussion"],
)
def test_nothing_else_decides_on_this_injury(event: PlanEvent) -> None:
    assert given(*TWO, event).overdue("injury-decided", on=feb(11)) == {"N1"}


def test_a_second_decision_by_two_groups_makes_up_for_one_agencys() -> None:
    story = given(injury(feb(9)), medical(feb(10), agencies=("csc",)), medical(feb(12)))

    assert story.alerts("injury-decided") == [
        Told("N1", due_on=feb(10), raised_on=feb(11), cleared_on=feb(13), met_on=feb(12))
    ]


def test_an_injury_written_up_late_is_told_at_the_first_sweep_that_knows_it() -> None:
    story = given().when(injury(feb(9)), recorded=feb(18))

    assert story.alerts("injury-decided") == [Told("N1", due_on=feb(10), raised_on=feb(19))]


def test_an_injury_and_its_decision_written_up_together_late_are_never_told() -> None:
    story = given().when(injury(feb(9)), medical(feb(16)), recorded=feb(18))

    assert story.alerts("injury-decided", until=mar(9)) == []


def test_a_decision_in_time_and_written_up_late() -> None:
    story = given(injury(feb(9))).when(medical(feb(10)), recorded=feb(18))

    assert story.alerts("injury-decided") == [
        Told("N1", due_on=feb(10), raised_on=feb(11), cleared_on=feb(19), met_on=feb(10))
    ]
