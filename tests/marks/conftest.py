"""These run on SQLite, and on PostgreSQL in `make soak`: storage has its own tests, on both."""

import pytest


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def database(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on."""
    return str(request.param)
