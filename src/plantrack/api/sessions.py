"""For everybody who is signed in: who one is here, in which role, and signing out."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from plantrack import wire
from plantrack.api import contract
from plantrack.api.allowing import MayKeepSession
from plantrack.api.answers import Json, answer
from plantrack.api.bodies import read_object
from plantrack.api.problems import Problem
from plantrack.api.reading import ADesk, AReader
from plantrack.api.sent import Chosen
from plantrack.api.signing_in import (
    CHALLENGE,
    SIGN_IN,
    ADoors,
    Given,
    cookie_of,
    forget_session,
    posts_of,
    written,
)
from plantrack.domain.rights.authorise import Subject

router = APIRouter(prefix="/api", tags=["sessions"])
POSTS = {"another role": {"post": "service_manager@csc"}}


@router.get("/session", **contract.answers("Session", contract.SIGNED_IN))
async def show_session(asker: MayKeepSession, desk: ADesk, read: AReader) -> Json:
    """Show who one is here, in which role, and which other roles one may choose."""
    look = await read(desk.gate.look)
    posts = [written(post) for post in posts_of(look.rights, asker.subject.person, desk)]
    return _told(asker.subject, written(asker.subject.post), posts)


@router.post(
    "/session/post",
    **contract.answers("Session", (*contract.SENT, 401, 403, 503), sends="Chosen", examples=POSTS),
)
async def choose_post(
    asker: MayKeepSession,
    request: Request,
    given: Given,
    doors: ADoors,
    desk: ADesk,
    read: AReader,
) -> Json:
    """Go on in another of one's roles."""
    chosen = wire.read_as(Chosen, await read_object(request)).post
    cookie = cookie_of(request, given) or ""
    look = await read(desk.gate.look)
    posts = [written(post) for post in posts_of(look.rights, asker.subject.person, desk)]
    if chosen not in posts:
        raise Problem(403, "This is none of your roles. Choose one that /api/session lists.")
    if not await read(lambda: doors.sessions.choose_role(cookie, chosen)):
        raise Problem(401, SIGN_IN, CHALLENGE)
    return _told(asker.subject, chosen, posts)


@router.post("/session/end", **contract.answers("Ended", contract.SIGNED_IN))
async def sign_out(
    asker: MayKeepSession, request: Request, given: Given, doors: ADoors, read: AReader
) -> Response:
    """Sign out: the session is over at once."""
    cookie = cookie_of(request, given) or ""
    await read(lambda: doors.sessions.end(cookie))
    ended = answer({"ended": True})
    forget_session(request, ended)
    return ended


def _told(subject: Subject, post: str, posts: list[str]) -> Json:
    """Tell who one is, in which role, and which one may choose."""
    return answer(
        {
            "person": subject.person,
            "name": subject.name,
            "post": post,
            "posts": posts,
            "proved_at": subject.proved_at,
        }
    )
