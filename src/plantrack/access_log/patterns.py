"""Unusual patterns in who looked: what a privacy officer may want to ask about.

A pattern is a reason for a question, not a finding against anybody.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import select

from plantrack.access_log import unusual as spotting
from plantrack.access_log.log import AccessLog, Looked
from plantrack.access_log.tables import LOOKED
from plantrack.access_log.unusual import ONE_DAY, Hit, Thresholds
from plantrack.domain.calendar import LONDON
from plantrack.domain.words import day as in_words


@dataclass(frozen=True)
class Pattern:
    """Something unusual: who or which child, how many, and from when until when.

    ``on`` is the day in London; for a night, the day of its evening.
    """

    code: str
    person: str | None
    name: str | None
    agency: str | None
    child: str | None
    count: int
    since: datetime
    until: datetime
    sentence: str
    on: date


class About(Enum):
    """Whom a pattern is about."""

    PERSON = auto()
    CHILD = auto()


class Kind(NamedTuple):
    """One kind of pattern: what is said, which threshold it has, and how it is spotted."""

    code: str
    about: About
    sentence: str
    threshold: str
    spot: Callable[[Sequence[Looked], Thresholds, int], Iterator[Hit]]


PATTERNS: tuple[Kind, ...] = (
    Kind(
        "many-children-in-a-day",
        About.PERSON,
        "{who} looked at {count} different children on {on}; {least} in one day are unusual.",
        "children_in_a_day",
        spotting.many_children,
    ),
    Kind(
        "many-children-in-a-rush",
        About.PERSON,
        "{who} looked at {count} different children within {minutes} minutes on {on}, from"
        " {since}; {least} are unusual.",
        "children_in_a_rush",
        spotting.in_a_rush,
    ),
    Kind(
        "many-refusals-in-a-day",
        About.PERSON,
        "{who} was refused {times} on {on}; {least} in one day are unusual.",
        "refusals_in_a_day",
        spotting.many_refusals,
    ),
    Kind(
        "many-people-at-one-child",
        About.CHILD,
        "{count} different people looked at {whom} on {on}; {least} in one day are unusual.",
        "people_in_a_day",
        spotting.many_people,
    ),
    Kind(
        "many-children-at-night",
        About.PERSON,
        "{who} looked at {count} different children in the night after {on}, between {night_from}"
        " and {night_to}; {least} in one night are unusual.",
        "children_in_a_night",
        spotting.at_night,
    ),
    Kind(
        "under-broken-glass",
        About.PERSON,
        "{who} looked at {whom} under broken glass on {on}, {times}; this is always listed.",
        "reads_under_glass",
        spotting.under_glass,
    ),
)
"""Every kind of pattern. A new one is a row here and a number in the thresholds."""


def unusual(rows: Iterable[Looked], limits: Thresholds | None = None) -> list[Pattern]:
    """List what is unusual in some rows, the oldest first."""
    limits = limits or Thresholds()
    in_order = sorted(rows, key=attrgetter("at"))
    found = [
        _pattern(kind, hit, limits)
        for kind in PATTERNS
        for hit in kind.spot(in_order, limits, getattr(limits, kind.threshold))
    ]
    return sorted(found, key=attrgetter("since"))


def patterns(
    log: AccessLog, first: date, last: date, limits: Thresholds | None = None
) -> list[Pattern]:
    """List what was unusual on some days in London, first and last included.

    A night belongs to the day of its evening, and the night after the last day is looked at too.
    """
    limits = limits or Thresholds()
    since = datetime.combine(first, time(), LONDON).astimezone(UTC)
    until = datetime.combine(last + ONE_DAY, limits.night_to, LONDON).astimezone(UTC)
    columns = [LOOKED.c[name] for name in Looked._fields]
    query = select(*columns).where(LOOKED.c.at >= since, LOOKED.c.at < until)
    rows = [Looked._make(row) for row in log.read(query.order_by(LOOKED.c.position))]
    return [each for each in unusual(rows, limits) if first <= each.on <= last]


def _pattern(kind: Kind, hit: Hit, limits: Thresholds) -> Pattern:
    latest = hit.rows[-1]
    person = latest if kind.about is About.PERSON else None
    children = {row.child for row in hit.rows}
    return Pattern(
        code=kind.code,
        person=person and person.person,
        name=person and person.name,
        agency=person and person.agency,
        child=latest.child if len(children) == 1 else None,
        count=hit.count,
        since=hit.rows[0].at,
        until=latest.at,
        sentence=_sentence(kind, hit, limits),
        on=hit.on,
    )


def _sentence(kind: Kind, hit: Hit, limits: Thresholds) -> str:
    latest = hit.rows[-1]
    return kind.sentence.format(
        who=f"{latest.name} ({latest.agency})",
        whom=f"child {latest.child}" if latest.child else f"plan {latest.plan}",
        count=hit.count,
        times="once" if hit.count == 1 else f"{hit.count} times",
        on=in_words(hit.on),
        least=getattr(limits, kind.threshold),
        minutes=limits.rush // timedelta(minutes=1),
        since=f"{hit.rows[0].at.astimezone(LONDON):%H:%M}",
        night_from=f"{limits.night_from:%H:%M}",
        night_to=f"{limits.night_to:%H:%M}",
    )
