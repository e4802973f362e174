"""How everything that goes wrong is told: as a problem (RFC 9457), worded for the person."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from plantrack.access_log.log import CannotAsk, CannotNote
from plantrack.authentication.refusals import CannotSignIn
from plantrack.domain import refusals
from plantrack.projections.store import CannotKeep, NotYet
from plantrack.record import CannotReach, EntryUnreadable
from plantrack.web.media import ProblemJson

STATUS: Mapping[type[Exception], int] = {
    refusals.Unreadable: 422,
    refusals.NoSuchPlan: 404,
    refusals.AlreadyOpened: 409,
    refusals.PlanHasEnded: 409,
    refusals.NotOnThisPlan: 409,
    refusals.AlreadyOnThisPlan: 409,
    refusals.DayNotPossible: 409,
    refusals.PlansOverlap: 409,
    refusals.EndNotDecided: 409,
    refusals.ActionsLeftOpen: 409,
    refusals.OwnWork: 403,
    refusals.NotForThisKind: 409,
    refusals.Incomplete: 409,
    refusals.OnlyTheTracker: 403,
    refusals.CannotBePutRight: 409,
    refusals.MomentBeforePlan: 404,
    refusals.StaleVersion: 412,
    refusals.CommandReused: 422,
    refusals.NotAllowed: 403,
    refusals.ProveAgain: 401,
    refusals.RightNotPossible: 409,
    CannotReach: 503,
    CannotKeep: 503,
    NotYet: 503,
    CannotNote: 503,
    CannotAsk: 503,
    CannotSignIn: 503,
    EntryUnreadable: 503,
}
"""422: it cannot be read. 409: it can be read, but not recorded as the plan stands."""

SAYS = {
    404: "There is nothing at this address. Check how it is written.",
    405: "This address does not take that method. “Allow” names those that it takes.",
    500: "Something went wrong here that nobody foresaw. Nothing was recorded unless you were "
    "told so: look, then try again with the same Idempotency-Key.",
}
LATE = "The lists have not come so far yet. What you asked for is on the record; try again soon."
UNREADABLE = "{} No list shows what follows it. Tell whoever runs plantrack."
RETRY = {"Retry-After": "2"}
PROVE_AGAIN = {"WWW-Authenticate": 'Bearer error="insufficient_user_authentication", max_age="300"'}
LAST_READ = 'Say in If-Match which entry of the plan you read last, for example "12".'
STATUS_OF_NONSENSE = {"path": 404, "header": 400, "query": 422, "cookie": 400}


class Problem(Exception):
    """Something that HTTP has a status for, and a sentence that says what to do."""

    def __init__(
        self,
        status: int,
        detail: str,
        headers: Mapping[str, str] | None = None,
        *,
        kind: type[Exception] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = headers
        self.kind = kind
        self.members = members


def problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    *,
    kind: type[Exception] | None = None,
    **members: Any,
) -> ProblemJson:
    """Make the answer that tells a problem."""
    said = {
        "type": f"urn:plantrack:problem:{_dashed(kind.__name__)}" if kind else "about:blank",
        "title": _title(kind) if kind else HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    return ProblemJson(said | members, status, headers)


def tell_problems(app: FastAPI) -> None:
    """Answer everything that is refused or goes wrong as a problem."""
    app.add_exception_handler(Problem, _tell_problem)
    app.add_exception_handler(HTTPException, _tell_http)
    app.add_exception_handler(RequestValidationError, _tell_question)
    for kind in STATUS:
        app.add_exception_handler(kind, _tell_refusal)


async def _tell_problem(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, Problem)
    if wrong.status == HTTPStatus.UNAUTHORIZED and _shows_pages(request):
        return RedirectResponse("/sign-in", 303)
    return problem(wrong.status, str(wrong), wrong.headers, kind=wrong.kind, **wrong.members)


def _shows_pages(request: Request) -> bool:
    """Whether a browser asks for a page, which is then the one to sign in at."""
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get(
        "accept", ""
    )


async def _tell_refusal(_: Request, wrong: Exception) -> ProblemJson:
    kind = next(each for each in type(wrong).__mro__ if each in STATUS)
    status = STATUS[kind]
    return problem(status, _sentence(wrong), _headers(status), kind=kind)


def _headers(status: int) -> Mapping[str, str] | None:
    """Say when to try again, or that a fresh proof is needed (RFC 9470)."""
    if status == HTTPStatus.UNAUTHORIZED:
        return PROVE_AGAIN
    return RETRY if status >= HTTPStatus.SERVICE_UNAVAILABLE else None


def _sentence(wrong: Exception) -> str:
    if isinstance(wrong, NotYet):
        return LATE
    if isinstance(wrong, EntryUnreadable):
        where = f"Entry {wrong.number} of plan {wrong.plan} cannot be read."
        return UNREADABLE.format(where)
    return str(wrong)


async def _tell_http(request: Request, wrong: Exception) -> ProblemJson:
    assert isinstance(wrong, HTTPException)
    status, headers = wrong.status_code, dict(wrong.headers or {})
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request))
    return problem(status, SAYS.get(status, HTTPStatus(status).description + "."), headers)


def _methods(request: Request) -> list[str]:
    """Name all methods that an address takes; a router tells those of its first route only."""
    taken: set[str] = set()
    for each in request.app.state.routes:
        if each.matches(dict(request.scope))[0] is not Match.NONE:
            taken |= each.methods
    return sorted(taken)


async def _tell_question(_: Request, wrong: Exception) -> ProblemJson:
    """Say which parameter is wrong and what it must be, without repeating what it was."""
    assert isinstance(wrong, RequestValidationError)
    first = min(wrong.errors(), key=lambda error: bool(error["loc"][0] != "path"))
    place, name = str(first["loc"][0]), str(first["loc"][-1])
    if first["type"] != "missing":
        status = STATUS_OF_NONSENSE[place]
        return problem(status, f"“{name}” {first['msg']}", parameter=name)
    if place == "header":
        return problem(428, LAST_READ, parameter=name)
    return problem(422, f"“{name}” is missing. Add it.", parameter=name)


def _dashed(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def _title(kind: type[Exception]) -> str:
    return (kind.__doc__ or "").split("\n")[0].rstrip(".")
