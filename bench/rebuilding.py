"""How fast all lists are made again, next to reading and decoding the same record by hand.

The two take turns over a council's history that was imported.
"""

import sys
import time
from collections.abc import Callable
from statistics import median

from bench.by_hand import read_all, selecting
from bench.ground import Goal, Store, council_entries, desk_of, stores
from plantrack.application.services import Services
from plantrack.domain.events.entries import Entry
from plantrack.projections.rebuild import rebuild

AT_LEAST = 0.4


def main(*, quick: bool = False) -> None:
    """Measure both databases."""
    how_many, rounds = (6_000, 2) if quick else (30_500, 3)
    entries = council_entries(how_many)
    plans = len({entry.plan for entry in entries})
    print(f"Rebuild of all lists: {len(entries):,} entries on {plans} plans, {rounds} rounds")
    with stores() as both:
        for store in both:
            _measure(store, entries, rounds)


def _measure(store: Store, entries: list[Entry], rounds: int) -> None:
    made, read = [], []
    with desk_of(store) as services, selecting(services.url) as select:
        services.commands.take_in(entries)
        for _ in range(rounds):
            read.append(_seconds(lambda: read_all(select)))
            made.append(_seconds(lambda: _rebuild(services)))
    ratio = median(hand / ours for hand, ours in zip(read, made, strict=True))
    rebuilt, decoded = len(entries) / median(made), len(entries) / median(read)
    print(f"  {store.name}: rebuilt {rebuilt:,.0f} entries/s; read and decoded {decoded:,.0f}")
    print(Goal(f"{store.name}: rebuild ÷ read and decode", ratio, at_least=AT_LEAST))


def _rebuild(services: Services) -> None:
    """Make every row again, from files that nobody has read yet."""
    rebuild(services.models, services.files())


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
