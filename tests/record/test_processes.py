"""Several processes on one database: nothing is lost, skipped, half stored or opened twice."""

import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from plantrack.record import open_record
from record.writers import (
    finish,
    forking,
    migrate_and_start,
    open_plans,
    processes,
    record_for,
    record_pairs,
)

WRITERS = 4
TOGETHER = [1, 1, 50, 100]
STARTERS = 6


def quick_or_soak(quick: float, soak: float) -> list[Any]:
    """Give the length of a test, and the length that only `make soak` has time for."""
    return [pytest.param(quick, id="quick"), pytest.param(soak, marks=pytest.mark.soak, id="soak")]


@pytest.mark.parametrize("tailing", quick_or_soak(2.5, 30))
def test_a_tailing_reader_skips_nothing(tailing: float, url: str) -> None:
    ready, stop = forking.Barrier(WRITERS + 1), forking.Event()
    writers = [(url, f"W{n}", together, ready, stop) for n, together in enumerate(TOGETHER)]

    with closing(open_record(url)) as record, processes(record_for, *writers) as started:
        ready.wait()
        seen: list[int] = []
        until = time.monotonic() + tailing
        while time.monotonic() < until:
            seen += [at for at, _ in record.after(seen[-1] if seen else 0, 500)]
        stop.set()
        assert finish(started) == [0] * WRITERS
        while more := record.after(seen[-1], 500):
            seen += [at for at, _ in more]

    assert seen == positions(url)
    assert len(seen) > WRITERS * 50


def positions(url: str) -> list[int]:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            return [at for (at,) in file.execute("SELECT rowid FROM events ORDER BY 1")]
    with psycopg.connect(url) as owner:
        return [at for (at,) in owner.execute("SELECT notification_id FROM events ORDER BY 1")]


@pytest.mark.parametrize("least", quick_or_soak(20, 2_000))
def test_nothing_acknowledged_is_lost_when_writers_are_killed(
    least: int, url: str, tmp_path: Path
) -> None:
    writers = [(url, f"K{n}", tmp_path / f"said-{n}") for n in range(WRITERS)]
    with processes(record_pairs, *writers) as started:
        for (_, _, said), writer in zip(writers, started, strict=True):
            wait_for(said, least)
            writer.kill()
            writer.join()

    with closing(open_record(url)) as record:
        for _, name, said in writers:
            first, second = record.entries(f"{name}-1"), record.entries(f"{name}-2")
            stored = {f"{e.plan} {e.number} {e.event.note}" for e in (*first, *second)}
            whole_lines = said.read_text().split("\n")[:-1]
            assert set(whole_lines) <= stored
            assert len(whole_lines) >= least
            assert [e.event.note for e in first[1:]] == [e.event.note for e in second[1:]]
            assert [e.number for e in first] == list(range(1, len(first) + 1))


def wait_for(said: Path, lines: int) -> None:
    give_up = time.monotonic() + 20 + lines / 10
    while not said.exists() or said.read_text().count("\n") < lines:
        assert time.monotonic() < give_up
        time.sleep(0.01)


@pytest.mark.parametrize("rounds", quick_or_soak(2, 12))
def test_six_processes_can_start_at_once(rounds: int, empty_url: str) -> None:
    for round_ in range(rounds):
        ready = forking.Barrier(STARTERS)
        starters = [(empty_url, f"S{round_}{n}", ready) for n in range(STARTERS)]
        with processes(migrate_and_start, *starters) as started:
            assert finish(started) == [0] * STARTERS

    with closing(open_record(empty_url)) as record:
        assert len(record.plans()) == rounds * STARTERS


def test_of_two_processes_that_open_a_plan_for_one_child_one_wins(url: str) -> None:
    children, ready, won = 6, forking.Barrier(2), forking.Queue()
    with processes(
        open_plans, (url, "L", children, ready, won), (url, "R", children, ready, won)
    ) as started:
        answers = [won.get(timeout=20) for _ in range(2 * children)]
        assert finish(started) == [0, 0]

    winners = [(child, name) for child, name in answers if name]
    assert Counter(child for child, _ in winners) == Counter(range(children))
    with closing(open_record(url)) as record:
        assert sorted(record.plans()) == sorted(f"{name}-{child}" for child, name in winners)
