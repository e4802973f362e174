"""People sign in at their own provider, with a cookie that is theirs alone."""

import json

import httpx
import pytest

from entrance.site import Site
from entrance.visitor import ATTEMPT, SESSION, Visitor, cookies_of
from plantrack.domain.rights.words import Duty
from signin.issuers import Issuers, sign_in_by_hand

BOTH = pytest.mark.parametrize("name", ["council", "police"])


def who(visitor: Visitor) -> dict[str, object]:
    found: dict[str, object] = visitor.get("/api/session").json()
    return found


@BOTH
def test_somebody_signs_in_and_is_told_who_they_are(
    site: Site, two_issuers: Issuers, visitor: Visitor, name: str
) -> None:
    person = site.know(f"ann-{name}", Duty.CHAIR, issuer=getattr(two_issuers, name))

    back = visitor.sign_in(name, person)
    home = visitor.see("/you")

    assert (back.status_code, back.headers["location"]) == (303, "/")
    assert home.status_code == 200
    assert f"Signed in as {person} Secretname, conference chair" in home.text
    assert "<title>Your roles and sessions \N{EN DASH} Plan tracker" in home.text
    assert (who(visitor)["person"], who(visitor)["post"]) == (person, "chair@csc")


def test_cookies_are_for_this_host_and_for_no_script(
    site: Site, two_issuers: Issuers, visitor: Visitor
) -> None:
    site.know("bea", Duty.CHAIR, issuer=two_issuers.council)

    began = visitor.ask("GET", "/sign-in", params={"provider": "council"})
    back = visitor.see(sign_in_by_hand(began.headers["location"], "bea"))

    for answer, name in ((began, ATTEMPT), (back, SESSION), (back, ATTEMPT)):
        cookie = cookies_of(answer)[name]
        assert cookie["secure"], name
        assert cookie["httponly"], name
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("lax", "/", ""), name
    assert cookies_of(began).keys() == {ATTEMPT}
    assert cookies_of(back)[SESSION]["max-age"] == ""
    assert cookies_of(back)[ATTEMPT]["max-age"] == "0"
    assert visitor.cookies.keys() == {SESSION}


def test_each_sign_in_has_a_new_cookie_and_the_old_one_is_dead(
    site: Site, two_issuers: Issuers, visitor: Visitor, another: Visitor
) -> None:
    site.know("cat", Duty.CHAIR, issuer=two_issuers.council)
    visitor.sign_in("council", "cat")
    first = visitor.session
    before = site.sessions()

    visitor.sign_in("council", "cat")
    another.cookies = {SESSION: str(first)}

    assert visitor.session not in (None, first)
    assert visitor.get("/api/session").status_code == 200
    assert another.get("/api/session").status_code == 401
    assert site.sessions() == before


def test_another_person_in_the_same_browser_takes_the_place_of_the_first(
    site: Site, two_issuers: Issuers, visitor: Visitor, another: Visitor
) -> None:
    site.know("dan", Duty.CHAIR, issuer=two_issuers.council)
    site.know("deb", Duty.PARTNER_LEAD, issuer=two_issuers.police, agency="police")
    visitor.sign_in("council", "dan")
    another.cookies = dict(visitor.cookies)

    visitor.sign_in("police", "deb")

    assert who(visitor)["person"] == "deb"
    assert another.get("/api/session").status_code == 401


def test_one_subject_at_two_providers_is_two_people(
    site: Site, two_issuers: Issuers, visitor: Visitor, another: Visitor
) -> None:
    site.know("eve-c", Duty.CHAIR, issuer=two_issuers.council, subject="eve")
    site.know("eve-p", Duty.PARTNER_LEAD, issuer=two_issuers.police, subject="eve")

    visitor.sign_in("council", "eve")
    another.sign_in("police", "eve")

    assert [who(each)["person"] for each in (visitor, another)] == ["eve-c", "eve-p"]


