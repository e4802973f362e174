"""Actions: done by their date, looked at again, spoken to (S1)."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from plantrack.domain.events import (
    ActionAgreed,
    ActionCompleted,
    ActionEnded,
    ActionRescheduled,
    ActionReviewed,
    MeetingHeld,
    PlanEvent,
)
from plantrack.domain.events.entries import Fact, in_order
from plantrack.domain.obligations.clocks import Run, chain, first
from plantrack.domain.obligations.reading import SPEAKS_TO_ACTIONS, held, precedes
from plantrack.domain.plans.history import AnyFact, History, first_from

CLOSES_AN_ACTION = (ActionCompleted, ActionEnded)


def open_actions(event: PlanEvent, history: History) -> Iterable[str]:
    """Touch the actions that a meeting should speak to."""
    if getattr(event, "type", None) not in SPEAKS_TO_ACTIONS:
        return ()
    return tuple(
        action
        for action in action_names(history)
        if not any(fact.on < event.on for fact in history.of_any(CLOSES_AN_ACTION, action))
    )


def action_names(history: History) -> Iterable[str]:
    """List the plan's actions, carried ones included."""
    return {*history.names(ActionAgreed), *(each.action for each in history.before.carried)}


def agreement(history: History, action: str) -> Fact[ActionAgreed] | None:
    """Find how an action was agreed, perhaps on a plan before."""
    carried = history.carried(action)
    return first(history.of(ActionAgreed, action)) or (carried.agreed if carried else None)


def closed_by(history: History, action: str, start: AnyFact) -> AnyFact | None:
    """Find what completed or ended an action since its start, perhaps on the plan before."""
    carried = None if isinstance(start.event, ActionAgreed) else history.carried(action)
    before = carried.closed if carried else None
    return before or first(first_from(history.of_any(CLOSES_AN_ACTION, action), start.on))


def action_done(history: History, action: str) -> Iterator[Run]:
    """Run from the agreement; a new date replaces the running one (R7, R27, R32)."""
    carried = history.carried(action)
    due_days: list[tuple[AnyFact, date, AnyFact | None]] = [
        (agreed, agreed.event.due_on, None) for agreed in history.of(ActionAgreed, action)[:1]
    ]
    if not due_days and carried and history.opening:
        due_days = [(history.opening, each.due_on, each.met_by) for each in carried.done]
    if not due_days:
        return
    agreed = due_days[-1][0]
    due_days += [
        (moved, moved.event.due_on, None)
        for moved in history.of(ActionRescheduled, action)
        if precedes(agreed, moved)
    ]
    closed = closed_by(history, action, agreed)
    for (start, due_on, met_by), later in zip(due_days, [*due_days[1:], None], strict=True):
        stop = met_by or closed
        replaced = later and not met_by and not (stop and precedes(stop, later[0]))
        if not replaced:
            yield Run(action, start, stop, due_on=due_on)


def action_reviewed(history: History, action: str) -> Iterator[Run]:
    """Run from the agreement and from each review, while the action is open (R7, R27, R71)."""
    agreed, carried = first(history.of(ActionAgreed, action)), history.carried(action)
    start: AnyFact | None = agreed or (history.opening if carried else None)
    origin = agreement(history, action)
    if start is None or origin is None:
        return
    due_days = carried.reviewed if carried and not agreed else ()
    for each in due_days:
        if each.met_by:
            yield Run(action, start, each.met_by, due_on=each.due_on)
    running = [each.due_on for each in due_days if not each.met_by]
    every_days = origin.event.review_every_days
    closed = closed_by(history, action, start)
    for run in chain(action, start, history.of(ActionReviewed, action)):
        due_on = run.start.on + timedelta(days=every_days) if every_days else None
        if due_days and run.start is start:
            if not running:
                continue
            due_on = running[0]
        stops = sorted(filter(None, (run.stop, closed)), key=in_order)
        yield run._replace(stop=first(stops), due_on=due_on)


def action_spoken_to(history: History, action: str) -> Iterator[Run]:
    """Run from each meeting that should have spoken to an open action (R7, R33)."""
    agreed = agreement(history, action)
    if agreed is None:
        return
    carried = history.carried(action)
    closed = first(history.of_any(CLOSES_AN_ACTION, action)) or (carried and carried.closed)
    said = history.of_any((ActionReviewed, ActionRescheduled, *CLOSES_AN_ACTION), action)
    for meeting in held(history, *SPEAKS_TO_ACTIONS):
        if agreed.on < meeting.on:
            before = closed if closed and closed.on < meeting.on else None
            yield Run(action, meeting, before or first(f for f in said if _speaks(f, meeting)))


def _speaks(said: AnyFact, meeting: Fact[MeetingHeld]) -> bool:
    if getattr(said.event, "meeting", None) == meeting.event.meeting:
        return True
    if isinstance(said.event, ActionRescheduled):
        return said.on == meeting.on
    return said.on >= meeting.on
