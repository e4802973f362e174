"""For whoever runs plantrack: is it there, is it well, how busy is it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from plantrack.api import contract
from plantrack.api.schema import Alive, Ready
from plantrack.application.services import Services
from plantrack.authentication.refusals import CannotSignIn
from plantrack.domain.rights.actions import Action
from plantrack.domain.rights.authorise import authorise
from plantrack.record import CannotReach
from plantrack.web.authorise import MayWatch
from plantrack.web.dependencies import AReader, AServices, Readers
from plantrack.web.media import Json, answer
from plantrack.web.problems import RETRY, Problem
from plantrack.web.settings import openly
from plantrack.web.sources import Sources
from plantrack.web.who import ASources, bearer, cookie_name, subject

router = APIRouter(tags=["system"])

READY_ANSWERS = contract.answers("Ready", (*contract.ALWAYS, 422))
READY_ANSWERS["responses"][503] = {
    "description": "Not ready: send nobody here.",
    "headers": contract.HEADERS_OF[503],
    "content": {
        "application/json": {"schema": contract.ref("Ready")},
        "application/problem+json": {"schema": contract.ref("Problem")},
    },
}
MEASURES = "text/plain; version=1.0.0; charset=utf-8"


@router.get("/healthz", **contract.answers("Alive", (*contract.ALWAYS, 422)))
async def say_alive() -> Json:
    """Say that the process answers, and nothing else."""
    return answer(Alive(alive=True))


@router.get("/readyz", **READY_ANSWERS)
async def say_ready(
    request: Request, sources: ASources, services: AServices, read: AReader
) -> Json:
    """Say whether people may be sent here, and what stands against it.

    How many entries there are is for whoever may watch the service, and for everybody in a
    demonstration: to others a number that grows would tell of plans that they may not see.
    """
    found = await read(request.app.state.health.check)
    counts = request.app.state.demo or await _may_watch(request, sources, services, read)
    ready = Ready(
        ready=found.ready,
        entries=found.entries if counts else None,
        projection_lag=found.projection_lag if counts else None,
        behind=bool(found.projection_lag),
        last_sweep=found.last_sweep,
        leader=found.leader,
        problems=openly(found.problems),
    )
    return answer(ready, 200 if found.ready else 503, None if found.ready else RETRY)


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"description": "Prometheus text.", "content": {"text/plain": contract.TEXT}},
        **{status: contract.a_problem(status) for status in (*contract.ALWAYS, 401, 403, 422, 503)},
    },
)
async def give_measures(request: Request, _: MayWatch, read: AReader) -> Response:
    """Give what was counted and timed since the process began, for Prometheus."""
    return Response(await read(request.app.state.metrics), media_type=MEASURES)


async def _may_watch(request: Request, sources: Sources, services: Services, read: Readers) -> bool:
    """Whether whoever asks may watch the service; not while it cannot be known who they are."""
    given = await bearer(request)
    if given is None and cookie_name(request) not in request.cookies:
        return False
    try:
        who = await subject(request, given, sources, services, read)
    except (Problem, CannotReach, CannotSignIn):
        return False
    return authorise(who, Action.WATCH, None, services.commands.now()).allow
