"""How a plan begins, who belongs to it, and how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from plantrack.domain.events.event import PlanEvent
from plantrack.domain.words import (
    AgencyId,
    Category,
    ChildId,
    ClosureReason,
    Disposition,
    EndedWithoutConference,
    Id,
    Named,
    Origin,
    PlanId,
    PlanKind,
    Reason,
    Sex,
    Text,
    agency,
    day,
    listed,
    one_line,
)

Dispositions = Mapping[Id, Disposition]


@dataclass(frozen=True, kw_only=True)
class PlanOpened(PlanEvent):
    """A conference or meeting decided that this child needs a plan."""

    plan_kind: PlanKind
    child: ChildId
    family: Id | None = None
    category: Category | None = None
    origin: Origin
    lead: Named
    chair: Named | None = None
    agencies: tuple[AgencyId, ...] = ()
    follows: PlanId | None = None
    team: Id | None = None

    def tell(self) -> str:
        category = f", category {self.category.says}" if self.category else ""
        chair = f" and {self.chair} as chair" if self.chair else ""
        after = f", following plan {self.follows}" if self.follows else ""
        council = self.origin.transferred_from
        moved = f", taken over from {one_line(council)}" if council else ""
        team = f"; team {self.team}" if self.team else ""
        return (
            f"A {self.plan_kind.says} plan was opened for {self.child}{category}{after}{moved}, "
            f"with {self.lead} as lead{chair}{team}."
        )


@dataclass(frozen=True, kw_only=True)
class ChildDescribed(PlanEvent):
    """Who the child is was put on the record."""

    given_names: Text | None = None
    family_name: Text | None = None
    born_on: date | None = None
    sex: Sex | None = None
    ethnicity: Text | None = None
    upn: Text | None = None
    nhs_number: Text | None = None
    disabilities: tuple[Text, ...] = ()
    first_language: Text | None = None

    def tell(self) -> str:
        name = " ".join(filter(None, (self.given_names, self.family_name)))
        born = f", born on {day(self.born_on)}" if self.born_on else ""
        return f"The child was described: {one_line(name) or 'no name given'}{born}."


@dataclass(frozen=True, kw_only=True)
class CategoryChanged(PlanEvent):
    """The category of a child protection plan was changed."""

    category: Category
    reason: Reason

    def tell(self) -> str:
        return f"The category was changed to {self.category.says}: {one_line(self.reason)}."


@dataclass(frozen=True, kw_only=True)
class LeadChanged(PlanEvent):
    """Another practitioner became the lead."""

    lead: Named
    reason: Reason
    team: Id | None = None

    def tell(self) -> str:
        team = f" in team {self.team}" if self.team else ""
        return f"{self.lead} became the lead practitioner{team}: {one_line(self.reason)}."


@dataclass(frozen=True, kw_only=True)
class ChairChanged(PlanEvent):
    """Another person became the conference chair."""

    chair: Named
    reason: Reason

    def tell(self) -> str:
        return f"{self.chair} became the conference chair: {one_line(self.reason)}."


@dataclass(frozen=True, kw_only=True)
class AgencyJoined(PlanEvent):
    """An agency came onto the plan."""

    agency: AgencyId
    professional: Text | None = None
    part: Text | None = None

    def tell(self) -> str:
        who = f", {one_line(self.professional)}" if self.professional else ""
        part = f" ({one_line(self.part)})" if self.part else ""
        return f"{agency(self.agency)} joined the plan{who}{part}."


@dataclass(frozen=True, kw_only=True)
class AgencyLeft(PlanEvent):
    """An agency left the plan."""

    agency: AgencyId
    reason: Reason

    def tell(self) -> str:
        return f"{agency(self.agency)} left the plan: {one_line(self.reason)}."


def tell_dispositions(open_actions: Dispositions) -> str:
    """Say what becomes of each open action."""
    parts = [
        f"action {action} {left.disposition} ({one_line(left.reason)})"
        for action, left in open_actions.items()
    ]
    return f"; {listed(parts)}" if parts else ""


@dataclass(frozen=True, kw_only=True)
class PlanSteppedUp(PlanEvent):
    """A child in need plan ended because a child protection plan takes its place."""

    to_plan: PlanId
    decision: Id | None = None
    open_actions: Dispositions = field(default_factory=dict)

    def tell(self) -> str:
        left = tell_dispositions(self.open_actions)
        return f"The plan was stepped up to child protection plan {self.to_plan}{left}."


@dataclass(frozen=True, kw_only=True)
class PlanSteppedDown(PlanEvent):
    """A child protection plan ended because a child in need plan takes its place."""

    to_plan: PlanId
    decision: Id | None = None
    open_actions: Dispositions = field(default_factory=dict)

    def tell(self) -> str:
        left = tell_dispositions(self.open_actions)
        return f"The plan was stepped down to child in need plan {self.to_plan}{left}."


@dataclass(frozen=True, kw_only=True)
class PlanTransferredOut(PlanEvent):
    """Another council was told in writing of the child's move, or accepted the plan."""

    to: Text
    accepted: bool
    open_actions: Dispositions = field(default_factory=dict)

    def tell(self) -> str:
        left = tell_dispositions(self.open_actions)
        if self.accepted:
            return f"{one_line(self.to)} accepted the plan, which ended here{left}."
        return f"{one_line(self.to)} was told in writing that the child moves there{left}."


@dataclass(frozen=True, kw_only=True)
class PlanClosed(PlanEvent):
    """The plan ended."""

    reason: ClosureReason
    decision: Id | None = None
    open_actions: Dispositions = field(default_factory=dict)
    without_conference: EndedWithoutConference | None = None

    def tell(self) -> str:
        left = tell_dispositions(self.open_actions)
        by = f" by decision {self.decision}" if self.decision else ""
        return f"The plan was closed{by} ({self.reason.says}){left}."


ENDINGS = (PlanClosed, PlanSteppedUp, PlanSteppedDown, PlanTransferredOut)
Ending = PlanClosed | PlanSteppedUp | PlanSteppedDown | PlanTransferredOut


def ends(event: PlanEvent) -> bool:
    """Whether an event ends the plan: a transfer does so only when it was accepted."""
    return isinstance(event, ENDINGS) and getattr(event, "accepted", True)


def successor(ending: PlanEvent | None) -> str | None:
    """Name the plan that takes the place of one that ended so, if there is one."""
    return ending.to_plan if isinstance(ending, PlanSteppedUp | PlanSteppedDown) else None
