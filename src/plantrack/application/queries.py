"""What people look at: plans on the record, seen from a moment, their marked texts sealed."""

from collections.abc import Iterator
from typing import Any

from plantrack import codec
from plantrack.application.commands import Commands
from plantrack.domain.events import PlanOpened
from plantrack.domain.events.entries import Entry
from plantrack.domain.obligations.succession import handed_on, taken_over
from plantrack.domain.plan_view import workspace
from plantrack.domain.plan_view.as_of import Picture, picture
from plantrack.domain.plans.as_known import Moment, Seen, see
from plantrack.domain.plans.chronology import Told, chronology
from plantrack.domain.plans.history import Before, History
from plantrack.domain.plans.plan import Plan
from plantrack.domain.policy import Policies
from plantrack.domain.redaction.marks import sealed
from plantrack.domain.refusals import MomentBeforePlan


def plans(commands: Commands) -> Iterator[dict[str, Any]]:
    """Give a row for every plan on the record, in the order of opening."""
    for name in commands.plans():
        entries = entries_of(commands, name)
        plan = Plan(name, codec.amend_sealed)
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


def entries_of(commands: Commands, plan: str) -> list[Entry]:
    """Give a plan's entries, sealed as all that is known now asks for."""
    return sealed(commands.entries(plan))


def chronology_at(commands: Commands, plan: str, moment: Moment) -> list[Told]:
    """Tell a plan's entries as seen from a moment."""
    return chronology(see(entries_of(commands, plan), moment, codec.amend_sealed), moment)


def picture_at(commands: Commands, policies: Policies, plan: str, moment: Moment) -> Picture:
    """Give where a plan stands as seen from a moment."""
    seen = see(entries_of(commands, plan), moment, codec.amend_sealed)
    before = _before(commands, policies, plan, seen, moment)
    return picture(plan, seen, before, policies, moment.today(commands.now()))


def workspace_at(
    commands: Commands, policies: Policies, plan: str, moment: Moment
) -> dict[str, Any]:
    """Give where a plan stands, and what people need besides to work on it."""
    seen = see(entries_of(commands, plan), moment, codec.amend_sealed)
    before = _before(commands, policies, plan, seen, moment)
    today = moment.today(commands.now())
    stands = picture(plan, seen, before, policies, today)
    return stands | workspace(plan, seen, before, policies, today)


def _before(
    commands: Commands, policies: Policies, plan: str, seen: Seen, moment: Moment
) -> Before:
    """Find what other plans of the child hand to this one, as seen from the same moment."""
    opened = next((f.event for f in seen.facts if isinstance(f.event, PlanOpened)), None)
    if opened is None:
        return Before()
    earlier = []
    for name in commands.plans_of(opened.child):
        if name == plan:
            break
        if history := _history(commands, policies, name, moment):
            earlier.append(handed_on(history))
    return taken_over(plan, earlier)


def _history(commands: Commands, policies: Policies, plan: str, moment: Moment) -> History | None:
    try:
        seen = see(entries_of(commands, plan), moment, codec.amend_sealed)
    except MomentBeforePlan:
        return None
    history = History(plan, policies, _before(commands, policies, plan, seen, moment))
    for fact in seen.facts:
        history.add(fact)
    return history
