"""What rights depend on of a plan: whose it is, which team holds it, which agencies are on it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from plantrack.domain.events import (
    AgencyJoined,
    AgencyLeft,
    Corrected,
    LeadChanged,
    PlanEvent,
    PlanOpened,
    PlanSteppedDown,
    PlanSteppedUp,
    SiblingConsidered,
)
from plantrack.domain.rights.authorise import PlanFacts

NAMES_A_PLAN: Mapping[type[PlanEvent], str] = {
    PlanOpened: "follows",
    PlanSteppedDown: "to_plan",
    PlanSteppedUp: "to_plan",
    SiblingConsidered: "plan",
}
"""The field by which a kind of event names another plan."""


def facts_of(
    plan: str, said: Iterable[PlanEvent], counts: Mapping[int, PlanEvent | None]
) -> PlanFacts | None:
    """Gather the facts of a plan from its entries, as said and as they count; None if unopened."""
    said = list(said)
    opening = next((event for event in said if isinstance(event, PlanOpened)), None)
    if opening is None:
        return None
    team, agencies = opening.team, set[str]()
    for event in _in_order(counts):
        match event:
            case PlanOpened():
                opening, team = event, event.team
                agencies.update(event.agencies)
            case LeadChanged():
                team = event.team or team
            case AgencyJoined():
                agencies.add(event.agency)
            case AgencyLeft():
                agencies.discard(event.agency)
    return PlanFacts(
        plan=plan,
        child=opening.child,
        family=opening.family,
        team=team,
        agencies=frozenset(agencies),
        mentions=frozenset(_mentions(said)) - {plan},
    )


def _in_order(counts: Mapping[int, PlanEvent | None]) -> list[PlanEvent]:
    """Order what counts by day, and within a day as recorded; the opening comes first."""
    counting = [(event.on, number, event) for number, event in counts.items() if event]
    counting.sort(key=lambda each: (not isinstance(each[2], PlanOpened), *each[:2]))
    return [event for _, _, event in counting]


def _mentions(said: Iterable[PlanEvent]) -> Iterator[str]:
    """Name the other plans that are spoken of, in what was put right as well."""
    for event in said:
        name: Any = None
        if field := NAMES_A_PLAN.get(type(event)):
            name = getattr(event, field)
        elif isinstance(event, Corrected):
            yield from _named_in(event.fields)
        if isinstance(name, str):
            yield name


def _named_in(fields: Mapping[str, Any]) -> Iterator[str]:
    for field in NAMES_A_PLAN.values():
        if isinstance(fields.get(field), str):
            yield fields[field]
