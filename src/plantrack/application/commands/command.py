"""What somebody wants recorded, and what they are answered."""

import json
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple, Protocol

from plantrack import codec
from plantrack.domain.events import PlanEvent
from plantrack.domain.events.entries import Entry
from plantrack.domain.plans.plan import Plan
from plantrack.domain.rights.state import RightsEntry
from plantrack.domain.words import Person
from plantrack.record import CannotReach

LONGEST_WAIT = 2.0
"""For how many seconds a command waits to be started before it is refused."""


class NewEvent(NamedTuple):
    """One thing that somebody wants recorded, and how far they had read the plan."""

    plan: str
    event: PlanEvent
    last_read: int | None = None


class Receipt(NamedTuple):
    """What a command came to: its entries, and the position on the record of the last of them."""

    entries: list[Entry]
    position: int
    repeated: bool
    """Whether this is the answer of an earlier carrying out of the same command."""


class Guard(Protocol):
    """Knows whether whoever says something may say it, and what follows from it for rights."""

    def look(self) -> int:
        """Look where rights stand, and give the number of the last entry about them."""

    def refuse(self, said: NewEvent, plan: Plan | None, entries: Callable[[], list[Entry]]) -> None:
        """Refuse what the person may not say on a plan as it stands; None if there is no plan."""

    def follows(self, entries: Sequence[Entry]) -> list[RightsEntry]:
        """Give the entries about rights that follow from what was said, from the next number on."""


Answer = Receipt | BaseException
"""A command is recorded, or it is refused and what it is told is raised."""


class Command:
    """One command: what is said together, by whom, and since when it waits."""

    __slots__ = ("by", "command_id", "guard", "mark", "said", "since")

    def __init__(
        self,
        said: Sequence[NewEvent],
        by: Person,
        command_id: str | None,
        guard: Guard | None = None,
    ) -> None:
        self.said = said
        self.by = by
        self.command_id = command_id
        self.guard = guard
        self.mark = _fingerprint(said, by) if command_id else ""
        self.since = time.monotonic()

    @property
    def plans(self) -> dict[str, None]:
        """Name the plans that are spoken of, each once."""
        return dict.fromkeys(each.plan for each in self.said)

    @property
    def waited_too_long(self) -> bool:
        """Whether it should have been started by now."""
        return time.monotonic() - self.since > LONGEST_WAIT


def too_much() -> CannotReach:
    """Say that a turn did not come in time."""
    return CannotReach("Too much is being recorded just now. Try again in a moment.")


def _fingerprint(said: Sequence[NewEvent], by: Person) -> str:
    """Tell whether a command is the same as before: who says what, on which plans."""
    what = [[each.plan, codec.write_event(each.event)] for each in said]
    return sha256(json.dumps([what, by.name, by.agency, by.role, *_id(by)]).encode()).hexdigest()


def _id(by: Person) -> list[str]:
    return [by.id] if by.id else []
