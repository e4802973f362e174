"""Routes that people open in a browser: what these refuse is told on a page, not as JSON."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from plantrack.api.problems import RETRY, STATUS, Problem
from plantrack.pages.frame import Frame, Place

NOTHING_HERE = "There is nothing at this address. Check how it is written."
Answer = Callable[[Request], Coroutine[Any, Any, Response]]
TOLD: tuple[type[Exception], ...] = (Problem, *STATUS)


class NoSuchPage(Problem):
    """An address names something that there is not."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.NOT_FOUND, NOTHING_HERE)


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
                return _tell(request, wrong, status)

        return answer_with_pages


def _status(wrong: Exception) -> int:
    if isinstance(wrong, Problem):
        return wrong.status
    return next(STATUS[kind] for kind in type(wrong).__mro__ if kind in STATUS)


def _tell(request: Request, wrong: Exception, status: int) -> Response:
    headers = wrong.headers if isinstance(wrong, Problem) else None
    if headers is None and status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers = RETRY
    return Frame(request).page(
        "system/told.html",
        title="That was not done",
        said=[str(wrong)],
        links=[Place("Go to the first page", "/")],
        status=status,
        headers=headers,
    )
