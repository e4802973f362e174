"""Every action of every plan: how often it slipped, and at which meetings it was passed over."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import func

from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.events import (
    ActionAgreed,
    ActionCompleted,
    ActionEnded,
    ActionReassigned,
    ActionRescheduled,
    ActionReviewed,
    MeetingHeld,
)
from plantrack.domain.events.entries import Fact
from plantrack.domain.obligations.actions import (
    action_names,
    action_spoken_to,
    agreement,
    closed_by,
)
from plantrack.domain.obligations.owners import action_owner
from plantrack.domain.obligations.owners import team as team_of
from plantrack.domain.obligations.reading import precedes
from plantrack.domain.plans.history import AnyFact, History
from plantrack.domain.words import DispositionKind
from plantrack.projections.paging import FIRST, Only, Page, Slice, page, where
from plantrack.projections.store import Reading
from plantrack.projections.tables import COMMON, Kinds, table

ORDER = ("due_on", "plan", "action")
OPEN, COMPLETED, ENDED, CARRIED, LEFT = "open", "completed", "ended", "carried", "left"
ABOUT = (
    ActionAgreed,
    ActionReviewed,
    ActionRescheduled,
    ActionReassigned,
    ActionCompleted,
    ActionEnded,
)
OTHERS: Kinds = COMMON | {MeetingHeld}
READS: Kinds = frozenset({*OTHERS, *ABOUT})


class Row(NamedTuple):
    """One action, agreed on this plan or carried over to it.

    ``state`` is open, completed or ended; where the plan ended before the action did, carried
    (it goes on elsewhere) or left, and ``left_as`` says what the ending decided and why.
    ``meetings`` are those that should have spoken to it, each with whether it did.
    """

    plan: str
    action: str
    child: str
    kind: str
    team: str | None
    what: str
    outcome: str | None
    agency: str | None
    name: str | None
    agreed_on: date
    first_due_on: date
    due_on: date
    slips: list[dict[str, Any]]
    times_slipped: int
    carried: bool
    state: str
    left_as: dict[str, Any] | None
    reviews: int
    last_reviewed_on: date | None
    difference: str | None
    done_on: date | None
    meetings: list[dict[str, Any]]
    times_passed_over: int


TABLE = table(
    "actions",
    Row,
    keys=("plan", "action"),
    indexes=[
        ORDER,
        ("state", *ORDER),
        ("team", "state", *ORDER),
        ("agency", "state", *ORDER),
    ],
)


class Standing(NamedTuple):
    """How one action stands: the facts that moved it and the one that closed it, and its state."""

    action: str
    moves: tuple[Fact[ActionRescheduled], ...]
    closed: AnyFact | None
    state: str


def standings(file: RunningPlan) -> list[Standing]:
    """Say how each action of a plan stands."""
    return file.kept("standings", READS, lambda: list(_standings(file.history)))


def _standings(history: History) -> Iterator[Standing]:
    if history.opening is None:
        return
    carried = {each.action: each for each in history.before.carried}
    for action in sorted(action_names(history)):
        agreed = agreement(history, action)
        if agreed is None:
            continue
        here = action not in carried or agreed is not carried[action].agreed
        start: AnyFact = agreed if here else history.opening
        before = () if here else carried[action].moves
        later = history.of(ActionRescheduled, action)
        moves = (*before, *(fact for fact in later if precedes(start, fact)))
        closed = closed_by(history, action, start)
        yield Standing(action, moves, closed, _state(history, action, closed))


def _state(history: History, action: str, closed: AnyFact | None) -> str:
    if closed:
        return COMPLETED if isinstance(closed.event, ActionCompleted) else ENDED
    if history.ending is None:
        return OPEN
    left = history.ending.event.open_actions.get(action)
    return CARRIED if left and left.disposition is DispositionKind.CARRIED else LEFT


def rows(file: RunningPlan) -> Iterator[Row]:
    """Make a row for each action of a plan."""
    held_by = team_of(file.history)
    for standing in standings(file):
        make = partial(_row, file, standing, held_by)
        if row := file.kept_about("actions", standing.action, ABOUT, OTHERS, make):
            yield row


def _row(file: RunningPlan, standing: Standing, held_by: str | None) -> Row | None:
    history, action = file.history, standing.action
    agreed, owner = agreement(history, action), action_owner(history, action)
    if agreed is None:
        return None
    moves, closed = standing.moves, standing.closed
    reviews = history.of(ActionReviewed, action)
    meetings = list(_meetings(history, action))
    ending = history.ending.event if history.ending and not closed else None
    left = ending.open_actions.get(action) if ending else None
    return Row(
        plan=file.plan,
        action=action,
        child=file.child,
        kind=file.kind.value,
        team=held_by,
        what=agreed.event.what,
        outcome=agreed.event.outcome,
        agency=owner.agency if owner else None,
        name=owner.name if owner else None,
        agreed_on=agreed.on,
        first_due_on=agreed.event.due_on,
        due_on=moves[-1].event.due_on if moves else agreed.event.due_on,
        slips=[{"on": f.on, "due_on": f.event.due_on, "reason": f.event.reason} for f in moves],
        times_slipped=len(moves),
        carried=not history.of(type(agreed.event), action),
        state=standing.state,
        left_as={"as": left.disposition.value, "reason": left.reason} if left else None,
        reviews=len(reviews),
        last_reviewed_on=reviews[-1].on if reviews else None,
        difference=reviews[-1].event.difference.value if reviews else None,
        done_on=closed.on if closed else None,
        meetings=meetings,
        times_passed_over=sum(not meeting["reviewed"] for meeting in meetings),
    )


def _meetings(history: History, action: str) -> Iterator[dict[str, Any]]:
    """Give the meetings that should have spoken to the action, and whether they did (R33)."""
    for run in action_spoken_to(history, action):
        meeting, spoken = run.start.event, run.stop
        if not isinstance(meeting, MeetingHeld):
            continue
        named = spoken is not None and getattr(spoken.event, "meeting", None) == meeting.meeting
        if spoken and spoken.on < run.start.on and not named:
            continue
        yield {
            "meeting": meeting.meeting,
            "on": run.start.on,
            "type": meeting.type.value,
            "reviewed": spoken is not None and (named or spoken.on == run.start.on),
            "spoken_to_on": spoken.on if spoken else None,
        }


def listed(
    reading: Reading,
    *,
    today: date,
    plan: str | None = None,
    child: str | None = None,
    team: str | None = None,
    agency: str | None = None,
    state: str | None = None,
    overdue: bool | None = None,
    wanted: Slice = FIRST,
) -> Page:
    """List actions by the day they are due; ``overdue`` and ``days_overdue`` are as of today."""
    only = where(TABLE, plan=plan, child=child, team=team, agency=agency, state=state)
    if overdue is not None:
        only += _overdue(today) if overdue else _not_overdue(today)
    found = page(reading, TABLE, only, ORDER, wanted)
    for row in found.rows:
        row["overdue"] = row["state"] == OPEN and row["due_on"] < today
        row["days_overdue"] = (today - row["due_on"]).days if row["overdue"] else 0
    return found


def overdue_by_plan(reading: Reading, plans: Iterable[str], today: date) -> dict[str, int]:
    """Count the overdue actions of some plans; a plan without any is left out."""
    query = reading.of(TABLE, TABLE.c.plan, func.count()).where(
        TABLE.c.plan.in_(list(plans)), *_overdue(today)
    )
    return dict(tuple(row) for row in reading.all(query.group_by(TABLE.c.plan)))


def _overdue(today: date) -> Only:
    return [TABLE.c.state == OPEN, TABLE.c.due_on < today]


def _not_overdue(today: date) -> Only:
    return [(TABLE.c.state != OPEN) | (TABLE.c.due_on >= today)]
