"""For everybody who is signed in: who one is here, in which role, and signing out."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from plantrack import wire
from plantrack.api import contract
from plantrack.api import questions as q
from plantrack.api.allowing import MayKeepSession
from plantrack.api.answers import Json, answer
from plantrack.api.bodies import read_object
from plantrack.api.doors import Doors
from plantrack.api.problems import Problem
from plantrack.api.reading import ADesk, AReader, Readers
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

Everywhere = Annotated[
    bool | None, q.Truth, Query(description="End one's sessions in other browsers too.")
]
POSTS = {"another role": {"post": "service_manager@csc", "purpose": "complaint 2020-17"}}


@router.get("/session", **contract.answers("Session", contract.SIGNED_IN))
async def show_session(asker: MayKeepSession, desk: ADesk, doors: ADoors, read: AReader) -> Json:
    """Show who one is here, in which role, which others one may choose, and one's sessions."""
    look = await read(desk.gate.look)
    posts = [written(post) for post in posts_of(look.rights, asker.subject.person, desk)]
    return await _told(asker.subject, written(asker.subject.post), posts, doors, read)


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
    """Go on in another of one's roles, or in the same for a purpose that is written down."""
    said = wire.read_as(Chosen, await read_object(request))
    look = await read(desk.gate.look)
    posts = [written(post) for post in posts_of(look.rights, asker.subject.person, desk)]
    if said.post not in posts:
        raise Problem(403, "This is none of your roles. Choose one that /api/session lists.")
    cookie = cookie_of(request, given) or ""
    if not await read(lambda: doors.sessions.choose_role(cookie, said.post, said.purpose)):
        raise Problem(401, SIGN_IN, CHALLENGE)
    return await _told(asker.subject, said.post, posts, doors, read)


@router.post("/session/end", **contract.answers("Ended", contract.SIGNED_IN))
async def sign_out(
    asker: MayKeepSession,
    request: Request,
    given: Given,
    doors: ADoors,
    read: AReader,
    everywhere: Everywhere = None,
) -> Response:
    """Sign out: the session is over at once, or all of one's sessions are."""
    cookie = cookie_of(request, given) or ""
    if everywhere:
        await read(lambda: doors.sessions.end_all_of(asker.subject.person))
    await read(lambda: doors.sessions.end(cookie))
    ended = answer({"ended": True})
    forget_session(request, ended)
    return ended


async def _told(subject: Subject, post: str, posts: list[str], doors: Doors, read: Readers) -> Json:
    """Tell who one is, in which role, which one may choose, and where else one is signed in."""
    own = await read(lambda: doors.sessions.sessions_of(subject.person))
    return answer(
        {
            "person": subject.person,
            "name": subject.name,
            "post": post,
            "posts": posts,
            "proved_at": subject.proved_at,
            "sessions": [
                {"post": each.role, "started_at": each.started_at, "seen_at": each.seen_at}
                for each in own
            ],
        }
    )
