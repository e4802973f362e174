"""Days that stand in an address: typed in three fields of a form, or written as one."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated

from fastapi import Query

from plantrack.pages.forms import Sent

PARTS = ("day", "month", "year")
LONGEST = 20


def typed(name: str) -> Callable[..., Awaitable[Sent]]:
    """Make what reads the three fields of a day, as they were typed."""

    async def read(
        day: Annotated[str | None, Query(alias=f"{name}-day", max_length=LONGEST)] = None,
        month: Annotated[str | None, Query(alias=f"{name}-month", max_length=LONGEST)] = None,
        year: Annotated[str | None, Query(alias=f"{name}-year", max_length=LONGEST)] = None,
    ) -> Sent:
        parts = zip(PARTS, (day, month, year), strict=True)
        return Sent({f"{name}-{part}": (said,) for part, said in parts if said is not None})

    return read


def as_typed(day: date | None, name: str) -> Sent:
    """Write a day as if it had been typed."""
    if day is None:
        return Sent()
    parts = zip(PARTS, (day.day, day.month, day.year), strict=True)
    return Sent({f"{name}-{part}": (str(number),) for part, number in parts})
