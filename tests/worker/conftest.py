"""A desk on each database, with a clock that can be set."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from plantrack.application import stores
from plantrack.application.services import Services
from worker.plans import Clock


@pytest.fixture
def ready_url(url: str) -> str:
    """A fresh database with all that is kept beside the record."""
    stores.make(url)
    return url


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 9, 1, 9, 0, tzinfo=UTC))


@pytest.fixture
def services(ready_url: str, clock: Clock) -> Iterator[Services]:
    with Services(ready_url, clock) as services:
        yield services
