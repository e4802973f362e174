"""Where it cannot be written down who looks, this is refused in time, and then it goes on."""

import os
import resource
import sqlite3
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from access.lookings import ANN, BEN, REFUSED, file_of, made, noted, positions
from campaigns.cluster import cluster
from plantrack.access_log.log import AccessLog, CannotNote
from plantrack.application.commands import Commands
from plantrack.record import migrate, open_record
from record.plans import ANN as SOMEBODY
from record.plans import opened_cin

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
NOBODY = 65534


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Somebody else keeps everybody off the table."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(file_of(url), isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
    else:
        with psycopg.connect(url) as other_session:
            other_session.execute("LOCK TABLE access_record.looked IN ACCESS EXCLUSIVE MODE")
            yield


def test_a_locked_table_refuses_in_time_and_then_goes_on(log: AccessLog, url: str) -> None:
    log.note([ANN])
    with locked(url):
        for rows in ([BEN], [BEN, REFUSED]):
            with pytest.raises(
                CannotNote, match=r"nothing can be shown\. Try again in a moment\.$"
            ):
                log.note(rows)
    log.note([REFUSED])

    assert noted(log) == [ANN, REFUSED]
    assert positions(log) == [1, 2]


def test_many_who_wait_for_a_locked_table_are_all_refused(log: AccessLog, url: str) -> None:
    def look(n: int) -> bool:
        try:
            log.note([ANN._replace(request=str(n))])
        except CannotNote:
            return False
        return True

    with locked(url), ThreadPoolExecutor(12) as threads:
        assert not any(threads.map(look, range(12)))
    assert look(12)
    assert [row.request for row in noted(log)] == ["12"]


def test_plans_are_recorded_while_the_access_record_is_locked(log: AccessLog, url: str) -> None:
    with closing(open_record(url)) as record, locked(url):
        recorded = Commands(record).record("P1", opened_cin("C1"), SOMEBODY)
    with pytest.raises(CannotNote), locked(url):
        log.note([ANN])
    assert recorded


@on_postgres
def test_a_turn_that_does_not_end_is_not_waited_for(log: AccessLog, url: str) -> None:
    with psycopg.connect(url) as other:
        other.execute(
            "INSERT INTO access_record.looked VALUES"
            " (0, now(), '', '', '', '', '', '', '', '', '', '', true, '', '')"
        )
        with pytest.raises(CannotNote):
            log.note([ANN])
        other.rollback()
    log.note([ANN])

    assert positions(log) == [1]


@on_sqlite
def test_a_full_disk_refuses_and_then_goes_on(log: AccessLog, url: str) -> None:
    log.note([ANN])
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    journal = file_of(url).with_name(f"{file_of(url).name}-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (journal.stat().st_size, most))
    try:
        with pytest.raises(CannotNote):
            log.note([BEN, REFUSED])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    log.note([REFUSED])

    assert noted(log) == [ANN, REFUSED]


def test_a_file_that_may_not_be_written_refuses() -> None:
    with tempfile.TemporaryDirectory() as folder, made(f"sqlite:///{folder}/record.db") as log:
        log.note([ANN])
        log.close()
        for file in Path(folder).iterdir():
            file.chmod(0o444)
        Path(folder).chmod(0o555)
        with nobody(), pytest.raises(CannotNote):
            log.note([BEN])
        log.close()
        Path(folder).chmod(0o755)
        file_of(f"sqlite:///{folder}/record.db").chmod(0o644)

        log.note([REFUSED])
        assert noted(log) == [ANN, REFUSED]


@contextmanager
def nobody() -> Iterator[None]:
    """Root may write everything, so be nobody for a while."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@on_sqlite
def test_a_file_that_is_gone_or_spoiled_refuses(log: AccessLog, url: str) -> None:
    log.close()
    file_of(url).write_text("a shopping list, which is no database at all")
    with pytest.raises(CannotNote):
        log.note([ANN])
    log.close()
    file_of(url).unlink()
    with pytest.raises(CannotNote):
        log.note([ANN])

    assert not file_of(url).exists()


def test_a_server_that_was_restarted_is_written_to_at_the_next_call() -> None:
    with cluster(settings="-c fsync=off") as server, server.database() as url:
        migrate(url)
        with made(url) as log:
            log.note([ANN])
            server.restart()
            log.note([BEN, REFUSED])
            server.stop()
            with pytest.raises(CannotNote):
                log.note([ANN])
            server.start()
            log.note([ANN])

            assert noted(log) == [ANN, BEN, REFUSED, ANN]
            assert positions(log) == [1, 2, 3, 4]


@on_postgres
def test_a_connection_that_is_cut_refuses_or_goes_on(log: AccessLog, url: str) -> None:
    log.note([ANN])
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    log.note([BEN])

    assert noted(log) == [ANN, BEN]
