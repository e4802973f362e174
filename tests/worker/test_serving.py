"""``plantrack serve`` and ``worker`` as processes: several on one database, of which one leads."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from plantrack.application import demo_people, stores
from plantrack.application.services import Services
from plantrack.cli.exits import Exit
from plantrack.record import migrate
from worker.plans import last_beat, wait_until


@contextmanager
def running(log: Path, *words: str, database: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run plantrack until the end of the block."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", "from plantrack.cli import main; main()", *words],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "PLANTRACK_DATABASE": database,
            },
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def asked(address: str, path: str) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(f"{address}{path}", timeout=5) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, json.loads(problem.read())


def address(log: Path) -> str:
    """Give the address that a process says it serves on."""

    def said() -> "re.Match[str] | None":
        return re.search(r"Serving on (http://[\d.:]+/)", log.read_text())

    wait_until(lambda: said() is not None, 20)
    found = said()
    assert found
    return found[1]


def sweeps(services: Services, process: "subprocess.Popen[bytes]") -> bool:
    """Whether a process did the last sweep."""
    beat = last_beat(services)
    return beat is not None and beat.by.endswith(f":{process.pid}")


def stop(process: "subprocess.Popen[bytes]") -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=15)


@pytest.mark.parametrize(
    "database", ["postgresql", pytest.param("sqlite", marks=pytest.mark.soak)], indirect=True
)
def test_of_two_processes_one_leads_and_the_other_takes_over(
    ready_url: str, tmp_path: Path
) -> None:
    logs = tmp_path / "serve.log", tmp_path / "worker.log"
    every = ("--every", "1")
    let_anybody_in(ready_url)
    with (
        Services(ready_url) as services,
        running(logs[0], "serve", "--port", "0", *every, database=ready_url) as serve,
    ):
        first = address(logs[0])
        wait_until(lambda: asked(first, "readyz")[0] == 200, 15)
        with running(logs[1], "worker", *every, database=ready_url) as worker:
            wait_until(lambda: "Working." in logs[1].read_text(), 20)
            assert sweeps(services, serve)
            assert stop(serve) == 0
            wait_until(lambda: sweeps(services, worker), 5)
            assert stop(worker) == 0
    assert "Traceback" not in logs[0].read_text() + logs[1].read_text()


def let_anybody_in(database: str) -> None:
    with Services(database) as services:
        demo_people.declare(services)


def test_a_new_database_is_made_but_not_served_while_nobody_could_sign_in(tmp_path: Path) -> None:
    log, database = tmp_path / "serve.log", f"sqlite:///{tmp_path}/new.db"
    with running(log, "serve", "--port", "0", database=database) as process:
        assert process.wait(timeout=20) == Exit.REFUSED

    told = " ".join(log.read_text().split())
    assert f"There was no {tmp_path}/new.db yet, so it was made." in told
    assert "Nobody could sign in here. Name the identity providers in a file" in told
    assert "Traceback" not in told


def test_without_a_worker_it_serves_and_says_that_nobody_sweeps(tmp_path: Path) -> None:
    log, database = tmp_path / "serve.log", f"sqlite:///{tmp_path}/new.db"
    migrate(database)
    stores.make(database)
    let_anybody_in(database)
    with running(log, "serve", "--port", "0", "--no-worker", database=database) as process:
        status, found = asked(address(log), "readyz")

        assert (status, found["ready"], found["leader"]) == (503, False, False)
        assert any("plantrack worker" in problem for problem in found["problems"])
        assert asked(address(log), "healthz")[0] == 200
        assert stop(process) == 0
