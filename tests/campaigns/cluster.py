"""A PostgreSQL server that a campaign may restart, crash, kill and fill up."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from postgres import Postgres, programs, somebody_else

SETTINGS = (
    "-c fsync=on -c synchronous_commit=on -c full_page_writes=on -c listen_addresses=''"
    " -c max_connections=120"
)
UP_WITHIN = 120.0


class Cluster(Postgres):
    """A durable server with page checksums, reached by a Unix socket in its own directory."""

    def __init__(self, home: Path, settings: str = "") -> None:
        super().__init__(f"postgresql:///?host={home}&user=plantrack&dbname=postgres")
        self.home = home
        self._data = home / "data"
        self._settings = f"{SETTINGS} -c unix_socket_directories={home} {settings}"
        self._as_somebody: dict[str, Any] = somebody_else(home)

    def make(self) -> None:
        """Make the cluster's files."""
        self._run(
            *("initdb", "--data-checksums", "-U", "plantrack", "-A", "trust"),
            *("-E", "UTF8", "--no-locale"),
        )

    def start(self) -> None:
        """Start the server; after a crash this waits until the dead one's children are gone."""
        give_up = time.monotonic() + UP_WITHIN
        while not self._starts():
            assert time.monotonic() < give_up, (self.home / "log").read_text()[-3000:]
            time.sleep(0.1)

    def _starts(self) -> bool:
        try:
            self._control("-l", str(self.home / "log"), "-o", self._settings, "start")
        except subprocess.CalledProcessError:
            return False
        return True

    def restart(self) -> None:
        """Restart it as an administrator does."""
        self._control("-l", str(self.home / "log"), "-m", "fast", "restart")

    def stop(self) -> None:
        """Stop it, and send away who is at work."""
        self._control("-m", "fast", "stop")

    def crash(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """End the server with no chance to tidy up, and wait until it is gone."""
        postmaster = int((self._data / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, how)
        while _lives(postmaster):
            time.sleep(0.02)

    def damaged_pages(self) -> int:
        """Count the pages whose checksum is wrong."""
        return number(self.url, "SELECT sum(checksum_failures) FROM pg_stat_database")

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-w", "-t", "120", *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(programs() / program), "-D", str(self._data), *arguments],
            **{"check": True, "cwd": self.home, **self._as_somebody},
            env={**os.environ, "HOME": str(self.home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )


def number(url: str, sql: str) -> int:
    """Give the number that a query finds; 0 where it finds nothing."""
    with psycopg.connect(url, autocommit=True) as owner:
        [found] = owner.execute(sql.encode()).fetchone() or (0,)
        return int(found or 0)


def _lives(process: int) -> bool:
    with suppress(OSError):
        os.kill(process, 0)
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    return False


@contextmanager
def cluster(home: Path | None = None, settings: str = "") -> Iterator[Cluster]:
    """Make a server, start it, and throw it away."""
    # The path of a socket has at most 107 bytes, so pytest's own directories are too deep.
    where = home or Path(tempfile.mkdtemp(prefix="plantrack-campaign-"))
    made = Cluster(where, settings)
    try:
        made.make()
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(where, ignore_errors=True)


class Disk:
    """A small disk of its own, in memory, that can be filled and freed."""

    def __init__(self, at: Path) -> None:
        self.at = at
        self._ballast = at / "ballast"

    def fill(self) -> None:
        """Leave no byte on it."""
        with self._ballast.open("ab", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(b"x" * 4096)

    def free(self) -> None:
        """Give back what was filled."""
        self._ballast.unlink()


@contextmanager
def small_disk(megabytes: int) -> Iterator[Disk]:
    """Mount a small disk; this needs root, and says so where it is not to be had."""
    at = Path(tempfile.mkdtemp(prefix="plantrack-disk-"))
    size = f"size={megabytes}m"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(at)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        at.rmdir()
        raise PermissionError(f"No small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield Disk(at)
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)
        at.rmdir()
