"""What was agreed to be different for the child, and who does what about it (S1)."""

from dataclasses import dataclass
from datetime import date

from plantrack.domain.events.event import PlanEvent
from plantrack.domain.words import (
    AgencyId,
    Basis,
    Days,
    Difference,
    Id,
    Named,
    Reason,
    Text,
    agencies,
    day,
    listed,
    one_line,
    words,
)


@dataclass(frozen=True, kw_only=True)
class OutcomeAgreed(PlanEvent):
    """What should be different for the child was put on the plan."""

    ABOUT, INTRODUCES = "outcome", True

    outcome: Id
    what: Text

    def tell(self) -> str:
        return f"Outcome {self.outcome} was agreed: {one_line(self.what)}."


@dataclass(frozen=True, kw_only=True)
class ActionAgreed(PlanEvent):
    """An action was put on the plan, with an owner and a day to be done by."""

    ABOUT, INTRODUCES = "action", True

    action: Id
    what: Text
    outcome: Id | None = None
    owner: Named
    due_on: date
    review_every_days: Days | None = None
    meeting: Id | None = None

    def tell(self) -> str:
        return (
            f"Action {self.action} was given to {self.owner}, due on {day(self.due_on)}: "
            f"{one_line(self.what)}."
        )


@dataclass(frozen=True, kw_only=True)
class ActionReviewed(PlanEvent):
    """Somebody asked whether an action has made a difference for the child."""

    ABOUT, VERSION = "action", 2

    action: Id
    difference: Difference
    basis: tuple[Basis, ...] = ()
    meeting: Id | None = None

    def tell(self) -> str:
        found = {
            Difference.BETTER: "it has made things better for the child",
            Difference.NONE: "it has made no difference for the child",
            Difference.WORSE: "things are worse for the child",
            Difference.NOT_YET_KNOWN: "its difference for the child is not yet known",
        }[self.difference]
        return f"Action {self.action} was reviewed: {found}{tell_basis(self.basis)}."


@dataclass(frozen=True, kw_only=True)
class ActionRescheduled(PlanEvent):
    """An action was given a new day to be done by; the first one stays on the record."""

    ABOUT = "action"

    action: Id
    due_on: date
    reason: Reason
    agreed_by: tuple[AgencyId, ...] = ()
    meeting: Id | None = None

    def tell(self) -> str:
        by = f", agreed by {agencies(self.agreed_by)}" if self.agreed_by else ""
        return (
            f"Action {self.action} is now due on {day(self.due_on)}{by}: {one_line(self.reason)}."
        )


@dataclass(frozen=True, kw_only=True)
class ActionReassigned(PlanEvent):
    """Another person took over an action."""

    ABOUT = "action"

    action: Id
    owner: Named
    reason: Reason
    meeting: Id | None = None

    def tell(self) -> str:
        return f"Action {self.action} passed to {self.owner}: {one_line(self.reason)}."


@dataclass(frozen=True, kw_only=True)
class ActionCompleted(PlanEvent):
    """An action was said to be done, on some evidence."""

    ABOUT = "action"

    action: Id
    basis: tuple[Basis, ...] = ()
    evidence: Text | None = None
    meeting: Id | None = None

    def tell(self) -> str:
        evidence = f": {one_line(self.evidence)}" if self.evidence else ""
        return f"Action {self.action} was completed{tell_basis(self.basis)}{evidence}."


@dataclass(frozen=True, kw_only=True)
class ActionEnded(PlanEvent):
    """An action was given up, with a reason."""

    ABOUT = "action"

    action: Id
    reason: Reason
    meeting: Id | None = None

    def tell(self) -> str:
        return f"Action {self.action} was ended: {one_line(self.reason)}."


def tell_basis(basis: tuple[Basis, ...]) -> str:
    """Say how a claim is known."""
    return f" (known from: {listed([words(known) for known in basis])})" if basis else ""
