"""Which of a plan's entries somebody wants to see: by what they are about, or whose they are."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from plantrack.domain.events import (
    ENDINGS,
    AlertAnswered,
    AlertCleared,
    AlertClimbed,
    AlertRaised,
    ChallengeAnswered,
    ChallengeClimbed,
    ChallengeRaised,
    ChallengeResolved,
    ChildSeen,
    DecisionMade,
    DifferenceStated,
    DissentAnswered,
    InformationDisputed,
    MedicalDecided,
    PlanEvent,
    PositionTaken,
    SiblingConsidered,
    SupervisionHeld,
    SupervisionRequested,
)

BY_AGENCIES = ("agency", "by_agency", "to_agency", "decided_by", "from_")
AGENCIES = ("to", "agencies", "agreed_by")


class Subject(StrEnum):
    """What somebody wants to read of."""

    DECISIONS = "decisions"
    CHILD = "child"
    CHALLENGE = "challenge"

    @property
    def says(self) -> str:
        """Name it for a reader."""
        return {
            "decisions": "Decisions",
            "child": "The child's voice",
            "challenge": "Challenge and supervision",
        }[self.value]


KINDS: Mapping[Subject, tuple[type[PlanEvent], ...]] = {
    Subject.DECISIONS: (
        DecisionMade,
        PositionTaken,
        DissentAnswered,
        MedicalDecided,
        SiblingConsidered,
        *ENDINGS,
    ),
    Subject.CHILD: (ChildSeen,),
    Subject.CHALLENGE: (
        ChallengeRaised,
        ChallengeAnswered,
        ChallengeClimbed,
        ChallengeResolved,
        DifferenceStated,
        InformationDisputed,
        SupervisionRequested,
        SupervisionHeld,
    ),
}
RULES: Mapping[Subject, frozenset[str]] = {
    Subject.DECISIONS: frozenset(
        {
            "decision-shared",
            "decision-shared-after-challenge",
            "dissent-answered",
            "injury-decided",
            "sibling-considered",
            "recommendation-answered",
        }
    ),
    Subject.CHILD: frozenset({"child-seen", "child-seen-alone", "child-heard"}),
    Subject.CHALLENGE: frozenset(
        {
            "challenge-answered",
            "decision-shared-after-challenge",
            "recommendation-answered",
            "supervision-held",
        }
    ),
}
"""The obligations whose silences belong to a subject."""


class Only(NamedTuple):
    """What is wanted: of one subject, of one agency, of both at once, or everything."""

    subject: Subject | None = None
    agency: str | None = None

    def event(self, event: PlanEvent, recorded_by: str) -> bool:
        """Whether an event that somebody of an agency recorded is wanted."""
        if isinstance(event, AlertRaised):
            return self.rule(event.obligation, event.about)
        if isinstance(event, AlertCleared | AlertClimbed | AlertAnswered):
            code, _, about = event.alert.rpartition(":")[0].partition(":")
            return self.rule(code, about)
        if self.subject and not isinstance(event, KINDS[self.subject]):
            return False
        return not self.agency or self.agency in {recorded_by, *agencies_of(event)}

    def rule(self, code: str, about: str) -> bool:
        """Whether what was not done is wanted; of an agency is only what it alone owed."""
        if self.subject and code not in RULES[self.subject]:
            return False
        return not self.agency or about.rpartition("/")[2] == self.agency

    def by(self, agency: str) -> bool:
        """Whether everything of an agency is wanted, and this is that agency."""
        return self.subject is None and self.agency == agency


EVERYTHING = Only()


def agencies_of(event: PlanEvent) -> set[str]:
    """Name the agencies that an event names: who acted, whom it concerns, who took a position."""
    named = {str(getattr(event, name)) for name in BY_AGENCIES if getattr(event, name, None)}
    for name in AGENCIES:
        named.update(getattr(event, name, None) or ())
    for name in ("positions", "attendance"):
        named.update(getattr(event, name, None) or ())
    return named
