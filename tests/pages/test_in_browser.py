"""Every published page in a real browser: accessible, self-contained, complete without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.pages.conftest import pages

PAGES = pages()
by_name = pytest.mark.parametrize("file", PAGES, ids=[file.stem for file in PAGES])
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def opened(browser: Browser, file: Path, width: int, *, scripts: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts
    )
    page = context.new_page()
    page.goto(file.as_uri())
    return page


@by_name
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation(browser: Browser, file: Path, width: int) -> None:
    page = opened(browser, file, width)
    # Folded parts are opened: what is hidden is not examined.
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = Axe().run(page, options=RULES).response["violations"]
    page.context.close()
    assert not found, [(one["id"], one["help"], one["nodes"][0]["html"][:200]) for one in found]


@by_name
def test_no_request_leaves_the_page_and_nothing_is_logged(browser: Browser, file: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_load_state("networkidle")
    context.close()
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert said == []


@by_name
def test_nothing_is_lost_with_scripts_off(browser: Browser, file: Path) -> None:
    texts = []
    for scripts in (True, False):
        page = opened(browser, file, 1280, scripts=scripts)
        # Opened by the pointer, as a reader would.
        folded = page.locator("details:not([open]) > summary")
        while folded.count():
            folded.first.click()
        texts.append(page.locator("main").inner_text())
        page.context.close()
    with_scripts, without = texts
    for line in with_scripts.splitlines():
        assert line.strip() in without, line


@by_name
def test_the_page_reflows_on_a_phone(browser: Browser, file: Path) -> None:
    page = opened(browser, file, 320)
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    page.context.close()
    assert widths[0] <= widths[1]


@by_name
def test_the_keyboard_reaches_everything_in_order(browser: Browser, file: Path) -> None:
    page = opened(browser, file, 1280)
    reachable = page.evaluate(
        "Array.from(document.querySelectorAll('a[href], summary, input, select, button, [tabindex=\"0\"]'))"
        ".filter(one => one.checkVisibility()).length"
    )
    seen = []
    for _ in range(reachable + 1):
        page.keyboard.press("Tab")
        spot = page.evaluate(
            "(() => { const one = document.activeElement; const box = one.getBoundingClientRect();"
            " const style = getComputedStyle(one);"
            " const marked = style.outlineStyle !== 'none' || style.boxShadow !== 'none';"
            " return [one.tagName, box.width > 0 && box.height > 0, marked] })()"
        )
        if spot[0] == "BODY":
            break
        seen.append(spot)
    page.context.close()
    assert len(seen) >= reachable
    assert all(visible for _, visible, _ in seen), "focus lands on something invisible"
    assert all(marked for _, _, marked in seen), "focus is not visible"


@by_name
def test_text_can_be_doubled_without_loss(browser: Browser, file: Path) -> None:
    """200 % zoom of a 1,280 px window is a 640 px one."""
    page = opened(browser, file, 640)
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    page.context.close()
    assert widths[0] <= widths[1]
