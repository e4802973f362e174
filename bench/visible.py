"""How long it takes until what was committed stands on the lists.

The worker's thread that follows the record runs as in ``serve``; there is no sweep. A visit is
recorded on a council's plan of about 330 entries; the time runs from the commit until somebody who
waits for its position may read it. Short pauses of random length lie in between, so that the
follower is met in whatever it does.
"""

import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from statistics import median

from bench.append import ANN, SEEN
from bench.ground import (
    MILLI,
    POSTGRESQL,
    SQLITE,
    Goal,
    Store,
    council_entries,
    desk_of,
    p95,
    stores,
)
from plantrack.desk import Desk
from plantrack.tracker import Said
from plantrack.worker.following import Following

AT_MOST_P95 = {SQLITE: 5.0, POSTGRESQL: 10.0}
PLANS, ENTRIES = 16, 330
LONGEST_PAUSE = 0.02
LONGEST_WAIT = 30.0
WARMING = 20


def main(*, quick: bool = False) -> None:
    """Measure both databases, a round each in turn."""
    rounds, commands = (2, 40) if quick else (5, 100)
    print(f"Commit → visible on the lists: plans of about {ENTRIES} entries, the follower running")
    times: dict[str, list[float]] = {}
    commits: dict[str, list[float]] = {}
    with stores() as each, followed(each[0]) as on_file, followed(each[1]) as on_server:
        desks = {each[0].name: on_file, each[1].name: on_server}
        for desk in desks.values():
            _measure(desk, WARMING)
        for _ in range(rounds):
            for name, desk in desks.items():
                for commit, visible in _measure(desk, commands):
                    commits.setdefault(name, []).append(commit)
                    times.setdefault(name, []).append(visible)
    for name, took in times.items():
        print(
            f"  {name}: p50 {median(took) * MILLI:.2f} ms after the commit "
            f"(the command before it {median(commits[name]) * MILLI:.2f} ms)"
        )
        print(
            Goal(f"{name}: p95 after the commit", p95(took) * MILLI, None, AT_MOST_P95[name], "ms")
        )


@contextmanager
def followed(store: Store) -> Iterator[Desk]:
    """Take in plans and follow the record."""
    with desk_of(store) as desk:
        desk.tracker.take_in(council_entries(PLANS * ENTRIES))
        following = Following(desk, lambda: True)
        following.start()
        try:
            desk.models.wait_for(desk.record.last_position(), LONGEST_WAIT)
            yield desk
        finally:
            following.stop()


def _measure(desk: Desk, commands: int) -> Iterator[tuple[float, float]]:
    """Give how long each command took to be committed, and then to be visible."""
    chance = random.Random(commands)
    committed: list[float] = []

    def note(_: int) -> None:
        committed.append(time.perf_counter())

    desk.tracker.after_commit.insert(0, note)
    plans = cycle(desk.tracker.plans()[:PLANS])
    measured = []
    for _ in range(commands):
        time.sleep(chance.random() * LONGEST_PAUSE)
        began = time.perf_counter()
        done = desk.tracker.carry_out([Said(next(plans), SEEN)], ANN)
        desk.models.wait_for(done.position, LONGEST_WAIT)
        visible = time.perf_counter()
        measured.append((committed[-1] - began, visible - committed[-1]))
    desk.tracker.after_commit.remove(note)
    return iter(measured)


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
