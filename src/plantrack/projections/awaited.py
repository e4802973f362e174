"""What is awaited from one agency on the plans that go on, sort by sort."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Table, or_

from plantrack.projections import actions, caseload, challenges, decisions, due, information
from plantrack.projections.paging import FIRST, Only, Page, Slice, holding, page
from plantrack.projections.store import Reading

SHOWN_OF_EACH = 10
"""So many lines of each sort stand on the first page; the rest has a page of its own."""

STILL_OF_INTEREST = timedelta(days=60)
"""For so long an agency is asked for its view on what two others have decided already."""

SHARING = ("decision-shared", "decision-shared-after-challenge")
ACKNOWLEDGING = "information-acknowledged"
REPORTING = "report-to-conference"

Query = Callable[[Reading, str, date, Slice], Page]


def decisions_for(reading: Reading, agency: str, today: date, wanted: Slice) -> Page:
    """List the decisions on which an agency that was on the plan has taken no position."""
    table = decisions.TABLE
    only = [
        *_going_on(reading, table),
        *holding(table.c.awaiting, agency),
        or_(table.c.single_agency, table.c.on >= today - STILL_OF_INTEREST),
    ]
    found = page(reading, table, only, decisions.ORDER, wanted, newest_first=True)
    days = _due(reading, found, *SHARING)
    for row in found.rows:
        row["due_on"] = days.get((row["plan"], row["decision"]))
    found.rows.sort(key=lambda row: (row["due_on"] is None, row["due_on"] or row["on"]))
    return found


def information_for(reading: Reading, agency: str, _: date, wanted: Slice) -> Page:
    """List the items that an agency was told and has not acknowledged, the oldest first."""
    table = information.TABLE
    # Few items are not with everybody, and there is an index that tells which.
    only = [
        *_going_on(reading, table),
        table.c.everybody_has_it.is_(False),
        *holding(table.c.not_acknowledged, agency),
    ]
    found = page(reading, table, only, information.ORDER, wanted)
    days = _due(reading, found, ACKNOWLEDGING)
    for row in found.rows:
        row["due_on"] = days.get((row["plan"], f"{row['item']}/{agency}"))
    return found


def actions_for(reading: Reading, agency: str, _: date, wanted: Slice) -> Page:
    """List an agency's open actions by the day they are due, so what is overdue comes first."""
    table = actions.TABLE
    only = [*_going_on(reading, table), table.c.agency == agency, table.c.state == actions.OPEN]
    return page(reading, table, only, actions.ORDER, wanted)


def reports_for(reading: Reading, agency: str, _: date, wanted: Slice) -> Page:
    """List the reports to conferences that an agency has not sent, the nearest due first."""
    table = due.TABLE
    only = [
        table.c.unmet_at_closing.is_(False),
        table.c.obligation == REPORTING,
        table.c.agency == agency,
    ]
    found = page(reading, table, only, due.ORDER, wanted)
    for row in found.rows:
        row["meeting"] = row["about"].rpartition("/")[0]
    return found


def challenges_for(reading: Reading, agency: str, _: date, wanted: Slice) -> Page:
    """List the open challenges to an agency, and its own."""
    table = challenges.TABLE
    theirs = or_(table.c.to_agency == agency, table.c.by_agency == agency)
    only = [*_chain(reading, challenges.CHALLENGE), theirs]
    return page(reading, table, only, challenges.ORDER, wanted)


def supervision_for(reading: Reading, agency: str, _: date, wanted: Slice) -> Page:
    """List the supervision that an agency asked for or took part in, while it is not at an end."""
    table = challenges.TABLE
    asked = [table.c.by_agency == agency, *holding(table.c.agencies, agency)]
    only = [*_chain(reading, challenges.SUPERVISION), or_(*asked)]
    return page(reading, table, only, challenges.ORDER, wanted)


def plans_of(reading: Reading, _: str, today: date, wanted: Slice) -> Page:
    """List the plans that go on."""
    return caseload.listed(reading, today=today, ended=False, wanted=wanted)


SORTS: Mapping[str, Query] = {
    "decisions": decisions_for,
    "information": information_for,
    "reports": reports_for,
    "actions": actions_for,
    "challenges": challenges_for,
    "supervision": supervision_for,
    "plans": plans_of,
}
"""In the order in which they matter."""


def listed(
    reading: Reading, *, agency: str, today: date, sort: str | None = None, wanted: Slice = FIRST
) -> Page:
    """List the first lines of every sort, or a page of one; each says its ``sort``.

    Of a sort that has more than its first lines, the last says so with ``more``.
    """
    if sort is not None:
        found = SORTS[sort](reading, agency, today, wanted)
        return Page(_named(reading, _as(sort, found)), found.next)
    rows: list[dict[str, Any]] = []
    for each, query in SORTS.items():
        found = query(reading, agency, today, Slice(limit=SHOWN_OF_EACH))
        rows += _as(each, found)
        if found.next:
            rows[-1]["more"] = True
    return Page(_named(reading, rows), None)


def of_decision(reading: Reading, plan: str, decision: str) -> dict[str, Any] | None:
    """Give one decision of a plan with the day by which a second view is due; None: no such."""
    table = decisions.TABLE
    query = reading.of(table).where(table.c.plan == plan, table.c.decision == decision)
    found = Page([dict(row._mapping) for row in reading.all(query)], None)
    days = _due(reading, found, *SHARING)
    return next((row | {"due_on": days.get((plan, decision))} for row in found.rows), None)


def of_item(reading: Reading, plan: str, item: str) -> dict[str, Any] | None:
    """Give one item of information on a plan; None if there is no such."""
    table = information.TABLE
    query = reading.of(table).where(table.c.plan == plan, table.c.item == item)
    return next((dict(row._mapping) for row in reading.all(query)), None)


def _going_on(reading: Reading, table: Table) -> Only:
    plans = caseload.TABLE
    ended = reading.of_all(plans, plans.c.plan).where(plans.c.ended_on.is_not(None))
    return [table.c.plan.not_in(ended)]


def _chain(reading: Reading, sort: str) -> Only:
    table = challenges.TABLE
    return [*_going_on(reading, table), table.c.sort == sort, table.c.state == challenges.OPEN]


def _due(reading: Reading, found: Page, *obligations: str) -> dict[tuple[str, str], date]:
    """Say by when what is on a page is due, by its plan and what the clock is about."""
    table, plans = due.TABLE, {row["plan"] for row in found.rows}
    query = reading.of(table, table.c.plan, table.c.about, table.c.due_on).where(
        table.c.plan.in_(sorted(plans)), table.c.obligation.in_(obligations)
    )
    return {(plan, about): on for plan, about, on in reading.all(query)}


def _as(sort: str, found: Page) -> list[dict[str, Any]]:
    """Tell what a row is a line of; a chain's own sort is its name there."""
    return [{**row, "sort": sort, "more": False} for row in found.rows]


def _named(reading: Reading, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say with each line whose plan it is on, and which entry is the last there."""
    table = caseload.TABLE
    query = reading.of(table, table.c.plan, table.c.given_names, table.c.last_entry)
    query = query.where(table.c.plan.in_(sorted({row["plan"] for row in rows})))
    known = {plan: (names, last) for plan, names, last in reading.all(query)}
    for row in rows:
        row["given_names"], row["last_entry"] = known.get(row["plan"], (None, 0))
    return rows
