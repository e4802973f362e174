"""What people look at: plans on the record, seen from a moment, their marked texts sealed."""

from collections.abc import Iterator
from typing import Any

from plantrack import wire
from plantrack.domain.carrying import carried_on
from plantrack.domain.chronology import Told, chronology
from plantrack.domain.entries import Entry
from plantrack.domain.events import PlanOpened, PlanSteppedDown, PlanSteppedUp
from plantrack.domain.history import Before, History
from plantrack.domain.marks import sealed
from plantrack.domain.moments import Moment, Seen, see
from plantrack.domain.picture import Picture, picture
from plantrack.domain.plan import Plan
from plantrack.domain.policy import Policies
from plantrack.domain.refusals import MomentBeforePlan
from plantrack.domain.words import PlanKind
from plantrack.domain.workspace import workspace
from plantrack.tracker import Tracker


def plans(tracker: Tracker) -> Iterator[dict[str, Any]]:
    """Give a row for every plan on the record, in the order of opening."""
    for name in tracker.plans():
        entries = entries_of(tracker, name)
        plan = Plan(name, wire.amend_sealed)
        for entry in entries:
            plan.evolve(entry.event)
        now = plan.now
        yield {
            "plan": name,
            "kind": now.opened and now.opened.plan_kind.value,
            "child": now.opened and now.opened.child,
            "opened": now.opened and now.opened.on,
            "ended": now.ended and now.ended.on,
            "lead": now.lead and now.lead.name,
            "entries": len(entries),
        }


def entries_of(tracker: Tracker, plan: str) -> list[Entry]:
    """Give a plan's entries, sealed as all that is known now asks for."""
    return sealed(tracker.entries(plan))


def chronology_at(tracker: Tracker, plan: str, moment: Moment) -> list[Told]:
    """Tell a plan's entries as seen from a moment."""
    return chronology(see(entries_of(tracker, plan), moment, wire.amend_sealed), moment)


def picture_at(tracker: Tracker, policies: Policies, plan: str, moment: Moment) -> Picture:
    """Give where a plan stands as seen from a moment."""
    seen = see(entries_of(tracker, plan), moment, wire.amend_sealed)
    before = _before(tracker, policies, plan, seen, moment)
    return picture(plan, seen, before, policies, moment.today(tracker.now()))


def workspace_at(tracker: Tracker, policies: Policies, plan: str, moment: Moment) -> dict[str, Any]:
    """Give where a plan stands, and what people need besides to work on it."""
    seen = see(entries_of(tracker, plan), moment, wire.amend_sealed)
    before = _before(tracker, policies, plan, seen, moment)
    today = moment.today(tracker.now())
    stands = picture(plan, seen, before, policies, today)
    return stands | workspace(plan, seen, before, policies, today)


def _before(tracker: Tracker, policies: Policies, plan: str, seen: Seen, moment: Moment) -> Before:
    """Find what other plans of the child hand to this one, as seen from the same moment."""
    opened = next((f.event for f in seen.facts if isinstance(f.event, PlanOpened)), None)
    if opened is None:
        return Before()
    carried, earlier_cp = [], False
    for name in tracker.plans_of(opened.child):
        if name == plan:
            break
        history = _history(tracker, policies, name, moment)
        if history is None or history.opened is None:
            continue
        earlier_cp = earlier_cp or history.kind is PlanKind.CP
        step = history.ending.event if history.ending else None
        if isinstance(step, PlanSteppedUp | PlanSteppedDown) and step.to_plan == plan:
            carried = list(carried_on(history))
    return Before(tuple(carried), earlier_cp)


def _history(tracker: Tracker, policies: Policies, plan: str, moment: Moment) -> History | None:
    try:
        seen = see(entries_of(tracker, plan), moment, wire.amend_sealed)
    except MomentBeforePlan:
        return None
    history = History(plan, policies, _before(tracker, policies, plan, seen, moment))
    for fact in seen.facts:
        history.add(fact)
    return history
