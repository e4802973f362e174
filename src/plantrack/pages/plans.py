"""For whoever works on plans: the plans that are theirs, and one plan's workspace."""

from fastapi import APIRouter
from fastapi.responses import Response

from plantrack.api import questions as q
from plantrack.api.allowing import MayListPlans, MayReadPlan
from plantrack.pages.frame import AFrame
from plantrack.pages.page_routes import PageRoute
from plantrack.pages.sight import ASight
from plantrack.projections import caseload

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/plans")
async def list_plans(
    asker: MayListPlans, sight: ASight, frame: AFrame, ended: q.Ended = None
) -> Response:
    """Show the plans that somebody may see."""
    told = await sight.lines(asker, "plans", caseload.listed, today=sight.today, ended=ended)
    return frame.page("plans/plans.html", title="Your plans", subject=asker.subject, told=told)


@router.get("/plans/{plan}")
async def show_plan(
    asker: MayReadPlan, plan: q.PlanName, sight: ASight, frame: AFrame, recorded: int | None = None
) -> Response:
    """Show where a plan stands, and what needs somebody now."""
    at_hand = await sight.plan(asker, plan, "workspace")
    return frame.page(
        "plans/overview.html",
        title=f"Plan {plan}",
        subject=asker.subject,
        plan=at_hand,
        recorded=recorded,
    )
