"""What processes of their own do in the tests. They share nothing but the database."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from plantrack.application.commands import Commands
from plantrack.domain.refusals import PlansOverlap
from plantrack.record import migrate, open_record
from record.plans import ANN, opened_cin, opened_cp, seen

A_MOMENT = 0.0005

forking = multiprocessing.get_context("forkserver")
forking.set_forkserver_preload([__name__])


@contextmanager
def processes(
    work: Callable[..., None], *arguments: tuple[Any, ...]
) -> Iterator[list[BaseProcess]]:
    """Run the work in one process for each tuple of arguments; none is left over."""
    started: list[BaseProcess] = [forking.Process(target=work, args=each) for each in arguments]
    for each in started:
        each.start()
    try:
        yield started
    finally:
        for each in started:
            each.kill()
            each.join()
            each.close()


def finish(started: list[BaseProcess]) -> list[int | None]:
    """Wait for processes to end by themselves and give their exit codes."""
    for each in started:
        each.join(30)
    return [each.exitcode for each in started]


def record_pairs(url: str, name: str, said: Path) -> None:
    """Record on two plans together until killed; note on disk what was acknowledged."""
    first, second = f"{name}-1", f"{name}-2"
    with closing(open_record(url)) as record, said.open("a") as acknowledged:
        commands = Commands(record)
        events = [(first, opened_cin(first.replace("-", ""))), (second, opened_cin(f"{name}2"))]
        commands.record_together(events, ANN)
        while True:
            visit = seen(f"{name} {os.urandom(6).hex()}")
            together = commands.record_together([(first, visit), (second, visit)], ANN)
            lines = [f"{each.plan} {each.number} {visit.note}\n" for each in together]
            acknowledged.write("".join(lines))
            acknowledged.flush()
            os.fsync(acknowledged.fileno())


def record_for(url: str, name: str, together: int, ready: Any, stop: Any) -> None:
    """Record on a plan, so many entries at a time, until told to stop; leave readers some air."""
    with closing(open_record(url)) as record:
        commands = Commands(record)
        commands.record(name, opened_cin(name), ANN)
        ready.wait()
        while not stop.is_set():
            commands.record_together([(name, seen()) for _ in range(together)], ANN)
            time.sleep(together * A_MOMENT)


def migrate_and_start(url: str, name: str, ready: Any) -> None:
    """Start as a server does: migrate, open, record."""
    ready.wait()
    migrate(url)
    with closing(open_record(url)) as record:
        Commands(record).record(name, opened_cin(name), ANN)


def open_plans(url: str, name: str, children: int, ready: Any, won: Any) -> None:
    """Open a child protection plan for each child, at the same time as somebody else."""
    with closing(open_record(url)) as record:
        commands = Commands(record)
        for child in range(children):
            ready.wait()
            try:
                commands.record(f"{name}-{child}", opened_cp(f"C{child}"), ANN)
                won.put((child, name))
            except PlansOverlap:
                won.put((child, None))
