"""Starts plantrack's own programs as processes, waits for them, and ends them in any way."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from signal import Signals

from plantrack.cli import main
from record.writers import forking

PLANTRACK = [sys.executable, "-c", "from plantrack.cli import main; main()"]
A_MOMENT = 0.02


class Program:
    """One process of plantrack, which is spared importing what others have imported before."""

    def __init__(self, words: list[str], log: Path, environ: dict[str, str]) -> None:
        self._what = (words, log, environ)
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        self._process = forking.Process(target=be_plantrack, args=self._what)
        self._process.start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid or 0

    @property
    def runs(self) -> bool:
        """Whether it has neither ended nor been ended."""
        return self._process.is_alive()

    def send(self, how: Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, how)

    def kill(self) -> None:
        """End it with no chance to tidy up."""
        self._process.kill()
        self._process.join()


def be_plantrack(words: list[str], log: Path, environ: dict[str, str]) -> None:
    """Turn this process into plantrack; one whose libraries must be other ones begins anew."""
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.clear()
    os.environ.update(environ)
    if "LD_PRELOAD" in environ:
        os.execve(PLANTRACK[0], [*PLANTRACK, *words], environ)
    sys.argv = ["plantrack", *words]
    main()


def environment(url: str) -> dict[str, str]:
    """Give the environment of a program: where the record is, and nothing of the tester's."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PLANTRACK_DATABASE": url,
    }


@contextmanager
def program(words: list[str], url: str, log: Path, environ: Mapping[str, str]) -> Iterator[Program]:
    """Run a program for a while."""
    started = Program(words, log, {**environment(url), **environ})
    try:
        yield started
    finally:
        started.kill()


def run(*words: str, url: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, as a person would."""
    return subprocess.run(
        [*PLANTRACK, *words],
        env=environment(url),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def free_port() -> int:
    """Name a port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def wait_until(it_is_so: Callable[[], bool], seconds: float, otherwise: Callable[[], str]) -> float:
    """Wait until something is so, and say for how long."""
    since = time.monotonic()
    while not it_is_so():
        assert time.monotonic() - since < seconds, otherwise()
        time.sleep(A_MOMENT)
    return time.monotonic() - since
