"""Sweeps day by day on a record that grows say the same as a rehearsal of the whole history."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

import plantrack
from plantrack import codec
from plantrack.application import history_files
from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.alerts.sweep import acts, next_sweep, sweep
from plantrack.domain.calendar import first_sweep_knowing, london_day
from plantrack.domain.events import AlertCleared, AlertClimbed, AlertRaised, PlanEvent, PlanOpened
from plantrack.domain.events.entries import Entry
from plantrack.domain.obligations.succession import taken_over
from plantrack.domain.plans.decide import PlanBook
from plantrack.domain.replay.rehearsal import Line, last_sweep, rehearse
from plantrack.domain.words import THE_TRACKER, PlanKind
from story import (
    CIN_J1,
    CP_J1,
    agreed,
    answered,
    apr,
    completed,
    england,
    feb,
    given,
    given_in_need,
    mar,
    opened,
    oversight,
    rescheduled,
    retracted,
    seen,
    stepped_up,
)
from test_watch_agrees import ORDINARY, Step, steps, told

Lines = list[tuple[Any, ...]]
ONE_DAY = timedelta(days=1)


class Live:
    """A record of some plans as it grows, swept each day as the worker does it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.said: dict[str, list[Entry]] = {}
        for entry in entries:
            self.said.setdefault(entry.plan, []).append(entry)
        self.by_tracker: dict[str, list[Entry]] = {plan: [] for plan in self.said}
        self.files: dict[str, RunningPlan] = {}
        self.child = {plan: opened_for(said) for plan, said in self.said.items()}

    def file(self, plan: str, today: date) -> RunningPlan:
        """Give a plan's file as this day's sweep knows it; days only go forward."""
        file = self.files.setdefault(plan, RunningPlan(plan, (), england(), codec.amend))
        known = [e for e in self.said[plan] if first_sweep_knowing(e.known_at) <= today]
        if new := [e for e in (*known, *self.by_tracker[plan]) if e.number not in file.entries]:
            file.learn(new)
        before = [*self.said][: [*self.said].index(plan)]
        of_child = [other for other in before if self.child[other] == self.child[plan]]
        earlier = [self.file(other, today).hands_on for other in of_child]
        file.learn_before(taken_over(plan, earlier))
        return file

    def sweep(self, today: date, overdue_before: Iterable[Any] = ()) -> list[PlanEvent]:
        """Sweep every plan and give what was said."""
        events = []
        for plan in self.said:
            for act in sweep(self.file(plan, today), today, overdue_before):
                event = act.say(today)
                number = 100_000 + len(self.by_tracker[plan])
                at = datetime.combine(today, datetime.min.time(), UTC)
                self.by_tracker[plan].append(Entry(plan, number, at, THE_TRACKER, event))
                events.append(event)
        return events

    def sweep_daily(self, last: date, first: date | None = None) -> None:
        """Sweep on each day up to a last one."""
        known = (first_sweep_knowing(e.known_at) for said in self.said.values() for e in said)
        today = first or min(known)
        while today <= last:
            self.sweep(today)
            today += ONE_DAY

    def lines(self, last: date) -> Lines:
        """Give what was raised, as a rehearsal prints it."""
        return sorted((line for plan in self.said for line in self._lines(plan, last)), key=str)

    def _lines(self, plan: str, last: date) -> Iterator[tuple[Any, ...]]:
        for alert in self.file(plan, last).alerts:
            said, cleared = alert.raised, alert.cleared
            yield (
                said.on, plan, said.obligation, said.about, said.due_on, said.because, said.told,
                said.policy, alert.cleared_on, cleared.met_on if cleared else None,
                alert.unmet_at_closing,
            )  # fmt: skip
            for climb in alert.climbs():
                yield (
                    climb.event.on, plan, "alert-answered", alert.id, climb.event.due_on,
                    said.because, climb.event.to, climb.event.policy, climb.cleared_on,
                    climb.met_on, alert.unmet(climb.cleared_on, climb.event.due_on),
                )  # fmt: skip


def opened_for(said: list[Entry]) -> str | None:
    return next((e.event.child for e in said if isinstance(e.event, PlanOpened)), None)


def rehearsed(entries: list[Entry], last: date) -> Lines:
    lines = rehearse(entries, england(), codec.amend, last)
    return sorted((_as_told(line) for line in lines), key=str)


def _as_told(line: Line) -> tuple[Any, ...]:
    return (
        line.raised_on, line.plan, line.obligation, line.about, line.due_on, line.because,
        line.told, line.policy, line.cleared_on, line.met_on, line.unmet_at_closing,
    )  # fmt: skip


def hold_them_together(entries: list[Entry], last: date) -> Lines:
    live = Live(entries)
    live.sweep_daily(last)
    lines = live.lines(last)
    assert lines == rehearsed(entries, last)
    for plan in live.said:
        as_it_grew = live.file(plan, last)
        at_once = RunningPlan(plan, as_it_grew.entries.values(), england(), codec.amend)
        at_once.learn_before(as_it_grew.history.before)
        assert sorted(as_it_grew.running) == sorted(at_once.running)
    return lines


def history_of_child_j1() -> list[Entry]:
    file = Path(plantrack.__file__).parent / "cases" / "child-j1.jsonl"
    return history_files.take_in(history_files.read([file]), PlanBook(codec.amend)).entries


def test_the_history_of_child_j1_is_raised_live_as_it_was_rehearsed() -> None:
    entries = history_of_child_j1()
    last = last_sweep(london_day(max(entry.known_at for entry in entries)))

    assert len(hold_them_together(entries, last)) > 300


