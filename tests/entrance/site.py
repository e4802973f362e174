"""A whole application on this machine's network, with real providers and people registered."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import func, select

from api.desks import UNHURRIED, Found
from plantrack import main
from plantrack.access_log.log import AccessLog
from plantrack.api import Settings, Sources
from plantrack.application import stores
from plantrack.application.services import Services
from plantrack.authentication.issuers import Issuers as Trusted
from plantrack.authentication.providers import Provider
from plantrack.authentication.sessions import Sessions
from plantrack.authentication.store import Store
from plantrack.authentication.tables import SESSIONS
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.words import Duty
from plantrack.domain.words import THE_TRACKER
from plantrack.pages.site import create_site
from plantrack.projections.follower import Follower
from plantrack.record import migrate
from plantrack.web.settings import Rate
from signin.flows import LINE

PATIENCE = 10.0


class Clock:
    """The time, or as much later as a test says."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Well:
    """Health that is always good."""

    def check(self) -> Found:
        """Find nothing wrong."""
        return Found()


@dataclass
class Site:
    """Where plantrack is served, and what stands behind it."""

    address: str
    services: Services
    sources: Sources
    clock: Clock
    store: Store

    def say(self, *events: rights_events.RightsEvent) -> None:
        """Put something on the record of rights, as whoever runs the server."""
        for event in events:
            self.services.authoriser.state([event], THE_TRACKER, None)

    def know(
        self, who: str, *roles: Duty, issuer: str, agency: str = "csc", subject: str | None = None
    ) -> str:
        """Register somebody with roles, whom a provider knows by a subject, or by their name."""
        if who not in self.services.authoriser.look().rights.people:
            self.say(
                rights_events.PersonRegistered(person=who, name=f"{who} Secretname", agency=agency)
            )
        self.say(rights_events.IdentityLinked(person=who, issuer=issuer, subject=subject or who))
        for role in roles:
            grant = f"{who}-{role.value.replace('_', '-')}"
            proposed = rights_events.GrantProposed(
                grant=grant, person=who, role=role, reason="a test"
            )
            self.say(proposed, rights_events.GrantApproved(grant=grant))
        return who

    def sessions(self) -> int:
        """Count the sessions that are kept."""
        with self.store.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(SESSIONS)).scalar_one())

    def follow(self) -> None:
        """Bring the lists up to the record."""
        follower = Follower(self.services.models, self.services.files())
        while follower.catch_up():
            pass


@contextmanager
def serving(
    folder: Path, providers: Sequence[Provider], *, proxies: Sequence[str] = (), **rates: Rate
) -> Iterator[Site]:
    """Serve a database that is no demonstration."""
    url, clock = f"sqlite:///{folder}/plantrack.db", Clock()
    migrate(url)
    stores.make(url)
    with ExitStack() as afterwards:
        services = afterwards.enter_context(Services(url, clock))
        access, sessions = AccessLog(url), Sessions(url, now=clock)
        afterwards.callback(access.close)
        afterwards.callback(sessions.close)
        sources = Sources(access, sessions, tuple(providers), Trusted(providers, line=LINE))
        listener = afterwards.enter_context(main.listening("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        often: dict[str, Any] = {**UNHURRIED, **rates}
        settings = Settings(public_origin=address, **often)
        app = create_site(services, health=Well(), sources=sources, settings=settings)
        server = uvicorn.Server(main.server_of(app, proxies))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            _wait_for(server, thread)
            store = Store(url)
            afterwards.callback(store.close)
            yield Site(address, services, sources, clock, store)
        finally:
            server.should_exit = True
            thread.join()


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    give_up = time.monotonic() + PATIENCE
    while not server.started:
        if not thread.is_alive() or time.monotonic() > give_up:
            raise RuntimeError("The server did not start.")
        time.sleep(0.01)
