"""For the demonstration: say who you are. There is no password, so it is for loopback only."""

from fastapi import APIRouter, Request

from plantrack.api import contract, examples
from plantrack.api.answers import Json, answer
from plantrack.api.bodies import read_object
from plantrack.api.shapes import Token
from plantrack.api.signing_in import read_new_person, token_of

router = APIRouter(prefix="/api/demo", tags=["demo"])


@router.post(
    "/sign-in",
    **contract.answers(
        "Token", contract.SENT, sends="SignIn", examples={"a chair": examples.PERSON}
    ),
)
async def sign_in(request: Request) -> Json:
    """Sign in as anybody, to try plantrack out on one's own machine.

    Nobody is checked, and the token is only the name, agency and role written another way.
    """
    return answer(Token(token_of(read_new_person(await read_object(request)))))
