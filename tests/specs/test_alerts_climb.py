"""Alerts tell the next people until somebody answers, and no answer makes them go away."""

from datetime import date
from pathlib import Path

import pytest

from plantrack import codec
from plantrack.application.policies import reading as policy
from plantrack.domain.events import PlanEvent
from plantrack.domain.events.entries import Fact
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.obligations.clocks import clocks
from plantrack.domain.plans.history import History
from plantrack.domain.replay.rehearsal import rehearse
from plantrack.domain.replay.watch import Watch
from plantrack.domain.words import Person
from story import (
    MANAGER,
    TEACHER,
    Story,
    Told,
    agreed,
    answered,
    apr,
    at,
    corrected,
    ending,
    england,
    feb,
    given,
    injury,
    mar,
    may,
    medical,
    oversight,
    retracted,
    seen,
)

ALERT = "oversight:CP-J1:2026-03-02"
CLIMBS = [(mar(10), mar(11)), (mar(18), mar(19)), (mar(26), mar(27)), (apr(7), apr(8))]
"""When each answer was due, and the sweep that climbed: 5 working days, over Easter at the end."""


def climbs(story: Story, until: date) -> list[tuple[date, date]]:
    return [(told.due_on, told.raised_on) for told in story.climbs(ALERT, until=until)]


def test_an_unanswered_alert_climbs_four_times_and_no_further() -> None:
    story = given()

    for number, (due_on, climbs_on) in enumerate(CLIMBS):
        assert climbs(story, until=due_on) == CLIMBS[:number]
        assert climbs(story, until=climbs_on) == CLIMBS[: number + 1]
    assert climbs(story, until=date(2027, 1, 1)) == CLIMBS


def test_each_climb_tells_the_next_on_the_ladder() -> None:
    story = given()

    lines = [line for line in story.raised("alert-answered", until=may(1)) if line.about == ALERT]
    assert story.raised("oversight", until=may(1))[0].told == ("owner",)
    assert [line.told for line in lines] == [
        ("lead_practitioner",),
        ("team_manager",),
        ("service_manager",),
        ("safeguarding_partners",),
    ]


def test_a_climb_quotes_the_entries_of_the_alert_itself() -> None:
    story = given(oversight(feb(16)))

    lines = story.raised("alert-answered", until=apr(1))
    assert {line.because for line in lines if line.about == "oversight:CP-J1:2026-03-16"} == {(2,)}


def test_a_climb_needs_no_answer_of_its_own() -> None:
    lines = given().raised("alert-answered", until=date(2027, 1, 1))

    assert not [line for line in lines if line.about.startswith("alert-answered")]


def test_an_answer_on_the_last_day_keeps_it_from_climbing() -> None:
    in_time, too_late = given(answered(mar(10), ALERT)), given(answered(mar(11), ALERT))

    assert climbs(in_time, until=may(1)) == []
    assert climbs(too_late, until=may(1)) == CLIMBS[:1]


def test_an_answer_clears_the_climbs_and_leaves_the_alert() -> None:
    story = given(answered(mar(20), ALERT))

    assert story.climbs(ALERT, until=may(1)) == [
        Told(ALERT, due_on, climbed_on, cleared_on=mar(21), met_on=mar(20))
        for due_on, climbed_on in CLIMBS[:2]
    ]
    assert story.alerts("oversight", until=may(1)) == [
        Told("CP-J1", due_on=mar(2), raised_on=mar(3))
    ]


def test_an_answer_written_up_late_is_met_on_its_day() -> None:
    story = given().when(answered(mar(9), ALERT), recorded=mar(12))

    assert story.climbs(ALERT, until=may(1)) == [
        Told(ALERT, mar(10), mar(11), cleared_on=mar(13), met_on=mar(9))
    ]


def test_what_clears_the_alert_clears_its_climbs_on_the_day_of_the_sweep() -> None:
    story = given(oversight(mar(20)))

    assert story.climbs(ALERT, until=may(1)) == [
        Told(ALERT, due_on, climbed_on, cleared_on=mar(21), met_on=mar(21))
        for due_on, climbed_on in CLIMBS[:2]
    ]


@pytest.mark.parametrize(
    "event",
    [
        answered(mar(2), ALERT),
        answered(mar(4), "oversight:CP-J1:2026-03-03"),
        answered(mar(4), "oversight:CP-K2:2026-03-02"),
        answered(mar(4), "child-seen:J1:2026-02-16"),
    ],
    ids=["before it was raised", "another due date", "another plan", "another duty"],
)
def test_an_answer_to_something_else_answers_nothing_here(event: PlanEvent) -> None:
    assert climbs(given(event), until=mar(11)) == CLIMBS[:1]


def test_an_answer_of_a_day_before_the_alert_is_none_though_written_up_after_it() -> None:
    story = given().when(answered(mar(2), ALERT), recorded=mar(5))

    assert climbs(story, until=mar(11)) == CLIMBS[:1]


def test_an_answer_on_one_childs_plan_is_none_on_the_others() -> None:
    story = given().when(answered(mar(4), ALERT), plan="CP-K2")

    assert climbs(story, until=mar(11)) == CLIMBS[:1]


