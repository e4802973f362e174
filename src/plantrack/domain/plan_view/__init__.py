"""What people need to work on a plan, besides where it stands (``domain.picture``)."""

from datetime import date
from typing import Any

from plantrack.domain.alerts.raised import told_alerts
from plantrack.domain.plan_view.child import child
from plantrack.domain.plan_view.days import course
from plantrack.domain.plan_view.ending import ending
from plantrack.domain.plan_view.needs import needs
from plantrack.domain.plan_view.outcomes import outcome_cards
from plantrack.domain.plan_view.people import acted, around
from plantrack.domain.plans.as_known import Seen
from plantrack.domain.plans.history import Before, History
from plantrack.domain.policy import Policies


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
