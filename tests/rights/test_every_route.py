"""Every address is an action that rights allow to some, or is one of four that are open (D35)."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from fastapi import APIRouter, FastAPI, WebSocket
from fastapi.routing import APIRoute

from plantrack.api import app as put_together
from plantrack.api import create_app
from plantrack.api.app import PUBLIC, NoPolicy
from plantrack.domain.rights.actions import MAY, Action
from plantrack.record import migrate
from plantrack.web.authorise import MayWatch, action_of
from rights.people import World, authority
from rights.routes import every, every_route

AT_MOST_OPEN = 4
DESCRIPTION = "/openapi.json"


@pytest.fixture(scope="module", params=[False, True], ids=["real", "demonstration"])
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    url = f"sqlite:///{tmp_path_factory.mktemp('routes')}/record.db"
    migrate(url)
    with authority(url, demo=request.param) as world:
        yield world


def test_every_route_is_an_action_or_is_one_of_the_few_that_are_open(world: World) -> None:
    app = world.office.app
    without = {each.path for each in every(app) if action(each) is None}
    of_demo = {path for path in without if "/demo/" in path or path == DESCRIPTION}

    assert without - of_demo == PUBLIC
    assert len(PUBLIC) <= AT_MOST_OPEN
    assert bool(of_demo) == app.state.demo


def test_nothing_is_mounted_and_there_is_no_websocket(world: World) -> None:
    others = [each for each in every(world.office.app) if not isinstance(each, APIRoute)]

    assert [each.path for each in others] == ([DESCRIPTION] if world.office.app.state.demo else [])


def test_every_action_of_a_route_has_a_row_that_names_roles(world: World) -> None:
    named = {action(each) for each in every(world.office.app)} - {None}

    for each in named:
        assert isinstance(each, Action)
        assert MAY[each].duties, each


def action(route: object) -> Action | None:
    return action_of(route) if isinstance(route, APIRoute) else None


def remade(world: World) -> FastAPI:
    return create_app(world.office.services, health=world.office, sources=world.office.sources)


def test_an_application_with_a_route_that_is_no_action_is_not_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    router = APIRouter()

    @router.get("/api/forgotten")
    async def forgotten() -> None: ...

    monkeypatch.setattr(put_together, "AUDIENCES", (SimpleNamespace(router=router),))

    with pytest.raises(NoPolicy, match="/api/forgotten names no action"):
        remade(world)


def test_routes_that_hide_in_a_router_within_a_router_are_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner, outer = APIRouter(), APIRouter()

    @inner.get("/api/hidden")
    async def hidden() -> None: ...

    outer.include_router(inner)
    monkeypatch.setattr(put_together, "AUDIENCES", (SimpleNamespace(router=outer),))

    with pytest.raises(NoPolicy):
        remade(world)


def test_one_with_a_route_that_is_an_action_is_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    router = APIRouter()

    @router.get("/api/remembered")
    async def remembered(_: MayWatch) -> None: ...

    monkeypatch.setattr(put_together, "AUDIENCES", (SimpleNamespace(router=router),))

    assert ("GET", "/api/remembered") in every_route(remade(world))


def test_the_enumeration_finds_what_is_added_in_any_way() -> None:
    app, inner, mounted = FastAPI(openapi_url=None), APIRouter(), FastAPI(openapi_url=None)

    @inner.put("/inner")
    async def put_in() -> None: ...

    @app.websocket("/socket")
    async def speak(_: WebSocket) -> None: ...

    @mounted.delete("/deep")
    async def dive() -> None: ...

    app.include_router(inner)
    app.mount("/mounted", mounted)

    found = every_route(app)
    assert {("PUT", "/inner"), ("WEBSOCKET", "/socket"), ("DELETE", "/deep")} <= found
