"""Injuries, and the decision on a child protection medical (S9)."""

from dataclasses import dataclass

from plantrack.domain.events.event import PlanEvent
from plantrack.domain.words import (
    AgencyId,
    Basis,
    Id,
    MedicalOutcome,
    Reason,
    Text,
    agencies,
    one_line,
    words,
)


@dataclass(frozen=True, kw_only=True)
class InjuryNoted(PlanEvent):
    """An injury was seen or reported."""

    ABOUT, INTRODUCES = "injury", True

    injury: Id
    where: Text
    explanation: Text | None = None
    explanation_basis: Basis | None = None

    def tell(self) -> str:
        explained = f"; explained as: {one_line(self.explanation)}" if self.explanation else ""
        known = f" (from: {words(self.explanation_basis)})" if self.explanation_basis else ""
        return f"Injury {self.injury} was noted: {one_line(self.where)}{explained}{known}."


@dataclass(frozen=True, kw_only=True)
class MedicalDecided(PlanEvent):
    """It was decided whether a child protection medical is needed."""

    ABOUT = "injury"

    injury: Id
    outcome: MedicalOutcome
    reason: Reason
    agencies: tuple[AgencyId, ...] = ()

    def tell(self) -> str:
        by = agencies(self.agencies) or "nobody named"
        return (
            f"On injury {self.injury} a medical was {words(self.outcome)}, decided by {by}: "
            f"{one_line(self.reason)}."
        )
