"""All that one process has open: the record, the lists made of it, the policies, the time."""

import time
from collections.abc import Callable
from datetime import date, datetime
from threading import Lock, Thread
from typing import Generic, NamedTuple, TypeVar

from plantrack.application.authoriser import Authoriser
from plantrack.application.commands import Commands, utc_now
from plantrack.application.plans import Plans
from plantrack.application.policies.in_force import PoliciesInForce
from plantrack.domain.calendar import london_day
from plantrack.projections import last_sweep
from plantrack.projections.follower import Follower
from plantrack.projections.store import Overtaken, Parked, ReadModels
from plantrack.record import CannotReach, Record, open_record
from plantrack.record.leader_lock import somebody_leads

COUNTED_AT_ONCE = 10_000
GIVE_WAY = 0.005
LONGEST_GIVING_WAY = 5.0
LONGEST_LOOK = 1.0
LONGEST_GOODBYE = 5.0

T = TypeVar("T")


class Standing(NamedTuple):
    """How the database stands: how far the lists are, who is parked, what the last sweep did."""

    entries: int
    last_position: int
    lists_at: int
    lists_moved_at: datetime | None
    parked: list[Parked]
    beat: last_sweep.Beat | None
    led: bool

    @property
    def behind(self) -> int:
        """By how many positions the lists are behind the record."""
        return max(0, self.last_position - self.lists_at)


class Services:
    """One database, opened: close it only when its threads have ended."""

    def __init__(self, url: str, now: Callable[[], datetime] = utc_now) -> None:
        self.url = url
        self.record = open_record(url)
        self.models = ReadModels(url)
        try:
            self.models.check()
        except BaseException:
            self.close()
            raise
        self.commands = Commands(self.record, now)
        self.policies = PoliciesInForce(self.record)
        self.authoriser = Authoriser(self.record, self.models, self.commands.now)
        self._count = EntryCount(self.record)

    def files(self) -> Plans:
        """Give a reader of plans' files, for one thread."""
        return Plans(self.record, self.policies)

    def today(self) -> date:
        """Say which day it is in London."""
        return london_day(self.commands.now())

    def catch_up(self, files: Plans) -> None:
        """Bring the lists up to where the record stands now, whoever else does so as well."""
        to, follower = self.record.last_position(), Follower(self.models, files)
        give_up = time.monotonic() + LONGEST_GIVING_WAY
        while True:
            try:
                if not follower.catch_up():
                    return
                give_up = time.monotonic() + LONGEST_GIVING_WAY
            except Overtaken:
                if time.monotonic() > give_up:
                    raise
                time.sleep(GIVE_WAY)
            with self.models.reading() as reading:
                if reading.position() >= to:
                    return

    def standing(self) -> Standing:
        """Look how the database stands; slow where the database is."""
        led = somebody_leads(self.record, self.url)
        with self.models.reading() as reading:
            at, moved_at = reading.position(), reading.moved_at()
            parked, beat = reading.parked(), last_sweep.last(reading)
        entries, last_position = self._count.now()
        return Standing(entries, last_position, at, moved_at, parked, beat, led)

    def close(self) -> None:
        """Close the database."""
        self.models.close()
        self.record.close()

    def __enter__(self) -> "Services":
        """Use them for a while."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the database."""
        self.close()


class EntryCount:
    """Counts the entries of a record that only grows: all of them once, then those that came."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._turn = Lock()
        self._counted: tuple[int, int] | None = None

    def now(self) -> tuple[int, int]:
        """Give how many entries there are, and the position of the last."""
        with self._turn:
            if self._counted is None:
                self._counted = self._count()
            count, last = self._counted
            while new := self._record.touched(last, COUNTED_AT_ONCE):
                count, last = count + len(new), new[-1][0]
                self._counted = count, last
            return self._counted

    def _count(self) -> tuple[int, int]:
        """Count all entries, again where one came while they were counted."""
        while True:
            last = self._record.last_position()
            count = self._record.count()
            if self._record.last_position() == last:
                return count, last


class Glance(Generic[T]):
    """Looks at the database in a thread of its own, so that one that hangs holds nobody up."""

    def __init__(self, look: Callable[[], T]) -> None:
        self._look = look
        self._turn = Lock()
        self._thread: Thread | None = None
        self._begun = 0.0
        self._found: T | None = None
        self._wrong: Exception | None = None

    def __call__(self, wait: float = LONGEST_LOOK) -> T:
        """Give what is found, or what went wrong; whoever asks meanwhile shares the look."""
        with self._turn:
            if self._thread is None or not self._thread.is_alive():
                self._begun = time.monotonic()
                self._thread = Thread(target=self._run, name="glance", daemon=True)
                self._thread.start()
            thread = self._thread
            left = self._begun + wait - time.monotonic()
        thread.join(max(0.0, left))
        if thread.is_alive():
            raise CannotReach("The database does not answer. Look whether it runs.")
        if self._wrong is not None or self._found is None:
            raise self._wrong or CannotReach("The database gave no answer. Try again in a moment.")
        return self._found

    def close(self) -> None:
        """Wait for a look that is under way: a database must not be closed under it."""
        with self._turn:
            if self._thread is not None:
                self._thread.join(LONGEST_GOODBYE)

    def _run(self) -> None:
        try:
            self._found, self._wrong = self._look(), None
        except Exception as wrong:  # noqa: BLE001 - raised to whoever asked
            self._wrong = wrong
