"""What managers look at first: the open alerts plan by plan, and how many there are of which sort.

A climb is no line of its own: it is told with the alert that climbed. What is counted is counted in
the reader's own scope, as the lines are.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, func

from plantrack.domain.calendar import Calendar
from plantrack.domain.obligations.catalogue import ALERT_ANSWERED
from plantrack.domain.policy import Policies
from plantrack.projections import actions, alerts, caseload, challenges, decisions
from plantrack.projections.paging import FIRST, Only, Page, Slice, page
from plantrack.projections.store import Reading

TABLE = alerts.TABLE
ORDER = ("raised_on", "plan")
PLANS_ON_A_PAGE = 20
SHOWN_OF_A_PLAN = 3
"""Of a plan with more, the longest open; one plan does not drown the list."""

LONGEST_NUMBER = 10
"""With how many digits a number is none of an entry."""

SHOWN = (
    "plan",
    "number",
    "alert",
    "raised_on",
    "obligation",
    "about",
    "due_on",
    "kind",
    "team",
    "agency",
    "name",
    "answered_on",
    "climbed_to",
)


class Asked(NamedTuple):
    """What the board is narrowed down to; what names nothing narrows nothing.

    ``ended``: only what was left open on plans that have ended.
    """

    rules: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    plan: str | None = None
    ended: bool = False


class Counts(NamedTuple):
    """How many alerts are open in all, and narrowed down; ``over`` of these wait too long.

    ``left`` were left open on plans that have ended. ``plans`` go on, with so many open actions.
    """

    open: int
    over: int
    rules: dict[str, int]
    teams: dict[str, int]
    agencies: dict[str, int]
    left: int
    plans: int
    actions: int


def counted(reading: Reading, asked: Asked, today: date, policies: Policies) -> Counts:
    """Count what is on the board."""
    sorts = _grouped(
        reading, Asked(ended=asked.ended), TABLE.c.obligation, TABLE.c.team, TABLE.c.agency
    )
    days = _grouped(reading, asked, TABLE.c.raised_on, TABLE.c.answered_on.is_(None))
    return Counts(
        open=sum(many for _, _, many in days),
        over=sum(many for day, waits, many in days if waits and is_over(day, today, policies)),
        rules=_summed((rule, many) for rule, _, _, many in sorts),
        teams=_summed((team, many) for _, team, _, many in sorts),
        agencies=_summed((agency, many) for _, _, agency, many in sorts),
        left=sum(many for (many,) in _grouped(reading, Asked(ended=True))),
        **_checked(reading),
    )


def listed(
    reading: Reading,
    *,
    asked: Asked,
    today: date,
    policies: Policies,
    wanted: Slice = FIRST,
) -> Page:
    """List open alerts by plan, the plan whose alert is open longest first, and each plan's so."""
    wanted = wanted._replace(limit=min(wanted.limit, PLANS_ON_A_PAGE))
    plans: Any = _plans(reading, asked)  # read like a table, though it is a query
    groups = page(reading, plans, (), ORDER, wanted)
    many = {row["plan"]: row["many"] for row in groups.rows}
    found: dict[str, list[dict[str, Any]]] = {plan: [] for plan in many}
    query = reading.of(TABLE, *(TABLE.c[name] for name in SHOWN))
    query = query.where(*_only(asked), TABLE.c.plan.in_(list(many)))
    most = None if asked.plan else SHOWN_OF_A_PLAN
    for row in reading.all(query.order_by(TABLE.c.raised_on, TABLE.c.number)):
        if most is None or len(found[row.plan]) < most:
            found[row.plan].append(dict(row._mapping))
    rows = [row | {"on_plan": many[row["plan"]]} for each in found.values() for row in each]
    return Page(_with_days(_with_subjects(reading, rows), today, policies), groups.next)


def one(
    reading: Reading, plan: str, named: str, today: date, policies: Policies
) -> dict[str, Any] | None:
    """Give one alert of a plan whole, by the entry that raised it or climbed, or by its name."""
    by_number = named.isdecimal() and len(named) < LONGEST_NUMBER
    by = TABLE.c.number == int(named) if by_number else TABLE.c.alert == named
    query = reading.of(TABLE).where(TABLE.c.plan == plan, by)
    rows = [dict(row._mapping) for row in reading.all(query.order_by(TABLE.c.number.desc()))]
    raised = [row for row in rows if row["obligation"] != ALERT_ANSWERED.code][:1]
    if rows and not raised:
        return one(reading, plan, rows[0]["alert"], today, policies)
    found = _with_days(_with_subjects(reading, raised), today, policies)
    return found[0] if found else None


