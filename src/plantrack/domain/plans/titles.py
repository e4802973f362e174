"""What an entry is called in a line of its own: Child seen, Decision made."""

import re
from collections.abc import Mapping

from plantrack.domain.events import ChildSeen, PlanEvent
from plantrack.domain.events.children import face_to_face
from plantrack.domain.words import words

TITLES: Mapping[str, str] = {
    "Corrected": "Entry corrected",
    "Retracted": "Entry taken back",
    "PersonLinked": "Person in the child's life",
    "SourceNotConsulted": "Source not asked",
    "SourceConsulted": "Source asked",
    "RecordCirculated": "Record sent round",
    "ReportSubmitted": "Report sent",
    "ChallengeClimbed": "Challenge taken further",
    "AlertClimbed": "Alert not answered",
    "OversightRecorded": "Manager looked at the plan",
    "MedicalDecided": "Decision on a medical",
    "SiblingConsidered": "Brother or sister considered",
    "PlanTransferredOut": "Plan passed to another council",
}


def title_of(event: PlanEvent) -> str:
    """Say in a few words what sort of thing happened."""
    if isinstance(event, ChildSeen) and not face_to_face(event):
        return f"Contact with the child by {words(event.mode)}"
    kind = type(event).__name__
    return TITLES.get(kind) or re.sub(r"(?<!^)([A-Z])", _lower, kind)


def _lower(found: re.Match[str]) -> str:
    return f" {found[1].lower()}"
