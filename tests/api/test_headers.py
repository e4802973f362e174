"""Every answer carries the same protective headers, whoever gave it, and an id of the request."""

import asyncio
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send
from structlog.testing import capture_logs

from api.desks import Office, office, opened, seen
from api.test_limits import MB, served
from plantrack.api import examples
from plantrack.record import migrate
from plantrack.web.headers import SafeHeaders

EXPECTED = {
    "content-security-policy": (
        "default-src 'none'; "
        "script-src 'self' 'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='; "
        "style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "object-src 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
OVER_HTTPS = {"strict-transport-security": "max-age=63072000; includeSubDomains"}
PLACES = {"plan": "CP-1", "family": "F1", "provider": "none"}
SENT: dict[str, dict[str, Any]] = {
    "/api/plans": {"json": opened("J9"), "params": {"plan": "CP-9"}},
    "/api/plans/{plan}/entries": {"json": seen(), "headers": {"If-Match": '"1"'}},
    "/api/plans/{plan}/emergency-access": {"json": examples.EMERGENCY},
    "/api/rights": {"json": examples.RIGHTS["a person"]},
    "/api/session/post": {"json": {"post": "chair@csc"}},
    "/api/demo/sign-in": {"json": examples.PERSON},
}
ROLES = ("chair", "service_manager", "privacy_officer", "admin", "team_manager")
"""Among them are some for each address."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database for the module: the headers are the same over any."""
    url = f"sqlite:///{tmp_path_factory.mktemp('headers')}/record.db"
    migrate(url)
    return url


@pytest.fixture(scope="module")
def open_to_all(database: str) -> Iterator[Office]:
    """The demonstration, with a plan and with names of its own."""
    with office(database, settings={"hosts": ("plantrack", "127.0.0.1")}) as here:
        here.open()
        here.follow()
        yield here


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database that is no demonstration."""
    url = f"sqlite:///{tmp_path_factory.mktemp('installed')}/record.db"
    migrate(url)
    return url


@pytest.fixture
def production(installed: str) -> Iterator[Office]:
    """What an installation serves."""
    with office(installed, demo=False) as here:
        yield here


def carries_all(answer: httpx.Response, *, https: bool = False) -> httpx.Response:
    """Check an answer's headers: each is there once."""
    sent = answer.headers
    expected = EXPECTED | (OVER_HTTPS if https else {})
    found = {name: sent.get_list(name) for name in EXPECTED | OVER_HTTPS if name in sent}
    assert found == {name: [value] for name, value in expected.items()}, answer.url
    off = sent["permissions-policy"].split(", ")
    assert {"camera=()", "microphone=()", "geolocation=()", "payment=()"} <= {*off}
    assert all(each.endswith("=()") for each in off)
    [made] = sent.get_list("x-request-id")
    assert len(made) == 32
    assert "server" not in sent
    return answer


def test_every_route_answers_and_refuses_with_all_headers(open_to_all: Office) -> None:
    client, well, ways = open_to_all.client, 0, 0

    def answers_to(role: str, method: str, path: str, **sent: Any) -> httpx.Response:
        """Answer somebody who has just signed in, as one of the addresses is for signing out."""
        who = open_to_all.as_somebody({"name": f"Some {role}", "agency": "csc", "role": role})
        return carries_all(client.request(method, path, **with_headers(sent, who)))

    for route in open_to_all.app.state.routes:
        path = route.path.format_map(dict.fromkeys(route.param_convertors, "x") | PLACES)
        for method in route.methods:
            ways += 1
            sent = SENT.get(route.path, {})
            told = [answers_to(role, method, path, **sent) for role in ROLES]
            assert all(each.status_code < 500 for each in told), path
            well += any(each.is_success for each in told)
            if route.include_in_schema:
                refused = answers_to("chair", method, path, params={"colour": "red"})
                assert 400 <= refused.status_code < 500, path
        assert carries_all(client.request("PROPFIND", path)).status_code == 405
    assert well >= ways * 0.8


def with_headers(sent: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    return sent | {"headers": headers | sent.get("headers", {})}


def test_every_route_of_production_carries_all_headers(production: Office) -> None:
    assert production.app.state.routes
    for route in production.app.state.routes:
        path = route.path.format_map(dict.fromkeys(route.param_convertors, "x"))
        for method in (*route.methods, "PROPFIND"):
            carries_all(production.client.request(method, path), https=True)


REFUSALS: list[tuple[int, str, str, dict[str, Any]]] = [
    (404, "GET", "/nowhere", {}),
    (404, "GET", "/api/plans/CP-7", {}),
    (404, "GET", "/docs", {}),
    (405, "DELETE", "/api/plans", {}),
    (405, "OPTIONS", "/api/plans", {}),
    (405, "TRACE", "/api/plans", {}),
    (405, "HEAD", "/healthz", {}),
    (401, "GET", "/api/plans", {"headers": {"Authorization": "Bearer nonsense"}}),
    (403, "POST", "/api/plans", {"headers": {"Sec-Fetch-Site": "cross-site"}}),
    (406, "GET", "/api/plans", {"headers": {"Accept": "text/html"}}),
    (
        413,
        "POST",
        "/api/plans",
        {"content": b" " * (MB + 1), "headers": {"Content-Type": "application/json"}},
    ),
    (415, "POST", "/api/plans", {"content": b"{}"}),
    (421, "GET", "/healthz", {"headers": {"Host": "elsewhere"}}),
    (422, "GET", "/api/due", {"params": {"limit": "many"}}),
    (428, "POST", "/api/plans/CP-1/entries", {"json": seen()}),
    (431, "GET", "/healthz", {"headers": {"X": "x" * 17_000}}),
]


@pytest.mark.parametrize(("status", "method", "path", "sent"), REFUSALS)
def test_every_kind_of_refusal_carries_all_headers(
    open_to_all: Office, status: int, method: str, path: str, sent: dict[str, Any]
) -> None:
    answer = carries_all(open_to_all.client.request(method, path, **sent))

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_nobody_foresaw_carries_all_headers_and_its_id_is_noted(
    open_to_all: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(open_to_all.services.models, "reading", fail)

    with capture_logs() as logs:
        answer = carries_all(open_to_all.get("/api/due"))

    assert answer.status_code == 500
    assert logs[0]["request_id"] == answer.headers["x-request-id"]


def test_the_headers_stand_outside_all_that_may_answer(production: Office) -> None:
    outermost: object = production.app.user_middleware[0].cls
    assert outermost is SafeHeaders


def test_a_real_server_adds_no_name_of_its_own(open_to_all: Office) -> None:
    with served(open_to_all.app) as base, httpx.Client(base_url=base) as client:
        carries_all(client.get("/healthz"))
        carries_all(client.get("/nowhere"))


@pytest.mark.parametrize(("demo", "https"), [(True, True), (True, False), (False, False)])
def test_only_what_is_served_over_https_asks_for_it(
    database: str, installed: str, demo: bool, https: bool
) -> None:
    with office(database if demo else installed, demo=demo, settings={"https": https}) as here:
        carries_all(here.get("/healthz"), https=False)


def test_a_route_cannot_loosen_a_header(database: str) -> None:
    loose = [
        (b"Content-Security-Policy", b"default-src *"),
        (b"cache-control", b"public"),
        (b"strict-transport-security", b"max-age=1"),
        (b"x-request-id", b"CP-1"),
        (b"server", b"Homemade/1.0"),
        (b"etag", b'"4"'),
    ]

    answer = ask(SafeHeaders(answering(loose), https=True))

    assert carries_all(answer, https=True).headers["etag"] == '"4"'


def test_each_request_has_an_id_of_its_own_that_no_caller_chose(open_to_all: Office) -> None:
    chosen = {"X-Request-Id": "J1 was seen", "X-Correlation-Id": "J1 was seen"}

    made = [
        open_to_all.client.get("/healthz", headers=chosen).headers["x-request-id"] for _ in range(2)
    ]

    assert len({*made, "J1 was seen"}) == 3
    assert all(int(each, 16) for each in made)


def test_a_route_knows_the_id_that_its_caller_is_told() -> None:
    known = []

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        known.append(scope["state"]["request_id"])
        await answering([])(scope, receive, send)

    told = [ask(SafeHeaders(noting, https=False)).headers["x-request-id"] for _ in range(2)]

    assert known == told


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/redoc", "/docs/oauth2-redirect"])
def test_production_describes_itself_to_nobody(production: Office, path: str) -> None:
    assert carries_all(production.get(path), https=True).status_code == HTTPStatus.NOT_FOUND


def test_the_demonstration_describes_itself(open_to_all: Office) -> None:
    answer = carries_all(open_to_all.get("/openapi.json"))

    assert "/api/plans" in answer.json()["paths"]
    assert open_to_all.get("/docs").status_code == HTTPStatus.NOT_FOUND


def answering(headers: list[tuple[bytes, bytes]]) -> ASGIApp:
    """Make an application that answers with some headers."""

    async def answer(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    return answer


def ask(app: ASGIApp) -> httpx.Response:
    """Ask an application for anything."""

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://plantrack") as client:
            return await client.get("/")

    return asyncio.run(get())
