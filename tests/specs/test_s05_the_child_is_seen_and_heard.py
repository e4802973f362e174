"""The child is seen, seen alone, and heard in their own words (S5)."""

from datetime import date

import pytest

from plantrack.domain.events import PlanEvent
from plantrack.domain.words import Alone, MeetingType, Mode
from story import (
    CIN_REVIEW,
    CORE_GROUP,
    F2F,
    INITIAL,
    PROGRESSION,
    REVIEW,
    TELEPHONE,
    VIDEO,
    Told,
    apr,
    feb,
    given,
    given_in_need,
    held,
    jan,
    mar,
    missed,
    opened,
    seen,
)

CORE, SPOKE = held(feb(16), CORE_GROUP), "I like it at my nan's"


def test_a_child_on_a_child_protection_plan_is_seen_every_10_working_days() -> None:
    story = given()

    assert story.overdue("child-seen", on=feb(16)) == set()
    assert story.overdue("child-seen", on=feb(17)) == {"J1"}


def test_a_child_in_need_is_seen_every_20_working_days() -> None:
    story = given_in_need()

    assert story.overdue("child-seen", on=mar(2)) == set()
    assert story.overdue("child-seen", on=mar(3)) == {"J1"}


def test_each_child_has_a_clock_of_their_own() -> None:
    story = given(seen(feb(13)))

    assert story.overdue("child-seen", on=feb(17)) == set()
    assert story.overdue("child-seen", on=feb(17), plan="CP-K2") == {"K2"}


def test_each_sighting_starts_the_next_10_working_days() -> None:
    story = given(seen(feb(16)), seen(feb(18)))

    assert story.alerts("child-seen", until=mar(5)) == [Told("J1", due_on=mar(4), raised_on=mar(5))]


def test_a_visit_written_up_late_met_the_clock_on_its_day_but_was_not_known() -> None:
    story = given().when(seen(feb(13)), recorded=mar(5))

    assert story.alerts("child-seen", until=mar(6)) == [
        Told("J1", due_on=feb(16), raised_on=feb(17), cleared_on=mar(6), met_on=feb(13)),
        Told("J1", due_on=feb(27), raised_on=mar(6)),
    ]


def test_a_visit_written_up_late_does_not_hide_a_later_one() -> None:
    story = given(seen(feb(16))).when(seen(feb(6)), recorded=feb(16))

    assert story.overdue("child-seen", on=mar(2)) == set()
    assert story.overdue("child-seen", on=mar(3)) == {"J1"}


@pytest.mark.parametrize(
    "event", [CORE, missed(feb(16)), seen(jan(30))], ids=["core group", "missed", "before the plan"]
)
def test_a_core_group_or_a_missed_visit_is_no_sighting(event: PlanEvent) -> None:
    assert given(event).overdue("child-seen", on=feb(17)) == {"J1"}


def test_any_agency_may_see_the_child() -> None:
    story = given(seen(feb(16), agency="school-nursing", alone=Alone.YES))

    assert story.overdue("child-seen", on=feb(17)) == set()
    assert story.overdue("child-seen-alone", on=mar(3)) == set()


def test_a_child_is_seen_alone_every_20_or_40_working_days() -> None:
    protection, in_need = given(), given_in_need()

    assert protection.overdue("child-seen-alone", on=mar(2)) == set()
    assert protection.overdue("child-seen-alone", on=mar(3)) == {"J1"}
    assert in_need.overdue("child-seen-alone", on=mar(30)) == set()
    assert in_need.overdue("child-seen-alone", on=mar(31)) == {"J1"}


@pytest.mark.parametrize("alone", [Alone.NO, Alone.DECLINED])
def test_being_seen_with_somebody_or_declining_is_not_being_seen_alone(alone: Alone) -> None:
    story = given(seen(feb(16), alone=alone))

    assert story.overdue("child-seen", on=feb(17)) == set()
    assert story.overdue("child-seen-alone", on=mar(3)) == {"J1"}


