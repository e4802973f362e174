"""Routes that people open in a browser, as against those of the API."""

from http import HTTPStatus

from fastapi.routing import APIRoute

from plantrack.api.problems import Problem

NOTHING_HERE = "There is nothing at this address. Check how it is written."


class NoSuchPage(Problem):
    """An address names something that there is not."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.NOT_FOUND, NOTHING_HERE)


class PageRoute(APIRoute):
    """A route of a page. What it refuses is told on one too (``plantrack.pages.telling``)."""
