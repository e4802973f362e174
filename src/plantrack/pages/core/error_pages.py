"""What a browser is told in place of a problem: a page, at every address, whoever refused.

It stands around the whole application, so that also what a guard refuses, an unknown address and
what nobody foresaw come as pages. Whoever does not take pages is given the problem as it is.
"""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plantrack.logs import logger
from plantrack.pages.core.layout import Frame
from plantrack.pages.core.refusals import words_for

PROBLEM = b"application/problem+json"
OF_THE_BODY = frozenset({b"content-type", b"content-length"})

log = logger("pages")


class PagesForProblems:
    """Gives whoever takes pages a page where the application answers with a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not takes_pages(scope):
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        body = bytearray()

        async def telling(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_problem(message):
                start = message
                return
            if start is None:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                for each in _as_page(scope, start, bytes(body)):
                    await send(each)

        await self.app(scope, receive, telling)


def takes_pages(scope: Scope) -> bool:
    """Whether whoever asks is a browser that opens a page."""
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _is_problem(start: Message) -> bool:
    return (b"content-type", PROBLEM) in [(n.lower(), v) for n, v in start.get("headers", ())]


def _as_page(scope: Scope, start: Message, body: bytes) -> tuple[Message, Message]:
    """Draw what a problem says; one that cannot be drawn goes out as it came."""
    try:
        kind, drawn = b"text/html; charset=utf-8", _drawn(scope, start["status"], json.loads(body))
    except Exception as wrong:  # noqa: BLE001 - a page that fails must not hide what was wrong
        log.error("a page could not be drawn", error=type(wrong).__name__)  # noqa: TRY400 - as guards do
        kind, drawn = PROBLEM, body
    kept = [each for each in start["headers"] if each[0].lower() not in OF_THE_BODY]
    about = [(b"content-type", kind), (b"content-length", str(len(drawn)).encode())]
    return {**start, "headers": [*kept, *about]}, {"type": "http.response.body", "body": drawn}


def _drawn(scope: Scope, status: int, problem: Mapping[str, Any]) -> bytes:
    request = Request(scope)
    subject = getattr(request.state, "subject", None)
    words = words_for(request, subject, status, problem)
    page = Frame(request).page(
        "system/told.html", subject=subject, status=status, **words._asdict()
    )
    return bytes(page.body)
