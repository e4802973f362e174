"""When each plan must be swept next: what a sweep reads, so that it costs what is due."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.alerts.sweep import next_sweep
from plantrack.projections.store import Reading
from plantrack.projections.tables import table

READS = None


class Row(NamedTuple):
    """One plan on which a sweep will have something to say, from a day on."""

    plan: str
    from_day: date


TABLE = table("sweeps", Row, keys=("plan",), indexes=[("from_day", "plan")])


def rows(file: RunningPlan) -> Iterator[Row]:
    """Make a row for a plan that a sweep must come back to, if nothing else happens."""
    if day := next_sweep(file):
        yield Row(file.plan, day)


def to_sweep(reading: Reading, today: date, limit: int | None = None) -> list[str]:
    """Name the plans that a sweep of this day has something to say on, the longest due first."""
    ripe = reading.of(TABLE, TABLE.c.plan).where(TABLE.c.from_day <= today)
    query = ripe.order_by(TABLE.c.from_day, TABLE.c.plan).limit(limit)
    return [plan for (plan,) in reading.all(query)]
