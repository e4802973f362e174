"""What the campaigns share: a PostgreSQL server of their own, as others' tests must not suffer."""

import os
import sys
from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path

import pytest

from campaigns.cluster import Cluster, cluster
from campaigns.site import Site, site
from record.writers import forking

IMPORTED_ONCE = ["plantrack.main", "plantrack.cli.serving", "campaigns.writers"]


@pytest.fixture(scope="session", autouse=True)
def forks_quickly() -> None:
    """Let processes be forked from one that has imported all of plantrack, from this very place.

    That one finds what it imports by ``PYTHONPATH`` alone, and goes without what it cannot find.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        forking.set_forkserver_preload(IMPORTED_ONCE)
        forkserver.ensure_running()


@pytest.fixture(scope="session")
def server() -> Iterator[Cluster]:
    """Give a server that may be restarted and crashed, as it is thrown away after the tests."""
    with cluster() as made:
        yield made


@pytest.fixture
def on_postgres(server: Cluster) -> Iterator[str]:
    """Give a fresh database on that server."""
    with server.database() as url:
        yield url


@pytest.fixture(scope="session")
def site_of_many(server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give two web processes and two workers on a server."""
    with server.database() as url, site(url, tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture(scope="session")
def site_of_one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give one process that does everything, on a file."""
    folder = tmp_path_factory.mktemp("site")
    with site(f"sqlite:///{folder}/record.db", folder, servers=1, workers=0) as made:
        yield made


@pytest.fixture
def council(site_of_many: Site) -> Site:
    """Give plantrack as a council runs it, with all processes at work."""
    site_of_many.restore()
    return site_of_many


@pytest.fixture(params=["sqlite", "postgresql"])
def plantrack(request: pytest.FixtureRequest) -> Site:
    """Give plantrack on either database, with all processes at work."""
    sites = {"sqlite": "site_of_one", "postgresql": "site_of_many"}
    made: Site = request.getfixturevalue(sites[request.param])
    made.restore()
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def campaign_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give a fresh database of either sort."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/record.db"
    return str(request.getfixturevalue("on_postgres"))
