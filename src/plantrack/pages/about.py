"""Pages about the service itself, for whoever comes, signed in or not."""

from fastapi import APIRouter
from fastapi.responses import Response

from plantrack.pages.core.layout import AFrame
from plantrack.pages.core.routes import PageRoute

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/accessibility")
async def show_accessibility(frame: AFrame) -> Response:
    """Say who can use these pages, what was checked, and what was not."""
    return frame.page("system/accessibility.html", title="Accessibility statement")


@router.get("/privacy")
async def show_privacy(frame: AFrame) -> Response:
    """Say what is kept about the people who use plantrack, why, and who sees it."""
    return frame.page("system/privacy.html", title="Privacy")


@router.get("/help")
async def show_help(frame: AFrame) -> Response:
    """Say in plain words what this is, what each role does here, and whom to ask."""
    return frame.page("system/help.html", title="Help")
