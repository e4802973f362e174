"""A form filled in and sent with the keyboard alone, as somebody does who has no mouse."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from playwright.sync_api import Page

MOST_STOPS = 150
ANOTHER_PAGE = re.compile(r"^[^#]*$")
"""Skipping to the content is a navigation as well, and is told late on a busy machine."""
WHERE = """() => {
    const at = document.activeElement
    return [at.tagName, at.type || "", at.name || "", at.value || "", at.checked || false,
        at.getAttribute("href") || "", at === document.body ? "" : at.textContent.trim()]
}"""
Typed = Mapping[str, Sequence[str] | str]


class Stop(NamedTuple):
    """What the keyboard is on."""

    tag: str
    type: str
    name: str
    value: str
    checked: bool
    href: str
    text: str


def stop(page: Page) -> Stop:
    """Say what the keyboard is on."""
    return Stop(*page.evaluate(WHERE))


def to_main(page: Page) -> None:
    """Skip what stands above the page's own content."""
    page.keyboard.press("Tab")
    assert stop(page).text == "Skip to main content"
    page.keyboard.press("Enter")


def follow(page: Page, href: str) -> None:
    """Go to a link and follow it; in what is only a list of links, each is one stop."""
    to_main(page)
    links = page.locator("main a[href]").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    for _ in range(links.index(href) + 1):
        page.keyboard.press("Tab")
    assert stop(page).href == href, f"The keyboard does not come to {href}."
    with page.expect_navigation(url=ANOTHER_PAGE):
        page.keyboard.press("Enter")


def send(page: Page, button: str, typed: Typed | None = None) -> None:
    """Answer what the keyboard comes to, up to a button, and press that."""
    to_main(page)
    left = dict(typed or {})
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = stop(page)
        if at.tag == "BUTTON" and at.text == button:
            assert not left, f"The keyboard did not come to {[*left]}."
            with page.expect_navigation(url=ANOTHER_PAGE):
                page.keyboard.press("Enter")
            return
        if at.name in left:
            _answer(page, at, left[at.name])
            if at.type != "checkbox" or _last_box(page, at):
                left.pop(at.name)
    raise AssertionError(f"The keyboard does not come to “{button}”.")


def _answer(page: Page, at: Stop, typed: Sequence[str] | str) -> None:
    if at.type == "radio":
        _choose(page, at, str(typed))
    elif at.type == "checkbox":
        if at.checked != (at.value in typed):
            page.keyboard.press("Space")
    else:
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(str(typed))


def _choose(page: Page, at: Stop, value: str) -> None:
    """Choose one of some with the arrows, once the keyboard is on the first or the chosen one."""
    if not at.checked:
        page.keyboard.press("Space")
    for _ in range(MOST_STOPS):
        if (now := stop(page)).value == value and now.checked:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"There is no {value} among the answers to {at.name}.")


def _last_box(page: Page, at: Stop) -> bool:
    boxes = page.locator(f'input[type="checkbox"][name="{at.name}"]')
    return boxes.last.get_attribute("value") == at.value
