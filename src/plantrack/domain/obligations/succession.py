"""What a plan that ends hands on to the one that takes its place (R27)."""

from collections.abc import Iterator

from plantrack.domain.events import ActionReassigned, ActionRescheduled
from plantrack.domain.obligations.actions import CLOSES_AN_ACTION, agreement
from plantrack.domain.obligations.catalogue import ACTION_DONE, ACTION_REVIEWED
from plantrack.domain.obligations.clocks import Obligation, first
from plantrack.domain.plans.history import Carried, DueDay, History
from plantrack.domain.words import DispositionKind


def carried_on(history: History) -> Iterator[Carried]:
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
