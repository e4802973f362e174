"""Routes that people open in a browser, as against those of the API."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from plantrack.pages.core.prove_again import again
from plantrack.pages.forms.answers import Sent
from plantrack.web.problems import Problem
from plantrack.web.request_bodies import FORM, read_fields

Answer = Callable[[Request], Coroutine[Any, Any, Response]]
NOTHING_HERE = "There is nothing at this address. Check how it is written."


class NoSuchPage(Problem):
    """An address names something that there is not."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.NOT_FOUND, NOTHING_HERE)


class PageRoute(APIRoute):
    """A route of a page. What it refuses is told on one too (``plantrack.pages.telling``).

    Whoever was signed out while they wrote is given back what they sent, to send it once more.
    """

    def get_route_handler(self) -> Answer:
        """Give what answers a request."""
        answer = super().get_route_handler()

        async def answer_keeping_what_was_sent(request: Request) -> Response:
            try:
                return await answer(request)
            except Problem as problem:
                if problem.status != HTTPStatus.UNAUTHORIZED or not _sends_a_form(request):
                    raise
            return again(request, Sent(await read_fields(request)), None)

        return answer_keeping_what_was_sent


def _sends_a_form(request: Request) -> bool:
    """Whether a browser sends what somebody typed."""
    typed = request.headers.get("content-type", "").lower().startswith(FORM)
    return typed and request.method == "POST" and "text/html" in request.headers.get("accept", "")
