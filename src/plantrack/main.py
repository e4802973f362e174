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

from plantrack import logs
from plantrack.access_log.log import AccessLog
from plantrack.api import Settings
from plantrack.application import stores
from plantrack.application.council import Council
from plantrack.application.council import read as read_council
from plantrack.application.services import Services
from plantrack.authentication.issuers import Issuers
from plantrack.authentication.providers import read as read_providers
from plantrack.authentication.sessions import Sessions
from plantrack.domain.refusals import Refusal
from plantrack.drafts.drafts import Drafts
from plantrack.health import Health
from plantrack.metrics import Metrics
from plantrack.pages.site import create_site
from plantrack.record import database_url, migrate
from plantrack.web.reachable import LOOPBACK, refuse_addresses, refuse_who_could_come_in
from plantrack.web.sources import Sources
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
        Services(url) as services,
        sources_of(services, asked.providers) as sources,
        closing_after(services, every) as (health, metrics),
    ):
        demonstration = services.authoriser.look().rights.demonstration
        in_front = (asked.public_origin, *asked.hosts, *asked.proxies)
        refuse_who_could_come_in(
            host,
            demonstration=demonstration,
            providers=bool(sources.providers),
            origin=asked.public_origin,
            in_front=any(in_front),
        )
        app = create_site(
            services,
            health=health,
            sources=sources,
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
            working(services, every, metrics, wanted=asked.worker),
        ):
            say(f"Serving on {_address(listener)}. Stop with Ctrl-C.")
            uvicorn.Server(server_of(app, asked.proxies)).run(sockets=[listener])


def work(url: str, every: float, *, say: Say) -> None:
    """Sweep and keep the lists up until told to stop."""
    make_ready(url, say)
    logs.take_over_libraries()
    with Services(url) as services, closing_after(services, every) as (_, metrics):
        say("Working. Stop with Ctrl-C.")
        with ending_well(), working(services, every, metrics, wanted=True):
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
def sources_of(services: Services, providers: Path | None) -> Iterator[Sources]:
    """Open what requests draw on: the access record, sessions, providers and drafts."""
    trusted = read_providers(providers) if providers else ()
    access, now = AccessLog(services.url), services.commands.now
    sessions, drafts = Sessions(services.url, now=now), Drafts(services.url, now=now)
    try:
        for kept in (access, sessions, drafts):
            kept.check()
        yield Sources(access, sessions, trusted, Issuers(trusted) if trusted else None, drafts)
    finally:
        for kept in (access, sessions, drafts):
            kept.close()


def make_ready(url: str, say: Say) -> None:
    """Make a SQLite file that is not there yet; a server is migrated by its owner."""
    path = database_url.sqlite_path(url)
    if path and not path.exists():
        migrate(url)
        stores.make(url)
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
def closing_after(services: Services, every: float) -> Iterator[tuple[Health, Metrics]]:
    """Watch and measure, and stop looking before the services are closed."""
    health, metrics = Health(services, every), Metrics(services)
    try:
        yield health, metrics
    finally:
        health.close()
        metrics.close()


@contextmanager
def working(services: Services, every: float, metrics: Metrics, *, wanted: bool) -> Iterator[None]:
    """Run the worker's threads beside, if wanted; all have ended afterwards."""

    def measure(swept: Swept) -> None:
        metrics.swept(swept.seconds, swept.raised_by_rule)

    worker = Worker(services, every, swept=measure)
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
