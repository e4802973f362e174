"""One site for all tests here; each knows people of its own."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from entrance.site import Site, serving
from entrance.visitor import Visitor
from plantrack.authentication.providers import Provider
from signin.forger import Forger
from signin.issuers import AUDIENCE, Issuers

DOWN = Provider(
    name="down",
    title="A provider that is down",
    issuer="http://127.0.0.1:9",
    client_id="plantrack",
    amr=("mfa",),
    audience=AUDIENCE,
)


@pytest.fixture(scope="session")
def the_site(
    two_issuers: Issuers, a_forger: Forger, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    providers = (*two_issuers.providers, a_forger.provider, DOWN)
    with serving(tmp_path_factory.mktemp("site"), providers) as site:
        yield site


@pytest.fixture
def site(the_site: Site) -> Iterator[Site]:
    """Plantrack as people reach it, on time again."""
    the_site.clock.ahead = timedelta()
    yield the_site
    the_site.clock.ahead = timedelta()


@pytest.fixture
def visitor(site: Site) -> Iterator[Visitor]:
    with Visitor(site) as visitor:
        yield visitor


@pytest.fixture
def another(site: Site) -> Iterator[Visitor]:
    """Somebody with a browser of their own."""
    with Visitor(site) as visitor:
        yield visitor
