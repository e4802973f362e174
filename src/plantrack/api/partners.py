"""For all agencies around a child: what one plan holds, list by list."""

from datetime import date

from fastapi import APIRouter

from plantrack.api import contract
from plantrack.projections import (
    actions,
    challenges,
    decisions,
    due,
    engagement,
    information,
    meetings,
)
from plantrack.projections import family as kin
from plantrack.projections.paging import Page, Slice
from plantrack.projections.store import Reading
from plantrack.web import parameters as q
from plantrack.web.authorise import MayListPlans, MayReadPlan
from plantrack.web.lists import ALists, cut
from plantrack.web.media import Json
from plantrack.web.problems import Problem

router = APIRouter(prefix="/api", tags=["partners"])


@router.get("/plans/{plan}/due", **contract.a_page_of_plan("DuePage"))
async def list_due_on_plan(asker: MayReadPlan, plan: q.PlanName, lists: ALists) -> Json:
    """List what is owed on a plan, the longest due first."""
    return await lists.show_of_plan(
        asker, "due", plan, due.listed, today=lists.today, unmet_at_closing=None
    )


@router.get("/plans/{plan}/actions", **contract.a_page_of_plan("ActionPage"))
async def list_actions_of_plan(asker: MayReadPlan, plan: q.PlanName, lists: ALists) -> Json:
    """List a plan's actions: how often each slipped, and which meetings passed it over."""
    return await lists.show_of_plan(asker, "actions", plan, actions.listed, today=lists.today)


@router.get("/plans/{plan}/decisions", **contract.a_page_of_plan("DecisionPage"))
async def list_decisions_of_plan(asker: MayReadPlan, plan: q.PlanName, lists: ALists) -> Json:
    """List a plan's decisions, and where each agency stood."""
    return await lists.show_of_plan(asker, "decisions", plan, decisions.listed)


@router.get("/plans/{plan}/information", **contract.a_page_of_plan("InformationPage"))
async def list_information(asker: MayReadPlan, plan: q.PlanName, lists: ALists) -> Json:
    """List what was shared on a plan: who was told, who was not, and why."""
    return await lists.show_of_plan(asker, "information", plan, information.listed)


@router.get("/plans/{plan}/engagement", **contract.a_page_of_plan("EngagementPage"))
async def list_engagement(asker: MayReadPlan, plan: q.PlanName, lists: ALists) -> Json:
    """List the contacts with a child and the family, those that failed too."""
    return await lists.show_of_plan(asker, "engagement", plan, engagement.listed)


@router.get("/plans/{plan}/challenges", **contract.a_page_of_plan("ChallengePage"))
async def list_challenges(asker: MayReadPlan, plan: q.PlanName, lists: ALists) -> Json:
    """List the challenges between agencies on a plan, and what came of each."""
    return await lists.show_of_plan(asker, "challenges", plan, challenges.listed)


@router.get("/plans/{plan}/meetings", **contract.a_page_of_plan("MeetingPage"))
async def list_meetings(asker: MayReadPlan, plan: q.PlanName, lists: ALists) -> Json:
    """List a plan's meetings: who was there, and whether that was enough."""
    return await lists.show_of_plan(asker, "meetings", plan, meetings.listed)


@router.get("/families/{family}", **contract.a_page_of_plan("FamilyPage"))
async def show_family(asker: MayListPlans, family: q.FamilyName, lists: ALists) -> Json:
    """List the plans of a family's children side by side, with the people linked to each."""
    return await lists.show_as_of_today(asker, "family", _side_by_side, family=family)


def _side_by_side(reading: Reading, *, family: str, today: date, wanted: Slice) -> Page:
    plans = kin.side_by_side(reading, family, today)
    if not plans:
        raise Problem(404, "There is no plan of a child of this family. Check its name.")
    return cut(plans, lambda row: [row["child"], row["opened_on"].isoformat(), row["plan"]], wanted)
