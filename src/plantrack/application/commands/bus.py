"""Commands of one process: carried out in turn, by a thread or an event loop."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from plantrack.application.commands.command import Answer, Command, Guard, NewEvent, Receipt
from plantrack.application.commands.group_commit import GroupCommit
from plantrack.application.commands.writer import CommandWriter
from plantrack.domain.events import PlanEvent
from plantrack.domain.events.entries import Entry
from plantrack.domain.words import Person
from plantrack.record import Record


def utc_now() -> datetime:
    """Give the server's time."""
    return datetime.now(UTC)


class Commands:
    """Records what people say, checked against all that was said before.

    Any number of threads and event loops may use it at once: commands that arrive while a commit
    is in flight share the next one. Each is still recorded or refused by itself.
    """

    def __init__(self, record: Record, now: Callable[[], datetime] = utc_now) -> None:
        self.after_commit: list[Callable[[int], None]] = []
        """Whom to tell the position of the last entry after a commit of this process.

        They are told in the thread that committed, when another may already commit, and so not
        always in order.
        """
        self._record = record
        self._now = now
        self._writer = CommandWriter(record, now)
        self._line = GroupCommit(self._writer.carry_out, self._tell_of)

    def carry_out(
        self,
        said: Sequence[NewEvent],
        by: Person,
        *,
        command_id: str | None = None,
        guard: Guard | None = None,
    ) -> Receipt:
        """Record what was said together, or refuse all of it; waits in the caller's thread.

        A repeat of a command is answered as the first was. A guard is asked whether the person
        may, and nothing is recorded if rights change before it is on the record.
        """
        return self._line.wait(Command(_something(said), by, command_id, guard))

    async def carry_out_soon(
        self,
        said: Sequence[NewEvent],
        by: Person,
        *,
        command_id: str | None = None,
        guard: Guard | None = None,
    ) -> Receipt:
        """Record what was said together, or refuse all of it, without holding up the event loop.

        A caller who is cancelled leaves the line, unless the command was started already.
        """
        return await self._line.wait_soon(Command(_something(said), by, command_id, guard))

    def record(
        self,
        plan: str,
        event: PlanEvent,
        by: Person,
        *,
        last_read: int | None = None,
        command_id: str | None = None,
    ) -> Entry:
        """Record an event on a plan, or refuse it."""
        [entry] = self.carry_out(
            [NewEvent(plan, event, last_read)], by, command_id=command_id
        ).entries
        return entry

    def record_together(
        self,
        events: Sequence[tuple[str, PlanEvent]],
        by: Person,
        *,
        command_id: str | None = None,
    ) -> list[Entry]:
        """Record events on several plans: all of them, or none."""
        said = [NewEvent(plan, event) for plan, event in events]
        return self.carry_out(said, by, command_id=command_id).entries if said else []

    def take_in(self, entries: Sequence[Entry]) -> list[Entry]:
        """Record the entries of an import that was checked: all of them, or none.

        They are recorded now; the time that their file states is kept beside.
        """
        with self._line.alone():
            taken, position = self._writer.take_in(entries)
        self._tell(position)
        return taken

    def entries(self, plan: str) -> list[Entry]:
        """Give one plan's whole history, in the order recorded."""
        return self._record.entries(plan)

    def plans(self) -> list[str]:
        """Name all plans in the order opened."""
        return self._record.plans()

    def plans_of(self, child: str) -> list[str]:
        """Name a child's plans in the order opened."""
        return self._record.plans_of(child)

    def now(self) -> datetime:
        """Give the server's time."""
        return self._now()

    def _tell_of(self, answers: Sequence[Answer]) -> None:
        new = [each for each in answers if isinstance(each, Receipt) and not each.repeated]
        if new:
            self._tell(max(each.position for each in new))

    def _tell(self, position: int) -> None:
        """Tell of a commit; whoever fails to listen harms nobody who recorded."""
        for listener in tuple(self.after_commit):
            with suppress(Exception):
                listener(position)


def _something(said: Sequence[NewEvent]) -> Sequence[NewEvent]:
    if not said:
        raise ValueError("A command says at least one thing.")
    return said
