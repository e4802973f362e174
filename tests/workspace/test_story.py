"""The story of a plan: newest first, put right in the open, alerts in words that people know."""

from typing import Any

from plantrack.domain.events import KINDS, AlertCleared, AlertClimbed, AlertRaised
from plantrack.domain.plan_view.entries import THEME_OF, THEMES, about, line, plainly, story
from plantrack.domain.words import THE_TRACKER
from story import (
    F2F,
    Story,
    agreed,
    apr,
    corrected,
    feb,
    given,
    mar,
    retracted,
    reviewed,
    seen,
    shared,
)
from workspace.standing import seen_of


def lines(told: Story) -> list[dict[str, Any]]:
    seen_so_far = seen_of(told)
    return [line(each, seen_so_far) for each in story(seen_so_far)]


def test_the_newest_day_comes_first_whenever_it_was_written_down() -> None:
    told = given(seen(feb(9), F2F)).when(seen(feb(5), F2F), recorded=feb(20))
    assert [each["on"] for each in lines(told)][:2] == [feb(9), feb(5)]
    late = {each["entry"]: each["days_late"] for each in lines(told)}
    assert (late[2], late[3]) == (0, 15)


def test_a_correction_is_told_beside_what_it_corrects_with_who_when_and_why() -> None:
    told = given(seen(feb(9), F2F), seen(feb(10), F2F)).when(corrected(feb(12), 2, where="school"))
    by_entry = {each["entry"]: each for each in lines(told)}
    [mended] = by_entry[2]["put_right"]
    assert (mended["how"], mended["entry"], mended["on"]) == ("Corrected", 4, feb(12))
    assert mended["by"].name == "T Manager"
    assert "home" in by_entry[2]["told"]
    assert "school" in by_entry[2]["now_told"]
    assert by_entry[3]["put_right"] == []


def test_what_was_taken_back_is_not_offered_to_be_put_right_again() -> None:
    told = given(seen(feb(9), F2F), seen(feb(10), F2F)).when(retracted(feb(12), 2))
    offered = {each["entry"]: each["can_be_put_right"] for each in lines(told)}
    assert (offered[2], offered[3]) == (False, True)


def test_what_the_tracker_said_is_not_offered_to_be_put_right() -> None:
    raised = AlertRaised(
        on=feb(11), obligation="oversight", about="CP-J1", due_on=feb(10), policy="p"
    )
    told = given().when(raised, by=THE_TRACKER)
    assert lines(told)[0]["can_be_put_right"] is False


def test_an_entry_tells_that_not_all_of_it_is_for_everybody() -> None:
    told = given(shared(feb(3), to=("school",)), seen(feb(4), F2F))
    marks = {each["entry"]: each["marks"] for each in lines(told)}
    assert (marks[2], marks[3]) == (["confidential to agencies"], [])


def test_an_actions_story_holds_its_own_entries_and_what_put_them_right() -> None:
    told = given(agreed(feb(3), "A1", due_on=apr(20)), agreed(feb(3), "A2", due_on=apr(20)))
    told.when(reviewed(mar(2), "A1"), reviewed(mar(2), "A2"), corrected(mar(3), 4, note="seen"))
    assert about(seen_of(told).entries, "action", "A1") == {2, 4, 6}
    assert about(seen_of(told).entries, "action", "A2") == {3, 5}


def test_an_alert_is_told_in_the_words_of_what_is_owed() -> None:
    raised = AlertRaised(
        on=feb(11),
        obligation="dissent-answered",
        about="D3/school-nursing",
        due_on=feb(10),
        policy="p",
        told=("team_manager",),
    )
    assert plainly(raised) == (
        "Told to the team manager: “An agency that disagrees gets a written answer (D3, school "
        "nursing)” was due on 10 February 2026."
    )


def test_an_alert_about_the_whole_plan_names_neither_plan_nor_child() -> None:
    climbed = AlertClimbed(
        on=feb(20), alert="child-seen:J1X:2026-02-10", due_on=feb(19), to=("owner",), policy="p"
    )
    cleared = AlertCleared(
        on=feb(20), alert="child-seen:J1X:2026-02-10", met_on=feb(19), days_late=9
    )
    gone = AlertCleared(on=feb(20), alert="oversight:CP-J1:2026-02-10")
    assert plainly(climbed) == (
        "Nobody answered in time, so the owner was told: “The child is seen face to face”."
    )
    assert plainly(cleared) == (
        "Done on 19 February 2026, 9 days late: “The child is seen face to face”."
    )
    assert plainly(gone) == (
        "No longer applies: “A manager looks at the plan, to support and to challenge”."
    )


def test_every_kind_has_a_theme_that_people_can_choose() -> None:
    assert set(THEME_OF) == set(KINDS)
    assert set(THEME_OF.values()) == set(THEMES)