def test_one_alert_cleared_does_not_silence_the_others() -> None:
    story = given(injury(feb(9), "N1"), injury(feb(9), "N2"), medical(feb(12), "N1"))

    lines = story.raised("alert-answered", until=feb(19))
    assert [line.about for line in lines] == ["injury-decided:N2:2026-02-10"]


def test_a_second_alert_of_the_same_name_needs_an_answer_of_its_own() -> None:
    alert = "child-seen:J1:2026-02-16"
    story = given(answered(feb(17), alert), seen(feb(18)), retracted(feb(25), 3))

    assert story.climbs(alert, until=mar(5)) == []
    assert story.climbs(alert, until=mar(6)) == [Told(alert, due_on=mar(5), raised_on=mar(6))]


def test_an_answer_that_is_retracted_lets_the_alert_climb_again() -> None:
    story = given(answered(mar(4), ALERT), retracted(mar(16), 2))

    assert climbs(story, until=mar(16)) == []
    assert [told.raised_on for told in story.climbs(ALERT, until=mar(17))] == [mar(17)]


def test_an_answer_corrected_to_another_alert_answers_that_one() -> None:
    other = "child-seen:J1:2026-02-16"
    story = given(answered(feb(17), ALERT), corrected(feb(18), 2, alert=other))

    assert story.climbs(other, until=mar(2)) == []
    assert climbs(story, until=mar(11)) == CLIMBS[:1]


def test_alerts_of_a_plan_that_ended_climb_no_more() -> None:
    story = given(*ending(mar(12)))

    assert climbs(story, until=date(2027, 1, 1)) == CLIMBS[:1]
    assert story.climbs(ALERT, until=may(1))[0].unmet


def test_a_shorter_ladder_tells_its_last_people_again(tmp_path: Path) -> None:
    overlay = tmp_path / "local.toml"
    overlay.write_text(
        'version = "local-1"\nholds_from = 1990-01-01\n'
        '[alerts]\nladder = ["owner", "team_manager"]\nclimbs = 2\n'
    )
    story = given(policies=policy.load(overlay))

    lines = [line for line in story.raised("alert-answered", until=may(1)) if line.about == ALERT]
    assert [line.told for line in lines] == [("team_manager",), ("team_manager",)]


def test_a_sweep_that_stood_still_raises_late_with_the_true_day() -> None:
    story, watch = given(), Watch("CP-J1", england(), codec.amend)

    watch.learn(entry for entry in story.entries if entry.plan == "CP-J1")
    watch.sweep(mar(20))
    watch.sweep(mar(20))

    [alert] = [alert for alert in watch.alerts if alert.obligation == "child-seen"]
    assert (alert.due_on, alert.raised_on) == (feb(16), mar(20))


# Who knew what by which sweep


@pytest.mark.parametrize(("hour", "minute", "knows"), [(5, 59, True), (6, 0, True), (6, 1, False)])
def test_a_sweep_knows_what_was_recorded_by_six_in_the_morning(
    hour: int, minute: int, knows: bool
) -> None:
    story = given().when(seen(feb(16)), recorded=at(feb(17), hour, minute))

    assert (story.overdue("child-seen", on=feb(17)) == set()) is knows
    assert story.overdue("child-seen", on=feb(18)) == set()


def test_a_clock_is_overdue_from_the_day_after_it_is_due() -> None:
    story, history = given(injury(feb(9))), History("CP-J1", england())
    for entry in story.entries:
        if entry.plan == "CP-J1":
            history.add(Fact(entry.event.on, entry.number, entry.event))

    [clock] = clocks(history, [BY_CODE["injury-decided"]])
    assert (clock.overdue(feb(10)), clock.overdue(feb(11))) == (False, True)


def test_without_another_day_the_last_sweep_is_the_day_after_the_last_entry() -> None:
    assert given(injury(feb(16))).alerts("child-seen") == [
        Told("J1", due_on=feb(16), raised_on=feb(17))
    ]
    assert given(injury(feb(13))).alerts("child-seen") == []


def test_lines_come_by_day_then_plan_then_duty_then_thing() -> None:
    story = given(injury(feb(9), "N2"), injury(feb(9), "N1"), agreed(feb(2), due_on=feb(10)))

    keys = [
        (line.raised_on, line.plan, line.obligation, line.about, line.due_on)
        for line in story.rehearsed(apr(1))
    ]
    assert keys == sorted(keys)
    assert len(keys) > 10


def test_the_same_story_rehearsed_again_says_the_same() -> None:
    story = given(injury(feb(9)), seen(feb(16)), agreed(feb(2), due_on=feb(10)))

    once = rehearse(story.entries, story.policies, codec.amend, apr(1))
    assert [line.to_json() for line in once] == [line.to_json() for line in story.rehearsed(apr(1))]


@pytest.mark.parametrize("by", [MANAGER, TEACHER], ids=["a manager", "another agency"])
def test_a_manager_or_another_agency_may_answer(by: Person) -> None:
    story = given().when(answered(mar(4), ALERT), by=by)

    assert climbs(story, until=may(1)) == []
