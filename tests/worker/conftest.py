"""A desk on each database, with a clock that can be set."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from plantrack import beside
from plantrack.desk import Desk
from worker.plans import Clock


@pytest.fixture
def ready_url(url: str) -> str:
    """A fresh database with all that is kept beside the record."""
    beside.make(url)
    return url


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 9, 1, 9, 0, tzinfo=UTC))


@pytest.fixture
def desk(ready_url: str, clock: Clock) -> Iterator[Desk]:
    with Desk(ready_url, clock) as desk:
        yield desk
