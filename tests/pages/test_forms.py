"""Forms: recorded from a page, refused with everything typed still there."""

from playwright.sync_api import Browser, expect

from pages.serving import Demo
from partnership import WORKER


def test_somebody_records_a_visit_without_a_script(demo: Demo, browser: Browser) -> None:
    page = demo.open(browser, WORKER, java_script_enabled=False)
    page.goto("/plans/CP-101/record/child-seen")
    page.get_by_label("Where? (optional)").fill("at school, in the library")
    page.get_by_role("button", name="Record this contact").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    expect(page.get_by_label("Where? (optional)")).to_have_value("at school, in the library")
