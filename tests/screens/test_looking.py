"""What every page is held to notices each way in which a page can be wrong."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page

import browser as browsers
from looking import HEAVIEST, TITLE_END, faults_of, html_errors, take_screenshot, watch_console

POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'"
TITLE = f"Review action 4{TITLE_END}"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/picture.svg"><link rel="stylesheet" href="/style.css">{head}</head>
<body><main>{body}</main></body></html>"""
HEADING = "<h1>What difference has this made?</h1>"


def page_with(body: str = "", *, heading: str = HEADING, title: str = TITLE, head: str = "") -> str:
    return PAGE.format(title=title, head=head, body=heading + body)


GOOD = page_with("<p>Nothing is wrong here.</p>")
PAGES = {
    "/good": GOOD,
    "/refused": page_with("<p>Select what difference this has made.</p>"),
    "/no-words": page_with('<img src="/picture.svg">'),
    "/pale": page_with('<p class="pale">Nobody can read this.</p>'),
    "/small": page_with('<p class="row"><a href="/a">A</a><a href="/b">B</a></p>'),
    "/wide": page_with('<div class="wide">Wide</div>'),
    "/two-headings": page_with("<h1>Another</h1>"),
    "/no-heading": page_with(heading="<p>Nobody knows what this is.</p>"),
    "/bare-title": page_with(title="Review action 4"),
    "/empty-title": page_with(title=TITLE_END),
    "/crown": page_with("<p>© Crown copyright</p>"),
    "/inline": page_with('<p style="color: #000">Words</p>'),
    "/script": page_with(head="<script>window.ran = true</script>"),
    "/throws": page_with(head='<script src="/throws.js"></script>'),
    "/missing": page_with(head='<script src="/gone.js"></script>'),
}
STYLE = """body { background: #fff; color: #000; } .pale { color: #eee; } .wide { width: 900px; }
.row a { display: inline-block; font-size: 8px; width: 8px; height: 8px; }"""
FILES = {
    "/style.css": ("text/css", STYLE),
    "/throws.js": ("text/javascript", "nobody.knows()"),
    "/picture.svg": ("image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg"/>'),
}
BESIDE = sum(len(FILES[name][1].encode()) for name in ("/style.css", "/picture.svg"))
"""How many bytes every page loads beside its own."""


class Visited(BaseHTTPRequestHandler):
    """Gives out the pages above, with a policy as strict as plantrack's."""

    def do_GET(self) -> None:
        name, _, size = self.path.partition("?")
        kind, text = FILES.get(name) or ("text/html; charset=utf-8", PAGES.get(name, ""))
        body = text.encode()
        if size:
            body = body.ljust(int(size) - BESIDE)
        self.send_response(200 if text and name != "/refused" else 422 if text else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Visited)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.running() as running:
        yield running


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1000, "height": 700})
    page.set_default_timeout(browsers.PATIENCE)
    yield page
    page.close()


def judged(page: Page, address: str) -> list[str]:
    watch_console(page)
    page.goto(address)
    return faults_of(page)


@pytest.mark.parametrize("name", ["/good", "/refused"])
def test_a_good_page_has_no_faults_whatever_its_status(page: Page, site: str, name: str) -> None:
    assert judged(page, site + name) == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("/no-words", "axe image-alt"),
        ("/pale", "axe color-contrast"),
        ("/small", "axe target-size"),
        ("/wide", "reflow: the page is 9"),
        ("/two-headings", "headings: there are 2"),
        ("/no-heading", "headings: there are 0"),
        ("/bare-title", "title: 'Review action 4'"),
        ("/empty-title", "title: "),
        ("/crown", "brand: the page shows 'Crown copyright'"),
        ("/inline", "console: "),
        ("/script", "console: "),
        ("/throws", "script: nobody is not defined"),
        ("/missing", "console: Failed to load resource"),
    ],
)
def test_each_fault_is_seen_and_no_other(page: Page, site: str, name: str, fault: str) -> None:
    faults = judged(page, site + name)

    assert faults
    assert {each.startswith(fault) for each in faults} == {True}, faults


def test_a_page_is_as_heavy_as_all_that_it_loads(page: Page, site: str) -> None:
    assert judged(page, f"{site}/good?{HEAVIEST}") == []
    [fault] = judged(page, f"{site}/good?{HEAVIEST + 1}")
    assert fault.startswith(f"weight: the page loads {HEAVIEST + 1} bytes")


def test_what_one_page_said_is_not_held_against_the_next(page: Page, site: str) -> None:
    assert judged(page, f"{site}/throws")
    assert judged(page, f"{site}/good") == []


def test_a_page_whose_console_nobody_watched_is_not_judged(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/throws")

    with pytest.raises(RuntimeError, match="watch_console"):
        faults_of(page)
    page.close()


def test_looking_leaves_the_window_as_it_was(page: Page, site: str, tmp_path: Path) -> None:
    judged(page, f"{site}/good")
    narrow = take_screenshot(page, tmp_path, "review", 320)
    wide = take_screenshot(page, tmp_path, "review", 1280)

    assert page.viewport_size == {"width": 1000, "height": 700}
    assert [width_of(narrow), width_of(wide)] == [320, 1280]
    assert [narrow.name, wide.name] == ["review-320.png", "review-1280.png"]


def width_of(picture: Path) -> int:
    """Read a PNG's width from its head."""
    return int.from_bytes(picture.read_bytes()[16:20], "big")


def test_html_is_read_as_the_standard_says() -> None:
    wrong = GOOD.replace("<p>", "<p hx-get='/x'>")
    worse = GOOD.replace("</main>", "</main></div>")

    found = html_errors({"good": GOOD, "review/4": wrong, "alerts": worse, "also good": GOOD})

    assert found.keys() == {"review/4", "alerts"}
    assert "hx-get" in found["review/4"][0]
    assert html_errors({}) == {}
