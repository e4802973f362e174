"""Spots what is unusual in rows of the access record: pure functions, one for each kind."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from plantrack.access_log.log import Looked
from plantrack.domain.calendar import LONDON, london_day

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Thresholds:
    """From how many on something is unusual; times of day are London's.

    ``not_counted`` names classes of route, such as lists, that do not count where children or
    people are counted.
    """

    children_in_a_day: int = 30
    children_in_a_rush: int = 10
    rush: timedelta = timedelta(minutes=10)
    refusals_in_a_day: int = 5
    people_in_a_day: int = 10
    children_in_a_night: int = 3
    night_from: time = time(22)
    night_to: time = time(6)
    reads_under_glass: int = 1
    not_counted: frozenset[str] = frozenset()

    def night_of(self, moment: datetime) -> date | None:
        """Give the evening of the night that a moment belongs to; None by day."""
        local = moment.astimezone(LONDON)
        if local.time() >= self.night_from:
            return local.date()
        return local.date() - ONE_DAY if local.time() < self.night_to else None

    def counts(self, row: Looked) -> bool:
        """Whether a row counts where children or people are counted."""
        return row.shown and row.what not in self.not_counted


@dataclass(frozen=True)
class Hit:
    """The rows that make a pattern, in order of time, and how many of what they come to.

    ``on`` is the day in London; for a night, the day of its evening.
    """

    on: date
    count: int
    rows: Sequence[Looked]


def many_children(rows: Sequence[Looked], limits: Thresholds, least: int) -> Iterator[Hit]:
    """Spot a person who looked at many children in a day."""
    counted = filter(limits.counts, rows)
    return _enough(counted, lambda row: (london_day(row.at), row.person), _children, least)


def many_refusals(rows: Sequence[Looked], _: Thresholds, least: int) -> Iterator[Hit]:
    """Spot a person who was refused often in a day."""
    refused = (row for row in rows if not row.shown)
    return _enough(refused, lambda row: (london_day(row.at), row.person), len, least)


def many_people(rows: Sequence[Looked], limits: Thresholds, least: int) -> Iterator[Hit]:
    """Spot a child who was looked at by many people in a day."""
    known = (row for row in rows if limits.counts(row) and row.child is not None)
    return _enough(known, lambda row: (london_day(row.at), row.child), _people, least)


def at_night(rows: Sequence[Looked], limits: Thresholds, least: int) -> Iterator[Hit]:
    """Spot a person who looked at several children in a night."""
    counted = filter(limits.counts, rows)
    return _enough(counted, lambda row: (limits.night_of(row.at), row.person), _children, least)


def under_glass(rows: Sequence[Looked], _: Thresholds, least: int) -> Iterator[Hit]:
    """Spot every use of broken glass, by person, child and day."""
    broken = (row for row in rows if row.shown and row.glass is not None)
    return _enough(
        broken, lambda row: (london_day(row.at), (row.person, _child(row), row.glass)), len, least
    )


def in_a_rush(rows: Sequence[Looked], limits: Thresholds, least: int) -> Iterator[Hit]:
    """Spot a person who looked at many children within minutes.

    Rushes that overlap are one, and its count is the most at any time in it.
    """
    by_person: dict[str, list[Looked]] = defaultdict(list)
    for row in filter(limits.counts, rows):
        by_person[row.person].append(row)
    for own in by_person.values():
        yield from _rushes(own, limits.rush, least)


def _rushes(own: Sequence[Looked], length: timedelta, least: int) -> Iterator[Hit]:
    within: Counter[str] = Counter()
    start = first = most = 0
    last = -1
    for end, row in enumerate(own):
        within[_child(row)] += 1
        while row.at - own[start].at >= length:
            _take_away(within, _child(own[start]))
            start += 1
        if len(within) < least:
            continue
        if most and start > last:
            yield _rush(own[first : last + 1], most)
            most = 0
        first = first if most else start
        last, most = end, max(most, len(within))
    if most:
        yield _rush(own[first : last + 1], most)


def _take_away(within: Counter[str], child: str) -> None:
    within[child] -= 1
    if not within[child]:
        del within[child]


def _rush(rows: Sequence[Looked], most: int) -> Hit:
    return Hit(london_day(rows[0].at), most, rows)


def _enough(
    rows: Iterable[Looked],
    key: Callable[[Looked], tuple[date | None, Any]],
    count: Callable[[list[Looked]], int],
    least: int,
) -> Iterator[Hit]:
    """Put together the rows of a day that belong together, and give what comes to enough."""
    groups: dict[tuple[date, Any], list[Looked]] = defaultdict(list)
    for row in rows:
        on, who = key(row)
        if on is not None:
            groups[on, who].append(row)
    for (on, _), together in groups.items():
        if (found := count(together)) >= least:
            yield Hit(on, found, together)


def _child(row: Looked) -> str:
    """Name the child; a plan whose child is not known stands for one."""
    return f"child {row.child}" if row.child is not None else f"plan {row.plan}"


def _children(rows: Iterable[Looked]) -> int:
    return len({_child(row) for row in rows})


def _people(rows: Iterable[Looked]) -> int:
    return len({row.person for row in rows})
