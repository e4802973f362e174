"""Answers: written as JSON once, to bytes."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import JSONResponse, Response

encode = msgspec.json.Encoder(enc_hook=dict).encode


class Json(JSONResponse):
    """An answer whose body is JSON."""

    def render(self, content: Any) -> bytes:
        """Write a value as JSON."""
        return encode(content)


class ProblemJson(Json):
    """An answer that says what was wrong (RFC 9457)."""

    media_type = "application/problem+json"


def etag(number: int) -> str:
    """Write an entry number as a strong ETag."""
    return f'"{number}"'


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Json:
    """Answer with JSON."""
    return Json(content, status, headers)


def unchanged(number: int) -> Response:
    """Answer that what the caller has still holds."""
    return Response(status_code=304, headers={"ETag": etag(number)})
