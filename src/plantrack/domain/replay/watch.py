"""Watching one plan of a rehearsal: alerts raised, climbing, answered and cleared, sweep by sweep.

A watch learns entries as they become known and sweeps on the days on which anything can change,
so a long history costs what is in it and not its days.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heappop, heappush
from typing import NamedTuple

from plantrack.domain.alerts.climbing import next_climb
from plantrack.domain.alerts.running import RunningPlan, Slot
from plantrack.domain.events import AlertAnswered
from plantrack.domain.events.entries import Amend, Entry
from plantrack.domain.obligations.clocks import Clock
from plantrack.domain.obligations.succession import NOTHING_HANDED_ON, HandedOn
from plantrack.domain.plans.history import Before
from plantrack.domain.policy import Policies

ONE_DAY = timedelta(days=1)


@dataclass
class Climb:
    """One time that an alert went unanswered too long and was told to the next people."""

    raised_on: date
    due_on: date
    told: tuple[str, ...]
    policy: str
    cleared_on: date | None = None
    met_on: date | None = None


@dataclass
class Alert:
    """Somebody was told that something was overdue."""

    plan: str
    obligation: str
    about: str
    due_on: date
    raised_on: date
    because: tuple[int, ...]
    told: tuple[str, ...]
    policy: str
    cleared_on: date | None = None
    met_on: date | None = None
    answered_on: date | None = None
    climbs_from: date = date.min
    climbs: list[Climb] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Name the alert as ``OBLIGATION:ABOUT:DUE_ON``."""
        return f"{self.obligation}:{self.about}:{self.due_on}"

    @property
    def unanswered_since(self) -> date:
        """Say from which day an answer has been waited for: raised, or last climbed."""
        return self.climbs[-1].raised_on if self.climbs else self.raised_on

    def clear(self, today: date, met_on: date | None) -> None:
        """Clear the alert, and with it the climbs that are still open (R59)."""
        self.cleared_on, self.met_on = today, met_on
        for climb in self._open_climbs():
            climb.cleared_on, climb.met_on = today, today

    def answer(self, today: date, answered_on: date | None) -> None:
        """Note the answer, which clears the open climbs (R59), or that it was retracted."""
        self.answered_on = answered_on
        for climb in self._open_climbs() if answered_on else ():
            climb.cleared_on, climb.met_on = today, answered_on

    def end_climbs(self, today: date, ended_on: date) -> None:
        """Clear the climbs that were not overdue when the plan ended (R23)."""
        for climb in self._open_climbs():
            if climb.due_on >= ended_on:
                climb.cleared_on = today

    def _open_climbs(self) -> list[Climb]:
        return [climb for climb in self.climbs if climb.cleared_on is None]


class Wake(NamedTuple):
    """A day on which a clock that runs becomes overdue."""

    day: date
    slot: Slot


