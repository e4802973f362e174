"""A running worker: it sweeps and follows through everything that may happen to it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from plantrack.application.commands import NewEvent
from plantrack.application.services import Services
from plantrack.domain.events import AlertCleared
from plantrack.domain.events.entries import Entry
from plantrack.health import Health
from plantrack.projections.follower import retry_parked
from plantrack.record import Record
from plantrack.record.leader_lock import LEADING
from plantrack.worker import Worker
from plantrack.worker.worker import Regularly
from record.plans import ANN, seen
from worker.plans import Clock, open_plan, poison, raised, sweeps_so_far, wait_until

EVERY = 0.5
CANARY = "canary-7431"
LISTENERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
LEADERS = f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE objid = {LEADING} AND granted"


@contextmanager
def working(services: Services) -> Iterator[Worker]:
    worker = Worker(services, EVERY)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def wait_for_sweeps(services: Services, more: int, seconds: float = 10) -> float:
    before = sweeps_so_far(services)
    return wait_until(lambda: sweeps_so_far(services) >= before + more, seconds)


def test_a_clock_that_jumps_neither_stops_sweeps_nor_raises_or_withdraws_anything(
    services: Services, clock: Clock
) -> None:
    open_plan(services, "P1", date(2026, 9, 2), date(2026, 9, 20))
    clock.set(datetime(2026, 9, 3, 12, tzinfo=UTC))

    with working(services):
        wait_until(lambda: len(raised(services.record, "P1")) == 1, 10)
        for jump in (timedelta(hours=3), timedelta(hours=-3), timedelta(days=-1)):
            clock.move(jump)
            assert wait_for_sweeps(services, 2) <= 2 * 2 * EVERY + 1

    assert [alert.about for alert in raised(services.record, "P1")] == ["A1"]
    assert not any(isinstance(e, AlertCleared) for e in services.record.events_of("P1"))


def test_the_heart_sweeps_where_the_scheduler_stands_still(services: Services) -> None:
    with working(services) as worker:
        wait_for_sweeps(services, 1)
        worker._scheduler.pause()

        assert wait_for_sweeps(services, 3) <= 3 * 2 * EVERY + 1


def test_a_sweep_that_fails_altogether_is_followed_by_the_next(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([RuntimeError(CANARY)] * 2)
    today = services.today

    def failing() -> date:
        for failure in failures:
            raise failure
        return today()

    monkeypatch.setattr(services, "today", failing)
    with working(services):
        wait_for_sweeps(services, 1)
    assert next(failures, None) is None


def test_when_sweeping_stops_health_is_red_within_two_intervals(services: Services) -> None:
    health = Health(services, EVERY)
    with working(services):
        wait_until(lambda: health.check().ready, 10)
    stopped = time.monotonic()

    def red() -> bool:
        return any("No sweep has come to its end for" in p for p in health.check().problems)

    assert wait_until(red, 2 * EVERY + 1) <= 2 * EVERY + 0.5
    assert time.monotonic() - stopped < 2 * EVERY + 1
    assert not health.check().ready
    health.close()


def test_the_follower_brings_the_lists_up_while_people_write(services: Services) -> None:
    open_plan(services, "P1")
    with working(services) as worker:
        wait_until(lambda: worker.leads, 5)
        for _ in range(5):
            position = services.commands.carry_out([said("P1")], ANN).position
            services.models.wait_for(position, 5)


def said(plan: str) -> NewEvent:
    return NewEvent(plan, seen())


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("terminate", [LISTENERS, LEADERS], ids=["listener", "leader"])
def test_a_session_that_was_terminated_is_begun_again(
    terminate: str, services: Services, ready_url: str
) -> None:
    open_plan(services, "P1")
    health = Health(services, EVERY)
    with working(services) as worker:
        wait_until(lambda: worker.leads and health.check().ready, 10)
        with psycopg.connect(ready_url, autocommit=True) as owner:
            killed = owner.execute(terminate.encode()).fetchall()
        position = services.commands.carry_out([said("P1")], ANN).position

        assert killed
        services.models.wait_for(position, 10)
        wait_until(lambda: worker.leads and health.check().ready, 10)
    health.close()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_lead_that_was_lost_is_noticed_at_the_next_beat(
    services: Services, ready_url: str
) -> None:
    with working(services) as worker:
        wait_until(lambda: worker.leads, 5)
        with psycopg.connect(ready_url, autocommit=True) as somebody:
            somebody.execute(LEADERS.encode())
            wait_until(
                lambda: (
                    somebody.execute(f"SELECT pg_try_advisory_lock({LEADING})".encode()).fetchone()
                    == (True,)
                ),
                5,
            )
            wait_until(lambda: not worker.leads, 2 * EVERY)


AN_ENTRY = "still in the lists: an entry of {} cannot be read. Have it looked at: plantrack doctor."
ONE_STANDS_STILL = "1 plan stands " + AN_ENTRY.format("it")
TWO_STAND_STILL = "2 plans stand " + AN_ENTRY.format("each")
"""Without the plans' names, which are not for everybody who asks how the process is."""


def test_a_plan_that_cannot_be_read_is_parked_and_the_others_go_on(
    services: Services, capfd: pytest.CaptureFixture[str]
) -> None:
    for plan in ("P1", "P2", "P3"):
        open_plan(services, plan)
    health = Health(services, EVERY)
    with working(services):
        wait_until(lambda: health.check().ready, 10)
        poison(services, "P1", f'{{"{CANARY}": 1}}')
        position = services.commands.carry_out([said("P2")], ANN).position

        services.models.wait_for(position, 10)
        wait_until(lambda: not health.check().ready, 5)
        [one] = [p for p in health.check().problems if "cannot be read" in p]
        poison(services, "P3", f'{{"{CANARY}": 1}}')
        position = services.commands.carry_out([said("P2")], ANN).position
        services.models.wait_for(position, 10)
        [two] = [p for p in health.check().problems if "cannot be read" in p]
    health.close()
    assert one == ONE_STANDS_STILL
    assert two == TWO_STAND_STILL
    assert CANARY not in capfd.readouterr().err


def test_a_parked_plan_that_can_be_read_again_comes_back(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_plan(services, "P1")
    files = services.files()
    services.catch_up(files)
    poison(services, "P1")
    services.catch_up(files)
    assert retry_parked(services.models, files) == []

    def readable(record: Record, plan: str, after: int = 0) -> list[Entry]:
        return [] if after else [record.entry(plan, 1)]

    monkeypatch.setattr(Record, "entries", readable)

    assert retry_parked(services.models, services.files()) == ["P1"]
    with services.models.reading() as reading:
        assert reading.parked() == []


def test_a_clock_that_was_set_forward_by_years_is_not_followed_run_by_run() -> None:
    regularly = Regularly(300)
    now = datetime(2026, 9, 3, 9, tzinfo=UTC)
    a_while, years = timedelta(seconds=100), timedelta(days=3650)

    assert regularly.get_next_fire_time(now - a_while, now) == now + timedelta(seconds=200)
    assert regularly.get_next_fire_time(now - years, now) == now + timedelta(seconds=300)
