"""The floor: one durable INSERT of the same bytes for each command, on a connection a writer."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import count

import psycopg

from bench.append import RAW_INSERT, RAW_TABLE
from bench.lanes import Command, Lane, threads
from bench.workload import STATE, TOPIC
from plantrack.record.database_url import sqlite_path

NAME = "raw INSERT"
ON_SQLITE = RAW_INSERT.format("?, ?, ?, ?")
ON_POSTGRES = (RAW_INSERT.format("%b, %b, %b, %b") + " RETURNING position").encode()
Numbers = Mapping[str, "count[int]"]


@contextmanager
def opened(url: str, lengths: Mapping[str, int]) -> Iterator[list[Lane]]:
    """Fill a table of the same shape as the record's, and insert into it."""
    rows = [(plan, n, TOPIC, STATE) for plan, length in lengths.items() for n in range(1, length)]
    numbers = {plan: count(length) for plan, length in lengths.items()}
    if path := sqlite_path(url):
        # A file that nobody has open loses its log, and must make room for it on the disk again.
        with closing(sqlite3.connect(path, check_same_thread=False)) as keeper:
            _fill_sqlite(keeper, rows)
            yield [Lane(NAME, threads(lambda: _on_sqlite(str(path), numbers)))]
    else:
        _fill_postgres(url, rows)
        yield [Lane(NAME, threads(lambda: _on_postgres(url, numbers)))]


def _fill_sqlite(file: sqlite3.Connection, rows: list[tuple[str, int, str, bytes]]) -> None:
    position = "integer PRIMARY KEY AUTOINCREMENT"
    file.execute("PRAGMA journal_mode=WAL")
    with file:
        file.execute(RAW_TABLE.format(position=position, bytes="blob", keys="UNIQUE"))
        file.executemany(ON_SQLITE, rows)


def _fill_postgres(url: str, rows: list[tuple[str, int, str, bytes]]) -> None:
    position = "bigint GENERATED ALWAYS AS IDENTITY UNIQUE"
    table = RAW_TABLE.format(position=position, bytes="bytea", keys="PRIMARY KEY")
    with psycopg.connect(url) as server:
        server.execute(table.encode())
        server.cursor().executemany(RAW_INSERT.format("%b, %b, %b, %b").encode(), rows)


@contextmanager
def _on_sqlite(path: str, numbers: Numbers) -> Iterator[Command]:
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as file:
        file.execute("PRAGMA synchronous=FULL")
        yield lambda plan: file.execute(ON_SQLITE, (plan, next(numbers[plan]), TOPIC, STATE))


@contextmanager
def _on_postgres(url: str, numbers: Numbers) -> Iterator[Command]:
    with psycopg.connect(url, autocommit=True) as server:

        def insert(plan: str) -> object:
            values = (plan, next(numbers[plan]), TOPIC, STATE)
            return server.execute(ON_POSTGRES, values, prepare=True).fetchone()

        yield insert
