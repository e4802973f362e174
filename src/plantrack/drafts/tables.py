"""The tables of drafts: what was begun by whom, and what was written in each part."""

from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import Boolean, Column, ForeignKey, Integer, MetaData, String, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import TypeDecorator

SCHEMA = "drafts"
"""The PostgreSQL schema that holds them; a SQLite file needs none."""

TABLES = MetaData(schema=SCHEMA)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, written so that it sorts and reads the same on both databases."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> str | None:
        return value.astimezone(UTC).isoformat(timespec="microseconds") if value else None

    def process_result_value(self, value: str | None, _: Dialect) -> datetime | None:
        return datetime.fromisoformat(value) if value else None


KEPT = Table(
    "kept",
    TABLES,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("shape", String(64), nullable=False),
)
"""Which tables there are."""

DRAFTS = Table(
    "drafts",
    TABLES,
    Column("draft", String(40), primary_key=True),
    Column("person", Text, nullable=False, index=True),
    Column("about", Text, nullable=False),
    Column("began_at", Moment, nullable=False, index=True),
    Column("saved_at", Moment, nullable=False),
    Column("sending", Text),
    Column("finished", Text),
    Column("finished_at", Moment),
)
"""What was begun. Once it is finished, it holds only what was put on which plan, and no words."""

PARTS = Table(
    "parts",
    TABLES,
    Column("draft", ForeignKey(DRAFTS.c.draft, ondelete="CASCADE"), primary_key=True),
    Column("part", String(120), primary_key=True),
    Column("fields", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("pen", String(40), nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("done", Boolean, nullable=False),
)
"""What was written in each part, as it was typed. The pen is the page that saves by itself."""


def shape(dialect: Dialect) -> str:
    """Give a fingerprint of all tables."""
    made = [str(CreateTable(each).compile(dialect=dialect)) for each in TABLES.sorted_tables]
    return sha256("\n".join(made).encode()).hexdigest()
