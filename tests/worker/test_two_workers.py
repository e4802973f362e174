"""Of two workers one leads; when it is killed the other takes over, and nothing is raised twice."""

import os
import signal
from collections import Counter
from datetime import date, timedelta

import pytest

from plantrack.application.services import Services
from plantrack.record.leader_lock import lead_of, somebody_leads
from record.plans import ANN, opened_cin
from record.writers import forking, processes
from worker.plans import everything_raised, last_beat, wait_until
from worker.workers import work_until_killed

EVERY = 1.0
PLANS = 200


@pytest.mark.parametrize(
    "database", ["postgresql", pytest.param("sqlite", marks=pytest.mark.soak)], indirect=True
)
def test_with_the_leader_killed_every_alert_is_raised_exactly_once(ready_url: str) -> None:
    leads = forking.Queue()
    with Services(ready_url) as services:
        plans = [f"P{n}" for n in range(PLANS)]
        long_ago = date.today() - timedelta(days=120)  # noqa: DTZ011 - the worker has a real clock
        together = [(plan, opened_cin(f"C{plan}", long_ago)) for plan in plans]
        services.commands.record_together(together, ANN)
        before = services.record.last_position()

        work = (ready_url, EVERY, leads)
        with processes(work_until_killed, work, work):
            first, _ = leads.get(timeout=15)
            wait_until(lambda: services.record.last_position() >= before + 20, 10)
            os.kill(first, signal.SIGKILL)
            half_done = len(everything_raised(services.record, plans))
            second, _ = leads.get(timeout=2 * EVERY)
            wait_until(lambda: last_beat(services) is not None, 15)
            beat = last_beat(services)
            wait_until(lambda: (last_beat(services) or beat) != beat, 3 * EVERY)

        raised = everything_raised(services.record, plans)
        owed = {
            (file.plan, clock.obligation, clock.about, clock.due_on)
            for file in map(services.files().file, plans)
            for clock in file.running
            if clock.overdue(services.today())
        }
    assert second != first
    assert beat is not None
    assert beat.by.endswith(f":{second}")
    assert 0 < half_done < len(raised)
    assert len(owed) >= PLANS
    assert Counter(raised) == Counter(owed)


def test_one_leads_at_a_time_and_the_lead_can_be_handed_on(ready_url: str) -> None:
    with Services(ready_url) as services:
        first, second = lead_of(ready_url), lead_of(ready_url)

        assert not somebody_leads(services.record, ready_url)
        assert first.hold()
        assert somebody_leads(services.record, ready_url)
        assert not second.hold()
        assert first.hold()
        first.let_go()  # a server takes a moment to notice that the connection is gone
        wait_until(lambda: not somebody_leads(services.record, ready_url), 5)
        assert second.hold()
        assert not first.hold()
        second.let_go()
