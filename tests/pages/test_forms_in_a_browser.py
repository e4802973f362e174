"""A nurse and a teacher say what happened: without a script, and by keyboard alone."""

from typing import Any

from playwright.sync_api import Browser, Page, expect

from looking import TITLE_END
from pages.serving import Demo
from partnership import NURSE, TEACHER

MOST_TABS = 80


def tab_to(page: Page, where: str) -> None:
    """Go with the Tab key to the element that a selector names."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("where => document.activeElement.matches(where)", where):
            return
    raise AssertionError(f"{where} cannot be reached by keyboard")


def put(page: Page, where: str, keys: str) -> None:
    """Go to a field and type into it."""
    tab_to(page, where)
    page.keyboard.type(keys)


def test_a_nurse_records_a_visit_from_sign_in_to_confirmation_without_a_script(
    demo: Demo, browser: Browser
) -> None:
    page = demo.open(browser, java_script_enabled=False)
    page.goto("/sign-in")
    page.get_by_role("button", name=f"Sign in as {NURSE}").click()
    page.get_by_role("link", name="My plans").click()
    page.locator('main a[href="/plans/CP-101"]').first.click()
    page.locator('a[href="/plans/CP-101/record"]').first.click()
    page.get_by_role("link", name="Record that Perrin was seen").click()
    page.get_by_label("Where? (optional)").fill("at school, in the library")
    page.get_by_role("button", name="Record this contact").click()

    expect(page.get_by_text("There is a problem")).to_be_visible()
    expect(page.get_by_label("Where? (optional)")).to_have_value("at school, in the library")
    page.get_by_role("link", name="Select how Perrin was seen").click()
    page.get_by_label("Face to face").check()
    page.get_by_label("Yes, alone").check()
    page.get_by_label("What did Perrin say? (optional)").fill("I like the fish tank")
    for part, typed in (("Day", "23"), ("Month", "nov"), ("Year", "2026")):
        page.get_by_label(part, exact=True).fill(typed)
    page.get_by_role("button", name="Record this contact").click()

    expect(page.locator(".govuk-notification-banner--success")).to_be_visible()
    seen: Any = demo.services.record.entries("CP-101")[-1]
    assert (seen.event.words, seen.by.name) == ("I like the fish tank", NURSE)
    page.context.close()


def test_a_teacher_records_an_injury_by_keyboard_alone(demo: Demo, browser: Browser) -> None:
    page = demo.open(browser, TEACHER)
    page.goto("/plans/CP-101/record")
    tab_to(page, 'a[href$="/record/injury-noted"]')
    page.keyboard.press("Enter")
    expect(page).to_have_title(f"Record an injury, plan CP-101{TITLE_END}")
    put(page, "#explanation", "He said that he fell off the wall")
    tab_to(page, "main button.govuk-button")
    page.keyboard.press("Enter")

    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page).to_have_title(f"Error: Record an injury, plan CP-101{TITLE_END}")
    tab_to(page, 'a[href="#where"]')
    page.keyboard.press("Enter")
    expect(page.locator("#where")).to_be_focused()
    page.keyboard.type("left knee")
    tab_to(page, "[name=explanation_basis]")
    page.keyboard.press("Space")
    for part, typed in (("day", "23"), ("month", "11"), ("year", "2026")):
        put(page, f"#on-{part}", typed)
    tab_to(page, "main button.govuk-button")
    page.keyboard.press("Enter")

    expect(page.locator(".govuk-notification-banner--success")).to_be_visible()
    noted: Any = demo.services.record.entries("CP-101")[-1].event
    assert (noted.where, noted.explanation) == ("left knee", "He said that he fell off the wall")
    page.context.close()
