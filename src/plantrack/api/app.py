"""Where the API is put together."""

from collections.abc import Callable

from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute, APIRouter
from starlette.middleware import Middleware

from plantrack.api import chairs, inspectors, managers, partners, system
from plantrack.api import demo as _demo
from plantrack.api.contract import describe
from plantrack.api.guards import HeaderLimit, LastResort, NeverKept, Observed
from plantrack.api.lists import HealthAtHand
from plantrack.api.problems import Problem, tell_problems
from plantrack.api.questions import asked_by, refuse_unknown
from plantrack.api.reading import Readers
from plantrack.api.settings import Health, Observer, Settings, no_measures, nobody
from plantrack.api.signing_in import person
from plantrack.desk import Desk

VERSION = "1"
AUDIENCES = (chairs, managers, partners, inspectors)
WELCOME = frozenset({"application/json", "application/*", "*/*"})


def create_app(
    desk: Desk,
    *,
    health: Health,
    demo: bool = True,
    metrics: Callable[[], bytes] = no_measures,
    observer: Observer = nobody,
    settings: Settings | None = None,
) -> FastAPI:
    """Make the web application over a desk."""
    settings = settings or Settings()
    app = FastAPI(
        title="plantrack",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        middleware=[
            Middleware(NeverKept),
            Middleware(Observed, observer=observer),
            Middleware(LastResort),
            Middleware(HeaderLimit, settings=settings),
        ],
    )
    state = app.state
    state.desk, state.demo, state.settings = desk, demo, settings
    state.health, state.metrics = health, metrics
    state.health_at_hand = HealthAtHand(health)
    state.readers, state.waiters = Readers(settings.readers), Readers(settings.readers)
    state.routes = _include(app, demo=demo)
    state.asked_by = {each.endpoint: asked_by(each.dependant) for each in state.routes}
    tell_problems(app)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]  # FastAPI's own way
    return app


def _include(app: FastAPI, *, demo: bool) -> list[APIRoute]:
    """Put every audience's routes under the same few demands."""
    plain = [Depends(refuse_unknown)]
    signed_in = [Depends(json_is_welcome), Depends(person), *plain]
    open_to_all = [system.router, *([_demo.router] if demo else [])]
    for audience in AUDIENCES:
        app.include_router(audience.router, dependencies=signed_in)
    for router in open_to_all:
        app.include_router(router, dependencies=plain)
    routers: list[APIRouter] = [*(each.router for each in AUDIENCES), *open_to_all]
    return [route for router in routers for route in router.routes if isinstance(route, APIRoute)]


async def json_is_welcome(request: Request) -> None:
    """Refuse a caller who takes anything but JSON."""
    takes = request.headers.get("accept", "*/*").lower().split(",")
    if WELCOME.isdisjoint(each.partition(";")[0].strip() for each in takes):
        raise Problem(406, "Answers here are JSON. Send “Accept: application/json”.")
