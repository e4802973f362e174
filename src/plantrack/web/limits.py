"""What stands around every route: measuring, limits, and the last resort."""

import time
import traceback
from http import HTTPStatus
from pathlib import PurePath

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plantrack.web.problems import SAYS, problem
from plantrack.web.settings import Observer, Settings

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
HERE = PurePath(__file__).parents[2]

log = structlog.get_logger("plantrack.api")


class Observed:
    """Tells an observer of each answer, by the route's template: a path would name a plan."""

    def __init__(self, app: ASGIApp, observer: Observer) -> None:
        self.app = app
        self.observer = observer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            template = getattr(scope.get("route"), "path", "unmatched")
            method = scope["method"] if scope["method"] in METHODS else "other"
            self.observer(template, method, status, time.perf_counter() - began)


class LastResort:
    """Answers what nobody foresaw, and notes its type and place: a message may hold a name."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except ClientDisconnect:
            return
        except Exception as wrong:  # noqa: BLE001 - whatever it is, no traceback goes out
            told = {"error": type(wrong).__name__, "place": _place(wrong)}
            told["request_id"] = scope.get("state", {}).get("request_id")
            log.error("unforeseen", **told)  # noqa: TRY400 - a traceback may hold a name
            if not started:
                await problem(500, SAYS[500])(scope, receive, send)


class HeaderLimit:
    """Refuses more headers than any honest caller sends."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = scope.get("headers", ())
        size = sum(len(name) + len(value) for name, value in headers)
        most, largest = self.settings.most_headers, self.settings.most_header_bytes
        if len(headers) > most or size > largest:
            too_large = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            detail = f"Send at most {most} headers, together at most {largest // 1024} KiB."
            await problem(too_large, detail)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _place(wrong: Exception) -> str:
    """Name where it was raised, in our own code if it came through there."""
    frames = traceback.extract_tb(wrong.__traceback__)
    ours = [frame for frame in frames if PurePath(frame.filename).is_relative_to(HERE)]
    last = (ours or frames)[-1]
    return f"{PurePath(last.filename).name}:{last.lineno}"
