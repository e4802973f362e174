"""What is read from a record: by plan, by position, and without reading an entry."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta, timezone
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import OperationalError

from plantrack.domain.refusals import NoSuchPlan
from plantrack.domain.words import THE_TRACKER
from plantrack.record import (
    AdoptedPolicy,
    CommandRow,
    Conflict,
    EntryUnreadable,
    Record,
    Repeated,
    open_record,
)
from record.plans import ANN, NOW, entry, opened_cin, opened_cp, seen
from record.test_reaching import hung_writer, on_postgres

P1 = [entry("P1", 1, opened_cin("C1")), entry("P1", 2, seen("one")), entry("P1", 3, seen("two"))]
P2 = [entry("P2", 1, opened_cp("C2")), entry("P2", 2, seen("three"))]
FIRST = AdoptedPolicy(1, NOW, ANN, "england.toml", "[periods]\nvisit = '10 working days'\n")
SECOND = AdoptedPolicy(2, NOW + timedelta(days=1), THE_TRACKER, "ours.toml", "# “ours”")


@pytest.fixture
def record(url: str) -> Iterator[Record]:
    with closing(open_record(url)) as record:
        yield record


@pytest.fixture
def positions(record: Record) -> list[int]:
    return record.append([P1[0], P2[0], P1[1], P2[1], P1[2]])


def poison(record: Record) -> None:
    """Let an entry come on the record that nobody can read."""
    stored = record.mapper.to_stored_event(P1[0])
    record.recorder.insert_events([stored.__class__("P1", 4, "this:s", b"{}")])


def test_a_plan_is_read_from_any_entry_on(record: Record, positions: list[int]) -> None:
    assert [record.entries("P1", after) for after in range(4)] == [P1, P1[1:], P1[2:], []]
    assert record.entries("P9", after=1) == []
    assert record.position_of("P2", 2) == positions[3]
    with pytest.raises(NoSuchPlan, match="P9"):
        record.entries("P9")
    with pytest.raises(NoSuchPlan, match="P1"):
        record.position_of("P1", 9)


def test_many_plans_are_read_at_once(record: Record, positions: list[int]) -> None:
    found = record.entries_of(["P2", "P9", "P1", "P2"])

    assert list(found.items()) == [("P2", P2), ("P1", P1)]
    assert record.entries_of(["P9"]) == record.entries_of([]) == {}
    assert positions


def test_what_was_touched_is_named_without_reading_it(record: Record, positions: list[int]) -> None:
    poison(record)
    touched = [*zip(positions, ["P1", "P2", "P1", "P2", "P1"], strict=True)]

    assert record.touched(0, 5) == touched
    assert record.touched(positions[1], 2) == touched[2:4]
    assert record.touched(positions[-1], 9) == [(record.last_position(), "P1")]
    with pytest.raises(EntryUnreadable, match="Entry 4 of plan P1"):
        record.entries_of(["P2", "P1"])
    assert record.entries_of(["P2"]) == {"P2": P2}


def test_plans_are_named_page_by_page(record: Record, positions: list[int]) -> None:
    [third] = record.append([entry("A0", 1, opened_cin("C3"))])

    assert record.opened_plans(0, 2) == [(positions[0], "P1"), (positions[1], "P2")]
    assert record.opened_plans(positions[1], 2) == [(third, "A0")]
    assert record.opened_plans(third, 2) == []


def test_entries_are_counted_and_not_the_gaps(record: Record, positions: list[int]) -> None:
    with pytest.raises(Conflict):
        record.append([entry("P3", 1, opened_cin()), entry("P1", 3, seen())])
    record.append([entry("P3", 1, opened_cin())])

    assert record.count() == len(positions) + 1


def test_several_commands_are_appended_at_once(record: Record) -> None:
    commands = [CommandRow(f"c{n}", f"mark {n}", f"[{n}]", NOW) for n in range(3)]
    record.append([*P1, *P2], commands=commands)

    assert [record.answer(f"c{n}", f"mark {n}") for n in range(3)] == ["[0]", "[1]", "[2]"]
    with pytest.raises(Repeated) as before:
        record.append(
            [entry("P1", 4, seen())], commands=[CommandRow("new", "mark", "[]", NOW), commands[1]]
        )
    assert before.value.answer == "[1]"
    assert record.answer("new", "mark") is None
    assert record.count() == 5


def test_policies_are_kept_as_they_were_adopted(record: Record) -> None:
    assert (record.adopted(), record.times_adopted()) == ([], 0)
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5)))
    record.adopt(FIRST._replace(adopted_at=elsewhere))
    record.adopt(SECOND)

    assert (record.adopted(), record.times_adopted()) == ([FIRST, SECOND], 2)
    assert record.adopted()[0].adopted_at.utcoffset() == timedelta(0)
    assert record.adopted()[1].by is THE_TRACKER


def test_one_policy_is_the_first(record: Record) -> None:
    record.adopt(FIRST)

    with pytest.raises(Conflict):
        record.adopt(SECOND._replace(nth=1))

    assert record.adopted() == [FIRST]


def test_a_policy_whose_adoption_seemed_to_fail_is_adopted_once(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder: Any = record.recorder
    really = recorder.insert

    def loses_the_answer(*args: Any) -> None:
        monkeypatch.setattr(recorder, "insert", really)
        really(*args)
        raise OperationalError

    monkeypatch.setattr(recorder, "insert", loses_the_answer)
    record.adopt(FIRST)

    assert record.adopted() == [FIRST]


@on_postgres
def test_only_the_program_may_append(url: str) -> None:
    with psycopg.connect(url) as owner:
        rights = owner.execute(
            "SELECT p.proname, array_agg(a.grantee::regrole::text ORDER BY 1) FROM pg_proc p,"
            " aclexplode(p.proacl) a WHERE p.proname LIKE 'append%' AND a.grantee <> p.proowner"
            " GROUP BY 1 ORDER BY 1"
        ).fetchall()

    functions = ["append_entries", "append_entry", "append_together", "append_under_rights"]
    assert rights == [(name, ["plantrack_app"]) for name in functions]


def test_everything_can_be_read_while_a_writer_hangs(
    record: Record, url: str, positions: list[int]
) -> None:
    record.adopt(FIRST)

    with hung_writer(url):
        started = time.monotonic()
        assert record.entries_of(["P1", "P2"]) == {"P1": P1, "P2": P2}
        assert len(record.touched(0, 9)) == record.count() == len(positions)
        assert record.opened_plans(0, 9)
        assert record.adopted() == [FIRST]
        assert time.monotonic() - started < 0.5
