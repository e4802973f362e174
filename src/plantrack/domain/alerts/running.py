"""One plan as its entries come: how each counts now, its clocks and its alerts.

Read models make their rows of it, and both the sweep and the rehearsal are driven by it. An entry
makes only those clocks again that it touches. It knows no day: whatever depends on which day it
is, is asked with that day.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cached_property
from itertools import chain, count
from typing import TypeVar, cast

from plantrack.domain.alerts.raised import ToldAlert, told_alerts
from plantrack.domain.events import (
    ENDINGS,
    Corrected,
    PlanEvent,
    PlanOpened,
    Retracted,
)
from plantrack.domain.events.entries import Amend, Entry, Fact, as_corrected
from plantrack.domain.obligations.catalogue import BY_CODE, OBLIGATIONS
from plantrack.domain.obligations.clocks import Clock, Obligation
from plantrack.domain.obligations.succession import HandedOn, handed_on
from plantrack.domain.plans.history import NOTHING_BEFORE, Before, History
from plantrack.domain.policy import Policies
from plantrack.domain.words import PlanKind

T = TypeVar("T")

_moments = count(1)

Key = tuple[str, str, date]
"""An obligation, what it is about, and when it is due."""
Slot = tuple[str, str]
"""An obligation, and one of the things for which its clocks are counted together."""


class RunningPlan:
    """One plan, as its entries tell it."""

    def __init__(
        self,
        plan: str,
        entries: Iterable[Entry],
        policies: Policies,
        amend: Amend,
        before: Before = NOTHING_BEFORE,
    ) -> None:
        self.plan = plan
        self.policies = policies
        self.amend = amend
        self.entries: dict[int, Entry] = {}
        self.counts: dict[int, PlanEvent | None] = {}
        self.history = History(plan, policies, before)
        self.as_of = 0
        self._changed: dict[type[PlanEvent], int] = {}
        self._all_changed = 0
        self._kept: dict[str, tuple[int, object]] = {}
        self._slots: dict[str, dict[str, list[Clock]]] = {row.code: {} for row in OBLIGATIONS}
        self._touched: dict[Slot, None] | None = None
        self.learn(entries)
        self._all_changed = self.as_of

    @property
    def last_number(self) -> int:
        """The number of the last entry, 0 before the first."""
        return next(reversed(self.entries), 0)

    @property
    def opened(self) -> PlanOpened | None:
        """The event that opened the plan; one that was retracted as it was said."""
        if self.history.opened:
            return self.history.opened
        said = (entry.event for entry in self.entries.values())
        return next((event for event in said if isinstance(event, PlanOpened)), None)

    @property
    def child(self) -> str:
        """Whose plan it is, even if the opening was retracted."""
        return self.history.child or (self.opened.child if self.opened else "")

    @property
    def kind(self) -> PlanKind:
        """Which kind of plan it is, even if the opening was retracted."""
        return self.opened.plan_kind if self.opened else PlanKind.CIN

    def names(self, *kinds: type[PlanEvent]) -> list[str]:
        """Name, in order, the things that facts of some kinds are about, as they count now."""
        of = self.history.of
        named = {name for kind in kinds for name in self.history.names(kind) if of(kind, name)}
        return sorted(named)

    def sentence(self, number: int) -> str:
        """Tell an entry as it counts now; one that was retracted as it was said."""
        event = self.counts[number] or self.entries[number].event
        return event.sentence()

    def learn(self, entries: Iterable[Entry]) -> None:
        """Take in entries that were added."""
        self.as_of = next(_moments)
        putting_right = False
        for entry in entries:
            self.entries[entry.number] = entry
            if isinstance(entry.event, Corrected | Retracted):
                putting_right = True
            self.counts[entry.number] = entry.event
            self._put(entry.number, entry.event)
        if putting_right:
            self._count_again()
        self._forget_what_follows()

    def learn_before(self, before: Before) -> None:
        """Take in what the child's earlier plans hand to this one."""
        if before != self.history.before:
            self.history.before = before
            self.as_of = self._all_changed = next(_moments)
            self._touched = None
            self._forget_what_follows()

    def changed_since(self, as_of: int, kinds: Iterable[type[PlanEvent]]) -> bool:
        """Whether any fact of some kinds came, went or was put right after ``as_of`` was that."""
        changed = self._changed
        return self._all_changed > as_of or any(changed.get(kind, 0) > as_of for kind in kinds)

    def kept(self, name: str, reads: Collection[type[PlanEvent]], make: Callable[[], T]) -> T:
        """Make something of the facts of some kinds, or give what was made while none changed."""
        made = self._kept.get(name)
        if made is None or self.changed_since(made[0], reads):
            made = self._kept[name] = (self.as_of, make())
        return cast("T", made[1])

    def kept_about(
        self,
        name: str,
        about: str,
        kinds: Collection[type[PlanEvent]],
        others: Collection[type[PlanEvent]],
        make: Callable[[], T],
    ) -> T:
        """Make something of the facts about one thing, or give what was made of as many.

        Where nothing was put right, facts are only added, so there are more if there are others.
        """
        kept: dict[str, tuple[tuple[int, ...], T]] = self.kept(name, others, dict)
        so_many = tuple([len(self.history.of(kind, about)) for kind in kinds])
        made = kept.get(about)
        if made is None or made[0] != so_many:
            made = kept[about] = (so_many, make())
        return made[1]

    def clocks_of(self, key: Key) -> list[Clock]:
        """Give the clocks of one name and day, running and met, as the plan's end leaves them."""
        row = BY_CODE[key[0]]
        every = (c for name in row.everything(self.history) for c in row.clocks(self.history, name))
        return [self._at_the_end(c) for c in every if (c.obligation, c.about, c.due_on) == key]

    @cached_property
    def running(self) -> list[Clock]:
        """The clocks that run; of a plan that has ended, those that were overdue then (R21)."""
        self.run_again()
        slots = (clocks for row in OBLIGATIONS for clocks in self._slots[row.code].values())
        return self._as_the_end_leaves(chain.from_iterable(slots))

    @cached_property
    def running_by_key(self) -> dict[Key, list[Clock]]:
        """The clocks that run, those of the same name and day together (R34)."""
        same: dict[Key, list[Clock]] = {}
        for clock in self.running:
            same.setdefault((clock.obligation, clock.about, clock.due_on), []).append(clock)
        return same

    @cached_property
    def alerts(self) -> list[ToldAlert]:
        """Every alert that was raised on the plan, in the order raised."""
        return told_alerts(self.entries.values(), self.counts, self.history.ending)

    @cached_property
    def open_alerts(self) -> dict[Key, ToldAlert]:
        """The alerts that were not cleared, by the clock that each is about."""
        return {alert.key: alert for alert in self.alerts if alert.cleared is None}

    @cached_property
    def hands_on(self) -> HandedOn:
        """What the child's later plans take over."""
        return handed_on(self.history)

    def run_again(self) -> list[Slot]:
        """Make those clocks again that may have changed, and name what they are about."""
        if self._touched is None:
            before = [(row, name) for row in OBLIGATIONS for name in self._slots[row.code]]
            found = [(row, name) for row in OBLIGATIONS for name in row.everything(self.history)]
            touched = list(dict.fromkeys((row.code, name) for row, name in (*found, *before)))
        else:
            touched = list(self._touched)
        for code, name in touched:
            clocks = list(BY_CODE[code].clocks(self.history, name, running_only=True))
            if clocks:
                self._slots[code][name] = clocks
            else:
                self._slots[code].pop(name, None)
        self._touched = {}
        return touched

    def running_of(self, slot: Slot) -> list[Clock]:
        """Give the clocks of one obligation for one thing that run, as ``running`` has them."""
        return self._as_the_end_leaves(self._slots[slot[0]].get(slot[1], ()))

    def clocks_of_slot(self, slot: Slot) -> list[Clock]:
        """Give the clocks of one obligation for one thing, running and met."""
        every = BY_CODE[slot[0]].clocks(self.history, slot[1])
        return [self._at_the_end(clock) for clock in every]

    def _put(self, number: int, event: PlanEvent) -> None:
        if not isinstance(event, Corrected | Retracted):
            self.history.add(Fact(event.on, number, event))
            self._touch(event)

    def _touch(self, event: PlanEvent) -> None:
        """Note which clocks a fact may have changed; its end or opening may change them all."""
        kind = type(event)
        self._changed[kind] = self.as_of
        if kind is PlanOpened or kind in ENDINGS:
            self._touched = None
        if self._touched is not None:
            for row in READERS.get(kind, ()):
                for name in row.touched(event, self.history):
                    self._touched[row.code, name] = None

    def _count_again(self) -> None:
        """Count all entries again after a correction or retraction, and put in what differs."""
        self._all_changed = self.as_of
        said = ((number, entry.event) for number, entry in self.entries.items())
        counts = as_corrected(said, self.amend)
        for number, event in counts.items():
            was = self.counts[number]
            if event == was:
                continue
            if was is not None and not isinstance(was, Corrected | Retracted):
                self._touch(was)
                self.history.remove(Fact(was.on, number, was))
                self._touch(was)
            if event is not None:
                self._put(number, event)
        self.counts = counts

    def _forget_what_follows(self) -> None:
        for name in ("running", "running_by_key", "alerts", "open_alerts", "hands_on"):
            self.__dict__.pop(name, None)

    def _as_the_end_leaves(self, clocks: Iterable[Clock]) -> list[Clock]:
        if self.history.ending is None:
            return list(clocks)
        at_the_end = map(self._at_the_end, clocks)
        return [c for c in at_the_end if c.met_on is None and self._counts_at_end(c)]

    def _at_the_end(self, clock: Clock) -> Clock:
        """Take back what is dated after the plan ended: it stops nothing (R25)."""
        ending = self.history.ending
        if ending and clock.met_on and clock.met_on > ending.on:
            return clock._replace(met_on=None, met_by=None)
        return clock

    def _counts_at_end(self, clock: Clock) -> bool:
        """Whether a running clock was overdue when the plan ended, or the plan goes on (R22)."""
        ending = self.history.ending
        return ending is None or (clock.due_on < ending.on and clock.started_on <= ending.on)


READERS: dict[type[PlanEvent], list[Obligation]] = {}
for _row in OBLIGATIONS:
    for _kind in _row.reads:
        READERS.setdefault(_kind, []).append(_row)
