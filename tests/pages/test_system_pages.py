"""What goes wrong is told on a page, at every address; what the service says of itself."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from httpx import Response

from api.desks import UNHURRIED, Client, Found
from pages.filling_in import as_shown, errors_of, told
from partnership import ADMIN, CHAIR, INSPECTOR, NOW, NURSE, ON_CALL, at, player, post_of, small
from plantrack.access_log.log import AccessLog
from plantrack.api import Settings, Sources
from plantrack.application.council import Council
from plantrack.application.demo_people import CAST
from plantrack.application.services import Services
from plantrack.authentication.identity import Identity
from plantrack.authentication.sessions import Sessions
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.authorise import STEP_UP_HOLDS
from plantrack.domain.rights.words import Duty
from plantrack.domain.words import THE_TRACKER
from plantrack.drafts.drafts import Drafts
from plantrack.pages.account.choose_provider import offered
from plantrack.pages.site import create_site
from plantrack.web.settings import Rate
from plantrack.web.who import DEMO_COOKIE, written

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Origin": "http://plantrack"}
JSON = {"Accept": "application/json", "Origin": "http://plantrack"}
COUNCIL = Council(
    name="Exton <Council>", colour="#4a1d6b", phone="01632 960 001", email="a@exton.example"
)
CODES = ("HTTP", "404", "500", "403", "Idempotency", "If-Match", "Content-Type", "urn:")


class Well:
    """Health that is always good."""

    def check(self) -> Found:
        """Find nothing wrong."""
        return Found()


@dataclass
class Here:
    """A site in this process, and somebody's browser."""

    services: Services
    sources: Sources
    client: Client
    cookies: dict[str, str]

    def cookie(self, name: str, ago: timedelta = timedelta()) -> str:
        """Sign somebody in who proved who they are some time ago."""
        who, post = player(name)["person"], written(post_of(name))
        identity = Identity("demo", who)
        return self.sources.sessions.start(who, identity, post, auth_time=NOW - ago, mfa=True)

    def ask(self, name: str | None, path: str, method: str = "GET", **sent: Any) -> Response:
        """Ask for a page as somebody."""
        headers = dict(sent.pop("headers", PAGE))
        if name is not None:
            if name not in self.cookies:
                self.cookies[name] = self.cookie(name)
            headers["Cookie"] = f"{DEMO_COOKIE}={self.cookies[name]}"
        return self.client.request(method, path, headers=headers, **sent)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    url = small(tmp_path_factory).copy(tmp_path_factory.mktemp("system"))
    with ExitStack() as afterwards:
        services = afterwards.enter_context(Services(url, at))
        access, sessions, drafts = AccessLog(url), Sessions(url, now=at), Drafts(url, now=at)
        for each in (access, sessions, drafts):
            afterwards.callback(each.close)
        sources = Sources(access, sessions, (), None, drafts)
        often: dict[str, Any] = {**UNHURRIED, "sign_in_rate": Rate(3, 60)}
        settings = Settings(council=COUNCIL, **often)
        app = create_site(services, health=Well(), sources=sources, settings=settings)
        client = afterwards.enter_context(Client(app))
        yield Here(services, sources, client, {})


REFUSED = [
    (CHAIR, "GET", "/nothing-here", {}, 404, "Page not found"),
    (None, "GET", "/nothing-here", {}, 404, "Page not found"),
    (None, "GET", "/static/nothing.css", {}, 404, "Page not found"),
    (CHAIR, "GET", "/plans/CP-9999", {}, 404, "There is no plan here that you may see"),
    (CHAIR, "GET", "/plans/%20", {}, 404, "There is no plan here that you may see"),
    (CHAIR, "GET", "/rules", {}, 403, "You may not do this"),
    (CHAIR, "DELETE", "/plans", {}, 405, "This cannot be opened like this"),
    (ADMIN, "POST", "/rules/preview", {"json": {}}, 415, "This cannot be read"),
    (ADMIN, "POST", "/rules/preview", {"data": {"a": "b" * 1_000_001}}, 413, "That is too large"),
    (ADMIN, "GET", "/people?page=0", {}, 422, "That was not done"),
    (CHAIR, "GET", "/api/plans/CP-9999", {}, 404, "There is no plan here that you may see"),
    (
        CHAIR,
        "POST",
        "/sign-out",
        {"headers": PAGE | {"Origin": "https://evil.example"}},
        403,
        "That was not done",
    ),
]


