"""The tables of sign-ins: attempts that were begun, and sessions."""

from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import TypeDecorator

SCHEMA = "sign_in"
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

ATTEMPTS = Table(
    "attempts",
    TABLES,
    Column("handle_hash", String(64), primary_key=True),
    Column("provider", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("code_verifier", Text, nullable=False),
    Column("step_up", Boolean, nullable=False),
    Column("begun_at", Moment, nullable=False, index=True),
    Column("then", Text, nullable=False),
)
"""Sign-ins that were begun and are not finished."""

SESSIONS = Table(
    "sessions",
    TABLES,
    Column("cookie_hash", String(64), primary_key=True),
    Column("person", Text, nullable=False, index=True),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("purpose", Text),
    Column("auth_time", Moment, nullable=False),
    Column("mfa", Boolean, nullable=False),
    Column("started_at", Moment, nullable=False, index=True),
    Column("seen_at", Moment, nullable=False, index=True),
)
"""Who is signed in. Of the cookie only a hash is kept: whoever reads this signs in as nobody."""

KEYS = Table(
    "keys",
    TABLES,
    Column("name", String(40), primary_key=True),
    Column("key", String(64), nullable=False),
)
"""Keys that all processes share, for what is worth nothing once they are lost."""


def shape(dialect: Dialect) -> str:
    """Give a fingerprint of all tables: where it differs, they are thrown away and made again."""
    made = [str(CreateTable(each).compile(dialect=dialect)) for each in TABLES.sorted_tables]
    return sha256("\n".join(made).encode()).hexdigest()
