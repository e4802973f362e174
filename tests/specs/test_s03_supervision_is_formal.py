"""Multi-agency supervision takes place and its recommendations reach a decision (S3)."""

import pytest

from plantrack.domain.events import PlanEvent
from story import (
    REVIEW,
    SUPERVISION,
    Told,
    decided,
    feb,
    given,
    held,
    mar,
    oversight,
    position,
    supervised,
    supervision_asked,
)

ASKED = (supervision_asked(feb(9), "S1"), supervision_asked(feb(10), "S2", by="school"))


def test_supervision_is_held_within_10_working_days_of_being_asked_for() -> None:
    story = given(*ASKED)

    assert story.overdue("supervision-held", on=feb(23)) == set()
    assert story.overdue("supervision-held", on=feb(24)) == {"S1"}
    assert story.overdue("supervision-held", on=feb(25)) == {"S1", "S2"}


def test_supervision_held_on_its_day_is_in_time() -> None:
    story = given(*ASKED, supervised(feb(23), "S1"))

    assert story.overdue("supervision-held", on=mar(9)) == {"S2"}


def test_supervision_held_late_or_written_up_late() -> None:
    story = given(*ASKED, supervised(feb(26), "S1")).when(
        supervised(feb(20), "S2"), recorded=mar(2)
    )

    assert story.alerts("supervision-held") == [
        Told("S1", due_on=feb(23), raised_on=feb(24), cleared_on=feb(27), met_on=feb(26)),
        Told("S2", due_on=feb(24), raised_on=feb(25), cleared_on=mar(3), met_on=feb(20)),
    ]


@pytest.mark.parametrize(
    "event", [supervised(feb(20), "S2"), held(feb(20), SUPERVISION), oversight(feb(20))]
)
def test_other_supervision_or_oversight_does_not_stand_for_it(event: PlanEvent) -> None:
    assert "S1" in given(*ASKED, event).overdue("supervision-held", on=feb(24))


def test_a_recommendation_is_owed_an_answer_from_the_day_it_was_made() -> None:
    story = given(*ASKED, supervised(feb(11), "S1", "R1"), supervised(feb(12), "S2", "R2"))

    assert story.overdue("recommendation-answered", on=feb(25)) == set()
    assert story.overdue("recommendation-answered", on=feb(26)) == {"R1"}
    assert story.overdue("recommendation-answered", on=feb(27)) == {"R1", "R2"}


def test_a_recommendation_answered_in_time_and_written_up_late() -> None:
    story = given(*ASKED, supervised(feb(11), "S1", "R1"))
    story.when(decided(feb(20), agree=("csc", "police"), answers=("R1",)), recorded=mar(2))

    assert story.alerts("recommendation-answered") == [
        Told("R1", due_on=feb(25), raised_on=feb(26), cleared_on=mar(3), met_on=feb(20))
    ]


@pytest.mark.parametrize(
    "event",
    [
        decided(feb(20), agree=("csc", "police")),
        decided(feb(20), answers=("R1",)),
        oversight(feb(20)),
    ],
    ids=["does not name it", "one agency", "oversight"],
)
def test_what_does_not_name_it_or_stays_in_one_agency_is_no_answer(event: PlanEvent) -> None:
    story = given(*ASKED, supervised(feb(11), "S1", "R1"), event)

    assert story.overdue("recommendation-answered", on=feb(26)) == {"R1"}


def test_a_departure_from_a_recommendation_answers_it_as_well_as_its_adoption() -> None:
    departs = decided(feb(20), agree=("csc",), answers=("R1",))
    story = given(*ASKED, supervised(feb(11), "S1", "R1"), departs, position(feb(24), "school"))

    assert story.alerts("recommendation-answered", until=mar(9)) == []


def test_a_conference_that_supervision_led_to_needs_its_quorum() -> None:
    story = given(held(feb(9), REVIEW, present=("csc", "gp", "hospital")))

    assert story.overdue("quorum", on=feb(23)) == set()
    assert story.overdue("quorum", on=feb(24)) == {"M1"}
