"""The record as the rest of plantrack holds it: append, and read what was appended."""

import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from eventsourcing.application import Application
from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    StoredEvent,
)
from eventsourcing.utils import Environment, EnvType

from plantrack.domain.events import PlanEvent
from plantrack.domain.events.entries import Entry
from plantrack.domain.refusals import CommandReused, NoSuchPlan
from plantrack.domain.rights.state import RightsEntry
from plantrack.record import database_url, rights_mapper
from plantrack.record.mapper import EntryMapper, read_person
from plantrack.record.postgres import PostgresEntries, ServerFactory, check_server
from plantrack.record.postgres_tables import RIGHTS_MOVED
from plantrack.record.sqlite import FileFactory, SQLiteEntries, check_file
from plantrack.record.writing import (
    AdoptedPolicy,
    CannotReach,
    ChildRow,
    CommandRow,
    Conflict,
    Repeated,
    RightsMoved,
)

PATIENCE = 1.9
"""For how many seconds something is tried again before it is given up."""
BETWEEN_TRIES = 0.05

LOSES_ENTRIES = "POSTGRES_ENABLE_DB_FUNCTIONS"
NO = frozenset({"", "0", "f", "false", "n", "no", "off"})

T = TypeVar("T")

LOST = (OperationalError, InterfaceError)

ENTRIES = (
    "SELECT originator_version, topic, state FROM events"
    " WHERE originator_id = ? AND originator_version > ? ORDER BY originator_version"
)
ENTRIES_OF = (
    "SELECT originator_id, originator_version, topic, state FROM events"
    " WHERE originator_id {among} ORDER BY originator_id, originator_version"
)
ONE_ENTRY = (
    "SELECT {position}, topic, state FROM events WHERE originator_id = ? AND originator_version = ?"
)
AFTER = (
    "SELECT {position}, originator_id, originator_version, topic, state FROM events"
    " WHERE {position} > ? ORDER BY {position} LIMIT ?"
)
TOUCHED = (
    "SELECT {position}, originator_id FROM events WHERE {position} > ? ORDER BY {position} LIMIT ?"
)
POSITION_OF = "SELECT {position} FROM events WHERE originator_id = ? AND originator_version = ?"
COUNT = "SELECT count(*) FROM events"
LAST_POSITION = "SELECT coalesce(max({position}), 0) FROM events"
LAST_NUMBER = "SELECT coalesce(max(originator_version), 0) FROM events WHERE originator_id = ?"
PLANS = (
    "SELECT originator_id FROM events WHERE substr(topic, 1, 11) = 'PlanOpened@'"
    " ORDER BY {position}"
)
OPENED_PLANS = (
    "SELECT {position}, originator_id FROM events WHERE substr(topic, 1, 11) = 'PlanOpened@'"
    " AND {position} > ? ORDER BY {position} LIMIT ?"
)
PLANS_OF = "SELECT plan FROM child_plans WHERE child = ? ORDER BY nth"
CHILD_OF = "SELECT child FROM child_plans WHERE plan = ? LIMIT 1"
ADOPT = "INSERT INTO policies_adopted VALUES (?, ?, ?, ?, ?, ?, ?)"
ADOPTED = (
    "SELECT nth, adopted_at, by_name, by_agency, by_role, file, text FROM policies_adopted"
    " ORDER BY nth"
)
TIMES_ADOPTED = "SELECT count(*) FROM policies_adopted"
STANDS = (
    "SELECT (SELECT coalesce(max(number), 0) FROM rights), asked.plan,"
    " (SELECT coalesce(max(originator_version), 0) FROM events WHERE originator_id = asked.plan)"
    " FROM {each}"
)
WRITTEN_SINCE = (
    "SELECT DISTINCT originator_id FROM events WHERE originator_id {among} AND {position} > ?"
)
RIGHTS_AFTER = "SELECT number, topic, state FROM rights WHERE number > ? ORDER BY number"
RIGHTS_NUMBER = "SELECT coalesce(max(number), 0) FROM rights"
COMMAND = "SELECT fingerprint, answer FROM commands WHERE command_id = ?"


