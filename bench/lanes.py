"""Lanes side by side: each carries out the same commands in its own way, and they take turns.

A lane is a name and a run: something that lets so many writers write for so long, and gives what
it took. ``threads`` and ``tasks`` make a run of one writer's work. Lanes may come from elsewhere:
to measure through HTTP, give ``tasks`` a client of a URL::

    @asynccontextmanager
    async def client() -> AsyncIterator[CommandSoon]:
        async with httpx.AsyncClient(base_url=url) as http:
            yield lambda plan: http.post(f"/plans/{plan}/entries", content=BODY)


    lane = Lane("plantrack through HTTP", tasks(client))
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from itertools import cycle
from statistics import median
from threading import Barrier, Lock
from typing import NamedTuple, TypeVar

T = TypeVar("T")

Command = Callable[[str], object]
"""Carries out one command on a plan, and returns when it is durable."""
CommandSoon = Callable[[str], Awaitable[object]]
"""The same, to be awaited."""

LONGEST_START = 60.0


class Shape(NamedTuple):
    """How many write at the same time, and on which plans."""

    name: str
    writers: int
    plans: Sequence[str]

    def turns(self) -> list[Iterator[str]]:
        """Give each writer the plans that it writes on in turn: its own, if there are enough."""
        firsts = (n % len(self.plans) for n in range(self.writers))
        return [cycle(self.plans[first :: self.writers]) for first in firsts]


class Stint(NamedTuple):
    """What one writer did: when, and how long each command took."""

    started: float
    ended: float
    times: list[float]


class Sample(NamedTuple):
    """What all writers of a lane did in one turn.

    The rate is the sum of the writers' own: one who is kept waiting for the last command of all
    does not make the others slower.
    """

    rate: float
    times: list[float]
    lost: int

    @property
    def p50(self) -> float:
        return median(self.times)

    @property
    def p99(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.99)]


Run = Callable[[Shape, float], Sample]
Figure = Callable[[Sample], float]


class Lane(NamedTuple):
    """One way to carry out commands."""

    name: str
    run: Run


class Races:
    """Counts the commands that came second and had to be tried again."""

    def __init__(self) -> None:
        self.lost = 0
        self._lock = Lock()

    def lose(self) -> None:
        """Count one."""
        with self._lock:
            self.lost += 1

    def until_won(self, attempt: Callable[[], T], *lost: type[Exception]) -> T:
        """Try again at once for as long as somebody else is first."""
        while True:
            try:
                return attempt()
            except lost:
                self.lose()


def threads(
    writer: Callable[[], AbstractContextManager[Command]], races: Races | None = None
) -> Run:
    """Let every writer be a thread."""
    counted = races or Races()

    def run(shape: Shape, seconds: float) -> Sample:
        lost, together = counted.lost, Barrier(shape.writers)

        def write(plans: Iterator[str]) -> Stint:
            with writer() as command:
                together.wait(LONGEST_START)
                return _write(command, plans, seconds)

        with ThreadPoolExecutor(shape.writers) as pool:
            stints = list(pool.map(write, shape.turns()))
        return _sample(stints, counted.lost - lost)

    return run


def tasks(
    writer: Callable[[], AbstractAsyncContextManager[CommandSoon]], races: Races | None = None
) -> Run:
    """Let every writer be a task of one event loop."""
    counted = races or Races()

    async def write_all(shape: Shape, seconds: float) -> Iterable[Stint]:
        together = asyncio.Barrier(shape.writers)

        async def write(plans: Iterator[str]) -> Stint:
            async with writer() as command:
                await together.wait()
                return await _write_soon(command, plans, seconds)

        return await asyncio.gather(*map(write, shape.turns()))

    def run(shape: Shape, seconds: float) -> Sample:
        lost = counted.lost
        stints = asyncio.run(write_all(shape, seconds))
        return _sample(stints, counted.lost - lost)

    return run


def _write(command: Command, plans: Iterator[str], seconds: float) -> Stint:
    """Write until the time is up, once at least."""
    times: list[float] = []
    started = now = time.perf_counter()
    while now < started + seconds or not times:
        command(next(plans))
        before, now = now, time.perf_counter()
        times.append(now - before)
    return Stint(started, now, times)


async def _write_soon(command: CommandSoon, plans: Iterator[str], seconds: float) -> Stint:
    """Write until the time is up, once at least."""
    times: list[float] = []
    started = now = time.perf_counter()
    while now < started + seconds or not times:
        await command(next(plans))
        before, now = now, time.perf_counter()
        times.append(now - before)
    return Stint(started, now, times)


def _sample(stints: Iterable[Stint], lost: int) -> Sample:
    stints = list(stints)
    rate = sum(len(stint.times) / (stint.ended - stint.started) for stint in stints)
    return Sample(rate, [each for stint in stints for each in stint.times], lost)


class Results:
    """What every lane took in every shape, turn by turn."""

    def __init__(self) -> None:
        self._samples: dict[tuple[str, str], list[Sample]] = {}

    def add(self, lane: str, shape: str, sample: Sample) -> None:
        """Keep what one turn took."""
        self._samples.setdefault((lane, shape), []).append(sample)

    def of(self, lane: str, shape: str, figure: Figure) -> float:
        """Give the median of a figure over all turns."""
        return median(map(figure, self._samples[lane, shape]))

    def ratio(self, lane: str, other: str, shape: str, figure: Figure) -> float:
        """Give the median of the ratios of two lanes that took their turns in the same round."""
        both = zip(self._samples[lane, shape], self._samples[other, shape], strict=True)
        return median(figure(one) / figure(another) for one, another in both)

    def lost(self, lane: str, shape: str) -> int:
        """Say how many races were lost in all turns together."""
        return sum(sample.lost for sample in self._samples[lane, shape])


def take_turns(
    lanes: Sequence[Lane], shapes: Sequence[Shape], rounds: int, seconds: float
) -> Results:
    """Let the lanes take turns, each round in another order; a first short one does not count."""
    results = Results()
    for shape in shapes:
        for lane in lanes:
            lane.run(shape, seconds / 10)
    for n in range(rounds):
        first = n % len(lanes)
        for shape in shapes:
            for lane in (*lanes[first:], *lanes[:first]):
                results.add(lane.name, shape.name, lane.run(shape, seconds))
    return results


def show(results: Results, lanes: Sequence[str], shapes: Sequence[Shape], floor: str) -> None:
    """Print a table: what every lane took, and how that compares with the floor."""
    width = max(map(len, lanes))
    for shape in shapes:
        print(
            f"  {shape.name:{width + 2}}{'p50 µs':>9}{'p99 µs':>10}{'a second':>10}"
            f"{'p50 ÷':>9}{'p99 ÷':>9}{'rate ÷':>9}{'lost':>7}"
        )
        for lane in lanes:
            took = [results.of(lane, shape.name, each) for each in FIGURES]
            ratios = [results.ratio(lane, floor, shape.name, each) for each in FIGURES]
            print(
                f"    {lane:{width}}{took[0] * 1e6:9,.0f}{took[1] * 1e6:10,.0f}{took[2]:10,.0f}"
                f"{ratios[0]:9.2f}{ratios[1]:9.2f}{ratios[2]:9.2f}"
                f"{results.lost(lane, shape.name):7,}"
            )


def p50(sample: Sample) -> float:
    """Give how long half of the commands took at most."""
    return sample.p50


def p99(sample: Sample) -> float:
    """Give how long all but the slowest hundredth took at most."""
    return sample.p99


def rate(sample: Sample) -> float:
    """Give how many commands were carried out in a second."""
    return sample.rate


FIGURES: tuple[Figure, ...] = (p50, p99, rate)
