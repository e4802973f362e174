"""A real ``plantrack serve`` in a process of its own, and a light way to ask it things.

The client speaks only as much HTTP as it takes to ask over one connection again and again, so
that the server is what is measured.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, TextIO

import msgspec

from bench.append import ANN
from bench.ground import ENVIRONMENT
from plantrack.application import demo_people
from plantrack.application.services import Services
from plantrack.domain.rights.events import Allocated
from plantrack.domain.rights.state import Appointment
from plantrack.domain.rights.words import Allocation, Duty
from plantrack.domain.words import THE_TRACKER

PLANTRACK = (sys.executable, "-c", "from plantrack.cli import main; main()")
SERVING, WORKING = "Serving on http://127.0.0.1:", "Working."
HERE = "127.0.0.1"
LONGEST_START, LONGEST_GOODBYE = 60.0, 20.0
BETWEEN_LOOKS = 0.02
JSON, HTML = "application/json", "text/html"
END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"
READER = {"name": "Sam Service", "agency": ANN.agency, "role": "service_manager"}
WRITER = {"name": ANN.name, "agency": ANN.agency, "role": "social_worker"}
_tokens: dict[tuple[int, str], str] = {}
"""Of whom is signed in where: people stay signed in, as signing in too often is refused."""


class Process(NamedTuple):
    """A process that serves or works: its number, and its port if it has one."""

    pid: int
    port: int

    def resident(self) -> float:
        """Say how many megabytes of it are in memory."""
        return _megabytes(self.pid, "VmRSS:")

    def busy(self) -> float:
        """Say for how many seconds it has kept processors busy."""
        threads = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(each.read_text().split()[0]) for each in threads) / 1e9


def peak(pid: int) -> float:
    """Say how many megabytes of a process were in memory at most; none of one that has ended."""
    return _megabytes(pid, "VmHWM:")


def _megabytes(pid: int, what: str) -> float:
    with open(f"/proc/{pid}/status") as status:
        return sum(int(line.split()[1]) / 1024 for line in status if line.startswith(what))


def let_in(services: Services) -> None:
    """Make a new database one at which anybody invented may sign in."""
    demo_people.declare(services)


def allocate(services: Services, plans: Iterable[str]) -> None:
    """Make plans the work of the one who writes."""
    post = Appointment(Duty(WRITER["role"]), WRITER["agency"])
    writer, today = demo_people.make_known(services, WRITER["name"], post), services.today()
    allocated = [
        Allocated(plan=plan, person=writer, allocation=Allocation.WORKER, since=today)
        for plan in plans
    ]
    services.authoriser.state(allocated, THE_TRACKER, None)


@contextmanager
def serving(url: str) -> Iterator[Process]:
    """Serve a database, with the worker, on a port that is free."""
    with _running("serve", "--port", "0", url=url, until=SERVING) as (process, said):
        port = said.partition(SERVING)[2].partition("/")[0]
        yield Process(process.pid, int(port))


@contextmanager
def working(url: str) -> Iterator[Process]:
    """Run the worker by itself."""
    with _running("worker", url=url, until=WORKING) as (process, _):
        yield Process(process.pid, 0)


@contextmanager
def _running(*words: str, url: str, until: str) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """Run a command until it has said that it is ready, and end it afterwards."""
    with tempfile.TemporaryDirectory() as directory, open(f"{directory}/said", "w+") as talk:
        process = subprocess.Popen(
            [*PLANTRACK, *words, "--database", url],
            env=ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            stderr=talk,
        )
        try:
            yield process, _heard(process, talk, until)
        finally:
            process.terminate()
            process.wait(LONGEST_GOODBYE)


def _heard(process: "subprocess.Popen[bytes]", talk: TextIO, until: str) -> str:
    """Wait until a process has said something, and give all that it said."""
    give_up = time.monotonic() + LONGEST_START
    while process.poll() is None and time.monotonic() < give_up:
        talk.seek(0)
        if until in (said := talk.read()):
            return said
        time.sleep(BETWEEN_LOOKS)
    talk.seek(0)
    raise RuntimeError(f"It never said “{until}” but: {talk.read():.500}")


class Answered(NamedTuple):
    """What was answered."""

    status: int
    body: bytes


class Client:
    """One person, signed in, over one connection that stays open."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, accept: str
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._lines = f" HTTP/1.1\r\nHost: {HERE}\r\nAccept: {accept}\r\n"

    async def sign_in(self, port: int, person: Mapping[str, str]) -> None:
        """Sign in as somebody, or go on as who they signed in before."""
        whose = port, person["name"]
        if whose not in _tokens:
            told = await self.post("/api/demo/sign-in", msgspec.json.encode(person), {})
            _tokens[whose] = msgspec.json.decode(told.body)["token"]
        self._lines += f"Authorization: Bearer {_tokens[whose]}\r\n"

    async def get(self, path: str) -> Answered:
        """Ask for something."""
        return await self._ask("GET", path, b"", {})

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Send something."""
        sent = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
        return await self._ask("POST", path, body, sent)

    async def _ask(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Answered:
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._writer.write(f"{method} {path}{self._lines}{more}\r\n".encode() + body)
        head = await self._reader.readuntil(END_OF_HEAD)
        length = int(head.lower().partition(LENGTH)[2].partition(b"\r\n")[0])
        return Answered(int(head[9:12]), await self._reader.readexactly(length))


@asynccontextmanager
async def client(
    port: int, person: Mapping[str, str] = READER, accept: str = JSON
) -> AsyncIterator[Client]:
    """Open a connection, for somebody who is signed in; a demonstration takes a token for pages."""
    reader, writer = await asyncio.open_connection(HERE, port, limit=2**20)
    try:
        signed_in = Client(reader, writer, accept)
        await signed_in.sign_in(port, person)
        yield signed_in
    finally:
        writer.close()
        with suppress(ConnectionError):  # the server may have left first
            await writer.wait_closed()
