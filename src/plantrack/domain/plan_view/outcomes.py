"""Outcomes: what should be different for the child, and whether anything is."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from plantrack.domain.events import ActionEnded, ActionReviewed, OutcomeAgreed
from plantrack.domain.events.entries import Fact
from plantrack.domain.obligations.actions import action_names, agreement, closed_by
from plantrack.domain.plans.history import AnyFact, History
from plantrack.domain.words import Difference

WORST_FIRST = (Difference.WORSE, Difference.NONE, Difference.BETTER)
NO_OUTCOME = None
"""Under which outcome those actions stand that were agreed for none."""


def outcome_cards(history: History, today: date) -> list[dict[str, Any]]:
    """Tell each outcome: its actions, how many are on time, and what the last reviews found."""
    agreed = history.of(OutcomeAgreed)
    what: dict[str | None, str | None] = {f.event.outcome: f.event.what for f in agreed}
    actions: dict[str | None, list[str]] = {name: [] for name in what}
    for action in sorted(action_names(history)):
        made = agreement(history, action)
        outcome = made.event.outcome if made else None
        actions.setdefault(outcome if outcome in what else NO_OUTCOME, []).append(action)
    return [_card(history, name, what.get(name), of, today) for name, of in actions.items()]


def _card(
    history: History, outcome: str | None, what: str | None, actions: list[str], today: date
) -> dict[str, Any]:
    counted = {a: on_time(history, a, today) for a in actions}
    reviews = [last for a in actions if (last := _last_review(history, a))]
    return {
        "outcome": outcome,
        "what": what,
        "actions": [a for a, good in counted.items() if good is not None],
        "given_up": [a for a, good in counted.items() if good is None],
        "on_time": sum(good is True for good in counted.values()),
        "difference": difference(review.event.difference for review in reviews),
        "reviewed_on": max((review.on for review in reviews), default=None),
    }


def on_time(history: History, action: str, today: date) -> bool | None:
    """Whether an action was done by its first date, or still can be; None if it was given up.

    A later date that somebody gave it does not make it punctual.
    """
    agreed = agreement(history, action)
    carried = history.carried(action)
    here = carried is None or agreed is not carried.agreed
    start: AnyFact | None = agreed if here else history.opening
    if agreed is None or start is None:
        return None
    closed = closed_by(history, action, start)
    if closed and isinstance(closed.event, ActionEnded):
        return None
    return (closed.on if closed else today) <= agreed.event.due_on


def difference(found: Iterable[Difference]) -> Difference:
    """Sum up what reviews found: the worst that is known."""
    every = set(found)
    return next((each for each in WORST_FIRST if each in every), Difference.NOT_YET_KNOWN)


def _last_review(history: History, action: str) -> Fact[ActionReviewed] | None:
    reviews = history.of(ActionReviewed, action)
    return reviews[-1] if reviews else None
