"""What tests of pages share: the small partnership, copied and served, and one browser a module."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from browser import running
from pages.serving import Demo, served
from partnership import small


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The partnership, copied and served for one module's tests."""
    url = small(tmp_path_factory).copy(tmp_path_factory.mktemp("served"))
    with served(url) as demo:
        yield demo


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser."""
    with running() as browser:
        yield browser
