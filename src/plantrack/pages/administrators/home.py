"""For administrators: the agencies that are known, and who acts for each."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from plantrack.application.services import Services
from plantrack.domain.rights.words import Duty
from plantrack.domain.words import agency
from plantrack.pages.core.layout import AFrame
from plantrack.pages.core.routes import PageRoute
from plantrack.web.authorise import MaySeeRights
from plantrack.web.dependencies import AReader, AServices

router = APIRouter(include_in_schema=False, route_class=PageRoute)

ANSWER_FOR = frozenset({Duty.PARTNER_LEAD, Duty.SERVICE_MANAGER})
"""Roles that speak for a whole agency."""


@router.get("/agencies")
async def list_agencies(
    asker: MaySeeRights, services: AServices, read: AReader, frame: AFrame
) -> Response:
    """List the agencies with their names in full, as what each counts, and who acts for it."""
    return frame.page(
        "admin/agencies.html",
        title="Agencies",
        subject=asker.subject,
        agencies=await read(lambda: _agencies(services)),
    )


def _agencies(services: Services) -> list[dict[str, Any]]:
    rights, today = services.authoriser.look().rights, services.today()
    counts_as = services.policies().on(today).counts_as
    people: dict[str, list[tuple[str, Duty]]] = {name: [] for name in counts_as}
    for known in list(rights.people.values()):
        for post in rights.posts_of(known.person, today):
            people.setdefault(post.agency, []).append((known.name, post.duty))
    told = [
        {
            "name": name,
            "group": counts_as.get(name, name),
            "leads": sorted(person for person, duty in of if duty in ANSWER_FOR),
            "others": len({person for person, duty in of if duty not in ANSWER_FOR}),
            "listed": name in counts_as,
        }
        for name, of in people.items()
    ]
    return sorted(told, key=lambda each: agency(str(each["name"])).casefold())
