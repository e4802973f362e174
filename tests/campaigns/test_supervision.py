"""Whatever is cut off comes back by itself, and whatever stands still is seen to stand still."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from typing import Any

import psycopg
import pytest

from campaigns.cluster import Cluster
from campaigns.lengths import quick_and_soak
from campaigns.load import open_plans
from campaigns.programs import wait_until
from campaigns.proofs import lists_are_as_rebuilt
from campaigns.site import Site, site
from campaigns.web import Web
from record.plans import seen

LAG_WITHIN = 10.0
A_LITTLE = 0.7
LOOKED_AT_FOR = 1.1
READY, NOT_READY = 200, 503
LISTENERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND query LIKE 'LISTEN %'"
)
UNREADABLE = (
    "INSERT INTO events (originator_id, originator_version, topic, state)"
    " VALUES (?, 2, 'NeverHeardOf@1', ?)"
)


@pytest.mark.parametrize("times", quick_and_soak(1, 5))
def test_the_lists_follow_again_when_the_server_was_restarted(
    times: int, server: Cluster, council: Site
) -> None:
    for _ in range(times):
        server.restart()
        the_lists_follow_soon(council)


@pytest.mark.parametrize("times", quick_and_soak(1, 5))
def test_the_lists_follow_again_when_the_sessions_that_listen_were_ended(
    times: int, council: Site
) -> None:
    for _ in range(times):
        with psycopg.connect(council.url, autocommit=True) as owner:
            assert owner.execute(LISTENERS).fetchall()
        the_lists_follow_soon(council)


def the_lists_follow_soon(council: Site) -> None:
    """Record something, and wait until every list shows it; no process may have ended."""
    [plan] = open_plans(council.url, 1)
    with council.web() as web:
        answer = wait_for_a_record(web, plan)
        wait_until(lambda: shows(council, plan), LAG_WITHIN, lambda: f"{council.health()}")
    assert answer["entry"] == 2
    assert all(program.runs for program in council.programs)
    wait_until(council.is_ready, LAG_WITHIN, lambda: f"{council.health()}")
    lists_are_as_rebuilt(council.url)


def wait_for_a_record(web: Web, plan: str) -> dict[str, Any]:
    told: list[dict[str, Any]] = []

    def recorded() -> bool:
        answer = web.record(plan, seen(f"after it on {plan}"), 1, key=plan)
        if answer is not None and answer.is_success:
            told.append(answer.json())
        return bool(told)

    wait_until(recorded, LAG_WITHIN, lambda: "Nothing can be recorded.")
    return told[0]


def shows(council: Site, plan: str) -> bool:
    """Whether no web process says that its lists lag, and all of them show an entry."""
    for web in council.each_web:
        status, health = web.health()
        if status == 0 or health["behind"]:
            return False
        rows = [row for row in web.pages("/api/plans", limit=200) if row["plan"] == plan]
        if [row["last_entry"] for row in rows] != [2]:
            return False
    return True


def test_an_entry_that_cannot_be_read_stops_nothing_else_and_is_told(
    campaign_url: str, tmp_path: Path
) -> None:
    with site(campaign_url, tmp_path, servers=1, workers=0) as plantrack:
        poisoned, other = open_plans(campaign_url, 2)
        wait_until(lambda: not lag(plantrack), LAG_WITHIN, lambda: "The lists lag.")
        put_what_cannot_be_read(campaign_url, poisoned)
        with plantrack.web() as web:
            wait_for_a_record(web, other)
            wait_until(lambda: shows(plantrack, other), LAG_WITHIN, lambda: f"{web.health()}")
            wait_until(lambda: not_ready(plantrack), LAG_WITHIN, lambda: "It is not told.")
            [status, health] = web.health()
            alerts = web.get("/api/alerts")
            plan = web.answer("GET", f"/api/plans/{poisoned}")
            plantrack.wait_for_sweeps(2, seconds=6 * plantrack.every)

    assert (status, health["behind"]) == (NOT_READY, False)
    for problems in (health["problems"], alerts["up_to_date"]["problems"]):
        assert [problem for problem in problems if problem.startswith("1 plan stands still")]
        assert not [problem for problem in problems if poisoned in problem or other in problem]
    assert plan is not None
    assert plan.status_code == NOT_READY
    lists_are_as_rebuilt(campaign_url)


def put_what_cannot_be_read(url: str, plan: str) -> None:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file, file:
            file.execute(UNREADABLE, (plan, b"{}"))
    else:
        with psycopg.connect(url) as owner:
            owner.execute(UNREADABLE.replace("?", "%s").encode(), (plan, b"{}"))


def lag(plantrack: Site) -> bool:
    return any(health["behind"] for _, health in plantrack.health())


@pytest.mark.parametrize("how", ["killed", "stopped"])
def test_when_nobody_sweeps_or_follows_everybody_is_told_within_two_intervals(
    how: str, council: Site
) -> None:
    [plan] = open_plans(council.url, 1)
    wait_until(lambda: not lag(council), LAG_WITHIN, lambda: "The lists lag.")
    council.wait_for_sweeps(1, seconds=3 * council.every)
    with nobody_at_work(council, how):
        last = council.beat()
        within = 2 * council.every + A_LITTLE
        wait_until(lambda: not_ready(council), within, lambda: f"{council.health()}")
        wait_for_a_record(council.each_web[0], plan)
        found = [health for _, health in council.health()]
        time.sleep(LOOKED_AT_FOR)
        told = [web.get("/api/alerts")["up_to_date"] for web in council.each_web]

    assert last is not None
    swept = last.last_sweep
    assert {datetime.fromisoformat(each["last_sweep"]) for each in (*found, *told)} == {swept}
    assert all(health["behind"] is True for health in found)
    assert all(each["behind"] is True for each in told)
    assert all(each["problems"] for each in told)
    wait_until(council.is_ready, 30, lambda: f"{council.health()}")


@contextmanager
def nobody_at_work(council: Site, how: str) -> Iterator[None]:
    """Kill the workers or stop them in their tracks, as a machine that hangs does."""
    for worker in council.workers:
        worker.kill() if how == "killed" else worker.send(SIGSTOP)
    try:
        yield
    finally:
        for worker in council.workers:
            worker.start() if how == "killed" else worker.send(SIGCONT)


def not_ready(plantrack: Site) -> bool:
    """Whether every web process says that not all is well."""
    return all(status == NOT_READY for status, _ in plantrack.health())
