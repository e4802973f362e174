"""What was said on a plan: its whole history, the newest first, and each entry by itself."""

from collections.abc import Callable
from math import ceil
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from plantrack import views, wire
from plantrack.api import questions as q
from plantrack.api.allowing import MayReadPlan
from plantrack.desk import Desk
from plantrack.domain.moments import see
from plantrack.domain.rights.recording import MAY_RECORD, How
from plantrack.domain.workspace.story import THEME_OF, THEMES, line, story
from plantrack.pages.frame import AFrame
from plantrack.pages.page_routes import NoSuchPage, PageRoute
from plantrack.pages.plans import show_part
from plantrack.pages.sight import NOW, ASight

router = APIRouter(include_in_schema=False, route_class=PageRoute)

LINES = 30
"""How many entries stand on a page of the history."""

LONGEST_NUMBER = 9


@router.get("/plans/{plan}/history")
async def show_history(
    asker: MayReadPlan,
    plan: q.PlanName,
    sight: ASight,
    frame: AFrame,
    theme: str = "",
    page: str = "1",
) -> Response:
    """Show what was said on a plan, the newest first; of one theme, if one is chosen."""
    theme = theme if theme in THEMES else ""
    wanted = int(page) if page.isdecimal() and len(page) <= LONGEST_NUMBER else 1
    found = await sight.plan(
        asker, plan, "history", history=_history(sight.desk, plan, theme, wanted)
    )
    title = f"History of plan {plan}"
    return show_part(frame, asker, "plans/history.html", title, found, theme=theme, themes=THEMES)


@router.get("/plans/{plan}/entries/{number}")
async def show_entry(
    asker: MayReadPlan, plan: q.PlanName, number: str, sight: ASight, frame: AFrame
) -> Response:
    """Show one entry: what was said, by whom and when, and what was put right about it."""
    if not number.isdecimal() or len(number) > LONGEST_NUMBER:
        raise NoSuchPage
    person = asker.subject.person
    read = _entry(sight.desk, plan, int(number), person)
    found = await sight.plan(asker, plan, "entry", entry=read)
    entry = found["entry"]
    if entry is None:
        raise NoSuchPage
    how = MAY_RECORD["Corrected"].get(asker.subject.post.duty, How.NO)
    may = how is How.YES or (how is How.OWN_ENTRY and entry["own"])
    title = f"Entry {number} of plan {plan}"
    mends = may and entry["can_be_put_right"]
    return show_part(frame, asker, "plans/entry.html", title, found, entry=entry, mends=mends)


def _history(desk: Desk, plan: str, theme: str, wanted: int) -> Callable[[], dict[str, Any]]:
    def read() -> dict[str, Any]:
        seen = see(views.entries_of(desk.tracker, plan), NOW, wire.amend_sealed)
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


def _entry(desk: Desk, plan: str, number: int, person: str) -> Callable[[], dict[str, Any] | None]:
    def read() -> dict[str, Any] | None:
        seen = see(views.entries_of(desk.tracker, plan), NOW, wire.amend_sealed)
        found = next((each for each in story(seen) if each.entry == number), None)
        if found is None:
            return None
        own = {entry.number for entry in seen.entries if entry.by.id == person}
        return line(found, seen) | {"own": number in own, "last": len(seen.entries)}

    return read
