"""Where the parts are put together into a running program: ``serve`` and ``work``."""

import ipaddress
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

import uvicorn

from plantrack import logs
from plantrack.api import create_app
from plantrack.desk import Desk
from plantrack.domain.refusals import Refusal
from plantrack.health import Health
from plantrack.metrics import Metrics
from plantrack.projections.store import ReadModels
from plantrack.record import migrate, places
from plantrack.worker import Swept, Worker

LARGEST_HEAD = 32 * 1024
KEEP_ALIVE = 5
LONGEST_GOODBYE = 10
WAITING_TO_BE_HEARD = 256
Say = Callable[[str], None]


class NotOnLoopback(Refusal):
    """Serving where others could reach it: until there is a real sign-in, nobody may."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host} can be reached by others, and signing in is only for trying plantrack out: "
            "anybody could read and write every plan. Serve on 127.0.0.1."
        )


class CannotListen(Refusal):
    """The port cannot be had."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(f"Port {port} of {host} cannot be used: {why}. Choose another: --port.")


def serve(url: str, host: str, port: int, every: float, *, worker: bool, say: Say) -> None:
    """Serve until told to stop; with the worker, unless another process is to do its part."""
    refuse_unless_loopback(host)
    make_ready(url, say)
    logs.take_over_libraries()
    with Desk(url) as desk, closing_after(desk, every) as (health, metrics):
        app = create_app(desk, health=health, metrics=metrics.exposition, observer=metrics.answered)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            ws="none",
            h11_max_incomplete_event_size=LARGEST_HEAD,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=LONGEST_GOODBYE,
        )
        with (
            listening(host, port) as listener,
            ending_well(),
            working(desk, every, metrics, wanted=worker),
        ):
            say(f"Serving on {_address(listener)}. Stop with Ctrl-C.")
            uvicorn.Server(config).run(sockets=[listener])


def work(url: str, every: float, *, say: Say) -> None:
    """Sweep and keep the lists up until told to stop."""
    make_ready(url, say)
    logs.take_over_libraries()
    with Desk(url) as desk, closing_after(desk, every) as (_, metrics):
        say("Working. Stop with Ctrl-C.")
        with ending_well(), working(desk, every, metrics, wanted=True):
            Event().wait()


def refuse_unless_loopback(host: str) -> None:
    """Refuse an address that other machines could reach."""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise NotOnLoopback(host)


def make_ready(url: str, say: Say) -> None:
    """Make a SQLite file that is not there yet; a server is migrated by its owner."""
    path = places.sqlite_path(url)
    if path and not path.exists():
        migrate(url)
        ReadModels(url).make()
        say(f"There was no {path} yet, so it was made.")


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port, or refuse one that is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio does not switch Nagle's delay off and each answer waits for 40 ms.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(WAITING_TO_BE_HEARD)
        except OSError as wrong:
            raise CannotListen(host, port, wrong.strerror or "it is not free") from None
        yield listener


@contextmanager
def closing_after(desk: Desk, every: float) -> Iterator[tuple[Health, Metrics]]:
    """Watch and measure, and stop looking before the desk is closed."""
    health, metrics = Health(desk, every), Metrics(desk)
    try:
        yield health, metrics
    finally:
        health.close()
        metrics.close()


@contextmanager
def working(desk: Desk, every: float, metrics: Metrics, *, wanted: bool) -> Iterator[None]:
    """Run the worker's threads beside, if wanted; all have ended afterwards."""

    def measure(swept: Swept) -> None:
        metrics.swept(swept.seconds, swept.raised_by_rule)

    worker = Worker(desk, every, swept=measure)
    try:
        if wanted:
            worker.start()
        yield
    finally:
        worker.stop()


@contextmanager
def ending_well() -> Iterator[None]:
    """End by way of every ``finally`` when told to stop, not at once."""

    def leave(*_: int | FrameType | None) -> None:
        raise SystemExit(0)

    before = {each: signal.signal(each, leave) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _address(listener: socket.socket) -> str:
    host, port, *_ = listener.getsockname()
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
