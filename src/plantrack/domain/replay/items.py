"""The things that a day of a plan's life holds, and how many there are on which day."""

from dataclasses import dataclass
from datetime import date, datetime

from plantrack.domain.words import By


@dataclass(frozen=True)
class Ground:
    """An entry that something rests on, told as it was known."""

    entry: int
    told: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing of a day: an entry, or something that was due and was not done.

    ``entry`` is None where nothing is on the record of it, ``by`` where the tracker says it.
    ``recorded_at`` is when people first knew; ``imported_at`` when a file brought it in.
    """

    entry: int | None
    title: str
    told: str | None
    on: date
    silence: bool = False
    more: str | None = None
    by: By | None = None
    recorded_at: datetime | None = None
    imported_at: datetime | None = None
    days_late: int = 0
    now_told: str | None = None
    corrected_by: tuple[int, ...] = ()
    retracted_by: tuple[int, ...] = ()
    because: tuple[Ground, ...] = ()


@dataclass(frozen=True)
class Late:
    """What was recorded after a day about what came before its end."""

    describe: list[Item]
    put_right: list[Item]


@dataclass(frozen=True)
class Stop:
    """A day on which there is something to see, and how much."""

    day: date
    items: int
