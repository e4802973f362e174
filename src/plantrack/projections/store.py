"""Where read models are kept: a second SQLite file, or a schema of the PostgreSQL database.

They hold nothing that the record does not, so they may be lost, thrown away and made again.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Select,
    String,
    Table,
    Text,
    bindparam,
    create_engine,
    delete,
    event,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.schema import CreateSchema, DropSchema

from plantrack.projections.tables import SCHEMA, TABLES, TYPES, Moment, shape

SQLITE = "sqlite:///"
ROLE = "plantrack_app"
GRANTS = (
    f"GRANT USAGE ON SCHEMA {SCHEMA} TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {ROLE}",
)
SETTINGS = (
    "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '60s';"
    " SET synchronous_commit = off"
)
"""What a crash of the server may take is followed again: rows and position go together."""
CONNECT_WITHIN = 3
MAKING = 0x766965777300
BETWEEN_LOOKS = 0.005
NAMED = "generation "

KEPT = Table(
    "kept",
    TABLES,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("shape", String(16), nullable=False),
    Column("live", Integer, nullable=False),
    Column("newest", Integer, nullable=False),
)
"""Which generation is live, and the newest that was begun."""

FOLLOWED = Table(
    "followed",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("position", TYPES[int], nullable=False),
    Column("moved_at", Moment, nullable=False),
)
"""How far each follower has read the record: one row a generation."""

PARKED = Table(
    "parked",
    TABLES,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("plan", TYPES[str], primary_key=True),
    Column("position", TYPES[int], nullable=False),
    Column("why", Text, nullable=False),
    Column("parked_at", Moment, nullable=False),
)
"""Plans whose rows cannot be made, because an entry of theirs cannot be read."""

ADVANCE = (
    update(FOLLOWED)
    .where(FOLLOWED.c.name == bindparam("which"), FOLLOWED.c.position == bindparam("before"))
    .values(position=bindparam("to"), moved_at=bindparam("now"))
)


class CannotKeep(Exception):
    """The read models cannot be used now; the message says why and what to do."""


class Overtaken(Exception):
    """Another follower moved the position first."""


class NotYet(Exception):
    """The read models did not come so far in the time given."""


class Parked(NamedTuple):
    """A plan that waits for somebody to look at it."""

    plan: str
    position: int
    why: str
    parked_at: datetime


Within = Callable[[Any, int], ColumnElement[bool]]
"""What a column of plans' names must be, in a generation, for its rows to be seen."""


class Reading:
    """One look at the read models: everything read in it belongs together."""

    def __init__(self, connection: Connection, generation: int, scope: Within | None) -> None:
        self._connection = connection
        self.generation = generation
        self._scope = scope

    def all(self, query: Select[Any], values: dict[str, Any] | None = None) -> Sequence[Any]:
        """Give the rows of a query over tables of this generation."""
        return self._connection.execute(query, values or {}).fetchall()

    def of(self, of: Table, *columns: Any) -> Select[Any]:
        """Begin a query over one table, of the live generation and of the plans in scope only."""
        query = self.of_all(of, *columns)
        if self._scope is None or "plan" not in of.c:
            return query
        return query.where(self._scope(of.c.plan, self.generation))

    def of_all(self, of: Table, *columns: Any) -> Select[Any]:
        """Begin a query over one table, whoever may see its plans."""
        return select(*(columns or [c for c in of.c if c.name != "generation"])).where(
            of.c.generation == self.generation
        )

    def position(self) -> int:
        """Say how far these rows follow the record."""
        return self.position_of(self.generation) or 0

    def position_of(self, generation: int) -> int | None:
        """Say how far the rows of a generation follow; None if it was not begun."""
        return followed(self._connection, generation)

    def moved_at(self) -> datetime | None:
        """Say when the rows were last known to follow the record."""
        found = select(FOLLOWED.c.moved_at).where(FOLLOWED.c.name == name_of(self.generation))
        return self._connection.execute(found).scalar()

    def parked(self) -> list[Parked]:
        """List the plans whose rows could not be made."""
        found = self.of_all(
            PARKED, PARKED.c.plan, PARKED.c.position, PARKED.c.why, PARKED.c.parked_at
        )
        return [Parked(*row) for row in self.all(found.order_by(PARKED.c.plan))]


