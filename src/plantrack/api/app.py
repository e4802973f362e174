"""Where the API is put together."""

from collections.abc import Callable, Collection, Sequence

from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute, APIRouter
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from plantrack.api import (
    administrators,
    chairs,
    emergency,
    exports,
    inspectors,
    managers,
    partners,
    privacy,
    sessions,
    system,
)
from plantrack.api import demo as _demo
from plantrack.api.contract import describe
from plantrack.application.services import Services
from plantrack.web.authorise import action_of
from plantrack.web.cross_site import OwnHosts, OwnSite
from plantrack.web.dependencies import Readers
from plantrack.web.headers import SafeHeaders
from plantrack.web.limits import HeaderLimit, LastResort, Observed
from plantrack.web.lists import HealthAtHand
from plantrack.web.parameters import asked_by, refuse_unknown
from plantrack.web.position_tokens import Positions
from plantrack.web.problems import Problem, tell_problems
from plantrack.web.rates import Rates
from plantrack.web.settings import Health, Observer, Settings, no_measures, nobody
from plantrack.web.sources import Sources

VERSION = "1"
AUDIENCES = (
    chairs,
    managers,
    partners,
    inspectors,
    exports,
    emergency,
    administrators,
    privacy,
    sessions,
)
PUBLIC = frozenset({"/healthz", "/readyz"})
"""The only addresses of the API that are open to whoever did not sign in."""

WELCOME = frozenset({"application/json", "application/*", "*/*"})


def create_app(
    services: Services,
    *,
    health: Health,
    sources: Sources,
    metrics: Callable[[], bytes] = no_measures,
    observer: Observer = nobody,
    settings: Settings | None = None,
    pages: Sequence[APIRouter] = (),
    open_pages: Collection[str] = (),
) -> FastAPI:
    """Make the web application: the API, and pages beside it, if there are any.

    On a database that was declared a demonstration, anybody may sign in as anybody invented.
    ``open_pages`` are the addresses of pages for whoever did not sign in.
    """
    settings = settings or Settings()
    demo = services.authoriser.look().rights.demonstration
    https = settings.https and not demo
    app = FastAPI(
        title="plantrack",
        version=VERSION,
        openapi_url="/openapi.json" if demo else None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        middleware=[
            Middleware(SafeHeaders, https=https),
            Middleware(Observed, observer=observer),
            Middleware(LastResort),
            Middleware(HeaderLimit, settings=settings),
            Middleware(OwnHosts, hosts=settings.hosts),
            Middleware(OwnSite, origin=settings.public_origin, https=https),
        ],
    )
    state = app.state
    state.services, state.sources, state.demo, state.settings = services, sources, demo, settings
    state.positions = Positions(sources.sessions.key("positions"))
    state.rates = Rates(settings)
    state.health, state.metrics = health, metrics
    state.health_at_hand = HealthAtHand(health)
    state.readers, state.waiters = Readers(settings.readers), Readers(settings.readers)
    state.routes = _include(app, pages, demo=demo)
    _refuse_without_policy(state.routes, PUBLIC.union(open_pages), demo=demo)
    state.asked_by = {each.endpoint: asked_by(each.dependant) for each in state.routes}
    tell_problems(app)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]  # FastAPI's own way
    return app


def _include(app: FastAPI, pages: Sequence[APIRouter], *, demo: bool) -> list[APIRoute]:
    """Put every audience's routes under the same few demands."""
    plain = [Depends(refuse_unknown)]
    for audience in AUDIENCES:
        app.include_router(audience.router, dependencies=[Depends(json_is_welcome), *plain])
    beside = [system.router, *([_demo.router] if demo else [])]
    for router in beside:
        app.include_router(router, dependencies=plain)
    for router in pages:
        app.include_router(router)
    routers: list[APIRouter] = [*(each.router for each in AUDIENCES), *beside, *pages]
    return [_as_api_route(route) for router in routers for route in router.routes]


def _as_api_route(route: BaseRoute) -> APIRoute:
    """Refuse what stands among the routes and is none, such as a router with routes of its own."""
    if not isinstance(route, APIRoute):
        raise NoPolicy(getattr(route, "path", "a router inside another"))
    return route


class NoPolicy(Exception):
    """A route was added without saying which action it is, so nobody could be refused it."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} names no action: give it one of plantrack.api.allowing's.")


def _refuse_without_policy(
    routes: Sequence[APIRoute], public: Collection[str], *, demo: bool
) -> None:
    for route in routes:
        of_demo = demo and "/demo/" in route.path
        if action_of(route) is None and route.path not in public and not of_demo:
            raise NoPolicy(route.path)


async def json_is_welcome(request: Request) -> None:
    """Refuse a caller who takes anything but JSON."""
    takes = request.headers.get("accept", "*/*").lower().split(",")
    if WELCOME.isdisjoint(each.partition(";")[0].strip() for each in takes):
        raise Problem(406, "Answers here are JSON. Send “Accept: application/json”.")
