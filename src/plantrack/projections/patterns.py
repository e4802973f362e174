"""How alerts went over a time: which rule, which team, how long, and what the answers led to.

For supervision, not for a league table: it counts what was raised on the plans that its reader may
see, and no others.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from itertools import repeat
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func

from plantrack.domain.obligations.catalogue import ALERT_ANSWERED
from plantrack.domain.policy import Policies
from plantrack.projections import alerts, caseload
from plantrack.projections.alert_board import working_days
from plantrack.projections.store import Reading

TABLE = alerts.TABLE
TOO_FEW = 5
"""Of fewer, what lies in the middle says nothing."""

NO_TEAM = ""


class Line(NamedTuple):
    """The alerts of one rule or of one team; days are working days.

    ``middle`` is None where there are too few. ``to_answer`` were answered or should have been by
    now; ``in_time`` of them were within the limit. ``with_action`` answers led to an action.
    """

    name: str
    raised: int
    still_open: int
    middle: float | None
    longest: int
    to_answer: int
    in_time: int
    answered: int
    with_action: int


class Patterns(NamedTuple):
    """What was raised from one day to another, all of it, by rule and by team."""

    since: date
    until: date
    all: Line
    by_rule: list[Line]
    by_team: list[Line]


class _Told(NamedTuple):
    """So many alerts that went the same."""

    many: int
    rule: str
    team: str
    days: int
    open: bool
    due: bool
    in_time: bool
    answered: bool
    with_action: bool


def seen(
    reading: Reading, *, since: date, until: date, today: date, policies: Policies
) -> Patterns:
    """Give the patterns of what was raised from one day to another, both included."""
    told = list(_told(reading, since, until, today, policies))
    return Patterns(
        since=since,
        until=until,
        all=_line("", told),
        by_rule=sorted(
            _lines(told, lambda each: each.rule), key=lambda line: (-line.raised, line.name)
        ),
        by_team=sorted(_lines(told, lambda each: each.team), key=lambda line: line.name),
    )


def _told(
    reading: Reading, since: date, until: date, today: date, policies: Policies
) -> Iterable[_Told]:
    @cache
    def days(first: date, last: date) -> int:
        return working_days(policies.on(first).calendar, first, last)

    @cache
    def due(raised_on: date) -> date:
        return policies.due(ALERT_ANSWERED.code, "period", raised_on, raised_on)

    for row in reading.all(_alike(reading, since, until)):
        over_on = row.cleared_on or row.ended_on
        answered = row.answered_on is not None
        yield _Told(
            many=row.many,
            rule=row.obligation,
            team=row.team or NO_TEAM,
            days=days(row.raised_on, over_on or today),
            open=over_on is None,
            due=answered or (over_on or today) > due(row.raised_on),
            in_time=answered and row.answered_on <= due(row.raised_on),
            answered=answered,
            with_action=row.with_action,
        )


def _alike(reading: Reading, since: date, until: date) -> Select[Any]:
    """Count the alerts that went the same; what a plan left open at its end is not open any more.

    There are tens of thousands of them over all plans of a council, and few of them differ.
    """
    plans = caseload.TABLE
    alike = (
        TABLE.c.obligation,
        TABLE.c.team,
        TABLE.c.raised_on,
        TABLE.c.cleared_on,
        plans.c.ended_on,
        TABLE.c.answered_on,
        TABLE.c.action.is_not(None).label("with_action"),
    )
    of_plan = and_(plans.c.generation == TABLE.c.generation, plans.c.plan == TABLE.c.plan)
    query = reading.of(TABLE, *alike, func.count().label("many")).where(
        TABLE.c.raised_on.between(since, until), TABLE.c.obligation != ALERT_ANSWERED.code
    )
    return query.select_from(TABLE.outerjoin(plans, of_plan)).group_by(*alike)


def _lines(told: Iterable[_Told], by: Callable[[_Told], str]) -> list[Line]:
    groups: defaultdict[str, list[_Told]] = defaultdict(list)
    for each in told:
        groups[by(each)].append(each)
    return [_line(name, each) for name, each in groups.items()]


def _line(name: str, told: list[_Told]) -> Line:
    days = [day for each in told for day in repeat(each.days, each.many)]
    return Line(
        name=name,
        raised=len(days),
        still_open=_many(told, "open"),
        middle=median(days) if len(days) >= TOO_FEW else None,
        longest=max(days, default=0),
        to_answer=_many(told, "due"),
        in_time=_many(told, "in_time"),
        answered=_many(told, "answered"),
        with_action=_many(told, "with_action"),
    )


def _many(told: list[_Told], what: str) -> int:
    return sum(each.many for each in told if getattr(each, what))