@pytest.mark.parametrize(("who", "method", "path", "sent", "status", "title"), REFUSED)
def test_whoever_takes_pages_is_told_on_one(
    here: Here, who: str | None, method: str, path: str, sent: Any, status: int, title: str
) -> None:
    page = here.ask(who, path, method, **sent)

    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert f'<h1 class="govuk-heading-l">{title}</h1>' in page.text
    assert f"<title>{title} \N{EN DASH} Plan tracker \N{EN DASH} Exton &lt;Council&gt;" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert [code for code in CODES if code in told(page.text)] == []


@pytest.mark.parametrize(("who", "method", "path", "sent", "status", "title"), REFUSED)
def test_whoever_takes_json_is_given_a_problem(
    here: Here, who: str | None, method: str, path: str, sent: Any, status: int, title: str
) -> None:
    headers = {"headers": sent.get("headers", {}) | {"Accept": "application/json"}}
    answer = here.ask(who, path, method, **{"headers": JSON, **sent} | headers | {})

    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.text)["status"] == answer.status_code


def test_a_plan_that_is_not_theirs_looks_like_one_that_there_is_not(here: Here) -> None:
    pages = [here.ask(ON_CALL, f"/plans/{plan}") for plan in ("CP-104", "CP-999")]

    assert [each.status_code for each in pages] == [404, 404]
    assert pages[0].text.replace("CP-104", "CP-999") == pages[1].text
    assert "Take emergency access" in pages[0].text
    assert "Take emergency access" not in here.ask(NURSE, "/plans/CP-999").text
    assert "telephone 01632 960 001" in told(pages[0].text)


