"""Examples for /openapi.json. Sent in this order to an empty record, each is accepted."""

from typing import Any

CSC = {"agency": "csc"}
PERSON = {"name": "C Chair", "agency": "csc", "role": "chair"}
EMERGENCY = {
    "ground": "immediate_harm",
    "reason": "the child is at the hospital now and nobody of the team can be reached",
}
RIGHTS: dict[str, dict[str, Any]] = {
    "a person": {
        "kind": "PersonRegistered",
        "person": "p-nurse",
        "name": "N Nurse",
        "agency": "school-nursing",
    },
    "a member of the core group": {
        "kind": "MemberNamed",
        "plan": "CP-0417",
        "person": "p-nurse",
        "since": "2020-02-10",
    },
}
PLAN = "CP-0417"
ON = "2020-03-02"


def _opened(child: str) -> dict[str, Any]:
    return {
        "kind": "PlanOpened",
        "on": "2020-02-10",
        "plan_kind": "cp",
        "child": child,
        "family": "F1",
        "category": "NEG",
        "origin": {"referred_on": "2020-01-06", "initial_conference_on": "2020-02-10"},
        "lead": {"name": "L Worker"} | CSC,
        "chair": {"name": "C Chair"} | CSC,
        "agencies": ["csc", "school", "police"],
        "team": "T1",
    }


def _held() -> dict[str, Any]:
    return {
        "kind": "MeetingHeld",
        "on": ON,
        "meeting": "M1",
        "type": "core_group",
        "attendance": {"csc": "present", "school": "remote", "police": "apologies"},
        "participation": "PN6",
    }


OPENINGS = {"a child protection plan": _opened("J1")}

EVENTS: dict[str, dict[str, Any]] = {
    "an action": {
        "kind": "ActionAgreed",
        "on": ON,
        "action": "A1",
        "what": "Speak to the father",
        "owner": {"name": "L Worker"} | CSC,
        "due_on": "2020-03-09",
        "review_every_days": 14,
    },
    "a visit": {
        "kind": "ChildSeen",
        "on": ON,
        "mode": "face_to_face",
        "alone": "yes",
        "by_agency": "csc",
        "where": "school",
        "statutory": True,
        "words": "I like my new school.",
        "how_heard": "talked",
    },
    "a decision": {
        "kind": "DecisionMade",
        "on": ON,
        "decision": "D1",
        "what": "Reduce the visits",
        "decision_kind": "other",
        "reason": "the school sees him daily",
        "decided_by": "csc",
        "positions": {
            "csc": {"position": "agree"},
            "school": {"position": "not_asked"},
        },
        "basis": ["observed"],
    },
    "information": {
        "kind": "InformationShared",
        "on": ON,
        "item": "I1",
        "about": ["mother"],
        "what": "called out twice at night",
        "basis": "record",
        "from": "csc",
        "to": ["police"],
        "withheld_from": {"school": "it is about a third person"},
    },
}

MEETING_PLANS = ("CP-0418", "CP-0419")
MEETINGS = {
    "two children": {
        "plans": {plan: {"last_read": 1, "events": [_held()]} for plan in MEETING_PLANS}
    }
}
MEETING_OPENINGS = {
    plan: _opened(child) for plan, child in zip(MEETING_PLANS, ("K2", "L3"), strict=True)
}
