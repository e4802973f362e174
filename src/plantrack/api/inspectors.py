"""For inspectors: a plan as it stood at any moment, and everything that was said on it."""

from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from plantrack.api import contract
from plantrack.application import queries
from plantrack.application.services import Services
from plantrack.domain.plan_view.as_of import Picture, changes
from plantrack.domain.plans.as_known import Moment
from plantrack.web import parameters as q
from plantrack.web.authorise import MayReadPlan
from plantrack.web.dependencies import AReader, AServices
from plantrack.web.lists import ALists
from plantrack.web.media import Json, answer, etag, unchanged
from plantrack.web.problems import Problem
from plantrack.web.show import AShowing

router = APIRouter(prefix="/api", tags=["inspectors"])

PLAN_ANSWERS = contract.answers("PlanPicture", (*contract.SIGNED_IN, 404), headers=contract.ETAG)
PLAN_ANSWERS["responses"][304] = {"description": "You have it already.", "headers": contract.ETAG}
WHICH = "Say in “from” since when to compare, or in “known_at”, but not in both."


@router.get("/plans/{plan}", **PLAN_ANSWERS)
async def show_plan(
    asker: MayReadPlan,
    plan: q.PlanName,
    moment: q.AskedMoment,
    services: AServices,
    read: AReader,
    showing: AShowing,
    known: q.Known = None,
) -> Response:
    """Show where a plan stands, or stood at a moment. The ETag is its last entry known then."""
    look = partial(_unless_known, services, plan, moment, known)
    shown = await read(lambda: showing.plan(asker, plan, "plan", look))
    if isinstance(shown.value, int):
        return unchanged(shown.value)
    return answer(shown.json, headers={"ETag": etag(shown.value["entries"])})


@router.get("/plans/{plan}/chronology", **contract.a_page_of_plan("ChronologyPage"))
async def tell_chronology(
    asker: MayReadPlan, plan: q.PlanName, moment: q.AskedMoment, lists: ALists, services: AServices
) -> Json:
    """Tell a plan's entries by the day they are about, as seen now or from a moment."""
    return await lists.show_items(
        asker,
        "chronology",
        plan,
        lambda: queries.chronology_at(services.commands, plan, moment),
        lambda told: [told.on.isoformat(), told.entry],
    )


@router.get(
    "/plans/{plan}/compare", **contract.answers("Comparison", (*contract.SIGNED_IN, 400, 404))
)
async def compare_moments(
    asker: MayReadPlan,
    plan: q.PlanName,
    moment: q.AskedMoment,
    services: AServices,
    read: AReader,
    showing: AShowing,
    from_: q.From = None,
    to: q.To = None,
) -> Json:
    """Say what came onto the record between two moments, and what it changed on a day."""
    if (from_ is None) == (moment.known_at is None):
        raise Problem(400, WHICH, parameter="from")
    earlier = Moment(from_ or moment.known_at, moment.true_on)
    later = Moment(to, moment.true_on)
    compared = partial(_compared, services, plan, earlier, later)
    shown = await read(lambda: showing.plan(asker, plan, "compare", compared))
    return answer(shown.json)


def _unless_known(
    services: Services, plan: str, moment: Moment, known: str | None
) -> Picture | int:
    """Give where a plan stands, or only its last entry's number if whoever asks has it already."""
    if known and moment == Moment():
        last = services.record.last_number(plan)
        if known == "*" or etag(last) in known:
            return last
    return queries.picture_at(services.commands, services.policies(), plan, moment)


def _compared(services: Services, plan: str, earlier: Moment, later: Moment) -> dict[str, Any]:
    commands, policies = services.commands, services.policies()
    was, now = (queries.picture_at(commands, policies, plan, each) for each in (earlier, later))
    known = {told.entry for told in queries.chronology_at(commands, plan, earlier)}
    told = queries.chronology_at(commands, plan, later)
    came = [each for each in told if each.entry not in known]
    return {"plan": plan, "came": came, "changed": changes(was, now)}
