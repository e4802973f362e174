"""A sweep that finds 20 plans with something due, among 1,000 running clocks and among 100,000.

The 20 are real plans of some 50 entries, and their alerts are really written: one on each. All
the other clocks are rows of the lists only, with a plan to be swept later for every five of them:
a sweep looks at nothing else of a plan that is not due. Before each round the 20 plans are made and
the lists are brought up, which does not count. The two databases take turns; the time stands still.
"""

import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from statistics import median

from bench.append import ANN, OPENED, SEEN
from bench.ground import MILLI, Goal, Store, desk_of, gather_statistics, stores
from bench.lists import ACTIONS_A_PLAN, clocks
from plantrack.application.plans import Plans
from plantrack.application.services import Services
from plantrack.domain.events.entries import Entry
from plantrack.projections import due, next_sweep
from plantrack.projections.writing import put
from plantrack.worker import sweep

SIZES = (1_000, 100_000)
AT_MOST = 1.2
DUE = 20
NOW = datetime(2020, 3, 4, 12, tzinfo=UTC)
DAYS_OPEN = 45
"""The child was seen every day of them, but there was no review: that is what is overdue."""


def main(*, quick: bool = False) -> None:
    """Measure both databases."""
    rounds = 4 if quick else 12
    print(f"A sweep with {DUE} plans due among so many clocks, {rounds} rounds")
    with stores() as both:
        for store in both:
            _measure(store, rounds)


def _measure(store: Store, rounds: int) -> None:
    few, many = SIZES
    with swept(store, few) as with_few, swept(store, many) as with_many:
        desks = {few: with_few, many: with_many}
        took: dict[int, list[float]] = {few: [], many: []}
        for n in range(-1, rounds):
            for size in (few, many) if n % 2 else (many, few):
                took[size].append(_sweep(*desks[size], n))
    seconds = {size: took[size][1:] for size in SIZES}
    p50s = [f"{median(seconds[size]) * MILLI:.1f} ms among {size:,}" for size in SIZES]
    print(f"  {store.name}: {DUE} alerts raised, p50 {', '.join(p50s)} clocks")
    ratio = median(many / few for many, few in zip(seconds[many], seconds[few], strict=True))
    print(Goal(f"{store.name}: among {many:,} ÷ among {few:,}", ratio, at_most=AT_MOST))


@contextmanager
def swept(store: Store, size: int) -> Iterator[tuple[Services, Plans]]:
    """Make a database with so many running clocks, all of them due later."""
    with desk_of(store, lambda: NOW) as services:
        chance, today = random.Random(size), services.today()
        later = (today + timedelta(1 + n % 90) for n in range(size // ACTIONS_A_PLAN))
        plans = [next_sweep.Row(f"CIN-{n}", day) for n, day in enumerate(later)]
        with services.models.writing() as connection:
            put(connection, due.TABLE, 1, list(clocks(size, today, chance)))
            put(connection, next_sweep.TABLE, 1, plans)
        gather_statistics(store, services.url)
        yield services, services.files()


def _sweep(services: Services, files: Plans, nth: int) -> float:
    """Make the plans that are due, and sweep."""
    names = [f"{nth + 1}x{plan}" for plan in range(DUE)]
    services.commands.take_in(
        [entry for name in names for entry in _plan(f"DUE-{name}", f"D{name}")]
    )
    services.catch_up(services.files())
    began = time.perf_counter()
    swept = sweep(services, files)
    seconds = time.perf_counter() - began
    if swept.raised != DUE or swept.failed:
        raise RuntimeError(f"{swept.raised} alerts were raised, {len(swept.failed)} plans failed")
    return seconds


def _plan(name: str, child: str) -> Iterator[Entry]:
    """Tell a plan whose child was seen every day, and that nobody reviewed."""
    days = [NOW - timedelta(n) for n in reversed(range(1, DAYS_OPEN + 1))]
    opened = type(OPENED)(**{**vars(OPENED), "child": child, "on": days[0].date()})
    yield Entry(name, 1, NOW, ANN, opened, days[0])
    for number, known in enumerate(days, 2):
        seen = type(SEEN)(**{**vars(SEEN), "on": known.date()})
        yield Entry(name, number, NOW, ANN, seen, known)


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