def is_over(raised_on: date, today: date, policies: Policies) -> bool:
    """Whether an alert that was raised on a day should have been answered by now."""
    return today > policies.due(ALERT_ANSWERED.code, "period", raised_on, raised_on)


def working_days(calendar: Calendar, after: date, until: date) -> int:
    """Count the working days after a day, up to and with another."""
    so_many = range(1, max(0, (until - after).days) + 1)
    return bisect_right(so_many, until, key=lambda n: calendar.working_days_after(after, n))


def _only(asked: Asked) -> Only:
    only: Only = [
        TABLE.c.state == alerts.OPEN,
        TABLE.c.unmet_at_closing.is_(asked.ended),
        TABLE.c.obligation != ALERT_ANSWERED.code,
    ]
    for column, names in (
        (TABLE.c.obligation, asked.rules),
        (TABLE.c.team, asked.teams),
        (TABLE.c.agency, asked.agencies),
        (TABLE.c.plan, (asked.plan,) if asked.plan else ()),
    ):
        if names:
            only.append(column.in_(names))
    return only


def _plans(reading: Reading, asked: Asked) -> FromClause:
    """Make a table of the plans that have open alerts: since when, and how many."""
    grouped = (TABLE.c.generation, TABLE.c.plan)
    since, many = func.min(TABLE.c.raised_on).label("raised_on"), func.count().label("many")
    return (
        reading.of(TABLE, *grouped, since, many).where(*_only(asked)).group_by(*grouped).subquery()
    )


def _grouped(reading: Reading, asked: Asked, *by: ColumnElement[Any]) -> Sequence[Any]:
    """Count alerts by some columns; the count comes last."""
    return reading.all(reading.of(TABLE, *by, func.count()).where(*_only(asked)).group_by(*by))


def _summed(counts: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    summed: Counter[str] = Counter()
    for name, many in counts:
        if name is not None:
            summed[name] += many
    return dict(sorted(summed.items()))


def _checked(reading: Reading) -> dict[str, int]:
    plans = caseload.TABLE
    query = reading.of(plans, func.count(), func.sum(plans.c.open_actions))
    [(many, open_actions)] = reading.all(query.where(plans.c.ended_on.is_(None)))
    return {"plans": many, "actions": open_actions or 0}


def _with_days(rows: list[dict[str, Any]], today: date, policies: Policies) -> list[dict[str, Any]]:
    """Say of each alert for how many working days it is or was open, and whether too long."""
    for row in rows:
        day, over_on = row["raised_on"], row.get("cleared_on") or row["ended_on"]
        row["days_open"] = working_days(policies.on(day).calendar, day, over_on or today)
        unanswered = row["answered_on"] is None and over_on is None
        row["over"] = unanswered and is_over(day, today, policies)
    return rows


def _with_subjects(reading: Reading, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say of each alert whose plan it is on, what it is about, and whose view is missing."""
    plans = {row["plan"] for row in rows}
    names = _of_plans(reading, caseload.TABLE, plans, "given_names")
    ended = _of_plans(reading, caseload.TABLE, plans, "ended_on")
    actions_ = _of_plans(reading, actions.TABLE, plans, "what", by="action")
    made = _of_plans(reading, decisions.TABLE, plans, "what", by="decision")
    awaiting = _of_plans(reading, decisions.TABLE, plans, "awaiting", by="decision")
    raised = _of_plans(reading, challenges.TABLE, plans, "by_agency", by="name")
    for row in rows:
        key = (row["plan"], row["about"].partition("/")[0])
        row["given_names"] = names.get((row["plan"], ""))
        row["ended_on"] = ended.get((row["plan"], ""))
        row["what"] = (actions_ if row["obligation"].startswith("action-") else made).get(key)
        shared = row["obligation"].startswith("decision-shared")
        row["awaiting"] = awaiting.get(key, []) if shared else []
        row["raised_by"] = raised.get(key) if row["obligation"] == "challenge-answered" else None
    return rows


def _of_plans(
    reading: Reading, table: FromClause, plans: Iterable[str], column: str, by: str | None = None
) -> dict[tuple[str, str], Any]:
    """Read a column of some plans' rows, by the plan and what each row is about."""
    about = table.c[by] if by else table.c.plan
    query = reading.of(table, table.c.plan, about, table.c[column])  # type: ignore[arg-type]  # any rows by plan
    query = query.where(table.c.plan.in_(sorted(plans)))
    return {(plan, name if by else ""): value for plan, name, value in reading.all(query)}


def most_of(counts: Mapping[str, int]) -> list[str]:
    """Order names by how often they are counted, the most first."""
    return [name for name, _ in Counter(counts).most_common()]
