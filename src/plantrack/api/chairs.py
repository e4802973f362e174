"""For conference chairs and practitioners: put what happened on the plan."""

from fastapi import APIRouter

from plantrack.api import contract, examples
from plantrack.api import questions as q
from plantrack.api.allowing import MayOpenPlan, MayRecord
from plantrack.api.answers import Json
from plantrack.api.writing import APen, read_meeting
from plantrack.tracker import Said

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
async def open_plan(asker: MayOpenPlan, pen: APen, plan: q.NewName = None) -> Json:
    """Open a plan for a child."""
    opened = await pen.opening()
    name = plan or pen.new_name(asker, opened)
    recorded = await pen.write(asker, [Said(name, opened)])
    return pen.tell_entry(recorded, {"Location": f"/api/plans/{name}"})


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
    asker: MayRecord, plan: q.PlanName, last_read: q.LastRead, pen: APen
) -> Json:
    """Put what happened on a plan."""
    event = await pen.event()
    return pen.tell_entry(await pen.write(asker, [Said(plan, event, last_read)]))


@router.post(
    "/meetings",
    **contract.recorded("RecordedMeeting", sends="Meeting", examples=examples.MEETINGS),
)
async def record_meeting(asker: MayRecord, pen: APen) -> Json:
    """Put what one meeting said of several children on their plans: of all of them, or of none."""
    said = read_meeting(await pen.object())
    return pen.tell_meeting(await pen.write(asker, said))
