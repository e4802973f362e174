"""What was recorded: what is on each plan, who must still say something, what is due next."""

from collections.abc import Mapping
from typing import Any

from fastapi.responses import Response

from plantrack.application.commands import Receipt
from plantrack.domain.words import TAKEN, Position
from plantrack.drafts.drafts import Draft
from plantrack.pages.conferences.chairing import Chairing
from plantrack.pages.conferences.conference import Child
from plantrack.web.authorise import Asker

MOST_DUE = 5
ENDS = frozenset({"close", "step_down", "step_up", "transfer"})
COUNTED = {
    "ReportSubmitted": ("report", "reports"),
    "ChildSeen": ("contact with the child", "contacts with the child"),
    "ActionReviewed": ("action reviewed", "actions reviewed"),
    "ActionAgreed": ("new action", "new actions"),
    "OutcomeAgreed": ("new outcome", "new outcomes"),
    "DecisionMade": ("decision", "decisions"),
    "InjuryNoted": ("injury", "injuries"),
    "MedicalDecided": ("decision about a medical", "decisions about medicals"),
    "MeetingPlanned": ("next conference", "next conferences"),
}


def what_was_put(sending: Mapping[str, Any], recorded: Receipt) -> dict[str, Any]:
    """Keep of what was recorded where it stands, and nobody's words."""
    numbers: dict[str, list[int]] = {}
    for entry in recorded.entries:
        numbers.setdefault(entry.plan, []).append(entry.number)
    return {
        plan: {
            "entries": numbers[plan],
            "kinds": [event["kind"] for event in part["events"]],
            "decisions": [_stands(e) for e in part["events"] if e["kind"] == "DecisionMade"],
        }
        for plan, part in sending["plans"].items()
    }


def _stands(event: dict[str, Any]) -> dict[str, Any]:
    positions = {a: each["position"] for a, each in event["positions"].items()}
    return {
        "decision": event["decision"],
        "ends": event["decision_kind"] in ENDS,
        "waiting": [agency for agency, said in positions.items() if said not in TAKEN],
        "disagree": [a for a, said in positions.items() if said == Position.DISAGREE],
    }


async def show_what_was_recorded(here: Chairing, asker: Asker, draft: Draft) -> Response:
    """Show the page that confirms it; each plan is looked at as it stands now."""
    children = [await here.child(asker, each.plan, each.meeting) for each in draft.plans]
    put = draft.finished or {}
    return await here.page(
        asker,
        "conferences/recorded.html",
        f"Conference recorded, plan {children[0].plan}",
        draft=draft,
        told=[_told(child, put.get(child.plan, {})) for child in children],
    )


def _told(child: Child, put: dict[str, Any]) -> dict[str, Any]:
    today, kinds = child.at_hand["today"], put.get("kinds", [])
    owed = child.at_hand["owed"]
    due = sorted({(str(each["due_on"]), each["says"]) for each in owed})
    return {
        "child": child,
        "entries": put.get("entries", []),
        "counted": [
            f"{many} {one if many == 1 else several}"
            for kind, (one, several) in COUNTED.items()
            if (many := kinds.count(kind))
        ],
        "decisions": put.get("decisions", []),
        "due": [(on, says) for on, says in due if on >= today][:MOST_DUE],
        "overdue": sum(each["due_on"] < today for each in owed),
    }
