"""The thread that keeps the lists up with the record, whatever happens to it."""

import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Protocol

from plantrack.application.services import Services
from plantrack.logs import logger, told
from plantrack.projections.follower import Follower, retry_parked
from plantrack.projections.store import Overtaken
from plantrack.record import database_url
from plantrack.record.notifications import Listening

LOOK_AGAIN = 0.5
"""After how many seconds it looks whether something was missed, though nothing was heard."""
BETWEEN_LOOKS_AT_FILE = 0.02
SHORTEST_REST, LONGEST_REST = 0.01, 2.0
BETWEEN_TRIES_OF_PARKED = 60.0

log = logger("following")


class News(Protocol):
    """How something new is heard of."""

    def begin(self) -> None:
        """Miss nothing from now on."""

    def wait(self, seconds: float) -> bool:
        """Wait until there may be something new, or for so long."""

    def close(self) -> None:
        """Hear of nothing any longer."""


class Following:
    """A supervised thread: what goes wrong is logged, and it tries again for ever."""

    def __init__(self, services: Services, leads: Callable[[], bool]) -> None:
        self._services = services
        self._leads = leads
        self._stop = Event()
        self._news: News = (
            Looking(services) if database_url.sqlite_path(services.url) else Listening(services.url)
        )
        self._thread = Thread(target=self._run, name="following", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """Follow no longer, and wait until the thread has ended."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self._news.close()

    def _run(self) -> None:
        rest = SHORTEST_REST
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                self._follow()
            except Overtaken:
                log.info("somebody else follows too, so this begins again")
            except Exception as wrong:  # noqa: BLE001 - a list that stands still hides alerts
                log.warning("the lists do not follow just now", **told(wrong))
            went_well = time.monotonic() - began > LONGEST_REST
            rest = SHORTEST_REST if went_well else min(LONGEST_REST, rest * 2)
            self._stop.wait(rest)

    def _follow(self) -> None:
        """Follow until something goes wrong, or until told to stop."""
        files = self._services.files()
        follower = Follower(self._services.models, files)
        parked_at = time.monotonic()
        while not self._stop.is_set():
            self._news.begin()
            if not self._leads():
                self._stop.wait(LOOK_AGAIN / 5)
                continue
            while follower.catch_up() and not self._stop.is_set():
                pass
            if time.monotonic() - parked_at > BETWEEN_TRIES_OF_PARKED:
                parked_at = time.monotonic()
                if retry_parked(self._services.models, files):
                    follower = Follower(self._services.models, files)
            self._news.wait(LOOK_AGAIN)


class Looking:
    """Hears of commits of this process at once, and looks for those of others all the time."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._heard = Event()
        self._seen = -1
        services.commands.after_commit.append(self._hear)

    def begin(self) -> None:
        """Forget what was heard: what follows looks for itself."""
        self._heard.clear()
        self._seen = self._services.record.last_position()

    def wait(self, seconds: float) -> bool:
        """Wait until there may be something new, or for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._heard.wait(BETWEEN_LOOKS_AT_FILE):
                return True
            if self._services.record.last_position() != self._seen:
                return True
        return False

    def close(self) -> None:
        """Hear of nothing any longer."""
        if self._hear in self._services.commands.after_commit:
            self._services.commands.after_commit.remove(self._hear)

    def _hear(self, _: int) -> None:
        self._heard.set()
