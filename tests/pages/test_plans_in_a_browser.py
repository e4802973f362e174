"""A chair's way in a real browser: without a script, and by the keyboard alone."""

from playwright.sync_api import Browser, Page, expect

from pages.serving import Demo
from partnership import CHAIR, WORKER, player


def test_a_chair_finds_what_needs_them_and_answers_it_without_a_script(
    demo: Demo, browser: Browser
) -> None:
    page = demo.open(browser, java_script_enabled=False)
    page.goto("/sign-in")
    page.get_by_role("button", name=f"Sign in as {CHAIR}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your plans")
    page.get_by_role("link", name="Effie, CP-105").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this plan keeping Effie safe?")
    page.get_by_role("link", name="Answer the disagreement of police").first.click()
    page.get_by_label("answer", exact=False).first.fill("Police join the core group on Thursday.")
    day = page.get_by_role("group", name="When")
    for part, typed in (("Day", "23"), ("Month", "nov"), ("Year", "2026")):
        day.get_by_label(part).fill(typed)
    page.locator("main form button").last.click()
    expect(page.get_by_text("That is on the plan")).to_be_visible()
    expect(page.get_by_role("heading", name="2 things need you now")).to_be_visible()
    page.context.close()


def test_a_worker_goes_through_a_plan_by_the_keyboard_alone(demo: Demo, browser: Browser) -> None:
    page = demo.open(browser)
    page.goto("/sign-in")
    person = player(WORKER)["person"]
    _tab_to(page, f"form:has(input[value='{person}']) button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your plans")
    _tab_to(page, "summary")
    page.keyboard.press("Enter")
    _tab_to(page, "#kind")
    page.keyboard.type("Child in")
    _tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Remove this filter Child in need")).to_be_visible()
    _tab_to(page, "a[href='/plans/CIN-106']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this plan helping Tobin?")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    for address, part in (
        ("actions", "Actions"),
        ("seen", "Seen and heard"),
        ("history", "History"),
    ):
        _tab_to(page, f"nav a[href='/plans/CIN-106/{address}']")
        page.keyboard.press("Enter")
        expect(page.locator("nav a[aria-current=page]", has_text=part)).to_be_visible()
    _tab_to(page, "main ol a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Entry")
    page.context.close()


def _tab_to(page: Page, wanted: str) -> None:
    """Press the tab key until the focus is on what is wanted."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"The keyboard does not come to {wanted}.")
