"""Who the child is."""

from datetime import date
from typing import Any

from plantrack.domain.events import ChildDescribed
from plantrack.domain.plans.history import History


def child(history: History, today: date) -> dict[str, Any]:
    """Say who the child is, as last described."""
    described = history.of(ChildDescribed)
    if not described:
        return {"given_names": None, "family_name": None, "born_on": None, "age": None}
    said = described[-1].event
    return {
        "given_names": said.given_names,
        "family_name": said.family_name,
        "born_on": said.born_on,
        "age": age(said.born_on, today),
        "first_language": said.first_language,
    }


def age(born_on: date | None, today: date) -> int | None:
    """Count somebody's whole years on a day; who is born on 29 February is older from 1 March."""
    if born_on is None:
        return None
    had_birthday = (today.month, today.day) >= (born_on.month, born_on.day)
    return today.year - born_on.year - (0 if had_birthday else 1)
