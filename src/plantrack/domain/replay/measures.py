"""How a plan stood at the end of a day, in a few numbers that can be laid side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from plantrack.domain.alerts.raised import told_alerts
from plantrack.domain.events import ends
from plantrack.domain.plan_view.as_of import Picture
from plantrack.domain.plans.as_known import Seen
from plantrack.domain.words import TAKEN

Standing = Mapping[str, int | None]
"""Each measure by its name; None where there is nothing to measure yet."""

NAMES = (
    "open_actions",
    "not_reviewed_in_time",
    "days_since_seen",
    "days_since_seen_alone",
    "agencies_in_last_decision",
    "challenges_waiting",
    "open_alerts",
)
DAYS = frozenset({"days_since_seen", "days_since_seen_alone"})


@dataclass(frozen=True)
class Measure:
    """One measure before a day and at its end.

    ``existed`` says whether the plan was there before; ``one_more_day`` that only a day went by.
    """

    name: str
    existed: bool
    before: int | None
    after: int | None
    changed: bool
    one_more_day: bool


def standing(picture: Picture, seen: Seen, day: date) -> Standing:
    """Measure a plan at the end of a day, from what was seen of it then."""
    owed = [*picture["owed"], *picture["unmet_at_closing"]]
    reviews = [each for each in owed if each["obligation"] == "action-reviewed"]
    return {
        "open_actions": sum(a["state"] == "open" for a in picture["actions"].values()),
        "not_reviewed_in_time": sum(each["overdue"] for each in reviews),
        "days_since_seen": _since(picture["seen"]["last_face_to_face_on"], day),
        "days_since_seen_alone": _since(picture["seen"]["last_alone_on"], day),
        "agencies_in_last_decision": _in_last_decision(picture["decisions"]),
        "challenges_waiting": sum(
            each["resolved_on"] is None for each in picture["challenges"].values()
        ),
        "open_alerts": open_alerts(seen, day),
    }


def side_by_side(before: Standing | None, after: Standing) -> list[Measure]:
    """Lay how a plan stood before a day beside how it stood at its end."""
    return [_measure(name, before, after[name]) for name in NAMES]


def open_alerts(seen: Seen, day: date) -> int:
    """Count the alerts that were open at the end of a day."""
    ending: Any = next((fact for fact in seen.facts if ends(fact.event)), None)
    by_then = [e for e in seen.entries if (seen.counts[e.number] or e.event).on <= day]
    return sum(alert.cleared is None for alert in told_alerts(by_then, seen.counts, ending))


def _measure(name: str, before: Standing | None, after: int | None) -> Measure:
    was = before[name] if before else None
    older = name in DAYS and was is not None and after == was + 1
    changed = before is not None and was != after and not older
    return Measure(name, before is not None, was, after, changed, older)


def _since(last: date | None, day: date) -> int | None:
    return (day - last).days if last else None


def _in_last_decision(decisions: Mapping[str, Picture]) -> int | None:
    """Count the agencies that made the last decision or took a position on it."""
    if not decisions:
        return None
    last = [*decisions.values()][-1]
    took = {agency for agency, position in last["positions"].items() if position in TAKEN}
    return len(took | {last["decided_by"]})
