"""A machine comes in by a token of a provider, and sees what is owed but nobody's words."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.desks import agreed, opened
from entrance.conftest import DOWN
from entrance.forging import Forging
from entrance.site import Site
from entrance.visitor import Visitor
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.words import Duty
from plantrack.worker.sweeper import sweep
from signin.forger import Forger
from signin.issuers import Issuers

ACCESS = "at+jwt"
SECRETS = ("Speak to the father", "C Chair", "L Worker", "O Owner", "Secretname", "neglect")


@pytest.fixture(scope="module")
def scheduler(the_site: Site, two_issuers: Issuers) -> str:
    """A machine with its role, a plan on which something is overdue, and an alert about it."""
    site = the_site
    site.know("nightly", Duty.SCHEDULER, issuer=two_issuers.council, subject="council-import")
    site.know("chair", Duty.CHAIR, issuer=two_issuers.council)
    with Visitor(site) as visitor:
        visitor.sign_in("council", "chair")
        made = visitor.ask("POST", "/api/plans", params={"plan": "CP-1"}, **sent(opened()))
        assert made.status_code == 201, made.text
        entry = {"headers": {"If-Match": '"1"'}}
        put = visitor.ask("POST", "/api/plans/CP-1/entries", **sent(agreed(), **entry))
        assert put.status_code == 201, put.text
    site.follow()
    sweep(site.services, site.services.files())
    site.follow()
    return two_issuers.machine_token("council", "plantrack")


def sent(body: dict[str, Any], headers: dict[str, str] | None = None) -> dict[str, Any]:
    return {"json": body, "headers": {"Sec-Fetch-Site": "same-origin", **(headers or {})}}


@pytest.fixture
def machine(site: Site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.address) as client:
        yield client


def by(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("path", ["/api/due", "/api/alerts"])
def test_a_machine_sees_what_is_owed_and_raised_and_no_words(
    machine: httpx.Client, scheduler: str, path: str
) -> None:
    answer = machine.get(path, headers=by(scheduler))

    assert answer.status_code == 200
    assert {item["plan"] for item in answer.json()["items"]} == {"CP-1"}
    assert not [word for word in SECRETS if word in answer.text]


def test_people_see_the_words_that_a_machine_does_not(
    site: Site, two_issuers: Issuers, visitor: Visitor, scheduler: str
) -> None:
    visitor.sign_in("council", "chair")

    assert "Speak to the father" in visitor.get("/api/plans/CP-1").text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/api/session"),
        ("GET", "/api/plans"),
        ("GET", "/api/plans/CP-1"),
        ("POST", "/api/plans/CP-1/entries"),
        ("GET", "/api/people"),
        ("GET", "/api/looked"),
        ("GET", "/api/export"),
        ("POST", "/sign-out"),
    ],
)
def test_a_machine_does_nothing_else(
    machine: httpx.Client, scheduler: str, method: str, path: str
) -> None:
    assert machine.request(method, path, headers=by(scheduler)).status_code == 403


def test_a_machine_that_is_not_known_is_nobody(
    machine: httpx.Client, two_issuers: Issuers, scheduler: str
) -> None:
    token = two_issuers.machine_token("police", "plantrack")

    assert machine.get("/api/due", headers=by(token)).status_code == 401


def test_a_machine_whose_role_was_ended_is_nobody_at_once(
    site: Site, machine: httpx.Client, two_issuers: Issuers
) -> None:
    site.know("weekly", Duty.SCHEDULER, issuer=two_issuers.police, subject="police-import")
    token = two_issuers.machine_token("police", "plantrack")
    assert machine.get("/api/due", headers=by(token)).status_code == 200

    site.say(rights_events.GrantEnded(grant="weekly-scheduler", reason="not needed"))

    assert machine.get("/api/due", headers=by(token)).status_code == 401


def test_a_token_for_another_audience_or_another_purpose_is_refused(
    machine: httpx.Client, two_issuers: Issuers, scheduler: str
) -> None:
    elsewhere = two_issuers.machine_token("council", "plantrack", "https://another.example")
    reading = two_issuers.machine_token("council", "read")

    for token in (elsewhere, reading, scheduler + "x", "x", "a.b.c"):
        answer = machine.get("/api/due", headers=by(token))
        assert answer.status_code == 401
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
        assert token not in answer.text


def test_a_token_is_refused_once_it_is_too_old(
    site: Site, machine: httpx.Client, scheduler: str
) -> None:
    site.clock.ahead = timedelta(minutes=9)
    assert machine.get("/api/due", headers=by(scheduler)).status_code == 200

    site.clock.ahead = timedelta(minutes=11)
    assert machine.get("/api/due", headers=by(scheduler)).status_code == 401


def test_a_token_of_a_person_is_refused_and_a_session_is_no_token(
    site: Site, two_issuers: Issuers, forger: Forger, machine: httpx.Client, visitor: Visitor
) -> None:
    site.know("robot", Duty.SCHEDULER, issuer=forger.issuer)
    now = int(time.time())
    claims = {"iat": now, "exp": now + 300, "sub": "robot", "scope": "plantrack"}
    good = forger.machine_claims(**claims, client_id="robot")
    of_a_person = forger.machine_claims(**claims, client_id="plantrack")
    id_token = Forging(forger, visitor).claims(sub="robot")
    site.know("person", Duty.ADMIN, issuer=two_issuers.council)
    visitor.sign_in("council", "person")

    def status(token: str) -> int:
        return machine.get("/api/due", headers=by(token)).status_code

    assert status(forger.sign(good, typ=ACCESS)) == 200
    assert status(forger.sign(of_a_person, typ=ACCESS)) == 401
    assert status(forger.sign(id_token)) == 401
    assert status(forger.unsigned(good, typ=ACCESS)) == 401
    assert status(forger.signed_with_what_is_public(good, typ=ACCESS)) == 401
    assert status(str(visitor.session)) == 401


def test_a_provider_that_is_down_is_no_fault_of_the_token(
    forger: Forger, machine: httpx.Client
) -> None:
    now = int(time.time())
    claims = forger.machine_claims(iss=DOWN.issuer, iat=now, exp=now + 300, scope="plantrack")

    answer = machine.get("/api/due", headers=by(forger.sign(claims, typ=ACCESS)))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Try again in a minute" in answer.json()["detail"]
