"""What one agency knows reaches every agency on the plan, or there is a reason why not (S8)."""

import pytest

from plantrack.domain.events import PlanEvent
from plantrack.domain.words import MeetingType
from story import (
    CORE_GROUP,
    INITIAL,
    REVIEW,
    TRANSFER,
    Told,
    acknowledged,
    apr,
    circulated,
    feb,
    given,
    held,
    joined,
    left,
    mar,
    shared,
)

TOLD_CSC = shared(feb(9), to=("csc",))
LEFT_OUT = {"I1/school", "I1/school-nursing"}


def test_an_agency_on_the_plan_that_was_left_out_is_named_after_2_working_days() -> None:
    story = given(TOLD_CSC)

    assert story.overdue("information-shared", on=feb(11)) == set()
    assert story.overdue("information-shared", on=feb(12)) == LEFT_OUT


def test_telling_one_of_them_leaves_the_other() -> None:
    story = given(TOLD_CSC, shared(feb(11), to=("school",)))

    assert story.overdue("information-shared", on=feb(12)) == {"I1/school-nursing"}


def test_a_reason_for_withholding_does_and_so_does_holding_it() -> None:
    withheld = shared(feb(9), to=("csc",), withheld={"school": "the mother works there"})
    story = given(withheld, shared(feb(10), by="school-nursing", to=("csc",)))

    assert story.alerts("information-shared", until=mar(9)) == []


@pytest.mark.parametrize(
    "event",
    [
        shared(feb(11), "I2", to=("csc", "school", "school-nursing")),
        acknowledged(feb(11), "csc"),
        held(feb(11), REVIEW, present=("csc", "school", "school-nursing", "police")),
    ],
    ids=["another item", "an acknowledgement", "a meeting"],
)
def test_nothing_else_shares_the_item(event: PlanEvent) -> None:
    assert given(TOLD_CSC, event).overdue("information-shared", on=feb(12)) == LEFT_OUT


def test_an_item_shared_late_or_written_up_late() -> None:
    story = given(TOLD_CSC, shared(feb(13), to=("school",)))
    story.when(shared(feb(10), to=("school-nursing",)), recorded=feb(20))

    assert story.alerts("information-shared") == [
        Told("I1/school", due_on=feb(11), raised_on=feb(12), cleared_on=feb(14), met_on=feb(13)),
        Told(
            "I1/school-nursing",
            due_on=feb(11),
            raised_on=feb(12),
            cleared_on=feb(21),
            met_on=feb(10),
        ),
    ]


def test_an_agency_that_had_it_from_an_earlier_share_is_not_left_out_of_a_later_one() -> None:
    everybody = shared(feb(9), to=("csc", "school", "school-nursing"))
    story = given(everybody, shared(feb(16), to=("csc",)))

    assert story.alerts("information-shared", until=mar(9)) == []


def test_an_agency_is_measured_at_the_first_share_after_it_joined() -> None:
    everybody = ("csc", "school", "school-nursing")
    story = given(shared(feb(9), to=everybody), joined(feb(10), "midwifery"))

    assert story.alerts("information-shared", until=mar(9)) == []
    story.when(shared(feb(16), to=everybody))
    assert story.overdue("information-shared", on=feb(18)) == set()
    assert story.overdue("information-shared", on=feb(19)) == {"I1/midwifery"}


def test_an_agency_that_had_left_is_not_measured() -> None:
    story = given(left(feb(6), "school"), TOLD_CSC)

    assert story.overdue("information-shared", on=feb(12)) == {"I1/school-nursing"}


# Acknowledged by whom it was shared with


def test_each_recipient_acknowledges_within_2_working_days() -> None:
    story = given(shared(feb(9), to=("csc", "school")))

    assert story.overdue("information-acknowledged", on=feb(11)) == set()
    assert story.overdue("information-acknowledged", on=feb(12)) == {"I1/csc", "I1/school"}


@pytest.mark.parametrize(
    ("event", "open_still"),
    [
        (acknowledged(feb(11), "csc"), {"I1/school"}),
        (acknowledged(feb(11), "police"), {"I1/csc", "I1/school"}),
        (held(feb(11), CORE_GROUP), {"I1/csc", "I1/school"}),
    ],
)
def test_an_acknowledgement_is_one_agencys(event: PlanEvent, open_still: set[str]) -> None:
    story = given(shared(feb(9), to=("csc", "school")), event)

    assert story.overdue("information-acknowledged", on=feb(12)) == open_still


def test_acknowledging_one_item_is_not_acknowledging_another() -> None:
    story = given(shared(feb(9), "I1"), shared(feb(9), "I2"), acknowledged(feb(11), "csc", "I2"))

    assert story.overdue("information-acknowledged", on=feb(12)) == {"I1/csc"}


def test_a_second_share_to_the_same_agency_starts_no_second_clock() -> None:
    story = given(TOLD_CSC, acknowledged(feb(10), "csc"), shared(feb(16), to=("csc",)))

    assert story.alerts("information-acknowledged", until=mar(9)) == []


def test_an_acknowledgement_late_or_written_up_late() -> None:
    story = given(shared(feb(9), to=("csc", "school")), acknowledged(feb(13), "csc"))
    story.when(acknowledged(feb(10), "school"), recorded=feb(20))

    assert story.alerts("information-acknowledged") == [
        Told("I1/csc", due_on=feb(11), raised_on=feb(12), cleared_on=feb(14), met_on=feb(13)),
        Told("I1/school", due_on=feb(11), raised_on=feb(12), cleared_on=feb(21), met_on=feb(10)),
    ]


# The record of a conference is sent round


@pytest.mark.parametrize("kind", [INITIAL, REVIEW, TRANSFER])
def test_the_record_of_a_conference_goes_out_within_15_working_days(kind: MeetingType) -> None:
    story = given(held(mar(2), kind))

    assert story.overdue("record-circulated", on=mar(23)) == set()
    assert story.overdue("record-circulated", on=mar(24)) == {"M1"}


def test_a_core_group_owes_no_record() -> None:
    assert given(held(mar(2), CORE_GROUP)).alerts("record-circulated", until=apr(30)) == []


@pytest.mark.parametrize("to", [("csc",), (), ("csc", "school", "police", "school-nursing")])
def test_the_first_circulation_meets_it_whoever_it_went_to(to: tuple[str, ...]) -> None:
    story = given(
        held(mar(2), REVIEW, "M1"), held(mar(3), REVIEW, "M2"), circulated(mar(23), to=to)
    )

    assert story.overdue("record-circulated", on=mar(24)) == set()
    assert story.overdue("record-circulated", on=mar(25)) == {"M2"}


def test_a_record_sent_late_or_noted_late() -> None:
    story = given(held(mar(2), REVIEW, "M1"), held(mar(2), REVIEW, "M2"), circulated(mar(26), "M1"))
    story.when(circulated(mar(20), "M2"), recorded=apr(1))

    assert story.alerts("record-circulated") == [
        Told("M1", due_on=mar(23), raised_on=mar(24), cleared_on=mar(27), met_on=mar(26)),
        Told("M2", due_on=mar(23), raised_on=mar(24), cleared_on=apr(2), met_on=mar(20)),
    ]
