"""The caseload and its actions: honest days, slips with reasons, and meetings that passed over."""

from datetime import date
from typing import Any

import pytest

from plantrack.domain.events import ChildDescribed
from plantrack.domain.refusals import Unreadable
from plantrack.domain.words import Alone
from plantrack.projections import actions, caseload, due, family, meetings
from plantrack.projections.paging import Slice
from projections.lists import TODAY, lists
from story import (
    CHAIR,
    CIN_J1,
    CORE_GROUP,
    CP_J1,
    CP_K2,
    F2F,
    REVIEW,
    START,
    TEACHER,
    TELEPHONE,
    VIDEO,
    Story,
    agreed,
    apr,
    category,
    completed,
    considered,
    described,
    ended,
    ending,
    feb,
    given,
    given_in_need,
    held,
    joined,
    lead,
    left,
    linked,
    mar,
    may,
    opened,
    planned,
    reassigned,
    rescheduled,
    retracted,
    reviewed,
    seen,
    stepped_up,
)

TWO = (agreed(feb(3), "A1", due_on=feb(20)), agreed(feb(3), "A2", due_on=mar(20)))


def test_a_plan_is_one_row_with_whose_it_is_and_who_is_on_it(url: str) -> None:
    story = given(joined(feb(4), "gp"), left(feb(5), "police"), lead(feb(6), TEACHER))
    story.when(category(feb(9)))
    with lists(url, story) as mine:
        row = mine.look(caseload.one, CP_J1, TODAY)

    assert (row["child"], row["family"], row["kind"], row["category"]) == ("J1", "F1", "cp", "EMO")
    assert (row["lead_name"], row["lead_agency"]) == (TEACHER.name, "school")
    assert row["chair"] == CHAIR.name
    assert row["agencies"] == ["csc", "gp", "school", "school-nursing"]
    assert row["last_entry"] == 5
    assert row["days_on_plan"] == (TODAY - START).days


def test_a_plan_names_the_child_as_last_described_and_no_other(url: str) -> None:
    story = given(described(feb(3), date(2018, 3, 1)))
    with lists(url, story) as mine:
        first = mine.look(caseload.one, CP_J1, TODAY)["given_names"]
        story.when(ChildDescribed(on=feb(9), given_names="Jaya"))
        mine.tell_and_follow(story)
        second = mine.look(caseload.one, CP_J1, TODAY)["given_names"]
        beside = mine.look(caseload.one, CP_K2, TODAY)["given_names"]

    assert (first, second, beside) == ("Jay", "Jaya", None)


def test_meetings_to_come_are_those_not_held_of_plans_that_go_on_the_earliest_first(
    url: str,
) -> None:
    story = given(
        described(feb(3), date(2018, 3, 1)),
        planned(feb(3), CORE_GROUP, "M1", planned_for=feb(20)),
        planned(feb(3), REVIEW, "M2", planned_for=may(1)),
        planned(feb(3), CORE_GROUP, "M3", planned_for=mar(20)),
        held(feb(20), CORE_GROUP, "M1"),
    )
    with lists(url, story) as mine:
        rows = mine.rows(meetings.to_come)
        mine.tell_and_follow(story.when(*ending(apr(1))))
        after = mine.rows(meetings.to_come)

    assert [row["meeting"] for row in rows] == ["M3", "M2"]
    assert {(row["given_names"], row["family"]) for row in rows} == {("Jay", "F1")}
    assert after == []


def test_a_telephone_call_is_a_contact_and_no_visit(url: str) -> None:
    story = given(seen(feb(10), F2F, Alone.YES, words="I like it"), seen(feb(12), F2F))
    story.when(seen(feb(19), TELEPHONE, Alone.YES), seen(feb(20), VIDEO, Alone.YES))
    with lists(url, story) as mine:
        row = mine.look(caseload.one, CP_J1, TODAY)

    assert row["last_contact_on"] == feb(20)
    assert row["last_face_to_face_on"] == feb(12)
    assert row["last_alone_on"] == feb(10)
    assert row["last_heard_on"] == feb(10)


def test_the_next_review_is_the_one_whose_clock_runs(url: str) -> None:
    story = given()
    with lists(url, story) as mine:
        first = mine.look(caseload.one, CP_J1, TODAY)["next_review_on"]
        mine.tell_more(story.when(held(mar(2), REVIEW)))
        mine.follow()
        second = mine.look(caseload.one, CP_J1, TODAY)["next_review_on"]

    assert (first, second) == (may(2), date(2026, 9, 2))


def test_actions_are_counted_by_what_is_so_whatever_the_day_and_by_what_is_overdue_today(
    url: str,
) -> None:
    story = given(*TWO, agreed(feb(3), "A3", due_on=mar(2)), completed(feb(9), "A3"))
    story.when(rescheduled(feb(21), due_on=mar(3)))
    with lists(url, story) as mine:
        early, late = (mine.look(caseload.one, CP_J1, day) for day in (mar(3), mar(4)))
        beside = mine.look(caseload.one, CP_K2, mar(4))

    assert (early["open_actions"], early["slipped_actions"], early["overdue_actions"]) == (2, 1, 0)
    assert late["overdue_actions"] == 1
    assert (beside["open_actions"], beside["overdue_actions"]) == (0, 0)


