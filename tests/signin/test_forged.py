"""What an attacker with an issuer of their own can send, and why none of it is believed."""

from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import OctKey

from plantrack.authentication.oidc import SignIn
from plantrack.authentication.refusals import Reason, SignInRefused
from signin.flows import NOW, begin
from signin.forger import Forger, answered, refused

SECOND = 1
NOW_S = int(NOW.timestamp())
LEEWAY = 30


@pytest.mark.parametrize("kind", ["rsa", "curve"])
def test_a_good_token_is_believed(misled: SignIn, forger: Forger, kind: str) -> None:
    attempt = begin(misled, "forger", NOW)
    key = forger.key if kind == "rsa" else forger.curve

    known = answered(misled, forger, forger.sign(forger.claims(attempt), key=key), attempt)

    assert known.identity == (forger.issuer, "ada")
    assert known.auth_time == NOW


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"iss": "https://other.example"}, Reason.WRONG_ISSUER),
        ({"iss": None}, Reason.WRONG_ISSUER),
        ({"aud": "another"}, Reason.WRONG_AUDIENCE),
        ({"aud": ["another"]}, Reason.WRONG_AUDIENCE),
        ({"aud": ["plantrack", "another"], "azp": "plantrack"}, Reason.WRONG_AUDIENCE),
        ({"aud": "another", "azp": "plantrack"}, Reason.WRONG_AUDIENCE),
        ({"aud": None}, Reason.WRONG_AUDIENCE),
        ({"azp": "another"}, Reason.WRONG_AUDIENCE),
        ({"nonce": "another"}, Reason.WRONG_NONCE),
        ({"nonce": None}, Reason.WRONG_NONCE),
        ({"sub": None}, Reason.NO_SUBJECT),
        ({"sub": " "}, Reason.NO_SUBJECT),
        ({"sub": 7}, Reason.NO_SUBJECT),
        ({"sub": "a" * 256}, Reason.NO_SUBJECT),
        ({"acr": None}, Reason.NO_MFA),
        ({"acr": "one"}, Reason.NO_MFA),
        ({"acr": ["two"]}, Reason.NO_MFA),
        ({"acr": None, "amr": ["two"]}, Reason.NO_MFA),
        ({"exp": NOW_S - LEEWAY}, Reason.EXPIRED),
        ({"exp": None}, Reason.EXPIRED),
        ({"iat": NOW_S + LEEWAY + SECOND}, Reason.FROM_THE_FUTURE),
        ({"nbf": NOW_S + LEEWAY + SECOND}, Reason.FROM_THE_FUTURE),
        ({"auth_time": None}, Reason.TOO_LONG_AGO),
        ({"auth_time": NOW_S - 36_000 - SECOND}, Reason.TOO_LONG_AGO),
        ({"auth_time": NOW_S + LEEWAY + SECOND}, Reason.FROM_THE_FUTURE),
        ({"at_hash": "another"}, Reason.WRONG_CLAIM),
    ],
    ids=str,
)
def test_a_claim_that_is_wrong_is_refused(
    misled: SignIn, forger: Forger, changed: dict[str, Any], reason: Reason
) -> None:
    attempt = begin(misled, "forger", NOW)

    token = forger.sign(forger.claims(attempt, **changed))

    with pytest.raises(SignInRefused) as wrong:
        answered(misled, forger, token, attempt, access_token="an access token")

    assert wrong.value.reason == reason


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": ["plantrack"]},
        {"azp": "plantrack"},
        {"sub": "a" * 255},
        {"exp": NOW_S - LEEWAY + SECOND},
        {"iat": NOW_S + LEEWAY},
        {"nbf": NOW_S + LEEWAY},
        {"auth_time": NOW_S - 36_000},
    ],
    ids=str,
)
def test_what_is_just_right_is_believed(
    misled: SignIn, forger: Forger, changed: dict[str, Any]
) -> None:
    attempt = begin(misled, "forger", NOW)

    assert answered(misled, forger, forger.sign(forger.claims(attempt, **changed)), attempt)


@pytest.mark.parametrize(("ago", "good"), [(299, True), (300, True), (301, False)])
def test_a_step_up_is_at_most_five_minutes_old(
    misled: SignIn, forger: Forger, ago: int, good: bool
) -> None:
    attempt = begin(misled, "forger", NOW - timedelta(minutes=6), step_up=True)
    token = forger.sign(forger.claims(attempt, auth_time=NOW_S - ago))

    if good:
        assert answered(misled, forger, token, attempt).auth_time == NOW - timedelta(seconds=ago)
    else:
        assert refused(misled, forger, token, attempt) == Reason.TOO_LONG_AGO


def test_a_token_that_nobody_signed_is_refused(misled: SignIn, forger: Forger) -> None:
    attempt = begin(misled, "forger", NOW)
    claims = forger.claims(attempt)

    for alg in ("none", "None", ""):
        assert refused(misled, forger, forger.unsigned(claims, alg), attempt) == Reason.ALG
    cut = forger.sign(claims).rpartition(".")[0] + "."
    assert refused(misled, forger, cut, attempt) == Reason.BAD_SIGNATURE


def test_a_public_key_is_not_taken_for_a_shared_secret(misled: SignIn, forger: Forger) -> None:
    attempt = begin(misled, "forger", NOW)
    token = forger.signed_with_what_is_public(forger.claims(attempt))

    assert refused(misled, forger, token, attempt) == Reason.ALG


def test_a_shared_secret_among_the_keys_is_passed_over(misled: SignIn, forger: Forger) -> None:
    secret = OctKey.import_key(b"s" * 32, {"kid": "the-key"})
    odd: list[dict[str, Any]] = [{"kty": "new"}, {"kid": ["x"]}, forger.keys[1] | {"kid": ["x"]}]
    forger.keys = [dict(secret.as_dict()), *odd, forger.keys[1]]
    attempt = begin(misled, "forger", NOW)
    good = forger.sign(forger.claims(attempt), key=forger.curve)

    assert refused(misled, forger, forger.sign(forger.claims(attempt)), attempt) == (
        Reason.UNKNOWN_KEY
    )
    assert answered(misled, forger, good, attempt)


def test_a_token_that_is_too_long_is_refused(misled: SignIn, forger: Forger) -> None:
    attempt = begin(misled, "forger", NOW)
    long, too_long = (forger.sign(forger.claims(attempt, more="x" * n)) for n in (20_000, 30_000))

    assert answered(misled, forger, long, attempt)
    assert refused(misled, forger, too_long, attempt) == Reason.UNREADABLE


def test_another_key_under_the_same_name_is_refused(misled: SignIn, forger: Forger) -> None:
    attempt = begin(misled, "forger", NOW)
    token = forger.sign(forger.claims(attempt), key=forger.other_key)

    assert refused(misled, forger, token, attempt) == Reason.BAD_SIGNATURE


def test_a_token_for_machines_signs_nobody_in(misled: SignIn, forger: Forger) -> None:
    attempt = begin(misled, "forger", NOW)
    token = forger.sign(forger.claims(attempt), typ="at+jwt")

    assert refused(misled, forger, token, attempt) == Reason.WRONG_KIND


@pytest.mark.parametrize(
    "token", [None, 7, "", "a.b", "a.b.c", "bnVsbA..", "WyJhbGciXQ.e30.", "é", "x" * 40_000]
)
def test_what_is_no_token_is_refused(misled: SignIn, forger: Forger, token: Any) -> None:
    assert refused(misled, forger, token, begin(misled, "forger", NOW)) == Reason.UNREADABLE
