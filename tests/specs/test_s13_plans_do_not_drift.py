"""Forums manage risk: plans do not drift on, nor come back unasked (S13)."""

from datetime import date

import pytest

from plantrack.domain.events import PlanEvent
from story import (
    REVIEW,
    START,
    Story,
    Told,
    ending,
    feb,
    given,
    given_in_need,
    held,
    jan,
    mar,
    opened,
    oversight,
)

MAY_27, FEB_28 = date(2027, 5, 2), date(2028, 2, 2)


def again(previous: int | None) -> Story:
    """Open two plans whose origin says how many child protection plans came before."""
    story = Story("CP-J1").when(opened(origin={"previous_cp_plans": previous}))
    return story.when(opened(child="K2", origin={"previous_cp_plans": 0}), plan="CP-K2")


def test_a_plan_is_asked_about_after_15_months_and_again_after_24() -> None:
    story = given()

    assert story.alerts("plan-drift", until=MAY_27) == []
    assert story.alerts("plan-drift", until=FEB_28) == [
        Told("CP-J1", due_on=MAY_27, raised_on=date(2027, 5, 3))
    ]
    assert story.alerts("plan-drift", until=date(2028, 2, 3)) == [
        Told("CP-J1", due_on=MAY_27, raised_on=date(2027, 5, 3)),
        Told("CP-J1", due_on=FEB_28, raised_on=date(2028, 2, 3)),
    ]


def test_reviews_do_not_stop_a_plan_from_drifting() -> None:
    story = given(held(date(2027, 4, 20), REVIEW), oversight(date(2027, 4, 20)))

    assert story.overdue("plan-drift", on=date(2027, 5, 3)) == {"CP-J1"}


def test_closing_is_what_stops_it() -> None:
    in_time = given(*ending(MAY_27))
    late = given(*ending(date(2027, 6, 1)))

    assert in_time.alerts("plan-drift", until=FEB_28) == []
    assert late.alerts("plan-drift", until=date(2028, 3, 1)) == [
        Told(
            "CP-J1",
            due_on=MAY_27,
            raised_on=date(2027, 5, 3),
            cleared_on=date(2027, 6, 2),
            met_on=date(2027, 6, 1),
        )
    ]


def test_a_closing_written_up_late_stops_it_on_its_day() -> None:
    story = given().when(*ending(date(2027, 4, 30)), recorded=date(2027, 6, 1))

    assert story.alerts("plan-drift") == [
        Told(
            "CP-J1",
            due_on=MAY_27,
            raised_on=date(2027, 5, 3),
            cleared_on=date(2027, 6, 2),
            met_on=date(2027, 4, 30),
        )
    ]


def test_a_child_in_need_plan_is_not_asked_about_drift_or_repetition() -> None:
    story = given_in_need()

    assert story.alerts("plan-drift", until=date(2028, 3, 1)) == []
    assert story.alerts("repeat-plan", until=date(2028, 3, 1)) == []


# A second or later plan


def test_a_second_plan_is_asked_about_the_day_after_it_opened() -> None:
    story = again(previous=1)

    assert story.overdue("repeat-plan", on=feb(2)) == set()
    assert story.overdue("repeat-plan", on=feb(3)) == {"CP-J1"}
    assert story.alerts("repeat-plan", until=mar(3), plan="CP-K2") == []


@pytest.mark.parametrize("previous", [None, 0])
def test_a_first_plan_is_not(previous: int | None) -> None:
    assert again(previous).alerts("repeat-plan", until=mar(3)) == []


def test_an_earlier_plan_on_the_record_counts_though_the_origin_does_not_say_so() -> None:
    story = given(*ending(feb(23))).when(opened(on=mar(16)), plan="CP-J1-2")

    assert story.alerts("repeat-plan", until=mar(17), plan="CP-J1-2") == [
        Told("CP-J1-2", due_on=mar(16), raised_on=mar(17))
    ]
    assert story.alerts("repeat-plan", until=mar(17)) == []


def test_another_childs_earlier_plan_does_not_count() -> None:
    story = given(*ending(feb(23))).when(opened(child="L3", on=mar(16)), plan="CP-L3")

    assert story.alerts("repeat-plan", until=mar(31), plan="CP-L3") == []


def test_oversight_that_names_the_previous_plans_answers_it() -> None:
    story = again(previous=2).when(oversight(START, regarding=("previous-plans",)))

    assert story.alerts("repeat-plan", until=mar(3)) == []


@pytest.mark.parametrize(
    "event",
    [
        oversight(START),
        oversight(START, regarding=("visits",)),
        oversight(jan(30), regarding=("previous-plans",)),
    ],
    ids=["plain", "about visits", "before the plan"],
)
def test_other_oversight_does_not(event: PlanEvent) -> None:
    assert again(previous=1).when(event).overdue("repeat-plan", on=feb(3)) == {"CP-J1"}


def test_oversight_of_the_previous_plans_late_or_written_up_late() -> None:
    named = oversight(feb(5), regarding=("previous-plans",))

    late = again(previous=1).when(named)
    in_time = again(previous=1).when(
        oversight(feb(2), regarding=("previous-plans",)), recorded=feb(12)
    )

    assert late.alerts("repeat-plan") == [Told("CP-J1", feb(2), feb(3), feb(6), met_on=feb(5))]
    assert in_time.alerts("repeat-plan") == [Told("CP-J1", feb(2), feb(3), feb(13), met_on=feb(2))]
