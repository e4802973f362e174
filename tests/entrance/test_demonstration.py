"""``plantrack demo`` as a process: marked, on this machine only, and for pages of its own."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

import browser as browsers
from plantrack.api.pages import DEMONSTRATION
from plantrack.domain.rights.words import Duty
from worker.plans import wait_until
from worker.test_serving import address, running

COOKIE = "plantrack-demo"
FORM = re.compile(r'name="person" value="([^"]+)"><input type="hidden" name="post" value="([^"]+)"')
ROLES = {
    "chair@csc",
    "social_worker@csc",
    "team_manager@csc",
    "service_manager@csc",
    "partner_professional@school-nursing",
    "partner_lead@school",
    "inspector@ofsted",
    "privacy_officer@csc",
    "admin@csc",
}
HERE = {"Sec-Fetch-Site": "same-origin"}
PAGE = {"Accept": "text/html"}


class Demo:
    """The demonstration, as people on this machine reach it."""

    def __init__(self, address: str, log: Path) -> None:
        self.address = address.rstrip("/")
        self._log = log
        self.http = httpx.Client(base_url=address)
        page = self.http.get("/sign-in", headers=PAGE).text
        self.people = {post: person for person, post in FORM.findall(page)}

    def log(self) -> list[dict[str, str]]:
        """Read what was logged."""
        lines = self._log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def enter(self, who: str, headers: Mapping[str, str] = HERE, **more: str) -> httpx.Response:
        """Sign in as the person of a post."""
        chosen = {"person": self.people[who], "post": who, **more}
        self.http.cookies.clear()
        return self.http.post("/demo/sign-in", data=chosen, headers={**PAGE, **headers})

    def ask(self, path: str) -> httpx.Response:
        """Ask as whoever is signed in."""
        return self.http.get(path, headers=HERE)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    log = tmp_path_factory.mktemp("demo") / "demo.log"
    with running(log, "demo", "--port", "0", database="sqlite:///none.db"):
        found = Demo(address(log), log)
        found.enter("chair@csc")
        wait_until(lambda: len(found.ask("/api/plans").json()["items"]) == 2, 20)
        yield found
        found.http.close()


def test_there_is_one_person_a_role(demo: Demo) -> None:
    assert demo.people.keys() == ROLES
    assert len({post.partition("@")[0] for post in ROLES}) == len(Duty) - len(
        {Duty.SCHEDULER, Duty.WITNESS, Duty.ANONYMOUS}
    )


@pytest.mark.parametrize("post", sorted(ROLES - {"privacy_officer@csc", "admin@csc"}))
def test_whoever_is_tied_to_the_case_sees_it(demo: Demo, post: str) -> None:
    demo.enter(post)

    plans = {item["plan"] for item in demo.ask("/api/plans").json()["items"]}

    assert demo.ask("/api/session").json()["post"] == post
    assert plans == {"CIN-J1", "CP-J1"}
    for path in ("/api/plans/CP-J1", "/api/plans/CP-J1/chronology", "/api/alerts"):
        assert demo.ask(path).status_code == 200, path


@pytest.mark.parametrize(
    ("post", "plan", "may"),
    [("privacy_officer@csc", 404, "/api/looked?child=J1"), ("admin@csc", 403, "/api/people")],
)
def test_who_looks_after_something_else_sees_no_plan(
    demo: Demo, post: str, plan: int, may: str
) -> None:
    demo.enter(post)

    assert demo.ask("/api/plans").status_code == 403
    assert demo.ask("/api/plans/CP-J1").status_code == plan
    assert demo.ask(may).status_code == 200


def test_every_page_and_every_sign_in_is_marked(demo: Demo) -> None:
    seen = [demo.http.get("/sign-in", headers=PAGE)]
    demo.enter("chair@csc")
    seen.append(demo.http.get("/", headers=PAGE))
    seen.append(demo.http.get("/sign-in/none/callback", headers=PAGE))
    nobody = {"person": "p", "post": "chair@csc"}
    seen.append(demo.http.post("/demo/sign-in", data=nobody, headers={**PAGE, **HERE}))

    assert [each.status_code for each in seen] == [200, 200, 403, 422]
    assert [each.text.count(DEMONSTRATION) for each in seen] == [1, 1, 1, 1]
    said = [line["event"] for line in demo.log()]
    assert "this is a demonstration: nobody who signs in is checked" in said
    before = said.count("signed in to a demonstration, unchecked")
    demo.enter("admin@csc")
    after = [line["event"] for line in demo.log()]
    assert after.count("signed in to a demonstration, unchecked") == before + 1


def test_the_old_session_is_over_when_somebody_else_signs_in(demo: Demo) -> None:
    demo.enter("chair@csc")
    old = demo.http.cookies[COOKIE]

    chosen = {"person": demo.people["admin@csc"], "post": "admin@csc"}
    demo.http.post("/demo/sign-in", data=chosen, headers=HERE)

    assert demo.ask("/api/session").json()["post"] == "admin@csc"
    demo.http.cookies.clear()
    kept = httpx.get(f"{demo.address}/api/session", headers={"Cookie": f"{COOKIE}={old}"})
    assert kept.status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_a_page_elsewhere_signs_nobody_in(demo: Demo, headers: dict[str, str]) -> None:
    refused = demo.enter("chair@csc", headers)

    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers


def test_it_answers_by_the_names_of_this_machine_only(demo: Demo) -> None:
    for host, status in (("plans.example", 421), ("localhost", 200), ("127.0.0.1:1", 200)):
        answer = demo.http.get("/sign-in", headers={"Host": host, **PAGE})
        assert answer.status_code == status, host


def test_only_a_form_of_that_page_signs_in(demo: Demo) -> None:
    body = {"person": demo.people["chair@csc"], "post": "chair@csc"}
    demo.http.cookies.clear()

    as_json = demo.http.post("/demo/sign-in", json=body, headers=HERE)
    wrong_post = demo.enter("chair@csc", HERE, post="admin@csc")
    too_long = demo.enter("chair@csc", HERE, more="x" * 1_000_001)

    assert (as_json.status_code, wrong_post.status_code, too_long.status_code) == (415, 422, 413)
    assert COOKIE not in demo.http.cookies


def test_somebody_chooses_who_to_be_in_a_real_browser(demo: Demo) -> None:
    with browsers.running() as browser:
        page = browser.new_page(viewport={"width": 320, "height": 640})
        page.set_default_timeout(browsers.PATIENCE)
        console: list[str] = []
        page.on("console", lambda message: console.append(message.text))
        page.goto(demo.address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        expect(page.get_by_role("listitem")).to_have_count(len(ROLES))
        page.get_by_role("button", name="Sign in as Noor Nurse").click()
        expect(page.get_by_role("main")).to_contain_text("Noor Nurse: partner professional")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading")).to_have_text("Sign in")
    assert console == []
