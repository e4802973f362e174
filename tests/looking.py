"""What every page is held to in a real browser, whatever it shows.

Call ``watch_console`` before a page is opened, ``faults_of`` when it shows what is to be judged,
and ``html_errors`` once for all pages: the checker of HTML takes longer to start than to read.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, ViewportSize

from assets.npm import NoNode, NotInstalled, installed

CHECKS = Path(__file__).parents[1] / "assets" / "checks"
TITLE_END = " \N{EN DASH} Plan tracker \N{EN DASH} Fernleigh Council"
NARROW = 320
"""How many pixels are left of a usual screen that is enlarged four times."""

HEAVIEST = 250_000
"""How many bytes a page may load, with styles and scripts, as the browser unpacks them."""

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
BRANDS = (
    "GDS Transport",
    "govuk-footer__crown",
    "govuk-footer__copyright-logo",
    "govuk-logo",
    "Crown copyright",
    "govuk-icon",
)
"""What only services of the government may show: its letters, its crown, its marks."""

_consoles: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


def watch_console(page: Page) -> list[str]:
    """Collect what a page's console says is wrong, from now on. Asking again begins anew."""
    if page in _consoles:
        _consoles[page].clear()
        return _consoles[page]
    said: list[str] = []
    opened: set[str] = set()
    _consoles[page] = said

    def open_page(request: Request) -> None:
        if request.is_navigation_request():
            opened.add(request.url)

    def hear(message: ConsoleMessage) -> None:
        # A page that is itself an answer of 404 or 422 is said to have failed to load.
        refused = message.text.startswith("Failed to load resource")
        if message.type == "error" and not (refused and message.location["url"] in opened):
            said.append(f"console: {message.text}")

    page.on("request", open_page)
    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(f"script: {error}"))
    return said


def faults_of(page: Page, title_end: str = TITLE_END) -> list[str]:
    """Say in a sentence each what is wrong with the page that is shown, or nothing."""
    if page not in _consoles:
        raise RuntimeError("Call watch_console(page) before the page is opened.")
    return [
        *accessibility_faults(page),
        *_reflow_faults(page),
        *_heading_faults(page, title_end),
        *_brand_faults(page),
        *_weight_faults(page),
        *_consoles[page],
    ]


def accessibility_faults(page: Page) -> list[str]:
    """Say where the page breaks a rule of WCAG 2.2, level A or AA, that axe can see."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    options = {
        "runOnly": {"type": "tag", "values": RULES},
        "rules": {"target-size": {"enabled": True}},
        "resultTypes": ["violations"],
    }
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"axe {broken['id']}: {broken['help']}: {node['html'][:200]}"
        for broken in found["violations"]
        for node in broken["nodes"]
    ]


def _reflow_faults(page: Page) -> Iterator[str]:
    with _as_wide_as(page, NARROW):
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW:
            widest = page.evaluate(WIDEST, NARROW)
            yield f"reflow: the page is {width} pixels wide at {NARROW}: {widest}"


WIDEST = """narrow => [...document.querySelectorAll("body *")]
    .filter(each => each.getBoundingClientRect().right > narrow)
    .slice(0, 3).map(each => each.outerHTML.slice(0, 120)).join(" … ")"""


def _heading_faults(page: Page, title_end: str) -> Iterator[str]:
    headings = page.locator("h1").all_inner_texts()
    if len(headings) != 1:
        yield f"headings: there are {len(headings)} first headings: {headings}"
    title = page.title()
    if not title.endswith(title_end):
        yield f"title: {title!r} is not words and then {title_end!r}"


def _brand_faults(page: Page) -> Iterator[str]:
    content = page.content().casefold()
    for brand in BRANDS:
        if brand.casefold() in content:
            yield f"brand: the page shows {brand!r}"


def _weight_faults(page: Page) -> Iterator[str]:
    loaded: list[dict[str, Any]] = page.evaluate(LOADED)
    weight = sum(each["size"] for each in loaded)
    if weight > HEAVIEST:
        heaviest = sorted(loaded, key=lambda each: -each["size"])[:3]
        yield f"weight: the page loads {weight} bytes, most of it {heaviest}"


LOADED = """["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind))
    .map(each => ({name: new URL(each.name).pathname, size: each.decodedBodySize}))"""


def take_screenshot(page: Page, folder: Path, name: str, width: int) -> Path:
    """Take a picture of the whole page as wide as said, for somebody to look at."""
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / f"{name}-{width}.png"
    with _as_wide_as(page, width):
        page.screenshot(path=picture, full_page=True)
    return picture


@contextmanager
def _as_wide_as(page: Page, width: int) -> Iterator[None]:
    before: ViewportSize = page.viewport_size or {"width": 1280, "height": 720}
    page.set_viewport_size({"width": width, "height": before["height"]})
    try:
        yield
    finally:
        page.set_viewport_size(before)


def html_errors(pages: Mapping[str, str]) -> dict[str, list[str]]:
    """Say by name what the Nu HTML checker finds wrong, for the pages where it finds something."""
    found: dict[str, list[str]] = {}
    with TemporaryDirectory() as place:
        files = {f"{number}.html": name for number, name in enumerate(pages)}
        for file, name in files.items():
            (Path(place) / file).write_text(pages[name], encoding="utf-8")
        for message in _checked(Path(place), list(files)):
            name = files[message["url"].rpartition("/")[2]]
            found.setdefault(name, []).append(
                f"line {message.get('lastLine')}: {message['message']}"
            )
    return found


def _checked(place: Path, files: list[str]) -> list[dict[str, Any]]:
    if not files:
        return []
    java = shutil.which("java")
    if not java:
        pytest.skip("There is no Java here to check HTML (apt-get install default-jre-headless).")
    jar = _node_modules() / "vnu-jar" / "build" / "dist" / "vnu.jar"
    done = subprocess.run(
        [java, "-Xss2m", "-jar", str(jar), "--errors-only", "--format", "json", *files],
        cwd=place,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    messages: list[dict[str, Any]] = json.loads(done.stderr)["messages"]
    return messages


@cache
def _axe() -> str:
    return (_node_modules() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def _node_modules() -> Path:
    try:
        return installed(CHECKS) / "node_modules"
    except (NoNode, NotInstalled) as missing:
        pytest.skip(f"What checks pages is not installed (make test): {missing}")