def test_plans_are_listed_by_agency_kind_family_and_whether_they_have_ended(url: str) -> None:
    story = given(joined(feb(4), "gp"), *ending(apr(1)))
    with lists(url, story) as mine:

        def plans(**asked: Any) -> list[str]:
            found = mine.rows(caseload.listed, today=TODAY, **asked)
            return [row["plan"] for row in found]

        assert plans() == [CP_J1, CP_K2]
        assert plans(agency="gp") == [CP_J1]
        assert plans(agency="g") == []
        assert plans(family="F1", kind="cp", child="K2") == [CP_K2]
        assert (plans(ended=True), plans(ended=False)) == ([CP_J1], [CP_K2])
        assert plans(kind="cin") == plans(team="north") == []
        row = mine.look(caseload.one, CP_J1, TODAY)

    assert (row["ended_on"], row["ended_by"]) == (apr(1), "PlanClosed")
    assert row["days_on_plan"] == (apr(1) - START).days
    assert row["next_review_on"] is None


def test_a_plan_whose_opening_was_taken_back_keeps_a_row_that_says_so(url: str) -> None:
    with lists(url, given(retracted(feb(3), 1))) as mine:
        row = mine.look(caseload.one, CP_J1, TODAY)

        assert (row["retracted"], row["child"], row["opened_on"]) == (True, "J1", START)
        assert mine.rows(due.listed, today=TODAY, plan=CP_J1) == []
        assert not mine.look(caseload.one, CP_K2, TODAY)["retracted"]


def test_pages_meet_without_a_gap_or_a_row_twice(url: str) -> None:
    story = given(*(agreed(feb(3), f"A{n}", due_on=feb(20)) for n in range(7)))
    with lists(url, story) as mine:
        after, found = None, []
        for _ in range(4):
            page = mine.look(actions.listed, today=TODAY, wanted=Slice(after, 2))
            after = page.next
            found += [row["action"] for row in page.rows]

    assert found == [f"A{n}" for n in range(7)]
    assert after is None


def test_an_action_keeps_its_first_day_and_every_slip_with_its_reason(url: str) -> None:
    story = given(*TWO, rescheduled(feb(18), due_on=mar(3)), rescheduled(mar(2), due_on=mar(17)))
    with lists(url, story) as mine:
        row, other = mine.rows(actions.listed, today=TODAY, plan=CP_J1)

    assert (row["first_due_on"], row["due_on"], row["times_slipped"]) == (feb(20), mar(17), 2)
    assert row["slips"] == [
        {"on": "2026-02-18", "due_on": "2026-03-03", "reason": "the father was abroad"},
        {"on": "2026-03-02", "due_on": "2026-03-17", "reason": "the father was abroad"},
    ]
    assert (row["overdue"], row["days_overdue"]) == (True, (TODAY - mar(17)).days)
    assert other["slips"] == []


def test_a_meeting_that_passed_an_action_over_is_shown_as_not_having_reviewed_it(url: str) -> None:
    story = given(*TWO, held(feb(16), CORE_GROUP, "M1"), reviewed(feb(16), "A2", meeting="M1"))
    story.when(held(mar(16), CORE_GROUP, "M2"), reviewed(mar(16), "A1", meeting="M2"))
    story.when(completed(mar(16), "A2"))
    with lists(url, story) as mine:
        a1, a2 = mine.rows(actions.listed, today=TODAY, plan=CP_J1)

    told = {"M1": (a1["meetings"][0], a2["meetings"][0]), "M2": (a1["meetings"][1],)}
    assert [each["reviewed"] for each in told["M1"]] == [False, True]
    assert told["M1"][0]["spoken_to_on"] == "2026-03-16"
    assert told["M1"][0]["type"] == "core_group"
    assert told["M2"][0]["reviewed"] is True
    assert (a1["times_passed_over"], a2["times_passed_over"]) == (1, 0)


def test_a_meeting_after_an_action_was_done_did_not_pass_it_over(url: str) -> None:
    story = given(*TWO, completed(feb(9), "A1"), held(feb(16), CORE_GROUP, "M1"))
    with lists(url, story) as mine:
        a1, a2 = mine.rows(actions.listed, today=TODAY, plan=CP_J1)

    assert a1["meetings"] == []
    assert [each["reviewed"] for each in a2["meetings"]] == [False]


