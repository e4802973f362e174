"""How a plan ended."""

from typing import Any

from plantrack.domain.events import PlanClosed, PlanSteppedDown, PlanSteppedUp
from plantrack.domain.plans.history import History


def ending(history: History) -> dict[str, Any] | None:
    """Tell how a plan ended, and what became of each open action; None while it goes on."""
    ended = history.ending
    if ended is None:
        return None
    event = ended.event
    return {
        "entry": ended.number,
        "on": ended.on,
        "reason": event.reason.says if isinstance(event, PlanClosed) else None,
        "decision": None if not hasattr(event, "decision") else event.decision,
        "to_plan": event.to_plan if isinstance(event, PlanSteppedUp | PlanSteppedDown) else None,
        "to": getattr(event, "to", None),
        "open_actions": [
            {"action": action, "as": left.disposition, "reason": left.reason}
            for action, left in event.open_actions.items()
        ],
    }
