"""Bodies: read as bytes within limits of size and time, then decoded strictly."""

import asyncio
from typing import Any
from urllib.parse import parse_qs

from fastapi import Request

from plantrack import codec
from plantrack.web.problems import Problem
from plantrack.web.settings import Settings

CLOSE = {"Connection": "close"}
FORM = "application/x-www-form-urlencoded"


async def read_object(request: Request) -> dict[str, Any]:
    """Read the JSON object that a request holds."""
    _refuse_other_types(request)
    return codec.decode(await read_body(request, request.app.state.settings))


async def read_form(request: Request) -> dict[str, str]:
    """Read the fields of a form that a page of ours sent; of one that stands twice, the first."""
    return {name: first for name, (first, *_) in (await read_fields(request)).items()}


async def read_fields(request: Request) -> dict[str, list[str]]:
    """Read the fields of a form that a page of ours sent, each with all its values."""
    kind, _, _ = request.headers.get("content-type", "").lower().partition(";")
    if kind.strip() != FORM:
        raise Problem(415, f"Send a form, as “Content-Type: {FORM}”.")
    body = await read_body(request, request.app.state.settings)
    return parse_qs(body.decode(errors="replace"))


def _refuse_other_types(request: Request) -> None:
    kind, _, rest = request.headers.get("content-type", "").lower().partition(";")
    charset = rest.strip().removeprefix("charset=").strip('"')
    plain = "content-encoding" not in request.headers
    if kind.strip() != "application/json" or charset not in ("", "utf-8") or not plain:
        raise Problem(
            415, "Send JSON in UTF-8, not compressed, as “Content-Type: application/json”."
        )


async def read_body(request: Request, settings: Settings) -> bytes:
    """Read the whole body, but no more and for no longer than is allowed."""
    length = request.headers.get("content-length", "")
    most = settings.most_body_bytes
    if length.isdecimal() and int(length[:19]) > most:
        raise _too_large(most)
    body = bytearray()
    try:
        async with asyncio.timeout(settings.slowest_body_seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise _too_large(most)
    except TimeoutError:
        raise Problem(408, "The body did not come in time. Send it again.", CLOSE) from None
    return bytes(body)


def _too_large(most: int) -> Problem:
    """Refuse without closing: who is cut off while sending may never see the answer."""
    return Problem(413, f"Send at most {most:,} bytes in one body.")
