"""Makes the tables of the access record, and looks whether they are there."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from plantrack.access_log.connections import PATIENCE, file_of, making
from plantrack.access_log.tables import READ_STEP, ROLE, SCHEMA, STEP, STEPS

MAKING = 0x6163636573730000
NOT_MADE = "There is no access record yet: run plantrack migrate."
OLDER = "The access record is not up to date with this release: run plantrack migrate."
NEWER = (
    "The access record was made by a newer release of plantrack than this one. "
    "Run that release, or a later one."
)
RECORD_FIRST = (
    "The access record needs the role that the record's tables come with: run plantrack migrate."
)


class CannotOpen(Exception):
    """The access record cannot be used; the message says why and what to do."""


def make(url: str) -> bool:
    """Bring the access record up to date and say whether there was anything to do."""
    engine = making(url)
    try:
        if path := file_of(url):
            _make_file(path)
        with engine.begin() as connection:
            return _take_steps(connection)
    except (SQLAlchemyError, sqlite3.Error, OSError) as wrong:
        raise CannotOpen(f"The access record cannot be made: {kind_of(wrong)}.") from None
    finally:
        engine.dispose()


def check(url: str, engine: Engine) -> None:
    """Refuse an access record that is not there or was made by another release."""
    path = file_of(url)
    if path and not path.exists():
        raise CannotOpen(NOT_MADE)
    try:
        with engine.connect() as connection:
            number = _number(connection)
            if not number:
                raise CannotOpen(NOT_MADE)
            _refuse_newer(number, connection)
            if number < len(STEPS[connection.dialect.name]):
                raise CannotOpen(OLDER)
    except SQLAlchemyError as wrong:
        raise CannotOpen(f"The access record cannot be read: {kind_of(wrong)}.") from None


def kind_of(wrong: Exception) -> str:
    """Say what went wrong without the driver's details, which may repeat values."""
    return type(getattr(wrong, "orig", None) or wrong).__name__


def _make_file(path: Path) -> None:
    """Make an empty file that only its owner may read, and switch its journal."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    give_up = time.monotonic() + PATIENCE
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError:  # SQLite does not wait for others here
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.02)
            else:
                return


def _take_steps(connection: Connection) -> bool:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({MAKING})"))
        known = "SELECT count(*) FROM pg_catalog.pg_roles WHERE rolname = :role"
        if not connection.execute(text(known), {"role": ROLE}).scalar():
            raise CannotOpen(RECORD_FIRST)
    number = _number(connection)
    _refuse_newer(number, connection)
    steps = STEPS[connection.dialect.name][number:]
    for nth, (name, statements) in enumerate(steps, number + 1):
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.execute(insert(STEP).values(number=nth, name=name))
    return bool(steps)


def _number(connection: Connection) -> int:
    """Say how many steps this database has had; 0 where the tables are missing."""
    on_server = connection.dialect.name == "postgresql"
    if not inspect(connection).has_table("step", schema=SCHEMA if on_server else None):
        return 0
    number: int = connection.execute(READ_STEP).scalar_one()
    return number


def _refuse_newer(number: int, connection: Connection) -> None:
    if number > len(STEPS[connection.dialect.name]):
        raise CannotOpen(NEWER)
