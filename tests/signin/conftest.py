"""Real identity providers, an attacker beside them, and sessions on both databases."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import delete

from plantrack.authentication.issuers import Issuers
from plantrack.authentication.oidc import SignIn
from plantrack.authentication.sessions import Sessions
from plantrack.authentication.store import Store
from plantrack.authentication.tables import ATTEMPTS, SESSIONS
from plantrack.record import migrate
from postgres import Postgres
from signin import issuers as providers
from signin.flows import LINE
from signin.forger import Forger
from signin.people import Clock


@pytest.fixture
def sign_in(two_issuers: providers.Issuers) -> SignIn:
    """Sign in at the two real providers."""
    return SignIn(Issuers(two_issuers.providers, line=LINE))


@pytest.fixture
def misled(forger: Forger) -> SignIn:
    """Sign in where the attacker is trusted: every check is all that stands between."""
    return SignIn(Issuers([forger.provider], line=LINE))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def kept_at(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A database for all tests of sessions, on SQLite and on PostgreSQL."""
    with ExitStack() as afterwards:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('sessions')}/record.db"
        else:
            postgres: Postgres = request.getfixturevalue("postgres")
            url = afterwards.enter_context(postgres.database())
        migrate(url)
        Store(url).make()
        yield url


@pytest.fixture
def store(kept_at: str) -> Iterator[Store]:
    """The database, empty again."""
    store = Store(kept_at)
    with store.writing() as connection:
        for each in (SESSIONS, ATTEMPTS):
            connection.execute(delete(each))
    yield store
    store.close()


@pytest.fixture
def sessions(kept_at: str, store: Store, clock: Clock) -> Iterator[Sessions]:
    sessions = Sessions(kept_at, now=clock)
    yield sessions
    sessions.close()
