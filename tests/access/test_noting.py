"""What is written down about who looks, and that nothing is shown where it cannot be."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from access.lookings import ANN, BEN, REFUSED, file_of, later, made, noted, positions
from plantrack.access_log.log import AccessLog, CannotNote, Looked
from plantrack.access_log.tables import LOOKED

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
NOBODY = 65534


def test_every_field_has_its_column_and_nothing_else_is_kept() -> None:
    assert [column.name for column in LOOKED.c] == ["position", *Looked._fields]


def test_what_is_noted_stands_there_word_for_word(log: AccessLog) -> None:
    odd = later(ANN._replace(name="Zoë ');--", purpose="%s %(at)s :at {0}"), microseconds=1)
    log.note([ANN])
    log.note([BEN, REFUSED, odd])

    assert noted(log) == [ANN, BEN, REFUSED, odd]
    assert positions(log) == [1, 2, 3, 4]


def test_noting_nothing_writes_nothing(log: AccessLog) -> None:
    log.note([])

    assert noted(log) == []


def test_the_rows_of_a_list_are_noted_in_their_order(log: AccessLog) -> None:
    for rows in (1, 2, 1500):
        log.note([ANN._replace(plan=f"CP-{rows}-{n}") for n in range(rows)])

    plans = [row.plan for row in log.read(LOOKED.select().order_by(LOOKED.c.position))]
    assert plans == [f"CP-{rows}-{n}" for rows in (1, 2, 1500) for n in range(rows)]
    assert positions(log) == list(range(1, 1504))


SPOILED: list[dict[str, Any]] = [
    {"person": None},  # no database takes it
    {"purpose": "\ud800"},  # cannot be encoded
]


def test_all_rows_are_noted_or_none(log: AccessLog) -> None:
    log.note([BEN])
    for spoiled in SPOILED:
        for rows in ([ANN, ANN._replace(**spoiled)], [ANN._replace(**spoiled)]):
            with pytest.raises(CannotNote):
                log.note(rows)
    log.note([REFUSED])

    assert noted(log) == [BEN, REFUSED]
    assert positions(log) == [1, 2]


def test_threads_share_it_and_leave_no_gap(log: AccessLog) -> None:
    def look(person: int) -> None:
        for n in range(50):
            log.note([ANN._replace(person=f"P{person}", request=str(n))])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(look, range(8)))

    assert positions(log) == list(range(1, 401))
    for person in range(8):
        own = [row for row in log.read(LOOKED.select()) if row.person == f"P{person}"]
        in_order = sorted(own, key=lambda row: row.position)
        assert [row.request for row in in_order] == [str(n) for n in range(50)]


def test_several_processes_worth_of_logs_leave_no_gap(url: str) -> None:
    with made(url) as one, made(url) as other, ThreadPoolExecutor(2) as threads:

        def look(log: AccessLog) -> None:
            for _ in range(25):
                log.note([ANN, BEN])

        list(threads.map(look, (one, other)))
        assert positions(one) == list(range(1, 101))


def setting(log: AccessLog, name: str) -> str:
    with log._writing.connect() as connection:
        return str(connection.exec_driver_sql(name).scalar_one())


@on_postgres
@pytest.mark.parametrize("default", ["off", "local", "on"])
def test_a_note_on_postgres_reaches_the_disk(log: AccessLog, url: str, default: str) -> None:
    with psycopg.connect(url) as owner:
        name = owner.info.dbname
        owner.execute(f"ALTER DATABASE {name} SET synchronous_commit = {default}".encode())
    log.close()

    assert setting(log, "SHOW synchronous_commit") == ("on" if default == "off" else default)
    assert setting(log, "SHOW lock_timeout") == "600ms"
    assert setting(log, "SHOW statement_timeout") == "900ms"
    assert setting(log, "SELECT current_user") == "plantrack_app"


@on_sqlite
def test_a_note_on_sqlite_reaches_the_disk(log: AccessLog, url: str) -> None:
    full = 2

    assert setting(log, "PRAGMA synchronous") == str(full)
    assert setting(log, "PRAGMA journal_mode") == "wal"
    assert file_of(url).stat().st_mode & 0o077 == 0
