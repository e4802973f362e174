"""What needs somebody now: from the day it is due, the most important first, worded for people."""

from collections import Counter
from datetime import date

import pytest

from plantrack.domain.events import AlertRaised
from plantrack.domain.obligations.catalogue import OBLIGATIONS
from plantrack.domain.plan_view.needs import IMPORTANCE
from plantrack.domain.words import THE_TRACKER, Alone
from plantrack.pages.wording.needs import worded
from plantrack.pages.wording.obligations import ASKS
from story import (
    F2F,
    REVIEW,
    START,
    VIDEO,
    acknowledged,
    agreed,
    apr,
    closed,
    decided,
    ended,
    feb,
    given,
    given_in_need,
    injury,
    linked,
    mar,
    planned,
    position,
    rescheduled,
    review_decides,
    reviewed,
    seen,
    shared,
)
from workspace.standing import needs_of, owed_now, stands

TEN_WORKING_DAYS_ON = feb(16)


def test_seeing_the_child_needs_somebody_from_the_day_it_is_due() -> None:
    story = given(seen(START, F2F, Alone.YES))
    assert "child-seen" not in owed_now(story, feb(15))
    assert "child-seen" in owed_now(story, TEN_WORKING_DAYS_ON)
    assert needs_of(story, TEN_WORKING_DAYS_ON)["child-seen", "J1"]["days_over"] == 0
    assert needs_of(story, feb(17))["child-seen", "J1"]["days_over"] == 1


def test_a_screen_does_not_answer_that_the_child_is_to_be_seen() -> None:
    story = given(seen(feb(10), VIDEO, Alone.YES))
    assert needs_of(story, feb(17))["child-seen", "J1"]["started_on"] == START
    story.when(seen(feb(17), F2F))
    assert needs_of(story, feb(17))["child-seen", "J1"]["started_on"] == feb(17)


def test_what_is_about_safety_comes_first_and_then_what_is_longest_overdue() -> None:
    story = given(agreed(feb(3), "A1", due_on=feb(10)), agreed(feb(3), "A2", due_on=feb(6)))
    story.when(injury(feb(24)), seen(feb(24), F2F, Alone.YES))
    now = [(n["obligation"], n["thing"]) for n in stands(story, feb(26))["needs"] if n["now"]]
    assert now[0] == ("injury-decided", "N1")
    assert now.index(("action-done", "A2")) < now.index(("action-done", "A1"))


def test_what_is_not_due_yet_stands_after_what_is_by_its_day() -> None:
    needs = stands(given(agreed(feb(3), due_on=feb(10))), feb(12))["needs"]
    assert [need["now"] for need in needs] == sorted((n["now"] for n in needs), reverse=True)
    later = [need["due_on"] for need in needs if not need["now"]]
    assert later == sorted(later)


def test_a_moved_action_is_owed_by_its_new_day_only() -> None:
    story = given(agreed(feb(3), due_on=feb(10)), rescheduled(feb(9), due_on=mar(10)))
    assert ("action-done", "A1") in needs_of(story, mar(10))
    assert needs_of(story, mar(9))["action-done", "A1"]["now"] is False
    assert needs_of(story, mar(10))["action-done", "A1"]["now"] is True


def test_a_given_up_action_needs_nobody() -> None:
    story = given(agreed(feb(3), "A1", due_on=feb(10)), agreed(feb(3), "A2", due_on=feb(10)))
    story.when(ended(feb(9), "A1"))
    assert ("action-done", "A1") not in needs_of(story, feb(20))
    assert ("action-done", "A2") in needs_of(story, feb(20))


def test_several_agencies_that_owe_the_same_are_one_line_and_who_answered_is_not_in_it() -> None:
    story = given(shared(feb(3), to=("school", "police", "school-nursing")))
    story.when(acknowledged(feb(4), "police"))
    [need] = [n for n in stands(story, feb(9))["needs"] if n["obligation"].endswith("acknowledged")]
    assert need["parts"] == need["agencies"] == ["school", "school-nursing"]


