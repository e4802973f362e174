"""Keeps the record in a PostgreSQL database, for any number of processes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import psycopg
from eventsourcing.persistence import (
    BaseInfrastructureFactory,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresFactory
from eventsourcing.utils import Environment
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row, tuple_row

from plantrack.record import postgres_tables
from plantrack.record.migrations import OLDER, READ_VERSION, check_version
from plantrack.record.writing import CannotReach, ChildRow, CommandRow, Stated

CONNECT_WITHIN = 3
CONNECTING = {
    "connect_timeout": CONNECT_WITHIN,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 5000,
}
"""How soon a server that has gone silent is given up; a URL may say otherwise."""

SETTINGS = f"""
SET ROLE {postgres_tables.ROLE};
SET search_path TO public;
SET lock_timeout = '600ms';
SET idle_in_transaction_session_timeout = '5s';
SELECT set_config('synchronous_commit', 'on', false)
WHERE current_setting('synchronous_commit') = 'off'
"""

APPEND_ONE = "SELECT append_entry(%b, %b, %b, %b, %b, %b, %b, %b)"
APPEND = (
    "SELECT append_together(%b, %b::bigint[], %b, %b, %b, %b::bigint[], %b, %b, %b, %b,"
    " %b::timestamptz[])"
)
APPEND_UNDER_RIGHTS = (
    "SELECT append_under_rights(%b::bigint, %b::text[], %b::bytea[], %b::text[], %b::bigint[],"
    " %b::text[], %b::bytea[], %b::text[], %b::bigint[], %b::text[], %b::text[], %b::text[],"
    " %b::text[], %b::timestamptz[])"
)
POOL_SIZE = 10


def check_server(url: str) -> None:
    """Refuse a server that does not answer, or a database that this release did not make."""
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_WITHIN) as connection:
            connection.execute("SET search_path TO public")
            [version] = connection.execute(READ_VERSION).fetchone() or (0,)
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        raise CannotReach(OLDER) from None
    except psycopg.Error as wrong:
        why = (str(wrong).strip().splitlines() or ["it does not answer"])[0]
        raise CannotReach(f"The database cannot be reached: {why}.") from None
    check_version(version, postgres_tables.STEPS)


def _prepare(connection: psycopg.Connection[Any]) -> None:
    """Make a connection act as the role that can only read and append."""
    connection.autocommit = True
    connection.execute(SETTINGS.encode())


class RecordServer(PostgresDatastore):
    """The database of a record: a pool reads, one connection writes."""

    def __init__(self, url: str) -> None:
        super().__init__(
            *("", "", "", "", ""),
            connect_timeout=CONNECT_WITHIN / 2,
            max_overflow=POOL_SIZE - 1,
            originator_id_type="text",
        )
        self.connecting: dict[str, Any] = {**CONNECTING, **conninfo_to_dict(url)}
        self.pool.kwargs = {**self.connecting, "row_factory": dict_row}
        self._writer: psycopg.Connection[Any] | None = None

    def after_connect_func(self) -> Callable[[psycopg.Connection[Any]], None]:
        return _prepare

    def writer(self) -> psycopg.Connection[Any]:
        """Give the connection that writes, made anew if it was lost."""
        if self._writer is None or self._writer.closed:
            self._writer = psycopg.connect(**self.connecting)
            _prepare(self._writer)
        return self._writer

    def drop_writer(self) -> None:
        """Give up a connection of which it is not known what it did."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def close(self) -> None:
        """Close every connection."""
        super().close()
        if hasattr(self, "_writer"):
            self.drop_writer()


class PostgresEntries(PostgresApplicationRecorder):
    """Appends entries, with what belongs to them, by one call of one function."""

    POSITION = "notification_id"
    AMONG = "= ANY (?)"
    EACH = "unnest(?::text[]) AS asked (plan)"
    datastore: RecordServer

    def __init__(self, datastore: RecordServer) -> None:
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
        with self._writing, _as_the_library_says(), self._connected() as writer:
            if under is not None:
                stated = (under.known, list(under.topics) or None, list(under.states) or None)
                columns = tuple(_columns(stored_events, children, commands))
                appended: list[int] = _only(
                    writer.execute(APPEND_UNDER_RIGHTS, (*stated, *columns), prepare=True)
                )
                return appended
            if len(stored_events) == 1 and len(commands) <= 1 and not children:
                [one] = stored_events
                of = (one.originator_id, one.originator_version, one.topic, one.state)
                asked = commands[0] if commands else (None,) * len(CommandRow._fields)
                return [_only(writer.execute(APPEND_ONE, (*of, *asked), prepare=True))]
            together = tuple(_columns(stored_events, children, commands))
            positions: list[int] = _only(writer.execute(APPEND, together, prepare=True))
            return positions

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        try:
            yield self.datastore.writer()
        except psycopg.errors.LockNotAvailable:
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError):
            self.datastore.drop_writer()
            raise

    def insert(self, sql: str, values: Sequence[object]) -> None:
        """Add one row to a table that has no part in an append."""
        with self._writing, _as_the_library_says(), self._connected() as writer:
            writer.execute(sql.replace("?", "%s").encode(), values)

    def read(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Give the rows of a query."""
        query = sql.replace("?", "%s").encode()
        with (
            self.datastore.get_connection() as connection,
            connection.cursor(binary=True, row_factory=tuple_row) as cursor,
        ):
            return cursor.execute(query, values, prepare=True).fetchall()


def _columns(
    stored: Sequence[StoredEvent], children: Sequence[ChildRow], commands: Sequence[CommandRow]
) -> Iterator[Any]:
    yield [str(each.originator_id) for each in stored] or None
    yield [each.originator_version for each in stored] or None
    yield [each.topic for each in stored] or None
    yield [each.state for each in stored] or None
    for column in range(len(ChildRow._fields)):
        yield [row[column] for row in children] or None
    for column in range(len(CommandRow._fields)):
        yield [command[column] for command in commands] or None


def _only(cursor: psycopg.Cursor[Any]) -> Any:
    [row] = cursor.fetchall()
    return row[0]


@contextmanager
def _as_the_library_says() -> Iterator[None]:
    """Say what went wrong without the driver's details, which repeat the values."""
    try:
        yield
    except psycopg.IntegrityError as wrong:
        raise IntegrityError(wrong.diag.constraint_name or "") from None
    except (psycopg.OperationalError, psycopg.InterfaceError) as wrong:
        raise OperationalError(type(wrong).__name__) from None
    except psycopg.Error as wrong:
        raise ProgrammingError(wrong.diag.message_primary or type(wrong).__name__) from None


class ServerFactory(PostgresFactory):
    """Makes what the library's application needs to keep a record on a server."""

    def __init__(self, env: Environment) -> None:
        # The library's own would ask for the parts of the address one by one, and lose the rest.
        BaseInfrastructureFactory.__init__(self, env)
        self.datastore: RecordServer = RecordServer(env["DATABASE"])

    def application_recorder(self) -> PostgresEntries:
        return PostgresEntries(self.datastore)
