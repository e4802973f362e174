"""Health says in words what somebody must look into, also when the database hangs."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from plantrack.application.services import Services, Standing
from plantrack.health import Health, LagWatch
from plantrack.projections import last_sweep
from plantrack.projections.last_sweep import Beat
from plantrack.projections.rebuild import rebuild
from plantrack.projections.store import ReadModels
from plantrack.record.leader_lock import lead_of
from plantrack.worker import sweep
from plantrack.worker.worker import note_beat
from worker.plans import Clock, open_plan

EVERY = 300.0
NOBODY = "No process leads, so nothing is swept. Start one: plantrack worker."


class Seconds:
    """A monotonic clock that shows what it is set to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def health(services: Services, seconds: Seconds) -> Iterator[Health]:
    """Health of a database that some process leads."""
    lead, health = lead_of(services.url), Health(services, EVERY, seconds)
    assert lead.hold()
    yield health
    health.close()
    lead.let_go()


def sweep_and_note(services: Services) -> None:
    note_beat(services, sweep(services, services.files()))


def test_all_is_well_after_a_sweep(services: Services, health: Health, clock: Clock) -> None:
    open_plan(services, "P1")
    sweep_and_note(services)

    assert health.check() == {
        "ready": True,
        "entries": 1,
        "projection_lag": 0,
        "last_sweep": clock(),
        "leader": True,
        "problems": [],
    }


def test_before_the_first_sweep_nobody_is_sent_here(health: Health) -> None:
    checked = health.check()

    assert not checked.ready
    assert checked.last_sweep is None
    assert checked.problems == [
        "No sweep has come to its end yet. Look whether a worker runs: plantrack worker."
    ]


def test_a_process_that_starts_sees_an_old_standstill_at_once(
    services: Services, health: Health, clock: Clock
) -> None:
    sweep_and_note(services)
    clock.move(timedelta(seconds=2 * EVERY + 1))

    [problem] = health.check().problems
    assert problem.startswith("No sweep has come to its end for 601 seconds")


def test_a_wall_clock_that_is_set_back_does_not_hide_a_standstill(
    services: Services, health: Health, clock: Clock, seconds: Seconds
) -> None:
    sweep_and_note(services)
    assert health.check().ready
    clock.move(-timedelta(days=1))
    seconds.now += 2 * EVERY - 1
    assert health.check().ready
    seconds.now += 2

    assert not health.check().ready


def test_a_wall_clock_that_is_set_forward_makes_no_standstill(
    services: Services, health: Health, clock: Clock, seconds: Seconds
) -> None:
    sweep_and_note(services)
    assert health.check().ready
    seconds.now += 1
    clock.move(timedelta(hours=3))

    assert health.check().ready


def test_a_sweep_just_before_the_wall_clock_is_set_forward_still_counts(
    services: Services, health: Health, clock: Clock, seconds: Seconds
) -> None:
    sweep_and_note(services)
    assert health.check().ready
    seconds.now += 5
    sweep_and_note(services)
    clock.move(timedelta(hours=3))

    assert health.check().ready


def test_sweeps_that_go_on_keep_health_green_however_the_wall_clock_stands(
    services: Services, health: Health, clock: Clock, seconds: Seconds
) -> None:
    for _ in range(4):
        sweep_and_note(services)
        assert health.check().ready
        clock.move(-timedelta(hours=2))
        seconds.now += EVERY


def test_a_sweep_that_failed_on_a_plan_is_told_until_the_next(
    services: Services, health: Health
) -> None:
    sweep_and_note(services)
    beat = Beat(services.commands.now(), 1.0, 0, 2, services.today(), "somebody")
    last_sweep.note(services.models, beat)

    [problem] = health.check().problems
    assert problem.startswith("The last sweep failed on 2 plans.")
    sweep_and_note(services)
    assert health.check().ready


def test_that_nobody_leads_is_told(services: Services) -> None:
    sweep_and_note(services)
    health = Health(services, EVERY)

    checked = health.check()

    assert (checked.leader, checked.problems) == (False, [NOBODY])
    health.close()


def test_lists_that_stay_behind_for_ten_seconds_are_told(
    services: Services, health: Health, seconds: Seconds
) -> None:
    sweep_and_note(services)
    open_plan(services, "P1")

    first = health.check()
    seconds.now += 10.5

    assert (first.ready, first.projection_lag) == (True, 1)
    [problem] = health.check().problems
    assert problem.startswith("The lists have been behind the record for 10 seconds, now by 1.")
    services.catch_up(services.files())
    assert health.check().ready


def test_lists_that_are_busy_following_are_not_behind(seconds: Seconds) -> None:
    watch = LagWatch(seconds)
    for position in range(10, 100, 10):
        standing = Standing(position, position, position - 9, None, [], None, led=True)
        assert list(watch.problems(standing)) == []
        seconds.now += 9


def test_a_database_that_hangs_is_told_of_within_about_a_second(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang() -> Standing:
        time.sleep(3)
        raise RuntimeError

    monkeypatch.setattr(services, "standing", hang)
    health = Health(services, EVERY)
    for longest in (1.3, 0.3):
        began = time.monotonic()
        checked = health.check()
        assert time.monotonic() - began < longest
        assert not checked.ready
        assert checked.problems[0].startswith("The database does not answer.")
    health.close()


def test_lists_of_another_release_are_told(services: Services, health: Health) -> None:
    sweep_and_note(services)
    if services.url.startswith("sqlite"):
        with services.models.writing() as connection:
            connection.exec_driver_sql("DROP TABLE beats")
    else:
        with psycopg.connect(services.url, autocommit=True) as owner:
            owner.execute("DROP TABLE read_models.beats")

    checked = health.check()

    assert not checked.ready
    assert checked.problems[0].startswith("The lists cannot be read")


def test_the_number_of_sweeps_survives_a_rebuild_and_rises_by_one(
    services: Services, ready_url: str
) -> None:
    for nth in (1, 2, 3):
        sweep_and_note(services)
        rebuild(services.models, services.files())
        with services.models.reading() as reading:
            beat = last_sweep.last(reading)
        assert beat
        assert (beat.nth, beat.last_sweep) == (nth, datetime(2026, 9, 1, 9, tzinfo=UTC))
    again = ReadModels(ready_url)
    assert not again.make()
    again.close()
