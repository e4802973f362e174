"""Drafts on both databases, with a clock that stands still."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from plantrack.drafts.drafts import Drafts
from plantrack.record import migrate
from postgres import Postgres


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def go_on(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept_at(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A database for drafts, on SQLite and on PostgreSQL."""
    with ExitStack() as afterwards:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('drafts')}/record.db"
        else:
            postgres: Postgres = request.getfixturevalue("postgres")
            url = afterwards.enter_context(postgres.database())
        migrate(url)
        Drafts(url).make()
        yield url


@pytest.fixture
def drafts(kept_at: str, clock: Clock) -> Iterator[Drafts]:
    drafts = Drafts(kept_at, now=clock)
    drafts.check()
    yield drafts
    drafts.close()
