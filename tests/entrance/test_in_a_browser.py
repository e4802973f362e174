"""A real browser signs in at the real providers, and keeps other sites' pages out."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

import browser as browsers
from entrance.site import Site
from entrance.visitor import ATTEMPT, SESSION
from plantrack.domain.rights.words import Duty
from signin.issuers import Issuers

TITLES = {"council": "Fernleigh Council", "police": "Fernshire Police"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.running() as running:
        yield running


@pytest.fixture
def console() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, site: Site, console: list[str]) -> Iterator[Page]:
    """A page of a new browser, in 320 pixels; what the console says of our pages is kept."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.set_default_timeout(browsers.PATIENCE)

    def keep(message: ConsoleMessage) -> None:
        if message.location["url"].startswith(site.address):
            console.append(message.text)

    page.on("console", keep)
    yield page
    context.close()


def sign_in(site: Site, page: Page, name: str, login: str) -> None:
    page.goto(f"{site.address}/")
    page.get_by_role("link", name=f"Sign in with {TITLES[name]}").click()
    prove(page, login)


def prove(page: Page, login: str) -> None:
    page.get_by_label("Name").fill(login)
    page.get_by_role("button", name="Sign in").click()


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def session_of(page: Page) -> str | None:
    return next((c["value"] for c in page.context.cookies() if c["name"] == SESSION), None)


@pytest.mark.parametrize("name", ["council", "police"])
def test_somebody_signs_in_proves_it_again_and_signs_out(
    site: Site, two_issuers: Issuers, page: Page, console: list[str], name: str
) -> None:
    site.know(f"real-{name}", Duty.CHAIR, issuer=getattr(two_issuers, name))

    sign_in(site, page, name, f"real-{name}")
    expect(heading(page)).to_have_text("Your plans")
    page.get_by_role("link", name="Your roles and sessions").click()
    expect(page.get_by_role("main")).to_contain_text(f"real-{name} Secretname")
    expect(page.get_by_role("main")).to_contain_text("Conference chair")
    first = session_of(page)
    [kept] = [each for each in page.context.cookies() if each["name"] == SESSION]
    assert (kept["secure"], kept["httpOnly"], kept["sameSite"]) == (True, True, "Lax")
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("link", name="Prove again who you are").click()
    prove(page, f"real-{name}")
    expect(heading(page)).to_have_text("Your roles and sessions")
    assert session_of(page) not in (None, first)

    page.get_by_role("button", name="Sign out here").click()
    expect(page).to_have_title("Sign in \N{EN DASH} Plan tracker \N{EN DASH} Fernleigh Council")
    assert not {each["name"] for each in page.context.cookies()} & {SESSION, ATTEMPT}
    page.go_back()
    expect(heading(page)).to_have_text("Sign in")
    assert console == []


@pytest.mark.parametrize("login", ["nomfa-somebody", "stranger"])
def test_who_is_refused_reads_why(site: Site, page: Page, console: list[str], login: str) -> None:
    sign_in(site, page, "police", login)

    expect(heading(page)).to_have_text("You are not signed in")
    expect(page.get_by_role("main")).to_contain_text(
        "without a second proof" if login.startswith("nomfa") else "plantrack does not"
    )
    assert session_of(page) is None
    page.get_by_role("link", name="Begin again").click()
    expect(heading(page)).to_have_text("Sign in")
    assert [each for each in console if "403 (Forbidden)" not in each] == []


@contextmanager
def another_site(body: str) -> Iterator[str]:
    """Serve one page at another origin."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://localhost:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


READING = """async address => {
    const answer = await fetch(address, {credentials: "include"}).catch(() => null);
    return answer && await answer.text();
}"""
OPAQUE = """async address => {
    const asked = {mode: "no-cors", credentials: "include", method: "POST", body: "{}"};
    const answer = await fetch(address, asked).catch(() => null);
    return answer && [answer.type, await answer.text()];
}"""


def test_a_page_of_another_site_signs_nobody_out_and_reads_nothing(
    site: Site, two_issuers: Issuers, page: Page
) -> None:
    site.know("target", Duty.CHAIR, issuer=two_issuers.council)
    sign_in(site, page, "council", "target")
    expect(heading(page)).to_have_text("Your plans")
    form = f'<form method="post" action="{site.address}/sign-out"><button>Win</button></form>'
    frame = f'<iframe src="{site.address}/"></iframe>'

    with another_site(form + frame) as evil:
        page.goto(evil)
        for path in ("/", "/api/session", "/api/plans"):
            assert page.evaluate(READING, site.address + path) is None
        assert page.evaluate(OPAQUE, f"{site.address}/api/session/end") in (None, ["opaque", ""])
        assert "Secretname" not in "".join(each.content() for each in page.frames)
        page.get_by_role("button", name="Win").click()
        expect(page.locator("body")).to_contain_text("sent from a page of another site")

    page.goto(f"{site.address}/")
    expect(heading(page)).to_have_text("Your plans")
