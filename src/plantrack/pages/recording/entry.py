"""One entry as it counts now, for whoever may put it right."""

from dataclasses import fields
from typing import Any

from plantrack import codec
from plantrack.application import queries
from plantrack.application.commands import Commands
from plantrack.domain.events import PlanEvent
from plantrack.domain.events.entries import as_corrected


def entry_now(commands: Commands, plan: str, number: int, person: str) -> dict[str, Any] | None:
    """Give an entry as corrections leave it, and whether it is the person's own."""
    entries = queries.entries_of(commands, plan)
    found = next((each for each in entries if each.number == number), None)
    if found is None:
        return None
    counts = as_corrected(((e.number, e.event) for e in entries), codec.amend_sealed)
    event = counts[number]
    return {
        "number": number,
        "own": found.by.id is not None and found.by.id == person,
        "by": found.by.shown,
        "recorded_at": found.recorded_at,
        "by_the_tracker": found.event.BY_THE_TRACKER,
        "retracted": event is None,
        "said": _whole(event or found.event),
        "told": (event or found.event).sentence(),
    }


def _whole(event: PlanEvent) -> dict[str, Any]:
    """Write an event with every field that it has, also those that say what they say by default."""
    held = {codec.wire_name(each.name): getattr(event, each.name) for each in fields(event)}
    return {**held, **codec.write_event(event)}
