"""A demonstration served here, signed in to as anybody in it, with and without a browser.

``served(url)`` serves the partnership at an address (see ``partnership``: who and what there is),
on the day that it is there; ``demo.as_(CHAIR)`` is an HTTP client that is signed in,
``demo.open(browser, CHAIR)`` a browser's page that is.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from playwright.sync_api import Browser, Page

from api.desks import UNHURRIED, Found
from browser import PATIENCE
from partnership import at, player
from plantrack import main
from plantrack.access_log.log import AccessLog
from plantrack.api import Settings, Sources
from plantrack.application.services import Services
from plantrack.authentication.sessions import Sessions
from plantrack.drafts.drafts import Drafts
from plantrack.pages.site import create_site
from plantrack.web.who import DEMO_COOKIE

STARTS_WITHIN = 10.0


class Well:
    """Health that is always good."""

    def check(self) -> Found:
        """Find nothing wrong, and that what is overdue was looked for this morning."""
        return Found(last_sweep=at().replace(hour=6, minute=0))


@dataclass
class Demo:
    """A demonstration that is being served."""

    address: str
    services: Services
    sources: Sources
    clients: dict[str, httpx.Client] = field(default_factory=dict)

    def as_(self, name: str) -> httpx.Client:
        """Give an HTTP client that is signed in as somebody, and goes where it is sent."""
        if name not in self.clients:
            client = httpx.Client(base_url=self.address, follow_redirects=True, timeout=60)
            origin = {"Origin": self.address}
            answer = client.post("/demo/sign-in", data=player(name), headers=origin)
            assert answer.status_code == 200, answer.text
            client.headers.update({"Accept": "text/html", "Origin": self.address})
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
        self.services.catch_up(self.services.files())


@contextmanager
def served(url: str, port: int = 0) -> Iterator[Demo]:
    """Serve a partnership on the day that it is there, without a worker."""
    with ExitStack() as afterwards:
        services = afterwards.enter_context(Services(url, at))
        access, sessions = AccessLog(url), Sessions(url, now=at)
        drafts = Drafts(url, now=at)
        afterwards.callback(access.close)
        afterwards.callback(sessions.close)
        afterwards.callback(drafts.close)
        sources = Sources(access, sessions, (), None, drafts)
        listener = afterwards.enter_context(main.listening("127.0.0.1", port))
        often: dict[str, Any] = {**UNHURRIED}
        app = create_site(services, health=Well(), sources=sources, settings=Settings(**often))
        server = uvicorn.Server(main.server_of(app, ()))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        demo = Demo(f"http://127.0.0.1:{listener.getsockname()[1]}", services, sources)
        try:
            _wait_for(server, thread)
            yield demo
        finally:
            for client in demo.clients.values():
                client.close()
            server.should_exit = True
            thread.join()


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    give_up = time.monotonic() + STARTS_WITHIN
    while not server.started:
        if not thread.is_alive() or time.monotonic() > give_up:
            raise RuntimeError("The server did not start.")
        time.sleep(0.01)
