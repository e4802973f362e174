"""Commands through HTTP: 1, 4 and 16 people on different plans, and 4 on one plan.

The server is a process of its own, with its worker; the people are tasks of another. Next to it
stands the least that the same server can answer (``/healthz``), in the same shapes. Before, the
first sweep is over and every plan was written on once, so that it is at hand. Everybody says which
entry they read last, as the API asks for: who comes second on a plan is told what came between, and
says it again upon that. Such a try is counted as lost.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime

import msgspec

from bench.append import ANN, OPENED, SEEN
from bench.ground import Store, made, stores
from bench.lanes import CommandSoon, Lane, Races, Shape, show, take_turns, tasks
from bench.serving import WRITER, allocate, client, let_in, serving
from plantrack import codec
from plantrack.application.services import Services
from plantrack.domain.events import PlanOpened
from plantrack.domain.events.entries import Entry

LEAST, HTTP = "GET /healthz", "plantrack through HTTP"
USUAL = 330
BODY = msgspec.json.encode(codec.write_event(SEEN))
CREATED, STALE = 201, 412
LONGEST_START, BETWEEN_LOOKS = 120.0, 0.1

Opened = Callable[[], AbstractAsyncContextManager[CommandSoon]]


def main(*, quick: bool = False) -> None:
    """Measure both databases."""
    rounds, seconds, plans = (2, 0.3, 16) if quick else (3, 1.5, 64)
    print(f"Commands through HTTP: {rounds} rounds of {seconds} s a lane; ÷ is to {LEAST}")
    names = [f"U{n}" for n in range(plans)]
    shapes = [
        Shape("1 client", 1, names),
        Shape("4 clients", 4, names),
        Shape("16 clients", 16, names),
        Shape("4 clients on one plan", 4, ["SHARED"]),
    ]
    with stores() as both:
        for store in both:
            with served(store, [*names, "SHARED"]) as lanes:
                results = take_turns(lanes, shapes, rounds, seconds)
            print(f"  {store.name}")
            show(results, [lane.name for lane in lanes], shapes, LEAST)


@contextmanager
def served(store: Store, plans: list[str]) -> Iterator[list[Lane]]:
    """Serve plans with a history."""
    with ExitStack() as stack:
        url = stack.enter_context(made(store))
        with Services(url) as services:
            let_in(services)
            for plan in plans:
                services.commands.take_in(list(_history(plan)))
            allocate(services, plans)
        port = stack.enter_context(serving(url)).port
        races = Races()
        writing = _writing(port, dict.fromkeys(plans, USUAL), races)
        asyncio.run(_settle(port, writing, plans))
        yield [Lane(LEAST, tasks(_asking(port))), Lane(HTTP, tasks(writing, races))]


async def _settle(port: int, writing: Opened, plans: list[str]) -> None:
    """Write on every plan once, and wait until the first sweep and the lists are done."""
    async with writing() as write:
        for plan in plans:
            await write(plan)
    give_up = time.monotonic() + LONGEST_START
    async with client(port) as http:
        while time.monotonic() < give_up:
            found = msgspec.json.decode((await http.get("/readyz")).body)
            if found["last_sweep"] and not found["behind"]:
                return
            await asyncio.sleep(BETWEEN_LOOKS)
    raise RuntimeError("The first sweep did not come to its end")


def _history(plan: str) -> Iterator[Entry]:
    now = datetime.now(UTC)
    yield Entry(plan, 1, now, ANN, PlanOpened(**{**vars(OPENED), "child": f"C{plan}"}))
    for number in range(2, USUAL + 1):
        yield Entry(plan, number, now, ANN, SEEN)


def _asking(port: int) -> Opened:
    """Ask only whether the process is alive."""

    @asynccontextmanager
    async def asking() -> AsyncIterator[CommandSoon]:
        async with client(port) as http:
            yield lambda _: http.get("/healthz")

    return asking


def _writing(port: int, last_read: dict[str, int], races: Races) -> Opened:
    """Put a visit on a plan, upon what was read last; all clients know what was answered."""

    @asynccontextmanager
    async def writing() -> AsyncIterator[CommandSoon]:
        async with client(port, WRITER) as http:

            async def write(plan: str) -> None:
                while True:
                    upon = {"If-Match": f'"{last_read[plan]}"'}
                    answered = await http.post(f"/api/plans/{plan}/entries", BODY, upon)
                    said = msgspec.json.decode(answered.body)
                    if answered.status == CREATED:
                        last_read[plan] = max(last_read[plan], said["entry"])
                        return
                    if answered.status != STALE:
                        raise RuntimeError(f"A command was answered with {answered!r:.300}")
                    races.lose()
                    last_read[plan] = max(last_read[plan], said["now"])

            yield write

    return writing


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
