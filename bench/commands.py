"""Measures commands side by side: load a plan, decide, append durably.

Run ``python -m bench.commands [--quick]``. Only ratios mean anything: the lanes take turns in one
run on one machine, each on a database of its own, with durable commits. PostgreSQL is a server of
its own, with fsync on. A figure is the median of all rounds; a ratio is the median of the ratios
within each round.
"""

import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg

from bench import ours
from bench.lanes import Figure, Lane, Results, p50, p99, rate, show, take_turns
from bench.peers import crud, library, raw
from bench.workload import (
    AT_LONG,
    AT_SHORT,
    FOUR,
    FOUR_ON_ONE,
    ONE,
    SIXTEEN,
    Workload,
    workload,
)
from postgres import running

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
OPENERS = (raw.opened, ours.opened, library.opened, crud.opened)
PEERS = (library.NAME, crud.NAME)

AT_MOST_P50 = {SQLITE: 1.6, POSTGRESQL: 2.0}
AT_LEAST_RATE_OF_SIXTEEN = {SQLITE: 1.5, POSTGRESQL: 1.3}
AT_MOST_P99_OF_SIXTEEN = 0.5
AT_LEAST_RATE_ON_ONE_PLAN = 1.5
AT_LEAST_AGAINST_PEERS = 5.0

Databases = Callable[[], AbstractContextManager[str]]
"""Makes an empty database and gives its URL."""


class Verdict(NamedTuple):
    """A goal, and what was measured."""

    what: str
    measured: float
    at_least: float | None = None
    at_most: float | None = None

    def __str__(self) -> str:
        """Say the goal, and whether it is met or by how much it is missed."""
        goal = f"≤ {self.at_most:g}" if self.at_most is not None else f"≥ {self.at_least:g}"
        missed = self.missed_by
        says = f"MISSED by {missed:,.2f}" if missed > 0 else "met"
        return f"  {self.what:58}{self.measured:9,.2f}   goal {goal:6} {says}"

    @property
    def missed_by(self) -> float:
        """Say how far the goal is away; nothing or less if it is met."""
        if self.at_most is not None:
            return self.measured - self.at_most
        return (self.at_least or 0) - self.measured


def main(*, quick: bool = False) -> None:
    """Measure both databases."""
    started = time.perf_counter()
    rounds, seconds = (3, 0.08) if quick else (9, 0.4)
    work = workload(quick=quick)
    print(
        f"Commands: load, decide, append durably; {rounds} rounds of {seconds} s a lane. "
        "÷ is to raw INSERT"
    )
    for store, databases in ((SQLITE, _on_sqlite), (POSTGRESQL, _on_postgresql)):
        with databases() as database:
            _measure(store, database, work, rounds, seconds)
    print(f"  took {time.perf_counter() - started:.0f} s. {_how_busy()}")


def _how_busy() -> str:
    """Say how busy the machine was in the last five minutes, and whether that was too much."""
    busy, cores = os.getloadavg()[1], os.cpu_count() or 1
    advice = "Others kept it busy: run this again before quoting it." if busy > cores else ""
    return f"Load {busy:.1f} on {cores} cores. {advice}".rstrip()


def _measure(store: str, database: Databases, work: Workload, rounds: int, seconds: float) -> None:
    """Measure every lane on one kind of database, each on a database of its own."""
    with ExitStack() as stack:
        lanes: list[Lane] = []
        for opened in OPENERS:
            url = stack.enter_context(database())
            lanes.extend(stack.enter_context(opened(url, work.lengths())))
        results = take_turns(lanes, work.shapes(), rounds, seconds)
    show(results, [lane.name for lane in lanes], work.shapes(), raw.NAME)
    for verdict in verdicts(store, results):
        print(verdict)
    print()


def verdicts(store: str, results: Results) -> Iterator[Verdict]:
    """Hold what was measured against the goals."""

    def to_raw(lane: str, shape: str, figure: Figure) -> float:
        return results.ratio(lane, raw.NAME, shape, figure)

    for shape in (ONE, AT_SHORT, AT_LONG):
        ratio = to_raw(ours.BY_THREADS, shape, p50)
        yield Verdict(f"{shape}: p50 ÷ raw", ratio, at_most=AT_MOST_P50[store])
    yield Verdict(
        f"{SIXTEEN}: commands/s ÷ raw",
        to_raw(ours.BY_TASKS, SIXTEEN, rate),
        at_least=AT_LEAST_RATE_OF_SIXTEEN[store],
    )
    yield Verdict(
        f"{SIXTEEN}: p99 ÷ raw",
        to_raw(ours.BY_TASKS, SIXTEEN, p99),
        at_most=AT_MOST_P99_OF_SIXTEEN,
    )
    yield Verdict(
        f"{FOUR_ON_ONE}: commands/s ÷ raw",
        to_raw(ours.BY_TASKS, FOUR_ON_ONE, rate),
        at_least=AT_LEAST_RATE_ON_ONE_PLAN,
    )
    lost = sum(results.lost(lane, FOUR_ON_ONE) for lane in (ours.BY_THREADS, ours.BY_TASKS))
    yield Verdict(f"{FOUR_ON_ONE}: races lost", lost, at_most=0)
    yield from _against_peers(results)


def _against_peers(results: Results) -> Iterator[Verdict]:
    """Hold plantrack's lane for so many writers against the best peer's commands a second."""
    lanes = dict.fromkeys((FOUR, SIXTEEN, FOUR_ON_ONE), ours.BY_TASKS)
    for shape in (ONE, FOUR, SIXTEEN, FOUR_ON_ONE, AT_SHORT, AT_LONG):
        lane = lanes.get(shape, ours.BY_THREADS)
        times = min(results.ratio(lane, peer, shape, rate) for peer in PEERS)
        best = max(PEERS, key=lambda peer: results.of(peer, shape, rate))
        floor = results.ratio(raw.NAME, best, shape, rate)
        yield Verdict(
            f"{shape}: commands/s ÷ {best.split()[0]} (raw {floor:.1f})",
            times,
            at_least=AT_LEAST_AGAINST_PEERS,
        )


@contextmanager
def _on_sqlite() -> Iterator[Databases]:
    """Make each database a file; a file's commits are durable unless a lane says otherwise."""
    with closing(sqlite3.connect(":memory:")) as library_of_c:
        [synchronous] = library_of_c.execute("PRAGMA synchronous").fetchone()
    print(f"\n{SQLITE} {sqlite3.sqlite_version} (WAL, synchronous={synchronous}, 2 is FULL)")

    @contextmanager
    def database() -> Iterator[str]:
        with tempfile.TemporaryDirectory() as directory:
            yield f"sqlite:///{Path(directory) / 'plans.db'}"

    yield database


@contextmanager
def _on_postgresql() -> Iterator[Databases]:
    """Start a server, and say how durable its commits are."""
    with running(durable=True) as server:
        with psycopg.connect(server.url) as connection:
            asked = ("server_version", "fsync", "synchronous_commit")
            version, fsync, commit = (
                connection.execute(f"SHOW {each}".encode()).fetchone() or ("?",) for each in asked
            )
        print(f"\n{POSTGRESQL} {version[0]} (fsync {fsync[0]}, synchronous_commit {commit[0]})")
        yield server.database


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
