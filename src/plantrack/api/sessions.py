"""For everybody who is signed in: who one is here, in which role, and signing out."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from plantrack import codec
from plantrack.api import contract
from plantrack.domain.rights.authorise import Subject
from plantrack.web import parameters as q
from plantrack.web.authorise import MayKeepSession
from plantrack.web.dependencies import AReader, AServices, Readers
from plantrack.web.media import Json, answer
from plantrack.web.payloads import Chosen
from plantrack.web.problems import Problem
from plantrack.web.request_bodies import read_object
from plantrack.web.sources import Sources
from plantrack.web.who import (
    CHALLENGE,
    SIGN_IN,
    ASources,
    Given,
    cookie_of,
    forget_session,
    posts_of,
    written,
)

router = APIRouter(prefix="/api", tags=["sessions"])

Everywhere = Annotated[
    bool | None, q.Truth, Query(description="End one's sessions in other browsers too.")
]
POSTS = {"another role": {"post": "service_manager@csc", "purpose": "complaint 2020-17"}}


@router.get("/session", **contract.answers("Session", contract.SIGNED_IN))
async def show_session(
    asker: MayKeepSession, services: AServices, sources: ASources, read: AReader
) -> Json:
    """Show who one is here, in which role, which others one may choose, and one's sessions."""
    look = await read(services.authoriser.look)
    posts = [written(post) for post in posts_of(look.rights, asker.subject.person, services)]
    return await _told(asker.subject, written(asker.subject.post), posts, sources, read)


@router.post(
    "/session/post",
    **contract.answers("Session", (*contract.SENT, 401, 403, 503), sends="Chosen", examples=POSTS),
)
async def choose_post(
    asker: MayKeepSession,
    request: Request,
    given: Given,
    sources: ASources,
    services: AServices,
    read: AReader,
) -> Json:
    """Go on in another of one's roles, or in the same for a purpose that is written down."""
    said = codec.read_as(Chosen, await read_object(request))
    look = await read(services.authoriser.look)
    posts = [written(post) for post in posts_of(look.rights, asker.subject.person, services)]
    if said.post not in posts:
        raise Problem(403, "This is none of your roles. Choose one that /api/session lists.")
    cookie = cookie_of(request, given) or ""
    if not await read(lambda: sources.sessions.choose_role(cookie, said.post, said.purpose)):
        raise Problem(401, SIGN_IN, CHALLENGE)
    return await _told(asker.subject, said.post, posts, sources, read)


@router.post("/session/end", **contract.answers("Ended", contract.SIGNED_IN))
async def sign_out(
    asker: MayKeepSession,
    request: Request,
    given: Given,
    sources: ASources,
    read: AReader,
    everywhere: Everywhere = None,
) -> Response:
    """Sign out: the session is over at once, or all of one's sessions are."""
    cookie = cookie_of(request, given) or ""
    if everywhere:
        await read(lambda: sources.sessions.end_all_of(asker.subject.person))
    await read(lambda: sources.sessions.end(cookie))
    ended = answer({"ended": True})
    forget_session(request, ended)
    return ended


async def _told(
    subject: Subject, post: str, posts: list[str], sources: Sources, read: Readers
) -> Json:
    """Tell who one is, in which role, which one may choose, and where else one is signed in."""
    own = await read(lambda: sources.sessions.sessions_of(subject.person))
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