def open_record(url: str) -> "Record":
    """Open the record of a database that was migrated to this release."""
    database_url.check(url)
    if os.environ.get(LOSES_ENTRIES, "").lower() not in NO:
        raise CannotReach(
            f"{LOSES_ENTRIES} is set. It appends without a lock, and readers then lose entries "
            "for ever. Unset it."
        )
    if path := database_url.sqlite_path(url):
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
        path = database_url.sqlite_path(url)
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
        commands: Sequence[CommandRow] = (),
        children: Sequence[ChildRow] = (),
        known_rights: int | None = None,
        rights: Sequence[RightsEntry] = (),
    ) -> list[int]:
        """Append all or nothing and give the positions.

        A lost race is a ``Conflict``. If any of the commands was carried out before, nothing is
        appended and that one is ``Repeated``. Where ``known_rights`` is not the number of the last
        entry about rights, it is ``RightsMoved``; ``rights`` are appended after that one.
        """
        stored = [self.mapper.to_stored_event(entry) for entry in entries]
        under = None if known_rights is None else rights_mapper.write(rights, known_rights)

        def insert() -> list[int]:
            try:
                return self.recorder.insert_events(
                    stored, commands=commands, children=children, under=under
                )
            except IntegrityError as wrong:
                if not stored or (RIGHTS_MOVED in str(wrong) and not self._landed(stored)):
                    return self._why_not_rights(rights)
                return self._why_not(stored, commands)
            except LOST:
                if stored and (positions := self._landed(stored)) is not None:
                    return positions
                raise

        return _patiently(insert)

    def _why_not_rights(self, rights: Sequence[RightsEntry]) -> list[int]:
        """Tell an own append about rights whose answer was lost from one that was too late."""
        if rights and list(rights) == self.rights_after(rights[0].number - 1)[: len(rights)]:
            return []
        raise RightsMoved

    def _why_not(self, stored: Sequence[StoredEvent], commands: Sequence[CommandRow]) -> list[int]:
        """Tell an own append whose answer was lost from a repeat and from a lost race."""
        if (positions := self._landed(stored)) is not None:
            return positions
        for command in commands:
            if (answer := self.answer(command.id, command.fingerprint)) is not None:
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

    def entries(self, plan: str, after: int = 0) -> list[Entry]:
        """Give one plan's history in the order recorded, or what comes after one of its entries."""
        read = self.mapper.read
        rows = self._read(ENTRIES, plan, after)
        if not rows and not after:
            raise NoSuchPlan(plan)
        return [read(plan, number, topic, state) for number, topic, state in rows]

    def entries_of(self, plans: Sequence[str]) -> dict[str, list[Entry]]:
        """Give many plans' whole histories at once, in the order asked for.

        A plan that is not there is left out. An entry that cannot be read is ``EntryUnreadable``,
        which names its plan; the others can still be read one by one.
        """
        read = self.mapper.read
        found: dict[str, list[Entry]] = {plan: [] for plan in plans}
        for plan, number, topic, state in self._read(ENTRIES_OF, list(found)):
            found[plan].append(read(plan, number, topic, state))
        return {plan: entries for plan, entries in found.items() if entries}

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

    def opened_plans(self, after_position: int, limit: int) -> list[tuple[int, str]]:
        """Name plans in the order opened, each with the position of its opening, page by page."""
        return [(at, plan) for at, plan in self._read(OPENED_PLANS, after_position, limit)]

    def position_of(self, plan: str, number: int) -> int:
        """Give the position of one entry."""
        for (position,) in self._read(POSITION_OF, plan, number):
            return int(position)
        raise NoSuchPlan(plan)

    def count(self) -> int:
        """Count all entries, exactly; this reads through an index, and so grows with the record.

        The last position is no count: on PostgreSQL an append that failed leaves a gap.
        """
        return int(self._read(COUNT)[0][0])

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

    def touched(self, position: int, limit: int) -> list[tuple[int, str]]:
        """Name the plans of the entries after a position, each with its own, reading no entry."""
        return [(at, plan) for at, plan in self._read(TOUCHED, position, limit)]

    def stands(self, plans: Sequence[str]) -> tuple[int, dict[str, int]]:
        """Give the number of the last entry about rights, and of the last on each of some plans."""
        if not plans:
            return self.rights_number(), {}
        rows = self._read(STANDS, list(plans))
        return int(rows[0][0]), {plan: int(number) for _, plan, number in rows}

    def written_since(self, plans: Sequence[str], position: int) -> list[str]:
        """Name those of some plans that have entries after a position."""
        return [plan for (plan,) in self._read(WRITTEN_SINCE, list(plans), position)]

    def rights_after(self, number: int) -> list[RightsEntry]:
        """Give the entries about rights that come after one of them."""
        return [rights_mapper.read(*row) for row in self._read(RIGHTS_AFTER, number)]

    def rights_number(self) -> int:
        """Give the number of the last entry about rights, 0 before the first."""
        return int(self._read(RIGHTS_NUMBER)[0][0])

    def adopt(self, policy: AdoptedPolicy) -> None:
        """Note that a policy was adopted; somebody else who was quicker is a ``Conflict``."""
        nth, adopted_at, by, file, text = policy
        values = (nth, adopted_at, by.name, by.agency, by.role.value, file, text)

        def insert() -> None:
            try:
                self.recorder.insert(ADOPT, values)
            except IntegrityError:
                if policy not in self.adopted():
                    raise Conflict from None

        _patiently(insert)

    def adopted(self) -> list[AdoptedPolicy]:
        """Give the policies in the order adopted."""
        return [
            AdoptedPolicy(
                nth,
                _moment(at),
                read_person({"name": name, "agency": agency, "role": role}),
                file,
                text,
            )
            for nth, at, name, agency, role, file, text in self._read(ADOPTED)
        ]

    def times_adopted(self) -> int:
        """Say how often a policy was adopted."""
        return int(self._read(TIMES_ADOPTED)[0][0])

    def _sql(self, sql: str) -> str:
        return (
            sql.replace("{position}", self.recorder.POSITION)
            .replace("{among}", self.recorder.AMONG)
            .replace("{each}", self.recorder.EACH)
        )

    def _read(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return _patiently(lambda: self.recorder.read(self._sql(sql), values))


def _moment(stored: Any) -> datetime:
    """Read a time: SQLite keeps it as text, PostgreSQL as a time of the session's zone."""
    at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return at.astimezone(UTC)


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
