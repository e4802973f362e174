"""For conference chairs and practitioners: put what happened on the plan."""

from fastapi import APIRouter

from plantrack.api import contract, examples
from plantrack.application.commands import NewEvent
from plantrack.web import parameters as q
from plantrack.web.authorise import MayOpenPlan, MayRecord
from plantrack.web.commands import ASender, read_meeting
from plantrack.web.media import Json

router = APIRouter(prefix="/api", tags=["chairs"])

ON_THIS_PLAN = {
    "record_entry": {
        "operationId": "record_entry",
        "parameters": {"plan": "$response.body#/plan", "If-Match": "$response.header.ETag"},
    },
    "show_plan": {"operationId": "show_plan", "parameters": {"plan": "$response.body#/plan"}},
}


@router.post(
    "/plans",
    **contract.recorded(
        "RecordedEntry",
        headers=contract.ETAG,
        links=ON_THIS_PLAN,
        sends="PlanOpened",
        examples=examples.OPENINGS,
    ),
)
async def open_plan(asker: MayOpenPlan, sender: ASender, plan: q.NewName = None) -> Json:
    """Open a plan for a child."""
    opened = await sender.opening()
    name = plan or sender.new_name(asker, opened)
    recorded = await sender.write(asker, [NewEvent(name, opened)])
    return sender.tell_entry(recorded, {"Location": f"/api/plans/{name}"})


@router.post(
    "/plans/{plan}/entries",
    **contract.recorded(
        "RecordedEntry",
        headers=contract.ETAG,
        links=ON_THIS_PLAN,
        sends="Event",
        examples=examples.EVENTS,
    ),
)
async def record_entry(
    asker: MayRecord, plan: q.PlanName, last_read: q.LastRead, sender: ASender
) -> Json:
    """Put what happened on a plan."""
    event = await sender.event()
    return sender.tell_entry(await sender.write(asker, [NewEvent(plan, event, last_read)]))


@router.post(
    "/meetings",
    **contract.recorded("RecordedMeeting", sends="Meeting", examples=examples.MEETINGS),
)
async def record_meeting(asker: MayRecord, sender: ASender) -> Json:
    """Put what one meeting said of several children on their plans: of all of them, or of none."""
    said = read_meeting(await sender.object())
    return sender.tell_meeting(await sender.write(asker, said))
