"""Making the access record, once, whoever else is making it, and refusing one that is not made."""

import multiprocessing
import sqlite3
from contextlib import closing

import psycopg
import pytest

from access.lookings import ANN, file_of, made, noted
from plantrack.access_log import make
from plantrack.access_log.log import AccessLog, CannotAsk, CannotNote
from plantrack.access_log.make import CannotOpen
from plantrack.access_log.queries import looked

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
MANY = 6


def execute(bare_url: str, sql: str) -> None:
    if bare_url.startswith("sqlite"):
        with closing(sqlite3.connect(file_of(bare_url))) as file, file:
            file.execute(sql.replace("access_record.", ""))
    else:
        with psycopg.connect(bare_url) as owner:
            owner.execute(sql.encode())


def test_it_is_made_once_and_keeps_what_it_holds(bare_url: str) -> None:
    with closing(AccessLog(bare_url)) as log:
        assert log.make() is True
        log.check()
        log.note([ANN])
        assert log.make() is False
        assert noted(log) == [ANN]


def test_one_that_was_never_made_is_refused(bare_url: str) -> None:
    with closing(AccessLog(bare_url)) as log:
        with pytest.raises(CannotOpen, match="run plantrack migrate"):
            log.check()
        with pytest.raises(CannotNote):
            log.note([ANN])
        with pytest.raises(CannotAsk, match=r"Try again in a moment\."):
            looked(log)


def test_an_empty_one_says_what_to_do(bare_url: str) -> None:
    with made(bare_url) as log:
        execute(bare_url, "DROP TABLE access_record.step")
        with pytest.raises(CannotOpen, match="run plantrack migrate"):
            log.check()


def test_one_of_another_release_is_refused(bare_url: str) -> None:
    with made(bare_url) as log:
        execute(bare_url, "INSERT INTO access_record.step VALUES (99, 'of the future')")
        for refused in (log.check, log.make):
            with pytest.raises(CannotOpen, match="newer release"):
                refused()


@on_postgres
def test_the_tables_of_the_record_come_first(
    bare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make, "ROLE", "a_role_that_nobody_made")
    with (
        closing(AccessLog(bare_url)) as log,
        pytest.raises(CannotOpen, match="run plantrack migrate"),
    ):
        log.make()


@on_postgres
def test_the_program_cannot_make_it(bare_url: str) -> None:
    as_the_program = f"{bare_url}&options=-c%20role%3Dplantrack_app"
    with closing(AccessLog(as_the_program)) as log:
        with pytest.raises(CannotOpen, match="cannot be made"):
            log.make()
        with pytest.raises(CannotOpen, match="run plantrack migrate"):
            log.check()


@pytest.mark.parametrize(
    "nowhere",
    ["postgresql://somebody:secret@/nothing?host=/nowhere", "sqlite:////nowhere/record.db"],
)
def test_a_place_that_is_not_there_is_said_to_be_so(nowhere: str) -> None:
    with closing(AccessLog(nowhere)) as log:
        for refused in (log.make, log.check):
            with pytest.raises(CannotOpen) as why:
                refused()
            assert str(why.value).endswith(".")
            assert "secret" not in str(why.value)
        with pytest.raises(CannotNote):
            log.note([ANN])


def _make(bare_url: str, ready: "multiprocessing.synchronize.Barrier") -> None:
    with closing(AccessLog(bare_url)) as log:
        ready.wait()
        log.make()
        log.check()
        log.note([ANN])


def test_several_processes_make_it_at_once(bare_url: str) -> None:
    several = multiprocessing.get_context("fork")
    ready = several.Barrier(MANY)
    makers = [several.Process(target=_make, args=(bare_url, ready)) for _ in range(MANY)]
    for each in makers:
        each.start()
    for each in makers:
        each.join(30)

    assert [each.exitcode for each in makers] == [0] * MANY
    with made(bare_url) as log:
        assert noted(log) == [ANN] * MANY
