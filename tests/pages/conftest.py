"""What tests of pages share: one small demonstration, built once, and one browser a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser import running
from pages.serving import NAME, Demo, copied, served
from plantrack import beside, demonstration
from plantrack.cli import importing
from plantrack.desk import Desk
from plantrack.record import migrate

CASE = Path(demonstration.__file__).parent / "cases" / "child-j1.jsonl"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration that holds the case of Child J1, with one person a role."""
    folder = tmp_path_factory.mktemp("demonstration")
    url = f"sqlite:///{folder / NAME}"
    migrate(url)
    beside.make(url)
    with Desk(url) as desk:
        demonstration.declare(desk)
    importing.import_files([CASE], url, dry_run=False, partial=False)
    with Desk(url) as desk:
        demonstration.people_the_case(desk)
        desk.catch_up(desk.files())
    return folder


@pytest.fixture(scope="module")
def demo(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demonstration, copied and served for one module's tests."""
    with served(copied(built, tmp_path_factory.mktemp("served"))) as demo:
        yield demo


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser."""
    with running() as browser:
        yield browser
