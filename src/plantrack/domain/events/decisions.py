"""Decisions, and where each agency stands on them (S2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from plantrack.domain.events.actions import tell_basis
from plantrack.domain.events.event import PlanEvent
from plantrack.domain.words import (
    AgencyId,
    Basis,
    DecisionKind,
    Id,
    Position,
    Reason,
    Stance,
    Text,
    agency,
    listed,
    one_line,
    words,
)


@dataclass(frozen=True, kw_only=True)
class DecisionMade(PlanEvent):
    """A decision about the plan was taken, and each agency's position on it is known."""

    ABOUT, INTRODUCES = "decision", True

    decision: Id
    what: Text
    decision_kind: DecisionKind = DecisionKind.OTHER
    reason: Reason
    decided_by: AgencyId
    positions: Mapping[AgencyId, Stance]
    basis: tuple[Basis, ...] = ()
    meeting: Id | None = None
    answers: tuple[Id, ...] = ()
    departs: bool = False

    def tell(self) -> str:
        stood = listed([f"{agency(a)}: {words(s.position)}" for a, s in self.positions.items()])
        how = "departing from" if self.departs else "answering"
        answers = f", {how} {listed(self.answers)}" if self.answers else ""
        return (
            f"{agency(self.decided_by)} decided {self.decision}{answers}: {one_line(self.what)}, "
            f"because {one_line(self.reason)}{tell_basis(self.basis)} ({stood})."
        )


@dataclass(frozen=True, kw_only=True)
class PositionTaken(PlanEvent):
    """An agency said afterwards where it stands on a decision."""

    ABOUT = "decision"

    decision: Id
    agency: AgencyId
    position: Position
    reason: Text | None = None

    def tell(self) -> str:
        why = f": {one_line(self.reason)}" if self.reason else ""
        stands = {
            Position.AGREE: "agrees with",
            Position.DISAGREE: "disagrees with",
            Position.ABSENT: "was absent for",
            Position.NOT_ASKED: "was not asked about",
        }[self.position]
        return f"{agency(self.agency)} {stands} decision {self.decision}{why}."


@dataclass(frozen=True, kw_only=True)
class DissentAnswered(PlanEvent):
    """An agency that disagreed was given a written answer."""

    ABOUT = "decision"

    decision: Id
    agency: AgencyId
    answer: Text

    def tell(self) -> str:
        return (
            f"{agency(self.agency)} was answered on its disagreement with decision "
            f"{self.decision}: {one_line(self.answer)}."
        )
