"""What is appended: all or nothing, once, and in an order that readers can follow."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import OperationalError

from plantrack.domain.events import Corrected
from plantrack.domain.events.entries import Entry
from plantrack.domain.refusals import CommandReused, NoSuchPlan
from plantrack.record import (
    CannotReach,
    ChildRow,
    CommandRow,
    Conflict,
    EntryUnreadable,
    Record,
    Repeated,
    application,
    open_record,
)
from record.plans import NOW, entry, opened_cin, opened_cp, reviewed, seen

COMMAND = CommandRow("c1", "same", '[["P1", 1]]', NOW)
P1 = [entry("P1", 1, opened_cin("C1")), entry("P1", 2, seen("one"))]
P2 = [entry("P2", 1, opened_cp("C2"))]


@pytest.fixture
def record(url: str) -> Iterator[Record]:
    with closing(open_record(url)) as record:
        yield record


def everything(record: Record) -> tuple[list[Entry], list[str], str | None]:
    stored = [each for _, each in record.after(0, 1000)]
    return stored, record.plans_of("C1") + record.plans_of("C2"), record.answer("c1", "same")


def test_what_was_appended_is_read_back_in_order(record: Record) -> None:
    rows = [ChildRow("C1", 1, "P1"), ChildRow("C2", 1, "P2")]
    positions = record.append([*P1, *P2], children=rows)

    assert positions == sorted(set(positions))
    assert record.entries("P1") == P1
    assert record.entry("P1", 2) == P1[1]
    assert record.events_of("P2") == [P2[0].event]
    assert record.plans() == ["P1", "P2"]
    assert record.plans_of("C2") == ["P2"]
    assert record.child_of("P1") == "C1"
    assert record.last_number("P1") == 2
    assert record.last_position() == positions[-1]


def test_a_plan_that_was_never_opened_is_not_there(record: Record) -> None:
    assert record.events_of("P9") == []
    assert record.plans_of("C9") == []
    assert (record.last_number("P9"), record.last_position(), record.after(0, 5)) == (0, 0, [])
    with pytest.raises(NoSuchPlan, match="P9"):
        record.entries("P9")
    with pytest.raises(NoSuchPlan, match="P9"):
        record.entry("P9", 1)


def test_a_reader_follows_by_position(record: Record) -> None:
    positions = record.append([*P1, *P2])

    first, second = record.after(0, 2), record.after(positions[1], 2)

    assert [at for at, _ in first + second] == positions
    assert [each for _, each in first + second] == [*P1, *P2]


def test_plans_stand_in_the_order_opened(record: Record) -> None:
    for plan in ("Z", "A", "M"):
        record.append([entry(plan, 1, opened_cin(plan))])
        record.append([entry(plan, 2, seen())])

    assert record.plans() == ["Z", "A", "M"]


def test_one_number_is_given_once(record: Record) -> None:
    record.append(P1)

    with pytest.raises(Conflict):
        record.append([entry("P2", 1, opened_cp()), entry("P1", 2, seen("another"))])

    assert everything(record)[0] == P1


def test_one_line_of_the_register_is_given_once(record: Record) -> None:
    record.append(P1, children=[ChildRow("C1", 1, "P1")])

    with pytest.raises(Conflict):
        record.append(P2, children=[ChildRow("C1", 1, "P2")])

    assert everything(record) == (P1, ["P1"], None)


def test_a_repeated_command_gets_its_first_answer(record: Record) -> None:
    record.append(P1, commands=[COMMAND])

    with pytest.raises(Repeated) as before:
        record.append([entry("P1", 3, seen())], commands=[COMMAND])

    assert json.loads(before.value.answer) == [["P1", 1]]
    assert everything(record)[0] == P1


def test_a_command_id_stands_for_one_command(record: Record) -> None:
    record.append(P1, commands=[COMMAND])

    with pytest.raises(CommandReused):
        record.append([entry("P1", 3, seen())], commands=[COMMAND._replace(fingerprint="other")])

    assert everything(record)[0] == P1


def test_positions_rise_and_are_never_given_twice(record: Record, url: str) -> None:
    [first] = record.append(P1[:1])
    with pytest.raises(Conflict):
        record.append([entry("P2", 1, opened_cp()), P1[0]._replace(recorded_at=NOW.replace(day=2))])
    [second] = record.append(P1[1:])

    assert second > first
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file, file:
            file.execute("DROP TRIGGER events_are_never_deleted")
            file.execute("DELETE FROM events WHERE originator_version = 2")
        assert record.append(P1[1:])[0] > second


class PulledThePlug(Exception):
    """The power went."""


class FailingAt:
    """A connection whose k-th statement fails."""

    def __init__(self, connection: Any, k: int) -> None:
        self.connection, self.k, self.count = connection, k, 0

    def execute(self, *args: Any) -> Any:
        self.count += 1
        if self.count == self.k:
            raise PulledThePlug
        return self.connection.execute(*args)

    def executemany(self, sql: str, rows: Any) -> None:
        for values in rows:
            self.execute(sql, values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


WHOLE = {
    "commands": [COMMAND],
    "children": [ChildRow("C1", 1, "P1"), ChildRow("C2", 1, "P2")],
}
STATEMENTS_ON_SQLITE = 8  # BEGIN, a command, two children, three entries, COMMIT
STATEMENTS_ON_POSTGRES = 6  # the same without BEGIN and COMMIT: it is one call


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("k", range(1, STATEMENTS_ON_SQLITE + 1))
def test_nothing_is_stored_if_any_statement_fails_on_sqlite(record: Record, k: int) -> None:
    file: Any = record.recorder.datastore
    whole = file.writer
    file.writer = FailingAt(whole, k)

    with pytest.raises(PulledThePlug):
        record.append([*P1, *P2], **WHOLE)  # type: ignore[arg-type]  # a dict has one value type

    file.writer = whole
    assert everything(record) == ([], [], None)
    record.append([*P1, *P2], **WHOLE)  # type: ignore[arg-type]  # a dict has one value type
    assert everything(record) == ([*P1, *P2], ["P1", "P2"], COMMAND.answer)


FAIL_AT = """
CREATE SEQUENCE rows_written;
CREATE FUNCTION fail_at() RETURNS trigger SECURITY DEFINER LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('public.rows_written') = {k} THEN RAISE EXCEPTION 'the power went'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fails BEFORE INSERT ON commands FOR EACH ROW EXECUTE FUNCTION fail_at();
CREATE TRIGGER fails BEFORE INSERT ON child_plans FOR EACH ROW EXECUTE FUNCTION fail_at();
CREATE TRIGGER fails BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION fail_at();
"""


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("k", range(1, STATEMENTS_ON_POSTGRES + 1))
def test_nothing_is_stored_if_any_row_fails_on_postgres(record: Record, url: str, k: int) -> None:
    with psycopg.connect(url) as owner:
        owner.execute(FAIL_AT.format(k=k).encode())

    with pytest.raises(Exception, match="the power went"):
        record.append([*P1, *P2], **WHOLE)  # type: ignore[arg-type]  # a dict has one value type

    assert everything(record) == ([], [], None)
    record.append([*P1, *P2], **WHOLE)  # type: ignore[arg-type]  # a dict has one value type
    assert everything(record) == ([*P1, *P2], ["P1", "P2"], COMMAND.answer)


def test_an_unreadable_entry_stops_the_reader(record: Record) -> None:
    record.append(P1)
    record.recorder.insert_events(
        [
            record.mapper.to_stored_event(entry("P1", 3, reviewed())).__class__(
                "P1", 3, "this:s", b"{}"
            )
        ]
    )

    for reading in (lambda: record.entries("P1"), lambda: record.after(0, 9)):
        with pytest.raises(EntryUnreadable, match="Entry 3 of plan P1"):
            reading()


def test_a_time_is_stored_to_the_microsecond_in_utc(record: Record) -> None:
    late = NOW + timedelta(microseconds=7)
    record.append([P1[0]._replace(recorded_at=late.astimezone())])

    assert record.entry("P1", 1).recorded_at == late
    assert record.entry("P1", 1).recorded_at.utcoffset() == timedelta(0)


def test_an_append_that_landed_although_it_seemed_to_fail_is_no_conflict(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder: Any = record.recorder
    really = recorder.insert_events

    def loses_the_answer(*args: Any, **kwargs: Any) -> list[int]:
        monkeypatch.setattr(recorder, "insert_events", really)
        really(*args, **kwargs)
        raise OperationalError

    monkeypatch.setattr(recorder, "insert_events", loses_the_answer)
    positions = record.append(P1, commands=[COMMAND])

    assert positions == [at for at, _ in record.after(0, 9)]
    assert everything(record)[0] == P1


def test_a_database_that_stays_away_is_given_up(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> list[int]:
        raise OperationalError

    monkeypatch.setattr(application, "PATIENCE", 0.2)
    monkeypatch.setattr(record.recorder, "insert_events", away)

    with pytest.raises(CannotReach, match="Try again in a moment"):
        record.append(P1)


def test_a_correction_is_stored_as_it_was_said(record: Record) -> None:
    put_right = Corrected(on=date(2020, 5, 5), entry=2, fields={"note": None}, reason="mistyped")
    record.append([*P1, entry("P1", 3, put_right)])

    assert record.entries("P1")[2].event == put_right
