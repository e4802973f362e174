"""What another site's page made a browser ask is refused, and so is a name that is not ours."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.desks import Office, office, opened
from api.test_problems import told
from plantrack.record import migrate

COOKIE = {"Cookie": "session=s3cret"}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database for the module: who may ask does not depend on it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('cross_site')}/record.db"
    migrate(url)
    return url


@pytest.fixture(scope="module")
def here(database: str) -> Iterator[Office]:
    """The demonstration at http://plantrack, with a plan."""
    with office(database) as opened_here:
        opened_here.open()
        yield opened_here


def send(here: Office, headers: Any, method: str = "POST") -> Any:
    """Send what would be refused as already there, were it let through."""
    headers = [*here.client.headers.items(), *getattr(headers, "items", headers.__iter__)()]
    return here.client.request(
        method, "/api/plans", params={"plan": "CP-1"}, json=opened(), headers=headers
    )


OURS: list[dict[str, str]] = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin"} | COOKIE,
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "none"} | COOKIE,
    {"Origin": "http://plantrack"},
    {"Origin": "http://plantrack"} | COOKIE,
    {"Origin": "http://plantrack:80"},
    {"Origin": "http://plantrack", "Sec-Fetch-Site": "same-origin"},
]
FOREIGN: list[dict[str, str] | list[tuple[str, str]]] = [
    COOKIE,
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "something new"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://plantrack"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")],
    {"Origin": "http://elsewhere"},
    {"Origin": "https://plantrack"},
    {"Origin": "http://plantrack:8000"},
    {"Origin": "http://plantrack.elsewhere"},
    {"Origin": "http://evil-plantrack"},
    {"Origin": "plantrack"},
    {"Origin": "null"},
    {"Origin": ""},
    [("Origin", "http://plantrack"), ("Origin", "http://elsewhere")],
]


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_a_page_of_ours_and_a_program_may_change_something(here: Office, headers: Any) -> None:
    assert told(send(here, headers), 409)["type"].endswith("already-opened")


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_page_of_another_site_changes_nothing(here: Office, headers: Any) -> None:
    before = here.services.record.count()

    said = told(send(here, headers), 403)

    assert "page of another site" in said["detail"]
    assert here.services.record.count() == before


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PROPFIND", "TRACE"])
def test_whatever_could_change_something_is_guarded(here: Office, method: str) -> None:
    told(send(here, {"Sec-Fetch-Site": "cross-site"}, method), 403)
    assert send(here, {"Sec-Fetch-Site": "same-origin"}, method).status_code in (405, 409)


def test_another_site_may_ask_in_vain_what_it_may_do(here: Office) -> None:
    asks = {"Origin": "http://elsewhere", "Sec-Fetch-Site": "cross-site"}

    answer = here.client.request("OPTIONS", "/api/plans", headers=asks)

    assert told(answer, 405)
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_port_that_is_not_usual_belongs_to_the_origin(here: Office) -> None:
    at_8000 = {"Host": "plantrack:8000"}

    told(send(here, at_8000 | {"Origin": "http://plantrack:8000"}), 409)
    told(send(here, at_8000 | {"Origin": "http://plantrack:8001"}), 403)
    told(send(here, at_8000 | {"Origin": "http://plantrack"}), 403)


def test_in_production_our_own_pages_come_over_https(url: str) -> None:
    with office(url, demo=False) as here:
        told(send(here, {"Origin": "https://plantrack"}), 401)
        told(send(here, {"Origin": "https://plantrack:443"}), 401)
        told(send(here, {"Origin": "http://plantrack"}), 403)
    with office(url, demo=False, settings={"https": False}) as here:
        told(send(here, {"Origin": "http://plantrack"}), 401)
        told(send(here, {"Origin": "https://plantrack"}), 403)


@pytest.mark.parametrize("written", ["https://plan.example", "https://PLAN.example:443/"])
def test_an_installation_may_say_where_people_see_it(database: str, written: str) -> None:
    with office(database, settings={"public_origin": written}) as here:
        told(send(here, {"Origin": "https://plan.example"}), 409)
        told(send(here, {"Origin": "https://plan.example:8443"}), 403)
        told(send(here, {"Origin": "http://plantrack"}), 403)


# What is read -------------------------------------------------------------------------------------


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_reads_nothing(here: Office, site: str) -> None:
    for goal in ("empty", "script", "image", "iframe", "object", "embed"):
        mode = "navigate" if goal in ("iframe", "object", "embed") else "no-cors"
        asks = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": goal}
        told(here.client.get("/api/plans/CP-1", headers=asks), 403)
        assert here.client.request("HEAD", "/api/plans/CP-1", headers=asks).status_code == 403
    told(here.client.get("/api/plans/CP-1", headers={"Sec-Fetch-Site": site}), 403)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "same-origin"])
