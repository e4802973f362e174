"""Opening a record: what is refused, in words, and what is made sure of."""

import os
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier, Timer
from typing import Any

import psycopg
import pytest

from plantrack.application.commands import Commands
from plantrack.record import (
    CannotReach,
    Record,
    migrate,
    migrations,
    open_record,
    postgres_tables,
    sqlite_tables,
)
from record.plans import ANN, entry, opened_cin, seen

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def record(url: str) -> Iterator[Record]:
    with closing(open_record(url)) as record:
        yield record


def execute(url: str, sql: str) -> None:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file, file:
            file.execute(sql)
    else:
        with psycopg.connect(url) as owner:
            owner.execute(sql.encode())


def test_migrating_says_what_it_did_and_does_it_once(empty_url: str) -> None:
    assert migrate(empty_url) == [
        "1. The record: entries, commands and which plans a child has",
        "2. Policies as they were adopted, and commands that share a commit",
        "3. The record of rights, and appending under the rights that were known",
    ]
    assert migrate(empty_url) == []


def test_a_database_that_was_never_migrated_is_refused(empty_url: str) -> None:
    with pytest.raises(CannotReach, match="run plantrack migrate"):
        open_record(empty_url)


def test_a_database_of_an_older_release_is_brought_up_to_date(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tables in (sqlite_tables, postgres_tables):
        more = ("Something more", ["CREATE TABLE something_more (what text)"])
        monkeypatch.setattr(tables, "STEPS", [*tables.STEPS, more])

    with pytest.raises(CannotReach, match="run plantrack migrate"):
        open_record(url)
    assert migrate(url) == ["4. Something more"]
    open_record(url).close()


@on_sqlite
def test_migrating_a_file_waits_for_who_is_using_it(empty_url: str) -> None:
    path = empty_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        Timer(0.3, other.rollback).start()
        assert migrate(empty_url) != []


def test_a_new_file_can_be_migrated_by_many_at_once(tmp_path: Path) -> None:
    rounds, many = 15, 6
    with ThreadPoolExecutor(many) as threads:
        for n in range(rounds):
            ready = Barrier(many)

            def start(path: str = f"sqlite:///{tmp_path}/{n}.db", ready: Barrier = ready) -> int:
                ready.wait()
                return len(migrate(path))

            done = [each.result() for each in [threads.submit(start) for _ in range(many)]]
            assert sum(done) == len(sqlite_tables.STEPS)


def test_switching_the_journal_is_tried_again_where_sqlite_does_not_wait() -> None:
    tries: list[str] = []

    class Busy(sqlite3.Connection):
        def execute(self, sql: str, *_: Any) -> sqlite3.Cursor:
            tries.append(sql)
            if len(tries) < 3:
                raise sqlite3.OperationalError("database is locked")
            return super().execute(sql)

    with closing(sqlite3.connect(":memory:", factory=Busy)) as busy:
        migrations._switch_to_wal(busy)

    assert tries == ["PRAGMA journal_mode=WAL"] * 3


@on_sqlite
def test_a_file_that_holds_something_else_is_refused(empty_url: str) -> None:
    path = Path(empty_url.removeprefix("sqlite:///"))
    path.touch()
    with pytest.raises(CannotReach, match="run plantrack migrate"):
        open_record(empty_url)
    path.write_text("a shopping list, which is no database at all")
    for refused in (open_record, migrate):
        with pytest.raises(CannotReach, match="not a database"):
            refused(empty_url)


def test_a_database_of_a_newer_release_is_refused(url: str) -> None:
    execute(url, "INSERT INTO schema_version VALUES (99, 'of the future', '2099-01-01')")

    for refused in (open_record, migrate):
        with pytest.raises(CannotReach, match="newer release"):
            refused(url)


@pytest.mark.parametrize(
    "nowhere",
    [
        "postgresql://somebody:secret@/nothing?host=/nowhere",
        "sqlite:////nowhere/record.db",
        "sqlite:///",
        "sqlite:///:memory:",
        "mysql://somebody:secret@host/name",
        "record.db",
    ],
)
def test_a_database_that_is_not_there_is_said_to_be_so(nowhere: str) -> None:
    for refused in (open_record, migrate):
        with pytest.raises(CannotReach) as why:
            refused(nowhere)
        assert str(why.value).endswith(".")
        assert "secret" not in str(why.value)


@pytest.mark.parametrize("value", ["y", "1", "true", "anything"])
def test_a_setting_that_loses_entries_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", value)
    with pytest.raises(CannotReach, match="lose entries"):
        open_record(url)

    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "n")
    open_record(url).close()


