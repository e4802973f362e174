"""A session that is over is nobody's: its cookie gets 401 on the very next request."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from entrance.site import Site
from entrance.visitor import SESSION, Visitor
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.words import Duty
from signin.issuers import Issuers

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=10)
SECOND = timedelta(seconds=1)


def status(visitor: Visitor) -> int:
    return visitor.get("/api/session").status_code


@pytest.fixture
def signed_in(
    site: Site, two_issuers: Issuers, visitor: Visitor, request: pytest.FixtureRequest
) -> str:
    """Somebody who has signed in, and no other test knows."""
    number = len(site.services.authoriser.look().rights.people)
    person = site.know(f"quinn-{number}", Duty.CHAIR, issuer=two_issuers.council)
    visitor.sign_in("council", person)
    return person


def test_a_session_that_is_not_used_is_over_after_half_an_hour(
    site: Site, signed_in: str, visitor: Visitor
) -> None:
    site.clock.ahead = IDLE - 20 * SECOND
    assert status(visitor) == 200

    site.clock.ahead += IDLE
    assert status(visitor) == 401


def test_a_session_that_is_used_all_the_time_is_over_after_ten_hours(
    site: Site, signed_in: str, visitor: Visitor
) -> None:
    while site.clock.ahead < ABSOLUTE - 20 * SECOND:
        assert status(visitor) == 200
        site.clock.ahead += timedelta(minutes=29)
    site.clock.ahead = ABSOLUTE - 20 * SECOND
    assert status(visitor) == 200

    site.clock.ahead = ABSOLUTE
    assert status(visitor) == 401


@pytest.mark.parametrize("how", ["page", "api"])
def test_who_signs_out_is_nobody_and_so_is_who_kept_the_cookie(
    site: Site, signed_in: str, visitor: Visitor, another: Visitor, how: str
) -> None:
    another.cookies = dict(visitor.cookies)

    if how == "page":
        out = visitor.post("/sign-out")
        assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
    else:
        assert visitor.send("/api/session/end", {}).json() == {"ended": True}

    assert SESSION not in visitor.cookies
    assert status(another) == 401
    assert site.sources.sessions.sessions_of(signed_in) == []


def disabled(person: str) -> rights_events.RightsEvent:
    return rights_events.PersonDisabled(person=person, reason="left")


def ended(person: str) -> rights_events.RightsEvent:
    return rights_events.GrantEnded(grant=f"{person}-chair", reason="moved on")


def restored(person: str) -> list[rights_events.RightsEvent]:
    return [rights_events.PersonRestored(person=person, reason="back")]


def granted(person: str) -> list[rights_events.RightsEvent]:
    role = Duty.CHAIR
    grant = rights_events.GrantProposed(
        grant=f"{person}-2", person=person, role=role, reason="back"
    )
    return [grant, rights_events.GrantApproved(grant=f"{person}-2")]


@pytest.mark.parametrize(("over", "again"), [(disabled, restored), (ended, granted)])
def test_who_may_not_use_plantrack_any_more_is_nobody_and_the_cookie_stays_dead(
    site: Site,
    signed_in: str,
    visitor: Visitor,
    over: Callable[[str], rights_events.RightsEvent],
    again: Callable[[str], list[rights_events.RightsEvent]],
) -> None:
    assert status(visitor) == 200

    site.say(over(signed_in))
    assert status(visitor) == 401

    site.say(*again(signed_in))
    assert status(visitor) == 401
    visitor.sign_in("council", signed_in)
    assert status(visitor) == 200


def test_a_role_is_over_after_its_last_day(
    site: Site, two_issuers: Issuers, visitor: Visitor
) -> None:
    site.know("rob", issuer=two_issuers.council)
    until = site.services.today()
    grant = rights_events.GrantProposed(
        grant="rob-today", person="rob", role=Duty.CHAIR, reason="today", until=until
    )
    site.say(grant, rights_events.GrantApproved(grant="rob-today"))
    visitor.sign_in("council", "rob")
    assert status(visitor) == 200

    while site.services.today() == until:
        site.clock.ahead += timedelta(minutes=20)
        seen = status(visitor)

    assert seen == 401


def test_who_is_signed_out_everywhere_is_nobody_in_each_browser(
    site: Site, signed_in: str, visitor: Visitor, another: Visitor
) -> None:
    another.sign_in("council", signed_in)

    assert site.sources.sessions.end_all_of(signed_in) == 2

    assert (status(visitor), status(another)) == (401, 401)


def test_others_stay_signed_in(
    site: Site, two_issuers: Issuers, signed_in: str, visitor: Visitor, another: Visitor
) -> None:
    site.know("sue", Duty.CHAIR, issuer=two_issuers.council)
    another.sign_in("council", "sue")

    site.say(disabled(signed_in))

    assert (status(visitor), status(another)) == (401, 200)


@pytest.mark.parametrize("path", ["/", "/api/session"])
def test_what_does_not_take_pages_is_told_to_sign_in(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="plantrack"'
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/sign-out")])
def test_a_browser_is_sent_to_the_sign_in_page(visitor: Visitor, method: str, path: str) -> None:
    answer = visitor.see(path) if method == "GET" else visitor.post(path)

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


@pytest.mark.parametrize("cookie", ["", "x", "é", "a" * 5000, "%00", "null"])
def test_a_cookie_that_nobody_gave_is_nobody_s(visitor: Visitor, cookie: str) -> None:
    answer = visitor.ask("GET", "/api/session", {"Cookie": f"{SESSION}={cookie}".encode()})  # type: ignore[dict-item]  # as raw bytes

    assert answer.status_code == 401
