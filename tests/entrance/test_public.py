"""What anybody may open: a few addresses, and pages that give nothing away."""

import re
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from entrance.site import Site, Well
from entrance.visitor import PAGE, Visitor
from plantrack.domain.rights.words import Duty
from plantrack.pages.site import create_site
from plantrack.web.authorise import action_of
from plantrack.web.headers import ALWAYS, OVER_HTTPS
from signin.issuers import Issuers

PUBLIC = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/sign-in"),
    ("GET", "/sign-in/{provider}/callback"),
    ("GET", "/council.css"),
    ("GET", "/council-icon.svg"),
    ("GET", "/council-logo"),
    ("GET", "/accessibility"),
    ("GET", "/privacy"),
    ("GET", "/help"),
}
BUILT = "/static"


def routes(site: Site) -> list[Any]:
    """Give every route of the application, whatever it is included by."""
    waiting = list(create_site(site.services, health=Well(), sources=site.sources).routes)
    found = []
    while waiting:
        each: Any = waiting.pop()
        if getattr(each, "path", None) == BUILT:
            continue
        inner = getattr(each, "original_router", each)
        waiting += getattr(inner, "routes", [])
        found += [each] if inner is each else []
    return found


def filled(path: str) -> str:
    """Name something in an address where it says what it is of."""
    return re.sub(r"\{[a-z_:]+\}", "1", path.replace("{plan}", "CP-1"))


def test_a_few_addresses_are_public_and_every_other_is_an_action(site: Site) -> None:
    found = routes(site)
    public = {(m, each.path) for each in found if action_of(each) is None for m in each.methods}

    assert all(isinstance(each, APIRoute) for each in found)
    assert len(found) > len(PUBLIC) + 20
    assert public == PUBLIC


def test_everything_else_needs_somebody_who_signed_in(site: Site) -> None:
    with httpx.Client(base_url=site.address) as client:
        for method, path in [(m, each.path) for each in routes(site) for m in each.methods]:
            if (method, path) not in PUBLIC:
                answer = client.request(method, filled(path))
                assert answer.status_code == 401, (method, path)


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/demo/sign-in"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_describes_it_and_nobody_gets_in_unchecked(
    visitor: Visitor, method: str, path: str
) -> None:
    assert visitor.ask(method, path).status_code == 404
    assert visitor.ask(method, "/api" + path).status_code == 404


def test_pages_carry_every_header_and_name_no_server(
    site: Site, two_issuers: Issuers, visitor: Visitor
) -> None:
    site.know("xan", Duty.CHAIR, issuer=two_issuers.council)
    answers = [
        visitor.see("/"),
        visitor.see("/sign-in"),
        visitor.ask("GET", "/sign-in", PAGE, params={"provider": "council"}),
        visitor.see("/sign-in/council/callback?state=x"),
        visitor.sign_in("council", "xan"),
        visitor.see("/you"),
        visitor.post("/sign-out"),
        visitor.ask("POST", "/sign-out", {**PAGE, "Sec-Fetch-Site": "cross-site"}),
        visitor.see("/nothing"),
    ]

    assert [each.status_code for each in answers] == [303, 200, 303, 403, 303, 200, 303, 403, 404]
    for answer in answers:
        assert {n: answer.headers.get(n) for n in ALWAYS | OVER_HTTPS} == ALWAYS | OVER_HTTPS
        assert "server" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/"},
    ],
    ids=str,
)
def test_a_form_on_another_site_signs_nobody_out(
    site: Site, two_issuers: Issuers, visitor: Visitor, headers: dict[str, str]
) -> None:
    if "yan" not in site.services.authoriser.look().rights.people:
        site.know("yan", Duty.CHAIR, issuer=two_issuers.council)
    visitor.sign_in("council", "yan")

    form = {**PAGE, **headers, "Content-Type": "application/x-www-form-urlencoded"}
    refused = visitor.ask("POST", "/sign-out", form, content="a=b")

    assert refused.status_code == 403
    assert visitor.get("/api/session").status_code == 200


def test_a_page_on_another_site_reads_nothing(
    site: Site, two_issuers: Issuers, visitor: Visitor
) -> None:
    site.know("zoe", Duty.CHAIR, issuer=two_issuers.council)
    visitor.sign_in("council", "zoe")

    foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    refused = visitor.ask("GET", "/api/session", foreign)

    assert refused.status_code == 403
    assert "zoe" not in refused.text
    assert "access-control-allow-origin" not in refused.headers


def test_titles_and_addresses_name_nobody(
    site: Site, two_issuers: Issuers, visitor: Visitor
) -> None:
    site.know("abe", Duty.CHAIR, issuer=two_issuers.council)
    callback = visitor.sign_in("council", "abe")
    home = visitor.see("/you")

    title = home.text.partition("<title>")[2].partition("</title>")[0]
    assert title == "Your roles and sessions \N{EN DASH} Plan tracker \N{EN DASH} Fernleigh Council"
    assert "abe" not in callback.headers["location"] + str(home.url)
