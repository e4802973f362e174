"""A record with the lists made of it, for one test."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from plantrack.application.plans import Plans
from plantrack.domain.alerts.sweep import sweep
from plantrack.domain.calendar import LONDON, london_day
from plantrack.domain.events import PlanOpened
from plantrack.domain.events.entries import Entry
from plantrack.domain.policy import Policies
from plantrack.domain.words import THE_TRACKER
from plantrack.projections import MODELS
from plantrack.projections.follower import Follower
from plantrack.projections.paging import Page
from plantrack.projections.store import Reading, ReadModels
from plantrack.record import ChildRow, Record, open_record
from story import Story, england

TODAY = date(2026, 4, 20)
ONE_DAY = timedelta(days=1)


class Lists:
    """Says things on the record, follows them, and looks at the lists."""

    def __init__(self, url: str, record: Record, models: ReadModels) -> None:
        self.url = url
        self.record = record
        self.models = models
        self.files = self.reader()
        self.follower = self.new_follower()
        self._told = 0
        self._nth: dict[str, int] = {}

    def reader(self) -> Plans:
        return Plans(self.record, _in_force)

    def new_follower(self) -> Follower:
        return Follower(self.models, self.reader())

    def tell(self, entries: Iterable[Entry]) -> None:
        """Append entries, each by itself."""
        for entry in entries:
            self.record.append([entry], children=self._register(entry))
            self._told += 1

    def tell_more(self, story: Story) -> None:
        """Append what a story tells that was not appended yet."""
        self.tell(story.entries[self._told :])

    def tell_and_follow(self, story: Story) -> None:
        """Append what a story tells that was not appended yet, and follow."""
        self.tell_more(story)
        self.follow()

    def tell_numbered(self, entry: Entry) -> None:
        """Append an entry with the number that comes next on its plan."""
        self.tell([entry._replace(number=self.record.last_number(entry.plan) + 1)])

    def sweep_once(self, plans: Sequence[str], today: date) -> None:
        """Sweep some plans with all that is on the record."""
        at = datetime.combine(today, time(6), LONDON).astimezone(UTC)
        for plan in plans:
            for act in sweep(self.files.file(plan), today):
                number = self.record.last_number(plan) + 1
                self.record.append([Entry(plan, number, at, THE_TRACKER, act.say(today))])

    def _register(self, entry: Entry) -> list[ChildRow]:
        if not isinstance(entry.event, PlanOpened):
            return []
        child = entry.event.child
        self._nth[child] = self._nth.get(child, 0) + 1
        return [ChildRow(child, self._nth[child], entry.plan)]

    def sweep_daily(self, plans: Sequence[str], first: date, last: date) -> None:
        """Sweep on each day as if it were then."""
        today = first
        while today <= last:
            at = datetime.combine(today, time(6), LONDON).astimezone(UTC)
            for plan in plans:
                for act in sweep(self.files.known_by(plan, at), today):
                    number = self.record.last_number(plan) + 1
                    self.record.append([Entry(plan, number, at, THE_TRACKER, act.say(today))])
            today += ONE_DAY

    def follow(self, limit: int = 500) -> None:
        """Follow to the end."""
        while self.follower.catch_up(limit):
            pass

    def rows(self, listed: Callable[..., Page], **asked: Any) -> list[dict[str, Any]]:
        """Give the rows of a list."""
        with self.models.reading() as reading:
            page = listed(reading, **asked)
        assert page.next is None
        return page.rows

    def one(self, listed: Callable[..., Page], **asked: Any) -> dict[str, Any]:
        """Give the only row of a list."""
        [row] = self.rows(listed, **asked)
        return row

    def look(self, ask: Callable[..., Any], *asked: Any, **more: Any) -> Any:
        """Ask something of one look at the lists."""
        with self.models.reading() as reading:
            return ask(reading, *asked, **more)

    def canonical(self) -> bytes:
        """Give all live rows as one text that is the same if they are."""
        return self.look(canonical)  # type: ignore[no-any-return]


def _in_force() -> Policies:
    return england()


def canonical(reading: Reading) -> bytes:
    """Write all live rows as JSON in one order."""
    tables = {}
    for model in MODELS:
        table = model.TABLE
        columns = [column for column in table.c if column.name != "generation"]
        query = select(*columns).where(table.c.generation == reading.generation)
        rows = [dict(row._mapping) for row in reading.all(query)]
        tables[table.name] = sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)
    return json.dumps(tables, sort_keys=True).encode()


@contextmanager
def lists(url: str, story: Story | None = None) -> Iterator[Lists]:
    """Open the record and the lists of a migrated database, and tell a story."""
    with open_record(url) as record, closing(ReadModels(url)) as models:
        models.make()
        opened = Lists(url, record, models)
        if story:
            opened.tell_more(story)
            opened.follow()
        yield opened


def last_day(entries: Sequence[Entry]) -> date:
    """Give the day of the last sweep of a rehearsal."""
    return london_day(max(entry.known_at for entry in entries)) + ONE_DAY
