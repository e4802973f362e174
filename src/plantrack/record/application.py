"""The record as the rest of plantrack holds it: append, and read what was appended."""

import os
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from eventsourcing.application import Application
from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    StoredEvent,
)
from eventsourcing.utils import Environment, EnvType

from plantrack.domain.entries import Entry
from plantrack.domain.events import PlanEvent
from plantrack.domain.refusals import CommandReused, NoSuchPlan
from plantrack.record import places
from plantrack.record.mapper import EntryMapper
from plantrack.record.postgres import PostgresEntries, ServerFactory, check_server
from plantrack.record.sqlite import FileFactory, SQLiteEntries, check_file
from plantrack.record.writing import CannotReach, ChildRow, Command, Conflict, Repeated

PATIENCE = 2.0
"""For how many seconds something is tried again before it is given up."""
BETWEEN_TRIES = 0.05

LOSES_ENTRIES = "POSTGRES_ENABLE_DB_FUNCTIONS"
NO = frozenset({"", "0", "f", "false", "n", "no", "off"})

T = TypeVar("T")

LOST = (OperationalError, InterfaceError)

ENTRIES = (
    "SELECT originator_version, topic, state FROM events"
    " WHERE originator_id = ? ORDER BY originator_version"
)
ONE_ENTRY = (
    "SELECT {position}, topic, state FROM events WHERE originator_id = ? AND originator_version = ?"
)
AFTER = (
    "SELECT {position}, originator_id, originator_version, topic, state FROM events"
    " WHERE {position} > ? ORDER BY {position} LIMIT ?"
)
LAST_POSITION = "SELECT coalesce(max({position}), 0) FROM events"
LAST_NUMBER = "SELECT coalesce(max(originator_version), 0) FROM events WHERE originator_id = ?"
PLANS = (
    "SELECT originator_id FROM events WHERE substr(topic, 1, 11) = 'PlanOpened@'"
    " ORDER BY {position}"
)
PLANS_OF = "SELECT plan FROM child_plans WHERE child = ? ORDER BY nth"
CHILD_OF = "SELECT child FROM child_plans WHERE plan = ? LIMIT 1"
COMMAND = "SELECT fingerprint, answer FROM commands WHERE command_id = ?"


def open_record(url: str) -> "Record":
    """Open the record of a database that was migrated to this release."""
    places.check(url)
    if os.environ.get(LOSES_ENTRIES, "").lower() not in NO:
        raise CannotReach(
            f"{LOSES_ENTRIES} is set. It appends without a lock, and readers then lose entries "
            "for ever. Unset it."
        )
    if path := places.sqlite_path(url):
        check_file(path)
    else:
        check_server(url)
    return Record(url)