def test_a_link_may_be_followed_from_anywhere(here: Office, site: str) -> None:
    asks = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}

    assert here.client.get("/api/plans/CP-1", headers=asks | COOKIE).status_code == 200


def test_our_own_pages_and_programs_read(here: Office) -> None:
    for asks in ({}, COOKIE, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert here.client.get("/api/plans/CP-1", headers=asks).status_code == 200


def test_what_is_no_plan_may_be_asked_from_anywhere(here: Office) -> None:
    asks = {"Sec-Fetch-Site": "cross-site"}

    assert here.client.get("/healthz", headers=asks).status_code == 200
    told(here.client.get("/nowhere", headers=asks), 404)


# What is sent -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
def test_what_a_form_could_send_is_not_read(here: Office, kind: str | None) -> None:
    headers = {"Sec-Fetch-Site": "same-origin"} | ({"Content-Type": kind} if kind else {})
    before = here.services.record.count()

    answer = here.client.post(
        "/api/plans", content='{"kind": "PlanOpened"}', headers=headers, params={"plan": "CP-2"}
    )

    told(answer, 415)
    assert here.services.record.count() == before


# Names --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def named(database: str) -> Iterator[Office]:
    """An installation that says which names it has."""
    hosts = ("plantrack", "Plan.example", "[::1]")
    with office(database, settings={"hosts": hosts}) as opened_here:
        yield opened_here


@pytest.mark.parametrize(
    "host", ["plantrack", "plantrack:8000", "PLAN.example", "[::1]", "[::1]:8000"]
)
def test_it_answers_at_its_names(named: Office, host: str) -> None:
    assert named.client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["elsewhere", "plantrack.elsewhere", "x.plantrack", "plan.example:80:80", "[::2]", "", ":80"],
)
def test_it_does_not_answer_at_other_names(named: Office, host: str) -> None:
    for path in ("/healthz", "/api/plans", "/nowhere"):
        said = told(named.client.get(path, headers={"Host": host}), 421)
        assert "not at this name" in said["detail"]
        assert host == "" or host not in str(said)


def test_two_names_at_once_are_not_ours(named: Office) -> None:
    twice = [("Host", "plantrack"), ("Host", "elsewhere")]

    told(named.client.get("/healthz", headers=twice), 421)


def test_without_names_it_answers_at_any(here: Office) -> None:
    assert here.client.get("/healthz", headers={"Host": "elsewhere"}).status_code == 200


# What a caller says about the way it came ---------------------------------------------------------

CLAIMS = {
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Host": "elsewhere",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-User": "C Chair",
    "X-Remote-User": "C Chair",
    "X-User": "C Chair",
    "Forwarded": "for=127.0.0.1;host=elsewhere;proto=https",
    "X-HTTP-Method-Override": "DELETE",
    "X-Original-URL": "/healthz",
}


def test_claims_of_a_caller_let_nobody_in(here: Office, named: Office) -> None:
    told(send(here, CLAIMS | {"Origin": "http://elsewhere"}), 403)
    told(send(here, CLAIMS | {"Origin": "https://plantrack"}), 403)
    told(send(here, CLAIMS | {"Origin": "http://plantrack"}), 409)
    outsider = CLAIMS | {"Host": "elsewhere", "X-Forwarded-Host": "plantrack"}
    told(named.client.get("/healthz", headers=outsider), 421)
    told(here.client.get("/api/plans", headers=CLAIMS | {"Authorization": "x"}), 401)


def test_claims_of_a_caller_change_neither_answer_nor_author(here: Office) -> None:
    worker = here.as_somebody({"name": "S Worker", "agency": "csc", "role": "social_worker"})
    plain = here.client.get("/api/plans/CP-1", headers=worker)
    claimed = here.client.get("/api/plans/CP-1", headers=worker | CLAIMS)
    sent = here.client.post(
        "/api/plans",
        params={"plan": "CP-3"},
        json=opened("J3"),
        headers=worker | CLAIMS | {"X-User": "S Somebody"},
    )

    assert claimed.text == plain.text
    assert sent.status_code == 201
    here.tie()
    told_by = here.client.get("/api/plans/CP-3/chronology").text
    assert "S Worker" in told_by
    assert "S Somebody" not in told_by
