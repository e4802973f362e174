"""``plantrack plans``, ``alerts`` and ``due``: lists, brought up to date before they are shown."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from plantrack.application import queries
from plantrack.application.services import Services
from plantrack.cli import parameters
from plantrack.cli.exits import Exit
from plantrack.cli.printing import as_json, lines, table, talk
from plantrack.domain.obligations.catalogue import ALERT_ANSWERED
from plantrack.projections import alerts, caseload, due
from plantrack.projections.paging import LONGEST_PAGE, Page, Slice
from plantrack.projections.store import Reading

Row = dict[str, Any]

REHEARSED = (
    "raised_on",
    "plan",
    "obligation",
    "finding",
    "about",
    "due_on",
    "because",
    "told",
    "policy",
    "cleared_on",
    "met_on",
    "unmet_at_closing",
)
"""What a line of a rehearsal says, in its order."""
PLAN_HEADS = ("plan", "kind", "child", "opened", "ended", "lead", "entries")
ALERT_HEADS = ("raised", "plan", "rule", "about", "due", "told", "state")
DUE_HEADS = ("due", "plan", "rule", "about", "agency", "name", "overdue")


def list_plans(database: str, *, json: bool) -> Exit:
    """List every plan on the record; where the lists cannot tell, the record itself does."""
    with Services(database) as services:
        if _bring_up(services):
            with services.models.reading() as reading:
                today = services.today()
                found = _all(lambda wanted: caseload.listed(reading, today=today, wanted=wanted))
                rows = [_plan(row) for row in found]
                _tell_parked(reading)
        else:
            rows = list(queries.plans(services.commands))
    shown = [[row[head] for head in PLAN_HEADS] for row in rows]
    return _show(rows, PLAN_HEADS, shown, "There is no plan on the record.", json=json)


def list_alerts(database: str, asked: Row, *, every: bool, json: bool) -> Exit:
    """List the open alerts, or all that were ever raised."""
    with _reading(database) as (services, reading):
        today = services.today()
        found = _all(
            lambda wanted: alerts.listed(
                reading, today=today, open_only=not every, wanted=wanted, **asked
            )
        )
        rows = [{name: row[name] for name in REHEARSED} | row for row in found]
    raised = [row for row in rows if row["obligation"] != ALERT_ANSWERED.code]
    shown = [_alert(row) for row in raised]
    return _show(rows, ALERT_HEADS, shown, "No alert is open.", json=json)


def list_due(database: str, on: str | None, asked: Row, *, json: bool) -> Exit:
    """List what is owed, by a day or at all."""
    by = parameters.day(on)
    with _reading(database) as (services, reading):
        today = services.today()
        rows = _all(lambda wanted: due.listed(reading, today=today, by=by, wanted=wanted, **asked))
    shown = [_owed(row) for row in rows]
    return _show(rows, DUE_HEADS, shown, "Nothing is owed.", json=json)


@contextmanager
def _reading(database: str) -> Iterator[tuple[Services, Reading]]:
    """Open the lists, brought up to date if that can be."""
    with Services(database) as services:
        _bring_up(services)
        with services.models.reading() as reading:
            yield services, reading
            _tell_parked(reading)


def _bring_up(services: Services) -> bool:
    """Bring the lists up to date, as there may be no worker that does; say so if it fails."""
    try:
        services.catch_up(services.files())
    except Exception as wrong:  # noqa: BLE001 - an older list is shown, and called that
        talk(
            f"The lists could not be brought up to date ({type(wrong).__name__}): something may be "
            "missing. Ask plantrack doctor."
        )
        return False
    return True


def _tell_parked(reading: Reading) -> None:
    for parked in reading.parked():
        talk(
            f"Plan {parked.plan} is missing here: an entry of it cannot be read. Ask plantrack "
            "doctor."
        )


def _all(page: Callable[[Slice], Page]) -> list[Row]:
    """Give the rows of every page."""
    found = page(Slice(None, LONGEST_PAGE))
    rows = found.rows
    while found.next:
        found = page(Slice(found.next, LONGEST_PAGE))
        rows += found.rows
    return rows


def _show(
    rows: Sequence[Row],
    heads: Sequence[str],
    shown: Sequence[Sequence[object]],
    nothing: str,
    *,
    json: bool,
) -> Exit:
    if json:
        lines(as_json(row) for row in rows)
    elif not shown:
        talk(nothing)
    else:
        lines(table(heads, shown))
    return Exit.DONE


def _plan(row: Row) -> Row:
    """Word a plan's row as the list of plans always has, and then all besides but the name."""
    unnamed = {column: value for column, value in row.items() if column != "given_names"}
    stands = not row["retracted"]
    return {
        "plan": row["plan"],
        "kind": row["kind"] if stands else None,
        "child": row["child"] if stands else None,
        "opened": row["opened_on"] if stands else None,
        "ended": row["ended_on"],
        "lead": row["lead_name"] if stands else None,
        "entries": row["last_entry"],
    } | unnamed


def _alert(row: Row) -> list[object]:
    climbed = row["climbed_to"]
    told = climbed[-1]["to"] if climbed else row["told"]
    return [
        row["raised_on"],
        row["plan"],
        row["obligation"],
        row["about"],
        row["due_on"],
        " ".join(told),
        row["state"],
    ]


def _owed(row: Row) -> list[object]:
    overdue = f"{row['days_overdue']} d" if row["days_overdue"] else None
    names = ("due_on", "plan", "obligation", "about", "agency", "name")
    return [*(row[name] for name in names), overdue]
