"""Every decision: where each agency stands on it, and whether it stayed within one agency."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.events import DecisionMade, DissentAnswered, PositionTaken
from plantrack.domain.events.entries import Fact
from plantrack.domain.obligations.decisions import dissent_answered
from plantrack.domain.obligations.owners import team as team_of
from plantrack.domain.plans.history import History, first_from
from plantrack.domain.words import TAKEN
from plantrack.projections.paging import FIRST, Page, Slice, holding, page, where
from plantrack.projections.store import Reading
from plantrack.projections.tables import COMMON, Kinds, table

ORDER = ("on", "plan", "decision")
ABOUT = (DecisionMade, PositionTaken, DissentAnswered)
READS: Kinds = frozenset({*COMMON, *ABOUT})


class Row(NamedTuple):
    """One decision.

    ``positions`` holds each agency's latest position, with its reason and its day. That a decision
    stayed within one agency is worked out, never typed. ``awaiting`` are the agencies that were on
    the plan and took no position.
    """

    plan: str
    decision: str
    on: date
    child: str
    kind: str
    team: str | None
    number: int
    what: str
    decision_kind: str
    reason: str
    decided_by: str
    positions: dict[str, dict[str, Any]]
    single_agency: bool
    shared_on: date | None
    awaiting: list[str]
    basis: list[str]
    meeting: str | None
    answers: list[str]
    departs: bool
    dissent: list[dict[str, Any]]
    unanswered_dissent: int


TABLE = table(
    "decisions",
    Row,
    keys=("plan", "decision"),
    indexes=[ORDER, ("single_agency", *ORDER), ("team", *ORDER)],
)


def rows(file: RunningPlan) -> Iterator[Row]:
    """Make a row for each decision on a plan."""
    held_by = team_of(file.history)
    for name in file.names(DecisionMade):
        made = file.history.of(DecisionMade, name)[0]
        yield file.kept_about("decisions", name, ABOUT, COMMON, partial(_row, file, made, held_by))


def _row(file: RunningPlan, made: Fact[DecisionMade], held_by: str | None) -> Row:
    history, event = file.history, made.event
    positions = _positions(history, made)
    shared = history.shared_by(event.decision)
    taken = {agency for agency, stands in positions.items() if stands["position"] in TAKEN}
    dissent = list(_dissent(history, made, positions))
    return Row(
        plan=file.plan,
        decision=event.decision,
        on=made.on,
        child=file.child,
        kind=file.kind.value,
        team=held_by,
        number=made.number,
        what=event.what,
        decision_kind=event.decision_kind.value,
        reason=event.reason,
        decided_by=event.decided_by,
        positions=positions,
        single_agency=shared is None,
        shared_on=shared.on if shared else None,
        awaiting=sorted((history.agencies_on(made.on) | positions.keys()) - taken),
        basis=[basis.value for basis in event.basis],
        meeting=event.meeting,
        answers=list(event.answers),
        departs=event.departs,
        dissent=dissent,
        unanswered_dissent=sum(each["answered_on"] is None for each in dissent),
    )


def _positions(history: History, made: Fact[DecisionMade]) -> dict[str, dict[str, Any]]:
    positions: dict[str, dict[str, Any]] = {
        agency: {"position": stance.position.value, "reason": stance.reason, "on": made.on}
        for agency, stance in made.event.positions.items()
    }
    for later in first_from(history.of(PositionTaken, made.event.decision), made.on):
        said = later.event
        stands = {"position": said.position.value, "reason": said.reason, "on": later.on}
        positions[said.agency] = stands
    return positions


def _dissent(
    history: History, made: Fact[DecisionMade], positions: dict[str, dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Tell each disagreement, and the answer that it was given."""
    for run in dissent_answered(history, made.event.decision):
        agency = run.about.partition("/")[2]
        answer = run.stop.event if run.stop else None
        start = run.start.event
        stance = start.positions[agency] if isinstance(start, DecisionMade) else start
        yield {
            "agency": agency,
            "on": run.start.on,
            "reason": getattr(stance, "reason", None),
            "answered_on": run.stop.on if run.stop else None,
            "answer": answer.answer if isinstance(answer, DissentAnswered) else None,
        }


def listed(
    reading: Reading,
    *,
    plan: str | None = None,
    child: str | None = None,
    team: str | None = None,
    decided_by: str | None = None,
    decision_kind: str | None = None,
    single_agency: bool | None = None,
    awaiting: str | None = None,
    wanted: Slice = FIRST,
) -> Page:
    """List decisions, the newest first; ``awaiting`` is an agency that took no position."""
    only = where(TABLE, plan=plan, child=child, team=team, decided_by=decided_by)
    only += where(TABLE, decision_kind=decision_kind, single_agency=single_agency)
    only += holding(TABLE.c.awaiting, awaiting)
    return page(reading, TABLE, only, ORDER, wanted, newest_first=True)