class Watch:
    """One plan, watched from sweep to sweep."""

    def __init__(self, plan: str, policies: Policies, amend: Amend) -> None:
        self.plan = plan
        self.policies = policies
        self.running = RunningPlan(plan, (), policies, amend)
        self.alerts: list[Alert] = []
        self.handed_on: list[tuple[date, HandedOn]] = []
        self._open: dict[Slot, dict[tuple[str, date], Alert]] = {}
        self._wakes: list[Wake] = []
        self._set: set[Wake] = set()
        self._ended_on: date | None = None
        self._answers_known = 0

    def next_wake(self) -> date | None:
        """Give the next day on which something can change though no entry becomes known."""
        return self._wakes[0].day if self._wakes else None

    def learn(self, entries: Iterable[Entry]) -> None:
        """Take in entries that have become known."""
        self.running.learn(entries)

    def learn_before(self, before: Before) -> None:
        """Take in what other plans hand to this one."""
        self.running.learn_before(before)

    def hands_on(self, day: date) -> HandedOn:
        """Give what the child's later plans took over by a day."""
        found = [handed for since, handed in self.handed_on if since <= day]
        return found[-1] if found else NOTHING_HANDED_ON

    def sweep(self, today: date) -> None:
        """Clear, raise and climb as a sweep of this day would, with what is known by now."""
        self._notice_ending(today)
        if self.running.changed_since(self._answers_known, (AlertAnswered,)):
            self._take_answers(today)
        touched = self.running.run_again()
        for slot in touched:
            self._settle(slot, today)
        self._wake_up(today)
        if touched:
            self._publish(today)

    def finish(self, last: date) -> None:
        """Let open alerts climb up to the last sweep."""
        for alert in self._open_alerts():
            self._climb(alert, last)

    def _notice_ending(self, today: date) -> None:
        """Take note that the plan has ended, or that its ending was put right."""
        ending = self.running.history.ending
        ended_on = ending.on if ending else None
        if ended_on == self._ended_on:
            return
        for alert in self._open_alerts():
            self._climb(alert, today - ONE_DAY)
            alert.climbs_from = today
        self._ended_on = ended_on
        self._answers_known = -1

    def _settle(self, slot: Slot, today: date) -> None:
        """Clear what is met or gone, raise what is overdue, and wake up for the rest."""
        running = self.running.running_of(slot)
        if slot in self._open:
            self._clear(slot, running, today)
        overdue: dict[tuple[str, date], list[Clock]] = {}
        for clock in running:
            if today > clock.due_on:
                overdue.setdefault((clock.about, clock.due_on), []).append(clock)
            else:
                self._wake_on(Wake(clock.due_on + ONE_DAY, slot))
        for key, clocks in overdue.items():
            alerts = self._open.setdefault(slot, {})
            if key not in alerts:
                alerts[key] = self._raise(clocks, today)

    def _clear(self, slot: Slot, running: list[Clock], today: date) -> None:
        still = {(clock.about, clock.due_on) for clock in running}
        gone = [(key, alert) for key, alert in self._open[slot].items() if key not in still]
        every = self.running.clocks_of_slot(slot) if gone else []
        for key, alert in gone:
            same = [clock.met_on for clock in every if (clock.about, clock.due_on) == key]
            met = [met_on for met_on in same if met_on is not None]
            self._climb(alert, today - ONE_DAY)
            alert.clear(today, max(met) if same and len(met) == len(same) else None)
            del self._open[slot][key]

    def _raise(self, clocks: list[Clock], today: date) -> Alert:
        """Raise one alert for all clocks of the same name and day (R34)."""
        clock = clocks[0]
        because = sorted({number for each in clocks for number in each.because})
        policy = self.policies.on(clock.started_on)
        alert = Alert(
            plan=self.plan,
            obligation=clock.obligation,
            about=clock.about,
            due_on=clock.due_on,
            raised_on=today,
            because=tuple(because),
            told=policy.told(),
            policy=policy.version,
        )
        self.alerts.append(alert)
        return alert

    def _wake_on(self, wake: Wake) -> None:
        if wake not in self._set:
            self._set.add(wake)
            heappush(self._wakes, wake)

    def _wake_up(self, today: date) -> None:
        while self._wakes and self._wakes[0].day <= today:
            wake = heappop(self._wakes)
            self._set.discard(wake)
            self._settle(wake.slot, today)

    def _open_alerts(self) -> list[Alert]:
        return [alert for alert in self.alerts if alert.cleared_on is None]

    def _climb(self, alert: Alert, until: date) -> None:
        """Let an unanswered alert climb as the sweeps up to a day would have let it.

        Nothing but the calendar decides when an open alert climbs, so it is worked out when
        something else happens to it.
        """
        while not alert.answered_on:
            since, climbed = alert.unanswered_since, len(alert.climbs)
            climb = next_climb(self.policies, since, climbed, self._ended_on)
            if climb is None:
                return
            today = max(climb.due_on + ONE_DAY, alert.climbs_from)
            if today > until:
                return
            alert.climbs.append(Climb(today, climb.due_on, climb.told, climb.policy))

    def _take_answers(self, today: date) -> None:
        """Match answers with the alerts that were open on their day (R73)."""
        self._answers_known = self.running.as_of
        answered: dict[str, list[date]] = {}
        for fact in self.running.history.of(AlertAnswered):
            if self._ended_on is None or fact.on <= self._ended_on:
                answered.setdefault(fact.event.alert, []).append(fact.on)
        for alert in self._open_alerts():
            days = [on for on in answered.get(alert.id, ()) if on >= alert.raised_on]
            if min(days, default=None) != alert.answered_on:
                self._climb(alert, today - ONE_DAY)
                alert.answer(today, min(days, default=None))
                alert.climbs_from = today

    def _publish(self, today: date) -> None:
        """Keep what the child's later plans need to know, day by day."""
        if self._ended_on:
            for alert in self._open_alerts():
                alert.end_climbs(today, self._ended_on)
        handed = self.running.hands_on
        if not self.handed_on or self.handed_on[-1][1] != handed:
            self.handed_on.append((today, handed))

    def unmet(self, cleared_on: date | None, due_on: date) -> bool:
        """Whether an alert or a climb was still open when the plan ended (R21)."""
        return self._ended_on is not None and cleared_on is None and due_on < self._ended_on
