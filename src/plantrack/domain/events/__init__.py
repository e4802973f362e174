"""Everything that can happen on a plan: one frozen class for each kind of event.

An event says what happened, and ``on`` which day. Who recorded it, and when, is the entry's
business (``domain.entries``). A stored class keeps its name and its fields for ever: it may gain
an optional field; anything else is a new version with an upcaster (``plantrack.wire``).
"""

from plantrack.domain.events.actions import (
    ActionAgreed,
    ActionCompleted,
    ActionEnded,
    ActionReassigned,
    ActionRescheduled,
    ActionReviewed,
    OutcomeAgreed,
)
from plantrack.domain.events.alerts import AlertAnswered, AlertCleared, AlertClimbed, AlertRaised
from plantrack.domain.events.challenges import (
    ChallengeAnswered,
    ChallengeClimbed,
    ChallengeRaised,
    ChallengeResolved,
)
from plantrack.domain.events.children import (
    AbsenceExplored,
    ChildSeen,
    ContactMissed,
    ServiceWithdrawn,
)
from plantrack.domain.events.decisions import DecisionMade, DissentAnswered, PositionTaken
from plantrack.domain.events.emergencies import EmergencyAccessTaken
from plantrack.domain.events.event import PlanEvent
from plantrack.domain.events.families import (
    AssessmentFinished,
    AssessmentReturned,
    AssessmentStarted,
    PersonLinked,
    SiblingConsidered,
    SourceConsulted,
    SourceNotConsulted,
)
from plantrack.domain.events.information import (
    InformationAcknowledged,
    InformationCorroborated,
    InformationDisputed,
    InformationShared,
)
from plantrack.domain.events.injuries import InjuryNoted, MedicalDecided
from plantrack.domain.events.meetings import (
    DifferenceStated,
    MeetingHeld,
    MeetingMoved,
    MeetingPlanned,
    RecordCirculated,
    ReportSubmitted,
)
from plantrack.domain.events.oversight import (
    GapAnswered,
    OversightRecorded,
    SupervisionHeld,
    SupervisionRequested,
)
from plantrack.domain.events.plans import (
    ENDINGS,
    AgencyJoined,
    AgencyLeft,
    CategoryChanged,
    ChairChanged,
    ChildDescribed,
    Ending,
    LeadChanged,
    PlanClosed,
    PlanOpened,
    PlanSteppedDown,
    PlanSteppedUp,
    PlanTransferredOut,
    ends,
    successor,
)
from plantrack.domain.events.putting_right import Corrected, Retracted

KINDS: dict[str, type[PlanEvent]] = {kind.__name__: kind for kind in PlanEvent.__subclasses__()}
"""Every kind of event, by the name it is stored under."""

__all__ = [
    "ENDINGS",
    "KINDS",
    "AbsenceExplored",
    "ActionAgreed",
    "ActionCompleted",
    "ActionEnded",
    "ActionReassigned",
    "ActionRescheduled",
    "ActionReviewed",
    "AgencyJoined",
    "AgencyLeft",
    "AlertAnswered",
    "AlertCleared",
    "AlertClimbed",
    "AlertRaised",
    "AssessmentFinished",
    "AssessmentReturned",
    "AssessmentStarted",
    "CategoryChanged",
    "ChairChanged",
    "ChallengeAnswered",
    "ChallengeClimbed",
    "ChallengeRaised",
    "ChallengeResolved",
    "ChildDescribed",
    "ChildSeen",
    "ContactMissed",
    "Corrected",
    "DecisionMade",
    "DifferenceStated",
    "DissentAnswered",
    "EmergencyAccessTaken",
    "Ending",
    "GapAnswered",
    "InformationAcknowledged",
    "InformationCorroborated",
    "InformationDisputed",
    "InformationShared",
    "InjuryNoted",
    "LeadChanged",
    "MedicalDecided",
    "MeetingHeld",
    "MeetingMoved",
    "MeetingPlanned",
    "OutcomeAgreed",
    "OversightRecorded",
    "PersonLinked",
    "PlanClosed",
    "PlanEvent",
    "PlanOpened",
    "PlanSteppedDown",
    "PlanSteppedUp",
    "PlanTransferredOut",
    "PositionTaken",
    "RecordCirculated",
    "ReportSubmitted",
    "Retracted",
    "ServiceWithdrawn",
    "SiblingConsidered",
    "SourceConsulted",
    "SourceNotConsulted",
    "SupervisionHeld",
    "SupervisionRequested",
    "ends",
    "successor",
]
