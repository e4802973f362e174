"""A real Chromium for tests: Debian's, yours, or none, and then the test is left out.

``PLANTRACK_TEST_CHROMIUM`` names one of yours. On Debian: ``apt-get install chromium``.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 10_000.0
"""How many milliseconds a page may take to show what a test waits for."""


def program() -> Path | None:
    """Find a Chromium on this machine, or the one that playwright has installed."""
    named = os.environ.get("PLANTRACK_TEST_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


@contextmanager
def running() -> Iterator[Browser]:
    """Start a browser without a window, and stop it afterwards."""
    # Its own sandbox cannot be had by root; pages of these tests are ours.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program(), args=options)
        except Error as wrong:
            if program():
                raise
            pytest.skip(f"There is no Chromium here (apt-get install chromium): {type(wrong)}")
        try:
            yield browser
        finally:
            browser.close()
