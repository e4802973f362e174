"""For managers: where every plan stands, what is owed, and what has been raised."""

from fastapi import APIRouter

from plantrack.api import contract
from plantrack.projections import actions, alerts, caseload, decisions, due
from plantrack.web import parameters as q
from plantrack.web.authorise import MayListDue, MayListPlans
from plantrack.web.lists import ALists
from plantrack.web.media import Json

router = APIRouter(prefix="/api", tags=["managers"])


@router.get("/plans", **contract.a_page("CaseloadPage"))
async def list_plans(
    asker: MayListPlans,
    lists: ALists,
    team: q.Team = None,
    agency: q.Agency = None,
    kind: q.Kind = None,
    child: q.Child = None,
    family: q.Family = None,
    ended: q.Ended = None,
) -> Json:
    """List the plans, in the order opened."""
    asked = {"team": team, "agency": agency, "kind": kind, "child": child, "family": family}
    return await lists.show_as_of_today(asker, "plans", caseload.listed, ended=ended, **asked)


@router.get("/alerts", **contract.a_page("AlertPage"))
async def list_alerts(
    asker: MayListDue,
    lists: ALists,
    team: q.Team = None,
    agency: q.Agency = None,
    rule: q.Rule = None,
    plan: q.OnPlan = None,
    child: q.Child = None,
    age: q.Age = None,
    state: q.State = "open",
) -> Json:
    """List the alerts, the longest open first."""
    asked = {"team": team, "agency": agency, "obligation": rule, "plan": plan, "child": child}
    return await lists.show_as_of_today(
        asker, "alerts", alerts.listed, open_only=state == "open", open_for=age, **asked
    )


@router.get("/due", **contract.a_page("DuePage"))
async def list_due(
    asker: MayListDue,
    lists: ALists,
    team: q.Team = None,
    agency: q.Agency = None,
    rule: q.Rule = None,
    plan: q.OnPlan = None,
    by: q.By = None,
    overdue_for: q.OverdueFor = None,
) -> Json:
    """List what is owed on all plans, the longest due first."""
    asked = {"team": team, "agency": agency, "obligation": rule, "plan": plan}
    return await lists.show_as_of_today(
        asker, "due", due.listed, by=by, overdue_for=overdue_for, **asked
    )


@router.get("/actions", **contract.a_page("ActionPage"))
async def list_actions(
    asker: MayListPlans,
    lists: ALists,
    team: q.Team = None,
    agency: q.Agency = None,
    overdue: q.Overdue = None,
) -> Json:
    """List the actions of all plans, by the day they are due."""
    return await lists.show_as_of_today(
        asker, "actions", actions.listed, team=team, agency=agency, overdue=overdue
    )


@router.get("/decisions", **contract.a_page("DecisionPage"))
async def list_decisions(
    asker: MayListPlans, lists: ALists, team: q.Team = None, single_agency: q.SingleAgency = None
) -> Json:
    """List the decisions on all plans, and whether one agency stood alone."""
    return await lists.show(
        asker, "decisions", decisions.listed, team=team, single_agency=single_agency
    )
