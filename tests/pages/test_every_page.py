"""Every page is held to the same: readable by everybody, valid, narrow, light, without a brand."""

import pytest
from playwright.sync_api import Browser

from looking import html_errors
from pages.every_page import Opened, every
from pages.serving import Demo
from pages.visiting import Visit, visit

EVERY = list(every())


@pytest.fixture(scope="module")
def visited(demo: Demo, browser: Browser) -> dict[str, Visit]:
    """Every page as it was found."""
    return visit(demo, browser, EVERY)


@pytest.mark.parametrize("opened", EVERY, ids=lambda each: each.name)
def test_a_page_is_for_everybody(opened: Opened, visited: dict[str, Visit]) -> None:
    found = visited[opened.name]

    assert found.status == opened.status
    assert found.faults == []


def test_every_page_is_valid_html(visited: dict[str, Visit]) -> None:
    pages = {name: found.html for name, found in visited.items()}

    assert html_errors(pages) == {}


def test_what_somebody_typed_wrongly_is_said_in_the_title(visited: dict[str, Visit]) -> None:
    sent = [each for each in EVERY if each.send is not None]

    without = [each for each in sent if "<title>Error: " not in visited[each.name].html]
    assert [each for each in without if each.status == 422] == []
    assert sent
