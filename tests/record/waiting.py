"""Commands that are made to wait for a commit in flight, so that they share the next one."""

import asyncio
import time
from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import Any

from plantrack.application.commands import Commands, NewEvent, Receipt
from plantrack.domain.events import PlanEvent
from record.plans import ANN, opened_cin, seen

HELD = "HELD"
LONG_ENOUGH = 20


class Command:
    """One command, and what became of it."""

    def __init__(
        self,
        plan: str,
        *events: PlanEvent,
        last_read: int | None = None,
        command_id: str | None = None,
    ) -> None:
        first, *others = events
        self.said = [NewEvent(plan, first, last_read), *(NewEvent(plan, event) for event in others)]
        self.command_id = command_id
        self.answer: Receipt | BaseException | None = None

    def carry_out(self, commands: Commands) -> None:
        """Carry it out in this thread."""
        try:
            self.answer = commands.carry_out(self.said, ANN, command_id=self.command_id)
        except BaseException as refused:  # noqa: BLE001 - looked at by the test, in its thread
            self.answer = refused

    async def carry_out_soon(self, commands: Commands) -> None:
        """Carry it out in the event loop."""
        try:
            self.answer = await commands.carry_out_soon(self.said, ANN, command_id=self.command_id)
        except Exception as refused:  # noqa: BLE001 - looked at by the test
            self.answer = refused

    @property
    def numbers(self) -> list[int]:
        """The numbers of its entries."""
        assert isinstance(self.answer, Receipt), self.answer
        return [entry.number for entry in self.answer.entries]


Way = Callable[[Commands, Sequence[Command], Callable[[], object]], None]


def wait_until(what: Callable[[], object]) -> None:
    give_up = time.monotonic() + LONG_ENOUGH
    while not what():
        assert time.monotonic() < give_up
        time.sleep(0.001)


def in_threads(commands: Commands, several: Sequence[Command], go: Callable[[], object]) -> None:
    """Carry out each command in a thread of its own; let go when all wait, in their order."""
    places = commands._line._places
    threads = [Thread(target=each.carry_out, args=(commands,)) for each in several]
    before = len(places)
    for n, thread in enumerate(threads, 1):
        thread.start()
        wait_until(lambda n=n: len(places) >= before + n)  # type: ignore[misc]  # n as it is now
    go()
    for thread in threads:
        thread.join(LONG_ENOUGH)
        assert not thread.is_alive()


def in_a_loop(commands: Commands, several: Sequence[Command], go: Callable[[], object]) -> None:
    """Carry out all several in one event loop; let go when all wait, in their order."""
    places = commands._line._places
    before = len(places)

    async def together() -> None:
        tasks = [asyncio.create_task(each.carry_out_soon(commands)) for each in several]
        while len(places) < before + len(several):
            await asyncio.sleep(0.001)
        go()
        await asyncio.wait_for(asyncio.gather(*tasks), LONG_ENOUGH)

    asyncio.run(together())


class Appends:
    """Watches a tracker's appends: holds the first one open, and can spoil or precede others."""

    def __init__(self, commands: Commands) -> None:
        self.sizes: list[int] = []
        self.before: dict[int, Callable[[], object]] = {}
        self.begun, self.go = Event(), Event()
        record: Any = commands._record
        self._append = record.append
        record.append = self

    def __call__(self, entries: Sequence[Any], **more: Any) -> Any:
        self.sizes.append(len(entries))
        if len(self.sizes) == 1:
            self.begun.set()
            assert self.go.wait(LONG_ENOUGH)
        self.before.pop(len(self.sizes), lambda: None)()
        return self._append(entries, **more)


def share_a_commit(
    commands: Commands,
    several: Sequence[Command],
    way: Way,
    before: Callable[[], object] = lambda: None,
) -> list[int]:
    """Have several wait behind a commit that is held open, and give the sizes of all appends.

    ``before`` is what happens just before the shared one.
    """
    commands.record(HELD, opened_cin(HELD), ANN)
    appends = Appends(commands)
    appends.before[2] = before
    first = Thread(target=commands.record, args=(HELD, seen(), ANN))
    first.start()
    assert appends.begun.wait(LONG_ENOUGH)
    way(commands, several, appends.go.set)
    first.join(LONG_ENOUGH)
    return appends.sizes[1:]
