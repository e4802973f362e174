"""Routes that people open in a browser: what these refuse is told on a page, not as JSON."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from plantrack.api import pages
from plantrack.api.problems import RETRY, STATUS, Problem

Answer = Callable[[Request], Coroutine[Any, Any, Response]]
TOLD: tuple[type[Exception], ...] = (Problem, *STATUS)


class PageRoute(APIRoute):
    """A route whose refusals are pages for whoever takes pages."""

    def get_route_handler(self) -> Answer:
        """Give what answers a request."""
        answer = super().get_route_handler()

        async def answer_with_pages(request: Request) -> Response:
            try:
                return await answer(request)
            except TOLD as wrong:
                status = _status(wrong)
                page = "text/html" in request.headers.get("accept", "")
                if not page or status == HTTPStatus.UNAUTHORIZED:
                    raise
                return _tell(wrong, status, demo=request.app.state.demo)

        return answer_with_pages


def _status(wrong: Exception) -> int:
    if isinstance(wrong, Problem):
        return wrong.status
    return next(STATUS[kind] for kind in type(wrong).__mro__ if kind in STATUS)


def _tell(wrong: Exception, status: int, *, demo: bool) -> Response:
    headers = wrong.headers if isinstance(wrong, Problem) else None
    if headers is None and status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers = RETRY
    again = pages.link("/sign-in", "Go to the sign-in page")
    return pages.page(
        "That was not done",
        pages.said(str(wrong)),
        again,
        status=status,
        headers=headers,
        demo=demo,
    )
