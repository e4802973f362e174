"""Contact with the child and the family, made and missed: one row each time."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.events import ChildSeen, ContactMissed
from plantrack.domain.events.children import face_to_face
from plantrack.domain.events.entries import Fact
from plantrack.domain.obligations.owners import team as team_of
from plantrack.projections.paging import FIRST, Page, Slice, page, where
from plantrack.projections.store import Reading
from plantrack.projections.tables import COMMON, Kinds, table

ORDER = ("on", "plan", "number")
SEEN, MISSED = "seen", "missed"
READS: Kinds = frozenset({*COMMON, ChildSeen, ContactMissed})


class Row(NamedTuple):
    """One contact. ``sort`` is seen or missed; a telephone or a screen is not ``face_to_face``."""

    plan: str
    number: int
    on: date
    child: str
    team: str | None
    sort: str
    agency: str
    face_to_face: bool
    mode: str | None
    alone: str | None
    where: str | None
    bedroom_seen: bool | None
    statutory: bool | None
    words: str | None
    how_heard: str | None
    with_whom: str | None
    how: str | None
    reason: str | None
    reason_checked_by: str | None


TABLE = table("engagement", Row, keys=("plan", "number"), indexes=[ORDER, ("plan", "on", "number")])


def rows(file: RunningPlan) -> Iterator[Row]:
    """Make a row each time that the child was seen or a contact was missed."""
    history, held_by = file.history, team_of(file.history)
    for seen in history.of(ChildSeen):
        yield _seen(file, seen, held_by)
    for missed in history.of(ContactMissed):
        yield _missed(file, missed, held_by)


def _seen(file: RunningPlan, fact: Fact[ChildSeen], held_by: str | None) -> Row:
    event = fact.event
    return Row(
        plan=file.plan,
        number=fact.number,
        on=fact.on,
        child=file.child,
        team=held_by,
        sort=SEEN,
        agency=event.by_agency,
        face_to_face=face_to_face(event),
        mode=event.mode.value,
        alone=event.alone.value,
        where=event.where,
        bedroom_seen=event.bedroom_seen,
        statutory=event.statutory,
        words=event.words,
        how_heard=event.how_heard,
        with_whom=None,
        how=None,
        reason=None,
        reason_checked_by=None,
    )


def _missed(file: RunningPlan, fact: Fact[ContactMissed], held_by: str | None) -> Row:
    event = fact.event
    return Row(
        plan=file.plan,
        number=fact.number,
        on=fact.on,
        child=file.child,
        team=held_by,
        sort=MISSED,
        agency=event.agency,
        face_to_face=False,
        mode=None,
        alone=None,
        where=None,
        bedroom_seen=None,
        statutory=None,
        words=None,
        how_heard=None,
        with_whom=event.with_,
        how=event.how.value,
        reason=event.reason_given,
        reason_checked_by=event.reason_checked_by,
    )


def listed(
    reading: Reading,
    *,
    plan: str | None = None,
    child: str | None = None,
    team: str | None = None,
    agency: str | None = None,
    sort: str | None = None,
    since: date | None = None,
    until: date | None = None,
    newest_first: bool = True,
    wanted: Slice = FIRST,
) -> Page:
    """List contacts by day, the newest first or the oldest first."""
    only = where(TABLE, plan=plan, child=child, team=team, agency=agency, sort=sort)
    if since is not None:
        only.append(TABLE.c.on >= since)
    if until is not None:
        only.append(TABLE.c.on <= until)
    return page(reading, TABLE, only, ORDER, wanted, newest_first=newest_first)
