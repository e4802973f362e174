"""Every plan at a glance: whose it is, when the child was last seen, how much is owed."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select

from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.events import CategoryChanged, ChildDescribed, ChildSeen, PlanOpened
from plantrack.domain.events.children import alone, face_to_face, heard
from plantrack.domain.events.entries import Fact
from plantrack.domain.obligations.owners import chair as chair_of
from plantrack.domain.obligations.owners import lead as lead_of
from plantrack.domain.obligations.owners import team as team_of
from plantrack.domain.plans.history import History
from plantrack.projections import actions
from plantrack.projections.paging import FIRST, Page, Slice, holding, page, where
from plantrack.projections.store import Reading
from plantrack.projections.tables import table

ORDER = ("opened_on", "plan")
REVIEWS = frozenset({"review-conference", "first-review-conference", "cin-review"})
READS = None


class Row(NamedTuple):
    """One plan, as far as it does not depend on the day on which somebody looks.

    ``retracted`` says that the opening was taken back; the rest is then as it was said.
    ``given_names`` are the child's as last described on this plan.
    """

    plan: str
    child: str
    given_names: str | None
    family: str | None
    kind: str
    category: str | None
    team: str | None
    lead_name: str | None
    lead_agency: str | None
    chair: str | None
    agencies: list[str]
    opened_on: date
    follows: str | None
    retracted: bool
    ended_on: date | None
    ended_by: str | None
    last_entry: int
    next_review_on: date | None
    last_contact_on: date | None
    last_face_to_face_on: date | None
    last_alone_on: date | None
    last_heard_on: date | None
    open_actions: int
    slipped_actions: int
    open_alerts: int


TABLE = table(
    "caseload",
    Row,
    keys=("plan",),
    indexes=[ORDER, ("team", *ORDER), ("child",), ("family",)],
)


def rows(file: RunningPlan) -> Iterator[Row]:
    """Make a plan's one row, unless nothing was ever opened."""
    if file.opened:
        yield _row(file, file.opened)


def _row(file: RunningPlan, opened: PlanOpened) -> Row:
    history = file.history
    ending, lead, chair = history.ending, lead_of(history), chair_of(history)
    category = history.of(CategoryChanged)
    open_actions = [each for each in actions.standings(file) if each.state == actions.OPEN]
    seen = history.of(ChildSeen)
    return Row(
        plan=file.plan,
        child=opened.child,
        given_names=_given_names(history),
        family=opened.family,
        kind=opened.plan_kind.value,
        category=category[-1].event.category if category else opened.category,
        team=team_of(history),
        lead_name=lead.name if lead else opened.lead.name,
        lead_agency=lead.agency if lead else opened.lead.agency,
        chair=chair.name if chair else None,
        agencies=sorted(history.agencies_on(date.max)),
        opened_on=opened.on,
        follows=opened.follows,
        retracted=history.opening is None,
        ended_on=ending.on if ending else None,
        ended_by=type(ending.event).__name__ if ending else None,
        last_entry=file.last_number,
        next_review_on=_next_review(file, history),
        last_contact_on=_last(seen),
        last_face_to_face_on=_last(f for f in seen if face_to_face(f.event)),
        last_alone_on=_last(f for f in seen if alone(f.event)),
        last_heard_on=_last(f for f in seen if heard(f.event)),
        open_actions=len(open_actions),
        slipped_actions=sum(bool(each.moves) for each in open_actions),
        open_alerts=len(file.open_alerts),
    )


def _next_review(file: RunningPlan, history: History) -> date | None:
    if history.ending:
        return None
    return min((c.due_on for c in file.running if c.obligation in REVIEWS), default=None)


def _given_names(history: History) -> str | None:
    described = history.of(ChildDescribed)
    return described[-1].event.given_names if described else None


def _last(facts: Iterable[Fact[Any]]) -> date | None:
    return max((fact.on for fact in facts), default=None)


def listed(
    reading: Reading,
    *,
    today: date,
    team: str | None = None,
    agency: str | None = None,
    kind: str | None = None,
    child: str | None = None,
    family: str | None = None,
    lead: str | None = None,
    ended: bool | None = None,
    wanted: Slice = FIRST,
) -> Page:
    """List plans in the order opened; ``agency`` is one that is on the plan.

    ``days_on_plan`` and ``overdue_actions`` are as of today.
    """
    only = where(TABLE, team=team, kind=kind, child=child, family=family, lead_name=lead)
    only += holding(TABLE.c.agencies, agency)
    if ended is not None:
        only.append(TABLE.c.ended_on.is_not(None) if ended else TABLE.c.ended_on.is_(None))
    found = page(reading, TABLE, only, ORDER, wanted)
    _as_of(reading, found.rows, today)
    return found


def one(reading: Reading, plan: str, today: date) -> dict[str, Any] | None:
    """Give one plan's row as of today; None if there is none."""
    found = _found(reading, reading.of(TABLE).where(TABLE.c.plan == plan), today)
    return found[0] if found else None


def of_family(reading: Reading, family: str, today: date) -> list[dict[str, Any]]:
    """Give every plan of a family as of today, child by child, in the order opened."""
    query = reading.of(TABLE).where(TABLE.c.family == family)
    return _found(reading, query.order_by(TABLE.c.child, *(TABLE.c[n] for n in ORDER)), today)


def _found(reading: Reading, query: Select[Any], today: date) -> list[dict[str, Any]]:
    found = [dict(row._mapping) for row in reading.all(query)]
    _as_of(reading, found, today)
    return found


def _as_of(reading: Reading, found: list[dict[str, Any]], today: date) -> None:
    """Add to some rows what depends on the day."""
    overdue = actions.overdue_by_plan(reading, [row["plan"] for row in found], today)
    for row in found:
        row["days_on_plan"] = max(0, ((row["ended_on"] or today) - row["opened_on"]).days)
        row["overdue_actions"] = overdue.get(row["plan"], 0)
