"""What a provider says of itself is checked, kept for a while, and asked for seldom."""

import asyncio
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from plantrack.authentication.fetching import LARGEST, Line
from plantrack.authentication.issuers import BETWEEN_FETCHES, KEPT_FOR, Issuers
from plantrack.authentication.oidc import SignIn
from plantrack.authentication.refusals import Reason, SignInRefused
from signin.flows import LINE, NOW, begin
from signin.forger import DISCOVERY, Forger, answered, refused

SECOND = 1


def test_a_new_key_is_found_and_an_unknown_one_is_not_hunted_for(forger: Forger) -> None:
    clock = [0.0]
    sign_in = SignIn(Issuers([forger.provider], line=LINE, clock=lambda: clock[0]))
    attempt = begin(sign_in, "forger", NOW)
    new = RSAKey.generate_key(2048, {"kid": "the-new-key"})
    token = forger.sign(forger.claims(attempt), key=new)

    def fetched() -> int:
        return forger.asked.count("/keys")

    assert refused(sign_in, forger, token, attempt) == Reason.UNKNOWN_KEY
    forger.keys = [dict(new.as_dict(private=False))]
    clock[0] = BETWEEN_FETCHES - SECOND
    assert refused(sign_in, forger, token, attempt) == Reason.UNKNOWN_KEY
    assert fetched() == 1
    clock[0] = BETWEEN_FETCHES
    assert answered(sign_in, forger, token, attempt)
    assert answered(sign_in, forger, token, attempt)
    assert fetched() == 2


def test_a_key_that_was_withdrawn_is_believed_for_an_hour_at_most(forger: Forger) -> None:
    clock = [0.0]
    sign_in = SignIn(Issuers([forger.provider], line=LINE, clock=lambda: clock[0]))
    attempt = begin(sign_in, "forger", NOW)
    token = forger.sign(forger.claims(attempt))
    assert answered(sign_in, forger, token, attempt)
    forger.keys = forger.keys[1:]

    clock[0] = KEPT_FOR - SECOND
    assert answered(sign_in, forger, token, attempt)
    clock[0] = KEPT_FOR
    assert refused(sign_in, forger, token, attempt) == Reason.UNKNOWN_KEY


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://other.example"},
        {"authorization_endpoint": "http://other.example/authorize"},
        {"token_endpoint": "http://other.example/token"},
        {"jwks_uri": "http://other.example/keys"},
        {"jwks_uri": None},
        {"code_challenge_methods_supported": ["plain"]},
    ],
    ids=str,
)
def test_a_provider_that_does_not_fit_is_not_gone_to(
    misled: SignIn, forger: Forger, said: dict[str, Any]
) -> None:
    forger.discovery |= said

    with pytest.raises(SignInRefused) as wrong:
        begin(misled, "forger", NOW)

    assert wrong.value.reason == Reason.PROVIDER_WRONG


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b"[" * 90_000, b'{"x": "' + b"x" * LARGEST + b'"}']
)
@pytest.mark.parametrize("path", [DISCOVERY, "/keys", "/token"])
def test_an_answer_that_is_no_small_object_is_refused(
    misled: SignIn, forger: Forger, path: str, body: bytes
) -> None:
    forger.raw = {path: body}
    token = forger.sign(forger.machine_claims())

    with pytest.raises(SignInRefused) as wrong:
        answered(misled, forger, token)

    assert wrong.value.reason == Reason.PROVIDER_WRONG


def test_a_provider_that_does_not_answer_is_given_up(forger: Forger) -> None:
    forger.hold.clear()
    sign_in = SignIn(Issuers([forger.provider], line=Line(patience=0.2)))

    with pytest.raises(SignInRefused) as wrong:
        begin(sign_in, "forger", NOW)

    assert wrong.value.reason == Reason.PROVIDER_UNREACHABLE


def test_many_who_ask_at_once_make_one_request(forger: Forger) -> None:
    issuers = Issuers([forger.provider], line=LINE)

    async def many() -> None:
        await asyncio.gather(*(issuers.named("forger").key("the-key") for _ in range(20)))

    asyncio.run(many())

    assert sorted(forger.asked) == [DISCOVERY, "/keys"]
