"""What measurements stand on: a database of each kind, a desk over it, and a council's history."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

import psycopg

from bench import council
from bench.append import ROOT  # which also says where plantrack is
from plantrack import codec
from plantrack.application import history_files
from plantrack.application import stores as beside
from plantrack.application.commands import utc_now
from plantrack.application.services import Services
from plantrack.domain.events.entries import Entry
from plantrack.domain.plans.decide import PlanBook
from plantrack.record import migrate
from postgres import running

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
MILLI = 1e3
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
"""In which parts of plantrack are run as processes of their own."""


class Store(NamedTuple):
    """One kind of database, and how an empty one is made."""

    name: str
    database: Callable[[], AbstractContextManager[str]]


@contextmanager
def stores() -> Iterator[list[Store]]:
    """Start a PostgreSQL with durable commits; a SQLite file needs nothing started."""
    with running(durable=True) as server:
        yield [Store(SQLITE, _file), Store(POSTGRESQL, server.database)]


@contextmanager
def _file() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as directory:
        yield f"sqlite:///{Path(directory) / 'plans.db'}"


@contextmanager
def made(store: Store) -> Iterator[str]:
    """Make a database ready for this release."""
    with store.database() as url:
        migrate(url)
        beside.make(url)
        yield url


@contextmanager
def desk_of(store: Store, now: Callable[[], datetime] = utc_now) -> Iterator[Services]:
    """Open a desk over a new database."""
    with made(store) as url, Services(url, now) as services:
        yield services


def gather_statistics(store: Store, url: str) -> None:
    """Let PostgreSQL count its rows now, as its owner; by itself it does so within a minute."""
    if store.name == POSTGRESQL:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("ANALYZE")


def council_entries(how_many: int) -> list[Entry]:
    """Give a council's history as an import would record it."""
    return read_entries(council.history(how_many))


def read_entries(lines: Iterable[str]) -> list[Entry]:
    """Read and check the lines of a history file as an import does; leave out what is refused."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "history.jsonl"
        file.write_text("\n".join(lines) + "\n")
        taken = history_files.take_in(iter(list(history_files.read([file]))), PlanBook(codec.amend))
    return history_files.as_imported(taken.entries, datetime.now(UTC), lambda _: 0)


def p95(times: Sequence[float]) -> float:
    """Give how long all but the slowest twentieth took at most."""
    return quantiles(times, n=20)[-1]


class Goal(NamedTuple):
    """Something that was measured, and the goal for it."""

    what: str
    measured: float
    at_least: float | None = None
    at_most: float | None = None
    unit: str = ""

    def __str__(self) -> str:
        """Say the goal, and whether it is met or by how much it is missed."""
        sign, goal = ("≥", self.at_least) if self.at_most is None else ("≤", self.at_most)
        short = (self.at_least or 0) - self.measured
        missed = self.measured - self.at_most if self.at_most is not None else short
        says = f"MISSED by {missed:,.2f}" if missed > 0 else "met"
        measured = f"{self.measured:,.2f} {self.unit}".rstrip()
        return f"  {self.what:58}{measured:>12}   goal {sign} {goal:g} {self.unit:3}{says}"
