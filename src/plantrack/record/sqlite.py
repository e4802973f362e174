"""Keeps the record in one SQLite file."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
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
from plantrack.record.writing import CannotReach, ChildRow, Command

WAIT_FOR_OTHERS = 0.6
STATEMENTS_KEPT = 64

BEGIN = "BEGIN IMMEDIATE"
ADD_COMMAND = "INSERT INTO commands VALUES (?, ?, ?, ?)"
ADD_CHILD_ROW = "INSERT INTO child_plans VALUES (?, ?, ?)"
ADD_EVENT = (
    "INSERT INTO events (originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?)"
)


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
    datastore: RecordFile

    def __init__(self, datastore: RecordFile) -> None:
        super().__init__(datastore, events_table_name="events")
        self._writing = Lock()

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        command: Command | None = None,
        children: Sequence[ChildRow] = (),
        **_: Any,
    ) -> list[int]:
        """Append all or nothing and give the positions."""
        with self._writing, _as_the_library_says():
            writer = self.datastore.writer
            writer.execute(BEGIN)
            try:
                positions = self._write(writer, stored_events, command, children)
                writer.execute("COMMIT")
            finally:
                if writer.in_transaction:
                    writer.rollback()
        return positions

    def _write(
        self,
        writer: sqlite3.Connection,
        stored_events: Sequence[StoredEvent],
        command: Command | None,
        children: Sequence[ChildRow],
    ) -> list[int]:
        if command:
            writer.execute(ADD_COMMAND, (*command[:3], command.recorded_at.isoformat()))
        for row in children:
            writer.execute(ADD_CHILD_ROW, row)
        positions = []
        for stored in stored_events:
            of = (stored.originator_id, stored.originator_version, stored.topic, stored.state)
            positions.append(writer.execute(ADD_EVENT, of).lastrowid or 0)
        return positions

    def read(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Give the rows of a query."""
        with (
            _as_the_library_says(),
            self.datastore.get_connection(commit=False) as connection,
            connection.cursor() as cursor,
        ):
            cursor.row_factory = None
            return cursor.execute(sql, tuple(values)).fetchall()


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
