"""Nothing that was recorded can be changed: not by the program, and not by a slip of the owner."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest

from plantrack.domain.rights.events import PersonRegistered
from plantrack.domain.rights.state import RightsEntry
from plantrack.record import AdoptedPolicy, ChildRow, CommandRow, open_record
from record.plans import ANN, NOW, entry, opened_cin, seen

NOT_ALLOWED = "permission denied|must be owner"
TABLES = ["events", "commands", "child_plans", "policies_adopted", "rights"]
CHANGES = ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"]
DDL = [
    "TRUNCATE {0}",
    "ALTER TABLE {0} ADD COLUMN more text",
    "DROP TABLE {0}",
    "ALTER TABLE {0} DISABLE TRIGGER ALL",
]
COLUMN = {
    "events": "state",
    "commands": "answer",
    "child_plans": "plan",
    "policies_adopted": "text",
    "rights": "state",
}
REPLACEMENTS = {
    "events": "REPLACE INTO events VALUES (1, 'P1', 1, 'ChildSeen@1', x'00')",
    "commands": "REPLACE INTO commands VALUES ('c1', 'x', 'x', 'x')",
    "child_plans": "REPLACE INTO child_plans VALUES ('C1', 1, 'P2')",
    "policies_adopted": "REPLACE INTO policies_adopted VALUES (1, 'x', 'x', 'x', 'x', 'x', 'x')",
    "rights": "REPLACE INTO rights VALUES (1, 'PersonDisabled@1', x'00')",
}

as_the_program = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
every_table = pytest.mark.parametrize("table", TABLES)


@pytest.fixture(autouse=True)
def something_recorded(url: str) -> Iterator[None]:
    with closing(open_record(url)) as record:
        record.append(
            [entry("P1", 1, opened_cin("C1")), entry("P1", 2, seen())],
            commands=[CommandRow("c1", "mark", "[]", NOW)],
            children=[ChildRow("C1", 1, "P1")],
        )
        record.adopt(AdoptedPolicy(1, NOW, ANN, "england.toml", "[periods]"))
        known = PersonRegistered(person="p-ann", name="Ann", agency="csc")
        record.append([], known_rights=0, rights=[RightsEntry(1, NOW, ANN, known)])
        before = record.entries("P1"), record.adopted(), record.rights_after(0)
        yield
        assert (record.entries("P1"), record.adopted(), record.rights_after(0)) == before
        assert record.answer("c1", "mark") == "[]"
        assert record.plans_of("C1") == ["P1"]


ALL_TABLES = {
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


def test_no_table_is_left_out_here(url: str, database: str) -> None:
    with closing(open_record(url)) as record:
        found = {name for (name,) in record.recorder.read(ALL_TABLES[database])}

    assert found == {*TABLES, "schema_version"}


@as_the_program
@every_table
def test_the_program_may_only_read_and_append(url: str, table: str) -> None:
    for change in CHANGES + DDL:
        with psycopg.connect(url) as program:
            program.execute("SET ROLE plantrack_app")
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match=NOT_ALLOWED):
                program.execute(change.format(table, COLUMN[table]).encode())


@as_the_program
def test_the_record_connects_as_that_program(url: str) -> None:
    with closing(open_record(url)) as record:
        record.append([entry("P2", 1, opened_cin("C2"))])
        assert record.recorder.read("SELECT current_user") == [("plantrack_app",)]
        server: Any = record.recorder.datastore
        assert server.writer().execute("SELECT current_user").fetchone() == ("plantrack_app",)
    with psycopg.connect(url) as owner:
        rights = owner.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolcanlogin, rolbypassrls"
            " FROM pg_roles WHERE rolname = 'plantrack_app'"
        ).fetchone()
    assert rights == (False,) * 5


@as_the_program
@every_table
@pytest.mark.parametrize("triggers", ["origin", "replica"])
def test_the_owner_is_stopped_by_a_trigger(url: str, table: str, triggers: str) -> None:
    for change in [*CHANGES, "TRUNCATE {0}"]:
        with psycopg.connect(url) as owner:
            owner.execute(f"SET session_replication_role = {triggers}".encode())
            with pytest.raises(psycopg.Error, match="append-only"):
                owner.execute(change.format(table, COLUMN[table]).encode())


@on_sqlite
@every_table
def test_a_file_is_guarded_by_triggers(url: str, table: str) -> None:
    for change in CHANGES:
        with (
            closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file,
            pytest.raises(sqlite3.IntegrityError, match="append-only"),
        ):
            file.execute(change.format(table, COLUMN[table]))


@on_sqlite
@every_table
def test_a_row_of_a_file_cannot_be_replaced(url: str, table: str) -> None:
    with (
        closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        file.execute(REPLACEMENTS[table])


@on_sqlite
def test_readers_of_a_file_cannot_write(url: str) -> None:
    with closing(open_record(url)) as record, pytest.raises(Exception, match="readonly"):
        record.recorder.read("INSERT INTO child_plans VALUES ('C2', 1, 'P2')")
