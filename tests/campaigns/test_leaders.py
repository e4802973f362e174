"""Two workers stand by for one another: whoever leads may die, and each alert comes once."""

from datetime import timedelta
from typing import NamedTuple

import pytest

from campaigns.cluster import number
from campaigns.lengths import quick_and_soak
from campaigns.overdue import expected, open_plans
from campaigns.programs import wait_until
from campaigns.proofs import Alerted, each_alert_was_raised_once, lists_are_as_rebuilt
from campaigns.site import Site
from plantrack.application.commands import utc_now
from plantrack.domain.calendar import london_day
from plantrack.record.leader_lock import LEADING

A_DAY = timedelta(days=1)
LONG_AGO = timedelta(days=60)
ACTIONS = 3
THE_LEAD = f"""
SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0
AND objid = {LEADING} AND objsubid = 1
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
ALERTS = "SELECT count(*) FROM events WHERE topic LIKE 'AlertRaised@%'"


class Deaths(NamedTuple):
    """How often the leader dies, and on how many plans something is overdue each time."""

    times: int
    plans: int


@pytest.mark.parametrize("deaths", quick_and_soak(Deaths(1, 15), Deaths(4, 200)))
def test_when_the_leader_dies_another_takes_over_and_raises_each_alert_once(
    deaths: Deaths, council: Site
) -> None:
    today, owed, perhaps = london_day(utc_now()), set[Alerted](), set[Alerted]()
    for _ in range(deaths.times):
        leader, alerts = council.leader(), number(council.url, ALERTS)
        plans = open_plans(council.url, deaths.plans, today - LONG_AGO, ACTIONS, utc_now)
        owed |= expected(council.url, plans, today)
        perhaps |= expected(council.url, plans, today + A_DAY)
        wait_until(
            lambda before=alerts: number(council.url, ALERTS) > before,  # type: ignore[misc]
            30,
            lambda: f"Nobody raises anything: {council.beat()}",
        )
        leads = number(council.url, THE_LEAD)
        leader.kill()
        assert taken_over(council.url, leads) <= 2 * council.every
        council.restore()

    council.wait_for_sweeps(2, seconds=60)
    assert len(owed) > deaths.times * deaths.plans * ACTIONS
    found = each_alert_was_raised_once(council.url)
    assert owed <= found
    assert {alert for alert in found if alert.plan in {each.plan for each in owed}} <= perhaps
    lists_are_as_rebuilt(council.url)


def taken_over(url: str, before: int) -> float:
    """Wait until another session than before has the lead, and say for how long."""
    return wait_until(
        lambda: number(url, THE_LEAD) not in (0, before), 30, lambda: "Nobody takes over."
    )
