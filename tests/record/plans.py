"""Two children, two plans and what is said on them."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from plantrack.domain.events import (
    ActionAgreed,
    ActionReviewed,
    ChildSeen,
    PlanClosed,
    PlanEvent,
    PlanOpened,
    PlanSteppedUp,
)
from plantrack.domain.events.entries import Entry
from plantrack.domain.words import (
    Alone,
    Category,
    ClosureReason,
    Difference,
    Mode,
    Named,
    Origin,
    Person,
    PlanKind,
    Role,
)

ANN = Person(name="Ann Archer", agency="csc", role=Role.LEAD_PRACTITIONER)
BEN = Named(name="Ben Baker", agency="csc")
NOW = datetime(2020, 6, 1, 9, 30, tzinfo=UTC)
SUMMER = date(2020, 5, 4)
_visits = count(1)


def opened_cin(child: str = "C1", on: date = SUMMER, **more: Any) -> PlanOpened:
    """A child in need plan is opened."""
    return PlanOpened(on=on, plan_kind=PlanKind.CIN, child=child, origin=Origin(), lead=BEN, **more)


def opened_cp(child: str = "C2", on: date = SUMMER, **more: Any) -> PlanOpened:
    """A child protection plan is opened."""
    return PlanOpened(
        on=on,
        plan_kind=PlanKind.CP,
        child=child,
        category=Category.NEGLECT,
        origin=Origin(initial_conference_on=on),
        lead=BEN,
        **more,
    )


def seen(note: str = "") -> ChildSeen:
    """The child is seen; no two times are the same."""
    return ChildSeen(
        on=SUMMER,
        mode=Mode.FACE_TO_FACE,
        alone=Alone.YES,
        by_agency="csc",
        words="I like my new school, “very much”.",
        note=note or f"visit {next(_visits)}",
    )


def agreed(action: str = "A1") -> ActionAgreed:
    """An action is put on the plan."""
    return ActionAgreed(on=SUMMER, action=action, what="Fix the boiler", owner=BEN, due_on=SUMMER)


def reviewed(action: str = "A1") -> ActionReviewed:
    """An action is reviewed."""
    return ActionReviewed(on=SUMMER, action=action, difference=Difference.BETTER)


def closed(on: date = date(2020, 5, 20), **more: Any) -> PlanClosed:
    """A plan ends."""
    return PlanClosed(on=on, reason=ClosureReason.SERVICES_CEASED, **more)


def stepped_up(to_plan: str, on: date = date(2020, 5, 20), **more: Any) -> PlanSteppedUp:
    """A child in need plan gives way to a child protection plan."""
    return PlanSteppedUp(on=on, to_plan=to_plan, **more)


def entry(plan: str, number: int, event: PlanEvent, by: Person = ANN) -> Entry:
    """An entry as the tracker would make it."""
    return Entry(plan, number, NOW, by, event)
