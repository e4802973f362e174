"""What people need to work on a plan, besides where it stands (``domain.picture``)."""

from datetime import date
from typing import Any

from plantrack.domain.history import Before, History
from plantrack.domain.moments import Seen
from plantrack.domain.policy import Policies
from plantrack.domain.told import told_alerts
from plantrack.domain.workspace.around import acted, around
from plantrack.domain.workspace.child import child
from plantrack.domain.workspace.days import course
from plantrack.domain.workspace.ending import ending
from plantrack.domain.workspace.needs import needs
from plantrack.domain.workspace.outcomes import outcome_cards


def workspace(
    plan: str, seen: Seen, before: Before, policies: Policies, today: date
) -> dict[str, Any]:
    """Give what a picture of the plan leaves out, from what was seen of it."""
    history = History(plan, policies, before)
    for fact in seen.facts:
        history.add(fact)
    alerts = told_alerts(seen.entries, seen.counts, history.ending)
    return {
        "person": child(history, today),
        "needs": needs(history, alerts, today),
        "cards": outcome_cards(history, today),
        "course": course(history, today),
        "acted": acted(history, seen.entries),
        "around": around(history),
        "ending": ending(history),
    }
