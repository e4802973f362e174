"""How much memory each process takes over a record of a million entries.

The entries are a council's plans of about 330, told again under other names, and appended in
batches by the record itself, unchecked: a million commands would take an hour. Then all lists are
made, and nothing is left to sweep, as if that had been done every day.

Measured is what is resident (VmRSS) of ``serve`` with its worker, at first and once a visit was
recorded on each of some hundred plans, which are then at hand; of ``worker`` by itself; and what a
command that comes and goes had at most (VmHWM).
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import NamedTuple

import msgspec
from sqlalchemy import delete

from bench.append import SEEN
from bench.ground import ENVIRONMENT, Store, council_entries, made, stores
from bench.serving import PLANTRACK, WRITER, allocate, client, let_in, peak, serving, working
from plantrack import codec
from plantrack.application.services import Services
from plantrack.domain.events import PlanOpened
from plantrack.domain.events.entries import Entry
from plantrack.projections import next_sweep
from plantrack.projections.rebuild import rebuild
from plantrack.record import ChildRow

FULL, QUICK = 1_000_000, 50_000
TOLD_AGAIN = 30
"""How many plans of the council's are made in earnest."""
USUAL = 350
PLANS_AT_ONCE = 20
WRITTEN_ON = 100
"""On how many plans a visit is recorded, which are then at hand: not more than there are."""
RESTS = 3.0
BETWEEN_LOOKS = 0.005
ENTRIES = "--entries="
PATHS = ("/api/plans", "/api/alerts", "/api/due?overdue_for=1", "/api/actions?overdue=true")
CREATED = 201


class Loaded(NamedTuple):
    """What was put on a record, and how long that took."""

    plans: list[tuple[str, int]]
    entries: int
    appending: float
    rebuilding: float


def main(*, quick: bool = False, entries: int | None = None) -> None:
    """Measure both databases."""
    wanted = entries or (QUICK if quick else FULL)
    print(f"Memory at {wanted:,} entries, in MB (no goal was set)")
    council = plans_of(council_entries(TOLD_AGAIN * USUAL))
    with stores() as both:
        for store in both:
            _measure(store, council, wanted)


def plans_of(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Give whole plans' entries, one plan after the other."""
    plans: dict[str, list[Entry]] = {}
    for entry in entries:
        plans.setdefault(entry.plan, []).append(entry)
    return list(plans.values())


def _measure(store: Store, council: list[list[Entry]], wanted: int) -> None:
    with made(store) as url, ExitStack() as stack:
        loaded = _load(url, council, wanted)
        print(
            f"  {store.name}: {loaded.entries:,} entries on {len(loaded.plans):,} plans; appended "
            f"{loaded.entries / loaded.appending:,.0f}/s, all lists made at "
            f"{loaded.entries / loaded.rebuilding:,.0f}/s"
        )
        server = stack.enter_context(serving(url))
        asyncio.run(_look(server.port))
        at_first = server.resident()
        asyncio.run(_write(server.port, loaded.plans[:WRITTEN_ON]))
        time.sleep(RESTS)
        _tell_of_server(at_first, server.resident())
        with working(url) as worker:
            time.sleep(RESTS)
            print(f"    worker by itself, standing by: {worker.resident():.0f}")
        stack.close()
        with working(url) as worker:
            time.sleep(RESTS)
            print(f"    worker by itself, leading: {worker.resident():.0f}")
        for words in (("--help",), ("show", loaded.plans[-1][0], "--database", url)):
            print(f"    plantrack {words[0]}, at most: {_most_of(*words):.0f}")


def _tell_of_server(at_first: float, then: float) -> None:
    """Say what the server holds, and how much more that is for each plan written on."""
    each = (then - at_first) / WRITTEN_ON
    print(
        f"    serve with its worker: {at_first:.0f}, with {WRITTEN_ON} plans at hand {then:.0f}: "
        f"{each:.2f} a plan"
    )


def _load(url: str, council: list[list[Entry]], wanted: int) -> Loaded:
    """Append so many entries, and make all lists."""
    with Services(url) as services:
        let_in(services)
        began = time.perf_counter()
        plans = _append(services, council, wanted)
        appended = time.perf_counter()
        rebuild(services.models, services.files())
        with services.models.writing() as connection:
            connection.execute(delete(next_sweep.TABLE))
        made_by = time.perf_counter()
        allocate(services, [name for name, _ in plans[:WRITTEN_ON]])
    entries = sum(length for _, length in plans)
    return Loaded(plans, entries, appended - began, made_by - appended)


def _append(services: Services, council: list[list[Entry]], wanted: int) -> list[tuple[str, int]]:
    """Append plans, some at once, and give the name and length of each."""
    told = _again(council)
    made: list[tuple[str, int]] = []
    appended = 0
    while appended < wanted:
        plans = list(islice(told, PLANS_AT_ONCE))
        entries = [entry for plan in plans for entry in plan]
        children = [ChildRow(_child(plan[0]), 1, plan[0].plan) for plan in plans]
        services.record.append(entries, children=children)
        made += ((plan[0].plan, len(plan)) for plan in plans)
        appended += len(entries)
    return made


def _again(council: list[list[Entry]]) -> Iterator[list[Entry]]:
    """Tell the same plans again and again, each time of other children."""
    time_told = 0
    while True:
        time_told += 1
        for entries in council:
            name, child = f"{entries[0].plan}-{time_told}", f"{_child(entries[0])}x{time_told}"
            first = codec.amend(entries[0].event, {"child": child})
            opening = entries[0]._replace(plan=name, event=first)
            yield [opening, *(entry._replace(plan=name) for entry in entries[1:])]


def _child(entry: Entry) -> str:
    assert isinstance(entry.event, PlanOpened)
    return entry.event.child


async def _look(port: int) -> None:
    """Look at the lists."""
    async with client(port) as http:
        for path in PATHS:
            await http.get(path)


async def _write(port: int, plans: list[tuple[str, int]]) -> None:
    """Record a visit on each of some plans."""
    body = msgspec.json.encode(codec.write_event(SEEN))
    async with client(port, WRITER) as http:
        for name, last in plans:
            upon = {"If-Match": f'"{last}"'}
            answered = await http.post(f"/api/plans/{name}/entries", body, upon)
            if answered.status != CREATED:
                raise RuntimeError(f"{name} was answered with {answered!r:.300}")


def _most_of(*words: str) -> float:
    """Run a command, and say how many megabytes it had in memory at most."""
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(
        [*PLANTRACK, *words], env=ENVIRONMENT, stdout=nothing, stderr=nothing
    )
    most = 0.0
    while process.poll() is None:
        most = max(most, peak(process.pid))
        time.sleep(BETWEEN_LOOKS)
    if process.returncode:
        raise RuntimeError(f"plantrack {words[0]} ended with {process.returncode}")
    return most


def _asked_for(words: list[str]) -> int | None:
    return next((int(w.removeprefix(ENTRIES)) for w in words if w.startswith(ENTRIES)), None)


if __name__ == "__main__":
    main(quick="--quick" in sys.argv, entries=_asked_for(sys.argv))
