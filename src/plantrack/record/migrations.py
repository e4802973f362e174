"""Makes and changes the tables of a record: ``plantrack migrate``, and nothing else, does this."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg

from plantrack.record import database_url, postgres_tables, sqlite_tables
from plantrack.record.writing import CannotReach

MIGRATING = 0x6D696772617465
PATIENCE = 60.0
NEWER = (
    "The database was made by a newer release of plantrack than this one. "
    "Run that release, or a later one."
)
OLDER = "The database is not up to date with this release: run plantrack migrate."
VERSIONS = (
    "CREATE TABLE IF NOT EXISTS schema_version"
    " (version integer PRIMARY KEY, name text NOT NULL, migrated_at text NOT NULL)"
)
READ_VERSION = "SELECT coalesce(max(version), 0) FROM schema_version"
NOTE_VERSION = "INSERT INTO schema_version VALUES (?, ?, {now})"


def migrate(url: str) -> list[str]:
    """Bring a database up to date and say what was done; nothing if it was already.

    Several may migrate at once: they take turns, and each step is done once.
    """
    database_url.check(url)
    path = database_url.sqlite_path(url)
    return _migrate_sqlite(path) if path else _migrate_postgres(url)


def check_version(version: int, steps: list[tuple[str, list[str]]]) -> None:
    """Refuse a database that is older or newer than this release."""
    if version > len(steps):
        raise CannotReach(NEWER)
    if version < len(steps):
        raise CannotReach(OLDER)


def _migrate_sqlite(path: Path) -> list[str]:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
            _switch_to_wal(connection)
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(VERSIONS)
            version = connection.execute(READ_VERSION).fetchone()[0]
            done = _take_steps(
                sqlite_tables.STEPS,
                version,
                connection.execute,
                NOTE_VERSION.format(now="datetime()"),
            )
            connection.execute("COMMIT")
            return done
    except (sqlite3.Error, OSError) as wrong:
        raise CannotReach(f"{path} cannot be migrated: {_first_line(wrong)}.") from None


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Switch the journal: SQLite does not wait for others here, so this does."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def _migrate_postgres(url: str) -> list[str]:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            connection.execute(f"SET LOCAL lock_timeout = '{int(PATIENCE)}s'".encode())
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [MIGRATING])
            connection.execute("SET LOCAL search_path TO public")
            connection.execute(VERSIONS)
            found = connection.execute(READ_VERSION).fetchone()
            note = NOTE_VERSION.format(now="now()").replace("?", "%s")
            return _take_steps(
                postgres_tables.STEPS,
                found[0] if found else 0,
                lambda sql, values=None: connection.execute(sql.encode(), values),
                note,
            )
    except psycopg.Error as wrong:
        raise CannotReach(f"The database cannot be migrated: {_first_line(wrong)}.") from None


def _take_steps(
    steps: list[tuple[str, list[str]]],
    version: int,
    execute: Callable[..., object],
    note_version: str,
) -> list[str]:
    """Take the steps that a database has not had yet, in one transaction of the caller's."""
    if version > len(steps):
        raise CannotReach(NEWER)
    done = []
    for number, (name, statements) in enumerate(steps[version:], version + 1):
        for statement in statements:
            execute(statement)
        execute(note_version, (number, name))
        done.append(f"{number}. {name}")
    return done


def _first_line(wrong: Exception) -> str:
    return (str(wrong).strip().splitlines() or [type(wrong).__name__])[0].rstrip(".")
