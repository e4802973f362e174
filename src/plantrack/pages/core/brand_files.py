"""What an installation says of itself, as files that a browser loads: its colour, icon and logo."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from plantrack.application.council import Council
from plantrack.pages.core.routes import NoSuchPage, PageRoute

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/council.css")
async def colours(request: Request) -> Response:
    """Give the council's colour as a style sheet: no page holds styles of its own."""
    css = f":root{{--govuk-brand-colour:{_council(request).colour}}}"
    return Response(css, media_type="text/css")


@router.get("/council-icon.svg")
async def icon(request: Request) -> Response:
    """Give an icon in the council's colour."""
    colour = _council(request).colour
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="4" fill="{colour}"/>'
        '<path d="M9 16l5 5 9-10" fill="none" stroke="#fff" stroke-width="3"/></svg>'
    )
    return Response(drawn, media_type="image/svg+xml")


@router.get("/council-logo")
async def logo(request: Request) -> Response:
    """Give the council's logo, if it has one."""
    council = _council(request)
    if council.logo is None:
        raise NoSuchPage
    return Response(council.logo, media_type=council.logo_type)


def _council(request: Request) -> Council:
    council: Council = request.app.state.settings.council
    return council
