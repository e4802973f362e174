"""The last sweep: that there was one, and how it went. One row, whichever generation is live."""

import os
import socket
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Float, Integer, Table, Text, insert, select, update

from plantrack.projections.store import Reading, ReadModels
from plantrack.projections.tables import TABLES, TYPES, Moment


class Beat(NamedTuple):
    """A sweep that came to its end. ``nth`` rises by one with each."""

    last_sweep: datetime
    seconds: float
    raised: int
    failed: int
    swept_for: date
    by: str
    nth: int = 0


BEATS = Table(
    "beats",
    TABLES,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("last_sweep", Moment, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("raised", TYPES[int], nullable=False),
    Column("failed", TYPES[int], nullable=False),
    Column("swept_for", TYPES[date], nullable=False),
    Column("by", Text, nullable=False),
    Column("nth", TYPES[int], nullable=False),
)
"""A clock that is set back makes times useless for telling whether sweeps go on; a number does."""


def note(models: ReadModels, beat: Beat) -> None:
    """Note that a sweep came to its end."""
    values: dict[str, Any] = beat._asdict()
    del values["nth"]
    with models.writing() as connection:
        again = connection.execute(update(BEATS).values(nth=BEATS.c.nth + 1, **values))
        if again.rowcount == 0:
            connection.execute(insert(BEATS).values(only=1, nth=1, **values))


def last(reading: Reading) -> Beat | None:
    """Give the last sweep that came to its end; None if there was none yet."""
    columns = [BEATS.c[name] for name in Beat._fields]
    rows = reading.all(select(*columns))
    return Beat(*rows[0]) if rows else None


def this_process() -> str:
    """Name this process among those that may sweep."""
    return f"{socket.gethostname()}:{os.getpid()}"
