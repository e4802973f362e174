"""Every route of an application, however it came there: included, mounted, or a websocket."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI


def every(app: FastAPI) -> Iterator[Any]:
    """Give every route, those of what was included and mounted too."""
    waiting = list(app.routes)
    while waiting:
        each: Any = waiting.pop()
        router = getattr(each, "original_router", None) or getattr(each, "app", None)
        inner = getattr(router, "routes", None)
        if inner is not None:
            waiting += inner
        else:
            yield each


def every_route(app: FastAPI) -> set[tuple[str, str]]:
    """Name every route as method and address; a websocket has none of our methods."""
    return {
        (method, each.path)
        for each in every(app)
        for method in (getattr(each, "methods", None) or {"WEBSOCKET"}) - {"HEAD"}
    }
