"""What processes of their own record in the campaigns, whatever happens to them or the server."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

from plantrack.application.commands import Commands
from plantrack.domain.events import PlanEvent
from plantrack.domain.events.entries import Entry
from plantrack.record import CannotReach, Record, open_record
from record.plans import ANN, opened_cin, seen
from record.writers import forking

A_MOMENT = 0.05
Together = list[tuple[str, PlanEvent]]


class Writer(NamedTuple):
    """Somebody who records on two plans together, and where they note what was acknowledged."""

    url: str
    name: str
    said: Path

    @property
    def plans(self) -> tuple[str, str]:
        """Name the two plans."""
        return f"{self.name}-1", f"{self.name}-2"

    def start(self) -> BaseProcess:
        """Go to work in a process of their own."""
        process = forking.Process(target=record_through_anything, args=self)
        process.start()
        return process

    def acknowledged(self) -> list[str]:
        """Read the notes; a line that was cut off was never finished."""
        return self.said.read_text().split("\n")[:-1] if self.said.exists() else []


class AtWork:
    """Writers at work; one that is killed is followed by another who goes on where it stopped."""

    def __init__(self, writers: Sequence[Writer]) -> None:
        self.writers = writers
        self._processes = [writer.start() for writer in writers]
        self._next = 0

    def kill_one(self) -> None:
        """Kill the next of them in its tracks and let another go on."""
        nth, self._next = self._next, (self._next + 1) % len(self.writers)
        _end(self._processes[nth])
        self._processes[nth] = self.writers[nth].start()

    def leave(self) -> None:
        """Kill them all."""
        for process in self._processes:
            _end(process)


@contextmanager
def at_work(writers: Sequence[Writer]) -> Iterator[AtWork]:
    """Let writers work for a while."""
    together = AtWork(writers)
    try:
        yield together
    finally:
        together.leave()


def record_through_anything(url: str, name: str, said: Path) -> None:
    """Record on two plans together until killed, asking again what was not answered."""
    first, second = Writer(url, name, said).plans
    with closing(_opened(url)) as record, said.open("a") as acknowledged:
        commands = Commands(record)
        opening: Together = [(first, opened_cin(f"{name}A")), (second, opened_cin(f"{name}B"))]
        _insist(commands, opening, f"{name} opens")
        while True:
            visit = seen(f"{name} {os.urandom(6).hex()}")
            entries = _insist(commands, [(first, visit), (second, visit)], visit.note or "")
            lines = [f"{each.plan} {each.number} {visit.note}\n" for each in entries]
            acknowledged.write("".join(lines))
            acknowledged.flush()
            os.fsync(acknowledged.fileno())


def _opened(url: str) -> Record:
    while True:
        try:
            return open_record(url)
        except CannotReach:
            time.sleep(A_MOMENT)


def _insist(commands: Commands, together: Together, command_id: str) -> list[Entry]:
    while True:
        try:
            return commands.record_together(together, ANN, command_id=command_id)
        except CannotReach:
            time.sleep(A_MOMENT)


def _end(process: BaseProcess) -> None:
    process.kill()
    process.join()
    process.close()
