"""Who is asking: by the cookie of a session, or a machine by an access token.

On every request the session is looked up and rights are looked at again, so whoever was signed out
or disabled is nobody from their next request on.
"""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from plantrack.application.services import Services
from plantrack.authentication.identity import Identity
from plantrack.authentication.refusals import Reason, SignInRefused
from plantrack.authentication.sessions import Session
from plantrack.domain.rights.authorise import Subject
from plantrack.domain.rights.state import Appointment, Rights
from plantrack.domain.rights.words import SERVICES, Duty
from plantrack.web.dependencies import AReader, AServices
from plantrack.web.problems import Problem
from plantrack.web.sources import SCOPE, Sources

COOKIE = "__Host-plantrack"
DEMO_COOKIE = "plantrack-demo"
"""Browsers take a ``__Host-`` cookie over https only; the demonstration is on loopback without."""

SIGN_IN = "Sign in first, at /sign-in; a machine sends its access token as “Authorization: Bearer”."
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="plantrack"'}
BAD_TOKEN = {"WWW-Authenticate": 'Bearer realm="plantrack", error="invalid_token"'}
NOBODY_CAN_SAY = (
    "Whether this token is good cannot be found out just now: its provider does not answer as it "
    "should. Try again in a minute."
)
LATER = {"Retry-After": "30"}
OUTAGES = frozenset({Reason.PROVIDER_UNREACHABLE, Reason.PROVIDER_WRONG})
"""What is wrong with a provider, and says nothing about who asks."""

bearer = HTTPBearer(
    scheme_name="token",
    auto_error=False,
    description="A machine's access token, or the token that /api/demo/sign-in gives.",
)
Given = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


async def sources(request: Request) -> Sources:
    """Find what the application's requests draw on."""
    found: Sources = request.app.state.sources
    return found


ASources = Annotated[Sources, Depends(sources)]


def cookie_name(request: Request) -> str:
    """Name the cookie that holds a session here."""
    return DEMO_COOKIE if request.app.state.demo else COOKIE


def cookie_of(request: Request, given: HTTPAuthorizationCredentials | None) -> str | None:
    """Give the session that came with a request; in a demonstration it may come as a token."""
    if given is not None:
        return given.credentials if request.app.state.demo else None
    return request.cookies.get(cookie_name(request))


def set_cookie(
    request: Request, response: Response, name: str, value: str, seconds: int | None = None
) -> None:
    """Set a cookie that no script reads and no other site sends along with a form."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=not request.app.state.demo,
        httponly=True,
        samesite="lax",
    )


def forget_session(request: Request, response: Response) -> None:
    """Take the session's cookie away from a browser that has one."""
    name = cookie_name(request)
    if name in request.cookies:
        set_cookie(request, response, name, "", 0)


async def subject(
    request: Request, given: Given, sources: ASources, services: AServices, read: AReader
) -> Subject:
    """Say who is asking, or refuse who did not sign in."""
    cookie = cookie_of(request, given)
    if cookie is not None:
        found = await read(lambda: _signed_in(sources, services, cookie))
    elif given is not None:
        found = await _machine(given.credentials, sources, services, read)
    else:
        found = None
    if found is None:
        raise Problem(401, SIGN_IN, CHALLENGE)
    request.state.person_key, request.state.subject = found.person, found
    return found


ASubject = Annotated[Subject, Depends(subject)]


def post_of(written: str) -> Appointment:
    """Read a post as a session keeps it."""
    duty, _, agency = written.partition("@")
    return Appointment(Duty(duty), agency)


def written(post: Appointment) -> str:
    """Write a post as a session keeps it."""
    return f"{post.duty}@{post.agency}"


def posts_of(rights: Rights, person: str, services: Services) -> list[Appointment]:
    """List the posts in which somebody may use plantrack today; those of machines are for none."""
    return [p for p in rights.posts_of(person, services.today()) if p.duty not in SERVICES]


def person_of(session: Session, services: Services) -> Subject | None:
    """Say who a session is, as rights stand; None for who may not use plantrack so any more."""
    rights = services.authoriser.look().rights
    known = rights.people.get(session.person)
    post = post_of(session.role)
    if known is None or known.disabled or post not in posts_of(rights, known.person, services):
        return None
    return Subject(
        person=known.person,
        name=known.name,
        post=post,
        granted=True,
        second_factor=session.mfa,
        proved_at=session.auth_time,
        session=session.started_at.isoformat(),
        purpose=session.purpose,
    )


def _signed_in(sources: Sources, services: Services, cookie: str) -> Subject | None:
    """Say whose session a cookie is; one that may not go on is over for good."""
    session = sources.sessions.find(cookie)
    if session is None:
        return None
    found = person_of(session, services)
    if found is None:
        sources.sessions.end(cookie)
    return found


async def _machine(
    token: str, sources: Sources, services: Services, read: AReader
) -> Subject | None:
    """Say which machine sends a token; its provider has seen to how it proved itself."""
    machines = sources.machines
    if machines is None:
        return None
    try:
        machine = await machines.verify(token, scope=SCOPE, now=services.commands.now())
    except SignInRefused as refused:
        if refused.reason in OUTAGES:
            raise Problem(503, NOBODY_CAN_SAY, LATER) from None
        raise Problem(401, SIGN_IN, BAD_TOKEN) from None
    return await read(lambda: _service(machine.identity, services))


def _service(identity: Identity, services: Services) -> Subject | None:
    rights = services.authoriser.look().rights
    known = rights.people.get(rights.identities.get((identity.issuer, identity.subject), ""))
    if known is None or known.disabled:
        return None
    posts = [p for p in rights.posts_of(known.person, services.today()) if p.duty in SERVICES]
    if not posts:
        return None
    return Subject(
        person=known.person, name=known.name, post=posts[0], granted=True, second_factor=True
    )
