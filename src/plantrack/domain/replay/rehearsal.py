"""A rehearsal: past histories run through the rules with a sweep each day.

It says what would have been raised, when, who would have been told, and what cleared it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from plantrack.domain.calendar import first_sweep_knowing
from plantrack.domain.events import PlanOpened
from plantrack.domain.events.entries import Amend, Entry
from plantrack.domain.obligations.catalogue import ALERT_ANSWERED, BY_CODE
from plantrack.domain.obligations.succession import taken_over
from plantrack.domain.plans.history import Before
from plantrack.domain.policy import Policies
from plantrack.domain.replay.watch import Alert, Watch


class Line(NamedTuple):
    """One thing that would have been raised."""

    raised_on: date
    plan: str
    obligation: str
    finding: str
    about: str
    due_on: date
    because: tuple[int, ...]
    told: tuple[str, ...]
    policy: str
    cleared_on: date | None
    met_on: date | None
    unmet_at_closing: bool
    alert: Alert

    def to_json(self) -> dict[str, Any]:
        """Give the line as the published interface has it."""
        return {
            "raised_on": self.raised_on.isoformat(),
            "plan": self.plan,
            "obligation": self.obligation,
            "finding": self.finding,
            "about": self.about,
            "due_on": self.due_on.isoformat(),
            "because": list(self.because),
            "told": list(self.told),
            "policy": self.policy,
            "cleared_on": self.cleared_on and self.cleared_on.isoformat(),
            "met_on": self.met_on and self.met_on.isoformat(),
            "unmet_at_closing": self.unmet_at_closing,
        }


def rehearse(entries: Sequence[Entry], policies: Policies, amend: Amend, last: date) -> list[Line]:
    """Run entries, in the order they were recorded, through the rules up to a last sweep."""
    plans: dict[str, list[Entry]] = {}
    for entry in entries:
        plans.setdefault(entry.plan, []).append(entry)
    earlier = _earlier_plans(entries)
    watches: dict[str, Watch] = {}
    for plan, told in plans.items():
        watch = watches[plan] = Watch(plan, policies, amend)
        others = [watches[name] for name in earlier.get(plan, ()) if name in watches]
        _run(watch, told, list(_taken_over(plan, others)), last)
    lines = [line for watch in watches.values() for line in _lines(watch)]
    return sorted(lines, key=lambda at: (at.raised_on, at.plan, at.obligation, at.about, at.due_on))


def _earlier_plans(entries: Iterable[Entry]) -> dict[str, list[str]]:
    """Say for each plan which plans of the child were opened before it."""
    of_child: dict[str, list[str]] = {}
    earlier: dict[str, list[str]] = {}
    for entry in entries:
        if isinstance(entry.event, PlanOpened):
            known = of_child.setdefault(entry.event.child, [])
            earlier[entry.plan] = known.copy()
            known.append(entry.plan)
    return earlier


def _taken_over(plan: str, others: list[Watch]) -> Iterator[tuple[date, Before]]:
    """Give, day by day, what a plan takes over from the plans before it."""
    for day in sorted({day for watch in others for day, _ in watch.handed_on}):
        yield day, taken_over(plan, [watch.hands_on(day) for watch in others])


def _run(watch: Watch, entries: list[Entry], handed: list[tuple[date, Before]], last: date) -> None:
    """Sweep one plan on every day on which something can change."""
    news = [(day, list(known)) for day, known in groupby(entries, _known_on)]
    at = given = 0
    while True:
        days = [watch.next_wake()]
        days += [news[at][0]] if at < len(news) else []
        days += [handed[given][0]] if given < len(handed) else []
        today = min((day for day in days if day), default=None)
        if today is None or today > last:
            watch.finish(last)
            return
        while given < len(handed) and handed[given][0] <= today:
            watch.learn_before(handed[given][1])
            given += 1
        while at < len(news) and news[at][0] <= today:
            watch.learn(news[at][1])
            at += 1
        watch.sweep(today)


def _known_on(entry: Entry) -> date:
    return first_sweep_knowing(entry.known_at)


def _lines(watch: Watch) -> Iterator[Line]:
    for alert in watch.alerts:
        yield Line(
            raised_on=alert.raised_on,
            plan=alert.plan,
            obligation=alert.obligation,
            finding=BY_CODE[alert.obligation].finding,
            about=alert.about,
            due_on=alert.due_on,
            because=alert.because,
            told=alert.told,
            policy=alert.policy,
            cleared_on=alert.cleared_on,
            met_on=alert.met_on,
            unmet_at_closing=watch.unmet(alert.cleared_on, alert.due_on),
            alert=alert,
        )
        for climb in alert.climbs:
            yield Line(
                raised_on=climb.raised_on,
                plan=alert.plan,
                obligation=ALERT_ANSWERED.code,
                finding=ALERT_ANSWERED.finding,
                about=alert.id,
                due_on=climb.due_on,
                because=alert.because,
                told=climb.told,
                policy=climb.policy,
                cleared_on=climb.cleared_on,
                met_on=climb.met_on,
                unmet_at_closing=watch.unmet(climb.cleared_on, climb.due_on),
                alert=alert,
            )


def last_sweep(last_recorded_on: date) -> date:
    """Give the day of the last sweep: the day after the last entry was recorded (R2)."""
    return last_recorded_on + timedelta(days=1)