@pytest.mark.parametrize(("method", "warned"), [("GET", False), ("POST", True)])
def test_what_nobody_foresaw_is_told_with_a_reference_and_no_more(
    here: Here, monkeypatch: pytest.MonkeyPatch, method: str, warned: bool
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Perrin Averill")

    monkeypatch.setattr("plantrack.pages.plan.caseload.caseload.listed", fail)
    monkeypatch.setattr("plantrack.pages.rights.people.registered.whole", fail)
    monkeypatch.setattr("plantrack.pages.rights.people._at_hand", fail)
    path = f"/people/{player(CHAIR)['person']}"
    page = here.ask(ADMIN, path if method == "GET" else f"{path}/team", method, data=None)

    words = told(page.text)
    assert page.status_code == 500
    assert "Sorry, there is a problem with the service" in words
    assert f"give them this reference: {page.headers['x-request-id']}" in words
    assert ("may not have been recorded" in words) is warned
    assert "Perrin" not in page.text
    assert "a@exton.example" in page.text


def test_when_looks_cannot_be_noted_the_service_is_unavailable(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> bool:
        return False

    monkeypatch.setattr(here.sources.access._line, "write", fail)
    page = here.ask(CHAIR, "/plans/CP-101")

    assert (page.status_code, page.headers["retry-after"]) == (503, "2")
    assert "Sorry, the service is unavailable" in told(page.text)
    assert "cannot be written down just now who looks" in told(page.text)
    assert "telephone 01632 960 001" in told(page.text)


def test_who_tries_too_often_reads_when_to_try_again(here: Here) -> None:
    answers = [here.ask(None, "/sign-in") for _ in range(4)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert "Try again in" in told(answers[-1].text)


def test_who_proved_it_too_long_ago_is_asked_and_comes_back(here: Here) -> None:
    address = "/plans/CP-104/emergency-access"
    second = timedelta(seconds=1)
    for ago, status in ((STEP_UP_HOLDS, 200), (STEP_UP_HOLDS + second, 401)):
        here.cookies["Sam Ferriby"] = here.cookie("Sam Ferriby", ago)
        page = here.ask("Sam Ferriby", address)
        assert page.status_code == status

    typed = {"ground": "immediate_harm", "reason": "x" * 30}
    kept = here.ask("Sam Ferriby", address, "POST", data=typed)
    assert (kept.status_code, as_shown(kept.text)["reason"]) == (401, ["x" * 30])
    assert "Prove again who you are" in told(page.text)
    assert "/sign-in?step_up=true&amp;then=%2Fplans%2FCP-104%2Femergency-access" in page.text


@pytest.mark.parametrize("path", ["/help", "/privacy", "/accessibility"])
def test_what_the_service_says_of_itself_is_open_to_everybody(here: Here, path: str) -> None:
    page = here.ask(None, path)

    assert page.status_code == 200
    assert "01632 960 001" in told(page.text)


def test_the_accessibility_statement_says_what_was_not_checked(here: Here) -> None:
    assert "No screen reader was run" in told(here.ask(None, "/accessibility").text)


def test_help_says_what_each_role_does(here: Here) -> None:
    page = told(here.ask(None, "/help").text).casefold()

    machines = {Duty.SCHEDULER, Duty.WITNESS, Duty.ANONYMOUS}
    assert [duty for duty in set(Duty) - machines if duty.says not in page] == []


def test_the_council_s_colour_and_icon_are_those_of_the_file(here: Here) -> None:
    assert here.ask(None, "/council.css").text == ":root{--govuk-brand-colour:#4a1d6b}"
    assert "#4a1d6b" in here.ask(None, "/council-icon.svg").text
    assert here.ask(None, "/council-logo").status_code == 404


def test_each_of_the_cast_is_offered_with_what_they_see(here: Here) -> None:
    groups = offered(here.services)

    shown = [each["name"] for _, people in groups for each in people]
    assert sorted(shown) == sorted(each.name for each in CAST)
    assert all(each["sees"] for _, people in groups for each in people)
    assert len(groups) == len({says for says, _ in groups}) > 3


# Roles and sessions


def test_somebody_goes_on_in_another_role_for_a_purpose(here: Here) -> None:
    who = player(INSPECTOR)["person"]
    grant = rights_events.GrantProposed(
        grant="g-two", person=who, role=Duty.PRIVACY_OFFICER, reason="covers", agency="csc"
    )
    here.services.authoriser.state([grant], THE_TRACKER, None)
    here.services.authoriser.state([rights_events.GrantApproved(grant="g-two")], THE_TRACKER, None)

    shown = told(here.ask(INSPECTOR, "/you").text)
    assert "Go on in another role" in shown
    wrong = here.ask(INSPECTOR, "/you/role", "POST", data={"post": "admin@csc"})
    assert errors_of(wrong.text) == {"post": "Select one of your roles"}
    chosen = {"post": "privacy_officer@csc", "purpose": "complaint 2026-17"}
    done = here.ask(INSPECTOR, "/you/role", "POST", data=chosen)

    assert done.headers["location"] == "/"
    assert here.ask(INSPECTOR, "/").headers["location"] == "/looked"
    assert "complaint 2026-17" in told(here.ask(INSPECTOR, "/you").text)


def test_somebody_signs_out_everywhere_else_and_stays(here: Here) -> None:
    other, another = here.cookie(NURSE), here.cookie(CHAIR)

    assert "Sign out everywhere else" in told(here.ask(NURSE, "/you").text)
    here.ask(NURSE, "/you/end-others", "POST")

    assert "You are signed in nowhere else" in told(here.ask(NURSE, "/you").text)
    assert here.sources.sessions.find(other) is None
    assert here.sources.sessions.find(another) is not None
