"""A real browser for the finished pages: Debian's Chromium, headless, driven by Playwright.

Without Chromium these tests are skipped; with ``MINATO_REQUIRE_CHROMIUM=1`` its absence is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run: two at a time would share one event loop."""
    if CHROMIUM is None:
        if os.environ.get("MINATO_REQUIRE_CHROMIUM"):
            pytest.fail("Chromium is required here (MINATO_REQUIRE_CHROMIUM) and was not found")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()
