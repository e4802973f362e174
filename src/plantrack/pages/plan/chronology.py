"""What was said on a plan: its whole history, the newest first, and each entry by itself."""

from collections.abc import Callable
from math import ceil
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from plantrack import codec
from plantrack.application import queries
from plantrack.application.services import Services
from plantrack.domain.plan_view.entries import THEME_OF, THEMES, line, story
from plantrack.domain.plans.as_known import see
from plantrack.domain.rights.recording import MAY_RECORD, How
from plantrack.pages.core.layout import AFrame
from plantrack.pages.core.reader import NOW, APlanReader
from plantrack.pages.core.routes import NoSuchPage, PageRoute
from plantrack.pages.plan.caseload import show_part
from plantrack.web import parameters as q
from plantrack.web.authorise import MayReadPlan

router = APIRouter(include_in_schema=False, route_class=PageRoute)

LINES = 30
"""How many entries stand on a page of the history."""

LONGEST_NUMBER = 9


@router.get("/plans/{plan}/history")
async def show_history(
    asker: MayReadPlan,
    plan: q.PlanName,
    reader: APlanReader,
    frame: AFrame,
    theme: str = "",
    page: str = "1",
) -> Response:
    """Show what was said on a plan, the newest first; of one theme, if one is chosen."""
    theme = theme if theme in THEMES else ""
    wanted = int(page) if page.isdecimal() and len(page) <= LONGEST_NUMBER else 1
    found = await reader.plan(
        asker, plan, "history", history=_history(reader.services, plan, theme, wanted)
    )
    title = f"History of plan {plan}"
    return show_part(frame, asker, "plans/history.html", title, found, theme=theme, themes=THEMES)


@router.get("/plans/{plan}/entries/{number}")
async def show_entry(
    asker: MayReadPlan, plan: q.PlanName, number: str, reader: APlanReader, frame: AFrame
) -> Response:
    """Show one entry: what was said, by whom and when, and what was put right about it."""
    if not number.isdecimal() or len(number) > LONGEST_NUMBER:
        raise NoSuchPage
    person = asker.subject.person
    read = _entry(reader.services, plan, int(number), person)
    found = await reader.plan(asker, plan, "entry", entry=read)
    entry = found["entry"]
    if entry is None:
        raise NoSuchPage
    how = MAY_RECORD["Corrected"].get(asker.subject.post.duty, How.NO)
    may = how is How.YES or (how is How.OWN_ENTRY and entry["own"])
    title = f"Entry {number} of plan {plan}"
    mends = may and entry["can_be_put_right"]
    return show_part(frame, asker, "plans/entry.html", title, found, entry=entry, mends=mends)


def _history(
    services: Services, plan: str, theme: str, wanted: int
) -> Callable[[], dict[str, Any]]:
    def read() -> dict[str, Any]:
        seen = see(queries.entries_of(services.commands, plan), NOW, codec.amend_sealed)
        told = story(seen)
        there = {THEME_OF[each.kind] for each in told}
        told = [each for each in told if theme in ("", THEME_OF[each.kind])]
        pages = max(1, ceil(len(told) / LINES))
        at = min(max(1, wanted), pages)
        return {
            "lines": [line(each, seen) for each in told[(at - 1) * LINES : at * LINES]],
            "page": at,
            "pages": pages,
            "all": len(told),
            "themes": [each for each in THEMES if each in there],
        }

    return read


def _entry(
    services: Services, plan: str, number: int, person: str
) -> Callable[[], dict[str, Any] | None]:
    def read() -> dict[str, Any] | None:
        seen = see(queries.entries_of(services.commands, plan), NOW, codec.amend_sealed)
        found = next((each for each in story(seen) if each.entry == number), None)
        if found is None:
            return None
        own = {entry.number for entry in seen.entries if entry.by.id == person}
        return line(found, seen) | {"own": number in own, "last": len(seen.entries)}

    return read
