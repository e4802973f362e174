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
from plantrack.application.commands import NewEvent
from plantrack.application.services import Services
from plantrack.worker.follower import Following

AT_MOST_P95 = {SQLITE: 5.0, POSTGRESQL: 10.0}
PLANS, ENTRIES = 16, 330
LONGEST_PAUSE = 0.02
LONGEST_WAIT = 30.0
WARMING = 20


def main(*, quick: bool = False) -> None:
    """Measure both databases, a round each in turn."""
    rounds, count = (2, 40) if quick else (5, 100)
    print(f"Commit → visible on the lists: plans of about {ENTRIES} entries, the follower running")
    times: dict[str, list[float]] = {}
    commits: dict[str, list[float]] = {}
    with stores() as each, followed(each[0]) as on_file, followed(each[1]) as on_server:
        desks = {each[0].name: on_file, each[1].name: on_server}
        for services in desks.values():
            _measure(services, WARMING)
        for _ in range(rounds):
            for name, services in desks.items():
                for commit, visible in _measure(services, count):
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
def followed(store: Store) -> Iterator[Services]:
    """Take in plans and follow the record."""
    with desk_of(store) as services:
        services.commands.take_in(council_entries(PLANS * ENTRIES))
        following = Following(services, lambda: True)
        following.start()
        try:
            services.models.wait_for(services.record.last_position(), LONGEST_WAIT)
            yield services
        finally:
            following.stop()


def _measure(services: Services, count: int) -> Iterator[tuple[float, float]]:
    """Give how long each command took to be committed, and then to be visible."""
    chance = random.Random(count)
    committed: list[float] = []

    def note(_: int) -> None:
        committed.append(time.perf_counter())

    services.commands.after_commit.insert(0, note)
    plans = cycle(services.commands.plans()[:PLANS])
    measured = []
    for _ in range(count):
        time.sleep(chance.random() * LONGEST_PAUSE)
        began = time.perf_counter()
        done = services.commands.carry_out([NewEvent(next(plans), SEEN)], ANN)
        services.models.wait_for(done.position, LONGEST_WAIT)
        visible = time.perf_counter()
        measured.append((committed[-1] - began, visible - committed[-1]))
    services.commands.after_commit.remove(note)
    return iter(measured)


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
