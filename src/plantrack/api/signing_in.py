"""Who is asking. For the demonstration on one's own machine only: nobody is checked.

A token is the person's name, agency and role, written so that it fits a header. It holds no
secret, and whoever can reach the port can make one.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import Annotated

import msgspec
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from plantrack import wire
from plantrack.api.problems import Problem
from plantrack.domain.refusals import Unreadable
from plantrack.domain.words import Person

LONGEST_NAME = 200
SIGN_IN = "Sign in first: send “Authorization: Bearer” with the token that you were given."
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="plantrack"'}

bearer = HTTPBearer(
    scheme_name="token",
    auto_error=False,
    description="The token that /api/demo/sign-in gives.",
)


def token_of(person: Person) -> str:
    """Write a person as a token."""
    return urlsafe_b64encode(msgspec.json.encode(person)).decode().rstrip("=")


@lru_cache(maxsize=1000)
def person_of(token: str) -> Person:
    """Read a person from a token, or refuse it."""
    padded = token + "=" * (-len(token) % 4)
    try:
        person = wire.read_person(wire.decode(urlsafe_b64decode(padded.encode("ascii"))))
    except (ValueError, Unreadable):
        raise Problem(401, SIGN_IN, CHALLENGE) from None
    if token_of(person) != token:
        raise Problem(401, SIGN_IN, CHALLENGE)
    return person


async def person(
    request: Request,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Person:
    """Say who is asking, or refuse who did not sign in."""
    if given is None or not request.app.state.demo:
        raise Problem(401, SIGN_IN, CHALLENGE)
    return person_of(given.credentials)


APerson = Annotated[Person, Depends(person)]


def read_new_person(raw: dict[str, object]) -> Person:
    """Read who signs in."""
    person = wire.read_person(raw)
    if not person.name.strip() or len(person.name) > LONGEST_NAME:
        raise Unreadable(f"“name” must be 1 to {LONGEST_NAME} characters.")
    return person
