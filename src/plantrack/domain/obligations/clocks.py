"""How obligations run: each is a clock that one fact starts and another stops."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from plantrack.domain.events import PlanEvent
from plantrack.domain.events.entries import Fact
from plantrack.domain.plans.history import AnyFact, E, History, first_from
from plantrack.domain.words import PlanKind

EVERY = "*"
"""Stands for all things that an obligation is about."""


class Run(NamedTuple):
    """One obligation running for one thing, from the fact that starts it to the one that stops it.

    ``since`` is the day from which the period counts, if that is not the day of the start;
    ``due_on`` a day that the event itself states; ``case`` which of the policy's periods applies;
    ``because`` the entries that started it, if those are not the start alone.
    """

    about: str
    start: AnyFact
    stop: AnyFact | None
    case: str = "period"
    since: date | None = None
    due_on: date | None = None
    because: tuple[int, ...] = ()


class Clock(NamedTuple):
    """One obligation, what it is about, when it is due and what met it."""

    obligation: str
    about: str
    due_on: date
    started_on: date
    because: tuple[int, ...]
    policy: str
    met_on: date | None
    met_by: int | None

    def overdue(self, today: date) -> bool:
        """Whether it still runs and its day has passed."""
        return self.met_on is None and today > self.due_on


Runs = Callable[[History, str], Iterable[Run]]
Names = Callable[[PlanEvent, History], Iterable[str]]
Everything = Callable[[History], Iterable[str]]


def about_plan(_: PlanEvent, __: History) -> Iterable[str]:
    """Point every fact at the plan as a whole."""
    return ("",)


@dataclass(frozen=True, kw_only=True)
class Obligation:
    """Something that must follow, by a day, for each thing that it is about.

    ``runs`` gives the runs for one of these things; ``reads`` says which kinds of event may
    change them and, for each, which of the things it touches; ``everything`` lists them all.
    ``one_at_a_time`` marks chains, where only the latest run, which comes first, can go on.
    """

    code: str
    says: str
    owed_by: str
    finding: str
    runs: Runs
    reads: dict[type[PlanEvent], Names]
    everything: Everything = lambda _: ("",)
    plan_kinds: frozenset[PlanKind] = frozenset(PlanKind)
    one_at_a_time: bool = False
    anchors: tuple[str, ...] = ("start",)

    def touched(self, event: PlanEvent, history: History) -> Iterable[str]:
        """Say for which things an event may change what runs."""
        names = self.reads.get(type(event))
        if names is None:
            return ()
        touched = tuple(names(event, history))
        return tuple(self.everything(history)) if EVERY in touched else touched

    def clocks(self, history: History, name: str, *, running_only: bool = False) -> Iterator[Clock]:
        """Give the clocks for one thing, running and met.

        Those that an event stopped can be left out, unless it is dated after the plan's end.
        """
        if history.opening is None or history.kind not in self.plan_kinds:
            return
        ending = history.ending
        for run in self.runs(history, name):
            if running_only and run.stop and (ending is None or run.stop.on <= ending.on):
                if self.one_at_a_time and ending is None:
                    return
                continue
            yield self.clock(history, run)

    def clock(self, history: History, run: Run) -> Clock:
        """Put a run on the calendar, by the policy in force when it started."""
        started_on = run.start.on
        policies = history.policies
        return Clock(
            self.code,
            run.about,
            run.due_on or policies.due(self.code, run.case, run.since or started_on, started_on),
            started_on,
            run.because or (run.start.number,),
            policies.on(started_on).version,
            run.stop and run.stop.on,
            run.stop and run.stop.number,
        )


def chain(
    about: str, opening: AnyFact | None, links: Sequence[AnyFact], case: str = "period"
) -> Iterator[Run]:
    """Run from each link to the next, beginning with the opening; the latest run comes first.

    What happened before the opening neither starts nor stops anything (R67).
    """
    starts = [opening, *first_from(links, opening.on)] if opening else list(links)
    stop: AnyFact | None = None
    for start in reversed(starts):
        yield Run(about, start, stop, case)
        stop = start


def first(facts: Iterable[Fact[E]]) -> Fact[E] | None:
    """Give the earliest of some facts, which come in order."""
    return next(iter(facts), None)


def clocks(
    history: History, table: Iterable[Obligation], *, running_only: bool = False
) -> Iterator[Clock]:
    """Give all clocks of a plan, running and met; those that an event stopped can be left out."""
    for obligation in table:
        for name in sorted(set(obligation.everything(history))):
            yield from obligation.clocks(history, name, running_only=running_only)
