"""Where the whole site is put together: the API, and the pages of every audience."""

from collections.abc import Callable

from fastapi import APIRouter, FastAPI
from starlette.staticfiles import StaticFiles

from plantrack.api import Settings, create_app
from plantrack.api.doors import Doors
from plantrack.api.settings import Health, Observer, no_measures, nobody
from plantrack.desk import Desk
from plantrack.pages import (
    administrators,
    alerts,
    checks,
    comparing,
    correcting,
    council,
    demonstrating,
    emergencies,
    ending,
    entrance,
    entries,
    imports,
    inspectors,
    meetings,
    opening,
    partners,
    parts_of_plan,
    patterns,
    people,
    plans,
    privacy_officers,
    recording,
    rehearsing,
    replay,
    rules,
    sharing,
    system,
    who_sees,
    working_days,
    you,
)
from plantrack.pages.conferences import beginning, finishing, writing
from plantrack.pages.telling import PagesForProblems
from plantrack.screens.static_files import STATIC

PAGES = (
    administrators,
    alerts,
    checks,
    comparing,
    beginning,
    finishing,
    writing,
    correcting,
    council,
    emergencies,
    ending,
    entrance,
    entries,
    imports,
    inspectors,
    meetings,
    opening,
    partners,
    parts_of_plan,
    patterns,
    people,
    plans,
    privacy_officers,
    recording,
    rehearsing,
    replay,
    rules,
    sharing,
    system,
    who_sees,
    working_days,
    you,
)
"""A module for each audience, and for what all share."""

OPEN = frozenset(
    {
        "/sign-in",
        "/sign-in/{provider}/callback",
        "/council.css",
        "/council-icon.svg",
        "/council-logo",
        "/accessibility",
        "/privacy",
        "/help",
    }
)
"""The pages for whoever did not sign in."""


def create_site(
    desk: Desk,
    *,
    health: Health,
    doors: Doors,
    metrics: Callable[[], bytes] = no_measures,
    observer: Observer = nobody,
    settings: Settings | None = None,
) -> FastAPI:
    """Make the web application over a desk, API and pages."""
    demo = desk.gate.look().rights.demonstration
    app = create_app(
        desk,
        health=health,
        doors=doors,
        metrics=metrics,
        observer=observer,
        settings=settings,
        pages=pages_of(demo=demo),
        open_pages=OPEN,
    )
    app.add_middleware(PagesForProblems)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def pages_of(*, demo: bool) -> list[APIRouter]:
    """List the routers of all pages; a demonstration has one more."""
    return [each.router for each in (*PAGES, *((demonstrating,) if demo else ()))]
