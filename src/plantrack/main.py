"""Where the parts are put together into a running program: ``serve`` and ``work``."""

import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import NamedTuple

import uvicorn
from fastapi import FastAPI

from plantrack import beside, logs
from plantrack.access.log import AccessLog
from plantrack.api import Settings
from plantrack.api.doors import Doors
from plantrack.api.reachable import LOOPBACK, refuse_addresses, refuse_who_could_come_in
from plantrack.desk import Desk
from plantrack.domain.refusals import Refusal
from plantrack.drafts.drafts import Drafts
from plantrack.health import Health
from plantrack.metrics import Metrics
from plantrack.pages.site import create_site
from plantrack.record import migrate, places
from plantrack.screens.council import Council
from plantrack.screens.council import read as read_council
from plantrack.signin.issuers import Issuers
from plantrack.signin.providers import read as read_providers
from plantrack.signin.sessions import Sessions
from plantrack.worker import Swept, Worker

LARGEST_HEAD = 32 * 1024
KEEP_ALIVE = 5
LONGEST_GOODBYE = 10
WAITING_TO_BE_HEARD = 256
Say = Callable[[str], None]


class CannotListen(Refusal):
    """The port cannot be had."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(f"Port {port} of {host} cannot be used: {why}. Choose another: --port.")


class Serving(NamedTuple):
    """Where and how to serve."""

    host: str
    port: int
    every: float
    worker: bool = True
    providers: Path | None = None
    public_origin: str | None = None
    hosts: tuple[str, ...] = ()
    council: Path | None = None
    """Where it stands whose service it is; None: an invented council's."""

    proxies: tuple[str, ...] = ()
    """Which proxies in front may say whom they speak for; nobody else is believed."""


def serve(url: str, asked: Serving, say: Say) -> None:
    """Serve until told to stop; with the worker, unless another process is to do its part."""
    refuse_addresses(asked.public_origin, asked.proxies)
    make_ready(url, say)
    logs.take_over_libraries()
    host, port, every = asked.host, asked.port, asked.every
    council = read_council(asked.council) if asked.council else Council()
    with (
        Desk(url) as desk,
        doors_of(desk, asked.providers) as doors,
        closing_after(desk, every) as (health, metrics),
    ):
        demonstration = desk.gate.look().rights.demonstration
        in_front = (asked.public_origin, *asked.hosts, *asked.proxies)
        refuse_who_could_come_in(
            host,
            demonstration=demonstration,
            providers=bool(doors.providers),
            origin=asked.public_origin,
            in_front=any(in_front),
        )
        app = create_site(
            desk,
            health=health,
            doors=doors,
            metrics=metrics.exposition,
            observer=metrics.answered,
            settings=Settings(
                public_origin=asked.public_origin,
                hosts=LOOPBACK if demonstration else asked.hosts,
                council=council,
                sweeps_every=every,
            ),
        )
        with (
            listening(host, port) as listener,
            ending_well(),
            working(desk, every, metrics, wanted=asked.worker),
        ):
            say(f"Serving on {_address(listener)}. Stop with Ctrl-C.")
            uvicorn.Server(server_of(app, asked.proxies)).run(sockets=[listener])


def work(url: str, every: float, *, say: Say) -> None:
    """Sweep and keep the lists up until told to stop."""
    make_ready(url, say)
    logs.take_over_libraries()
    with Desk(url) as desk, closing_after(desk, every) as (_, metrics):
        say("Working. Stop with Ctrl-C.")
        with ending_well(), working(desk, every, metrics, wanted=True):
            Event().wait()


def server_of(app: FastAPI, proxies: Sequence[str]) -> uvicorn.Config:
    """Say how it is served: what a caller says of whom they speak for only a proxy is believed."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        ws="none",
        h11_max_incomplete_event_size=LARGEST_HEAD,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=LONGEST_GOODBYE,
    )


@contextmanager
def doors_of(desk: Desk, providers: Path | None) -> Iterator[Doors]:
    """Open what stands at the doors: the access record, sessions, providers and drafts."""
    trusted = read_providers(providers) if providers else ()
    access, now = AccessLog(desk.url), desk.tracker.now
    sessions, drafts = Sessions(desk.url, now=now), Drafts(desk.url, now=now)
    try:
        for kept in (access, sessions, drafts):
            kept.check()
        yield Doors(access, sessions, trusted, Issuers(trusted) if trusted else None, drafts)
    finally:
        for kept in (access, sessions, drafts):
            kept.close()


def make_ready(url: str, say: Say) -> None:
    """Make a SQLite file that is not there yet; a server is migrated by its owner."""
    path = places.sqlite_path(url)
    if path and not path.exists():
        migrate(url)
        beside.make(url)
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
