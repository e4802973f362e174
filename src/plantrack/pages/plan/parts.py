"""The parts of one plan: its actions, contact with the child, the people, the family."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from plantrack import codec
from plantrack.application import queries
from plantrack.application.services import Services
from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.events import AbsenceExplored, ServiceWithdrawn
from plantrack.domain.plan_view.entries import about, line, story
from plantrack.domain.plans.as_known import see
from plantrack.domain.rights.actions import MAY, Action
from plantrack.pages.core.layout import AFrame
from plantrack.pages.core.reader import NOW, APlanReader
from plantrack.pages.core.routes import NoSuchPage, PageRoute
from plantrack.pages.plan.caseload import show_part
from plantrack.projections import actions, challenges, decisions, engagement, information, meetings
from plantrack.projections import family as kin
from plantrack.projections.paging import Page, Slice
from plantrack.projections.store import Reading
from plantrack.web import parameters as q
from plantrack.web.authorise import MayReadPlan
from plantrack.web.lists import cut

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/plans/{plan}/actions")
async def list_actions(
    asker: MayReadPlan, plan: q.PlanName, reader: APlanReader, frame: AFrame
) -> Response:
    """Show a plan's actions: whose, by when, how often moved, what difference they made."""
    read = rows_of(reader.services, plan, _actions)
    found = await reader.plan(asker, plan, "actions", rows=read)
    return show_part(frame, asker, "plans/actions.html", f"Actions of plan {plan}", found)


@router.get("/plans/{plan}/actions/{action}")
async def show_action(
    asker: MayReadPlan, plan: q.PlanName, action: str, reader: APlanReader, frame: AFrame
) -> Response:
    """Show one action's own story."""
    read = rows_of(
        reader.services, plan, lambda file: [r for r in _actions(file) if r.action == action]
    )
    found = await reader.plan(
        asker, plan, "action", rows=read, story=lambda: _story(reader.services, plan, action)
    )
    if not found["rows"]:
        raise NoSuchPage
    title = f"Action {action} of plan {plan}"
    return show_part(frame, asker, "plans/action.html", title, found, action=found["rows"][0])


@router.get("/plans/{plan}/seen")
async def show_contact(
    asker: MayReadPlan, plan: q.PlanName, reader: APlanReader, frame: AFrame
) -> Response:
    """Show when the child was seen, seen alone and heard, and what was missed."""
    read = rows_of(reader.services, plan, lambda file: [*_newest(engagement.rows(file), "on")])
    found = await reader.plan(
        asker, plan, "seen", rows=read, also=lambda: _explored(reader.services.files().file(plan))
    )
    return show_part(frame, asker, "plans/seen.html", f"Seen and heard on plan {plan}", found)


@router.get("/plans/{plan}/meetings")
async def list_meetings(
    asker: MayReadPlan, plan: q.PlanName, reader: APlanReader, frame: AFrame
) -> Response:
    """Show a plan's meetings: planned, moved, held, reported to, circulated."""
    read = rows_of(reader.services, plan, lambda file: [*_newest(meetings.rows(file), "on")])
    found = await reader.plan(asker, plan, "meetings", rows=read)
    return show_part(frame, asker, "plans/meetings.html", f"Meetings of plan {plan}", found)


@router.get("/plans/{plan}/information")
async def list_information(
    asker: MayReadPlan, plan: q.PlanName, reader: APlanReader, frame: AFrame
) -> Response:
    """Show what was shared: who holds it, who was told, who was not and why, who read it."""
    read = rows_of(reader.services, plan, lambda file: [*_newest(information.rows(file), "on")])
    found = await reader.plan(asker, plan, "information", rows=read)
    return show_part(frame, asker, "plans/information.html", f"Information of plan {plan}", found)


@router.get("/plans/{plan}/decisions")
async def list_decisions(
    asker: MayReadPlan, plan: q.PlanName, reader: APlanReader, frame: AFrame
) -> Response:
    """Show decisions with where each agency stands, challenges, supervision and oversight."""
    read = rows_of(reader.services, plan, lambda file: [*_newest(decisions.rows(file), "on")])
    also = rows_of(reader.services, plan, lambda file: [*_newest(challenges.rows(file), "on")])
    found = await reader.plan(asker, plan, "decisions", rows=read, chains=also)
    return show_part(frame, asker, "plans/decisions.html", f"Decisions of plan {plan}", found)


@router.get("/plans/{plan}/people")
async def list_people(
    asker: MayReadPlan, plan: q.PlanName, reader: APlanReader, frame: AFrame
) -> Response:
    """Show the people and agencies around a child, and how broadly assessments asked."""
    found = await reader.plan(asker, plan, "people")
    return show_part(frame, asker, "plans/people.html", f"People on plan {plan}", found)


@router.get("/plans/{plan}/family")
async def show_family(
    asker: MayReadPlan, plan: q.PlanName, reader: APlanReader, frame: AFrame
) -> Response:
    """Show brothers and sisters side by side, those that whoever looks may see."""
    found = await reader.plan(asker, plan, "family")
    siblings = None
    if found["family"] and asker.subject.post.duty in MAY[Action.LIST_PLANS].duties:
        lists = asker._replace(action=Action.LIST_PLANS)
        asked = {"family": found["family"], "today": reader.today}
        siblings = await reader.lines(lists, "family", _side_by_side, **asked)
    title = f"The family of plan {plan}"
    return show_part(frame, asker, "plans/family.html", title, found, told=siblings)


def rows_of(
    services: Services, plan: str, rows: Callable[[RunningPlan], Sequence[Any]]
) -> Callable[[], list[dict[str, Any]]]:
    """Read some lines of a plan from its own record, which no list can lag behind."""
    return lambda: [row._asdict() for row in rows(services.files().file(plan))]


def _actions(file: RunningPlan) -> list[actions.Row]:
    """Give the open actions by the day they are due, then the others."""
    return sorted(actions.rows(file), key=lambda row: (row.state != actions.OPEN, row.due_on))


def _newest(rows: Any, by: str) -> list[Any]:
    return sorted(rows, key=lambda row: getattr(row, by), reverse=True)


def _story(services: Services, plan: str, action: str) -> list[dict[str, Any]]:
    seen = see(queries.entries_of(services.commands, plan), NOW, codec.amend_sealed)
    wanted = about(seen.entries, "action", action)
    return [line(each, seen) for each in story(seen) if each.entry in wanted]


def _explored(file: RunningPlan) -> dict[str, Any]:
    """Tell what came of missed contacts, and which services stopped."""
    history = file.history
    return {
        "explored": [
            {"on": f.on, "finding": f.event.finding, "agencies": f.event.agencies}
            for f in reversed(history.of(AbsenceExplored))
        ],
        "withdrawn": [
            {
                "on": f.on,
                "service": f.event.service,
                "agency": f.event.agency,
                "facts": f.event.facts,
            }
            for f in reversed(history.of(ServiceWithdrawn))
        ],
    }


def _side_by_side(reading: Reading, *, family: str, today: date, wanted: Slice) -> Page:
    plans = kin.side_by_side(reading, family, today)
    return cut(plans, lambda row: [row["child"], row["opened_on"].isoformat(), row["plan"]], wanted)
