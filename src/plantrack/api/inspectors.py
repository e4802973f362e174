"""For inspectors: a plan as it stood at any moment, and everything that was said on it."""

from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from plantrack import views
from plantrack.api import contract
from plantrack.api import questions as q
from plantrack.api.allowing import MayReadPlan
from plantrack.api.answers import Json, answer, etag, unchanged
from plantrack.api.lists import ALists
from plantrack.api.problems import Problem
from plantrack.api.reading import ADesk, AReader
from plantrack.api.showing import AShowing
from plantrack.desk import Desk
from plantrack.domain.moments import Moment
from plantrack.domain.picture import Picture, changes

router = APIRouter(prefix="/api", tags=["inspectors"])

PLAN_ANSWERS = contract.answers("PlanPicture", (*contract.SIGNED_IN, 404), headers=contract.ETAG)
PLAN_ANSWERS["responses"][304] = {"description": "You have it already.", "headers": contract.ETAG}
WHICH = "Say in “from” since when to compare, or in “known_at”, but not in both."


@router.get("/plans/{plan}", **PLAN_ANSWERS)
async def show_plan(
    asker: MayReadPlan,
    plan: q.PlanName,
    moment: q.AskedMoment,
    desk: ADesk,
    read: AReader,
    showing: AShowing,
    known: q.Known = None,
) -> Response:
    """Show where a plan stands, or stood at a moment. The ETag is its last entry known then."""
    look = partial(_unless_known, desk, plan, moment, known)
    shown = await read(lambda: showing.plan(asker, plan, "plan", look))
    if isinstance(shown.value, int):
        return unchanged(shown.value)
    return answer(shown.json, headers={"ETag": etag(shown.value["entries"])})


@router.get("/plans/{plan}/chronology", **contract.a_page_of_plan("ChronologyPage"))
async def tell_chronology(
    asker: MayReadPlan, plan: q.PlanName, moment: q.AskedMoment, lists: ALists, desk: ADesk
) -> Json:
    """Tell a plan's entries by the day they are about, as seen now or from a moment."""
    return await lists.show_items(
        asker,
        "chronology",
        plan,
        lambda: views.chronology_at(desk.tracker, plan, moment),
        lambda told: [told.on.isoformat(), told.entry],
    )


@router.get(
    "/plans/{plan}/compare", **contract.answers("Comparison", (*contract.SIGNED_IN, 400, 404))
)
async def compare_moments(
    asker: MayReadPlan,
    plan: q.PlanName,
    moment: q.AskedMoment,
    desk: ADesk,
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
    compared = partial(_compared, desk, plan, earlier, later)
    shown = await read(lambda: showing.plan(asker, plan, "compare", compared))
    return answer(shown.json)


def _unless_known(desk: Desk, plan: str, moment: Moment, known: str | None) -> Picture | int:
    """Give where a plan stands, or only its last entry's number if whoever asks has it already."""
    if known and moment == Moment():
        last = desk.record.last_number(plan)
        if known == "*" or etag(last) in known:
            return last
    return views.picture_at(desk.tracker, desk.policies(), plan, moment)


def _compared(desk: Desk, plan: str, earlier: Moment, later: Moment) -> dict[str, Any]:
    tracker, policies = desk.tracker, desk.policies()
    was, now = (views.picture_at(tracker, policies, plan, each) for each in (earlier, later))
    known = {told.entry for told in views.chronology_at(tracker, plan, earlier)}
    told = views.chronology_at(tracker, plan, later)
    came = [each for each in told if each.entry not in known]
    return {"plan": plan, "came": came, "changed": changes(was, now)}
