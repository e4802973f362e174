"""Emergency access to a plan, for somebody who must see it at once and has no relation to it."""

from fastapi import APIRouter, Request

from plantrack import codec
from plantrack.api import contract, examples
from plantrack.application import emergencies
from plantrack.application.services import Services
from plantrack.domain.rights.events import GlassBroken
from plantrack.logs import logger
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayBreakGlass
from plantrack.web.dependencies import AReader, AServices, Readers
from plantrack.web.media import Json, answer
from plantrack.web.payloads import Emergency
from plantrack.web.request_bodies import read_object
from plantrack.web.show import AShowing, Showing

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
    services: AServices,
    read: AReader,
    showing: AShowing,
) -> Json:
    """Take emergency access to one plan for an hour; it is told on the plan, and reviewed."""
    said = codec.read_as(Emergency, await read_object(request))
    broken = await take(asker, plan, said, services, read, showing)
    told = {
        "access": broken.glass,
        "plan": plan,
        "until": broken.until,
        "review_by": broken.review_by,
    }
    return answer(told, 201)


async def take(
    asker: Asker, plan: str, said: Emergency, services: Services, read: Readers, showing: Showing
) -> GlassBroken:
    """Take emergency access as whoever asks, or refuse it as to a plan that there is not."""
    await read(lambda: showing.refuse_unseen(asker, asker.action, plan, "emergency"))
    _, broken = await emergencies.take(services, asker.subject, plan, said.ground, said.reason)
    # Whoever watches the log is told that it happened, not where.
    log.warning("emergency access taken", access=broken.glass)
    return broken
