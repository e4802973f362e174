"""What tests of every part share: both databases and both providers, all real."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from plantrack.application import stores
from plantrack.record import migrate
from postgres import Postgres, running
from signin import forger as forgers
from signin import issuers as providers
from signin.forger import Forger

LONGEST = (
    "pages/test_every_page.py",
    "pages/test_conferences_journeys.py",
    "pages/test_forms.py",
    "api/test_poison_over_http.py",
    "leaks/test_nobody_reads_more.py",
    "pages/test_hidden_plans.py",
    "api/test_fuzzed.py",
)
"""The files that take longest go first: at the end they would be waited for with a core idle."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the others stay in their order."""
    first = {name: at for at, name in enumerate(LONGEST)}
    here = Path(__file__).parent
    items.sort(key=lambda each: first.get(str(each.path.relative_to(here)), len(first)))


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


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that holds nothing, with those beside it."""
    base = tmp_path_factory.mktemp("migrated") / "record.db"
    make_ready(f"sqlite:///{base}")
    return base


@pytest.fixture(scope="session")
def migrated_server(postgres: Postgres) -> Iterator[Postgres]:
    """A server with a migrated database that holds nothing, to be copied."""
    with postgres.database() as url:
        make_ready(url)
        yield postgres.like(url)


@pytest.fixture
def url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database, copied from one that was migrated for all tests."""
    if database == "sqlite":
        base: Path = request.getfixturevalue("migrated_file")
        for each in base.parent.glob("record*.db"):
            shutil.copy(each, tmp_path / each.name)
        yield f"sqlite:///{tmp_path}/record.db"
    else:
        server: Postgres = request.getfixturevalue("migrated_server")
        with server.database() as url:
            yield url


@pytest.fixture
def bare_url(empty_url: str) -> str:
    """A fresh database with the record's tables, and with nothing beside it yet."""
    migrate(empty_url)
    return empty_url


def make_ready(url: str) -> None:
    """Make every table that plantrack needs."""
    migrate(url)
    stores.make(url)


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
