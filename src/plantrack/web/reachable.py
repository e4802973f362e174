"""From where plantrack may be reached: never further than who signs people in and https allow."""

import ipaddress
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from plantrack import logs
from plantrack.domain.refusals import Refusal

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""As what a demonstration is asked; a page elsewhere may not pose as it."""
ORIGIN = re.compile(r"https?://[^/?#@\\\s]+/?")


class NotOnLoopback(Refusal):
    """Serving where others could reach what is not for them, or could read along."""


class NoWayIn(Refusal):
    """Nobody could sign in: there is no provider, and no demonstration."""

    def __init__(self) -> None:
        super().__init__(
            "Nobody could sign in here. Name the identity providers in a file, --providers FILE "
            "(docs/providers.example.toml shows one), or try plantrack out: plantrack demo."
        )


class NoAddress(Refusal):
    """An address that cannot be what it is given as."""


def refuse_addresses(origin: str | None, proxies: Sequence[str]) -> None:
    """Refuse a public address that browsers could not use, and proxies that are not named."""
    if origin is not None and not _is_origin(origin):
        raise NoAddress(
            "--public-origin is the address that people see, without a path: "
            "https://plans.example.gov.uk. It is http on this machine only."
        )
    for each in proxies:
        if not _is_network(each):
            raise NoAddress(
                f"--trust-proxy {each} names no proxy. Give the IP address of the proxy, or its "
                "network, such as 10.0.0.0/24; whoever is trusted may speak for anybody."
            )


def refuse_who_could_come_in(
    host: str, *, demonstration: bool, providers: bool, origin: str | None, in_front: bool
) -> None:
    """Refuse to serve a demonstration to others, and anything that nobody could sign in to.

    ``in_front`` says whether anything was said of a proxy that others would come through.
    """
    if demonstration:
        _refuse_demonstration(host, in_front=in_front)
        logs.logger("rights").warning("this is a demonstration: nobody who signs in is checked")
        return
    if origin is None and not is_loopback(host):
        raise NotOnLoopback(
            f"{host} can be reached by others, and plantrack itself speaks plain http. Put a proxy "
            "with https in front and name the address that people see, --public-origin "
            "https://plans.example.gov.uk, or listen on 127.0.0.1."
        )
    if not providers:
        raise NoWayIn


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_demonstration(host: str, *, in_front: bool) -> None:
    if not is_loopback(host):
        raise NotOnLoopback(
            f"{host} can be reached by others, and this database is a demonstration: anybody "
            "could sign in as anybody. Serve it on 127.0.0.1."
        )
    if in_front:
        raise NotOnLoopback(
            "This database is a demonstration, which is for this machine only: anybody could sign "
            "in as anybody. Leave out --public-origin, --allow-host and --trust-proxy."
        )


def _is_origin(written: str) -> bool:
    if not ORIGIN.fullmatch(written):
        return False
    try:
        parts = urlsplit(written)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or is_loopback(host or ""))


def _is_network(written: str) -> bool:
    try:
        network = ipaddress.ip_network(written)
    except ValueError:
        return False
    return network.prefixlen > 0
