"""What every answer carries: what a browser may do with it, and an id of the request.

A page may load and send to only what is here, and no other page may hold it. Nothing is kept: a
browser would show it to whoever sits there next.
"""

from collections.abc import Sequence
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

FIRST_SCRIPT = "sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw="
"""The one line of script that stands in GOV.UK's template itself; any other is refused."""

POLICY = (
    "default-src 'none'",
    f"script-src 'self' '{FIRST_SCRIPT}'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
)
SWITCHED_OFF = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
ALWAYS = {
    "Content-Security-Policy": "; ".join(POLICY),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in SWITCHED_OFF),
    "Cache-Control": "no-store",
}
KEPT = b"public, max-age=31536000, immutable"
"""For files whose name changes with their content: style sheets and scripts, nothing of a plan."""

STATIC = "/static/"
OVER_HTTPS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
REQUEST_ID = b"x-request-id"
EMERGENCY = b"x-emergency-access-until"
"""Stands on every answer that shows a plan under emergency access: until when it is open."""


class SafeHeaders:
    """Gives each request an id, and each answer its headers in place of any that it had.

    The id is always made here: one that a caller sends could be anything, a child's name included.
    """

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.always = _raw(ALWAYS | OVER_HTTPS if https else ALWAYS)
        names = (name for name, _ in _raw(ALWAYS | OVER_HTTPS))
        self.replaced = frozenset({*names, REQUEST_ID, b"server"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        made = uuid4().hex
        scope.setdefault("state", {})["request_id"] = made

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [
                    each
                    for each in message.get("headers", ())
                    if each[0].lower() not in self.replaced
                ]
                message["headers"] = [*kept, *self._always(scope), (REQUEST_ID, made.encode())]
                if (until := scope["state"].get("emergency")) is not None:
                    message["headers"].append((EMERGENCY, until.isoformat().encode()))
            await send(message)

        await self.app(scope, receive, adding)

    def _always(self, scope: Scope) -> Sequence[tuple[bytes, bytes]]:
        if not scope["path"].startswith(STATIC):
            return self.always
        return [(k, KEPT if k == b"cache-control" else value) for k, value in self.always]


def _raw(headers: dict[str, str]) -> Sequence[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
