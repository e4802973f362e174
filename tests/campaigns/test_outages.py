"""The database hangs, is full or restarts: people are told to try again, and then it works."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from campaigns.cluster import Cluster, cluster, small_disk
from campaigns.lengths import quick_and_soak, soak_only
from campaigns.load import (
    CREATED,
    FINE,
    NO_ANSWER,
    TRY_AGAIN,
    Answer,
    Load,
    at_work,
    open_plans,
    wait_until_recorded,
)
from campaigns.programs import wait_until
from campaigns.proofs import (
    everything_acknowledged_is_stored_once,
    lists_are_as_rebuilt,
)
from campaigns.site import Site, site
from plantrack.record.postgres_tables import LAST_IN_LINE

LONGEST_REFUSAL = 5.0
SMALL = "-c max_wal_size=32MB -c min_wal_size=32MB -c shared_buffers=16MB -c wal_recycle=off"


class Hang(NamedTuple):
    """How long the database hangs, and how slow reading may be meanwhile.

    On a busy machine it may also be so many times as slow as it was before.
    """

    seconds: float
    slowest_read: float
    times_before: float


@pytest.mark.parametrize("hang", quick_and_soak(Hang(8, 0.5, 2), Hang(30, 0.1, 0)))
def test_while_a_writer_hangs_writes_are_refused_soon_and_reads_go_on(
    hang: Hang, plantrack: Site, tmp_path: Path
) -> None:
    plans, said = open_plans(plantrack.url, 3), tmp_path / "said"
    with at_work(plantrack.addresses, plans, said, reads_every=0.03, readers=2) as load:
        wait_until_recorded(load, 15)
        usual = ninety_nine_percent([each for each in load.answers if not each.writes])
        with hanging(plantrack.url):
            since = time.monotonic()
            time.sleep(hang.seconds)
            until = time.monotonic()
        recovered = wait_until_recorded(load, 3)

    meanwhile = [answer for answer in load.answers if since < answer.began < until]
    refused_soon([answer for answer in meanwhile if answer.writes], until)
    reads = [answer for answer in meanwhile if not answer.writes]
    assert {answer.status for answer in reads} == {FINE}
    slowest_read = max(hang.slowest_read, hang.times_before * usual)
    assert ninety_nine_percent(reads) < slowest_read
    assert recovered < LONGEST_REFUSAL
    all_is_well(load, plantrack.url)


@pytest.mark.parametrize("seconds", soak_only(30.0))
def test_while_the_disk_is_full_writes_are_refused_and_go_on_when_there_is_room(
    seconds: float, tmp_path: Path
) -> None:
    with small_disk(120) as disk, cluster(disk.at, SMALL) as server, server.database() as url:
        with (
            site(url, tmp_path, servers=1, workers=1) as plantrack,
            at_work(plantrack.addresses, open_plans(url, 3), tmp_path / "said") as load,
        ):
            wait_until_recorded(load, 5)
            disk.fill()
            wait_until(
                lambda: load.answers[-1].status == TRY_AGAIN, 60, lambda: "It was never full."
            )
            since = time.monotonic()
            time.sleep(seconds)
            meanwhile = [answer for answer in load.answers if answer.began > since]
            disk.free()
            wait_until_recorded(load, 3)
            assert all(program.runs for program in plantrack.programs)

        assert {answer.status for answer in meanwhile if answer.writes} == {TRY_AGAIN}
        assert {answer.status for answer in meanwhile if not answer.writes} == {FINE}
        all_is_well(load, url)


class Restarts(NamedTuple):
    """How often the server restarts, how long it is away, and how much time there is between."""

    times: int
    away: float
    between: float


@pytest.mark.parametrize("restarts", quick_and_soak(Restarts(1, 3.0, 0.5), Restarts(5, 3.0, 9.0)))
def test_while_the_server_restarts_nobody_is_told_worse_than_to_try_again(
    restarts: Restarts, server: Cluster, council: Site, tmp_path: Path
) -> None:
    plans = open_plans(council.url, 4)
    with at_work(council.addresses, plans, tmp_path / "said") as load:
        wait_until_recorded(load, 5)
        for _ in range(restarts.times):
            server.restart()
            time.sleep(restarts.between)
            server.stop()
            time.sleep(restarts.away)
            server.start()
            time.sleep(restarts.between)
        wait_until_recorded(load, 10)
        assert all(program.runs for program in council.programs)
        wait_until(council.is_ready, 10, lambda: f"It is not ready again: {council.health()}")

    assert load.statuses(writes=True) == {CREATED, TRY_AGAIN}
    assert load.statuses(writes=False) <= {FINE, TRY_AGAIN}
    all_is_well(load, council.url)


def refused_soon(answers: list[Answer], until: float) -> None:
    """Make sure that all were refused, but for those who waited until the hang was over."""
    refused = [answer for answer in answers if answer.status == TRY_AGAIN]
    assert refused
    assert {answer.status for answer in answers if answer.ended < until} == {TRY_AGAIN}
    assert max(answer.seconds for answer in answers) <= LONGEST_REFUSAL
    assert all(0 < int(answer.retry_after or 0) <= LONGEST_REFUSAL for answer in refused)


def ninety_nine_percent(answers: list[Answer]) -> float:
    """Give the time within which 99 of 100 were answered."""
    seconds = sorted(answer.seconds for answer in answers)
    return seconds[int(len(seconds) * 0.99)]


def all_is_well(load: Load, url: str) -> None:
    assert load.wrong == []
    assert NO_ANSWER not in load.statuses(writes=True)
    everything_acknowledged_is_stored_once(url, load.acknowledged)
    lists_are_as_rebuilt(url)


def hanging(url: str) -> AbstractContextManager[None]:
    """Let somebody begin to write and never end."""
    hang: Callable[[str], Iterator[None]] = _in_a_file if url.startswith("sqlite") else _on_a_server
    return contextmanager(hang)(url)


def _on_a_server(url: str) -> Iterator[None]:
    with psycopg.connect(url) as owner:
        owner.execute(f"SELECT pg_advisory_xact_lock({LAST_IN_LINE})".encode())
        yield


def _in_a_file(url: str) -> Iterator[None]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as owner:
        owner.execute("BEGIN IMMEDIATE")
        yield
