"""A manager in a real browser: from signing in to an answer that is on the plan."""

import pytest
from playwright.sync_api import Browser, Page, expect

from looking import faults_of, watch_console
from pages.managed import follow
from pages.serving import Demo
from partnership import TEAM_MANAGER

BREACH = "Disagreement not answered on plan CP-10"


@pytest.fixture(scope="module", autouse=True)
def followed(demo: Demo) -> None:
    """Keep the lists up with what the journeys record."""
    follow(demo.services)


def sign_in(page: Page, name: str) -> None:
    page.goto("/")
    page.get_by_role("button", name=f"Sign in as {name}").click()


def test_a_manager_answers_an_alert_without_a_script(demo: Demo, browser: Browser) -> None:
    page = demo.open(browser, java_script_enabled=False)
    sign_in(page, TEAM_MANAGER)
    expect(page.get_by_role("heading", level=1)).to_have_text("Alerts for your teams")
    page.get_by_label("Disagreement not answered").check()
    page.get_by_role("button", name="Apply filters").click()
    page.get_by_role("link", name=f"{BREACH}4").click()
    page.get_by_label("What is going well").fill("The mother rings by herself.")
    page.get_by_role("button", name="Record this answer").click()

    expect(page.get_by_text("There is a problem")).to_be_visible()
    expect(page.get_by_label("What is going well")).to_have_value("The mother rings by herself.")
    page.get_by_label("What must be challenged or changed").fill("Police wait for an answer.")
    page.get_by_label("What will be done?").fill("Answer police in writing")
    page.get_by_label("Name").fill("Casey Hollin")
    page.get_by_label("Agency", exact=True).select_option("csc")
    for part, typed in (("Day", "25"), ("Month", "nov"), ("Year", "2026")):
        page.get_by_label(part, exact=True).fill(typed)
    page.get_by_role("button", name="Record this answer").click()

    expect(page.get_by_text("Your answer is on plan CP-104.")).to_be_visible()
    page.context.close()


def test_a_manager_answers_an_alert_by_keyboard_alone(demo: Demo, browser: Browser) -> None:
    page = demo.open(browser, TEAM_MANAGER)
    watch_console(page)
    page.goto("/alerts")
    tab_to(page, f"{BREACH}5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Disagreement not answered")
    tab_to(page, "Record this answer")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert faults_of(page) == []

    tab_to(page, "Enter what is going well")
    page.keyboard.press("Enter")
    page.keyboard.type("School and police ring each other.")
    page.keyboard.press("Tab")
    page.keyboard.type("The agency that disagrees has waited since October.")
    tab_to(page, "Record this answer")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your answer is on plan CP-105.")).to_be_visible()
    page.context.close()


def tab_to(page: Page, text: str) -> None:
    """Press Tab until what is focused says some words."""
    for _ in range(100):
        page.keyboard.press("Tab")
        if text in " ".join(page.evaluate("document.activeElement.textContent").split()):
            return
    raise AssertionError(f"Nothing that says “{text}” takes the focus")
