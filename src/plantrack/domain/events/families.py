"""The family, and how broadly an assessment looked (S7 S14)."""

from dataclasses import dataclass

from plantrack.domain.events.event import PlanEvent
from plantrack.domain.words import (
    Id,
    Involved,
    PlanId,
    Reason,
    SiblingOutcome,
    Text,
    listed,
    one_line,
    words,
)

SIBLINGS = frozenset({"sibling", "half_sibling", "step_sibling"})
"""The relations that make a linked person a brother or sister."""


@dataclass(frozen=True, kw_only=True)
class PersonLinked(PlanEvent):
    """Somebody in the child's life was put on the plan."""

    ABOUT, INTRODUCES = "person", True

    person: Id
    relation: Text
    name: Text | None = None
    involved: Involved = Involved.NOT_KNOWN

    def tell(self) -> str:
        involved = {
            Involved.YES: "involved in the child's life",
            Involved.NO: "not involved in the child's life",
            Involved.NOT_KNOWN: "it is not known how far they are involved",
        }[self.involved]
        name = f", {one_line(self.name)}" if self.name else ""
        return f"{self.person}{name}, was linked as {words(one_line(self.relation))}: {involved}."


@dataclass(frozen=True, kw_only=True)
class SiblingConsidered(PlanEvent):
    """It was decided whether a sibling needs a plan of their own."""

    ABOUT = "person"

    person: Id
    outcome: SiblingOutcome
    plan: PlanId | None = None
    reason: Text | None = None

    def tell(self) -> str:
        why = f": {one_line(self.reason)}" if self.reason else ""
        if self.outcome is SiblingOutcome.OWN_PLAN:
            return (
                f"Sibling {self.person} has a plan of their own, {self.plan or 'not named'}{why}."
            )
        return f"Sibling {self.person} was considered and has no plan{why}."


@dataclass(frozen=True, kw_only=True)
class AssessmentStarted(PlanEvent):
    """An assessment was begun, naming the sources to consult."""

    ABOUT, INTRODUCES = "assessment", True

    assessment: Id
    sources: tuple[Id, ...] = ()

    def tell(self) -> str:
        sources = listed([words(source) for source in self.sources]) or "nobody named"
        return f"Assessment {self.assessment} was started, to consult: {sources}."


@dataclass(frozen=True, kw_only=True)
class SourceConsulted(PlanEvent):
    """A source was consulted for an assessment."""

    ABOUT = "assessment"

    assessment: Id
    source: Id
    how: Text | None = None

    def tell(self) -> str:
        how = f" ({one_line(self.how)})" if self.how else ""
        return f"For assessment {self.assessment} {words(self.source)} was consulted{how}."


@dataclass(frozen=True, kw_only=True)
class SourceNotConsulted(PlanEvent):
    """It was said why a source was not consulted."""

    ABOUT = "assessment"

    assessment: Id
    source: Id
    reason: Reason

    def tell(self) -> str:
        return (
            f"For assessment {self.assessment} {words(self.source)} was not consulted: "
            f"{one_line(self.reason)}."
        )


@dataclass(frozen=True, kw_only=True)
class AssessmentFinished(PlanEvent):
    """An assessment was authorised as finished."""

    ABOUT = "assessment"

    assessment: Id
    authorised_by: Text
    factors: tuple[Id, ...] = ()

    def tell(self) -> str:
        factors = f", factors {listed(self.factors)}" if self.factors else ""
        return (
            f"Assessment {self.assessment} was finished, authorised by "
            f"{one_line(self.authorised_by)}{factors}."
        )


@dataclass(frozen=True, kw_only=True)
class AssessmentReturned(PlanEvent):
    """A manager sent an assessment back."""

    ABOUT = "assessment"

    assessment: Id
    by: Text
    reason: Reason

    def tell(self) -> str:
        return (
            f"Assessment {self.assessment} was returned by {one_line(self.by)}: "
            f"{one_line(self.reason)}."
        )
