"""The tables of the access record, step by step; a step that was released never changes.

The database itself gives each row its position and refuses every change of a row.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    select,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.functions import coalesce, max
from sqlalchemy.types import TypeDecorator, TypeEngine

SCHEMA = "access_record"
"""The PostgreSQL schema that holds the access record; a SQLite file needs none."""

ROLE = "plantrack_app"
"""Whom the running program acts as; the record's own tables make the role."""

IN_TURN = 0x6C6F6F6B6564
"""The lock of appending: held to the end of a transaction, so that positions have no gaps."""

TABLES = MetaData(schema=SCHEMA)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; on SQLite it is text that sorts as the moments do."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind = String(32) if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (datetime.fromisoformat(value) if dialect.name == "sqlite" else value).astimezone(
            UTC
        )


LOOKED = Table(
    "looked",
    TABLES,
    Column("position", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("request", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("child", Text),
    Column("what", Text, nullable=False),
    Column("marks", Text, nullable=False),
    Column("purpose", Text),
    Column("shown", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("glass", Text),
)
"""One row for each plan that was shown to somebody, or refused."""

STEP = Table(
    "step",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
)
"""Which steps this database has had."""

READ_STEP = select(coalesce(max(STEP.c.number), 0))
ASKED_BY = ("child", "plan", "person", "agency")
WHO_LOOKED = "Who looked at which plan"
REFUSAL = "The access record is append-only."

_POSTGRES = [
    f"CREATE SCHEMA {SCHEMA}",
    f"CREATE TABLE {SCHEMA}.step (number integer PRIMARY KEY, name text NOT NULL)",
    f"""
    CREATE TABLE {SCHEMA}.looked (
        position bigint PRIMARY KEY,
        at timestamptz NOT NULL,
        request text COLLATE "C" NOT NULL,
        person text COLLATE "C" NOT NULL,
        name text NOT NULL,
        agency text COLLATE "C" NOT NULL,
        role text COLLATE "C" NOT NULL,
        plan text COLLATE "C" NOT NULL,
        child text COLLATE "C",
        what text COLLATE "C" NOT NULL,
        marks text COLLATE "C" NOT NULL,
        purpose text,
        shown boolean NOT NULL,
        reason text COLLATE "C" NOT NULL,
        glass text COLLATE "C"
    )
    """,
    *(f"CREATE INDEX ON {SCHEMA}.looked ({name}, position)" for name in ASKED_BY),
    f"CREATE INDEX ON {SCHEMA}.looked (at)",
    f"""
    CREATE FUNCTION {SCHEMA}.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    f"""
    CREATE FUNCTION {SCHEMA}.take_turns() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_catalog.pg_advisory_xact_lock({IN_TURN});
        RETURN NULL;
    END $$
    """,
    # It sees the rows before it of the same statement, and those of whoever had the turn before.
    f"""
    CREATE FUNCTION {SCHEMA}.give_position() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        SELECT coalesce(pg_catalog.max(position), 0) + 1 INTO NEW.position FROM {SCHEMA}.looked;
        RETURN NEW;
    END $$
    """,
    f"CREATE TRIGGER looked_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE"
    f" ON {SCHEMA}.looked FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()",
    f"CREATE TRIGGER looked_is_added_to_in_turn BEFORE INSERT"
    f" ON {SCHEMA}.looked FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.take_turns()",
    f"CREATE TRIGGER looked_has_positions BEFORE INSERT"
    f" ON {SCHEMA}.looked FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.give_position()",
    *(
        f"ALTER TABLE {SCHEMA}.looked ENABLE ALWAYS TRIGGER looked_{trigger}"
        for trigger in ("is_never_changed", "is_added_to_in_turn", "has_positions")
    ),
    f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM PUBLIC, {ROLE}",
    f"GRANT USAGE ON SCHEMA {SCHEMA} TO {ROLE}",
    f"GRANT SELECT ON {SCHEMA}.step TO {ROLE}",
    f"GRANT SELECT, INSERT ON {SCHEMA}.looked TO {ROLE}",
]

_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"

_SQLITE = [
    "CREATE TABLE step (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT",
    # AUTOINCREMENT never gives a position twice.
    """
    CREATE TABLE looked (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        request TEXT NOT NULL,
        person TEXT NOT NULL,
        name TEXT NOT NULL,
        agency TEXT NOT NULL,
        role TEXT NOT NULL,
        plan TEXT NOT NULL,
        child TEXT,
        what TEXT NOT NULL,
        marks TEXT NOT NULL,
        purpose TEXT,
        shown INTEGER NOT NULL,
        reason TEXT NOT NULL,
        glass TEXT
    ) STRICT
    """,
    *(f"CREATE INDEX looked_by_{name} ON looked ({name}, position)" for name in ASKED_BY),
    "CREATE INDEX looked_by_at ON looked (at)",
    f"CREATE TRIGGER looked_is_never_updated BEFORE UPDATE ON looked {_REFUSE}",
    f"CREATE TRIGGER looked_is_never_deleted BEFORE DELETE ON looked {_REFUSE}",
    # REPLACE would delete a row unseen.
    "CREATE TRIGGER looked_is_never_replaced BEFORE INSERT ON looked"
    f" WHEN EXISTS (SELECT 1 FROM looked WHERE position = NEW.position) {_REFUSE}",
]

STEPS: dict[str, list[tuple[str, list[str]]]] = {
    "postgresql": [(WHO_LOOKED, _POSTGRES)],
    "sqlite": [(WHO_LOOKED, _SQLITE)],
}
"""What is done to a database, in order, by the kind of database."""
