"""A school nurse in a real browser: to disagree takes less than a minute from signing in."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from looking import faults_of, watch_console
from pages.managed import follow
from pages.serving import Demo
from partnership import NURSE, TEACHER

MOST_ACTIONS = 5
REASON = "Her brothers stay behind, and nobody asked us."


@pytest.fixture(scope="module", autouse=True)
def followed(demo: Demo) -> None:
    """Keep the lists up with what the journeys record."""
    follow(demo.services)


class Hand:
    """Counts what somebody presses; what they type is not counted."""

    def __init__(self) -> None:
        self.pressed = 0

    def press(self, what: Locator) -> None:
        """Press something."""
        self.pressed += 1
        what.click()


def test_a_nurse_disagrees_in_five_actions_and_goes_on_to_challenge_without_a_script(
    demo: Demo, browser: Browser
) -> None:
    page, hand = demo.open(browser, java_script_enabled=False), Hand()
    page.goto("/")
    hand.press(page.get_by_role("button", name=f"Sign in as {NURSE}"))
    hand.press(page.get_by_role("button", name="Agree or disagree with decision D3 on plan CP-102"))
    hand.press(page.get_by_label("No, we disagree"))
    page.get_by_label("What is your reason?").fill(REASON)
    hand.press(page.get_by_role("button", name="Record this view"))

    expect(page.get_by_text("That your agency disagrees is on the plan")).to_be_visible()
    assert hand.pressed <= MOST_ACTIONS
    page.get_by_role("button", name="Raise a challenge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Challenge another agency")
    page.context.close()


def test_a_teacher_takes_a_position_by_keyboard_alone(demo: Demo, browser: Browser) -> None:
    page = demo.open(browser, TEACHER)
    watch_console(page)
    page.goto("/agency")
    tab_to(page, "Agree or disagree with decision D3 on plan CP-102")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Your view on a decision about Lottie"
    )
    tab_to(page, "Record this view")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert faults_of(page) == []

    tab_to(page, "Select whether your agency agrees")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    tab_to(page, "Record this view")
    page.keyboard.press("Enter")
    expect(page.get_by_text("That is on plan CP-102, as entry")).to_be_visible()
    page.context.close()


def tab_to(page: Page, text: str) -> None:
    """Press Tab until what is focused says some words."""
    for _ in range(100):
        page.keyboard.press("Tab")
        if text in " ".join(page.evaluate("document.activeElement.textContent").split()):
            return
    raise AssertionError(f"Nothing that says “{text}” takes the focus")
