"""A plan's entries told as sentences, by the day they are about."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from plantrack.domain.calendar import london_day
from plantrack.domain.events import Corrected, Retracted
from plantrack.domain.events.entries import Entry
from plantrack.domain.plans.as_known import Moment, Seen
from plantrack.domain.words import By


@dataclass(frozen=True)
class Told:
    """One entry of the chronology.

    ``told`` is what was said; ``now_told`` what it says after corrections, if that differs.
    ``recorded_at`` is the server's time; ``originally_recorded_at`` that of an imported file.
    """

    entry: int
    on: date
    told: str
    now_told: str | None
    kind: str
    by: By
    recorded_at: datetime
    originally_recorded_at: datetime | None
    imported: bool
    days_late: int
    corrected_by: tuple[int, ...]
    retracted_by: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the entry as plain values."""
        return asdict(self)


def chronology(seen: Seen, moment: Moment) -> list[Told]:
    """Tell the entries that were known, about days up to the one asked for."""
    corrected, retracted = _put_right(seen, Corrected), _put_right(seen, Retracted)
    told = (
        _tell(entry, seen, corrected.get(entry.number, ()), retracted.get(entry.number, ()))
        for entry in seen.entries
    )
    wanted = (each for each in told if moment.true_on is None or each.on <= moment.true_on)
    return sorted(wanted, key=lambda each: (each.on, each.entry))


def _tell(
    entry: Entry, seen: Seen, corrected_by: Sequence[int], retracted_by: Sequence[int]
) -> Told:
    counts = seen.counts[entry.number]
    now = counts or entry.event
    told, now_told = entry.event.sentence(), now.sentence()
    return Told(
        entry=entry.number,
        on=now.on,
        told=told,
        now_told=now_told if now_told != told or now.on != entry.event.on else None,
        kind=type(entry.event).__name__,
        by=entry.by.shown,
        recorded_at=entry.recorded_at,
        originally_recorded_at=entry.originally_recorded_at,
        imported=entry.imported,
        days_late=max(0, (london_day(entry.known_at) - now.on).days),
        corrected_by=tuple(corrected_by),
        retracted_by=tuple(retracted_by),
    )


def _put_right(seen: Seen, kind: type[Corrected] | type[Retracted]) -> dict[int, list[int]]:
    """Give, by entry, the numbers of its corrections or retractions that are in force."""
    numbers: dict[int, list[int]] = {}
    for by, event in sorted(seen.counts.items()):
        if isinstance(event, kind):
            numbers.setdefault(event.entry, []).append(by)
    return numbers
