"""Where sign-ins are kept: a SQLite file beside the record's, or a PostgreSQL schema of their own.

Nothing here is on the record, and all of it may be lost: people then sign in again.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    event,
    insert,
    select,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateSchema, DropSchema

from plantrack.authentication.refusals import CannotSignIn
from plantrack.authentication.tables import KEPT, SCHEMA, TABLES, shape

SQLITE = "sqlite:///"
POSTGRES = ("postgresql://", "postgres://")
ROLE = "plantrack_app"
GRANTS = (
    f"GRANT USAGE ON SCHEMA {SCHEMA} TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {ROLE}",
)
SETTINGS = "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '60s'"
CONNECT_WITHIN = 3
WAIT_FOR_OTHERS = 5
PATIENCE = 30.0
BETWEEN_TRIES = 0.02
MAKING = 0x7369676E696E
MIGRATE = "Sign-ins have no tables of this release: run plantrack migrate."


class Store:
    """The database of sign-ins."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = _engine(url)

    def make(self) -> bool:
        """Make the tables where this release has others than there are; say whether it did.

        On PostgreSQL only the database's owner can do this, once the record was migrated.
        """
        owner = _engine(self._url, as_owner=True)
        try:
            if owner.dialect.name == "sqlite":
                _make_file(sessions_path(self._url))
            with transaction(owner) as connection:
                return _make(connection)
        except (SQLAlchemyError, sqlite3.Error, OSError) as wrong:
            raise CannotSignIn(f"Sign-ins cannot be kept: {_told(wrong)}.") from None
        finally:
            owner.dispose()

    def check(self) -> None:
        """Refuse tables that are missing or were made by another release."""
        with self.reading() as connection:
            if _shape_there(connection) != shape(connection.dialect):
                raise CannotSignIn(MIGRATE)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Look something up."""
        try:
            with self._engine.connect() as connection, connection.begin():
                yield connection
        except SQLAlchemyError as wrong:
            raise CannotSignIn(_unreachable(wrong)) from None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write all that is written in here, or nothing."""
        try:
            with transaction(self._engine) as connection:
                yield connection
        except SQLAlchemyError as wrong:
            raise CannotSignIn(_unreachable(wrong)) from None


def sessions_path(url: str) -> Path:
    """Name the file of sign-ins that belongs to the file of a record."""
    path = Path(url.removeprefix(SQLITE))
    return path.with_name(f"{path.stem}-sessions{path.suffix}")


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Write in turn with others."""
    with (
        engine.connect() as connection,
        connection.execution_options(begin="IMMEDIATE").begin(),
    ):
        yield connection


def _engine(url: str, *, as_owner: bool = False) -> Engine:
    if url.startswith(SQLITE) and url.removeprefix(SQLITE) not in ("", ":memory:"):
        return _engine_of_file(sessions_path(url))
    if not url.startswith(POSTGRES):
        raise CannotSignIn("The database must be sqlite:///file or postgresql://host/name.")
    engine = create_engine("postgresql+psycopg://", pool_pre_ping=True, hide_parameters=True)
    settings = SETTINGS if as_owner else f"SET ROLE {ROLE}; {SETTINGS}"

    @event.listens_for(engine, "do_connect")
    def name_the_database(_: Dialect, __: Any, given: list[Any], more: dict[str, Any]) -> None:
        given[:] = [url]
        more["connect_timeout"] = CONNECT_WITHIN

    @event.listens_for(engine, "connect")
    def act_as_the_program(connection: Any, _: Any) -> None:
        connection.execute(settings)
        connection.commit()

    return engine


def _engine_of_file(path: Path) -> Engine:
    engine = create_engine(
        f"{SQLITE}{path}",
        connect_args={"timeout": WAIT_FOR_OTHERS, "check_same_thread": False},
        execution_options={"schema_translate_map": {SCHEMA: None}},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def leave_transactions_to_us(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        """Begin as a writer where somebody will write: a reader cannot wait for its turn."""
        how = connection.get_execution_options().get("begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {how}")

    return engine


def _make_file(path: Path) -> None:
    """Make the file for its owner only. SQLite waits for nobody to switch a journal: this does."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    give_up = time.monotonic() + PATIENCE
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError:
                if time.monotonic() > give_up:
                    raise
                time.sleep(BETWEEN_TRIES)
            else:
                return


def _make(connection: Connection) -> bool:
    postgres = connection.dialect.name == "postgresql"
    if postgres:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({MAKING})"))
    wanted = shape(connection.dialect)
    if _shape_there(connection) == wanted:
        return False
    if postgres:
        connection.execute(DropSchema(SCHEMA, cascade=True, if_exists=True))
        connection.execute(CreateSchema(SCHEMA))
    else:
        for name in connection.dialect.get_table_names(connection):
            connection.exec_driver_sql(f'DROP TABLE "{name}"')
    TABLES.create_all(connection)
    connection.execute(insert(KEPT).values(only=1, shape=wanted))
    if postgres:
        for grant in GRANTS:
            connection.execute(text(grant))
    return True


def _shape_there(connection: Connection) -> str | None:
    schema = SCHEMA if connection.dialect.name == "postgresql" else None
    if not connection.dialect.has_table(connection, "kept", schema=schema):
        return None
    return connection.execute(select(KEPT.c.shape)).scalar()


def _unreachable(wrong: Exception) -> str:
    return (
        f"Nobody can sign in or go on just now: the database of sign-ins fails ({_told(wrong)}). "
        "Try again in a few minutes."
    )


def _told(wrong: Exception) -> str:
    """Say what went wrong without the driver's details, which may repeat values."""
    return type(getattr(wrong, "orig", None) or wrong).__name__
