"""Opening every page in a real browser, as it is and after something was sent that is wrong."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page

from looking import faults_of, take_screenshot, watch_console
from pages.every_page import Opened
from pages.serving import Demo

WIDTHS = (1280, 320)
SEND = """([address, fields]) => {
    const form = document.createElement("form")
    form.method = "post"
    form.action = address
    for (const [name, value] of fields) {
        const field = document.createElement("input")
        field.type = "hidden"
        field.name = name
        field.value = value
        form.append(field)
    }
    document.body.append(form)
    form.submit()
}"""


class Visit(NamedTuple):
    """How a page was found."""

    status: int
    html: str
    faults: list[str]


def visit(demo: Demo, browser: Browser, pages: Iterable[Opened]) -> dict[str, Visit]:
    """Open pages one after the other, each person in a context of their own, and judge each.

    What is found stands under the page's name.
    """
    found = {}
    for each, page, status in _opened(demo, browser, pages):
        found[each.name] = Visit(status, page.content(), faults_of(page))
    return found


def picture(demo: Demo, browser: Browser, pages: Iterable[Opened], folder: Path) -> int:
    """Take pictures of pages, wide and narrow, and say how many pages there were."""
    count = 0
    for each, page, _ in _opened(demo, browser, pages):
        for width in WIDTHS:
            take_screenshot(page, folder, each.name, width)
        count += 1
    return count


def _opened(
    demo: Demo, browser: Browser, pages: Iterable[Opened]
) -> Iterator[tuple[Opened, Page, int]]:
    at: dict[str | None, Page] = {}
    for each in pages:
        if each.who not in at:
            at[each.who] = demo.open(browser, each.who)
        page = at[each.who]
        watch_console(page)
        yield each, page, _go(page, each)
    for page in at.values():
        page.context.close()


def _go(page: Page, opened: Opened) -> int:
    answer = page.goto(opened.address)
    if opened.send is not None:
        with page.expect_navigation() as going:
            page.evaluate(SEND, [opened.address, list(opened.send.items())])
        answer = going.value
    assert answer is not None
    return answer.status
