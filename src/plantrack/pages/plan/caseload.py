"""For whoever works on plans: the plans that they may see, and where one stands."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from plantrack.domain.rights.actions import MAY, Action
from plantrack.domain.rights.words import Duty
from plantrack.pages.core.layout import AFrame, Frame
from plantrack.pages.core.reader import APlanReader
from plantrack.pages.core.routes import PageRoute
from plantrack.pages.forms import AtHand
from plantrack.pages.plan.filters import ANarrowing
from plantrack.pages.recording.offers import Offers
from plantrack.pages.wording.needs import Line, worded
from plantrack.projections import caseload
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayListPlans, MayReadPlan

router = APIRouter(include_in_schema=False, route_class=PageRoute)

MOST_NEEDS = 3
THEIRS = frozenset({Duty.CHAIR, Duty.SOCIAL_WORKER, Duty.PARTNER_PROFESSIONAL})
"""Whose plans are their own; others see those of a team, an agency or all."""

EMPTY = {
    Duty.CHAIR: "A plan is here once you have opened it, or are named as its chair.",
    Duty.SOCIAL_WORKER: "A plan is here once you have opened it, or are named as working on it.",
    Duty.TEAM_MANAGER: "A plan is here once your team holds it, or one of you works on it.",
    Duty.PARTNER_PROFESSIONAL: "A plan is here once you are named as one of the people on it.",
    Duty.PARTNER_LEAD: "A plan is here once your agency is on it.",
    Duty.INSPECTOR: "A plan is here once a warrant of yours holds for it.",
}
"""What an empty list would hold, and since when, for each role."""

EMPTY_FOR_ALL = "A plan is here once somebody has opened it."


@router.get("/plans")
async def list_plans(
    asker: MayListPlans, narrowing: ANarrowing, reader: APlanReader, frame: AFrame
) -> Response:
    """Show the plans that somebody may see."""
    told = None
    if not narrowing.faults:
        asked = narrowing.asked
        told = await reader.lines(asker, "plans", caseload.listed, today=reader.today, **asked)
    duty = asker.subject.post.duty
    return frame.page(
        "plans/plans.html",
        title="Your plans" if duty in THEIRS else "Plans",
        subject=asker.subject,
        status=422 if narrowing.faults else 200,
        wrong=bool(narrowing.faults),
        told=told,
        narrowing=narrowing,
        teams=narrowing.teams(asker, reader.services),
        today=reader.today.isoformat(),
        may_open=duty in MAY[Action.OPEN_PLAN].duties,
        theirs=duty in THEIRS,
        empty=EMPTY.get(duty, EMPTY_FOR_ALL),
    )


@router.get("/plans/{plan}")
async def show_plan(
    asker: MayReadPlan,
    plan: q.PlanName,
    reader: APlanReader,
    frame: AFrame,
    recorded: int | None = None,
) -> Response:
    """Show where a plan stands, and what needs somebody now."""
    at_hand = await reader.plan(asker, plan, "workspace")
    now, soon = needed(at_hand, asker)
    return show_part(
        frame,
        asker,
        "plans/overview.html",
        f"Plan {plan}",
        at_hand,
        now=now[:MOST_NEEDS],
        others=len(now[MOST_NEEDS:]),
        soon=soon[:1],
        recorded=recorded,
    )


@router.get("/plans/{plan}/needs")
async def list_needs(
    asker: MayReadPlan, plan: q.PlanName, reader: APlanReader, frame: AFrame
) -> Response:
    """Show everything that is owed on a plan."""
    at_hand = await reader.plan(asker, plan, "needs")
    now, soon = needed(at_hand, asker)
    title = f"What is owed on plan {plan}"
    return show_part(frame, asker, "plans/needs.html", title, at_hand, now=now, soon=soon)


def show_part(
    frame: Frame, asker: Asker, template: str, title: str, plan: AtHand, **about: Any
) -> Response:
    """Draw a page about one plan, with what its reader may do there."""
    offers = Offers(asker.subject, plan)
    return frame.page(
        template, title=title, subject=asker.subject, plan=plan, offers=offers, **about
    )


def needed(plan: AtHand, asker: Asker) -> tuple[list[Line], list[Line]]:
    """Word what is owed now and what will be, what waits for the reader's own agency first."""
    child = (plan["person"]["given_names"] or "the child").split()[0]
    child = child if plan["person"]["given_names"] else "the child"
    lines = [(need["now"], worded(need, child)) for need in plan["needs"]]
    own = asker.subject.post.agency
    now, soon = ([line for is_now, line in lines if is_now is which] for which in (True, False))
    return sorted(now, key=lambda line: own not in line.agencies), soon