def hold_random_ones_together(kind: PlanKind, chosen: list[Step]) -> None:
    entries = told(kind, chosen)
    hold_them_together(entries, last_sweep(london_day(entries[-1].recorded_at)) + 40 * ONE_DAY)


@settings(ORDINARY, max_examples=15)
@for_all(st.sampled_from(list(PlanKind)), steps)
def test_any_history_is_raised_live_as_it_was_rehearsed(kind: PlanKind, chosen: list[Step]) -> None:
    hold_random_ones_together(kind, chosen)


@pytest.mark.soak
@settings(ORDINARY, max_examples=500, derandomize=False)
@for_all(st.sampled_from(list(PlanKind)), steps)
def test_hundreds_of_histories_are_raised_live_as_they_were_rehearsed(
    kind: PlanKind, chosen: list[Step]
) -> None:
    hold_random_ones_together(kind, chosen)


def test_a_carried_action_is_raised_on_the_plan_that_takes_it_over() -> None:
    story = given_in_need(agreed(feb(2), due_on=feb(20)), stepped_up(mar(2), A1="carried"))

    story.when(opened(on=mar(2), follows=CIN_J1), plan=CP_J1)

    lines = hold_them_together(story.entries, apr(20))

    assert {line[1] for line in lines if line[2:4] == ("action-done", "A1")} == {CIN_J1, CP_J1}


def test_the_next_sweep_is_the_day_of_the_first_act() -> None:
    live = Live(given(agreed(feb(2), due_on=feb(6))).entries)

    for today in (feb(3), feb(20), mar(20)):
        live.sweep_daily(today, first=today)
        file = live.file(CP_J1, today)
        assert next_sweep(file) == min(act.from_day for act in acts(file))


def test_an_alert_says_that_it_comes_late_if_a_sweep_before_should_have_raised_it() -> None:
    live = Live(given(agreed(feb(2), due_on=feb(6)), agreed(feb(2), "A2", due_on=feb(9))).entries)
    before = [clock for clock in live.file(CP_J1, feb(9)).running if clock.overdue(feb(9))]

    raised = live.sweep(feb(10), overdue_before=before)

    late = {e.about: e.late for e in raised if isinstance(e, AlertRaised)}
    assert late == {"A1": True, "A2": False}


def test_sweeping_a_day_again_says_nothing() -> None:
    live = Live(given(agreed(feb(2), due_on=feb(6))).entries)
    assert live.sweep(feb(9))

    assert live.sweep(feb(9)) == []


def test_an_alert_is_raised_again_if_what_cleared_it_is_taken_back() -> None:
    story = given(agreed(feb(2), due_on=feb(6)), completed(feb(10)))
    live = Live(story.entries)
    live.sweep_daily(feb(12))
    done = story.number()
    more = Live(story.when(retracted(feb(16), done)).entries)
    more.by_tracker = live.by_tracker

    [again] = [act for act in sweep(more.file(CP_J1, feb(17)), feb(17)) if "A1" in act.id]

    assert again.id == "raised:action-done:A1:2026-02-06:2"
    assert isinstance(again.say(feb(17)), AlertRaised)


def test_an_alert_whose_day_was_moved_is_cleared_without_being_met() -> None:
    live = Live(given(agreed(feb(2), due_on=feb(6)), rescheduled(feb(11), due_on=mar(6))).entries)
    live.sweep_daily(feb(11))

    [cleared] = [e for e in live.sweep(feb(12)) if isinstance(e, AlertCleared)]

    assert (cleared.alert, cleared.met_on, cleared.by_entry) == (
        "action-done:A1:2026-02-06", None, None
    )  # fmt: skip


def test_what_met_an_alert_is_named_with_how_late_it_was() -> None:
    story = given(agreed(feb(2), due_on=feb(6)), completed(feb(11)))
    live = Live(story.entries)
    live.sweep_daily(feb(11))

    [cleared] = [e for e in live.sweep(feb(12)) if isinstance(e, AlertCleared)]

    assert (cleared.met_on, cleared.by_entry, cleared.days_late) == (feb(11), story.number(), 5)


def climbs(live: Live, alert: str) -> list[AlertClimbed]:
    said = [entry.event for entry in live.by_tracker[CP_J1]]
    return [e for e in said if isinstance(e, AlertClimbed) and e.alert == alert]


def test_an_alert_that_nobody_answers_climbs_step_by_step() -> None:
    live = Live(given(agreed(feb(2), due_on=feb(6))).entries)

    live.sweep_daily(apr(20))

    told_to = [climb.to for climb in climbs(live, "action-done:A1:2026-02-06")]
    policy = england().on(feb(2))
    assert told_to == [policy.told(step + 1) for step in range(policy.climbs)]


def test_an_answer_stops_the_climbing_and_its_retraction_lets_it_go_on() -> None:
    alert = "action-done:A1:2026-02-06"
    story = given(agreed(feb(2), due_on=feb(6)), answered(feb(10), alert))
    live = Live(story.entries)
    live.sweep_daily(mar(20))
    assert climbs(live, alert) == []

    more = Live(story.when(retracted(mar(20), story.number())).entries)
    more.by_tracker = live.by_tracker
    more.sweep(mar(23))

    assert len(climbs(more, alert)) == 1


def test_each_act_has_a_name_of_its_own() -> None:
    live = Live(given(agreed(feb(2), due_on=feb(6)), oversight(feb(3), "G1"), seen(feb(4))).entries)

    for today in (feb(3), mar(2), apr(1)):
        live.sweep_daily(today, first=today)
        names = [act.id for act in acts(live.file(CP_J1, today))]
        assert len(names) == len(set(names)) > 0
