"""Entries: an event, who recorded it, when, and its number on the plan."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from plantrack.domain.events import Corrected, PlanEvent, Retracted
from plantrack.domain.words import Person

Event = TypeVar("Event", bound=PlanEvent, covariant=True)

Amend = Callable[[PlanEvent, Mapping[str, Any]], PlanEvent]
"""How whole top-level fields of an event are replaced (``plantrack.wire`` knows the types)."""


class Entry(NamedTuple):
    """One entry of a plan's record.

    ``recorded_at`` is the server's time in UTC. An imported entry also keeps the time that its
    file states, so that an import can never pass for contemporaneous record.
    """

    plan: str
    number: int
    recorded_at: datetime
    by: Person
    event: PlanEvent
    originally_recorded_at: datetime | None = None

    @property
    def imported(self) -> bool:
        """Whether the entry came in from a history file."""
        return self.originally_recorded_at is not None

    @property
    def known_at(self) -> datetime:
        """When people first knew: the original time of an imported entry."""
        return self.originally_recorded_at or self.recorded_at

    @property
    def originator_id(self) -> str:
        """Name the entry's stream as the event store does."""
        return self.plan

    @property
    def originator_version(self) -> int:
        """Number the entry as the event store does."""
        return self.number


class Fact(NamedTuple, Generic[Event]):
    """An event as it counts after corrections; facts sort by day, then by entry number."""

    on: date
    number: int
    event: Event


in_order = itemgetter(0, 1)
"""Sort facts by day and, within a day, by entry number."""


def as_corrected(
    numbered: Iterable[tuple[int, PlanEvent]], amend: Amend
) -> dict[int, PlanEvent | None]:
    """Give each entry's event as it counts now, or None where it was retracted.

    Corrections apply in the order they were recorded; retracting a correction or a retraction
    undoes it. Read from the last entry back, because an entry can only touch earlier ones.
    """
    counts: dict[int, PlanEvent | None] = {}
    retracted: set[int] = set()
    amendments: dict[int, list[Mapping[str, Any]]] = {}
    for number, said in sorted(numbered, key=itemgetter(0), reverse=True):
        event = said
        if number in retracted:
            counts[number] = None
            continue
        for fields in reversed(amendments.get(number, ())):
            event = amend(event, fields)
        counts[number] = event
        if isinstance(event, Retracted):
            retracted.add(event.entry)
        elif isinstance(event, Corrected):
            amendments.setdefault(event.entry, []).append(event.fields)
    return counts