def test_a_stray_variable_does_not_change_the_store(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    strays = {
        "PERSISTENCE_MODULE": "eventsourcing.popo",
        "IS_SNAPSHOTTING_ENABLED": "y",
        "CREATE_TABLE": "y",
    }
    for name, value in strays.items():
        monkeypatch.setenv(name, value)

    with closing(open_record(url)) as record:
        record.append([entry("P1", 1, opened_cin())])
        assert record.snapshots is None
        assert record.recorder.select_events("P1")[0].state.startswith(b'{"recorded_at"')


@on_sqlite
def test_a_commit_on_sqlite_reaches_the_disk(record: Record, url: str) -> None:
    writer: Any = record.recorder.datastore.writer
    full = 2

    assert writer.execute("PRAGMA synchronous").fetchone() == (full,)
    assert writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert os.stat(url.removeprefix("sqlite:///")).st_mode & 0o077 == 0


@on_postgres
@pytest.mark.parametrize("default", ["off", "local", "remote_write"])
def test_a_commit_on_postgres_reaches_the_disk(url: str, default: str) -> None:
    with psycopg.connect(url) as owner:
        name = owner.info.dbname
        owner.execute(f"ALTER DATABASE {name} SET synchronous_commit = {default}".encode())

    with closing(open_record(url)) as record:
        server: Any = record.recorder.datastore
        [found] = server.writer().execute("SHOW synchronous_commit").fetchone()

    assert found == ("on" if default == "off" else default)


@on_postgres
def test_connections_give_up_in_time(record: Record) -> None:
    server: Any = record.recorder.datastore
    for setting, expected in (
        ("lock_timeout", "600ms"),
        ("idle_in_transaction_session_timeout", "5s"),
    ):
        assert server.writer().execute(f"SHOW {setting}".encode()).fetchone() == (expected,)
        assert record.recorder.read(f"SHOW {setting}") == [(expected,)]


HANGS = "SELECT append_entry('H1', 1, 'ChildSeen@1', '', NULL, NULL, NULL, NULL)"


@contextmanager
def hung_writer(url: str) -> Iterator[None]:
    """Somebody has appended and does not commit."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, isolation_level=None)) as hung:
            hung.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(url) as hung_server:
            hung_server.execute(HANGS)
            yield
            hung_server.rollback()


def test_a_hung_writer_holds_nobody_up_for_long(record: Record, url: str) -> None:
    commands = Commands(record)
    opened = commands.record("P1", opened_cin(), ANN)

    with hung_writer(url):
        started = time.monotonic()
        with pytest.raises(CannotReach, match="Try again in a moment"):
            commands.record("P1", seen(), ANN)
        assert time.monotonic() - started < 5
        started = time.monotonic()
        assert commands.entries("P1") == [opened]
        assert time.monotonic() - started < 0.5

    assert commands.record("P1", seen(), ANN).number == 2


@on_postgres
def test_nobody_passes_a_writer_who_has_not_committed(record: Record, url: str) -> None:
    record.append([entry("P1", 1, opened_cin())])
    before = record.last_position()

    with hung_writer(url), pytest.raises(CannotReach):
        record.append([entry("P1", 2, seen())])

    assert record.last_position() == before


@on_postgres
def test_lost_connections_are_made_anew(record: Record, url: str) -> None:
    commands = Commands(record)
    commands.record("P1", opened_cin(), ANN)

    cut_all(url)
    assert commands.record("P1", seen(), ANN).number == 2
    cut_all(url)
    assert len(commands.entries("P1")) == 2


def cut_all(url: str) -> None:
    execute(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()",
    )
