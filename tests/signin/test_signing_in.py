"""People sign in at real providers, and whatever does not fit together is refused."""

from base64 import urlsafe_b64encode
from dataclasses import replace
from hashlib import sha256

import httpx
import pytest

from plantrack.authentication.issuers import Issuers as Trusted
from plantrack.authentication.oidc import Attempt, SignIn
from plantrack.authentication.refusals import Reason, SignInRefused
from signin.flows import HERE, LINE, begin, came_back, finish, wait, why_not
from signin.issuers import TLS, Issuers, sign_in_by_hand

BOTH = pytest.mark.parametrize("name", ["council", "police"])
OTHER = {"council": "police", "police": "council"}


def signed_in(
    sign_in: SignIn, name: str, login: str | None = "ada", *, step_up: bool = False
) -> tuple[Attempt, dict[str, str]]:
    """Sign in by hand, up to the callback."""
    attempt = begin(sign_in, name, step_up=step_up)
    return attempt, came_back(sign_in_by_hand(attempt.address, login))


def without(address: str, *names: str) -> str:
    url = httpx.URL(address)
    for name in names:
        url = url.copy_remove_param(name)
    return str(url)


@BOTH
@pytest.mark.parametrize("step_up", [False, True])
def test_a_person_is_known_by_issuer_and_subject(
    two_issuers: Issuers, sign_in: SignIn, name: str, step_up: bool
) -> None:
    attempt, callback = signed_in(sign_in, name, step_up=step_up)

    known = finish(sign_in, attempt, callback)

    assert known.identity == (getattr(two_issuers, name), "ada")
    assert known.mfa
    assert known.provider == name


def test_one_name_at_two_providers_is_two_people(sign_in: SignIn) -> None:
    council, police = (
        finish(sign_in, *signed_in(sign_in, name)).identity for name in ("council", "police")
    )

    assert council.subject == police.subject
    assert council != police


def test_an_email_address_is_never_read(sign_in: SignIn) -> None:
    ada, ben = (finish(sign_in, *signed_in(sign_in, "council", who)) for who in ("ada", "ben"))

    assert ada.identity != ben.identity
    assert "everybody@example.org" not in f"{ada}{ben}"


@BOTH
def test_who_gave_one_proof_only_is_refused(sign_in: SignIn, name: str) -> None:
    assert why_not(sign_in, *signed_in(sign_in, name, "nomfa-ada")) == Reason.NO_MFA


@BOTH
def test_every_sign_in_sends_pkce_and_fresh_secrets(sign_in: SignIn, name: str) -> None:
    one, two = begin(sign_in, name), begin(sign_in, name)
    asked = httpx.URL(one.address).params
    digest = sha256(one.code_verifier.encode()).digest()

    assert asked["code_challenge_method"] == "S256"
    assert asked["code_challenge"] == urlsafe_b64encode(digest).decode().rstrip("=")
    assert one.code_verifier not in one.address
    assert not {one.state, one.nonce, one.code_verifier} & {
        *(two.state, two.nonce, two.code_verifier)
    }


@BOTH
def test_only_stepping_up_asks_for_a_fresh_proof(sign_in: SignIn, name: str) -> None:
    plain, fresh = (
        httpx.URL(begin(sign_in, name, step_up=step_up).address).params for step_up in (False, True)
    )

    assert (plain.get("prompt"), plain["max_age"]) == (None, "36000")
    assert (fresh.get("prompt"), fresh["max_age"]) == ("login", "0")


@BOTH
def test_a_sign_in_without_pkce_is_refused(sign_in: SignIn, name: str) -> None:
    attempt = begin(sign_in, name)
    stripped = without(attempt.address, "code_challenge", "code_challenge_method")

    callback = came_back(sign_in_by_hand(stripped, "ada"))

    assert "code" not in callback
    assert why_not(sign_in, attempt, callback) == Reason.DENIED


@BOTH
def test_a_code_is_worth_nothing_with_another_verifier(sign_in: SignIn, name: str) -> None:
    attempt, callback = signed_in(sign_in, name)
    thief = replace(attempt, code_verifier=begin(sign_in, name).code_verifier)

    assert why_not(sign_in, thief, callback) == Reason.REPLAYED_CODE


@BOTH
def test_a_code_is_good_once(sign_in: SignIn, name: str) -> None:
    attempt, callback = signed_in(sign_in, name)
    finish(sign_in, attempt, callback)

    assert why_not(sign_in, attempt, callback) == Reason.REPLAYED_CODE


