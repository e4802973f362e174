"""Plans found by what an inspector asks: their kind, days, agencies, open alerts and challenges."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement

from plantrack.projections import caseload, challenges
from plantrack.projections.caseload import TABLE
from plantrack.projections.paging import FIRST, Page, Slice, holding, page, where
from plantrack.projections.store import Reading


class Order(NamedTuple):
    """The columns by which plans are sorted, and whether the largest comes first."""

    columns: Sequence[str]
    largest_first: bool = False


ORDERS: Mapping[str, Order] = {
    "newest": Order(caseload.ORDER, largest_first=True),
    "oldest": Order(caseload.ORDER),
    "alerts": Order(("open_alerts", *caseload.ORDER), largest_first=True),
    "reference": Order(("plan",)),
}


def found(
    reading: Reading,
    *,
    today: date,
    reference: str | None = None,
    kind: str | None = None,
    ended: bool | None = None,
    after: date | None = None,
    before: date | None = None,
    agency: str | None = None,
    alerts: bool = False,
    challenged: bool = False,
    order: str = "newest",
    wanted: Slice = FIRST,
) -> Page:
    """List plans; ``after`` and ``before`` are the first and last day of opening."""
    only = where(TABLE, kind=kind) + holding(TABLE.c.agencies, agency)
    if reference:
        only.append(TABLE.c.plan.icontains(reference, autoescape=True))
    if ended is not None:
        only.append(TABLE.c.ended_on.is_not(None) if ended else TABLE.c.ended_on.is_(None))
    only += [TABLE.c.opened_on >= after] if after else []
    only += [TABLE.c.opened_on <= before] if before else []
    only += [TABLE.c.open_alerts > 0] if alerts else []
    only += [_challenged(reading)] if challenged else []
    by = ORDERS[order]
    listed = page(reading, TABLE, only, by.columns, wanted, newest_first=by.largest_first)
    _add_challenges(reading, listed.rows)
    for row in listed.rows:
        row["days_on_plan"] = max(0, ((row["ended_on"] or today) - row["opened_on"]).days)
    return listed


def _challenged(reading: Reading) -> ColumnElement[bool]:
    chain = challenges.TABLE.c
    query = reading.of_all(challenges.TABLE, chain.plan).where(chain.sort == challenges.CHALLENGE)
    return TABLE.c.plan.in_(query)


def _add_challenges(reading: Reading, rows: list[dict[str, Any]]) -> None:
    """Add to each plan how many challenges were raised on it."""
    chain = challenges.TABLE.c
    query = reading.of(challenges.TABLE, chain.plan).where(
        chain.sort == challenges.CHALLENGE, chain.plan.in_([row["plan"] for row in rows])
    )
    raised = [each.plan for each in reading.all(query)]
    for row in rows:
        row["challenges"] = raised.count(row["plan"])
