"""For the demonstration: sign in as one of its invented people, or as anybody else invented.

Nobody is checked. That is possible only on a database which was declared a demonstration when it
was new, and which is served on loopback.
"""

from functools import partial

from fastapi import APIRouter, Depends, Request

from plantrack import demonstration, wire
from plantrack.api import contract, examples
from plantrack.api.answers import Json, answer
from plantrack.api.bodies import read_object
from plantrack.api.doors import Doors
from plantrack.api.rates import limited
from plantrack.api.reading import ADesk, AReader
from plantrack.api.sent import SignsIn
from plantrack.api.shapes import LONGEST_NAME, Token
from plantrack.api.signing_in import ADoors, written
from plantrack.desk import Desk
from plantrack.domain.refusals import Unreadable
from plantrack.domain.rights.state import Post
from plantrack.domain.rights.words import OLDER_WORDS, SERVICES, Duty
from plantrack.logs import logger
from plantrack.signin.identity import Identity

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
async def sign_in(request: Request, desk: ADesk, doors: ADoors, read: AReader) -> Json:
    """Sign in as anybody invented, to try plantrack out on one's own machine; nobody is checked."""
    person = wire.read_as(SignsIn, await read_object(request))
    if len(person.name) > LONGEST_NAME:
        raise Unreadable(f"“name” must be 1 to {LONGEST_NAME} characters.")
    post = Post(_duty(person.role), person.agency)
    return answer(Token(await read(partial(_enter, desk, doors, person.name, post))))


def _enter(desk: Desk, doors: Doors, name: str, post: Post) -> str:
    """Sign in somebody invented, making them known if they are not, and give the cookie."""
    return enter(desk, doors, demonstration.make_known(desk, name, post), post)


def enter(desk: Desk, doors: Doors, person: str, post: Post) -> str:
    """Begin a session of somebody of the demonstration, and give the cookie."""
    log.info("signed in to a demonstration, unchecked", person=person)
    return doors.sessions.start(
        person, Identity(ISSUER, person), written(post), auth_time=desk.tracker.now(), mfa=True
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
