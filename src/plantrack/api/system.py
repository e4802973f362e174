"""For whoever runs plantrack: is it there, is it well, how busy is it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from plantrack.api import contract
from plantrack.api.allowing import MayWatch
from plantrack.api.answers import Json, answer
from plantrack.api.problems import RETRY
from plantrack.api.reading import AReader
from plantrack.api.settings import openly
from plantrack.api.shapes import Alive, Ready

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
async def say_ready(request: Request, read: AReader) -> Json:
    """Say whether people may be sent here, and what stands against it."""
    found = await read(request.app.state.health.check)
    ready = Ready(
        ready=found.ready,
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
