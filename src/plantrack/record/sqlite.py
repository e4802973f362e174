"""Keeps the record in one SQLite file."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from eventsourcing.persistence import IntegrityError, OperationalError, StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteDatastore,
    SQLiteFactory,
)
from eventsourcing.utils import Environment

from plantrack.record import sqlite_tables
from plantrack.record.migrations import OLDER, READ_VERSION, check_version
from plantrack.record.postgres_tables import RIGHTS_MOVED
from plantrack.record.writing import CannotReach, ChildRow, CommandRow, Stated

WAIT_FOR_OTHERS = 0.6
STATEMENTS_KEPT = 64

BEGIN = "BEGIN IMMEDIATE"
ADD_COMMAND = "INSERT INTO commands VALUES (?, ?, ?, ?)"
ADD_CHILD_ROW = "INSERT INTO child_plans VALUES (?, ?, ?)"
ADD_EVENT = (
    "INSERT INTO events (originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?)"
)
RIGHTS_KNOWN = "SELECT coalesce(max(number), 0) FROM rights"
ADD_RIGHT = "INSERT INTO rights VALUES (?, ?, ?)"


def check_file(path: Path) -> None:
    """Refuse a file that is missing or was not made by this release."""
    if not path.exists():
        raise CannotReach(f"There is no {path} yet: run plantrack migrate.")
    try:
        with closing(sqlite3.connect(path, timeout=WAIT_FOR_OTHERS)) as connection:
            version = connection.execute(READ_VERSION).fetchone()[0]
    except sqlite3.OperationalError as wrong:
        raise CannotReach(OLDER if "no such table" in str(wrong) else f"{path}: {wrong}.") from None
    except sqlite3.Error as wrong:
        raise CannotReach(f"{path} cannot be read: {wrong}.") from None
    check_version(version, sqlite_tables.STEPS)


class ReadOnlyPool(SQLiteConnectionPool):
    """Connections that cannot write."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        connection.cursor().execute("PRAGMA query_only=ON")
        return connection


class RecordFile(SQLiteDatastore):
    """The file of a record: many read it, one connection writes."""

    def __init__(self, path: str) -> None:
        super().__init__(path, originator_id_type="text")
        self.pool = ReadOnlyPool(db_name=path)
        self.writer = sqlite3.connect(
            path,
            timeout=WAIT_FOR_OTHERS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=STATEMENTS_KEPT,
        )
        self.writer.execute("PRAGMA synchronous=FULL")

    def close(self) -> None:
        """Close every connection."""
        super().close()
        if hasattr(self, "writer"):
            self.writer.close()


class SQLiteEntries(SQLiteApplicationRecorder):
    """Appends entries, with what belongs to them, in one transaction."""

    POSITION = "rowid"
    AMONG = "IN (SELECT value FROM json_each(?))"
    EACH = "(SELECT value AS plan FROM json_each(?)) AS asked"
    datastore: RecordFile

    def __init__(self, datastore: RecordFile) -> None:
        super().__init__(datastore, events_table_name="events")
        self._writing = Lock()

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        commands: Sequence[CommandRow] = (),
        children: Sequence[ChildRow] = (),
        under: Stated | None = None,
        **_: Any,
    ) -> list[int]:
        """Append all or nothing and give the positions."""
        if not stored_events and under is None:
            return []
        with self._writing, _as_the_library_says():
            writer = self.datastore.writer
            writer.execute(BEGIN)
            try:
                if under is not None:
                    _state_rights(writer, under)
                positions = self._write(writer, stored_events, commands, children)
                writer.execute("COMMIT")
            finally:
                if writer.in_transaction:
                    writer.rollback()
        return positions

    def _write(
        self,
        writer: sqlite3.Connection,
        stored_events: Sequence[StoredEvent],
        commands: Sequence[CommandRow],
        children: Sequence[ChildRow],
    ) -> list[int]:
        if commands:
            rows = [(*command[:3], command.recorded_at.isoformat()) for command in commands]
            writer.executemany(ADD_COMMAND, rows)
        if children:
            writer.executemany(ADD_CHILD_ROW, children)
        if not stored_events:
            return []
        *others, final = [
            (each.originator_id, each.originator_version, each.topic, each.state)
            for each in stored_events
        ]
        if others:
            writer.executemany(ADD_EVENT, others)
        last = writer.execute(ADD_EVENT, final).lastrowid or 0
        # AUTOINCREMENT gives each row of a transaction the number after the one before.
        return list(range(last - len(others), last + 1))

    def insert(self, sql: str, values: Sequence[object]) -> None:
        """Add one row to a table that has no part in an append."""
        with self._writing, _as_the_library_says():
            self.datastore.writer.execute(sql, [_as_kept(value) for value in values])

    def read(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Give the rows of a query."""
        with (
            _as_the_library_says(),
            self.datastore.get_connection(commit=False) as connection,
            connection.cursor() as cursor,
        ):
            cursor.row_factory = None
            return cursor.execute(sql, tuple(map(_as_kept, values))).fetchall()


def _state_rights(writer: sqlite3.Connection, under: Stated) -> None:
    """Add to the record of rights, unless it has entries that whoever appends did not know."""
    if writer.execute(RIGHTS_KNOWN).fetchone()[0] != under.known:
        raise sqlite3.IntegrityError(RIGHTS_MOVED)
    stated = zip(under.topics, under.states, strict=True)
    rows = [(number, *each) for number, each in enumerate(stated, under.known + 1)]
    writer.executemany(ADD_RIGHT, rows)


def _as_kept(value: object) -> object:
    """Write what SQLite has no type for as text: a time, and several names."""
    if isinstance(value, list):
        return json.dumps(value)
    return value.isoformat() if isinstance(value, datetime) else value


@contextmanager
def _as_the_library_says() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as wrong:
        raise IntegrityError(str(wrong)) from None
    except sqlite3.Error as wrong:
        raise OperationalError(str(wrong)) from None


class FileFactory(SQLiteFactory):
    """Makes what the library's application needs to keep a record in a file."""

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        self.datastore: RecordFile = RecordFile(env["SQLITE_DBNAME"])

    def application_recorder(self) -> SQLiteEntries:
        return SQLiteEntries(self.datastore)
