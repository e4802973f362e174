"""What managers were told: one row an alert, and one each time that an alert climbed."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func

from plantrack.domain.alerts.raised import ToldAlert, ToldClimb
from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.events import AlertAnswered, AlertCleared, AlertClimbed, AlertRaised
from plantrack.domain.obligations.catalogue import ALERT_ANSWERED, BY_CODE
from plantrack.domain.obligations.owners import OWNERS, Waiting
from plantrack.projections.paging import FIRST, Page, Slice, page, where
from plantrack.projections.store import Reading
from plantrack.projections.tables import COMMON, Kinds, table

ORDER = ("raised_on", "plan", "obligation", "about", "due_on", "number")
OPEN, CLEARED = "open", "cleared"
READS: Kinds = frozenset(
    {
        *COMMON,
        AlertRaised,
        AlertAnswered,
        AlertClimbed,
        AlertCleared,
        *OWNERS,
    }
)


class Row(NamedTuple):
    """One line of what was raised, as a rehearsal tells it, and what became of it.

    ``number`` is the entry that raised or climbed it, ``alert`` the alert's id. ``facts`` tell the
    entries in ``because`` as they count now. A climb is about the alert that climbed.
    """

    plan: str
    number: int
    raised_on: date
    obligation: str
    finding: str
    about: str
    due_on: date
    because: list[int]
    told: list[str]
    policy: str
    cleared_on: date | None
    met_on: date | None
    unmet_at_closing: bool
    alert: str
    child: str
    kind: str
    team: str | None
    agency: str | None
    name: str | None
    says: str
    late: bool
    facts: list[dict[str, Any]]
    answered_on: date | None
    answered_by: dict[str, Any] | None
    going_well: str | None
    challenge: str | None
    action: str | None
    climbed_to: list[dict[str, Any]]
    cleared_by: int | None
    days_late: int | None
    state: str


TABLE = table(
    "alerts",
    Row,
    keys=("plan", "number"),
    indexes=[
        ("state", *ORDER),
        ORDER,
        ("team", "raised_on"),
        ("obligation", "raised_on"),
        ("state", "unmet_at_closing", "obligation", "team", "agency", "raised_on", "answered_on"),
        ("state", "unmet_at_closing", "plan", "raised_on", "obligation"),
    ],
)


def rows(file: RunningPlan) -> Iterator[Row]:
    """Make a row for each alert that was raised on a plan, and for each time it climbed."""
    waiting = Waiting(file.history)
    for alert in file.alerts:
        raised = _raised(file, alert, waiting)
        yield raised
        for climb in alert.climbs():
            yield _climbed(raised, alert, climb)


def _raised(file: RunningPlan, alert: ToldAlert, waiting: Waiting) -> Row:
    raised, cleared, answer = alert.raised, alert.cleared, alert.answer
    obligation = BY_CODE[raised.obligation]
    owes = waiting.waits_for(raised.obligation, raised.about)
    by = answer.entry.by if answer else None
    said = answer.event if answer else None
    return Row(
        plan=file.plan,
        number=alert.number,
        raised_on=raised.on,
        obligation=raised.obligation,
        finding=obligation.finding,
        about=raised.about,
        due_on=raised.due_on,
        because=list(raised.because),
        told=list(raised.told),
        policy=raised.policy,
        cleared_on=alert.cleared_on,
        met_on=cleared.met_on if cleared else None,
        unmet_at_closing=alert.unmet_at_closing,
        alert=alert.id,
        child=file.child,
        kind=file.kind.value,
        team=waiting.team,
        agency=owes.agency,
        name=owes.name,
        says=obligation.says,
        late=raised.late,
        facts=list(_facts(file, raised.because)),
        answered_on=said.on if said else None,
        answered_by={"name": by.name, "agency": by.agency, "role": by.role.value} if by else None,
        going_well=said.going_well if said else None,
        challenge=said.challenge if said else None,
        action=said.action if said else None,
        climbed_to=[
            {"on": event.on, "due_on": event.due_on, "to": list(event.to)}
            for _, event in alert.climbed
        ],
        cleared_by=cleared.by_entry if cleared else None,
        days_late=cleared.days_late if cleared else None,
        state=CLEARED if cleared else OPEN,
    )


def _climbed(raised: Row, alert: ToldAlert, climb: ToldClimb) -> Row:
    event, answer = climb.event, alert.answer
    late = max(0, (climb.met_on - event.due_on).days) if climb.met_on else None
    return raised._replace(
        number=climb.number,
        raised_on=event.on,
        obligation=ALERT_ANSWERED.code,
        finding=ALERT_ANSWERED.finding,
        about=alert.id,
        due_on=event.due_on,
        told=list(event.to),
        policy=event.policy,
        cleared_on=climb.cleared_on,
        met_on=climb.met_on,
        unmet_at_closing=alert.unmet(climb.cleared_on, event.due_on),
        says=ALERT_ANSWERED.says,
        late=False,
        climbed_to=[],
        cleared_by=answer.entry.number if answer else raised.cleared_by,
        days_late=late,
        state=CLEARED if climb.cleared_on else OPEN,
    )


def _facts(file: RunningPlan, because: Iterable[int]) -> Iterator[dict[str, Any]]:
    for number in because:
        if entry := file.entries.get(number):
            event = file.counts[number] or entry.event
            yield {"entry": number, "on": event.on, "told": file.sentence(number)}


def listed(
    reading: Reading,
    *,
    today: date,
    open_only: bool = True,
    team: str | None = None,
    agency: str | None = None,
    obligation: str | None = None,
    plan: str | None = None,
    child: str | None = None,
    open_for: int | None = None,
    unmet_at_closing: bool | None = None,
    wanted: Slice = FIRST,
) -> Page:
    """List alerts and climbs, the longest open first; ``days_open`` is as of today."""
    only = where(TABLE, team=team, agency=agency, obligation=obligation, plan=plan, child=child)
    only += where(TABLE, unmet_at_closing=unmet_at_closing, state=OPEN if open_only else None)
    if open_for is not None:
        only.append(TABLE.c.raised_on <= today - timedelta(days=open_for))
    found = page(reading, TABLE, only, ORDER, wanted)
    for row in found.rows:
        row["days_open"] = ((row["cleared_on"] or today) - row["raised_on"]).days
    return found


def open_by_rule(reading: Reading) -> dict[str, int]:
    """Count the open alerts and climbs by obligation."""
    query = reading.of(TABLE, TABLE.c.obligation, func.count()).where(TABLE.c.state == OPEN)
    found = reading.all(query.group_by(TABLE.c.obligation).order_by(TABLE.c.obligation))
    return dict(tuple(row) for row in found)
