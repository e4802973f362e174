"""Programs and the server are killed over and over: what was acknowledged is there, and whole."""

import signal
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import pytest

from campaigns.cluster import Cluster, number
from campaigns.lengths import quick_and_soak
from campaigns.load import CREATED, NO_ANSWER, TRY_AGAIN, open_plans, wait_until_recorded
from campaigns.load import at_work as people_at_work
from campaigns.proofs import everything_acknowledged_is_stored_once, lists_are_as_rebuilt
from campaigns.site import Site
from campaigns.writers import AtWork, Writer, at_work
from plantrack.record import Record, migrate, open_record

WRITERS = 3
ENTRIES = "SELECT count(*) FROM events"
ANSWERED = "SELECT sum(json_array_length(answer::json)) FROM commands"
ANSWERED_BUT_MISSING = """
SELECT count(*) FROM commands CROSS JOIN json_array_elements(answer::json) AS said
LEFT JOIN events ON originator_id = said->>0 AND originator_version = (said->>1)::bigint
WHERE originator_id IS NULL
"""


class Blows(NamedTuple):
    """What is done to writers and server in one campaign."""

    writers_killed: int
    server_crashed: int
    pause: float


@pytest.mark.parametrize("blows", quick_and_soak(Blows(4, 2, 0.3), Blows(30, 15, 1.2)))
def test_no_acknowledged_entry_is_lost_and_no_command_is_half_saved(
    blows: Blows, server: Cluster, on_postgres: str, tmp_path: Path
) -> None:
    migrate(on_postgres)
    writers = [Writer(on_postgres, f"K{n}", tmp_path / f"said-{n}") for n in range(WRITERS)]
    with at_work(writers) as working:
        wait_until_all_write(writers, 1)
        strike(blows, working, server)
        wait_until_all_write(writers, 3)

    with closing(open_record(on_postgres)) as record:
        for writer in writers:
            everything_acknowledged_is_there(record, writer)
    every_command_is_whole(on_postgres)
    assert number(on_postgres, ANSWERED) == number(on_postgres, ENTRIES)
    assert server.damaged_pages() == 0


@pytest.mark.parametrize("blows", quick_and_soak(Blows(2, 1, 0.3), Blows(30, 15, 1.2)))
def test_nothing_that_a_web_process_acknowledged_is_lost_or_stored_twice(
    blows: Blows, server: Cluster, council: Site, tmp_path: Path
) -> None:
    plans, victims = open_plans(council.url, 3), cycle(council.programs)
    with people_at_work(council.addresses, plans, tmp_path / "said", writes_every=0.02) as load:
        wait_until_recorded(load, 5)
        for _ in range(blows.server_crashed):
            for _ in range(blows.writers_killed // blows.server_crashed):
                victim = next(victims)
                victim.kill()
                time.sleep(blows.pause)
                victim.start()
            server.crash()
            server.start()
            time.sleep(blows.pause)
        council.restore()
        wait_until_recorded(load, 5)

    assert load.wrong == []
    assert load.statuses(writes=True) <= {NO_ANSWER, CREATED, TRY_AGAIN}
    everything_acknowledged_is_stored_once(council.url, load.acknowledged)
    every_command_is_whole(council.url)
    lists_are_as_rebuilt(council.url)
    assert server.damaged_pages() == 0


def strike(blows: Blows, working: AtWork, server: Cluster) -> None:
    killings = blows.writers_killed // blows.server_crashed
    for nth in range(blows.server_crashed):
        for _ in range(killings):
            working.kill_one()
            time.sleep(blows.pause)
        server.crash(signal.SIGKILL if nth % 3 == 1 else signal.SIGQUIT)
        server.start()
        time.sleep(blows.pause)


def wait_until_all_write(writers: Sequence[Writer], more: int) -> None:
    """Wait until each writer was acknowledged so many commands more."""
    enough = {writer: len(writer.acknowledged()) + 2 * more for writer in writers}
    give_up = time.monotonic() + 30
    while any(len(writer.acknowledged()) < enough[writer] for writer in writers):
        assert time.monotonic() < give_up, "The writers do not get on."
        time.sleep(0.02)


def everything_acknowledged_is_there(record: Record, writer: Writer) -> None:
    first, second = (record.entries(plan) for plan in writer.plans)
    stored = {f"{entry.plan} {entry.number} {entry.event.note}" for entry in (*first, *second)}
    assert set(writer.acknowledged()) <= stored
    for entries in (first, second):
        assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
        assert set(Counter(entry.event.note for entry in entries[1:]).values()) == {1}
    assert [entry.event.note for entry in first[1:]] == [entry.event.note for entry in second[1:]]


def every_command_is_whole(url: str) -> None:
    """Hold the answers that are kept for repeats against the entries."""
    assert number(url, ANSWERED) > 0
    assert number(url, ANSWERED_BUT_MISSING) == 0
