"""How a read model's table is made of the rows it holds: one field list serves both.

Every table keeps its rows by generation. One generation is live; a rebuild fills the next one
beside it, and then the next one is live.
"""

import types
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, NamedTuple, Protocol, Union, get_args, get_origin, get_type_hints

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.types import TypeDecorator, TypeEngine

from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.events import (
    ENDINGS,
    AgencyJoined,
    AgencyLeft,
    LeadChanged,
    PlanEvent,
    PlanOpened,
)

SCHEMA = "read_models"
"""The PostgreSQL schema that holds the read models; a SQLite file needs none."""

LONGEST_NAME = 63
"""How many characters PostgreSQL takes."""

TABLES = MetaData(schema=SCHEMA)
Kinds = frozenset[type[PlanEvent]]
COMMON: Kinds = frozenset({PlanOpened, LeadChanged, AgencyJoined, AgencyLeft, *ENDINGS})
"""What may change a column that many tables have."""
Json = list[Any] | dict[str, Any]


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, written so that it sorts and reads the same on both databases."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> str | None:
        return value.astimezone(UTC).isoformat(timespec="microseconds") if value else None

    def process_result_value(self, value: str | None, _: Dialect) -> datetime | None:
        return datetime.fromisoformat(value) if value else None


TYPES: dict[Any, type[TypeEngine[Any]] | TypeEngine[Any]] = {
    str: Text().with_variant(Text(collation="C"), "postgresql"),
    int: BigInteger().with_variant(Integer(), "sqlite"),
    float: Float(),
    bool: Boolean(),
    date: Date(),
    datetime: Moment(),
    list: JSON(none_as_null=True),
    dict: JSON(none_as_null=True),
}


class ReadModel(Protocol):
    """What a module of this package offers: a table, and a plan's file made into its rows.

    ``READS`` are all kinds of event that a row may depend on, None if it may be any: rows are not
    made again while none of these changes.
    """

    __name__: str
    TABLE: Table

    @property
    def READS(self) -> Kinds | None:  # noqa: N802 - a constant of the module
        """Name the kinds of event that the rows depend on."""

    def rows(self, file: RunningPlan) -> Iterable[NamedTuple]:
        """Make one plan's rows."""


def table(
    name: str, row: Any, *, keys: Sequence[str], indexes: Sequence[Sequence[str]] = ()
) -> Table:
    """Make the table of a read model from the fields of its row."""
    made = Table(
        name,
        TABLES,
        Column("generation", Integer, nullable=False),
        *(_column(field, hint) for field, hint in get_type_hints(row).items()),
        PrimaryKeyConstraint("generation", *keys),
    )
    for columns in indexes:
        Index(_index(name, columns), made.c.generation, *(made.c[c] for c in columns))
    return made


def _index(name: str, columns: Sequence[str]) -> str:
    """Name an index by what it sorts; a name too long for PostgreSQL ends with a fingerprint."""
    full = f"{name}_by_{'_'.join(columns)}"
    if len(full) <= LONGEST_NAME:
        return full
    return f"{full[: LONGEST_NAME - 9]}_{sha256(full.encode()).hexdigest()[:8]}"


def _column(name: str, hint: Any) -> Column[Any]:
    options = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    [kind] = {get_origin(o) or o for o in options if o is not type(None)}
    return Column(name, TYPES[kind], nullable=type(None) in options)


def shape(dialect: Dialect) -> str:
    """Give a fingerprint of all tables: where it differs, they are thrown away and made again."""
    made = [str(CreateTable(each).compile(dialect=dialect)) for each in TABLES.sorted_tables]
    for each in TABLES.sorted_tables:
        made += sorted(str(CreateIndex(index).compile(dialect=dialect)) for index in each.indexes)
    return sha256("\n".join(made).encode()).hexdigest()[:16]