class ReadModels:
    """The read models of one database."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._url = url
        self._moved = threading.Condition()
        self._position = 0

    def make(self) -> bool:
        """Make the tables where this release has others than there are; say whether it did.

        On PostgreSQL only the database's owner can do this.
        """
        owner = _engine(self._url, as_owner=True)
        try:
            with _transaction(owner) as connection:
                return self._make(connection)
        except SQLAlchemyError as wrong:
            raise CannotKeep(f"The lists cannot be made: {_first_line(wrong)}.") from None
        finally:
            owner.dispose()

    def _make(self, connection: Connection) -> bool:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MAKING})"))
        if self._shape(connection) == shape(connection.dialect):
            return False
        self._remake(connection)
        return True

    def check(self) -> None:
        """Refuse tables that are missing or were made by another release."""
        try:
            with self.engine.connect() as connection:
                if self._shape(connection) != shape(connection.dialect):
                    raise CannotKeep("The lists are of another release: run plantrack migrate.")
        except SQLAlchemyError as wrong:
            raise CannotKeep(f"The lists cannot be read: {_first_line(wrong)}.") from None

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def reading(self, scope: Within | None = None) -> Iterator[Reading]:
        """Look at the live generation; with a scope, at its plans only."""
        try:
            with self._looking() as connection, connection.begin():
                yield Reading(connection, _live(connection), scope)
        except DBAPIError as wrong:
            raise CannotKeep(f"The lists cannot be read just now: {_first_line(wrong)}.") from None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write all that is written in here, or nothing."""
        try:
            with _transaction(self.engine) as connection:
                yield connection
        except DBAPIError as wrong:
            raise CannotKeep(
                f"The lists cannot be written just now: {_first_line(wrong)}."
            ) from None

    def moved(self, position: int) -> None:
        """Tell those who wait in this process that the rows came to a position."""
        with self._moved:
            self._position = max(self._position, position)
            self._moved.notify_all()

    def wait_for(self, position: int, timeout: float) -> None:
        """Wait until the live rows have come to a position, however they got there.

        In the process that follows this wakes at once; in others it looks every few milliseconds.
        """
        give_up = time.monotonic() + timeout
        while self._position < position:
            with self.reading() as reading:
                self.moved(reading.position())
            with self._moved:
                if self._position >= position:
                    return
                if time.monotonic() > give_up:
                    raise NotYet
                self._moved.wait(BETWEEN_LOOKS)

    def _looking(self) -> Connection:
        """Open a connection whose reads belong together, however many there are."""
        if self.engine.dialect.name == "sqlite":
            return self.engine.connect()
        return self.engine.connect().execution_options(isolation_level="REPEATABLE READ")

    def _shape(self, connection: Connection) -> str | None:
        if not connection.dialect.has_table(connection, "kept", schema=_schema(connection)):
            return None
        return connection.execute(select(KEPT.c.shape)).scalar()

    def _remake(self, connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(DropSchema(SCHEMA, cascade=True, if_exists=True))
            connection.execute(CreateSchema(SCHEMA))
        else:
            for name in connection.dialect.get_table_names(connection):
                connection.exec_driver_sql(f'DROP TABLE "{name}"')
        TABLES.create_all(connection)
        kept = {"only": 1, "shape": shape(connection.dialect), "live": 1, "newest": 1}
        connection.execute(insert(KEPT).values(kept))
        advance(connection, name_of(1), None, 0)
        if connection.dialect.name == "postgresql":
            for grant in GRANTS:
                connection.execute(text(grant))


def name_of(generation: int) -> str:
    """Name the follower of a generation."""
    return f"{NAMED}{generation}"


def followed(connection: Connection, generation: int) -> int | None:
    """Say how far a generation follows the record; None if it was not begun."""
    found = select(FOLLOWED.c.position).where(FOLLOWED.c.name == name_of(generation))
    return connection.execute(found).scalar()


def advance(connection: Connection, name: str, before: int | None, position: int) -> None:
    """Move a follower's position with the rows of the same transaction, or be overtaken.

    The row is taken first, so that of two followers one waits for the other and then gives way.
    """
    now = datetime.now(UTC)
    if before is None:
        try:
            row = {"name": name, "position": position, "moved_at": now}
            connection.execute(insert(FOLLOWED).values(row))
        except IntegrityError:
            raise Overtaken from None
        return
    moved = connection.execute(
        ADVANCE, {"to": position, "now": now, "which": name, "before": before}
    )
    if moved.rowcount != 1:
        raise Overtaken


def take_position(connection: Connection, generation: int) -> int:
    """Take away how far a generation came, and say it: nobody can follow it from now on."""
    gone = delete(FOLLOWED).where(FOLLOWED.c.name == name_of(generation))
    return connection.execute(gone.returning(FOLLOWED.c.position)).scalar() or 0


def forget(connection: Connection, generation: int) -> None:
    """Throw the rows of a generation away."""
    _forget(connection, lambda each: each.c.generation == generation)
    connection.execute(delete(FOLLOWED).where(FOLLOWED.c.name == name_of(generation)))


def forget_all_but(connection: Connection, live: int) -> None:
    """Throw away what interrupted rebuilds have left."""
    _forget(connection, lambda each: each.c.generation != live)
    begun = FOLLOWED.c.name.startswith(NAMED, autoescape=True)
    connection.execute(delete(FOLLOWED).where(begun, FOLLOWED.c.name != name_of(live)))


def _forget(connection: Connection, which: Callable[[Table], ColumnElement[bool]]) -> None:
    for each in TABLES.sorted_tables:
        if "generation" in each.c:
            connection.execute(delete(each).where(which(each)))


def _live(connection: Connection) -> int:
    live: int = connection.execute(select(KEPT.c.live)).scalar_one()
    return live


def _schema(connection: Connection) -> str | None:
    return SCHEMA if connection.dialect.name == "postgresql" else None


def read_models_path(path: Path) -> Path:
    """Name the file of the read models that belong to the file of a record."""
    return path.with_name(f"{path.stem}-lists{path.suffix}")


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    with (
        engine.connect() as connection,
        connection.execution_options(begin="IMMEDIATE").begin(),
    ):
        yield connection


def _engine(url: str, *, as_owner: bool = False) -> Engine:
    if url.startswith(SQLITE):
        path = read_models_path(Path(url.removeprefix(SQLITE)))
        if as_owner:
            # For nobody else's eyes: it holds what the record holds.
            with suppress(OSError):  # what is wrong with it is told when it is opened
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        engine = create_engine(
            f"{SQLITE}{path}",
            hide_parameters=True,
            connect_args={"timeout": 5, "check_same_thread": False},
            execution_options={"schema_translate_map": {SCHEMA: None}},
        )
        event.listen(engine, "connect", _prepare_file)
        event.listen(engine, "begin", _begin)
        return engine
    settings = SETTINGS if as_owner else f"SET ROLE {ROLE}; {SETTINGS}"

    def connect() -> psycopg.Connection[Any]:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_WITHIN)
        connection.execute(settings.encode())
        connection.autocommit = False
        return connection

    return create_engine(
        "postgresql+psycopg://", creator=connect, pool_pre_ping=True, hide_parameters=True
    )


def _prepare_file(connection: Any, _: Any) -> None:
    """Leave transactions to SQLAlchemy's caller: SQLite's driver would begin them too late."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA cache_size=-32768")


def _begin(connection: Connection) -> None:
    """Begin as a writer where somebody will write: who reads first cannot wait for its turn."""
    how = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {how}")


def _first_line(wrong: Exception) -> str:
    """Say what went wrong without the driver's details, which may repeat values."""
    return type(getattr(wrong, "orig", None) or wrong).__name__
