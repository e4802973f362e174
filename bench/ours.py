"""Plantrack's own lanes: the tracker called by threads, and awaited by tasks."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime
from typing import Any

from bench.append import ANN, OPENED, SEEN
from bench.lanes import Command, CommandSoon, Lane, Races, tasks, threads
from plantrack.application.commands import Commands, NewEvent
from plantrack.domain.events import PlanOpened
from plantrack.domain.events.entries import Entry
from plantrack.record import Conflict, Record, migrate, open_record

BY_THREADS, BY_TASKS = "plantrack, threads", "plantrack, asyncio"


@contextmanager
def opened(url: str, lengths: Mapping[str, int]) -> Iterator[list[Lane]]:
    """Make the plans, have them at hand, and record visits on them."""
    migrate(url)
    with closing(open_record(url)) as record:
        races = Races()
        _count_conflicts(record, races)
        commands = Commands(record)
        _fill(commands, lengths)

        @contextmanager
        def writer() -> Iterator[Command]:
            yield lambda plan: commands.carry_out([NewEvent(plan, SEEN)], ANN)

        @asynccontextmanager
        async def writer_soon() -> AsyncIterator[CommandSoon]:
            yield lambda plan: commands.carry_out_soon([NewEvent(plan, SEEN)], ANN)

        yield [
            Lane(BY_THREADS, threads(writer, races)),
            Lane(BY_TASKS, tasks(writer_soon, races)),
        ]


def _count_conflicts(record: Record, races: Races) -> None:
    """Count the appends that came second, which the tracker itself tries again."""
    append = record.append

    def counted(*what: Any, **more: Any) -> list[int]:
        try:
            return append(*what, **more)
        except Conflict:
            races.lose()
            raise

    vars(record)["append"] = counted


def _fill(commands: Commands, lengths: Mapping[str, int]) -> None:
    now = datetime.now(UTC)
    for plan, length in lengths.items():
        opening = PlanOpened(**{**vars(OPENED), "child": f"C{plan}"})
        visits = (Entry(plan, n, now, ANN, SEEN) for n in range(2, length + 1))
        commands.take_in([Entry(plan, 1, now, ANN, opening), *visits])
        commands.carry_out([NewEvent(plan, SEEN)], ANN)