@pytest.mark.parametrize(
    ("then", "location"),
    [
        ("/api/session", "/api/session"),
        ("/a?b=c&d=e", "/a?b=c&d=e"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\r\nSet-Cookie: x=1", "/"),
        ("/" + "a" * 1999, "/" + "a" * 1999),
        ("/" + "a" * 2000, "/"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_afterwards_somebody_is_where_they_wanted_to_be_on_our_own_site(
    site: Site, two_issuers: Issuers, visitor: Visitor, then: str, location: str
) -> None:
    if "fay" not in site.services.authoriser.look().rights.people:
        site.know("fay", Duty.CHAIR, issuer=two_issuers.police)

    assert visitor.sign_in("police", "fay", then=then).headers["location"] == location


def test_the_provider_sends_people_back_to_the_public_address(site: Site, visitor: Visitor) -> None:
    answer = visitor.ask(
        "GET",
        "/sign-in",
        {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
        params={"provider": "council"},
    )

    back = httpx.URL(answer.headers["location"]).params["redirect_uri"]
    assert back == f"{site.address}/sign-in/council/callback"


def test_the_page_names_every_provider_and_takes_the_wish_along(
    site: Site, visitor: Visitor
) -> None:
    page = visitor.see("/sign-in?then=/a%26provider%3Devil%22%3E&provider=unknown")

    assert page.status_code == 200
    assert "Sign in with Fernleigh Council" in page.text
    assert "Sign in with Fernshire Police" in page.text
    assert "/sign-in?provider=council&amp;then=%2Fa%26provider%3Devil%22%3E" in page.text
    assert "demonstration" not in page.text


def test_somebody_of_several_posts_begins_in_the_first_and_goes_on_in_another(
    site: Site, two_issuers: Issuers, visitor: Visitor
) -> None:
    posts = (Duty.SOCIAL_WORKER, Duty.TEAM_MANAGER)
    site.know("gus", *posts, issuer=two_issuers.council)
    visitor.sign_in("council", "gus")
    first = who(visitor)

    chosen = visitor.send("/api/session/post", {"post": "team_manager@csc"})
    cannot = visitor.send("/api/session/post", {"post": "chair@csc"})

    assert first["post"] == "social_worker@csc"
    assert first["posts"] == ["social_worker@csc", "team_manager@csc"]
    assert (chosen.status_code, chosen.json()["post"]) == (200, "team_manager@csc")
    assert cannot.status_code == 403
    assert who(visitor)["post"] == "team_manager@csc"
    assert visitor.see("/").headers["location"] == "/alerts"
    assert "Team manager" in visitor.see("/you").text


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, {"content": json.dumps({"post": "chair@csc"})}),
        ({"Sec-Fetch-Site": "same-site"}, {"content": json.dumps({"post": "chair@csc"})}),
        ({"Origin": "https://evil.example"}, {"content": json.dumps({"post": "chair@csc"})}),
        ({"Origin": "null"}, {"content": json.dumps({"post": "chair@csc"})}),
        ({}, {"content": json.dumps({"post": "chair@csc"})}),
    ],
    ids=["cross-site", "same-site", "origin", "null", "nothing"],
)
def test_a_post_is_not_changed_from_elsewhere(
    site: Site,
    two_issuers: Issuers,
    visitor: Visitor,
    headers: dict[str, str],
    body: dict[str, str],
) -> None:
    if "hal" not in site.services.authoriser.look().rights.people:
        site.know("hal", Duty.SOCIAL_WORKER, Duty.CHAIR, issuer=two_issuers.council)
    visitor.sign_in("council", "hal")

    sent = {**headers, "Content-Type": "application/json"}
    answer = visitor.ask("POST", "/api/session/post", sent, **body)

    assert answer.status_code == 403
    assert who(visitor)["post"] == "social_worker@csc"


def test_a_post_is_not_changed_by_what_a_form_can_send(
    site: Site, two_issuers: Issuers, visitor: Visitor
) -> None:
    site.know("ida", Duty.SOCIAL_WORKER, Duty.CHAIR, issuer=two_issuers.council)
    visitor.sign_in("council", "ida")

    plain = {"Sec-Fetch-Site": "same-origin", "Content-Type": "text/plain"}
    sent = visitor.ask("POST", "/api/session/post", plain, content='{"post": "chair@csc"}')

    assert sent.status_code == 415
    assert who(visitor)["post"] == "social_worker@csc"


def test_signing_in_is_logged_without_a_name_and_without_an_identity(
    site: Site, two_issuers: Issuers, visitor: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    site.know("joy", Duty.CHAIR, issuer=two_issuers.police, subject="subject-of-joy")

    visitor.sign_in("police", "subject-of-joy")
    visitor.post("/sign-out")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    assert [(each["event"], each["person"]) for each in lines if "person" in each] == [
        ("signed in", "joy"),
        ("signed out", "joy"),
    ]
    assert "Secretname" not in str(lines)
    assert "subject-of-joy" not in str(lines)
