"""Plans whose actions are due on days that a test chooses, and what was raised on them."""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

from plantrack.application.services import Services
from plantrack.domain.events import ActionAgreed, AlertRaised
from plantrack.projections import last_sweep
from plantrack.record import Record
from plantrack.worker import Swept, sweep
from record.plans import ANN, BEN, opened_cin

POISON = "INSERT INTO events (originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?)"


class Clock:
    """A clock that shows what it is set to."""

    def __init__(self, now: datetime) -> None:
        self._stands = now

    def set(self, now: datetime) -> None:
        self._stands = now

    def move(self, by: timedelta) -> None:
        self._stands += by

    def __call__(self) -> datetime:
        return self._stands


def open_plan(services: Services, plan: str, *due_on: date) -> None:
    """Open a plan today, with an action due on each of some days."""
    today = services.today()
    agreed = [
        ActionAgreed(on=today, action=f"A{at}", what="Fix the boiler", owner=BEN, due_on=day)
        for at, day in enumerate(due_on, 1)
    ]
    opened = opened_cin(f"C-{plan}", today)
    services.commands.record_together([(plan, event) for event in (opened, *agreed)], ANN)


def sweep_at(services: Services, clock: Clock, now: datetime) -> Swept:
    clock.set(now.astimezone(UTC))
    return sweep(services, services.files())


def raised(record: Record, plan: str, rule: str = "action-done") -> list[AlertRaised]:
    """Give the alerts that were raised on a plan."""
    events = record.events_of(plan)
    return [e for e in events if isinstance(e, AlertRaised) and e.obligation == rule]


def everything_raised(record: Record, plans: Iterable[str]) -> list[tuple[str, str, str, date]]:
    return [
        (plan, event.obligation, event.about, event.due_on)
        for plan in plans
        for event in record.events_of(plan)
        if isinstance(event, AlertRaised)
    ]


def poison(services: Services, plan: str, said: str = "{}") -> int:
    """Put an entry on a plan that nobody can read, and give its number."""
    number = services.record.last_number(plan) + 1
    services.record.recorder.insert(POISON, (plan, number, "ChildSeen@1", said.encode()))
    return number


def last_beat(services: Services) -> last_sweep.Beat | None:
    with services.models.reading() as reading:
        return last_sweep.last(reading)


def sweeps_so_far(services: Services) -> int:
    beat = last_beat(services)
    return beat.nth if beat else 0


def wait_until(is_so: Callable[[], bool], seconds: float) -> float:
    """Wait until something is so, and say how long that took."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, "it did not come about in time"
        time.sleep(0.02)
    return time.monotonic() - began
