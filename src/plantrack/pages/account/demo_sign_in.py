"""For the demonstration: its page's buttons, each of which signs in as somebody invented."""

from functools import partial

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from plantrack.api.demo import enter
from plantrack.application import demo_people
from plantrack.pages.core.routes import PageRoute
from plantrack.web.dependencies import AReader, AServices
from plantrack.web.problems import Problem
from plantrack.web.rates import limited
from plantrack.web.request_bodies import read_form
from plantrack.web.who import ASources, cookie_name, set_cookie, written

router = APIRouter(tags=["demo"], include_in_schema=False, route_class=PageRoute)


@router.post("/demo/sign-in", dependencies=[Depends(limited("sign_in"))])
async def enter_as(
    request: Request, services: AServices, sources: ASources, read: AReader
) -> Response:
    """Sign in as one of the people of the demonstration, from its page."""
    sent = await read_form(request)
    chosen = (sent.get("person"), sent.get("post"))
    people = await read(partial(demo_people.people, services))
    for person, _, post in people:
        if (person, written(post)) == chosen:
            old = request.cookies.get(cookie_name(request), "")
            await read(partial(sources.sessions.end, old))
            cookie = await read(partial(enter, services, sources, person, post))
            going = RedirectResponse("/", 303)
            set_cookie(request, going, cookie_name(request), cookie)
            return going
    raise Problem(422, "There is nobody like this in the demonstration. Choose from the page.")