@BOTH
def test_a_callback_of_another_browser_is_refused(sign_in: SignIn, name: str) -> None:
    mine = begin(sign_in, name)
    _, theirs = signed_in(sign_in, name, "mallory")

    assert why_not(sign_in, mine, theirs) == Reason.STATE
    assert why_not(sign_in, mine, {}) == Reason.STATE


@BOTH
def test_a_code_that_was_put_into_my_callback_is_refused(sign_in: SignIn, name: str) -> None:
    mine, callback = signed_in(sign_in, name)
    _, theirs = signed_in(sign_in, name, "mallory")

    injected = callback | {"code": theirs["code"]}

    assert why_not(sign_in, mine, injected) == Reason.REPLAYED_CODE


@BOTH
def test_an_answer_of_another_provider_is_refused(
    two_issuers: Issuers, sign_in: SignIn, name: str
) -> None:
    attempt, callback = signed_in(sign_in, name)
    other = {"iss": getattr(two_issuers, OTHER[name])}
    nobody = {key: value for key, value in callback.items() if key != "iss"}

    assert why_not(sign_in, attempt, callback | other) == Reason.MIXED_UP
    assert why_not(sign_in, attempt, nobody) == Reason.MIXED_UP
    assert why_not(sign_in, attempt, callback, came_to=OTHER[name]) == Reason.MIXED_UP
    assert finish(sign_in, attempt, callback).subject == "ada"


@BOTH
def test_each_provider_has_a_path_of_its_own(sign_in: SignIn, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        wait(
            sign_in.begin(
                name,
                f"{HERE}/sign-in/{OTHER[name]}/callback",
                step_up=False,
                now=begin(sign_in, name).begun_at,
            )
        )


@BOTH
def test_who_cancels_is_not_signed_in(sign_in: SignIn, name: str) -> None:
    assert why_not(sign_in, *signed_in(sign_in, name, None)) == Reason.DENIED


@BOTH
def test_stepping_up_asks_again_where_signing_in_would_not(sign_in: SignIn, name: str) -> None:
    with httpx.Client(verify=TLS) as browser:

        def came(login: str | None, *, step_up: bool) -> tuple[Attempt, dict[str, str]]:
            attempt = begin(sign_in, name, step_up=step_up)
            return attempt, came_back(sign_in_by_hand(attempt.address, login, browser))

        first = finish(sign_in, *came("ada", step_up=False))

        assert finish(sign_in, *came(None, step_up=False)) == first
        assert why_not(sign_in, *came(None, step_up=True)) == Reason.DENIED
        assert finish(sign_in, *came("ada", step_up=True)).identity == first.identity


def test_a_provider_that_does_not_know_us_is_told_apart(two_issuers: Issuers) -> None:
    council, police = two_issuers.providers
    sign_in = SignIn(Trusted([replace(council, client_secret="another"), police], line=LINE))

    assert why_not(sign_in, *signed_in(sign_in, "council")) == Reason.NOT_OUR_CLIENT
    assert finish(sign_in, *signed_in(sign_in, "police")).subject == "ada"


def test_a_provider_that_is_down_does_not_keep_people_out_of_the_other(
    two_issuers: Issuers,
) -> None:
    council, police = two_issuers.providers
    sign_in = SignIn(Trusted([replace(council, issuer="http://127.0.0.1:9"), police], line=LINE))

    with pytest.raises(SignInRefused, match="cannot be reached just now") as refused:
        begin(sign_in, "council")

    assert refused.value.reason == Reason.PROVIDER_UNREACHABLE
    assert finish(sign_in, *signed_in(sign_in, "police")).subject == "ada"


def test_nobody_signs_in_at_a_provider_that_is_not_trusted(sign_in: SignIn) -> None:
    with pytest.raises(SignInRefused):
        begin(sign_in, "nhs")


def test_a_refusal_is_logged_without_saying_who(
    sign_in: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    attempt, callback = signed_in(sign_in, "police", "nomfa-Grace Hopper")

    why_not(sign_in, attempt, callback)
    said = capsys.readouterr().err

    assert '"reason": "no_mfa"' in said
    assert '"provider": "police"' in said
    assert not [s for s in ("Grace", attempt.state, callback["code"]) if s in said]


@pytest.mark.parametrize(
    ("wanted", "then"),
    [
        ("/plans/CP-1", "/plans/CP-1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_sent_elsewhere_afterwards(sign_in: SignIn, wanted: str, then: str) -> None:
    back = f"{HERE}/sign-in/council/callback"
    now = begin(sign_in, "council").begun_at

    begun = wait(sign_in.begin("council", back, step_up=False, now=now, then=wanted))

    assert begun.then == then
