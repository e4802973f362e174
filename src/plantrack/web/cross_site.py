"""Who may make a browser ask: only pages from here, and only at the names that this place has.

A browser sends somebody's cookie along whichever page made it ask, and says which page that was:
``Sec-Fetch-Site``, or at least ``Origin``.

- What changes something must come from a page of the same origin, or from the person directly. A
  request with neither header comes from no browser of today. It passes if it brings no cookie: a
  program signs in by ``Authorization``, and no page can make a browser add that.
- What is read under ``/api/`` must come from there too, or the time that an answer takes would
  tell another page something. A link that somebody follows passes: it opens a page of its own.
- A sister site (``same-site``) is refused like any other: it is not ours.
"""

import re
from collections.abc import Sequence
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from plantrack.web.problems import problem

READS = frozenset({"GET", "HEAD"})
CHANGES_NOTHING = READS | {"OPTIONS"}
GUARDED = "/api/"
FROM_HERE = frozenset({b"same-origin", b"none"})
FOREIGN = (
    "This was sent from a page of another site, so it was not done. Open plantrack itself and do "
    "it there. A program signs in by “Authorization: Bearer” and sends no cookie."
)
NO_SUCH_HOST = "Plantrack is not at this name. Use the address that you were given for it."
USUAL_PORT = {"http": ":80", "https": ":443"}


class OwnHosts:
    """Answers only at the names that the installation gives itself, if it gives any."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.hosts and not self._ours(scope):
            refusal = problem(HTTPStatus.MISDIRECTED_REQUEST, NO_SUCH_HOST)
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _ours(self, scope: Scope) -> bool:
        named = [re.sub(r":\d*$", "", host.lower()) for host in _hosts(scope)]
        return bool(named) and self.hosts.issuperset(named)


class OwnSite:
    """Refuses what a page of another site made a browser ask."""

    def __init__(self, app: ASGIApp, *, origin: str | None, https: bool) -> None:
        self.app = app
        self.scheme = "https" if https else "http"
        self.origin = None if origin is None else _plain(origin)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._may(scope):
            await problem(HTTPStatus.FORBIDDEN, FOREIGN)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _may(self, scope: Scope) -> bool:
        sites = _values(scope, b"sec-fetch-site")
        if scope["method"] in CHANGES_NOTHING:
            unguarded = scope["method"] not in READS or not scope["path"].startswith(GUARDED)
            return unguarded or FROM_HERE.issuperset(sites) or _follows_a_link(scope)
        if sites:
            return FROM_HERE.issuperset(sites)
        origins = _values(scope, b"origin")
        if origins:
            return {_plain(each.decode("latin-1")) for each in origins} == {self._own(scope)}
        return not _values(scope, b"cookie")

    def _own(self, scope: Scope) -> str:
        """Say where we are: as the installation says, or else where we were asked."""
        return self.origin or _plain(f"{self.scheme}://{''.join(_hosts(scope))}")


def _follows_a_link(scope: Scope) -> bool:
    """Say whether the answer opens as a page of its own, not inside another."""
    modes, goals = _values(scope, b"sec-fetch-mode"), _values(scope, b"sec-fetch-dest")
    return (modes, goals) == ([b"navigate"], [b"document"])


def _hosts(scope: Scope) -> list[str]:
    return [each.decode("latin-1") for each in _values(scope, b"host")]


def _plain(origin: str) -> str:
    """Write an origin as browsers do: in small letters and without the usual port."""
    plain = origin.lower().rstrip("/")
    return plain.removesuffix(USUAL_PORT.get(plain.partition("://")[0], "/"))


def _values(scope: Scope, name: bytes) -> list[bytes]:
    return [value for each, value in scope["headers"] if each == name]
