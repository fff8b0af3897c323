"""Contrast of all text on every page, computed from what the browser computed; visible focus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.pages.colour import contrast
from tests.pages.conftest import pages

PAGES = pages()
AA, AA_LARGE, AAA = 4.5, 3.0, 7.0
LARGE, LARGE_BOLD = 24.0, 18.66
"""Sizes in px from which text is large: 18 points, or 14 points in bold."""

OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
COLLECT = """() => {
  const rgba = (text) => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const behind = (one) => {
    const layers = [];
    for (let at = one; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const [r, g, b, a = 1] = rgba(style.backgroundColor);
      if (a > 0) layers.push([r, g, b, a]);
      if (style.backgroundImage !== 'none') layers.push(null);
      if (a === 1) break;
    }
    return layers;
  };
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    const words = walker.currentNode.data.trim();
    if (!words || one.closest('svg, script, style, template') || !one.checkVisibility()) continue;
    const style = getComputedStyle(one);
    let opacity = 1;
    for (let at = one; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    const entry = {
      words: words.slice(0, 40), tag: one.tagName + '.' + one.className, color: rgba(style.color),
      behind: behind(one), size: parseFloat(style.fontSize), weight: Number(style.fontWeight), opacity,
    };
    const key = JSON.stringify([entry.color, entry.behind, entry.size, entry.weight, opacity]);
    if (!found.has(key)) found.set(key, entry);
  }
  return [...found.values()];
}"""
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  let at = one.parentElement;
  while (at && /, 0\\)$/.test(getComputedStyle(at).backgroundColor)) at = at.parentElement;
  const rgb = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  return {
    tag: one.tagName, style: style.outlineStyle, width: parseFloat(style.outlineWidth),
    color: rgb(style.outlineColor), ground: rgb(getComputedStyle(at || document.body).backgroundColor),
  };
}"""


@pytest.fixture(scope="module", params=PAGES, ids=[file.stem for file in PAGES])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A published page with everything unfolded."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    one = context.new_page()
    one.goto(request.param.as_uri())
    one.evaluate(OPEN_ALL)
    yield one
    context.close()


def measured(entry: dict[str, Any]) -> float:
    """Return the contrast of a text against all that lies behind it, see-through layers included."""
    assert None not in entry["behind"], f"an image lies behind {entry['words']}"
    assert entry["opacity"] == 1, f"{entry['words']} is see-through"
    ground = [255.0, 255.0, 255.0]
    for *colour, alpha in reversed(entry["behind"]):
        ground = [alpha * new + (1 - alpha) * old for new, old in zip(colour, ground, strict=True)]
    *ink, alpha = [*entry["color"], 1.0][:4]
    seen = [alpha * new + (1 - alpha) * old for new, old in zip(ink, ground, strict=True)]
    return float(contrast(seen, ground))


def needed(entry: dict[str, Any]) -> float:
    large = entry["size"] >= LARGE or (entry["size"] >= LARGE_BOLD and entry["weight"] >= 700)
    return AA_LARGE if large else AA


def test_the_measure_finds_weak_text(browser: Browser) -> None:
    """The published worked example: #777 on white is 4.48, just too weak (WebAIM)."""
    context = browser.new_context()
    one = context.new_page()
    one.set_content(
        "<body><p style='color:#777'>weak</p><p style='color:#767676'>enough</p>"
        "<div style='background:#000'><p style='color:rgba(255,255,255,.3)'>seen through</p></div>"
        "<p style='color:#949494;font-size:24px'>large</p><p hidden style='color:#fff'>hidden</p></body>"
    )
    found = {entry["words"]: entry for entry in one.evaluate(COLLECT)}
    context.close()
    assert set(found) == {"weak", "enough", "seen through", "large"}
    assert round(measured(found["weak"]), 2) == 4.48
    failing = {words for words, entry in found.items() if measured(entry) < needed(entry)}
    assert failing == {"weak", "seen through"}


@pytest.mark.parametrize(
    ("preference", "least"), [("no-preference", None), ("more", AAA)], ids=["default", "more"]
)
def test_all_text_stands_out_from_its_background(
    page: Page, preference: Any, least: float | None
) -> None:
    page.emulate_media(contrast=preference)
    found = page.evaluate(COLLECT)
    page.emulate_media(contrast="no-preference")
    assert len(found) >= 3
    weak = [
        (entry["words"], entry["tag"], round(measured(entry), 2))
        for entry in found
        if measured(entry) < (least or needed(entry))
    ]
    assert not weak


@pytest.mark.parametrize("forced", ["none", "active"])
def test_focus_is_visible(page: Page, forced: Any) -> None:
    """Also where the system's own few colours replace the page's, and shadows vanish."""
    page.emulate_media(forced_colors=forced)
    page.evaluate("document.activeElement.blur()")
    found = []
    for _ in range(12):
        page.keyboard.press("Tab")
        found.append(page.evaluate(FOCUSED))
    page.emulate_media(forced_colors="none")
    seen = [spot for spot in found if spot["tag"] != "BODY"]
    assert len(seen) >= 5
    for spot in seen:
        assert spot["style"] != "none", spot
        assert spot["width"] >= 2, spot
        assert contrast(spot["color"], spot["ground"]) >= AA_LARGE, spot
