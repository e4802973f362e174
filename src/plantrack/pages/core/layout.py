"""What stands around every page: whose service it is, where one can go, and who is signed in."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Request
from starlette.responses import HTMLResponse

from plantrack.domain.rights.authorise import Subject
from plantrack.domain.rights.words import Duty
from plantrack.pages.core.templating import draw


class Place(NamedTuple):
    """Somewhere that the navigation leads to."""

    text: str
    href: str


PLANS = Place("My plans", "/plans")
MEETINGS = Place("Meetings", "/meetings")
ALERTS = Place("Alerts", "/alerts")
PATTERNS = Place("Patterns", "/patterns")
AGENCY = Place("Your agency", "/agency")
PLACES: Mapping[Duty, tuple[Place, ...]] = {
    Duty.CHAIR: (PLANS, MEETINGS, ALERTS),
    Duty.SOCIAL_WORKER: (PLANS, MEETINGS, ALERTS),
    Duty.TEAM_MANAGER: (ALERTS, Place("Plans", "/plans"), MEETINGS, PATTERNS),
    Duty.SERVICE_MANAGER: (
        ALERTS,
        Place("Plans", "/plans"),
        PATTERNS,
        Place("People", "/people"),
        Place("Emergency access", "/emergencies"),
    ),
    Duty.PARTNER_PROFESSIONAL: (AGENCY, PLANS),
    Duty.PARTNER_LEAD: (AGENCY, Place("Plans", "/plans"), ALERTS),
    Duty.INSPECTOR: (
        Place("Find a plan", "/inspect"),
        ALERTS,
        Place("Who looked", "/looked"),
    ),
    Duty.PRIVACY_OFFICER: (
        Place("Who looked", "/looked"),
        Place("Emergency access", "/emergencies"),
        Place("People", "/people"),
    ),
    Duty.ADMIN: (
        Place("People", "/people"),
        Place("Agencies", "/agencies"),
        Place("Rules", "/rules"),
        Place("Working days", "/working-days"),
        Place("Imports", "/imports"),
        Place("Checks", "/checks"),
    ),
}
"""Where each role can go; the first is where it begins."""


class Frame:
    """Draws the pages of one request."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def page(
        self,
        template: str,
        *,
        title: str,
        subject: Subject | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        wrong: bool = False,
        **about: Any,
    ) -> HTMLResponse:
        """Draw a page. Its title names no child; with ``wrong`` it begins with “Error:”."""
        state = self._request.app.state
        places = PLACES.get(subject.post.duty, ()) if subject else ()
        drawn = draw(
            template,
            title=f"Error: {title}" if wrong else title,
            council=state.settings.council,
            demo=state.demo,
            subject=subject,
            places=places,
            here=self._request.url.path,
            emergency=getattr(self._request.state, "emergency", None),
            **about,
        )
        return HTMLResponse(drawn, status, dict(headers or {}))


AFrame = Annotated[Frame, Depends()]


def start_of(duty: Duty) -> str:
    """Say where a role begins."""
    return PLACES[duty][0].href
