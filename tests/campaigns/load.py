"""People at work: they record and read over HTTP without pause, and note what they were told."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count, cycle
from pathlib import Path
from threading import Event, Lock, Thread
from typing import NamedTuple, TextIO

import httpx

from campaigns.programs import wait_until
from campaigns.site import TEAM
from campaigns.web import Web
from plantrack.application.commands import Commands
from plantrack.domain.calendar import london_day
from plantrack.record import open_record
from record.plans import ANN, opened_cin, seen

NO_ANSWER = 0
FINE, CREATED, TRY_AGAIN = 200, 201, 503
RETRY_AFTER = 0.05


class Answer(NamedTuple):
    """What somebody was told, and how long it took."""

    writes: bool
    status: int
    seconds: float
    retry_after: str | None
    began: float

    @property
    def ended(self) -> float:
        """When they were told."""
        return self.began + self.seconds


class Load:
    """Everybody at work, what they were told, and on disk what was acknowledged."""

    def __init__(self, addresses: Sequence[str], said: TextIO) -> None:
        self.addresses = addresses
        self.answers: list[Answer] = []
        self.wrong: list[str] = []
        self._said = said
        self._turn = Lock()
        self._stop = Event()

    @property
    def acknowledged(self) -> list[str]:
        """Read the notes: plan, number and note of each entry that was acknowledged."""
        return Path(self._said.name).read_text().splitlines()

    def statuses(self, *, writes: bool) -> set[int]:
        """Name the statuses that people were told; ``NO_ANSWER`` where they were told none."""
        return {answer.status for answer in self.answers if answer.writes is writes}

    def seconds(self, *, writes: bool) -> list[float]:
        """Give how long each answer took, the shortest first."""
        return sorted(answer.seconds for answer in self.answers if answer.writes is writes)

    def stop(self) -> None:
        """Let everybody finish what they are at, and go home."""
        self._stop.set()

    def record(self, plan: str, every: float) -> None:
        """Record visits on a plan of one's own, asking again what was not recorded yet."""
        with Web(*self.addresses) as web:
            after = 1
            while not self._stop.is_set():
                note = f"{plan} {os.urandom(6).hex()}"
                after = self._insist(web, plan, note, after)
                self._stop.wait(every)

    def read(self, plan: str, every: float) -> None:
        """Read a plan and the list of alerts."""
        paths = cycle([f"/api/plans/{plan}", f"/api/plans/{plan}/chronology", "/api/alerts"])
        with Web(*self.addresses) as web:
            while not self._stop.is_set():
                since = time.monotonic()
                self._told(web.answer("GET", next(paths)), since, writes=False)
                self._stop.wait(every)

    def _insist(self, web: Web, plan: str, note: str, after: int) -> int:
        while True:
            since = time.monotonic()
            answer = web.record(plan, seen(note), after, key=note.replace(" ", "-"))
            self._told(answer, since, writes=True)
            if answer is not None and answer.is_success:
                number = int(answer.headers["ETag"].strip('"'))
                self._note(f"{plan} {number} {note}\n")
                return number
            if answer is not None and answer.status_code != TRY_AGAIN:
                self.wrong.append(f"{answer.status_code} {answer.text}")
                return after
            time.sleep(RETRY_AFTER)

    def _note(self, line: str) -> None:
        with self._turn:
            self._said.write(line)
            self._said.flush()
            os.fsync(self._said.fileno())

    def _told(self, answer: httpx.Response | None, since: float, *, writes: bool) -> None:
        status = NO_ANSWER if answer is None else answer.status_code
        retry_after = None if answer is None else answer.headers.get("Retry-After")
        seconds = time.monotonic() - since
        self.answers.append(Answer(writes, status, seconds, retry_after, since))


_names = count(1)


def open_plans(url: str, many: int) -> list[str]:
    """Open plans for so many children on which nothing is overdue, and name them."""
    with closing(open_record(url)) as record:
        commands = Commands(record)
        plans = [f"L{next(_names)}" for _ in range(many)]
        today = london_day(commands.now())
        commands.record_together(
            [(plan, opened_cin(f"C{plan}", today, team=TEAM)) for plan in plans], ANN
        )
    return plans


@contextmanager
def at_work(
    addresses: Sequence[str],
    plans: Sequence[str],
    said: Path,
    *,
    writes_every: float = 0.2,
    reads_every: float = 0.2,
    readers: int = 1,
) -> Iterator[Load]:
    """Let one person record on each plan, and some others read, for a while."""
    with said.open("a") as notes:
        load = Load(addresses, notes)
        people = [Thread(target=load.record, args=(plan, writes_every)) for plan in plans]
        people += [Thread(target=load.read, args=(plans[0], reads_every)) for _ in range(readers)]
        for each in people:
            each.start()
        try:
            yield load
        finally:
            load.stop()
            for each in people:
                each.join()


def wait_until_recorded(load: Load, more: int) -> float:
    """Wait until so many more entries were acknowledged, and say for how long."""
    enough = len(load.acknowledged) + more
    return wait_until(
        lambda: len(load.acknowledged) >= enough or bool(load.wrong),
        30,
        lambda: f"Nothing is recorded any more: {load.answers[-5:]}",
    )
