"""Watching one plan: alerts raised, climbing, answered and cleared, sweep by sweep.

A watch learns entries as they become known and sweeps on the days on which anything can change.
It remakes only the clocks that a new entry touches, so a long history costs what is in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heappop, heappush

from plantrack.domain.events import AlertAnswered, Corrected, PlanEvent, PlanOpened, Retracted
from plantrack.domain.events.entries import Amend, Fact, as_corrected
from plantrack.domain.obligations.catalogue import ALERT_ANSWERED, BY_CODE, OBLIGATIONS
from plantrack.domain.obligations.clocks import Clock, Obligation
from plantrack.domain.obligations.succession import carried_on
from plantrack.domain.plans.history import Before, Carried, History
from plantrack.domain.policy import Policies
from plantrack.domain.words import PlanKind

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


@dataclass
class Slot:
    """The clocks of one obligation for one thing, and the alerts open on them."""

    row: Obligation
    name: str
    clocks: list[Clock] = field(default_factory=list)
    open: dict[tuple[str, date], Alert] = field(default_factory=dict)


class Watch:
    """One plan, watched from sweep to sweep."""

    def __init__(self, plan: str, policies: Policies, amend: Amend) -> None:
        self.plan = plan
        self.policies = policies
        self.amend = amend
        self.history = History(plan, policies)
        self.alerts: list[Alert] = []
        self.changed_on: list[tuple[date, tuple[Carried, ...], bool]] = []
        self._said: dict[int, PlanEvent] = {}
        self._counts: dict[int, PlanEvent | None] = {}
        self._slots: dict[tuple[str, str], Slot] = {}
        self._touched: dict[tuple[str, str], None] = {}
        self._wake: list[tuple[date, str, str]] = []
        self._set: set[tuple[date, str, str]] = set()
        self._ended_on: date | None = None
        self._answers_changed = False

    def next_wake(self) -> date | None:
        """Give the next day on which something can change though no entry becomes known."""
        return self._wake[0][0] if self._wake else None

    def learn(self, entries: Iterable[tuple[int, PlanEvent]]) -> None:
        """Take in entries that have become known, by number."""
        recount = False
        for number, event in entries:
            self._said[number] = event
            if isinstance(event, Corrected | Retracted):
                recount = True
            else:
                self._counts[number] = event
                self._put(number, event)
        if recount:
            self._recount()

    def learn_before(self, before: Before) -> None:
        """Take in what other plans hand to this one."""
        for each in (*self.history.before.carried, *before.carried):
            for row in OBLIGATIONS:
                if row.code.startswith("action-"):
                    self._touched[row.code, each.action] = None
        self.history.before = before
        self._touched["repeat-plan", ""] = None

    def sweep(self, today: date) -> None:
        """Clear, raise and climb as a sweep of this day would, with what is known by now."""
        self._notice_ending(today)
        if self._answers_changed:
            self._take_answers(today)
        touched, self._touched = self._touched, {}
        for code, name in touched:
            slot = self._slot(code, name)
            self._remake(slot)
            if slot.clocks or slot.open:
                self._settle(slot, today)
        self._wake_up(today)
        if touched:
            self._publish(today)

    def finish(self, last: date) -> None:
        """Let open alerts climb up to the last sweep."""
        for alert in self._open_alerts():
            self._climb(alert, last)

    def _put(self, number: int, event: PlanEvent) -> None:
        self.history.add(Fact(event.on, number, event))
        self._touch(event)

    def _touch(self, event: PlanEvent) -> None:
        if isinstance(event, AlertAnswered):
            self._answers_changed = True
        elif isinstance(event, PlanOpened):
            self._touch_all()
        else:
            for row in READERS.get(type(event), ()):
                for name in row.touched(event, self.history):
                    self._touched[row.code, name] = None

    def _touch_all(self) -> None:
        for row in OBLIGATIONS:
            for name in row.everything(self.history):
                self._touched[row.code, name] = None
        self._touched.update(dict.fromkeys(self._slots))

    def _recount(self) -> None:
        """Count all entries again after a correction or retraction, and put in what differs."""
        counts = as_corrected(self._said.items(), self.amend)
        for number, event in counts.items():
            before = self._counts.get(number)
            if event == before:
                continue
            if before is not None:
                self._touch(before)
                self.history.remove(Fact(before.on, number, before))
                self._touch(before)
            if event is not None and not isinstance(event, Corrected | Retracted):
                self._put(number, event)
        self._counts = {
            number: None if isinstance(event, Corrected | Retracted) else event
            for number, event in counts.items()
        }

    def _notice_ending(self, today: date) -> None:
        """Take note that the plan has ended, or that its ending was put right."""
        ending = self.history.ending
        ended_on = ending.on if ending else None
        if ended_on == self._ended_on:
            return
        for alert in self._open_alerts():
            self._climb(alert, today - ONE_DAY)
            alert.climbs_from = today
        self._ended_on = ended_on
        self._answers_changed = True
        self._touch_all()

    def _slot(self, code: str, name: str) -> Slot:
        if (code, name) not in self._slots:
            self._slots[code, name] = Slot(BY_CODE[code], name)
        return self._slots[code, name]

    def _remake(self, slot: Slot) -> None:
        """Make a slot's clocks again; those met matter only where an alert waits for them."""
        clocks = slot.row.clocks(self.history, slot.name, running_only=not slot.open)
        slot.clocks = [self._at_the_end(clock) for clock in clocks]

    def _at_the_end(self, clock: Clock) -> Clock:
        """Take back what is dated after the plan ended: it stops nothing (R25)."""
        if self._ended_on and clock.met_on and clock.met_on > self._ended_on:
            return clock._replace(met_on=None, met_by=None)
        return clock

    def _counts_at_end(self, clock: Clock) -> bool:
        """Whether a running clock was overdue when the plan ended, or the plan goes on (R22)."""
        ended_on = self._ended_on
        return ended_on is None or (clock.due_on < ended_on and clock.started_on <= ended_on)

    def _settle(self, slot: Slot, today: date) -> None:
        """Clear what is met or gone, raise what is overdue, and wake up for the rest."""
        if slot.open:
            self._clear(slot, today)
        overdue: dict[tuple[str, date], list[Clock]] = {}
        for clock in slot.clocks:
            if clock.met_on is not None or not self._counts_at_end(clock):
                continue
            if today > clock.due_on:
                overdue.setdefault((clock.about, clock.due_on), []).append(clock)
            else:
                self._wake_on(clock.due_on + ONE_DAY, slot)
        for key, clocks in overdue.items():
            if key not in slot.open:
                slot.open[key] = self._raise(clocks, today)

    def _clear(self, slot: Slot, today: date) -> None:
        for key, alert in list(slot.open.items()):
            same = [clock for clock in slot.clocks if (clock.about, clock.due_on) == key]
            if any(clock.met_on is None and self._counts_at_end(clock) for clock in same):
                continue
            self._climb(alert, today - ONE_DAY)
            met = [clock.met_on for clock in same if clock.met_on is not None]
            alert.clear(today, max(met) if same and len(met) == len(same) else None)
            del slot.open[key]

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

    def _wake_on(self, day: date, slot: Slot) -> None:
        wake = (day, slot.row.code, slot.name)
        if wake not in self._set:
            self._set.add(wake)
            heappush(self._wake, wake)

    def _wake_up(self, today: date) -> None:
        while self._wake and self._wake[0][0] <= today:
            wake = heappop(self._wake)
            self._set.discard(wake)
            self._settle(self._slots[wake[1], wake[2]], today)

    def _open_alerts(self) -> list[Alert]:
        return [alert for alert in self.alerts if alert.cleared_on is None]

    def _climb(self, alert: Alert, until: date) -> None:
        """Let an unanswered alert climb as the sweeps up to a day would have let it.

        Nothing but the calendar decides when an open alert climbs, so it is worked out when
        something else happens to it.
        """
        while not alert.answered_on:
            since = alert.unanswered_since
            policy = self.policies.on(since)
            due_on = self.policies.due(ALERT_ANSWERED.code, "period", since, since)
            today = max(due_on + ONE_DAY, alert.climbs_from)
            ended = self._ended_on is not None and due_on >= self._ended_on
            if today > until or ended or len(alert.climbs) >= policy.climbs:
                return
            told = policy.told(len(alert.climbs) + 1)
            alert.climbs.append(Climb(today, due_on, told, policy.version))

    def _take_answers(self, today: date) -> None:
        """Match answers with the alerts that were open on their day (R73)."""
        self._answers_changed = False
        answered: dict[str, list[date]] = {}
        for fact in self.history.of(AlertAnswered):
            if self._ended_on is None or fact.on <= self._ended_on:
                answered.setdefault(fact.event.alert, []).append(fact.on)
        for alert in self._open_alerts():
            days = [on for on in answered.get(alert.id, ()) if on >= alert.raised_on]
            if min(days, default=None) != alert.answered_on:
                self._climb(alert, today - ONE_DAY)
                alert.answer(today, min(days, default=None))
                alert.climbs_from = today

    def _publish(self, today: date) -> None:
        """Keep what the plan's successor and the child's later plans need to know, day by day."""
        if self._ended_on:
            for alert in self._open_alerts():
                alert.end_climbs(today, self._ended_on)
        opened_cp = self.history.opening is not None and self.history.kind is PlanKind.CP
        now = (tuple(carried_on(self.history)), opened_cp)
        if not self.changed_on or self.changed_on[-1][1:] != now:
            self.changed_on.append((today, *now))

    def unmet(self, cleared_on: date | None, due_on: date) -> bool:
        """Whether an alert or a climb was still open when the plan ended (R21)."""
        return self._ended_on is not None and cleared_on is None and due_on < self._ended_on


READERS: dict[type[PlanEvent], list[Obligation]] = {}
for _row in OBLIGATIONS:
    for _kind in _row.reads:
        READERS.setdefault(_kind, []).append(_row)
