"""Emergency access to a plan, for somebody who must see it at once and has no relation to it."""

from fastapi import APIRouter, Request

from plantrack import emergencies, wire
from plantrack.api import contract, examples
from plantrack.api import questions as q
from plantrack.api.allowing import Asker, MayBreakGlass
from plantrack.api.answers import Json, answer
from plantrack.api.bodies import read_object
from plantrack.api.reading import ADesk, AReader, Readers
from plantrack.api.sent import Emergency
from plantrack.api.showing import AShowing, Showing
from plantrack.desk import Desk
from plantrack.domain.rights.events import GlassBroken
from plantrack.logs import logger

router = APIRouter(prefix="/api", tags=["emergency"])
log = logger("rights")


@router.post(
    "/plans/{plan}/emergency-access",
    **contract.recorded(
        "EmergencyAccess", sends="Emergency", examples={"a child is in danger": examples.EMERGENCY}
    ),
)
async def take_emergency_access(
    asker: MayBreakGlass,
    plan: q.PlanName,
    request: Request,
    desk: ADesk,
    read: AReader,
    showing: AShowing,
) -> Json:
    """Take emergency access to one plan for an hour; it is told on the plan, and reviewed."""
    said = wire.read_as(Emergency, await read_object(request))
    broken = await take(asker, plan, said, desk, read, showing)
    told = {
        "access": broken.glass,
        "plan": plan,
        "until": broken.until,
        "review_by": broken.review_by,
    }
    return answer(told, 201)


async def take(
    asker: Asker, plan: str, said: Emergency, desk: Desk, read: Readers, showing: Showing
) -> GlassBroken:
    """Take emergency access as whoever asks, or refuse it as to a plan that there is not."""
    await read(lambda: showing.refuse_unseen(asker, asker.action, plan, "emergency"))
    _, broken = await emergencies.take(desk, asker.subject, plan, said.ground, said.reason)
    # Whoever watches the log is told that it happened, not where.
    log.warning("emergency access taken", access=broken.glass)
    return broken
