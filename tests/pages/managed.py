"""Reading pages and sending their forms without a browser, at a time that a test may choose."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag
from fastapi import FastAPI

from api.desks import UNHURRIED, Client, Found, open_doors
from partnership import NOW, post_of
from plantrack.api import Settings
from plantrack.application.services import Services
from plantrack.pages.site import create_site
from plantrack.web.lists import HealthAtHand
from plantrack.worker import sweep

Fields = dict[str, Any]
RECORDED, ELSEWHERE = 201, 303


@dataclass
class Read:
    """A page as somebody was shown it."""

    status: int
    address: str
    html: str
    soup: BeautifulSoup = field(init=False)

    def __post_init__(self) -> None:
        self.soup = BeautifulSoup(self.html, "html5lib")

    @property
    def text(self) -> str:
        """Give the words of the page's main part on one line."""
        main = self.soup.find("main")
        return words(main if isinstance(main, Tag) else self.soup)

    @property
    def heading(self) -> str:
        """Give the page's first heading."""
        return words(self.soup.select("h1")[0])

    def links(self) -> dict[str, str]:
        """Give where each link of the main part leads, by its words."""
        return {words(each): str(each["href"]) for each in self.soup.select("main a")}

    def errors(self) -> list[str]:
        """Give the lines of the error summary."""
        return [words(each) for each in self.soup.select(".govuk-error-summary__list li")]

    def form(self, action: str | None = None) -> Fields:
        """Give what a form holds that nobody types; ``action`` is where it goes."""
        found = self.soup.select('main form[method="post"]')
        [form] = [each for each in found if action is None or each["action"] == action]
        return {str(each["name"]): each["value"] for each in form.select("input[type=hidden]")}


@dataclass
class Site:
    """The site over one database, for whoever signs in, at the time on its clock."""

    services: Services
    client: Client
    found: Found
    clock: list[datetime]
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)
    app: FastAPI = field(init=False)

    def find(self, *problems: str) -> None:
        """Let whoever looks at the process from now on find something wrong, or nothing."""
        self.found.problems = problems
        self.app.state.health_at_hand = HealthAtHand(self)

    def check(self) -> Found:
        """Answer as the process's health does."""
        return self.found

    def go_to(self, day: date) -> None:
        """Let it be half past nine on another day, after the morning's sweep."""
        self.clock[0] = datetime.combine(day, time(9, 30), UTC)
        sweep(self.services, self.services.files())
        self.tokens.clear()

    def open(self, name: str, address: str) -> Read:
        """Open a page as somebody, and go where it says."""
        answer = self.client.get(address, headers=self._as(name))
        while answer.status_code == ELSEWHERE:
            answer = self.client.get(answer.headers["location"], headers=self._as(name))
        return Read(answer.status_code, answer.url.raw_path.decode(), answer.text)

    def send(self, name: str, address: str, **fields: Any) -> Read:
        """Open a page as somebody, and send its form with what they typed."""
        hidden = self.open(name, address).form(address)
        return self.send_as_it_is(name, address, **hidden, **fields)

    def send_as_it_is(self, name: str, address: str, **fields: Any) -> Read:
        """Send a form as somebody, whatever the page holds now; go where that leads."""
        answer = self.client.post(address, data=fields, headers=self._as(name))
        if answer.status_code == ELSEWHERE:
            return self.open(name, answer.headers["location"])
        return Read(answer.status_code, address, answer.text)

    def put(self, name: str, plan: str, event: Fields) -> None:
        """Put an event on a plan as somebody."""
        headers = self._as(name) | {
            "Accept": "application/json",
            "If-Match": str(self.services.record.last_number(plan)),
        }
        answer = self.client.post(f"/api/plans/{plan}/entries", json=event, headers=headers)
        assert answer.status_code == RECORDED, answer.text

    def _as(self, name: str) -> dict[str, str]:
        if name not in self.tokens:
            post = post_of(name)
            person = {"name": name, "agency": post.agency, "role": post.duty.value}
            token = self.client.post("/api/demo/sign-in", json=person).json()["token"]
            self.tokens[name] = {"Authorization": f"Bearer {token}", "Accept": "text/html"}
        return self.tokens[name]


@contextmanager
def site_over(url: str, health: Any = None, *, followed: bool = True) -> Iterator[Site]:
    """Open the site over a copy of the partnership, its lists kept up to date or not."""
    clock = [NOW]
    with ExitStack() as afterwards:
        services = afterwards.enter_context(Services(url, lambda: clock[0]))
        sources = afterwards.enter_context(open_doors(services))
        if followed:
            follow(services)
        site = Site(services, None, Found(last_sweep=NOW), clock)  # type: ignore[arg-type]  # made next
        looks = health(services) if health else site
        site.app = create_site(
            services, health=looks, sources=sources, settings=Settings(**UNHURRIED)
        )
        with Client(site.app) as site.client:
            yield site


def follow(services: Services) -> None:
    """Bring the lists up to whatever is recorded, as soon as it is."""
    services.commands.after_commit.append(lambda _: services.catch_up(services.files()))


def words(of: Tag) -> str:
    """Give the words of an element on one line."""
    return " ".join(of.get_text(" ").split())
