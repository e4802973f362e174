"""Whatever does not fit together lets nobody in: a page says so, the log says why, no session."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from entrance.forging import Forging
from entrance.site import Site
from entrance.visitor import ATTEMPT, SESSION, Visitor, cookies_of
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.words import Duty
from signin.forger import Forger
from signin.issuers import Issuers, sign_in_by_hand

BOTH = pytest.mark.parametrize("name", ["council", "police"])
OTHER = {"council": "police", "police": "council"}
SAID_TWICE = {"not let in", "sign-in refused"}


class Refusals:
    """Watches a refused sign-in: its page, its log line, and that there is no session."""

    def __init__(self, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
        self._site = site
        self._capsys = capsys
        self._before = site.sessions()
        capsys.readouterr()

    def check(self, answer: httpx.Response, reason: str, status: int = 403) -> None:
        """Hold an answer to what every refusal is."""
        lines = [json.loads(line) for line in self._capsys.readouterr().err.splitlines()]
        assert (answer.status_code, answer.headers["content-type"]) == (
            status,
            "text/html; charset=utf-8",
        )
        assert '<h1 class="govuk-heading-l">You are not signed in</h1>' in answer.text
        assert SESSION not in cookies_of(answer)
        assert self._site.sessions() == self._before
        assert [each["reason"] for each in lines if each["event"] in SAID_TWICE] == [reason]
        everything = f"{lines}{answer.text}{answer.headers}"
        assert not [word for word in ("Secretname", "mallory") if word in everything]


@pytest.fixture
def refusals(
    site: Site,
    two_issuers: Issuers,
    forger: Forger,
    capsys: pytest.CaptureFixture[str],
) -> Refusals:
    """Somebody whom any of the providers may know, so that nothing else keeps them out."""
    if "mallory" not in site.services.authoriser.look().rights.people:
        for issuer in (two_issuers.council, two_issuers.police, forger.issuer):
            site.know("mallory", issuer=issuer)
        grant = rights_events.GrantProposed(
            grant="m", person="mallory", role=Duty.CHAIR, reason="test"
        )
        site.say(grant, rights_events.GrantApproved(grant="m"))
    return Refusals(site, capsys)


def test_an_honest_answer_would_be_believed(
    forger: Forger, visitor: Visitor, refusals: Refusals
) -> None:
    assert Forging(forger, visitor).sign_in().status_code == 303
    assert visitor.get("/api/session").status_code == 200


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"aud": "another"}, "wrong_audience"),
        ({"aud": ["plantrack", "another"]}, "wrong_audience"),
        ({"iss": "https://council.example"}, "wrong_issuer"),
        ({"nonce": "another"}, "wrong_nonce"),
        ({"nonce": None}, "wrong_nonce"),
        ({"iat": 1, "exp": 2}, "expired"),
        ({"acr": "one"}, "no_mfa"),
        ({"acr": None}, "no_mfa"),
        ({"auth_time": 1}, "too_long_ago"),
        ({"sub": None}, "no_subject"),
        ({"sub": "stranger"}, "not_known"),
    ],
    ids=str,
)
def test_a_token_with_a_claim_that_is_wrong(
    forger: Forger,
    visitor: Visitor,
    refusals: Refusals,
    changed: dict[str, Any],
    reason: str,
) -> None:
    refusals.check(Forging(forger, visitor).sign_in(**changed), reason)


def test_a_token_that_anybody_could_have_made(
    forger: Forger, visitor: Visitor, refusals: Refusals
) -> None:
    made: dict[str, list[Callable[[dict[str, Any]], str]]] = {
        "alg": [forger.unsigned, forger.signed_with_what_is_public],
        "bad_signature": [lambda claims: forger.sign(claims, key=forger.other_key)],
    }
    for reason, makers in made.items():
        for make in makers:
            forging = Forging(forger, visitor)
            refusals.check(forging.answer(make(forging.claims())), reason)


@BOTH
def test_a_code_that_was_used_before(visitor: Visitor, refusals: Refusals, name: str) -> None:
    callback = sign_in_by_hand(visitor.begin(name), "nomfa-mallory")
    used = httpx.URL(callback).params["code"]

    refusals.check(visitor.see(callback), "no_mfa")
    refusals.check(visitor.see(callback), "state")
    fresh = sign_in_by_hand(visitor.begin(name), "mallory")
    replayed = httpx.URL(fresh).copy_set_param("code", used)
    refusals.check(visitor.see(str(replayed)), "replayed_code")


@BOTH
def test_a_code_of_somebody_else_does_not_fit_the_verifier(
    visitor: Visitor, another: Visitor, refusals: Refusals, name: str
) -> None:
    mine = httpx.URL(sign_in_by_hand(visitor.begin(name), "mallory"))
    theirs = httpx.URL(sign_in_by_hand(another.begin(name), "mallory")).params["code"]

    refusals.check(visitor.see(str(mine.copy_set_param("code", theirs))), "replayed_code")


@BOTH
def test_a_sign_in_from_which_pkce_was_taken(
    visitor: Visitor, refusals: Refusals, name: str
) -> None:
    address = httpx.URL(visitor.begin(name))
    for each in ("code_challenge", "code_challenge_method"):
        address = address.copy_remove_param(each)

    refusals.check(visitor.see(sign_in_by_hand(str(address), "mallory")), "denied")


@BOTH
def test_an_answer_of_another_provider(
    two_issuers: Issuers, visitor: Visitor, refusals: Refusals, name: str
) -> None:
    for change in ("path", "issuer", "no issuer"):
        callback = httpx.URL(sign_in_by_hand(visitor.begin(name), "mallory"))
        if change == "path":
            callback = callback.copy_with(path=f"/sign-in/{OTHER[name]}/callback")
        elif change == "issuer":
            callback = callback.copy_set_param("iss", getattr(two_issuers, OTHER[name]))
        else:
            callback = callback.copy_remove_param("iss")

        refusals.check(visitor.see(str(callback)), "mixed_up")


@BOTH
def test_who_cancels_and_who_gives_one_proof(
    visitor: Visitor, refusals: Refusals, name: str
) -> None:
    refusals.check(visitor.sign_in(name, None), "denied")
    refusals.check(visitor.sign_in(name, "nomfa-mallory"), "no_mfa")


@BOTH
def test_a_callback_in_another_browser(
    visitor: Visitor, another: Visitor, refusals: Refusals, name: str
) -> None:
    callback = sign_in_by_hand(visitor.begin(name), "mallory")

    refusals.check(another.see(callback), "state")
    another.begin(name)
    refusals.check(another.see(callback), "state")


@BOTH
def test_a_sign_in_that_took_more_than_ten_minutes(
    site: Site, visitor: Visitor, refusals: Refusals, name: str
) -> None:
    callback = sign_in_by_hand(visitor.begin(name), "mallory")
    site.clock.ahead = timedelta(minutes=10)

    refusals.check(visitor.see(callback), "state")


@BOTH
def test_who_is_not_known_is_disabled_or_has_no_role(
    site: Site, two_issuers: Issuers, visitor: Visitor, refusals: Refusals, name: str
) -> None:
    issuer = getattr(two_issuers, name)
    gone = site.know(f"tom-{name}", Duty.CHAIR, issuer=issuer)
    site.say(rights_events.PersonDisabled(person=gone, reason="left"))
    idle = site.know(f"una-{name}", issuer=issuer)
    service = site.know(f"vic-{name}", Duty.SCHEDULER, issuer=issuer)
    waits = site.know(f"wes-{name}", issuer=issuer)
    proposed = rights_events.GrantProposed(
        grant=waits, person=waits, role=Duty.CHAIR, reason="test"
    )
    site.say(proposed)

    refusals.check(visitor.sign_in(name, "stranger"), "not_known")
    refusals.check(visitor.sign_in(name, gone), "disabled")
    for nobody in (idle, service, waits):
        refusals.check(visitor.sign_in(name, nobody), "no_role")


def test_a_provider_that_is_down_is_told_as_that(
    forger: Forger, visitor: Visitor, refusals: Refusals
) -> None:
    answer = visitor.see("/sign-in?provider=down")
    refusals.check(answer, "provider_unreachable", 503)
    assert "cannot be reached just now" in answer.text
    assert answer.headers["retry-after"] == "30"

    forging = Forging(forger, visitor)
    forger.raw = {"/token": b"<html>"}
    refusals.check(forging.answer(""), "provider_wrong", 503)


def test_an_attempt_is_gone_once_it_was_refused(visitor: Visitor, refusals: Refusals) -> None:
    answer = visitor.sign_in("council", "nomfa-mallory")

    assert cookies_of(answer)[ATTEMPT]["max-age"] == "0"
    assert visitor.cookies == {}


def test_nobody_finishes_a_sign_in_that_was_not_begun(visitor: Visitor, refusals: Refusals) -> None:
    for name in ("council", "nobody", "%00", "é"):
        refusals.check(visitor.see(f"/sign-in/{name}/callback?code=c&state=s"), "state")
    visitor.cookies[ATTEMPT] = "x"
    refusals.check(visitor.see("/sign-in/council/callback?code=c&state=s"), "state")
