"""Lists in pages: each page ends with a cursor that says where the next one begins.

A cursor holds the last row's place in the order, not a count, so rows that come or go in between
make no row appear twice or not at all.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Table, Text, cast, tuple_

from plantrack.domain.refusals import Unreadable
from plantrack.projections.store import Reading

LONGEST_PAGE = 200


class Page(NamedTuple):
    """Some rows of a list, and where the next ones begin; None at the end."""

    rows: list[dict[str, Any]]
    next: str | None


class Slice(NamedTuple):
    """Which page of a list: from after a cursor, so many rows."""

    after: str | None = None
    limit: int = 50


FIRST = Slice()

Only = list[ColumnElement[bool]]
"""Which rows of a table are wanted."""


def page(
    reading: Reading,
    table: Table,
    only: Sequence[ColumnElement[bool]],
    order: Sequence[str],
    wanted: Slice,
    *,
    newest_first: bool = False,
) -> Page:
    """Give one page of a table's rows; the order must end with the table's key."""
    columns = [table.c[name] for name in order]
    sorting = [column.desc() for column in columns] if newest_first else columns
    query = reading.of(table).where(*only).order_by(*sorting)
    if wanted.after is not None:
        here, last = tuple_(*columns), tuple_(*_read(wanted.after, columns))
        query = query.where(here < last if newest_first else here > last)
    limit = max(1, min(wanted.limit, LONGEST_PAGE))
    rows = [dict(row._mapping) for row in reading.all(query.limit(limit + 1))]
    more = len(rows) > limit
    return Page(rows[:limit], _write(rows[limit - 1], order) if more else None)


def where(table: Table, **asked: object) -> Only:
    """Want only the rows that have the values asked for; None asks for nothing."""
    return [table.c[name] == value for name, value in asked.items() if value is not None]


def holding(column: Column[Any], value: str | None) -> Only:
    """Want only the rows whose list holds a name; None asks for nothing."""
    if value is None:
        return []
    return [cast(column, Text).contains(json.dumps(value), autoescape=True)]


def _write(row: dict[str, Any], order: Sequence[str]) -> str:
    place = [row[name] for name in order]
    return urlsafe_b64encode(json.dumps(place, default=date.isoformat).encode()).decode()


def _read(cursor: str, order: Sequence[Column[Any]]) -> list[Any]:
    """Read a cursor, or refuse one that was not given out for this list."""
    try:
        parts = zip(order, json.loads(urlsafe_b64decode(cursor.encode())), strict=True)
        return [_as(column, part) for column, part in parts]
    except (ValueError, TypeError):
        raise Unreadable("This is no cursor of this list. Begin again without one.") from None


def _as(column: Column[Any], part: Any) -> Any:
    kind = column.type.python_type
    read = date.fromisoformat(part) if kind is date else part
    if not isinstance(read, kind):
        raise TypeError
    return read
