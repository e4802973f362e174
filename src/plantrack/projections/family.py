"""Brothers and sisters side by side: each child's plan, and who is linked to it."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.events import PersonLinked, SiblingConsidered
from plantrack.domain.events.families import SIBLINGS
from plantrack.domain.obligations.owners import team as team_of
from plantrack.domain.plans.history import History, first_from
from plantrack.projections import caseload
from plantrack.projections.paging import FIRST, Page, Slice, page, where
from plantrack.projections.store import Reading
from plantrack.projections.tables import COMMON, Kinds, table

ORDER = ("linked_on", "plan", "person")
READS: Kinds = frozenset({*COMMON, PersonLinked, SiblingConsidered})


class Row(NamedTuple):
    """One person linked to a child's plan, and for a sibling what was decided about them.

    ``considered`` is None for whoever is no sibling.
    """

    plan: str
    person: str
    family: str | None
    child: str
    kind: str
    team: str | None
    linked_on: date
    relation: str
    name: str | None
    involved: str
    sibling: bool
    considered: bool | None
    considered_on: date | None
    outcome: str | None
    reason: str | None
    own_plan: str | None


TABLE = table(
    "family", Row, keys=("plan", "person"), indexes=[ORDER, ("family",), ("considered", *ORDER)]
)


def rows(file: RunningPlan) -> Iterator[Row]:
    """Make a row for each person linked to a plan."""
    for person in file.names(PersonLinked):
        yield _row(file, file.history, person)


def _row(file: RunningPlan, history: History, person: str) -> Row:
    linked = history.of(PersonLinked, person)[-1]
    sibling = linked.event.relation in SIBLINGS
    considered = first_from(history.of(SiblingConsidered, person), linked.on)
    last = considered[-1] if considered else None
    return Row(
        plan=file.plan,
        person=person,
        family=file.opened.family if file.opened else None,
        child=file.child,
        kind=file.kind.value,
        team=team_of(history),
        linked_on=linked.on,
        relation=linked.event.relation,
        name=linked.event.name,
        involved=linked.event.involved.value,
        sibling=sibling,
        considered=last is not None if sibling else None,
        considered_on=last.on if last else None,
        outcome=last.event.outcome.value if last else None,
        reason=last.event.reason if last else None,
        own_plan=last.event.plan if last else None,
    )


def listed(
    reading: Reading,
    *,
    plan: str | None = None,
    family: str | None = None,
    child: str | None = None,
    team: str | None = None,
    relation: str | None = None,
    sibling: bool | None = None,
    considered: bool | None = None,
    wanted: Slice = FIRST,
) -> Page:
    """List linked people by the day they were linked; ``considered`` asks about siblings only."""
    only = where(TABLE, plan=plan, family=family, child=child, team=team, relation=relation)
    only += where(TABLE, sibling=sibling, considered=considered)
    return page(reading, TABLE, only, ORDER, wanted)


def side_by_side(reading: Reading, family: str, today: date) -> list[dict[str, Any]]:
    """Give every plan of a family as the caseload has it, with the people linked to each.

    The plans come child by child, each child's in the order opened.
    """
    plans = caseload.of_family(reading, family, today)
    query = reading.of(TABLE).where(TABLE.c.family == family)
    people: dict[str, list[dict[str, Any]]] = {}
    for row in reading.all(query.order_by(TABLE.c.plan, TABLE.c.person)):
        people.setdefault(row.plan, []).append(dict(row._mapping))
    return [{**plan, "people": people.get(plan["plan"], [])} for plan in plans]
