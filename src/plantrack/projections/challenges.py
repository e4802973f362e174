"""Challenges between agencies and requests for supervision, each followed to its end."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.events import (
    ChallengeAnswered,
    ChallengeClimbed,
    ChallengeRaised,
    ChallengeResolved,
    DecisionMade,
    PositionTaken,
    SupervisionHeld,
    SupervisionRequested,
)
from plantrack.domain.events.entries import Fact
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.obligations.clocks import Obligation, Run
from plantrack.domain.obligations.decisions import LAST_STAGE_WITH_A_LIMIT
from plantrack.domain.obligations.owners import team as team_of
from plantrack.domain.plans.history import History, first_from
from plantrack.projections.paging import FIRST, Page, Slice, page, where
from plantrack.projections.store import Reading
from plantrack.projections.tables import COMMON, Kinds, table

ORDER = ("on", "plan", "sort", "name")
CHALLENGE, SUPERVISION = "challenge", "supervision"
OPEN, CLOSED = "open", "closed"
STAGE = BY_CODE["challenge-answered"]
HELD = BY_CODE["supervision-held"]
ANSWERED = BY_CODE["recommendation-answered"]
READS: Kinds = frozenset(
    {
        *COMMON,
        ChallengeRaised,
        ChallengeAnswered,
        ChallengeClimbed,
        ChallengeResolved,
        SupervisionRequested,
        SupervisionHeld,
        DecisionMade,
        PositionTaken,
    }
)


class Row(NamedTuple):
    """One challenge or one request for supervision, ``sort`` says which.

    A challenge has ``stages`` and is closed when it is resolved. Supervision has
    ``recommendations`` and is closed when it was held and two groups of agencies have answered
    each. ``due_on`` is the day by which the next thing must follow.
    """

    plan: str
    sort: str
    name: str
    on: date
    child: str
    kind: str
    team: str | None
    by_agency: str | None
    to_agency: str | None
    about: str | None
    says: str | None
    state: str
    due_on: date | None
    stage: int | None
    stages: list[dict[str, Any]]
    resolved_on: date | None
    outcome: str | None
    held_on: date | None
    challenge: str | None
    agencies: list[str]
    actions: list[str]
    recommendations: list[dict[str, Any]]


TABLE = table("chains", Row, keys=("plan", "sort", "name"), indexes=[ORDER, ("state", *ORDER)])


def rows(file: RunningPlan) -> Iterator[Row]:
    """Make a row for each challenge and each request for supervision on a plan."""
    history = file.history
    for name in file.names(ChallengeRaised):
        yield _challenge(file, history.of(ChallengeRaised, name)[0])
    for name in file.names(SupervisionRequested, SupervisionHeld):
        yield _supervision(file, name)


def _challenge(file: RunningPlan, raised: Fact[ChallengeRaised]) -> Row:
    history, event = file.history, raised.event
    stages = list(_stages(history, raised))
    resolved = next(iter(history.of(ChallengeResolved, event.challenge)), None)
    waiting = [each["due_on"] for each in stages if each["waiting"]]
    return Row(
        plan=file.plan,
        sort=CHALLENGE,
        name=event.challenge,
        on=raised.on,
        child=file.child,
        kind=file.kind.value,
        team=team_of(history),
        by_agency=event.by_agency,
        to_agency=event.to_agency,
        about=event.about,
        says=event.concern,
        state=CLOSED if resolved else OPEN,
        due_on=min(waiting, default=None),
        stage=max(each["stage"] for each in stages),
        stages=stages,
        resolved_on=resolved.on if resolved else None,
        outcome=resolved.event.outcome if resolved else None,
        held_on=None,
        challenge=None,
        agencies=list(resolved.event.agencies) if resolved else [],
        actions=list(resolved.event.actions) if resolved else [],
        recommendations=[],
    )


def _stages(history: History, raised: Fact[ChallengeRaised]) -> Iterator[dict[str, Any]]:
    """Tell each stage: its limit, its answer, and when it climbed (R60, R69)."""
    name = raised.event.challenge
    climbs = history.of(ChallengeClimbed, name)
    starts = [(1, raised.on), *((climb.event.stage, climb.on) for climb in climbs)]
    running = {run.start.on for run in STAGE.runs(history, name) if run.stop is None}
    for stage, on in starts:
        case = f"stage_{min(stage, LAST_STAGE_WITH_A_LIMIT)}"
        answers = first_from(history.of(ChallengeAnswered, name), on)
        answer = next((fact for fact in answers if fact.event.stage == stage), None)
        yield {
            "stage": stage,
            "on": on,
            "due_on": history.policies.due(STAGE.code, case, on, on),
            "answered_on": answer.on if answer else None,
            "answer": answer.event.answer if answer else None,
            "settled": answer.event.settled if answer else None,
            "climbed_on": next((c.on for c in climbs if c.event.stage > stage), None),
            "waiting": on in running,
        }


def _supervision(file: RunningPlan, name: str) -> Row:
    history = file.history
    asked = next(iter(history.of(SupervisionRequested, name)), None)
    held = next(iter(history.of(SupervisionHeld, name)), None)
    advice = list(_recommendations(history, held)) if held else []
    waiting = [each["due_on"] for each in advice if each["answered_on"] is None]
    if asked and not held:
        waiting = [_due(HELD, history, run) for run in HELD.runs(history, name) if not run.stop]
    first = asked or held
    return Row(
        plan=file.plan,
        sort=SUPERVISION,
        name=name,
        on=first.on if first else date.min,
        child=file.child,
        kind=file.kind.value,
        team=team_of(history),
        by_agency=asked.event.by_agency if asked else None,
        to_agency=None,
        about=None,
        says=asked.event.why if asked else None,
        state=CLOSED if held and not waiting else OPEN,
        due_on=min(waiting, default=None),
        stage=None,
        stages=[],
        resolved_on=None,
        outcome=None,
        held_on=held.on if held else None,
        challenge=held.event.challenge if held else None,
        agencies=list(held.event.agencies) if held else [],
        actions=[],
        recommendations=advice,
    )


def _recommendations(history: History, held: Fact[SupervisionHeld]) -> Iterator[dict[str, Any]]:
    for name, what in held.event.recommendations.items():
        runs = [run for run in ANSWERED.runs(history, name) if run.start is held]
        answered = runs[0].stop if runs else None
        yield {
            "recommendation": name,
            "what": what,
            "due_on": _due(ANSWERED, history, runs[0]) if runs else None,
            "answered_on": answered.on if answered else None,
            "decisions": list(_decisions(history, name)),
        }


def _decisions(history: History, recommendation: str) -> Iterator[dict[str, Any]]:
    """Tell the decisions that answer a recommendation, and whether two groups stand behind each."""
    for made in history.of(DecisionMade):
        if recommendation in made.event.answers:
            yield {
                "decision": made.event.decision,
                "on": made.on,
                "what": made.event.what,
                "departs": made.event.departs,
                "shared": history.shared_by(made.event.decision) is not None,
            }


def _due(row: Obligation, history: History, run: Run) -> date:
    return row.clock(history, run).due_on


def listed(
    reading: Reading,
    *,
    plan: str | None = None,
    child: str | None = None,
    team: str | None = None,
    agency: str | None = None,
    sort: str | None = None,
    state: str | None = None,
    wanted: Slice = FIRST,
) -> Page:
    """List challenges and supervision by the day they began; ``agency`` asked or is asked."""
    only = where(TABLE, plan=plan, child=child, team=team, sort=sort, state=state)
    if agency is not None:
        only.append((TABLE.c.by_agency == agency) | (TABLE.c.to_agency == agency))
    return page(reading, TABLE, only, ORDER, wanted)
