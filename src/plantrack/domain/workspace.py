"""What people need to work on a plan, besides where it stands: who the child is, who has acted."""

from datetime import date
from typing import Any

from plantrack.domain.events import ChildDescribed
from plantrack.domain.history import Before, History
from plantrack.domain.moments import Seen
from plantrack.domain.policy import Policies


def workspace(
    plan: str, seen: Seen, before: Before, policies: Policies, today: date
) -> dict[str, Any]:
    """Give what a picture of the plan leaves out, from what was seen of it."""
    history = History(plan, policies, before)
    for fact in seen.facts:
        history.add(fact)
    return {"person": _child(history, today)}


def _child(history: History, today: date) -> dict[str, Any]:
    """Say who the child is, as last described."""
    described = history.of(ChildDescribed)
    if not described:
        return {"given_names": None, "family_name": None, "born_on": None, "age": None}
    said = described[-1].event
    return {
        "given_names": said.given_names,
        "family_name": said.family_name,
        "born_on": said.born_on,
        "age": _age(said.born_on, today),
        "first_language": said.first_language,
    }


def _age(born_on: date | None, today: date) -> int | None:
    if born_on is None:
        return None
    had_birthday = (today.month, today.day) >= (born_on.month, born_on.day)
    return today.year - born_on.year - (0 if had_birthday else 1)
