"""A plan of the partnership on which something of every sort waits for somebody."""

from typing import Any

from pages.serving import Demo
from plantrack import codec
from plantrack.domain.words import Person, Role

PLAN = "CP-101"
ON = "2026-11-20"
SOMEBODY = Person(name="Sal Other", agency="police", role=Role.PARTNER)
OTHERS = ("school", "school-nursing", "police", "early-help")

WAITING: tuple[dict[str, Any], ...] = (
    *(
        {
            "kind": "ActionAgreed",
            "action": f"A9{at}",
            "what": f"the {at}. thing to do",
            "owner": {"name": "Tess Farrow", "agency": owner},
            "due_on": "2026-12-07",
        }
        for at, owner in enumerate(("csc", "school", "school", "school", "csc", "csc"))
    ),
    {"kind": "ActionCompleted", "action": "A95", "basis": ["parent"], "evidence": "she said so"},
    {
        "kind": "MeetingPlanned",
        "meeting": "M91",
        "type": "core_group",
        "planned_for": "2026-11-23",
        "invited": ["csc", "school"],
    },
    {
        "kind": "MeetingHeld",
        "meeting": "M92",
        "type": "core_group",
        "attendance": {"csc": "present", "school": "remote"},
    },
    *(
        {
            "kind": "DecisionMade",
            "decision": f"D9{at}",
            "what": f"visits every {at}. week",
            "reason": "the family asked for it",
            "decided_by": "csc",
            "positions": {
                "csc": {"position": "agree"},
                "police": {"position": "disagree", "reason": "too few"},
                **{each: {"position": "not_asked"} for each in OTHERS if each != "police"},
            },
        }
        for at in (1, 2)
    ),
    *(
        {
            "kind": "InformationShared",
            "item": item,
            "about": ["mother"],
            "what": "called out twice at night",
            "basis": "record",
            "from": "police",
            "to": ["csc", "school"],
            "withheld_from": {"early-help": "it is about a third person"},
        }
        for item in ("I91", "I92")
    ),
    {"kind": "InjuryNoted", "injury": "N91", "where": "left forearm"},
    {"kind": "InjuryNoted", "injury": "N92", "where": "right knee"},
    {"kind": "PersonLinked", "person": "P91", "relation": "sibling", "name": "Robin"},
    {"kind": "PersonLinked", "person": "P92", "relation": "half_sibling", "name": "Jo"},
    {"kind": "AssessmentStarted", "assessment": "AS91", "sources": ["child", "mother", "father"]},
    {"kind": "SupervisionRequested", "supervision": "S91", "by_agency": "police", "why": "unsure"},
    {"kind": "OversightRecorded", "support": "well", "challenge": "late", "gaps": {"G91": "no GP"}},
    *(
        {
            "kind": "ChallengeRaised",
            "challenge": f"C9{at}",
            "by_agency": "police",
            "to_agency": "csc",
            "about": "D91",
            "concern": f"the {at}. concern",
        }
        for at in (1, 2, 3)
    ),
)


def fill_up(demo: Demo) -> None:
    """Put it all on the plan."""
    for each in WAITING:
        demo.services.commands.record(PLAN, codec.read_event({**each, "on": ON}), SOMEBODY)
