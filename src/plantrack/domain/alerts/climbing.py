"""The climb: when an alert that nobody answered is told to the next people, and to whom (R59)."""

from datetime import date
from typing import NamedTuple

from plantrack.domain.obligations.catalogue import ALERT_ANSWERED
from plantrack.domain.policy import Policies


class NextClimb(NamedTuple):
    """An answer is due, and who is told the day after, by which version of the policy."""

    due_on: date
    told: tuple[str, ...]
    policy: str


def next_climb(
    policies: Policies, unanswered_since: date, climbed: int, ended_on: date | None
) -> NextClimb | None:
    """Say how an unanswered alert climbs next; it does not beyond the ladder or the plan's end."""
    policy = policies.on(unanswered_since)
    due_on = policies.due(ALERT_ANSWERED.code, "period", unanswered_since, unanswered_since)
    if climbed >= policy.climbs or (ended_on is not None and due_on >= ended_on):
        return None
    return NextClimb(due_on, policy.told(climbed + 1), policy.version)
