"""For the demonstration: sign in as one of its invented people, or as anybody else invented.

Nobody is checked. That is possible only on a database which was declared a demonstration when it
was new, and which is served on loopback.
"""

from functools import partial

from fastapi import APIRouter, Depends, Request

from plantrack import codec
from plantrack.api import contract, examples
from plantrack.api.schema import LONGEST_NAME, Token
from plantrack.application import demo_people
from plantrack.application.services import Services
from plantrack.authentication.identity import Identity
from plantrack.domain.refusals import Unreadable
from plantrack.domain.rights.state import Appointment
from plantrack.domain.rights.words import OLDER_WORDS, SERVICES, Duty
from plantrack.logs import logger
from plantrack.web.dependencies import AReader, AServices
from plantrack.web.media import Json, answer
from plantrack.web.payloads import SignsIn
from plantrack.web.rates import limited
from plantrack.web.request_bodies import read_object
from plantrack.web.sources import Sources
from plantrack.web.who import ASources, written

router = APIRouter(prefix="/api/demo", tags=["demo"])
log = logger("signin")

ISSUER = "demonstration"


@router.post(
    "/sign-in",
    dependencies=[Depends(limited("sign_in"))],
    **contract.answers(
        "Token",
        (*contract.SENT, 403, 429, 503),
        sends="SignIn",
        examples={"a chair": examples.PERSON},
    ),
)
async def sign_in(request: Request, services: AServices, sources: ASources, read: AReader) -> Json:
    """Sign in as anybody invented, to try plantrack out on one's own machine; nobody is checked."""
    person = codec.read_as(SignsIn, await read_object(request))
    if len(person.name) > LONGEST_NAME:
        raise Unreadable(f"“name” must be 1 to {LONGEST_NAME} characters.")
    post = Appointment(_duty(person.role), person.agency)
    return answer(Token(await read(partial(_enter, services, sources, person.name, post))))


def _enter(services: Services, sources: Sources, name: str, post: Appointment) -> str:
    """Sign in somebody invented, making them known if they are not, and give the cookie."""
    return enter(services, sources, demo_people.make_known(services, name, post), post)


def enter(services: Services, sources: Sources, person: str, post: Appointment) -> str:
    """Begin a session of somebody of the demonstration, and give the cookie."""
    log.info("signed in to a demonstration, unchecked", person=person)
    return sources.sessions.start(
        person, Identity(ISSUER, person), written(post), auth_time=services.commands.now(), mfa=True
    )


def _duty(role: str) -> Duty:
    try:
        duty = OLDER_WORDS[role] if role in OLDER_WORDS else Duty(role)
    except ValueError:
        duty = Duty.ANONYMOUS
    if duty in SERVICES or duty is Duty.ANONYMOUS:
        known = ", ".join(sorted(each for each in Duty if each not in SERVICES))
        raise Unreadable(f"“role” must be one of: {known}.")
    return duty