class Record(Application[str]):
    """All entries of all plans. Open it with ``open_record``."""

    mapper: EntryMapper
    recorder: SQLiteEntries | PostgresEntries

    def __init__(self, url: str) -> None:
        super().__init__({"DATABASE": url})

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Take nothing from the process's environment: a stray variable could change the store."""
        url = (env or {})["DATABASE"]
        path = places.sqlite_path(url)
        return Environment(
            name,
            {
                "DATABASE": url,
                "SQLITE_DBNAME": str(path or ""),
                "ORIGINATOR_ID_TYPE": "text",
                "CREATE_TABLE": "n",
            },
        )

    def construct_factory(self, env: Environment) -> Any:
        """Keep the record in a file or on a server."""
        return FileFactory(env) if env["SQLITE_DBNAME"] else ServerFactory(env)

    def construct_mapper(self) -> EntryMapper:
        """Store entries as readable JSON."""
        return EntryMapper()

    def append(
        self,
        entries: Sequence[Entry],
        *,
        command: Command | None = None,
        children: Sequence[ChildRow] = (),
    ) -> list[int]:
        """Append all or nothing and give the positions.

        A lost race is a ``Conflict``; a command that was carried out before is ``Repeated``.
        """
        stored = [self.mapper.to_stored_event(entry) for entry in entries]

        def insert() -> list[int]:
            try:
                return self.recorder.insert_events(stored, command=command, children=children)
            except IntegrityError:
                return self._why_not(stored, command)
            except LOST:
                if (positions := self._landed(stored)) is not None:
                    return positions
                raise

        return _patiently(insert)

    def _why_not(self, stored: Sequence[StoredEvent], command: Command | None) -> list[int]:
        """Tell an own append whose answer was lost from a repeat and from a lost race."""
        if (positions := self._landed(stored)) is not None:
            return positions
        if command and (answer := self.answer(command.id, command.fingerprint)) is not None:
            raise Repeated(answer)
        raise Conflict

    def _landed(self, stored: Sequence[StoredEvent]) -> list[int] | None:
        """Give the positions of an append that was stored although it seemed to fail."""
        positions = []
        try:
            for each in stored:
                of = (each.originator_id, each.originator_version)
                rows = self.recorder.read(self._sql(ONE_ENTRY), of)
                if not rows or rows[0][1:] != (each.topic, each.state):
                    return None
                positions.append(rows[0][0])
        except LOST:
            return None
        return positions

    def answer(self, command_id: str, fingerprint: str) -> str | None:
        """Give what a command was answered before; None if it is new."""
        for was, answer in self._read(COMMAND, command_id):
            if was != fingerprint:
                raise CommandReused
            return str(answer)
        return None

    def entries(self, plan: str) -> list[Entry]:
        """Give one plan's whole history, in the order recorded."""
        read = self.mapper.read
        rows = self._read(ENTRIES, plan)
        if not rows:
            raise NoSuchPlan(plan)
        return [read(plan, number, topic, state) for number, topic, state in rows]

    def entry(self, plan: str, number: int) -> Entry:
        """Give one entry."""
        for _, topic, state in self._read(ONE_ENTRY, plan, number):
            return self.mapper.read(plan, number, topic, state)
        raise NoSuchPlan(plan)

    def events_of(self, plan: str) -> list[PlanEvent]:
        """Give a plan's events in the order recorded; none if there is no such plan."""
        try:
            return [entry.event for entry in self.entries(plan)]
        except NoSuchPlan:
            return []

    def plans_of(self, child: str) -> list[str]:
        """Name a child's plans in the order opened."""
        return list(dict.fromkeys(self.register(child)))

    def register(self, child: str) -> list[str]:
        """Give the lines of the register of a child's plans; a plan may stand there again."""
        return [plan for (plan,) in self._read(PLANS_OF, child)]

    def child_of(self, plan: str) -> str | None:
        """Say whose plan it is; None if there is no such plan."""
        return next((str(child) for (child,) in self._read(CHILD_OF, plan)), None)

    def plans(self) -> list[str]:
        """Name all plans in the order opened."""
        return [plan for (plan,) in self._read(PLANS)]

    def last_number(self, plan: str) -> int:
        """Give the number of a plan's last entry, 0 before the first."""
        return int(self._read(LAST_NUMBER, plan)[0][0])

    def last_position(self) -> int:
        """Give the position of the last entry, 0 before the first."""
        return int(self._read(LAST_POSITION)[0][0])

    def after(self, position: int, limit: int) -> list[tuple[int, Entry]]:
        """Give the entries that come after a position, each with its own."""
        read = self.mapper.read
        rows = self._read(AFTER, position, limit)
        return [(at, read(plan, number, topic, state)) for at, plan, number, topic, state in rows]

    def _sql(self, sql: str) -> str:
        return sql.replace("{position}", self.recorder.POSITION)

    def _read(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return _patiently(lambda: self.recorder.read(self._sql(sql), values))


def _patiently(attempt: Callable[[], T]) -> T:
    """Try again for a while where a connection was lost or somebody holds a lock."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except LOST:
            if time.monotonic() > give_up:
                raise CannotReach(
                    "The database does not answer just now. Try again in a moment."
                ) from None
        time.sleep(BETWEEN_TRIES)
