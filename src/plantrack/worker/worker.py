"""The worker: sweeps on time while this process leads, and stands by while another does."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import inf
from threading import Event, Lock, Thread

from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.base import BaseTrigger  # type: ignore[import-untyped]

from plantrack.application.services import Services
from plantrack.logs import logger, told
from plantrack.projections import last_sweep as beats
from plantrack.worker.follower import Following
from plantrack.worker.leader import Leader
from plantrack.worker.sweeper import Swept, sweep

EVERY = 300.0
"""How many seconds there are between two sweeps, if nobody says otherwise."""
LONGEST_BEAT = 5.0
OVERDUE = 1.2
"""After how many intervals without a sweep the heart sweeps by itself."""
JOB = "sweep"

log = logger("worker")


class Worker:
    """The threads of one process that sweep, follow and seek the lead.

    The scheduler goes by the wall clock and stands still when that is set back; the heart goes by
    the monotonic clock, and sweeps when no sweep began for too long.
    """

    def __init__(
        self,
        services: Services,
        every: float = EVERY,
        *,
        swept: Callable[[Swept], None] = lambda _: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._every = every
        self._swept = swept
        self._monotonic = monotonic
        self._files = services.files()
        self._leader = Leader(services.url)
        self._following = Following(services, lambda: self.leads)
        self._turn = Lock()
        self._stopping = Event()
        self._began = -inf
        self._scheduler = BackgroundScheduler(
            timezone=UTC, executors={"default": ThreadPoolExecutor(1)}
        )
        self._heart = Thread(target=self._beat_on, name="heart", daemon=True)
        self._by_heart: Thread | None = None

    @property
    def leads(self) -> bool:
        """Whether this process leads."""
        return self._leader.leads

    def start(self) -> None:
        """Start every thread; the first sweep comes as soon as this process leads."""
        self._scheduler.add_job(
            self._sweep,
            self._trigger(),
            id=JOB,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.start()
        self._following.start()
        self._heart.start()

    def stop(self) -> None:
        """Stop every thread and wait for it, then let another process lead."""
        self._stopping.set()
        if self._heart.is_alive():
            self._heart.join()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        if self._by_heart is not None:
            self._by_heart.join()
        self._following.stop()
        self._leader.let_go()

    def _trigger(self) -> "Regularly":
        return Regularly(self._every)

    def _beat_on(self) -> None:
        while True:
            try:
                self._beat()
            except Exception as wrong:  # noqa: BLE001 - the heart must not stop
                log.warning("a beat of the heart failed", **told(wrong))
            if self._stopping.wait(min(self._every / 5, LONGEST_BEAT)):
                return

    def _beat(self) -> None:
        """Seek the lead, and sweep at once where the scheduler should have and did not."""
        led = self._leader.leads
        if not self._leader.seek():
            return
        if not led:
            self._began = -inf
        if self._monotonic() - self._began > OVERDUE * self._every:
            self._sweep_by_heart()

    def _sweep_by_heart(self) -> None:
        if self._by_heart is not None and self._by_heart.is_alive():
            return
        self._by_heart = Thread(target=self._sweep, name="sweep-by-heart", daemon=True)
        self._by_heart.start()
        if self._scheduler.running:
            self._scheduler.reschedule_job(JOB, trigger=self._trigger())

    def _sweep(self) -> None:
        """Sweep if this process leads and no other thread of it is sweeping."""
        if not self._leader.leads or not self._turn.acquire(blocking=False):
            return
        try:
            self._began = self._monotonic()
            self._sweep_now()
        except Exception as wrong:  # noqa: BLE001 - the next sweep must come
            log.warning("the sweep failed", **told(wrong))
        finally:
            self._turn.release()

    def _sweep_now(self) -> None:
        swept = sweep(self._services, self._files, go_on=self._goes_on)
        if not swept.finished:
            return
        note_beat(self._services, swept)
        self._swept(swept)
        log.info(
            "swept",
            day=swept.day.isoformat(),
            raised=swept.raised,
            climbed=swept.climbed,
            cleared=swept.cleared,
            plans=swept.plans,
            failed=len(swept.failed),
            seconds=round(swept.seconds, 3),
        )

    def _goes_on(self) -> bool:
        return self._leader.leads and not self._stopping.is_set()


class Regularly(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """Fires again after so many seconds, and after a gap goes on from now.

    The library's own trigger steps through every run that was missed, which takes very long when
    the clock was set forward by days.
    """

    def __init__(self, seconds: float) -> None:
        self._interval = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """Give the time of the next run, which is never in the past."""
        after = now if previous is None else previous
        due = after + self._interval
        return due if due > now else now + self._interval


def note_beat(services: Services, swept: Swept) -> None:
    """Note that a sweep came to its end, for whoever watches that there are sweeps."""
    beat = beats.Beat(
        last_sweep=services.commands.now(),
        seconds=swept.seconds,
        raised=swept.raised,
        failed=len(swept.failed),
        swept_for=swept.day,
        by=beats.this_process(),
    )
    beats.note(services.models, beat)
