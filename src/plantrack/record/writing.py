"""What is written together with entries, and how writing can fail."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from plantrack.domain.words import Person


class CommandRow(NamedTuple):
    """What somebody asked for once: a repeat of the same command gets the same answer."""

    id: str
    fingerprint: str
    answer: str
    recorded_at: datetime


class ChildRow(NamedTuple):
    """One line of the register that says which plans a child has, in the order they came.

    Two writers who each take themselves for the ``nth`` cannot both be right: one of them loses.
    """

    child: str
    nth: int
    plan: str


class AdoptedPolicy(NamedTuple):
    """A policy file as it was adopted: the ``nth``, by whom and when, and its whole text."""

    nth: int
    adopted_at: datetime
    by: Person
    file: str
    text: str


class Stated(NamedTuple):
    """Entries of the record of rights as they are stored, and the number of the last known."""

    known: int
    topics: Sequence[str] = ()
    states: Sequence[bytes] = ()


class CannotReach(Exception):
    """The database cannot be used now; the message says why and what to do."""


class Conflict(Exception):
    """Somebody else wrote first."""


class RightsMoved(Conflict):
    """The record of rights has entries that whoever appends did not know."""


class Repeated(Exception):
    """The command was carried out before; ``answer`` is what was answered then."""

    def __init__(self, answer: str) -> None:
        super().__init__("This command was carried out before.")
        self.answer = answer