def test_being_seen_alone_late_clears_both() -> None:
    story = given(seen(mar(5), alone=Alone.YES))

    assert story.alerts("child-seen-alone") == [
        Told("J1", due_on=mar(2), raised_on=mar(3), cleared_on=mar(6), met_on=mar(5))
    ]
    assert story.alerts("child-seen") == [
        Told("J1", due_on=feb(16), raised_on=feb(17), cleared_on=mar(6), met_on=mar(5))
    ]


# The child's own words


@pytest.mark.parametrize("kind", [REVIEW, INITIAL])
def test_a_conference_without_the_childs_words_is_told_the_day_after(kind: MeetingType) -> None:
    story = given(held(mar(2), kind))

    assert story.overdue("child-heard", on=mar(2)) == set()
    assert story.overdue("child-heard", on=mar(3)) == {"J1"}


def test_a_child_in_need_review_without_the_childs_words_too() -> None:
    assert given_in_need(held(mar(2), CIN_REVIEW)).overdue("child-heard", on=mar(3)) == {"J1"}


@pytest.mark.parametrize("kind", [CORE_GROUP, PROGRESSION])
def test_other_meetings_do_not_ask_for_the_childs_words(kind: MeetingType) -> None:
    assert given(held(mar(2), kind)).alerts("child-heard", until=apr(1)) == []


@pytest.mark.parametrize("said", [None, "", "  ", "\n"], ids=["none", "empty", "blank", "a line"])
def test_no_words_and_blank_words_are_not_the_childs_words(said: str | None) -> None:
    story = given(seen(feb(20), words=said), held(mar(2), REVIEW))

    assert story.overdue("child-heard", on=mar(3)) == {"J1"}


@pytest.mark.parametrize("day", [jan(20), feb(20), mar(2)])
def test_words_since_the_referral_and_up_to_the_day_itself_count(day: date) -> None:
    story = given(seen(day, words=SPOKE), held(mar(2), REVIEW))

    assert story.alerts("child-heard", until=apr(1)) == []


@pytest.mark.parametrize("mode", [F2F, VIDEO, TELEPHONE])
def test_words_count_however_they_were_heard(mode: Mode) -> None:
    story = given(seen(feb(20), mode=mode, words=SPOKE), held(mar(2), REVIEW))

    assert story.alerts("child-heard", until=apr(1)) == []


def test_words_heard_before_the_last_review_are_old_at_the_next() -> None:
    story = given(
        seen(mar(2), words=SPOKE), held(mar(2), REVIEW, "M1"), held(apr(20), REVIEW, "M2")
    )

    assert story.alerts("child-heard", until=apr(21)) == [
        Told("J1", due_on=apr(20), raised_on=apr(21))
    ]


def test_a_later_conversation_makes_up_and_one_written_up_late_was_in_time() -> None:
    later = given(held(mar(2), REVIEW), seen(mar(6), words=SPOKE))
    in_time = given(held(mar(2), REVIEW)).when(seen(feb(20), words=SPOKE), recorded=mar(6))

    assert later.alerts("child-heard") == [Told("J1", mar(2), mar(3), mar(7), met_on=mar(6))]
    assert in_time.alerts("child-heard") == [Told("J1", mar(2), mar(3), mar(7), met_on=feb(20))]


def test_what_a_sister_said_is_not_what_he_said() -> None:
    story = given().when(seen(feb(20), words=SPOKE), plan="CP-K2").when(held(mar(2), REVIEW))

    assert story.overdue("child-heard", on=mar(3)) == {"J1"}


def test_a_third_child_opened_later_has_clocks_from_that_day() -> None:
    story = given().when(opened(child="L3", on=feb(9)), plan="CP-L3")

    assert story.overdue("child-seen", on=feb(23), plan="CP-L3") == set()
    assert story.overdue("child-seen", on=feb(24), plan="CP-L3") == {"L3"}
