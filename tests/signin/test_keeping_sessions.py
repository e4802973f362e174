"""Sign-ins have a place of their own, and nobody signs in where it cannot be used."""

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psycopg
import pytest

from plantrack.authentication.refusals import CannotSignIn
from plantrack.authentication.sessions import Sessions
from plantrack.authentication.store import sessions_path
from plantrack.record import migrate
from postgres import Postgres
from signin.people import ADA, attempt, start


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    with postgres.database() as url:
        migrate(url)
        yield url


def test_many_make_the_tables_at_once_and_one_does(bare_url: str) -> None:
    together = Barrier(4)

    def make(_: int) -> bool:
        sessions = Sessions(bare_url)
        together.wait()
        made = sessions.make()
        sessions.check()
        sessions.close()
        return made

    with ThreadPoolExecutor(4) as four:
        made = list(four.map(make, range(4)))

    assert sorted(made) == [False, False, False, True]


def test_making_the_tables_again_leaves_people_signed_in(url: str) -> None:
    sessions = Sessions(url)
    sessions.make()
    cookie = start(sessions)

    assert not sessions.make()
    assert sessions.find(cookie)
    sessions.close()


def test_tables_that_are_missing_are_refused(bare_url: str) -> None:
    sessions = Sessions(bare_url)

    with pytest.raises(CannotSignIn, match="run plantrack migrate"):
        sessions.check()
    with pytest.raises(CannotSignIn, match="Nobody can sign in or go on just now"):
        sessions.find("a cookie")
    sessions.close()


def test_the_file_stands_beside_the_record_and_is_its_owners(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/record.db"
    sessions = Sessions(url)
    sessions.make()
    start(sessions)
    sessions.close()

    file = tmp_path / "record-sessions.db"
    assert sessions_path(url) == file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_program_may_change_its_rows_and_not_its_tables(postgres_url: str) -> None:
    sessions = Sessions(postgres_url)
    sessions.make()
    sessions.close()

    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("SET ROLE plantrack_app")
        connection.execute("DELETE FROM sign_in.sessions")
        for forbidden in ("TRUNCATE sign_in.sessions", "DROP TABLE sign_in.sessions"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden.encode())


def test_sessions_act_as_the_program_and_not_as_the_owner(postgres_url: str) -> None:
    sessions = Sessions(postgres_url)
    sessions.make()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("REVOKE INSERT ON sign_in.sessions FROM plantrack_app")

    with pytest.raises(CannotSignIn):
        start(sessions)

    assert sessions.begin_attempt(attempt())
    sessions.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody:hush@127.0.0.1:9/nothing",
        "sqlite:////nowhere/at/all/record.db",
    ],
)
def test_a_database_that_is_not_there_is_said_in_a_sentence(url: str) -> None:
    sessions = Sessions(url)

    for use in (sessions.make, sessions.check, lambda: start(sessions), sessions.sweep):
        with pytest.raises(CannotSignIn) as wrong:
            use()
        assert str(wrong.value).endswith(".")
        assert "hush" not in str(wrong.value)
    sessions.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/name", ""])
def test_what_names_no_database_is_refused(url: str) -> None:
    with pytest.raises(CannotSignIn, match="sqlite:///file or postgresql"):
        Sessions(url)


def test_a_database_that_went_away_is_said_and_comes_back(postgres_url: str) -> None:
    sessions = Sessions(postgres_url)
    sessions.make()
    cookie = start(sessions)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    found = sessions.find(cookie)

    assert found
    assert found.identity == ADA
    sessions.close()
