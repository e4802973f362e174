"""The clock is set forward, right and back: sweeps go on, and no alert comes twice or goes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from campaigns.faketime import FakeTime
from campaigns.lengths import soak_only
from campaigns.overdue import Clock, open_plans
from campaigns.programs import wait_until
from campaigns.proofs import (
    each_alert_was_raised_once,
    lists_are_as_rebuilt,
    make_ready,
    none_was_withdrawn,
)
from campaigns.site import count_of, site
from plantrack.application.commands import utc_now
from plantrack.application.services import Services
from plantrack.domain.calendar import london_day
from plantrack.projections import last_sweep
from plantrack.worker import Worker

NOON = time(12, 0)
THEN = date(2020, 3, 2)
A_WEEK = timedelta(days=7)
FORWARD_RIGHT_AND_BACK = [
    timedelta(hours=3),
    timedelta(),
    -timedelta(days=1),
    timedelta(days=3),
    -timedelta(days=40),
    timedelta(days=3, hours=1),
]
PLANS, ACTIONS = 2, 20
EVERY = 0.5


def test_setting_the_clock_of_a_worker_stops_no_sweep_and_repeats_and_withdraws_no_alert(
    empty_url: str,
) -> None:
    make_ready(empty_url)
    open_plans(empty_url, PLANS, THEN - A_WEEK, ACTIONS)
    clock = Clock(THEN, NOON)
    with working(empty_url, clock) as services:
        for offset in FORWARD_RIGHT_AND_BACK:
            clock.now = Clock(THEN, NOON).now + offset
            wait_for_a_sweep(services, within=2 * EVERY)

    none_was_withdrawn(empty_url)
    days_overdue = (A_WEEK + max(FORWARD_RIGHT_AND_BACK)).days - 1
    assert actions_alerted(empty_url) == PLANS * days_overdue


@pytest.mark.parametrize("every", soak_only(3.0))
def test_setting_the_clock_of_all_processes_stops_no_sweep_and_repeats_and_withdraws_no_alert(
    every: float, empty_url: str, tmp_path: Path
) -> None:
    make_ready(empty_url)
    opened = london_day(utc_now()) - A_WEEK
    furthest = london_day(utc_now() + max(FORWARD_RIGHT_AND_BACK))
    open_plans(empty_url, PLANS, opened, ACTIONS)
    clocks = FakeTime(tmp_path)
    with site(empty_url, tmp_path, every=every, environ=clocks.environment) as plantrack:
        for offset in FORWARD_RIGHT_AND_BACK:
            plantrack.wait_for_sweeps(1, seconds=3 * every)
            clocks.set(offset.total_seconds())
            plantrack.wait_for_sweeps(1, seconds=2 * every)
            assert plantrack.is_ready(), plantrack.health()

    none_was_withdrawn(empty_url)
    days_overdue = (furthest - opened).days - 1
    assert actions_alerted(empty_url) == PLANS * days_overdue
    lists_are_as_rebuilt(empty_url)


@contextmanager
def working(url: str, clock: Clock) -> Iterator[Services]:
    """Let a worker sweep in this process, by a clock that the test sets."""
    with Services(url, clock) as services:
        worker = Worker(services, EVERY)
        worker.start()
        try:
            wait_for_a_sweep(services, within=10)
            yield services
        finally:
            worker.stop()


def wait_for_a_sweep(services: Services, within: float) -> None:
    before = sweeps(services)
    wait_until(
        lambda: sweeps(services) > before, within, lambda: f"No sweep within {within} seconds."
    )


def sweeps(services: Services) -> int:
    with services.models.reading() as reading:
        return count_of(last_sweep.last(reading))


def actions_alerted(url: str) -> int:
    """Count the actions on which an alert was raised, each once."""
    alerts = each_alert_was_raised_once(url)
    return sum(alerted.obligation == "action-done" for alerted in alerts)
