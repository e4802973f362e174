"""The list of alerts says what a rehearsal says, and what became of each."""

from datetime import date
from typing import Any

from plantrack.projections import alerts, caseload, due, next_sweep
from plantrack.projections.paging import Slice
from projections.lists import ONE_DAY, TODAY, Lists, lists
from story import (
    CP_J1,
    CP_K2,
    MANAGER,
    START,
    Story,
    agreed,
    answered,
    apr,
    completed,
    corrected,
    decided,
    ending,
    feb,
    given,
    mar,
    position,
    rescheduled,
    retracted,
    seen,
    shared,
)

A1 = "action-done:A1:2026-02-06"


def swept(mine: Lists, story: Story, last: date) -> None:
    """Tell a story, sweep it day by day, and follow."""
    mine.tell_more(story)
    mine.sweep_daily([CP_J1, CP_K2], START + ONE_DAY, last)
    mine.follow()


def as_printed(row: dict[str, Any]) -> dict[str, Any]:
    """Keep of a row what ``plantrack rehearse --json`` prints."""
    names = (
        "raised_on", "plan", "obligation", "finding", "about", "due_on", "because", "told",
        "policy", "cleared_on", "met_on", "unmet_at_closing",
    )  # fmt: skip
    days = {name: row[name] and row[name].isoformat() for name in names if name.endswith("_on")}
    return {name: row[name] for name in names} | days


def test_every_line_of_a_rehearsal_is_a_row_and_every_row_a_line(url: str) -> None:
    story = given(
        agreed(feb(2), due_on=feb(6)),
        agreed(feb(2), "A2", due_on=mar(9)),
        decided(feb(3)),
        shared(feb(4)),
        completed(feb(11)),
        position(feb(18), "school"),
        seen(feb(20)),
        answered(feb(24), "child-seen:J1:2026-02-16"),
        rescheduled(mar(11), "A2", due_on=apr(6)),
        *ending(apr(8), A2="ended"),
    )
    with lists(url) as mine:
        swept(mine, story, apr(10))
        found: list[dict[str, Any]] = []
        after = None
        while True:
            wanted = Slice(after, 200)
            page = mine.look(alerts.listed, today=TODAY, open_only=False, wanted=wanted)
            found += map(as_printed, page.rows)
            if (after := page.next) is None:
                break

    lines = [line.to_json() for line in story.rehearsed(until=apr(10))]
    assert len(lines) > 50
    assert sorted(found, key=str) == sorted(lines, key=str)
    assert any(line["unmet_at_closing"] for line in lines)
    assert any(line["obligation"] == "alert-answered" for line in lines)


def test_an_alert_tells_the_facts_it_rests_on_and_for_whom_it_waits(url: str) -> None:
    with lists(url) as mine:
        swept(mine, given(agreed(feb(2), due_on=feb(6))), feb(9))
        row = mine.one(alerts.listed, today=feb(12), obligation="action-done")
        clock = mine.one(due.listed, today=feb(12), obligation="action-done")
        plan = mine.look(caseload.one, CP_J1, feb(12))

    assert row["alert"] == A1
    assert row["facts"] == [
        {
            "entry": 2,
            "on": "2026-02-02",
            "told": "Action A1 was given to O Owner (children's social care), due on "
            "6 February 2026: Speak to the father.",
        }
    ]
    assert (row["agency"], row["name"], row["child"]) == ("csc", "O Owner", "J1")
    assert (row["says"], row["state"]) == ("An action is done by its date", "open")
    assert (row["days_open"], row["late"]) == (5, False)
    assert clock["alert"] == row["number"]
    assert plan["open_alerts"] == 1


def test_an_answer_says_who_gave_it_what_goes_well_and_what_is_challenged(url: str) -> None:
    story = given(agreed(feb(2), due_on=feb(6)), agreed(feb(2), "A2", due_on=apr(6)))
    story.when(answered(feb(10), A1, "A2"))
    with lists(url) as mine:
        swept(mine, story, mar(2))
        row = mine.one(alerts.listed, today=TODAY, plan=CP_J1, obligation="action-done")

        assert mine.rows(alerts.listed, today=TODAY, obligation="alert-answered", plan=CP_K2) != []
        assert A1 not in {
            r["about"] for r in mine.rows(alerts.listed, today=TODAY, open_only=False)
        }

    assert row["answered_on"] == feb(10)
    assert row["answered_by"] == {
        "name": MANAGER.name, "agency": "csc", "role": "team_manager"
    }  # fmt: skip
    assert (row["going_well"], row["challenge"]) == ("school sees him daily", "no visit")
    assert row["action"] == "A2"


