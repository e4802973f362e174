"""Lists: a page of lines, where the next begins, and how far the list follows the record.

The last matters most. A list that nobody brings up to date any more is empty or short, and would
look like good news.
"""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Lock
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Request

from plantrack import wire
from plantrack.api import questions as q
from plantrack.api.answers import Json, answer
from plantrack.api.problems import Problem
from plantrack.api.reading import ADesk, AReader, Readers
from plantrack.api.settings import Checked, Health
from plantrack.desk import Desk
from plantrack.domain.refusals import NoSuchPlan, Unreadable
from plantrack.projections.paging import Page, Slice

LOOKED_AT_FOR = 1.0
MOST_COUNTED = 10_000
LARGEST = 2**63 - 1
NO_CURSOR = "“cursor” must be the “next” of a page of this list. Begin again without one."
NOT_SO_FAR = "The record has no entry at this position yet. Check “at_least”."


class UpToDate(msgspec.Struct, forbid_unknown_fields=True):
    """How far a list follows the record, and whether all is well with whoever brings it there."""

    position: int
    entries: int
    behind: int
    as_of: datetime | None
    last_sweep: datetime | None
    problems: list[str]


class HealthAtHand:
    """The last look at the process's health; a new one is taken when it is a second old."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._turn = Lock()
        self._until = 0.0
        self._found: Checked | None = None

    def __call__(self) -> Checked:
        """Give a look that is not older than a second."""
        with self._turn:
            if self._found is None or time.monotonic() > self._until:
                self._found = self._health.check()
                self._until = time.monotonic() + LOOKED_AT_FOR
            return self._found


Listed = Callable[..., Page]
"""A list's query: it takes a reading, what is asked for, and which page is ``wanted``."""


class Lists:
    """Somebody's question for a page of a list."""

    def __init__(
        self,
        request: Request,
        desk: ADesk,
        reader: AReader,
        at_least: q.AtLeast = None,
        cursor: q.Cursor = None,
        limit: q.Limit = 50,
    ) -> None:
        self._desk = desk
        self._wanted = Slice(cursor, limit)
        self._reader: Readers = reader
        self._at_least: int | None = at_least
        self._waiters: Readers = request.app.state.waiters
        self._longest_wait: float = request.app.state.settings.longest_wait_for_lists
        self._health: HealthAtHand = request.app.state.health_at_hand

    async def show(self, listed: Listed, *, on_plan: str | None = None, **asked: Any) -> Json:
        """Answer with the page asked for; on a plan, only if there is such a plan."""
        if on_plan is not None:
            asked["plan"] = on_plan
        await self._wait()

        def read() -> dict[str, Any]:
            if on_plan is not None and not self._desk.record.last_number(on_plan):
                raise NoSuchPlan(on_plan)
            with self._desk.models.reading() as reading:
                page = self._page(lambda: listed(reading, wanted=self._wanted, **asked))
                return self._told(page, reading.position(), reading.moved_at())

        return answer(await self._reader(read))

    async def show_as_of_today(self, listed: Listed, **asked: Any) -> Json:
        """Answer with the page asked for, of a list that says what is overdue today."""
        return await self.show(listed, today=self._desk.today(), **asked)

    async def show_items(
        self, items: Callable[[], Sequence[Any]], place: Callable[[Any], list[int | str]]
    ) -> Json:
        """Answer with a page of what is read from the record itself, in the order of its places."""
        await self._wait()

        def read() -> dict[str, Any]:
            position = self._desk.record.last_position()
            page = self._page(lambda: cut(items(), place, self._wanted))
            return self._told(page, position, None)

        return answer(await self._reader(read))

    async def _wait(self) -> None:
        """Wait until the lists show what the caller knows to be recorded."""
        position = self._at_least
        if position is None:
            return
        if position > await self._reader(self._desk.record.last_position):
            raise Problem(409, NOT_SO_FAR, parameter="at_least")
        longest, models = self._longest_wait, self._desk.models
        await self._waiters(lambda: models.wait_for(position, longest))

    def _page(self, read: Callable[[], Page]) -> Page:
        if self._wanted.after is not None:
            _refuse_strange(self._wanted.after)
        try:
            return read()
        except Unreadable:
            raise Problem(400, NO_CURSOR, parameter="cursor") from None

    def _told(self, page: Page, position: int, as_of: datetime | None) -> dict[str, Any]:
        return {
            "items": page.rows,
            "next": page.next,
            "up_to_date": _up_to_date(self._desk, self._health(), position, as_of),
        }


ALists = Annotated[Lists, Depends()]


def _up_to_date(desk: Desk, checked: Checked, position: int, as_of: datetime | None) -> UpToDate:
    """Say how far a list follows; a list that misses nothing is as of now."""
    last = desk.record.last_position()
    behind = len(desk.record.touched(position, MOST_COUNTED)) if position < last else 0
    return UpToDate(
        position=position,
        entries=checked.entries,
        behind=behind,
        as_of=as_of if behind else desk.tracker.now(),
        last_sweep=checked.last_sweep,
        problems=list(checked.problems),
    )


def cut(items: Sequence[Any], place: Callable[[Any], list[int | str]], wanted: Slice) -> Page:
    """Cut a page from items in the order of their places."""
    rest = list(items)
    if rest and wanted.after:
        after, first = _decode(wanted.after), place(rest[0])
        if [*map(type, after)] != [*map(type, first)]:
            raise Unreadable(NO_CURSOR)
        rest = [item for item in rest if place(item) > after]
    rows, more = rest[: wanted.limit], len(rest) > wanted.limit
    return Page(rows, _encode(place(rows[-1])) if more else None)


def _encode(place: list[int | str]) -> str:
    return urlsafe_b64encode(json.dumps(place).encode()).decode()


def _decode(cursor: str) -> list[Any]:
    found = json.loads(urlsafe_b64decode(cursor))
    if not isinstance(found, list):
        raise TypeError
    return found


def _refuse_strange(cursor: str) -> None:
    """Refuse a cursor with what no list holds, before a database is asked about it."""
    try:
        parts = _decode(cursor)
    except (ValueError, TypeError, RecursionError):
        parts = [None]
    if not all(map(_stands_in_a_list, parts)):
        raise Problem(400, NO_CURSOR, parameter="cursor")


def _stands_in_a_list(part: object) -> bool:
    if isinstance(part, str):
        return not wire.UNKEEPABLE.search(part)
    return isinstance(part, int) and abs(part) <= LARGEST
