"""Drafts of one installation: begun, saved part by part, finished once or thrown away."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, select, update

from plantrack.drafts.store import Store
from plantrack.drafts.tables import DRAFTS, PARTS

LONGEST_KEPT = timedelta(days=60)
NAME_BYTES = 18

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class OfPlan:
    """One plan that a draft is about: its meeting, and the plan's last entry at the beginning."""

    plan: str
    meeting: str
    entries: int


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A conference that somebody is recording; ``finished`` says what was put on which plan."""

    draft: str
    person: str
    type: str
    planned_for: date | None
    plans: tuple[OfPlan, ...]
    began_at: datetime
    saved_at: datetime
    sending: dict[str, Any] | None
    finished: dict[str, Any] | None


@dataclass(frozen=True)
class Saved:
    """What was written in one part; ``done`` says that its writer had no more to say in it."""

    fields: Fields
    version: int
    pen: str
    saved_at: datetime
    done: bool


class SavedElsewhere(Exception):
    """The same part was saved from another page meanwhile; nothing was overwritten."""

    def __init__(self, saved: Saved) -> None:
        super().__init__("This part was saved from another page meanwhile.")
        self.saved = saved


class NoSuchDraft(Exception):
    """A draft was finished or thrown away, or there never was one."""


class Drafts:
    """The drafts of one installation, shared by all of its processes and threads."""

    def __init__(
        self, url: str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store = Store(url)
        self._now = now

    def make(self) -> bool:
        """Make the tables where this release has others than there are; say whether it did."""
        return self._store.make()

    def check(self) -> None:
        """Refuse tables that are missing or were made by another release."""
        self._store.check()

    def close(self) -> None:
        """Close every connection."""
        self._store.close()

    def begin(
        self, person: str, meeting_type: str, planned_for: date | None, plans: Sequence[OfPlan]
    ) -> str:
        """Begin a draft, and give its name; what is too old is thrown away at the same time."""
        self.sweep()
        name, now = secrets.token_urlsafe(NAME_BYTES), self._now()
        about = {
            "type": meeting_type,
            "planned_for": planned_for.isoformat() if planned_for else None,
            "plans": [[each.plan, each.meeting, each.entries] for each in plans],
        }
        row = {"draft": name, "person": person, "about": json.dumps(about)}
        with self._store.writing() as connection:
            connection.execute(insert(DRAFTS).values(row | {"began_at": now, "saved_at": now}))
        return name

    def find(self, name: str, person: str) -> Draft | None:
        """Give a draft to whoever began it, and to nobody else."""
        theirs = and_(DRAFTS.c.draft == name, DRAFTS.c.person == person)
        with self._store.reading() as connection:
            row = connection.execute(select(DRAFTS).where(theirs)).one_or_none()
        return _draft(row) if row else None

    def unfinished(self, person: str) -> list[Draft]:
        """List what somebody has begun and not finished, the newest first."""
        theirs = and_(DRAFTS.c.person == person, DRAFTS.c.finished_at.is_(None))
        found = select(DRAFTS).where(theirs).order_by(DRAFTS.c.began_at.desc())
        with self._store.reading() as connection:
            return [_draft(row) for row in connection.execute(found)]

    def parts(self, name: str) -> dict[str, Saved]:
        """Give what was saved of a draft, by part."""
        with self._store.reading() as connection:
            rows = connection.execute(select(PARTS).where(PARTS.c.draft == name))
            return {row.part: _saved(row) for row in rows}

    def save(
        self,
        name: str,
        part: str,
        fields: Fields,
        *,
        version: int,
        pen: str,
        done: bool | None = None,
    ) -> Saved:
        """Save a part, unless another page saved it after ``version``.

        ``pen`` names the page. One that saves by itself (``done`` is None) stays the last to have
        written; when its writer sends it, nothing that it sent before can come in later.
        """
        typed = {key: tuple(values) for key, values in fields.items()}
        with self._store.writing() as connection:
            before = _open_part(connection, name, part)
            if before and before.fields == typed and done in (None, before.done):
                return before
            if before and before.version != version and (before.pen != pen or not pen):
                raise SavedElsewhere(before)
            saved = Saved(
                typed,
                version=before.version + 1 if before else 1,
                pen=pen if done is None else "",
                saved_at=self._now(),
                done=bool(done),
            )
            _put(connection, name, part, saved, there=before is not None)
        return saved

    def note_sending(self, name: str, sending: Mapping[str, Any] | None) -> None:
        """Keep what is about to be recorded, until it is known whether it was."""
        written = json.dumps(sending) if sending is not None else None
        with self._store.writing() as connection:
            connection.execute(update(DRAFTS).where(DRAFTS.c.draft == name).values(sending=written))

    def finish(self, name: str, put: Mapping[str, Any]) -> None:
        """Close a draft that is on the record now, and remove its words."""
        now = self._now()
        with self._store.writing() as connection:
            closed = {"finished": json.dumps(put), "finished_at": now, "sending": None}
            connection.execute(update(DRAFTS).where(DRAFTS.c.draft == name).values(closed))
            connection.execute(delete(PARTS).where(PARTS.c.draft == name))

    def throw_away(self, name: str) -> None:
        """Remove a draft and its words."""
        with self._store.writing() as connection:
            _remove(connection, [name])

    def sweep(self) -> int:
        """Remove what was begun too long ago, and say how many; ``begin`` does it too."""
        with self._store.writing() as connection:
            late = DRAFTS.c.began_at <= self._now() - LONGEST_KEPT
            names = connection.execute(select(DRAFTS.c.draft).where(late)).scalars().all()
            _remove(connection, names)
        return len(names)


def _open_part(connection: Connection, name: str, part: str) -> Saved | None:
    """Read a part of a draft that is still open, and let nobody else save to it meanwhile."""
    found = select(DRAFTS.c.finished_at).where(DRAFTS.c.draft == name).with_for_update()
    row = connection.execute(found).one_or_none()
    if row is None or row.finished_at is not None:
        raise NoSuchDraft
    this = and_(PARTS.c.draft == name, PARTS.c.part == part)
    there = connection.execute(select(PARTS).where(this)).one_or_none()
    return _saved(there) if there else None


def _put(connection: Connection, name: str, part: str, saved: Saved, *, there: bool) -> None:
    row = asdict(saved) | {"fields": json.dumps(saved.fields)}
    if there:
        this = and_(PARTS.c.draft == name, PARTS.c.part == part)
        connection.execute(update(PARTS).where(this).values(row))
    else:
        connection.execute(insert(PARTS).values({"draft": name, "part": part, **row}))
    now = {"saved_at": saved.saved_at, "sending": None}
    connection.execute(update(DRAFTS).where(DRAFTS.c.draft == name).values(now))


def _remove(connection: Connection, names: Sequence[str]) -> None:
    connection.execute(delete(PARTS).where(PARTS.c.draft.in_(names)))
    connection.execute(delete(DRAFTS).where(DRAFTS.c.draft.in_(names)))


def _draft(row: Row[Any]) -> Draft:
    about = json.loads(row.about)
    planned_for = about["planned_for"]
    return Draft(
        draft=row.draft,
        person=row.person,
        type=about["type"],
        planned_for=date.fromisoformat(planned_for) if planned_for else None,
        plans=tuple(OfPlan(*each) for each in about["plans"]),
        began_at=row.began_at,
        saved_at=row.saved_at,
        sending=json.loads(row.sending) if row.sending else None,
        finished=json.loads(row.finished) if row.finished else None,
    )


def _saved(row: Row[Any]) -> Saved:
    fields = {key: tuple(values) for key, values in json.loads(row.fields).items()}
    return Saved(fields, row.version, row.pen, row.saved_at, row.done)
