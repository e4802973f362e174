"""A demonstration served here, signed in to as anybody in it, with and without a browser.

``served(folder)`` serves the database in a folder; ``demo.as_("Casey Chair")`` is an HTTP client
that is signed in, ``demo.open(browser, "Casey Chair")`` a browser's page that is.
"""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from playwright.sync_api import Browser, Page

from api.desks import UNHURRIED, Found
from browser import PATIENCE
from plantrack import demonstration, main
from plantrack.access.log import AccessLog
from plantrack.api import Doors, Settings
from plantrack.api.signing_in import DEMO_COOKIE, written
from plantrack.desk import Desk
from plantrack.domain.rights.state import Post
from plantrack.pages.site import create_site
from plantrack.signin.sessions import Sessions

NAME = "plantrack.db"
STARTS_WITHIN = 10.0


class Well:
    """Health that is always good."""

    def check(self) -> Found:
        """Find nothing wrong."""
        return Found()


@dataclass
class Demo:
    """A demonstration that is being served."""

    address: str
    desk: Desk
    doors: Doors
    clients: dict[str, httpx.Client] = field(default_factory=dict)

    def post_of(self, name: str) -> tuple[str, Post]:
        """Say by what somebody of the demonstration is known, and in which post first."""
        people = demonstration.people(self.desk)
        return next((person, post) for person, known, post in people if known == name)

    def as_(self, name: str) -> httpx.Client:
        """Give an HTTP client that is signed in as somebody, and goes where it is sent."""
        if name not in self.clients:
            client = httpx.Client(base_url=self.address, follow_redirects=True)
            person, post = self.post_of(name)
            sent = {"person": person, "post": written(post)}
            answer = client.post("/demo/sign-in", data=sent, headers={"Origin": self.address})
            assert answer.status_code == 200, answer.text
            client.headers |= {"Accept": "text/html", "Origin": self.address}
            self.clients[name] = client
        return self.clients[name]

    def open(self, browser: Browser, name: str | None = None, **context: Any) -> Page:
        """Open a page of a browser that is signed in as somebody, in a context of its own."""
        made = browser.new_context(base_url=self.address, **context)
        made.set_default_timeout(PATIENCE)
        if name is not None:
            cookie = self.as_(name).cookies[DEMO_COOKIE]
            made.add_cookies([{"name": DEMO_COOKIE, "value": cookie, "url": self.address}])
        return made.new_page()

    def catch_up(self) -> None:
        """Bring the lists up to what was recorded."""
        self.desk.catch_up(self.desk.files())


@contextmanager
def served(folder: Path) -> Iterator[Demo]:
    """Serve the demonstration whose database lies in a folder, without a worker."""
    url = f"sqlite:///{folder / NAME}"
    with ExitStack() as afterwards:
        desk = afterwards.enter_context(Desk(url))
        access, sessions = AccessLog(url), Sessions(url, now=desk.tracker.now)
        afterwards.callback(access.close)
        afterwards.callback(sessions.close)
        doors = Doors(access, sessions, (), None)
        listener = afterwards.enter_context(main.listening("127.0.0.1", 0))
        often: dict[str, Any] = {**UNHURRIED}
        app = create_site(desk, health=Well(), doors=doors, settings=Settings(**often))
        server = uvicorn.Server(main.server_of(app, ()))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        demo = Demo(f"http://127.0.0.1:{listener.getsockname()[1]}", desk, doors)
        try:
            _wait_for(server, thread)
            yield demo
        finally:
            for client in demo.clients.values():
                client.close()
            server.should_exit = True
            thread.join()


def copied(built: Path, folder: Path) -> Path:
    """Copy a built demonstration, so that a test may write on it."""
    for each in built.glob("*"):
        shutil.copy(each, folder / each.name)
    return folder


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    give_up = time.monotonic() + STARTS_WITHIN
    while not server.started:
        if not thread.is_alive() or time.monotonic() > give_up:
            raise RuntimeError("The server did not start.")
        time.sleep(0.01)
