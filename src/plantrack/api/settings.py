"""What an installation may set, and what the API asks of the rest of the process."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Checked(Protocol):
    """How the whole process was found."""

    @property
    def ready(self) -> bool:
        """Whether people may be sent here."""

    @property
    def entries(self) -> int:
        """How many entries are on the record."""

    @property
    def projection_lag(self) -> int:
        """How many of them the lists do not show yet."""

    @property
    def last_sweep(self) -> datetime | None:
        """When overdue things were last looked for."""

    @property
    def leader(self) -> bool:
        """Whether this process is the one that looks."""

    @property
    def problems(self) -> Sequence[str]:
        """What somebody must look into."""


class Health(Protocol):
    """Knows how the whole process is."""

    def check(self) -> Checked:
        """Look, in the caller's thread."""


Observer = Callable[[str, str, int, float], None]
"""Is told of each answer: the route's template, the method, the status and the seconds it took."""


def nobody(*_: object) -> None:
    """Take no notice."""


def no_measures() -> bytes:
    """Give no measures."""
    return b""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How much and how long is allowed."""

    most_body_bytes: int = 1_000_000
    slowest_body_seconds: float = 10.0
    most_headers: int = 100
    most_header_bytes: int = 16 * 1024
    longest_wait_for_lists: float = 2.0
    readers: int = 8
