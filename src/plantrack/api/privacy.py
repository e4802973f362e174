"""For privacy officers, and for inspectors in their warrant: who looked, and was it right."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query

from plantrack.access_log import patterns, queries
from plantrack.access_log.unusual import Thresholds
from plantrack.api import contract
from plantrack.application.command_guard import refuse
from plantrack.application.services import Services
from plantrack.domain.calendar import LONDON
from plantrack.domain.redaction.clearance import WITHHELD
from plantrack.domain.rights.actions import Action
from plantrack.domain.rights.authorise import Because
from plantrack.domain.rights.state import Glass, Rights
from plantrack.domain.rights.words import Duty
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MaySeeEmergencies, MaySeeLooks, MaySeePatterns
from plantrack.web.dependencies import AReader, AServices
from plantrack.web.media import Json, answer
from plantrack.web.problems import Problem
from plantrack.web.who import ASources

router = APIRouter(prefix="/api", tags=["privacy"])

LISTS = frozenset({"plans", "alerts", "due", "actions", "decisions", "family"})
"""Pages of lists: whoever opens one looks at all of its plans at once, day after day."""

LONGEST_SPAN = timedelta(days=93)
MANY_DAYS = "Ask about at most 93 days at once, “since” before “until”."

UNKNOWN = {"plan": None, "reason": WITHHELD}
"""What is told of emergency access to a plan that does not exist for whoever asks."""

WhoIsIt = Annotated[
    str | None, q.called("id"), Query(description="Only what this person looked at.")
]
Since = Annotated[Any, q.Day, Query(description="From this day on.")]
Until = Annotated[Any, q.Day, Query(description="Up to this day.")]
After = Annotated[int | None, q.whole(1, 2**63 - 1), Query(description="The “next” of the page.")]


@router.get(
    "/looked",
    **contract.answers("LookedPage", (*contract.SIGNED_IN, 403, 404, 429)),
)
async def list_looked(
    asker: MaySeeLooks,
    sources: ASources,
    services: AServices,
    read: AReader,
    child: q.Child = None,
    plan: q.OnPlan = None,
    person: WhoIsIt = None,
    agency: q.Agency = None,
    since: Since = None,
    until: Until = None,
    after: After = None,
    limit: q.Limit = 50,
) -> Json:
    """List who looked at plans, the latest first; an inspector asks about one of the warrant."""
    if asker.subject.post.duty is Duty.INSPECTOR:
        await read(partial(_refuse_beyond_warrant, services, asker, plan, child, person))
    page = await read(
        lambda: queries.looked(
            sources.access,
            child=child,
            plan=plan,
            person=person,
            agency=agency,
            since=since and first_moment(since),
            until=until and first_moment(until + timedelta(days=1)),
            after=after,
            limit=limit,
        )
    )
    look = await read(services.authoriser.look)
    rows = [
        each
        for each in page.rows
        if not look.rights.conflicted(asker.subject.person, each.looked.plan, each.looked.child)
    ]
    items = [{"position": each.position, **each.looked._asdict()} for each in rows]
    return answer({"items": items, "next": page.next})


@router.get(
    "/looked/patterns",
    **contract.answers("Patterns", (*contract.SIGNED_IN, 400, 403)),
)
async def list_patterns(
    asker: MaySeePatterns,
    sources: ASources,
    services: AServices,
    read: AReader,
    since: Since = None,
    until: Until = None,
) -> Json:
    """List what was unusual in who looked at what, of the last week if no days are named."""
    last = until or services.today()
    first = since or last - timedelta(days=7)
    if not timedelta(0) <= last - first <= LONGEST_SPAN:
        raise Problem(400, MANY_DAYS, parameter="since")
    limits = Thresholds(not_counted=LISTS)
    found = await read(lambda: patterns.patterns(sources.access, first, last, limits))
    return answer({"patterns": found})


@router.get("/emergency-access", **contract.answers("EmergencyAccesses", contract.SIGNED_IN))
async def list_emergency_access(
    asker: MaySeeEmergencies, services: AServices, read: AReader
) -> Json:
    """List emergency accesses, those that wait for a review first."""
    return answer({"items": await read(partial(_glasses, services, asker))})


def first_moment(day: date) -> datetime:
    """Give the moment at which a day begins in London."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def _refuse_beyond_warrant(
    services: Services, asker: Asker, plan: str | None, child: str | None, person: str | None
) -> None:
    if plan is None or child is not None or person is not None:
        raise Problem(403, "Name in “plan” one plan of your warrant, and nothing else.")
    decision, _, _ = services.authoriser.decide(asker.subject, Action.READ_PLAN, plan)
    refuse(decision, plan)


def _glasses(services: Services, asker: Asker) -> list[dict[str, Any]]:
    """Tell of every emergency access; the plan only to whoever may know that there is one."""
    rights = services.authoriser.look().rights
    glasses = list(rights.glasses.values())
    glasses.sort(key=lambda each: (each.reviewed is not None, each.broken_at))
    told = [_glass(rights, each, services) for each in glasses]
    return [each if _may_know(services, asker, each["plan"]) else each | UNKNOWN for each in told]


def _may_know(services: Services, asker: Asker, plan: str) -> bool:
    """Whether somebody may know of a plan: a privacy officer of all but where they have a tie."""
    decision, _, _ = services.authoriser.decide(asker.subject, Action.READ_PLAN, plan)
    all_others = asker.subject.post.duty is Duty.PRIVACY_OFFICER
    return decision.allow or (all_others and decision.because is not Because.CONFLICT)


def _glass(rights: Rights, glass: Glass, services: Services) -> dict[str, Any]:
    person = rights.people[glass.person]
    reviewed = glass.reviewed
    return {
        "glass": glass.glass,
        "plan": glass.plan,
        "person": glass.person,
        "name": person.name,
        "agency": person.agency,
        "ground": glass.ground.value,
        "reason": glass.reason,
        "broken_at": glass.broken_at,
        "until": glass.until,
        "review_by": glass.review_by,
        "overdue": reviewed is None and glass.review_by < services.today(),
        "climbed": glass.climbed,
        "reviewed": reviewed and {"justified": reviewed.justified, "reason": reviewed.reason},
    }
