"""plantrack as a council runs it: some web processes and some workers on one database."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx

from campaigns.programs import Program, free_port, program, wait_until
from campaigns.proofs import make_ready
from campaigns.web import PERSON, Web
from plantrack.application import demo_people
from plantrack.application.services import Services
from plantrack.domain.rights.events import TeamJoined
from plantrack.domain.rights.state import Appointment
from plantrack.domain.rights.words import Duty
from plantrack.domain.words import THE_TRACKER
from plantrack.projections import last_sweep
from plantrack.projections.store import ReadModels

UP_WITHIN = 60.0
TEAM = "T1"
LONG_AGO = date(2000, 1, 1)
EVERY = 2.0


class Site:
    """Processes on one database."""

    def __init__(self, url: str, every: float, models: ReadModels, stack: ExitStack) -> None:
        self.url = url
        self.every = every
        self.servers: list[Program] = []
        self.addresses: list[str] = []
        self.workers: list[Program] = []
        self._models = models
        self._stack = stack

    @property
    def programs(self) -> list[Program]:
        """All processes."""
        return [*self.servers, *self.workers]

    def web(self, *addresses: str, person: Mapping[str, str] = PERSON) -> Web:
        """Give somebody who asks some of the web processes in turn, or all of them."""
        return self._stack.enter_context(Web(*(addresses or self.addresses), person=person))

    @cached_property
    def each_web(self) -> list[Web]:
        """Somebody for each web process."""
        return [self.web(address) for address in self.addresses]

    def beat(self) -> last_sweep.Beat | None:
        """Give the last sweep that came to its end."""
        with self._models.reading() as reading:
            return last_sweep.last(reading)

    def sweeps(self) -> int:
        """Say how many sweeps came to their end so far."""
        return count_of(self.beat())

    def wait_for_sweeps(self, more: int, seconds: float) -> float:
        """Wait for so many more sweeps, and say for how long."""
        before = self.sweeps()
        return wait_until(
            lambda: self.sweeps() >= before + more,
            seconds,
            lambda: f"No {more} sweeps within {seconds} seconds: {self.beat()}",
        )

    def leader(self) -> Program:
        """Give the process that swept last; of a new one this waits for the first sweep."""
        wait_until(lambda: bool(self._last_swept()), UP_WITHIN, lambda: f"{self.beat()}")
        [leader] = self._last_swept()
        return leader

    def _last_swept(self) -> list[Program]:
        found = self.beat()
        by = found.by.rpartition(":")[2] if found else ""
        return [each for each in self.programs if str(each.pid) == by]

    def is_ready(self) -> bool:
        """Whether all web processes say that all is well."""
        return all(status == httpx.codes.OK for status, _ in self.health())

    def is_up_or_ended(self) -> bool:
        """Whether there is nothing to wait for any more."""
        return not all(each.runs for each in self.programs) or self.is_ready()

    def restore(self) -> None:
        """Start again what was ended, as a supervisor does, and wait until all is well."""
        wait_until(self._is_restored, UP_WITHIN, lambda: f"It is not ready: {self.health()}")

    def _is_restored(self) -> bool:
        for each in self.programs:
            if not each.runs:
                each.start()
        return self.is_ready()

    def health(self) -> list[tuple[int, dict[str, Any]]]:
        """Ask each web process how it is; 0 where it does not answer."""
        return [web.health() for web in self.each_web]


@contextmanager
def site(
    url: str,
    folder: Path,
    *,
    servers: int = 2,
    workers: int = 2,
    every: float = EVERY,
    environ: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Site]:
    """Run plantrack for a while; without workers, the web processes do their part."""
    make_ready(url)
    let_in(url)
    often = ["--every", str(every)]
    models = ReadModels(url)
    with ExitStack() as stack:
        stack.callback(models.close)

        def started(log: str, *words: str) -> Program:
            return stack.enter_context(program([*words, *often], url, folder / log, environ))

        made = Site(url, every, models, stack)
        for n in range(servers):
            port = str(free_port())
            alone = () if workers == 0 else ("--no-worker",)
            made.servers.append(started(f"serve-{n}.log", "serve", "--port", port, *alone))
            made.addresses.append(f"http://127.0.0.1:{port}")
        for n in range(workers):
            made.workers.append(started(f"worker-{n}.log", "worker"))
        wait_until(made.is_up_or_ended, UP_WITHIN, lambda: f"It does not come up: {told(folder)}")
        assert made.is_ready(), told(folder)
        yield made


def let_in(url: str) -> None:
    """Make it a demonstration, in which the person who asks manages the team of all plans."""
    with Services(url) as services:
        demo_people.declare(services)
        post = Appointment(Duty(PERSON["role"]), PERSON["agency"])
        person = demo_people.make_known(services, PERSON["name"], post)
        joined = TeamJoined(person=person, team=TEAM, since=LONG_AGO)
        services.authoriser.state([joined], THE_TRACKER, None)


def count_of(beat: last_sweep.Beat | None) -> int:
    """Say which sweep it was, counted from the first."""
    return 0 if beat is None else beat.nth


def told(folder: Path) -> str:
    """Give the end of what each process logged."""
    return "\n".join(f"{log.name}: {log.read_text()[-2000:]}" for log in folder.glob("*.log"))
