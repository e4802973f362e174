"""For everybody who is signed in: their roles, and where they are signed in."""

from functools import partial
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from plantrack import codec
from plantrack.api.sessions import show_session
from plantrack.domain.refusals import Unreadable
from plantrack.domain.rights.words import Duty
from plantrack.logs import logger
from plantrack.pages.core.layout import AFrame, Frame
from plantrack.pages.core.routes import PageRoute
from plantrack.pages.forms import Faults, Line, Sent, Wrong
from plantrack.web.authorise import Asker, MayKeepSession
from plantrack.web.dependencies import AReader, AServices
from plantrack.web.payloads import Chosen
from plantrack.web.request_bodies import read_fields
from plantrack.web.who import ASources, cookie_name, post_of

router = APIRouter(include_in_schema=False, route_class=PageRoute)
log = logger("signin")

FOR_A_PURPOSE = frozenset({Duty.INSPECTOR, Duty.PRIVACY_OFFICER, Duty.SERVICE_MANAGER})
"""Roles that see many plans: what they look for is worth writing down beside each look."""

PURPOSE = Line(
    name="purpose",
    asks="What do you look for?",
    hint="For example, a complaint's number. It stands beside each look, so name no child",
    optional=True,
)
NOT_YOURS = "Select one of your roles"


@router.get("/you")
async def show_you(
    asker: MayKeepSession, services: AServices, sources: ASources, read: AReader, frame: AFrame
) -> Response:
    """Show who one is here, in which role, and where one is signed in."""
    told = msgspec.json.decode((await show_session(asker, services, sources, read)).body)
    return _drawn(frame, asker, told)


@router.post("/you/role")
async def choose_role(
    request: Request,
    asker: MayKeepSession,
    services: AServices,
    sources: ASources,
    read: AReader,
    frame: AFrame,
) -> Response:
    """Go on in another of one's roles, or in the same for a purpose that is written down."""
    sent = Sent(await read_fields(request))
    told = msgspec.json.decode((await show_session(asker, services, sources, read)).body)
    faults = Faults()
    try:
        chosen = _chosen(sent, told["posts"])
    except Wrong as wrong:
        faults.add(wrong)
        return _drawn(frame, asker, told, sent, faults)
    cookie = request.cookies.get(cookie_name(request), "")
    await read(partial(sources.sessions.choose_role, cookie, chosen.post, chosen.purpose))
    return RedirectResponse("/", 303)


@router.post("/you/end-others")
async def end_others(
    request: Request, asker: MayKeepSession, sources: ASources, read: AReader
) -> Response:
    """Sign out in every other browser."""
    cookie = request.cookies.get(cookie_name(request), "")
    await read(partial(sources.sessions.end_others_of, asker.subject.person, cookie))
    log.info("signed out elsewhere", person=asker.subject.person)
    return RedirectResponse("/you?ended=others", 303)


def _chosen(sent: Sent, posts: list[str]) -> Chosen:
    """Read which role was chosen, and for what."""
    if sent.one("post") not in posts:
        raise Wrong("post", NOT_YOURS)
    purpose = PURPOSE.read(sent, {})
    try:
        return codec.read_as(Chosen, {"post": sent.one("post"), "purpose": purpose})
    except Unreadable as wrong:
        raise Wrong(PURPOSE.name, str(wrong)) from None


def _drawn(
    frame: Frame,
    asker: Asker,
    told: dict[str, Any],
    sent: Sent | None = None,
    faults: Faults | None = None,
) -> Response:
    posts = [(each, post_of(each)) for each in told["posts"]]
    return frame.page(
        "system/you.html",
        title="Your roles and sessions",
        subject=asker.subject,
        status=422 if faults else 200,
        wrong=bool(faults),
        told=told,
        posts=posts,
        with_purpose=any(post.duty in FOR_A_PURPOSE for _, post in posts),
        purpose=PURPOSE,
        sent=sent or Sent({"post": [told["post"]], "purpose": [asker.subject.purpose or ""]}),
        faults=faults or Faults(),
        sessions=[
            each | {"post": post_of(each["post"]), "here": _is_here(each, asker)}
            for each in told["sessions"]
        ],
    )


def _is_here(session: dict[str, Any], asker: Asker) -> bool:
    """Whether a session is the one in which this page is opened."""
    return bool(session["started_at"].replace("Z", "+00:00") == asker.subject.session)
