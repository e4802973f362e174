"""For the demonstration: its page's buttons, each of which signs in as somebody invented."""

from functools import partial

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from plantrack import demonstration
from plantrack.api.bodies import read_form
from plantrack.api.demo import enter
from plantrack.api.problems import Problem
from plantrack.api.rates import limited
from plantrack.api.reading import ADesk, AReader
from plantrack.api.signing_in import ADoors, cookie_name, set_cookie, written
from plantrack.pages.page_routes import PageRoute

router = APIRouter(tags=["demo"], include_in_schema=False, route_class=PageRoute)


@router.post("/demo/sign-in", dependencies=[Depends(limited("sign_in"))])
async def enter_as(request: Request, desk: ADesk, doors: ADoors, read: AReader) -> Response:
    """Sign in as one of the people of the demonstration, from its page."""
    sent = await read_form(request)
    chosen = (sent.get("person"), sent.get("post"))
    people = await read(partial(demonstration.people, desk))
    for person, _, post in people:
        if (person, written(post)) == chosen:
            old = request.cookies.get(cookie_name(request), "")
            await read(partial(doors.sessions.end, old))
            cookie = await read(partial(enter, desk, doors, person, post))
            going = RedirectResponse("/", 303)
            set_cookie(request, going, cookie_name(request), cookie)
            return going
    raise Problem(422, "There is nobody like this in the demonstration. Choose from the page.")
