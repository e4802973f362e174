"""What is owed on every plan, by whom and by when: one row a running clock."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import func, select

from plantrack.domain.alerts.running import Key, RunningPlan
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.obligations.clocks import Clock
from plantrack.domain.obligations.owners import OWNERS, Waiting
from plantrack.projections.paging import FIRST, Page, Slice, page, where
from plantrack.projections.store import Reading
from plantrack.projections.tables import COMMON, table

ORDER = ("due_on", "plan", "obligation", "about")
READS = None
WAITS_FOR = COMMON | OWNERS


class Row(NamedTuple):
    """One running clock, and for whom it waits.

    ``alert`` is the entry that raised the open alert on it, None if there is none. On a plan that
    has ended only what was overdue then is left: ``unmet_at_closing``.
    """

    plan: str
    obligation: str
    about: str
    due_on: date
    child: str
    kind: str
    team: str | None
    agency: str | None
    name: str | None
    says: str
    owed_by: str
    finding: str
    started_on: date
    policy: str
    because: list[int]
    alert: int | None
    unmet_at_closing: bool


TABLE = table(
    "due",
    Row,
    keys=("plan", "obligation", "about", "due_on"),
    indexes=[
        ("unmet_at_closing", *ORDER),
        ("team", "due_on"),
        ("agency", "due_on"),
        ("unmet_at_closing", "obligation", "due_on"),
    ],
)


def rows(file: RunningPlan) -> Iterator[Row]:
    """Make a row for each clock that runs on a plan; those of the same name and day are one."""
    waiting = Waiting(file.history)
    kept: dict[Key, tuple[list[Clock], int | None, Row]]
    kept = file.kept("due", WAITS_FOR, dict)
    for key, clocks in file.running_by_key.items():
        alert, made = file.open_alerts.get(key), kept.get(key)
        number = alert.number if alert else None
        if made is None or made[0] != clocks or made[1] != number:
            made = kept[key] = (clocks, number, _row(file, clocks, number, waiting))
        yield made[2]


def _row(file: RunningPlan, clocks: list[Clock], alert: int | None, waiting: Waiting) -> Row:
    clock, history = clocks[0], file.history
    obligation = BY_CODE[clock.obligation]
    owes = waiting.waits_for(clock.obligation, clock.about)
    return Row(
        plan=file.plan,
        obligation=clock.obligation,
        about=clock.about,
        due_on=clock.due_on,
        child=history.child,
        kind=history.kind.value,
        team=waiting.team,
        agency=owes.agency,
        name=owes.name,
        says=obligation.says,
        owed_by=obligation.owed_by,
        finding=obligation.finding,
        started_on=clock.started_on,
        policy=clock.policy,
        because=sorted({number for each in clocks for number in each.because}),
        alert=alert,
        unmet_at_closing=history.ending is not None,
    )


def listed(
    reading: Reading,
    *,
    today: date,
    by: date | None = None,
    overdue_for: int | None = None,
    plan: str | None = None,
    child: str | None = None,
    team: str | None = None,
    agency: str | None = None,
    obligation: str | None = None,
    unmet_at_closing: bool | None = False,
    wanted: Slice = FIRST,
) -> Page:
    """List what is owed, the longest due first; ``days_overdue`` is as of today.

    What was left unmet on plans that have ended is listed where it is asked for; None lists both.
    """
    only = where(TABLE, plan=plan, child=child, team=team, agency=agency, obligation=obligation)
    only += where(TABLE, unmet_at_closing=unmet_at_closing)
    if by is not None:
        only.append(TABLE.c.due_on <= by)
    if overdue_for is not None:
        only.append(TABLE.c.due_on <= today - timedelta(days=overdue_for))
    found = page(reading, TABLE, only, ORDER, wanted)
    for row in found.rows:
        row["days_overdue"] = max(0, (today - row["due_on"]).days)
    return found


class Count(NamedTuple):
    """How many clocks of one obligation run, and how many of these are overdue."""

    running: int
    overdue: int


def counted(reading: Reading, today: date) -> dict[str, Count]:
    """Count by obligation what is owed on plans that go on, and what of it is overdue."""
    overdue = func.count().filter(TABLE.c.due_on < today)
    query = (
        select(TABLE.c.obligation, func.count(), overdue)
        .where(TABLE.c.generation == reading.generation, TABLE.c.unmet_at_closing.is_(False))
        .group_by(TABLE.c.obligation)
        .order_by(TABLE.c.obligation)
    )
    return {code: Count(running, late) for code, running, late in reading.all(query)}