def test_an_action_says_how_it_stands(url: str) -> None:
    story = given(*TWO, agreed(feb(3), "A3", due_on=mar(2)), completed(feb(9), "A1"))
    story.when(ended(feb(10), "A2"), reassigned(feb(11), "A3"), reviewed(feb(12), "A3"))
    with lists(url, story) as mine:

        def stand(**asked: Any) -> dict[str, str]:
            found = mine.rows(actions.listed, today=TODAY, **asked)
            return {row["action"]: row["state"] for row in found}

        assert stand() == {"A1": "completed", "A2": "ended", "A3": "open"}
        assert stand(state="open") == stand(overdue=True) == {"A3": "open"}
        assert set(stand(overdue=False)) == {"A1", "A2"}
        assert stand(agency="school") == {"A3": "open"}
        [a3] = mine.rows(actions.listed, today=TODAY, state="open")

    assert (a3["name"], a3["reviews"], a3["last_reviewed_on"]) == (TEACHER.name, 1, feb(12))
    assert a3["difference"] == "none"


def stepped() -> Story:
    """Step a child in need plan up with one of its actions carried over."""
    story = given_in_need(*TWO, rescheduled(feb(18), due_on=feb(27)))
    story.when(stepped_up(mar(2), A1="carried", A2="ended"))
    return story.when(opened(on=mar(2), follows=CIN_J1), plan=CP_J1)


def test_an_action_that_is_carried_over_stays_open_there_and_is_not_called_done_here(
    url: str,
) -> None:
    with lists(url, stepped()) as mine:
        before = {row["action"]: row for row in mine.rows(actions.listed, today=TODAY, plan=CIN_J1)}
        after = mine.one(actions.listed, today=TODAY, plan=CP_J1)

    assert (before["A1"]["state"], before["A2"]["state"]) == ("carried", "left")
    assert before["A2"]["left_as"] == {"as": "ended", "reason": "as the conference decided"}
    assert (after["action"], after["state"], after["carried"]) == ("A1", "open", True)
    assert (after["first_due_on"], after["due_on"], after["times_slipped"]) == (
        feb(20),
        feb(27),
        1,
    )
    assert after["days_overdue"] == (TODAY - feb(27)).days


def test_what_is_overdue_is_the_same_on_both_lists(url: str) -> None:
    story = stepped()
    story.when(agreed(mar(3), "A9", due_on=mar(6)), plan=CP_J1)
    with lists(url, story) as mine:
        by_action = mine.rows(actions.listed, today=TODAY, overdue=True)
        by_clock = mine.rows(due.listed, today=TODAY, obligation="action-done", overdue_for=1)

    told = [(row["plan"], row["action"], row["due_on"]) for row in by_action]
    assert told == [(row["plan"], row["about"], row["due_on"]) for row in by_clock]
    assert len(told) == 2


def test_what_is_due_waits_for_somebody(url: str) -> None:
    with lists(url, given(*TWO)) as mine:
        row = mine.one(due.listed, today=feb(25), obligation="action-done", by=feb(25))
        exactly = mine.rows(due.listed, today=feb(25), overdue_for=5, obligation="action-done")
        longer = mine.rows(due.listed, today=feb(25), overdue_for=6, obligation="action-done")
        counts = mine.look(due.counted, feb(21))

    assert (row["agency"], row["name"], row["days_overdue"]) == ("csc", "O Owner", 5)
    assert row["says"] == "An action is done by its date"
    assert (row["child"], row["because"], row["alert"]) == ("J1", [2], None)
    assert (len(exactly), longer) == (1, [])
    assert counts["action-done"] == (2, 1)


def test_what_was_unmet_when_a_plan_ended_is_listed_where_it_is_asked_for(url: str) -> None:
    story = given(*TWO, *ending(mar(2), A1="ended", A2="ended"))
    with lists(url, story) as mine:
        asked = {"today": TODAY, "obligation": "action-done", "plan": CP_J1}

        assert mine.rows(due.listed, **asked) == []
        assert mine.one(due.listed, **asked, unmet_at_closing=True)["about"] == "A1"
        assert "action-done" not in mine.look(due.counted, TODAY)


def test_brothers_and_sisters_stand_side_by_side(url: str) -> None:
    story = given(linked(feb(3), "P1"), linked(feb(3), "P2", "father"), seen(feb(4)))
    story.when(considered(feb(9), "P1")).when(linked(feb(5), "P1"), plan=CP_K2)
    with lists(url, story) as mine:
        j1, k2 = mine.look(family.side_by_side, "F1", TODAY)
        waiting = mine.one(family.listed, considered=False)
        done = mine.one(family.listed, sibling=True, considered=True)

    assert (j1["child"], j1["last_face_to_face_on"]) == ("J1", feb(4))
    assert (k2["child"], k2["last_face_to_face_on"]) == ("K2", None)
    assert [person["person"] for person in j1["people"]] == ["P1", "P2"]
    assert (waiting["plan"], waiting["person"]) == (CP_K2, "P1")
    assert (done["outcome"], done["reason"]) == ("no_plan", "safe with an aunt")
    assert j1["people"][1]["considered"] is None


@pytest.mark.parametrize("cursor", ["x", "e30=", "WzFd", "WyJhIiwiYiIsImMiXQ=="])
def test_a_cursor_of_something_else_is_refused(url: str, cursor: str) -> None:
    with lists(url, given()) as mine, pytest.raises(Unreadable, match="no cursor of this list"):
        mine.look(caseload.listed, today=TODAY, wanted=Slice(cursor))