def test_a_climb_is_a_row_of_its_own_and_is_told_by_the_alert_too(url: str) -> None:
    with lists(url) as mine:
        swept(mine, given(agreed(feb(2), due_on=feb(6))), feb(16))
        rows = mine.rows(alerts.listed, today=TODAY, plan=CP_J1)

    [row] = [each for each in rows if each["obligation"] == "action-done"]
    [climb] = [each for each in rows if each["about"] == A1]
    assert row["climbed_to"] == [
        {"on": "2026-02-14", "due_on": "2026-02-13", "to": climb["told"]}
    ]  # fmt: skip
    assert (climb["obligation"], climb["raised_on"]) == ("alert-answered", feb(14))
    assert climb["because"] == row["because"] == [2]
    assert climb["number"] > row["number"]


def test_an_alert_that_was_met_says_by_which_entry_and_how_late(url: str) -> None:
    with lists(url) as mine:
        swept(mine, given(agreed(feb(2), due_on=feb(6)), completed(feb(11))), feb(12))
        asked = {"today": TODAY, "obligation": "action-done"}
        row = mine.one(alerts.listed, open_only=False, **asked)

        assert mine.rows(alerts.listed, **asked) == []

    assert (row["met_on"], row["cleared_on"]) == (feb(11), feb(12))
    assert (row["cleared_by"], row["days_late"], row["state"]) == (3, 5, "cleared")


def test_alerts_are_listed_by_how_long_they_are_open_and_counted_by_rule(url: str) -> None:
    story = given(agreed(feb(2), due_on=feb(6)), agreed(feb(2), "A2", due_on=feb(9)))
    with lists(url) as mine:
        swept(mine, story, feb(10))
        asked = {"today": feb(12), "obligation": "action-done"}

        assert [r["about"] for r in mine.rows(alerts.listed, **asked)] == ["A1", "A2"]
        assert mine.one(alerts.listed, **asked, open_for=3)["about"] == "A1"
        assert mine.rows(alerts.listed, **asked, open_for=6) == []
        assert mine.rows(alerts.listed, **asked, child="K2") == []
        assert mine.rows(alerts.listed, **asked, agency="school") == []
        assert mine.look(alerts.open_by_rule) == {"action-done": 2}


def test_a_fact_that_was_put_right_is_told_as_it_counts_now(url: str) -> None:
    story = given(agreed(feb(2), due_on=feb(6)))
    with lists(url) as mine:
        swept(mine, story, feb(9))
        story.when(corrected(feb(10), 2, what="Speak to the mother"))
        mine.tell_numbered(story.entries[-1])
        mine.follow()
        row = mine.one(alerts.listed, today=TODAY, obligation="action-done")

    assert row["facts"][0]["told"].endswith("Speak to the mother.")


def test_a_sweep_reads_only_the_plans_that_it_has_something_to_say_on(url: str) -> None:
    with lists(url, given(agreed(feb(2), due_on=feb(6)))) as mine:
        assert mine.look(next_sweep.to_sweep, feb(6)) == []
        assert mine.look(next_sweep.to_sweep, feb(7)) == [CP_J1]
        assert mine.look(next_sweep.to_sweep, feb(28)) == [CP_J1, CP_K2]
        assert mine.look(next_sweep.to_sweep, feb(28), limit=1) == [CP_J1]

        mine.sweep_daily([CP_J1, CP_K2], feb(28), feb(28))
        mine.follow()
        assert mine.look(next_sweep.to_sweep, feb(28)) == []


def test_a_plan_whose_opening_was_taken_back_keeps_the_alerts_that_were_told(url: str) -> None:
    story = given(agreed(feb(2), due_on=feb(6)))
    with lists(url) as mine:
        swept(mine, story, feb(9))
        story.when(retracted(feb(10), 1))
        mine.tell_numbered(story.entries[-1])
        mine.follow()
        row = mine.one(alerts.listed, today=TODAY, obligation="action-done")
        assert mine.look(next_sweep.to_sweep, feb(12)) == [CP_J1]

    assert (row["child"], row["kind"], row["state"]) == ("J1", "cp", "open")
