"""Supervision across agencies, and managers who support and challenge (S3 S4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from plantrack.domain.events.event import PlanEvent
from plantrack.domain.words import AgencyId, Id, Text, agencies, agency, listed, one_line, words


@dataclass(frozen=True, kw_only=True)
class SupervisionRequested(PlanEvent):
    """An agency asked for supervision across agencies."""

    ABOUT, INTRODUCES = "supervision", True

    supervision: Id
    by_agency: AgencyId
    why: Text

    def tell(self) -> str:
        return (
            f"{agency(self.by_agency)} asked for multi-agency supervision {self.supervision}: "
            f"{one_line(self.why)}."
        )


@dataclass(frozen=True, kw_only=True)
class SupervisionHeld(PlanEvent):
    """Supervision took place and made recommendations; it decides nothing."""

    ABOUT = "supervision"

    supervision: Id
    agencies: tuple[AgencyId, ...] = ()
    challenge: Text | None = None
    recommendations: Mapping[Id, Text] = field(default_factory=dict)

    def tell(self) -> str:
        advice = [f"{name}: {one_line(what)}" for name, what in self.recommendations.items()]
        asked = f", asking: {one_line(self.challenge)}" if self.challenge else ""
        return (
            f"Supervision {self.supervision} was held with {agencies(self.agencies) or 'nobody'}"
            f"{asked}; it recommended {listed(advice) or 'nothing'}."
        )


@dataclass(frozen=True, kw_only=True)
class OversightRecorded(PlanEvent):
    """A manager looked at the plan, to support and to challenge, and named the gaps."""

    support: Text
    challenge: Text
    gaps: Mapping[Id, Text] = field(default_factory=dict)
    regarding: tuple[Id, ...] = ()

    def tell(self) -> str:
        gaps = [f"{name}: {one_line(what)}" for name, what in self.gaps.items()]
        about = f" regarding {listed([words(what) for what in self.regarding])}"
        return (
            f"Managerial oversight{about if self.regarding else ''}: support — "
            f"{one_line(self.support) or 'none written'}; challenge — "
            f"{one_line(self.challenge) or 'none written'}; gaps — {listed(gaps) or 'none named'}."
        )


@dataclass(frozen=True, kw_only=True)
class GapAnswered(PlanEvent):
    """A gap that a manager named was answered by an action or a reason."""

    ABOUT = "gap"

    gap: Id
    action: Id | None = None
    reason: Text | None = None

    def tell(self) -> str:
        by = [f"action {self.action}"] if self.action else []
        by += [one_line(self.reason)] if self.reason else []
        return f"Gap {self.gap} was answered: {listed(by)}."
