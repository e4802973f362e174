"""An application for each test, on both databases."""

from collections.abc import Iterator

import pytest

from api.desks import Office, office


@pytest.fixture
def here(url: str) -> Iterator[Office]:
    """A whole application over a fresh database."""
    with office(url) as opened:
        yield opened


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def database(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on: storage has its own tests, on both; `make soak` takes both."""
    return str(request.param)
