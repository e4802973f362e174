"""A real browser signs in at the real providers."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

import browser as browsers
from plantrack.authentication.oidc import SignIn
from signin.flows import HERE, begin, came_back, finish


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.running() as running:
        yield running


@pytest.mark.parametrize("name", ["council", "police"])
def test_a_person_fills_in_the_provider_s_page_and_is_known(
    browser: Browser, sign_in: SignIn, name: str
) -> None:
    attempt = begin(sign_in, name)
    page = browser.new_page()
    page.set_default_timeout(browsers.PATIENCE)
    page.route(f"{HERE}/**", lambda route: route.fulfill(body="signed in"))

    page.goto(attempt.address)
    page.get_by_label("Name").fill("ada")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(f"^{HERE}/sign-in/{name}/callback"))

    expect(page.locator("body")).to_have_text("signed in")
    assert finish(sign_in, attempt, came_back(page.url)).subject == "ada"
    page.close()
