"""What rights depend on of every plan, so that a list can leave out what its reader may not see.

A plan has one row without an agency, and one for each agency that is on it.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.sql.selectable import Select

from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.events import (
    ENDINGS,
    AgencyJoined,
    AgencyLeft,
    Corrected,
    LeadChanged,
    PlanOpened,
    Retracted,
    SiblingConsidered,
)
from plantrack.domain.rights.authorise import PlanFacts
from plantrack.domain.rights.facts import facts_of
from plantrack.domain.rights.scope import Scope
from plantrack.projections.store import Reading
from plantrack.projections.tables import Kinds, table

READS: Kinds = frozenset(
    {
        PlanOpened,
        LeadChanged,
        AgencyJoined,
        AgencyLeft,
        SiblingConsidered,
        Corrected,
        Retracted,
        *ENDINGS,
    }
)
NO_AGENCY = ""


class Row(NamedTuple):
    """A plan as rights look at it, for one of its agencies or for none."""

    plan: str
    agency: str
    child: str
    family: str | None
    team: str | None
    mentions: list[str]


TABLE = table(
    "facts",
    Row,
    keys=("plan", "agency"),
    indexes=[("agency", "plan"), ("agency", "team"), ("agency", "child")],
)


def rows(file: RunningPlan) -> Iterator[Row]:
    """Make a plan's rows, unless nothing was ever opened."""
    facts = facts_of(file.plan, (entry.event for entry in file.entries.values()), file.counts)
    if facts is None:
        return
    mentions = sorted(facts.mentions)
    for agency in (NO_AGENCY, *sorted(facts.agencies)):
        yield Row(facts.plan, agency, facts.child, facts.family, facts.team, mentions)


def of_plans(reading: Reading, plans: Iterable[str]) -> dict[str, PlanFacts]:
    """Give the facts of some plans; one that there is not is left out."""
    found: dict[str, Row] = {}
    agencies: dict[str, set[str]] = {}
    for row in reading.all(reading.of_all(TABLE).where(TABLE.c.plan.in_(list(plans)))):
        agencies.setdefault(row.plan, set()).add(row.agency)
        found[row.plan] = row
    return {
        plan: PlanFacts(
            plan=plan,
            child=row.child,
            family=row.family,
            team=row.team,
            agencies=frozenset(agencies[plan] - {NO_AGENCY}),
            mentions=frozenset(row.mentions),
        )
        for plan, row in found.items()
    }


def names(reading: Reading) -> list[str]:
    """Name the plans in a reading's scope, in order."""
    query = reading.of(TABLE, TABLE.c.plan).where(TABLE.c.agency == NO_AGENCY)
    return [row.plan for row in reading.all(query.order_by(TABLE.c.plan))]


def within(scope: Scope, plan: ColumnElement[str], generation: int) -> ColumnElement[bool]:
    """Want only the plans of a scope."""
    seen: list[ColumnElement[bool]] = [true()] if scope.everything else [false()]
    if scope.plans and not scope.everything:
        seen.append(plan.in_(sorted(scope.plans)))
    if scope.teams and not scope.everything:
        seen.append(plan.in_(_plans(generation, TABLE.c.team.in_(sorted(scope.teams)))))
    if scope.agency and not scope.everything:
        seen.append(plan.in_(_plans(generation, agency=scope.agency)))
    wanted = [or_(*seen)]
    if scope.without:
        wanted.append(plan.not_in(sorted(scope.without)))
    if scope.without_children:
        children = TABLE.c.child.in_(sorted(scope.without_children))
        wanted.append(plan.not_in(_plans(generation, children)))
    return and_(*wanted)


def _plans(
    generation: int, *only: ColumnElement[bool], agency: str = NO_AGENCY
) -> Select[tuple[str]]:
    here = (TABLE.c.generation == generation, TABLE.c.agency == agency)
    return select(TABLE.c.plan).where(*here, *only)
