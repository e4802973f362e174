"""Where somebody goes once they have recorded something: to a list that shows it."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import RedirectResponse, Response

from plantrack import codec
from plantrack.application.commands import Receipt
from plantrack.projections.store import NotYet

DONE = re.compile(rf"({codec.PATTERNS['plan'][0]})/([1-9][0-9]{{0,8}})")
Told = Annotated[str | None, Query(alias="done")]


class Done(NamedTuple):
    """The entry that somebody has just put on a plan, as the address says."""

    plan: str
    entry: str


def go_on(request: Request, to: str, recorded: Receipt) -> Response:
    """Go to a list once it shows what was recorded."""
    last = recorded.entries[-1]
    place = request.app.state.positions.write(recorded.position, f"{last.plan}/{last.number}")
    asked = urlencode({"done": f"{last.plan}/{last.number}", "at_least": place})
    return RedirectResponse(f"{to}?{asked}", 303)


def done_of(told: str | None) -> Done | None:
    """Read what an address says was recorded; None if it says nothing of the kind."""
    found = DONE.fullmatch(told or "")
    return Done(found[1], found[2]) if found else None


async def shown(request: Request, show: Callable[[], Awaitable[Response]]) -> Response:
    """Show a list, or go to it as it stands where it does not come so far in time.

    What was recorded is safe, so that is no failure: the list says itself that it is behind.
    """
    try:
        return await show()
    except NotYet:
        rest = [each for each in request.query_params.multi_items() if each[0] != "at_least"]
        return RedirectResponse(f"{request.url.path}?{urlencode(rest)}", 303)
