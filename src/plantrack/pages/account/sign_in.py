"""Signing in with a browser: at one's own provider, and back here with a session."""

from functools import partial
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from plantrack.application.services import Services
from plantrack.authentication.oidc import HOME, Attempt, Known
from plantrack.authentication.refusals import Reason, SignInRefused
from plantrack.logs import logger
from plantrack.pages.account.choose_provider import show_ways_in
from plantrack.pages.core.layout import Frame, Place, start_of
from plantrack.pages.core.routes import PageRoute
from plantrack.web.authorise import MayKeepSession
from plantrack.web.dependencies import AReader, AServices
from plantrack.web.rates import limited
from plantrack.web.settings import Settings
from plantrack.web.sources import Sources
from plantrack.web.who import (
    LATER,
    OUTAGES,
    ASources,
    cookie_name,
    forget_session,
    posts_of,
    set_cookie,
    written,
)

router = APIRouter(tags=["entrance"], include_in_schema=False, route_class=PageRoute)
log = logger("signin")

ATTEMPT = "__Host-plantrack-attempt"
DEMO_ATTEMPT = "plantrack-demo-attempt"
ATTEMPT_SECONDS = 600
LONGEST_PATH = 2000
AGAIN = "/sign-in?step_up=true"
UNKNOWN = "Your provider knows you, but plantrack does not. Ask your administrator to add you."
NO_ROLE = "You have no role in plantrack. Ask your administrator for one."
DISABLED = "You may not use plantrack any more. Ask your administrator."
LOST = "This sign-in was begun elsewhere, or too long ago. Begin again."
SOMEBODY_ELSE = (
    "Somebody else is signed in here than the person who proved who they are just now. Prove it as "
    "the person who is signed in, or sign out first."
)


@router.get("/sign-in", dependencies=[Depends(limited("sign_in"))])
async def begin(
    request: Request,
    services: AServices,
    sources: ASources,
    read: AReader,
    provider: str | None = None,
    step_up: str | None = None,
    then: str = HOME,
) -> Response:
    """Choose a provider, or go to the one chosen; to prove it again, to where one came from."""
    again = step_up == "true"
    then = then if len(then) <= LONGEST_PATH else HOME
    if provider is None and again:
        provider = await read(partial(_came_from, request, sources))
    sign_in = sources.sign_in
    if sign_in is None or provider not in {each.name for each in sources.providers}:
        asked = {"then": then, **({"step_up": "true"} if again else {})}
        return await read(partial(show_ways_in, request, services, sources, urlencode(asked)))
    back = f"{_own_address(request)}/sign-in/{provider}/callback"
    try:
        attempt = await sign_in.begin(
            provider, back, step_up=again, now=services.commands.now(), then=then
        )
    except SignInRefused as refused:
        log.warning("sign-in refused", provider=provider, reason=refused.reason.value)
        return _refused(request, str(refused), refused.reason)
    handle = await read(partial(sources.sessions.begin_attempt, attempt))
    going = RedirectResponse(attempt.address, 303)
    set_cookie(request, going, _attempt_cookie(request), handle, ATTEMPT_SECONDS)
    return going


@router.get("/sign-in/{provider}/callback", dependencies=[Depends(limited("sign_in"))])
async def come_back(
    request: Request, provider: str, services: AServices, sources: ASources, read: AReader
) -> Response:
    """Take in who comes back from a provider, or say why not."""
    handle = request.cookies.get(_attempt_cookie(request))
    attempt = await read(partial(sources.sessions.take_attempt, handle)) if handle else None
    sign_in = sources.sign_in
    if attempt is None or sign_in is None:
        log.warning("sign-in refused", reason=Reason.STATE.value)
        return _refused(request, LOST)
    try:
        known = await sign_in.finish(
            attempt, dict(request.query_params), services.commands.now(), came_to=provider
        )
    except SignInRefused as refused:  # it has logged why
        return _refused(request, str(refused), refused.reason, attempt)
    return await read(partial(_let_in, request, services, sources, attempt, known))


