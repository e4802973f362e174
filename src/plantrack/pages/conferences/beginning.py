"""Beginning to record a conference: for one child, or for brothers and sisters together."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from plantrack.domain.obligations.reading import CONFERENCES
from plantrack.domain.refusals import AlreadyOnThisPlan, NotForThisKind
from plantrack.domain.rights.actions import Action
from plantrack.drafts.drafts import Draft, OfPlan
from plantrack.pages.conferences.chairing import AChairing, Chairing, refuse_other_roles
from plantrack.pages.conferences.conference import Child
from plantrack.pages.core.routes import NoSuchPage, PageRoute
from plantrack.projections import caseload
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayRecord

router = APIRouter(include_in_schema=False, route_class=PageRoute)

NOT_A_CONFERENCE = (
    "Only conferences are recorded part by part. Record this meeting with “Update this plan”."
)


@router.get("/plans/{plan}/meetings/{meeting}/conference")
async def choose(asker: MayRecord, plan: q.PlanName, meeting: str, here: AChairing) -> Response:
    """Show for which children a conference can be recorded together."""
    child = await _planned(here, asker, plan, meeting)
    return await here.page(
        asker,
        "conferences/choose.html",
        f"Record a conference, plan {plan}",
        child=child,
        siblings=await _siblings(here, asker, child),
    )


@router.post("/plans/{plan}/meetings/{meeting}/conference")
async def begin(asker: MayRecord, plan: q.PlanName, meeting: str, here: AChairing) -> Response:
    """Begin to record a conference, or go on where it was left."""
    child = await _planned(here, asker, plan, meeting)
    begun = await _begun(here, asker, child)
    if begun is not None:
        return RedirectResponse(f"/conferences/{begun.draft}", 303)
    siblings = await _siblings(here, asker, child)
    sent = await here.sent()
    if siblings and not sent.one("chosen"):
        return RedirectResponse(f"/plans/{plan}/meetings/{meeting}/conference", 303)
    chosen = [child, *(each for each in siblings if each.plan in sent.all("with"))]
    name = await here.read(partial(_begin, here, asker, chosen))
    return RedirectResponse(f"/conferences/{name}", 303)


async def _planned(here: Chairing, asker: Asker, plan: str, meeting: str) -> Child:
    """Look at a plan on which a conference is planned and not held, or refuse."""
    refuse_other_roles(asker)
    child = await here.child(asker, plan, meeting)
    found = child.at_hand["meetings"].get(meeting)
    if found is None:
        raise NoSuchPage
    if found["type"] not in CONFERENCES:
        raise NotForThisKind(NOT_A_CONFERENCE)
    if found["held_on"]:
        raise AlreadyOnThisPlan(f"Meeting {meeting}")
    return child


async def _begun(here: Chairing, asker: Asker, child: Child) -> Draft | None:
    """Find what the same person has begun to write of this conference."""
    drafts = await here.read(partial(here.drafts.unfinished, asker.subject.person))
    this = (child.plan, child.meeting)
    return next((d for d in drafts if this in {(p.plan, p.meeting) for p in d.plans}), None)


async def _siblings(here: Chairing, asker: Asker, child: Child) -> list[Child]:
    """Find the children of the family who have the same conference planned for the same day.

    Only plans on which whoever asks may record are looked at. Each child is there once, with the
    meeting of the same name if there is one.
    """
    planned = child.at_hand["meetings"][child.meeting]
    same = (planned["type"], planned["planned_for"])
    found = []
    for plan in await here.read(partial(_others_of_family, here, asker, child)):
        sibling = await here.child(asker, plan, child.meeting)
        meetings = sibling.at_hand["meetings"]
        of_that_day = [
            name
            for name in dict.fromkeys([child.meeting, *meetings])
            if (each := meetings.get(name))
            and (each["type"], each["planned_for"]) == same
            and not each["held_on"]
        ]
        found += [sibling._replace(meeting=name) for name in of_that_day[:1]]
    return found


def _others_of_family(here: Chairing, asker: Asker, child: Child) -> list[str]:
    services, family = here.reader.services, child.at_hand["family"]
    if family is None:
        return []
    with services.models.reading() as reading:
        plans = [row["plan"] for row in caseload.of_family(reading, family, here.reader.today)]
    decided = {
        p: services.authoriser.decide(asker.subject, Action.RECORD, p)[0].allow for p in plans
    }
    return [plan for plan, allowed in decided.items() if allowed and plan != child.plan]


def _begin(here: Chairing, asker: Asker, children: Sequence[Child]) -> str:
    first = children[0]
    planned = first.at_hand["meetings"][first.meeting]
    day = date.fromisoformat(planned["planned_for"]) if planned["planned_for"] else None
    plans = [OfPlan(each.plan, each.meeting, each.at_hand["entries"]) for each in children]
    return here.drafts.begin(asker.subject.person, planned["type"], day, plans)
