"""The course of a plan in days: how long it goes on, when its next review is due."""

from datetime import date, timedelta
from typing import Any

from plantrack.domain.calendar import Calendar
from plantrack.domain.events import ChildSeen, MeetingHeld, MeetingMoved, MeetingPlanned
from plantrack.domain.events.children import alone, face_to_face, heard
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.obligations.clocks import clocks
from plantrack.domain.plans.history import History
from plantrack.domain.words import MeetingType

REVIEWS = ("first-review-conference", "review-conference", "cin-review")
REVIEW_MEETINGS = frozenset({MeetingType.REVIEW_CONFERENCE, MeetingType.CIN_REVIEW})


def course(history: History, today: date) -> dict[str, Any]:
    """Say how long the plan goes on, when its next review is due and planned, and contact."""
    opening, ending = history.opening, history.ending
    until = ending.on if ending else today
    seen = history.of(ChildSeen)
    return {
        "day": max(0, (until - opening.on).days) if opening else None,
        "next_review": _next_review(history, today),
        "seen_days_ago": _days_since([f.on for f in seen if face_to_face(f.event)], until),
        "alone_days_ago": _days_since([f.on for f in seen if alone(f.event)], until),
        "contact_days_ago": _days_since([f.on for f in seen], until),
        "heard": _heard(history),
    }


def _heard(history: History) -> dict[str, Any] | None:
    """Say how the child was last asked, and by whom."""
    said = [fact.event for fact in history.of(ChildSeen) if heard(fact.event)]
    return {"how": said[-1].how_heard, "by_agency": said[-1].by_agency} if said else None


def _next_review(history: History, today: date) -> dict[str, Any] | None:
    if history.ending:
        return None
    rows = [BY_CODE[code] for code in REVIEWS]
    running = [c for c in clocks(history, rows, running_only=True) if c.met_on is None]
    due_on = min((clock.due_on for clock in running), default=None)
    if due_on is None:
        return None
    calendar = history.policies.on(today).calendar
    return {
        "due_on": due_on,
        "planned_for": _planned_for(history),
        "working_days": working_days_until(due_on, today, calendar),
    }


def _planned_for(history: History) -> date | None:
    """Give the day for which the next review is planned, if it is."""
    days = []
    for planned in history.of(MeetingPlanned):
        meeting = planned.event.meeting
        if planned.event.type in REVIEW_MEETINGS and not history.of(MeetingHeld, meeting):
            moved = history.of(MeetingMoved, meeting)
            days.append(moved[-1].event.planned_for if moved else planned.event.planned_for)
    return min(days, default=None)


def working_days_until(due_on: date, today: date, calendar: Calendar) -> int:
    """Count the working days from a day to another; one that has passed counts below nothing."""
    first, last = sorted((today, due_on))
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    number = sum(calendar.is_working(day) for day in days)
    return number if due_on >= today else -number


def _days_since(days: list[date], until: date) -> int | None:
    return (until - max(days)).days if days else None
