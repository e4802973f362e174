"""What an installation may set, and what the API asks of the rest of the process."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from plantrack.application.council import Council


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


HOW_FAR_BEHIND = re.compile(r", now by \d+")


def openly(problems: Sequence[str]) -> list[str]:
    """Word problems for everybody, without how many entries the lists are behind.

    Whoever runs plantrack is told by ``plantrack doctor``.
    """
    return [HOW_FAR_BEHIND.sub("", each) for each in problems]


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


@dataclass(frozen=True)
class Rate:
    """How often something may be tried within some seconds."""

    most: int
    seconds: int

    def __post_init__(self) -> None:
        if self.most < 1 or self.seconds < 1:
            raise ValueError("A rate is at least one try in at least one second.")


MINUTE = 60
HOUR = 60 * MINUTE


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where it is served, and how much, how long and how often is allowed."""

    https: bool = True
    """Whether people come over https. To the demonstration they never do: it is on loopback."""

    public_origin: str | None = None
    """The address that people see, as https://plantrack.example; None: the name they asked."""

    council: Council = field(default_factory=Council)
    """Whose service it is, as its pages say."""

    sweeps_every: float = 300.0
    """After how many seconds the worker looks again for what is overdue."""

    hosts: tuple[str, ...] = ()
    """The names, without ports, at which it may be asked; none: any name."""

    most_body_bytes: int = 1_000_000
    slowest_body_seconds: float = 10.0
    most_headers: int = 100
    most_header_bytes: int = 16 * 1024
    longest_wait_for_lists: float = 2.0
    readers: int = 8

    sign_in_rate: Rate = Rate(30, 5 * MINUTE)
    """For each client's address, which a whole office may share; refused tries count too."""

    sign_in_rate_of_all: Rate = Rate(3_000, 5 * MINUTE)
    search_rate: Rate = Rate(60, MINUTE)
    export_rate: Rate = Rate(5, HOUR)
    break_glass_rate: Rate = Rate(3, HOUR)
    most_remembered: int = 10_000
    """Of how many people or addresses each rate remembers the tries."""
