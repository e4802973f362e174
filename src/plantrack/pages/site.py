"""Where the whole site is put together: the API, and the pages of every audience."""

from collections.abc import Callable

from fastapi import APIRouter, FastAPI
from starlette.staticfiles import StaticFiles

from plantrack.api import Settings, create_app
from plantrack.application.services import Services
from plantrack.pages import about
from plantrack.pages.account import demo_sign_in, sign_in, you
from plantrack.pages.administrators import checks, home, imports, rules, working_days
from plantrack.pages.conferences import beginning, finishing, writing
from plantrack.pages.core import brand_files
from plantrack.pages.core.error_pages import PagesForProblems
from plantrack.pages.core.static_files import STATIC
from plantrack.pages.inspectors import compare, find, rehearse, replay
from plantrack.pages.managers import alerts, patterns
from plantrack.pages.partners import agency
from plantrack.pages.plan import caseload, chronology, meetings, parts
from plantrack.pages.privacy import emergencies, officers
from plantrack.pages.recording import correct, end_plan, new_entry, open_plan, share
from plantrack.pages.rights import people, who_sees
from plantrack.web.settings import Health, Observer, no_measures, nobody
from plantrack.web.sources import Sources

PAGES = (
    home,
    alerts,
    checks,
    compare,
    beginning,
    finishing,
    writing,
    correct,
    brand_files,
    emergencies,
    end_plan,
    sign_in,
    chronology,
    imports,
    find,
    meetings,
    open_plan,
    agency,
    parts,
    patterns,
    people,
    caseload,
    officers,
    new_entry,
    rehearse,
    replay,
    rules,
    share,
    about,
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
    services: Services,
    *,
    health: Health,
    sources: Sources,
    metrics: Callable[[], bytes] = no_measures,
    observer: Observer = nobody,
    settings: Settings | None = None,
) -> FastAPI:
    """Make the web application over an installation, API and pages."""
    demo = services.authoriser.look().rights.demonstration
    app = create_app(
        services,
        health=health,
        sources=sources,
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
    return [each.router for each in (*PAGES, *((demo_sign_in,) if demo else ()))]
