"""Every published page in a real browser: accessible, self-contained, complete without scripts.

Each page is opened once with scripts and once without; the tests resize it as they need.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.pages.conftest import pages

PAGES = pages()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
HIDE_SCRIPTED = (
    "hide => document.querySelectorAll('.levers, .download button')"
    ".forEach(one => { one.hidden = hide })"
)
STOPS = (
    # Of a group of radio buttons the chosen one is the stop.
    "Array.from(document.querySelectorAll('a[href], summary, input:not([type=radio]:not(:checked)),"
    ' select, button, [tabindex="0"]\')).filter(one => one.checkVisibility())'
)
SPOT = (
    "one => { const box = one.getBoundingClientRect(); const style = getComputedStyle(one);"
    " const marked = style.outlineStyle !== 'none' || style.boxShadow !== 'none';"
    " return [one.tagName, box.width > 0 && box.height > 0, marked] }"
)
MOST_STOPS, FIRST_STOPS = 700, 100
"""Up to so many are all walked with the key itself, of more the first: with 4,000 a step takes 0.2 s."""

WIDTHS = "[document.documentElement.scrollWidth, window.innerWidth]"


@dataclass
class Tab:
    """One open page, and what it asked for and logged while it loaded."""

    file: Path
    page: Page
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def resized(self, width: int) -> Page:
        """Return the page at a width."""
        self.page.set_viewport_size({"width": width, "height": 900})
        return self.page


@pytest.fixture(scope="module", params=PAGES, ids=[file.stem for file in PAGES])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Tab]:
    """A published page."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    one = Tab(request.param, context.new_page())
    one.page.on("request", lambda asked: one.asked.append(asked.url))
    one.page.on("console", lambda message: one.said.append(message.text))
    one.page.on("pageerror", lambda error: one.said.append(str(error)))
    one.page.goto(one.file.as_uri())
    one.page.wait_for_load_state("networkidle")
    yield one
    context.close()


def test_no_request_leaves_the_page_and_nothing_is_logged(tab: Tab) -> None:
    assert [url for url in tab.asked if not url.startswith("data:")] == [tab.file.as_uri()]
    assert tab.said == []


def test_the_keyboard_reaches_everything_in_order(tab: Tab) -> None:
    page = tab.resized(1280)
    page.evaluate(f"window.stops = {STOPS}; window.spot = {SPOT}; 0")
    reachable = page.evaluate("stops.length")
    seen = []
    for _ in range(reachable + 1 if reachable <= MOST_STOPS else FIRST_STOPS):
        page.keyboard.press("Tab")
        tag, *spot = page.evaluate("spot(document.activeElement)")
        if tag == "BODY":
            break
        seen.append((tag, *spot))
    assert len(seen) >= min(reachable, FIRST_STOPS)
    # In the order of the page, and none invisible: asked of all stops, walked or not.
    assert page.evaluate("stops.every(one => one.tabIndex === 0 && spot(one)[1])")
    if reachable > MOST_STOPS:
        # The audit page has some 4,000: of its further stops every fortieth is visited.
        some = "stops.slice(at).filter((_, number) => number % 40 === 0)"
        focused = "map(one => { one.focus(); return spot(document.activeElement) })"
        seen += page.evaluate(f"at => {some}.{focused}", len(seen))
    else:
        assert len(seen) >= reachable
    assert "BODY" not in {tag for tag, _, _ in seen}
    assert all(visible for _, visible, _ in seen), "focus lands on something invisible"
    assert all(marked for _, _, marked in seen), "focus is not visible"


@pytest.mark.parametrize("width", [1280, 360])
def test_only_what_scrolls_is_a_stop(tab: Tab, width: int) -> None:
    page = tab.resized(width)
    page.wait_for_timeout(100)
    wrong = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(one => one.checkVisibility())"
        ".filter(one => (one.scrollWidth > one.clientWidth) !== (one.tabIndex === 0))"
        ".map(one => one.outerHTML.slice(0, 80))"
    )
    assert wrong == []


def test_every_figure_is_had_as_png(tab: Tab) -> None:
    page = tab.resized(1280)
    for button in page.locator(".download button").all():
        with page.expect_download(timeout=10_000) as saved:
            button.click()
        width, height = Image.open(saved.value.path()).size
        assert saved.value.suggested_filename.startswith(tab.file.stem)
        assert min(width, height) > 100


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_text_in_drawings_can_be_read_at_every_width(tab: Tab, width: int) -> None:
    sizes = tab.resized(width).evaluate(
        "[...document.querySelectorAll('.drawing svg')].filter(one => one.checkVisibility())"
        ".flatMap(one => { const box = one.getBoundingClientRect(); return"
        " [...one.querySelectorAll('text')].map(text => parseFloat(getComputedStyle(text).fontSize)"
        " * box.width / one.viewBox.baseVal.width) })"
    )
    assert min(sizes, default=12) >= 11.99


def test_no_text_on_a_telephone_is_below_twelve_pixels(tab: Tab) -> None:
    page = tab.resized(360)
    page.evaluate(OPEN_ALL)
    small = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(one => !one.closest('svg, .unseen')"
        " && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())"
        " && one.checkVisibility() && parseFloat(getComputedStyle(one).fontSize) < 11.99)"
        ".map(one => one.outerHTML.slice(0, 80))"
    )
    assert small == []


def test_text_spacing_cuts_nothing(tab: Tab) -> None:
    """WCAG 2.1, 1.4.12: lines of one and a half, letters and words further apart."""
    page = tab.resized(1280)
    style = page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: .12em !important;"
        " word-spacing: .16em !important } p { margin-bottom: 2em !important }"
    )
    wanted, there = page.evaluate(WIDTHS)
    style.evaluate("one => one.remove()")
    assert wanted <= there


@pytest.mark.parametrize("width", [320, 640], ids=["phone", "text doubled at 1,280 px"])
def test_the_page_reflows(tab: Tab, width: int) -> None:
    wanted, there = tab.resized(width).evaluate(WIDTHS)
    assert wanted <= there


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation(tab: Tab, width: int) -> None:
    page = tab.resized(width)
    # Folded parts are opened: what is hidden is not examined.
    page.evaluate(OPEN_ALL)
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "resultTypes": ["violations"],
        # The colours are the same at every width, and they take most of the time.
        "rules": {"color-contrast": {"enabled": width == 1280}},
    }
    found = Axe().run(page, options=options).response["violations"]
    assert not found, [(one["id"], one["help"], one["nodes"][0]["html"][:200]) for one in found]


def test_nothing_is_lost_with_scripts_off(tab: Tab, browser: Browser) -> None:
    with_scripts = tab.resized(1280)
    with_scripts.evaluate(OPEN_ALL)
    # Levers compute what the table above them prints, a PNG is drawn of its SVG: both need a script.
    with_scripts.evaluate(HIDE_SCRIPTED, True)
    text = with_scripts.locator("main").inner_text()
    with_scripts.evaluate(HIDE_SCRIPTED, False)
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(tab.file.as_uri())
    folded = page.locator("details:not([open]) > summary")
    before = folded.count()
    if before:
        # By the pointer, as a reader would; the others are of the same kind.
        folded.first.click()
        assert folded.count() == before - 1
    page.evaluate(OPEN_ALL)
    without = page.locator("main").inner_text()
    context.close()
    for line in text.splitlines():
        assert line.strip() in without, line