@router.get("/")
async def home(asker: MayKeepSession) -> Response:
    """Go to where the role of whoever is signed in begins."""
    return RedirectResponse(start_of(asker.subject.post.duty), 303)


@router.post("/sign-out")
async def leave(
    request: Request, asker: MayKeepSession, sources: ASources, read: AReader
) -> Response:
    """Sign out: the session is over at once."""
    cookie = request.cookies.get(cookie_name(request), "")
    await read(partial(sources.sessions.end, cookie))
    log.info("signed out", person=asker.subject.person)
    gone = RedirectResponse("/sign-in", 303)
    forget_session(request, gone)
    return gone


def _let_in(
    request: Request, services: Services, sources: Sources, attempt: Attempt, known: Known
) -> Response:
    """Begin a session for whoever signed in, or go on with the one that must be proved again."""
    rights = services.authoriser.look().rights
    found = rights.people.get(rights.identities.get(known.identity, ""))
    if found is None:
        return _turned_away(request, attempt, "not_known", UNKNOWN)
    if found.disabled:
        return _turned_away(request, attempt, "disabled", DISABLED)
    posts = posts_of(rights, found.person, services)
    if not posts:
        return _turned_away(request, attempt, "no_role", NO_ROLE)
    old = request.cookies.get(cookie_name(request), "")
    session = sources.sessions.find(old) if old else None
    if attempt.step_up and session and session.identity != known.identity:
        return _turned_away(request, attempt, "somebody_else", SOMEBODY_ELSE)
    renewed = attempt.step_up and session is not None
    cookie = sources.sessions.renew(old, auth_time=known.auth_time) if renewed else None
    if cookie is None:
        sources.sessions.end(old)
        cookie = sources.sessions.start(
            found.person,
            known.identity,
            written(posts[0]),
            auth_time=known.auth_time,
            mfa=known.mfa,
        )
    how = "proved again" if renewed else "signed in"
    log.info(how, person=found.person, provider=attempt.provider)
    going = RedirectResponse(attempt.then, 303)
    set_cookie(request, going, cookie_name(request), cookie)
    set_cookie(request, going, _attempt_cookie(request), "", 0)
    return going


def _came_from(request: Request, sources: Sources) -> str | None:
    """Name the provider at which whoever asks signed in."""
    session = sources.sessions.find(request.cookies.get(cookie_name(request), ""))
    issuer = session.issuer if session else None
    return next((each.name for each in sources.providers if each.issuer == issuer), None)


def _turned_away(request: Request, attempt: Attempt, reason: str, sentence: str) -> Response:
    """Refuse somebody whom a provider knows."""
    log.warning("not let in", provider=attempt.provider, reason=reason)
    return _refused(request, sentence, attempt=attempt)


def _refused(
    request: Request,
    sentence: str,
    reason: Reason | None = None,
    attempt: Attempt | None = None,
) -> Response:
    """Say why not; a session that was there before stays as it was."""
    again = bool(attempt and attempt.step_up)
    outage = reason in OUTAGES
    refused = Frame(request).page(
        "system/told.html",
        title="You did not prove who you are" if again else "You are not signed in",
        said=[sentence],
        links=[Place("Begin again", AGAIN if again else "/sign-in")],
        status=503 if outage else 403,
        headers=LATER if outage else None,
    )
    if _attempt_cookie(request) in request.cookies:
        set_cookie(request, refused, _attempt_cookie(request), "", 0)
    return refused


def _attempt_cookie(request: Request) -> str:
    return DEMO_ATTEMPT if request.app.state.demo else ATTEMPT


def _own_address(request: Request) -> str:
    """Give the address at which people see us."""
    settings: Settings = request.app.state.settings
    if settings.public_origin:
        return settings.public_origin.rstrip("/")
    return f"{request.url.scheme}://{request.url.netloc}"
