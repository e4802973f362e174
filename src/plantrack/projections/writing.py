"""How rows are put into a table and taken out: straight to the driver, which a rebuild is made of.

Building statements and converting values by SQLAlchemy would take longer than making the rows.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import JSON, Connection, Date, Table

from plantrack.projections.tables import SCHEMA

ENOUGH_TO_COPY = 25

Convert = Callable[[Any], Any]
_write_json = msgspec.json.Encoder().encode


class Statements(NamedTuple):
    """What is said to one kind of database about one table."""

    insert: str
    copy: str
    delete_row: str
    delete_plan: str
    conversions: tuple[tuple[int, Convert], ...]


def put(
    connection: Connection, table: Table, generation: int, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Put rows into a generation of a table."""
    if not rows:
        return
    says = _statements(table, connection.dialect.name)
    values = [_values(generation, row, says.conversions) for row in rows]
    if connection.dialect.name == "postgresql" and len(rows) >= ENOUGH_TO_COPY:
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(says.copy) as copy:
            for each in values:
                copy.write_row(each)
    else:
        connection.exec_driver_sql(says.insert, values)


def take_out(
    connection: Connection, table: Table, generation: int, keys: Sequence[tuple[Any, ...]]
) -> None:
    """Take rows out by their keys."""
    if not keys:
        return
    says = _statements(table, connection.dialect.name)
    dates = connection.dialect.name == "sqlite"
    values = [
        (generation, *(_iso(part) if dates and isinstance(part, date) else part for part in key))
        for key in keys
    ]
    connection.exec_driver_sql(says.delete_row, values)


def take_out_plans(
    connection: Connection, table: Table, generation: int, plans: Sequence[str]
) -> None:
    """Take out all rows of some plans."""
    if plans:
        says = _statements(table, connection.dialect.name)
        connection.exec_driver_sql(says.delete_plan, [(generation, plan) for plan in plans])


def key_names(table: Table) -> list[str]:
    """Name the columns that tell the rows of one generation apart."""
    return [column.name for column in table.primary_key if column.name != "generation"]


def name_in(table: Table, dialect: str) -> str:
    """Name a table as one kind of database has it."""
    return f'{SCHEMA}."{table.name}"' if dialect == "postgresql" else f'"{table.name}"'


@cache
def _statements(table: Table, dialect: str) -> Statements:
    postgres = dialect == "postgresql"
    name, mark = name_in(table, dialect), "%s" if postgres else "?"
    names = [f'"{column.name}"' for column in table.c]
    columns = ", ".join(names)
    keys = " AND ".join(f'"{key}" = {mark}' for key in ("generation", *key_names(table)))
    return Statements(
        insert=f"INSERT INTO {name} ({columns}) VALUES ({', '.join([mark] * len(names))})",
        copy=f"COPY {name} ({columns}) FROM STDIN",
        delete_row=f"DELETE FROM {name} WHERE {keys}",
        delete_plan=f'DELETE FROM {name} WHERE "generation" = {mark} AND "plan" = {mark}',
        conversions=tuple(_conversions(table, dates=not postgres)),
    )


def _conversions(table: Table, *, dates: bool) -> Iterator[tuple[int, Convert]]:
    for place, column in enumerate(table.c):
        if isinstance(column.type, JSON):
            yield place, _json
        elif dates and isinstance(column.type, Date):
            yield place, _iso


def _values(
    generation: int, row: tuple[Any, ...], conversions: Sequence[tuple[int, Convert]]
) -> tuple[Any, ...]:
    values = [generation, *row]
    for place, convert in conversions:
        if values[place] is not None:
            values[place] = convert(values[place])
    return tuple(values)


def _json(value: object) -> str:
    return _write_json(value).decode()


def _iso(value: date) -> str:
    return value.isoformat()
