"""Nobody changes the access record: not the program, and not the owner without undoing a guard."""

import sqlite3
from contextlib import closing

import psycopg
import pytest

from access.lookings import ANN, BEN, file_of, noted, positions
from plantrack.access_log.log import AccessLog

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

NOT_ALLOWED = "permission denied|must be owner"
TABLE = "access_record.looked"
CHANGES = [f"UPDATE {TABLE} SET name = name", f"DELETE FROM {TABLE}"]
ROW = "now(), '', 'eve', '', '', '', '', '', '', '', '', true, '', ''"
UPSERT = (
    f"INSERT INTO {TABLE} VALUES (1, {ROW}) ON CONFLICT (position) DO UPDATE SET person = 'eve'"
)
CHANGES_OF_TABLE = [
    f"TRUNCATE {TABLE}",
    f"ALTER TABLE {TABLE} DISABLE TRIGGER ALL",
    f"DROP TABLE {TABLE}",
    "CREATE TABLE access_record.other (n int)",
    "INSERT INTO access_record.step VALUES (2, 'none')",
]


@pytest.fixture(autouse=True)
def two_have_looked(log: AccessLog) -> None:
    log.note([ANN, BEN])


@on_postgres
def test_the_program_may_only_read_and_append(log: AccessLog, url: str) -> None:
    for change in [*CHANGES, UPSERT, *CHANGES_OF_TABLE]:
        with psycopg.connect(url) as program:
            program.execute("SET ROLE plantrack_app")
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match=NOT_ALLOWED):
                program.execute(change.encode())

    assert noted(log) == [ANN, BEN]


@on_postgres
@pytest.mark.parametrize("triggers", ["origin", "replica"])
def test_the_owner_is_stopped_by_a_trigger(log: AccessLog, url: str, triggers: str) -> None:
    for change in [*CHANGES, UPSERT, f"TRUNCATE {TABLE}"]:
        with psycopg.connect(url) as owner:
            owner.execute(f"SET session_replication_role = {triggers}".encode())
            with pytest.raises(psycopg.Error, match="append-only"):
                owner.execute(change.encode())

    assert noted(log) == [ANN, BEN]


@on_postgres
def test_nobody_chooses_a_position(log: AccessLog, url: str) -> None:
    for triggers in ("origin", "replica"):
        with psycopg.connect(url) as owner:
            owner.execute(f"SET session_replication_role = {triggers}".encode())
            owner.execute(f"INSERT INTO {TABLE} VALUES (1, {ROW}), (99, {ROW})".encode())

    assert positions(log) == [1, 2, 3, 4, 5, 6]


@on_sqlite
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE looked SET name = name",
        "DELETE FROM looked",
        "REPLACE INTO looked SELECT * FROM looked WHERE position = 1",
        "INSERT INTO looked SELECT * FROM looked WHERE position = 1"
        " ON CONFLICT DO UPDATE SET person = 'eve'",
    ],
)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_a_file_is_guarded_by_triggers(
    log: AccessLog, url: str, change: str, recursive: str
) -> None:
    with closing(sqlite3.connect(file_of(url), isolation_level=None)) as file:
        file.execute(f"PRAGMA recursive_triggers={recursive}")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            file.execute(change)

    assert noted(log) == [ANN, BEN]


@on_sqlite
def test_who_asks_cannot_write(log: AccessLog, url: str) -> None:
    with (
        log._reading.connect() as connection,
        pytest.raises(Exception, match="readonly"),
    ):
        connection.exec_driver_sql("INSERT INTO step VALUES (2, 'none')")
