"""What a plan hands on to the child's later plans, and above all to the one in its place (R27)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from plantrack.domain.events import ActionReassigned, ActionRescheduled, successor
from plantrack.domain.obligations.actions import CLOSES_AN_ACTION, agreement
from plantrack.domain.obligations.catalogue import ACTION_DONE, ACTION_REVIEWED
from plantrack.domain.obligations.clocks import Obligation, first
from plantrack.domain.plans.history import Before, Carried, DueDay, History
from plantrack.domain.words import DispositionKind, PlanKind


class HandedOn(NamedTuple):
    """What a plan hands on: the actions to its successor, the rest to every later plan."""

    to: str | None
    carried: tuple[Carried, ...]
    cp_plan: bool


NOTHING_HANDED_ON = HandedOn(None, (), cp_plan=False)


def handed_on(history: History) -> HandedOn:
    """Say what a plan hands on as it stands."""
    to = successor(history.ending.event) if history.ending else None
    was_cp = history.opening is not None and history.kind is PlanKind.CP
    return HandedOn(to, tuple(_carried_on(history)) if to else (), was_cp)


def taken_over(plan: str, earlier: Iterable[HandedOn]) -> Before:
    """Say what a plan takes over from the child's earlier plans, in their order (R27, R58)."""
    handed = list(earlier)
    carried = [each.carried for each in handed if each.to == plan]
    return Before(carried[-1] if carried else (), any(each.cp_plan for each in handed))


def _carried_on(history: History) -> Iterator[Carried]:
    """Say which actions go over to the next plan, with the due days they had (R27)."""
    ending = history.ending
    if ending is None or history.opening is None:
        return
    for action, left in ending.event.open_actions.items():
        agreed, before = agreement(history, action), history.carried(action)
        if left.disposition is DispositionKind.CARRIED and agreed:
            passed = history.of(ActionReassigned, action)
            owner = before.owner if before else agreed.event.owner
            closed = first(history.of_any(CLOSES_AN_ACTION, action))
            moves = before.moves if before else ()
            yield Carried(
                action=action,
                agreed=agreed,
                owner=passed[-1].event.owner if passed else owner,
                moves=(*moves, *history.of(ActionRescheduled, action)),
                done=_due_days(ACTION_DONE, history, action),
                reviewed=_due_days(ACTION_REVIEWED, history, action),
                closed=closed or (before.closed if before else None),
            )


def _due_days(row: Obligation, history: History, action: str) -> tuple[DueDay, ...]:
    return tuple(
        DueDay(row.clock(history, run).due_on, run.stop) for run in row.runs(history, action)
    )
