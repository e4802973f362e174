"""Oversight by managers, and plans that drift or come again (S4 S13)."""

from collections.abc import Iterable, Iterator

from plantrack.domain.events import GapAnswered, OversightRecorded
from plantrack.domain.obligations.clocks import Run, chain, first
from plantrack.domain.plans.history import History, first_from


def oversight(history: History, _: str) -> Iterator[Run]:
    """Run from the opening and from each oversight, by the kind of plan."""
    yield from chain(
        history.plan, history.opening, history.of(OversightRecorded), history.kind.value
    )


def gap_answered(history: History, gap: str) -> Iterator[Run]:
    """Run from the oversight that named a gap."""
    for start in history.of(OversightRecorded):
        if gap in start.event.gaps:
            yield Run(gap, start, first(first_from(history.of(GapAnswered, gap), start.on)))


def gaps(history: History) -> Iterable[str]:
    """List the gaps that oversight named."""
    return {gap for fact in history.of(OversightRecorded) for gap in fact.event.gaps}


def plan_drift(history: History, _: str) -> Iterator[Run]:
    """Run twice from the opening; the plan's ending is the stop (R29)."""
    for case in ("first", "again"):
        if history.opening:
            yield Run(history.plan, history.opening, history.ending, case)


def repeat_plan(history: History, _: str) -> Iterator[Run]:
    """Run where the child had a child protection plan before (R58)."""
    opening = history.opening
    if opening and (history.before.cp_plan or opening.event.origin.previous_cp_plans):
        named = (
            fact
            for fact in first_from(history.of(OversightRecorded), opening.on)
            if "previous-plans" in fact.event.regarding
        )
        yield Run(history.plan, opening, first(named))
