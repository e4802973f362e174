"""Every meeting, planned and held: who was there, whether it was quorate, who reported to it."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.events import (
    DifferenceStated,
    MeetingHeld,
    MeetingMoved,
    MeetingPlanned,
    RecordCirculated,
    ReportSubmitted,
)
from plantrack.domain.events.entries import Fact
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.obligations.meetings import report_to_conference
from plantrack.domain.obligations.owners import team as team_of
from plantrack.domain.obligations.reading import CONFERENCES, in_the_room
from plantrack.domain.plans.history import History
from plantrack.projections import caseload
from plantrack.projections.paging import FIRST, Page, Slice, page, where
from plantrack.projections.store import Reading
from plantrack.projections.tables import COMMON, Kinds, table

ORDER = ("on", "plan", "meeting")
REPORTS = BY_CODE["report-to-conference"]
ABOUT = (
    MeetingPlanned,
    MeetingMoved,
    ReportSubmitted,
    MeetingHeld,
    RecordCirculated,
    DifferenceStated,
)
READS: Kinds = frozenset({*COMMON, *ABOUT})


class Row(NamedTuple):
    """One meeting; ``on`` is the day it was held or, until then, is planned for.

    ``quorate`` is by the policy of the day, and None where no quorum is asked for. ``reports``
    has a line for each agency that reported or must.
    """

    plan: str
    meeting: str
    on: date
    child: str
    kind: str
    team: str | None
    type: str
    planned_for: date | None
    first_planned_for: date | None
    moves: list[dict[str, Any]]
    invited: list[str]
    held_on: date | None
    attendance: dict[str, str]
    quorate: bool | None
    went_ahead_because: str | None
    reports: list[dict[str, Any]]
    reports_missing: list[str]
    circulated: list[dict[str, Any]]
    circulated_on: date | None
    family_present: list[str]
    participation: str | None
    differences: list[dict[str, Any]]


TABLE = table(
    "meetings",
    Row,
    keys=("plan", "meeting"),
    indexes=[ORDER, ("quorate", *ORDER), ("team", *ORDER), ("held_on", *ORDER)],
)


def rows(file: RunningPlan) -> Iterator[Row]:
    """Make a row for each meeting of a plan."""
    history, held_by = file.history, team_of(file.history)
    for name in file.names(MeetingPlanned, MeetingHeld):
        make = partial(_row, file, history, name, held_by)
        yield file.kept_about("meetings", name, ABOUT, COMMON, make)


def _row(file: RunningPlan, history: History, name: str, held_by: str | None) -> Row:
    planned = next(iter(history.of(MeetingPlanned, name)), None)
    held = next(iter(history.of(MeetingHeld, name)), None)
    moves = history.of(MeetingMoved, name) if planned else ()
    planned_for = planned.event.planned_for if planned else None
    now_for = moves[-1].event.planned_for if moves else planned_for
    told = held.event if held else None
    kind = told.type if told else planned.event.type if planned else None
    sent = history.of(RecordCirculated, name)
    reports = list(_reports(history, name))
    return Row(
        plan=file.plan,
        meeting=name,
        on=(held.on if held else now_for) or date.max,
        child=file.child,
        kind=file.kind.value,
        team=held_by,
        type=kind.value if kind else "",
        planned_for=now_for,
        first_planned_for=planned_for,
        moves=[
            {"on": f.on, "planned_for": f.event.planned_for, "reason": f.event.reason}
            for f in moves
        ],
        invited=list(planned.event.invited) if planned else [],
        held_on=held.on if held else None,
        attendance={a: how.value for a, how in told.attendance.items()} if told else {},
        quorate=_quorate(history, held),
        went_ahead_because=told.went_ahead_because if told else None,
        reports=reports,
        reports_missing=sorted(each["agency"] for each in reports if each["sent_on"] is None),
        circulated=[{"on": f.on, "to": list(f.event.to)} for f in sent],
        circulated_on=sent[0].on if sent else None,
        family_present=list(told.family_present) if told else [],
        participation=told.participation.value if told and told.participation else None,
        differences=[_difference(fact) for fact in history.of(DifferenceStated, name)],
    )


def _quorate(history: History, held: Fact[MeetingHeld] | None) -> bool | None:
    if held is None or held.event.type not in CONFERENCES:
        return None
    return history.policies.on(held.on).quorate(in_the_room(held))


def _reports(history: History, meeting: str) -> Iterator[dict[str, Any]]:
    """Tell each agency's report: due by when, sent when; also those that nobody had to send."""
    asked: set[str] = set()
    for run in report_to_conference(history, meeting):
        agency = run.about.partition("/")[2]
        asked.add(agency)
        due_on = REPORTS.clock(history, run).due_on
        sent_on = run.stop.on if run.stop else None
        yield {"agency": agency, "due_on": due_on, "sent_on": sent_on}
    for report in history.of(ReportSubmitted, meeting):
        if report.event.agency not in asked:
            asked.add(report.event.agency)
            yield {"agency": report.event.agency, "due_on": None, "sent_on": report.on}


def _difference(fact: Fact[DifferenceStated]) -> dict[str, Any]:
    said = fact.event
    return {"on": fact.on, "agency": said.agency, "agrees": said.agrees, "what": said.what}


def listed(
    reading: Reading,
    *,
    plan: str | None = None,
    child: str | None = None,
    team: str | None = None,
    type: str | None = None,
    held: bool | None = None,
    quorate: bool | None = None,
    wanted: Slice = FIRST,
) -> Page:
    """List meetings by day, the newest first."""
    only = where(TABLE, plan=plan, child=child, team=team, type=type, quorate=quorate)
    if held is not None:
        only.append(TABLE.c.held_on.is_not(None) if held else TABLE.c.held_on.is_(None))
    return page(reading, TABLE, only, ORDER, wanted, newest_first=True)


def to_come(reading: Reading, *, wanted: Slice = FIRST) -> Page:
    """List the meetings that were not held, of plans that go on, by the day they are planned for.

    Each line has the child's ``given_names`` and the ``family``, as the caseload has them.
    """
    going_on = caseload.TABLE
    plans = reading.of(going_on, going_on.c.plan).where(going_on.c.ended_on.is_(None))
    only = [TABLE.c.held_on.is_(None), TABLE.c.plan.in_(plans)]
    found = page(reading, TABLE, only, ORDER, wanted)
    names = reading.of(going_on, going_on.c.plan, going_on.c.given_names, going_on.c.family)
    listed_here = going_on.c.plan.in_([row["plan"] for row in found.rows])
    known = {row.plan: row for row in reading.all(names.where(listed_here))}
    for row in found.rows:
        child = known.get(row["plan"])
        row["given_names"] = child.given_names if child else None
        row["family"] = child.family if child else None
    return found