def test_a_line_for_several_agencies_goes_by_the_first_day_that_is_due() -> None:
    story = given(shared(feb(3), to=("school",)), shared(feb(9), to=("police",)))
    needs = needs_of(story, feb(10))
    assert needs["information-acknowledged", "I1"]["due_on"] == feb(5)
    assert needs["information-acknowledged", "I1"]["parts"] == ["school"]
    assert needs_of(story, feb(11))["information-acknowledged", "I1"]["parts"] == [
        "police",
        "school",
    ]


def test_a_second_agency_on_a_decision_ends_the_need() -> None:
    story = given(decided(feb(3)))
    assert needs_of(story, feb(10))["decision-shared", "D1"]["what"]
    story.when(position(feb(10), "school"))
    assert ("decision-shared", "D1") not in needs_of(story, feb(10))


def test_an_ended_plan_needs_nobody() -> None:
    story = given(
        agreed(feb(3), due_on=feb(10)), *review_decides(mar(2)), closed(mar(2), A1="ended")
    )
    assert stands(story, apr(1))["needs"] == []


def test_the_own_interval_of_an_action_is_the_plans_and_else_procedures_speak() -> None:
    story = given(agreed(feb(3), "A1", due_on=apr(20), every=14))
    story.when(agreed(feb(3), "A2", due_on=apr(20)), reviewed(feb(10), "A1"))
    needs = needs_of(story, mar(25))
    own = worded(needs["action-reviewed", "A1"], "Jay")
    theirs = worded(needs["action-reviewed", "A2"], "Jay")
    assert "Not reviewed for 43 days. The plan says every 14 days." in own.why
    assert "Not reviewed for 50 days. Your procedures say every 28 days." in theirs.why
    assert "Waiting for O Owner, children's social care." in own.why
    assert (own.kind, own.fields) == ("ActionReviewed", {"action": "A1"})


def test_a_need_tells_that_managers_were_told() -> None:
    story = given(agreed(feb(3), due_on=feb(10)))
    before = worded(needs_of(story, feb(12))["action-done", "A1"], "Jay")
    raised = AlertRaised(
        on=feb(11),
        obligation="action-done",
        about="A1",
        due_on=feb(10),
        policy="p",
        told=("owner",),
    )
    story.when(raised, by=THE_TRACKER)
    after = worded(needs_of(story, feb(12))["action-done", "A1"], "Jay")
    assert (before.alert, after.alert) == (None, "action-done:A1:2026-02-10")
    assert "Managers were told" not in before.why
    assert "Managers were told on 11 February 2026; nobody has answered yet." in after.why


def test_reports_wait_for_every_agency_that_has_not_reported() -> None:
    story = given(planned(feb(3), REVIEW, planned_for=mar(10), invited=("school", "police")))
    need = needs_of(story, mar(4))["report-to-conference", "M1"]
    line = worded(need, "Jay")
    assert line.text == "Send the report to the review conference"
    assert "Nothing has come yet from police and school." in line.why
    assert line.agencies == ["police", "school"]


@pytest.mark.parametrize("day", [feb(3), mar(20), date(2026, 12, 1)])
def test_everything_that_is_owed_has_words(day: date) -> None:
    story = given(agreed(feb(3), due_on=feb(10)), decided(feb(3)), linked(feb(3)))
    story.when(shared(feb(3), to=("school",)), injury(feb(3)))
    for need in stands(story, day)["needs"]:
        line = worded(need, "Jay")
        assert "{" not in line.text + line.why + line.part
        assert "None" not in line.text + line.why
        assert not line.text.endswith((":", ": "))


def test_every_obligation_has_words_and_a_place_in_the_order() -> None:
    codes = {row.code for row in OBLIGATIONS}
    assert set(ASKS) == codes
    counted = Counter(code for codes in IMPORTANCE for code in codes)
    assert counted == Counter(codes)


def test_a_plan_in_need_owes_other_things_than_child_protection() -> None:
    in_need = {need["obligation"] for need in stands(given_in_need(), feb(3))["needs"]}
    protection = {need["obligation"] for need in stands(given(), feb(3))["needs"]}
    assert in_need - protection == {"cin-review"}
    assert {"first-core-group", "first-review-conference"} <= protection - in_need
