"""Questions to the access record: who looked at a child, and what somebody looked at."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.engine import Row

from plantrack.access_log.log import AccessLog, Looked
from plantrack.access_log.tables import LOOKED

LONGEST_PAGE = 200
USUAL_PAGE = 50
HIGHEST = 2**63 - 1


class Noted(NamedTuple):
    """A row of the access record, and which one in line it is."""

    position: int
    looked: Looked


class LookedPage(NamedTuple):
    """Some rows, newest first, and the position after which older ones follow; None at the end."""

    rows: list[Noted]
    next: int | None


class Looker(NamedTuple):
    """One person who asked for a child's plans: how often, when, and what for."""

    person: str
    name: str
    agencies: tuple[str, ...]
    roles: tuple[str, ...]
    first: datetime
    last: datetime
    times: int
    refused: int
    what: tuple[str, ...]
    purposes: tuple[str, ...]
    glass: tuple[str, ...]


def looked(
    log: AccessLog,
    *,
    child: str | None = None,
    plan: str | None = None,
    person: str | None = None,
    agency: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    shown: bool | None = None,
    after: int | None = None,
    limit: int = USUAL_PAGE,
) -> LookedPage:
    """Give a page of what was written down, newest first; what is None is not asked for.

    ``since`` belongs to the period, ``until`` does not.
    """
    asked = {"child": child, "plan": plan, "person": person, "agency": agency, "shown": shown}
    only = [LOOKED.c[name] == value for name, value in asked.items() if value is not None]
    if since is not None:
        only.append(LOOKED.c.at >= since)
    if until is not None:
        only.append(LOOKED.c.at < until)
    if after is not None:
        only.append(LOOKED.c.position < min(after, HIGHEST))
    size = max(1, min(limit, LONGEST_PAGE))
    query = select(LOOKED).where(*only).order_by(LOOKED.c.position.desc()).limit(size + 1)
    rows = [Noted(row[0], Looked._make(row[1:])) for row in log.read(query)]
    return LookedPage(rows[:size], rows[size - 1].position if len(rows) > size else None)


def looked_summary(log: AccessLog, child: str) -> list[Looker]:
    """Say of each person who asked for a child's plans what they did; who was last comes first.

    ``times`` counts plans that were shown, ``refused`` those that were not.
    """
    alike = [
        LOOKED.c[name]
        for name in ("person", "name", "agency", "role", "what", "purpose", "glass", "shown")
    ]
    query = (
        select(
            *alike,
            func.min(LOOKED.c.at).label("first"),
            func.max(LOOKED.c.at).label("last"),
            func.count().label("times"),
        )
        .where(LOOKED.c.child == child)
        .group_by(*alike)
        .order_by(LOOKED.c.person, "last")
    )
    people = groupby(log.read(query), attrgetter("person"))
    lookers = (_looker(person, list(rows)) for person, rows in people)
    return sorted(lookers, key=lambda each: (each.last, each.person), reverse=True)


def _looker(person: str, rows: list[Row[Any]]) -> Looker:
    """Put the rows about one person together; the last of them has the name now in use."""
    return Looker(
        person=person,
        name=rows[-1].name,
        agencies=_distinct(row.agency for row in rows),
        roles=_distinct(row.role for row in rows),
        first=min(row.first for row in rows),
        last=rows[-1].last,
        times=sum(row.times for row in rows if row.shown),
        refused=sum(row.times for row in rows if not row.shown),
        what=_distinct(row.what for row in rows),
        purposes=_distinct(row.purpose for row in rows),
        glass=_distinct(row.glass for row in rows),
    )


def _distinct(words: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({word for word in words if word is not None}))
