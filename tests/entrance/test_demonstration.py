"""``plantrack demo`` as a process: marked, on this machine only, and for pages of its own."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

import browser as browsers
from partnership import RESTRICTED, small
from plantrack.application.demo_people import CAST, known_as
from plantrack.cli.demo import run_demo
from plantrack.cli.exits import WrongUsage
from plantrack.cli.migrate import make_ready
from plantrack.domain.rights.words import Duty
from worker.test_serving import address, running

COOKIE = "plantrack-demo"
FORM = re.compile(r'name="person" value="([^"]+)"><input type="hidden" name="post" value="([^"]+)"')
MARKED = "Nobody is checked, and nothing is real."
SEES = {
    "chair@csc": 7,
    "social_worker@csc": 4,
    "team_manager@csc": 6,
    "service_manager@csc": 8,
    "partner_professional@school-nursing": 5,
    "partner_lead@school": 6,
    "inspector@ofsted": 7,
}
"""How many plans the first of the cast in each role sees in the small cut."""
HERE = {"Sec-Fetch-Site": "same-origin"}
PAGE = {"Accept": "text/html"}


class Demo:
    """The demonstration, as people on this machine reach it."""

    def __init__(self, address: str, log: Path) -> None:
        self.address = address.rstrip("/")
        self._log = log
        self.http = httpx.Client(base_url=address)
        page = self.http.get("/sign-in", headers=PAGE).text
        self.offered = FORM.findall(page)
        self.people = {post: person for person, post in reversed(self.offered)}

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
    folder = tmp_path_factory.mktemp("demo")
    small(tmp_path_factory).copy(folder)
    log, path = folder / "demo.log", str(folder / "partnership.db")
    with running(log, "demo", "--port", "0", "--database", path, database="sqlite:///none.db"):
        found = Demo(address(log), log)
        yield found
        found.http.close()


def test_everybody_of_the_cast_is_offered_and_nobody_else(demo: Demo) -> None:
    cast = [(known_as(each.name, each.agency), f"{each.duty}@{each.agency}") for each in CAST]

    assert sorted(demo.offered) == sorted(cast)
    assert {post.partition("@")[0] for post in demo.people} == set(Duty) - {
        Duty.SCHEDULER,
        Duty.WITNESS,
        Duty.ANONYMOUS,
    }


@pytest.mark.parametrize("post", SEES)
def test_each_role_sees_the_plans_that_it_is_tied_to(demo: Demo, post: str) -> None:
    demo.enter(post)

    plans = {item["plan"] for item in demo.ask("/api/plans").json()["items"]}

    assert demo.ask("/api/session").json()["post"] == post
    assert len(plans) == SEES[post]
    plan = max(plans - {RESTRICTED, "CIN-J1", "CP-J1"})
    for path in (f"/api/plans/{plan}", f"/api/plans/{plan}/chronology", "/api/alerts"):
        assert demo.ask(path).status_code == 200, path


@pytest.mark.parametrize(
    ("post", "plan", "may"),
    [("privacy_officer@csc", 404, "/api/looked?child=FL4101"), ("admin@csc", 403, "/api/people")],
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
    seen.append(demo.http.get("/you", headers=PAGE))
    seen.append(demo.http.get("/sign-in/none/callback", headers=PAGE))
    nobody = {"person": "p", "post": "chair@csc"}
    seen.append(demo.http.post("/demo/sign-in", data=nobody, headers={**PAGE, **HERE}))

    assert [each.status_code for each in seen] == [200, 200, 403, 422]
    assert [each.text.count(MARKED) for each in seen] == [1, 1, 1, 1]
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
        expect(page.get_by_role("button", name="Sign in as")).to_have_count(len(CAST))
        page.get_by_role("button", name="Sign in as Noor Ellery").click()
        expect(page.get_by_role("contentinfo")).to_contain_text("Signed in as Noor Ellery")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert console == []


def test_a_file_that_is_no_demonstration_is_not_served(tmp_path: Path) -> None:
    path = tmp_path / "real.db"
    make_ready(f"sqlite:///{path}")

    with pytest.raises(WrongUsage, match="is no demonstration"):
        run_demo(port=0, database=path)


def test_a_file_in_a_folder_that_is_not_there_is_not_built(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="There is no folder"):
        run_demo(port=0, database=tmp_path / "none" / "demo.db")
