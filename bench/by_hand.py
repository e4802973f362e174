"""Reading the record by hand: the driver selects, msgspec decodes, nothing else is done.

It is the least that it takes to get at entries, for others to be held against. It does not look
whether the bytes are written as they should be. Only kinds with a field that Python must call
otherwise go by ``wire``.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any, get_type_hints

import msgspec
import psycopg

from plantrack import codec
from plantrack.domain.events import KINDS, PlanEvent
from plantrack.record.database_url import sqlite_path

PAGE = 5_000
BY_POSITION = (
    "SELECT {position}, topic, state FROM events WHERE {position} > {mark}"
    " ORDER BY {position} LIMIT {mark}"
)
BY_PLAN = (
    "SELECT originator_version, topic, state FROM events WHERE originator_id = {mark}"
    " ORDER BY originator_version"
)
Rows = Sequence[tuple[Any, ...]]


class Stored(msgspec.Struct):
    """The bytes of an entry: everything beside the event, and the event still in bytes."""

    recorded_at: datetime
    by: dict[str, str]
    event: msgspec.Raw
    originally_recorded_at: datetime | None = None

    @property
    def known_at(self) -> datetime:
        """When people first knew."""
        return self.originally_recorded_at or self.recorded_at


def _read_renamed(event: msgspec.Raw) -> PlanEvent:
    return codec.read_event(msgspec.json.decode(event))


read_stored = msgspec.json.Decoder(Stored).decode
READ_EVENT: dict[str, Callable[[msgspec.Raw], PlanEvent]] = {
    name: _read_renamed
    if any(field.endswith("_") for field in get_type_hints(kind))
    else msgspec.json.Decoder(kind).decode
    for name, kind in KINDS.items()
}


class Selecting:
    """Selects entries by the driver itself."""

    def __init__(self, execute: Callable[[str, tuple[Any, ...]], Rows], position: str) -> None:
        self._execute = execute
        self._position = position

    def page(self, after: int) -> Rows:
        """Give the positions, topics and bytes of some entries after a position."""
        sql = BY_POSITION.format(position=self._position, mark="%s")
        return self._execute(sql, (after, PAGE))

    def of_plan(self, plan: str) -> Rows:
        """Give the numbers, topics and bytes of a plan's entries."""
        return self._execute(BY_PLAN.format(mark="%s"), (plan,))


@contextmanager
def selecting(url: str) -> Iterator[Selecting]:
    """Open a database for reading by hand."""
    if path := sqlite_path(url):
        with closing(sqlite3.connect(path)) as file:
            yield Selecting(lambda sql, of: file.execute(_questioned(sql), of).fetchall(), "rowid")
    else:
        with psycopg.connect(url, autocommit=True) as server, server.cursor(binary=True) as cursor:
            yield Selecting(
                lambda sql, of: cursor.execute(sql.encode(), of, prepare=True).fetchall(),
                "notification_id",
            )


def read_all(select: Selecting) -> int:
    """Read and decode the whole record, page by page, and count its entries."""
    position = count = 0
    while rows := select.page(position):
        for _, topic, state in rows:
            decode(topic, read_stored(state))
        position, count = rows[-1][0], count + len(rows)
    return count


def read_plan(select: Selecting, plan: str, known_at: datetime) -> Iterator[tuple[int, PlanEvent]]:
    """Read and decode what was known of a plan at a moment."""
    for number, topic, state in select.of_plan(plan):
        stored = read_stored(state)
        if stored.known_at <= known_at:
            yield number, decode(topic, stored)


def decode(topic: str, stored: Stored) -> PlanEvent:
    """Decode one entry's event."""
    return READ_EVENT[topic.partition("@")[0]](stored.event)


def _questioned(sql: str) -> str:
    return sql.replace("%s", "?")
