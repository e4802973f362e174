"""What tests of every part share: both databases and both providers, all real."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from plantrack.record import migrate
from postgres import Postgres, running
from signin import forger as forgers
from signin import issuers as providers
from signin.forger import Forger


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server that is thrown away after the tests."""
    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on: each test of storage runs on both."""
    return str(request.param)


@pytest.fixture
def empty_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database that was never migrated."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path}/record.db"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        with server.database() as url:
            yield url


@pytest.fixture
def url(empty_url: str) -> str:
    """A fresh migrated database."""
    migrate(empty_url)
    return empty_url


@pytest.fixture(scope="session")
def two_issuers() -> Iterator[providers.Issuers]:
    """Two real providers, a council's and a police force's."""
    with providers.running() as running:
        yield running


@pytest.fixture(scope="session")
def a_forger() -> Iterator[Forger]:
    with forgers.running() as running:
        yield running


@pytest.fixture
def forger(a_forger: Forger) -> Iterator[Forger]:
    """An attacker who has not done anything yet."""
    a_forger.forget()
    yield a_forger
    a_forger.forget()
