"""Lists: a page of lines, where the next begins, and how far the list follows the record.

The last matters most. A list that nobody brings up to date any more is empty or short, and would
look like good news.
"""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import date, datetime
from threading import Lock
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Request

from plantrack import codec
from plantrack.domain.refusals import Unreadable
from plantrack.projections.paging import Page, Slice
from plantrack.projections.store import Reading
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker
from plantrack.web.dependencies import AReader, AServices, Readers
from plantrack.web.media import Json, answer
from plantrack.web.position_tokens import Positions
from plantrack.web.problems import Problem
from plantrack.web.settings import Checked, Health, openly
from plantrack.web.show import AShowing, Showing, Stand

LOOKED_AT_FOR = 1.0
LARGEST = 2**63 - 1
NO_CURSOR = "“cursor” must be the “next” of a page of this list. Begin again without one."
STANDS_STILL = (
    "This plan stands still in the lists: an entry of it cannot be read. Have it looked at: "
    "plantrack doctor."
)
NOT_SO_FAR = "The record has no entry at this position yet. Check “at_least”."


class UpToDate(msgspec.Struct, forbid_unknown_fields=True):
    """How far a list follows the record, and whether all is well with whoever brings it there.

    It counts nothing: a number that grows would tell of plans that its reader may not see.
    """

    position: str
    behind: bool
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
        services: AServices,
        reader: AReader,
        showing: AShowing,
        at_least: q.AtLeast = None,
        cursor: q.Cursor = None,
        limit: q.Limit = 50,
    ) -> None:
        state = request.app.state
        self._services = services
        self._showing: Showing = showing
        self._wanted = Slice(cursor, limit)
        self._reader: Readers = reader
        self._positions: Positions = state.positions
        self._at_least: str | None = at_least
        self._waiters: Readers = state.waiters
        self._longest_wait: float = state.settings.longest_wait_for_lists
        self._health: HealthAtHand = state.health_at_hand

    @property
    def today(self) -> date:
        """The day in London, for lists that say what is overdue."""
        return self._services.today()

    async def show(self, asker: Asker, what: str, listed: Listed, **asked: Any) -> Json:
        """Answer with the page asked for, of the plans that whoever asks may see."""
        return answer(await self.look(asker, what, listed, **asked))

    async def look(self, asker: Asker, what: str, listed: Listed, **asked: Any) -> dict[str, Any]:
        """Give the page asked for, of the plans that whoever asks may see."""
        await self._wait()

        def page_of(reading: Reading) -> Page:
            return self._page(lambda: listed(reading, wanted=self._wanted, **asked))

        def read() -> dict[str, Any]:
            page = self._showing.page(asker, what, page_of)
            return self._told(page.rows, page.next, page.stand)

        return await self._reader(read)

    async def show_as_of_today(self, asker: Asker, what: str, listed: Listed, **asked: Any) -> Json:
        """Answer with the page asked for, of a list that says what is overdue today."""
        return await self.show(asker, what, listed, today=self.today, **asked)

    async def show_of_plan(
        self, asker: Asker, what: str, plan: str, listed: Listed, **asked: Any
    ) -> Json:
        """Answer with the page asked for of one plan, or refuse it as one that there is not."""
        return answer(await self.look_at_plan(asker, what, plan, listed, **asked))

    async def look_at_plan(
        self, asker: Asker, what: str, plan: str, listed: Listed, **asked: Any
    ) -> dict[str, Any]:
        """Give the page asked for of one plan, or refuse it as one that there is not."""
        await self._wait()

        def look() -> tuple[Page, Stand]:
            with self._services.models.reading() as reading:
                page = self._page(lambda: listed(reading, plan=plan, wanted=self._wanted, **asked))
                still = any(parked.plan == plan for parked in reading.parked())
                return page, Stand(reading.position(), reading.moved_at(), still)

        return await self._reader(lambda: self._of_plan(asker, what, plan, look))

    async def show_items(
        self,
        asker: Asker,
        what: str,
        plan: str,
        items: Callable[[], Sequence[Any]],
        place: Callable[[Any], list[int | str]],
    ) -> Json:
        """Answer with a page of what is read from the record itself, in the order of its places."""
        await self._wait()

        def look() -> tuple[Page, Stand]:
            position = self._services.record.last_position()
            return self._page(lambda: cut(items(), place, self._wanted)), Stand(position, None)

        return answer(await self._reader(lambda: self._of_plan(asker, what, plan, look)))

    def _of_plan(
        self, asker: Asker, what: str, plan: str, look: Callable[[], tuple[Page, Stand]]
    ) -> dict[str, Any]:
        found: list[tuple[Page, Stand]] = []

        def read() -> list[Any]:
            found.append(look())
            return found[-1][0].rows

        shown = self._showing.plan(asker, plan, what, read)
        page, stand = found[-1]
        return self._told(shown.json, page.next, stand)

    async def _wait(self) -> None:
        """Wait until the lists show what the caller knows to be recorded."""
        if self._at_least is None:
            return
        position = self._positions.read(self._at_least)
        if position is None or position > await self._reader(self._services.record.last_position):
            raise Problem(409, NOT_SO_FAR, parameter="at_least")
        longest, models = self._longest_wait, self._services.models
        await self._waiters(lambda: models.wait_for(position, longest))

    def _page(self, read: Callable[[], Page]) -> Page:
        if self._wanted.after is not None:
            _refuse_strange(self._wanted.after)
        try:
            return read()
        except Unreadable:
            raise Problem(400, NO_CURSOR, parameter="cursor") from None

    def _told(self, items: Any, following: str | None, stand: Stand) -> dict[str, Any]:
        return {"items": items, "next": following, "up_to_date": self._up_to_date(stand)}

    def _up_to_date(self, stand: Stand) -> UpToDate:
        """Say how far a list follows; a list that misses nothing is as of now."""
        checked = self._health()
        behind = bool(self._services.record.touched(stand.position, 1))
        return UpToDate(
            position=self._positions.write(stand.position),
            behind=behind,
            as_of=stand.moved_at if behind else self._services.commands.now(),
            last_sweep=checked.last_sweep,
            problems=[*openly(checked.problems), *([STANDS_STILL] if stand.still else ())],
        )


ALists = Annotated[Lists, Depends()]


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
        return not codec.UNKEEPABLE.search(part)
    return isinstance(part, int) and abs(part) <= LARGEST
