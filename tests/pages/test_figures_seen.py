"""Every figure as it is seen: in colour, in grey, and with colour-vision deficiency.

The figures of a page are painted twice by Chromium, with and without the ink of their text: what
differs is glyphs, what lies under a glyph is its background. Chromium's simulation of a deficiency
works pixel by pixel, so it is measured once for each colour, on swatches.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser

from tests.pages.colour import contrast
from tests.pages.conftest import pages

WITH_FIGURES = [file for file in pages() if "<svg" in file.read_text(encoding="utf-8")]
VISIONS = ["none", "achromatopsia", "protanopia", "deuteranopia", "tritanopia"]
TEXT, MARK = 4.5, 3.0
"""Contrast of text and of what is drawn (WCAG 2, level AA), held with every vision."""

PAPER = (255, 255, 255)
SMALLEST = 9.0
"""Smallest text in points on paper, where a figure is as wide as its drawing says."""

Colour = tuple[int, int, int]

ONLY_FIGURES = """() => {
  document.body.replaceChildren(...document.querySelectorAll('figure svg'));
  document.querySelectorAll('svg').forEach(one => {
    one.style.display = 'block'; one.style.width = '760px'; one.style.minWidth = '0';
  });
}"""
COLLECT = """() => [...document.querySelectorAll('svg')].map(svg => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).slice(0, 3).map(Number);
  const shown = (style, name) =>
    style[name] === 'none' ? null : style[name].startsWith('url') ? style[name] : rgb(style[name]);
  const box = (one) => {
    const at = one.getBoundingClientRect();
    return [at.left + scrollX, at.top + scrollY, at.right + scrollX, at.bottom + scrollY];
  };
  const marks = [...svg.querySelectorAll('path, use')].filter(one => !one.closest('defs')).map(one => {
    const style = getComputedStyle(one);
    const source = one.tagName === 'use' ? document.querySelector(one.getAttribute('href')) : one;
    return {
      tag: one.tagName, d: source.getAttribute('d'), length: source.getTotalLength(),
      stroke: shown(style, 'stroke'), fill: shown(style, 'fill'), dash: style.strokeDasharray,
      width: parseFloat(style.strokeWidth), clipped: !!one.closest('[clip-path]'),
    };
  });
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const texts = [...svg.querySelectorAll('text')].map(one => {
    const style = getComputedStyle(one);
    return {words: one.textContent, box: box(one), fill: rgb(style.fill), size: parseFloat(style.fontSize)};
  });
  const named = (svg.getAttribute('aria-labelledby') || '').split(' ');
  return {
    id: named[0].replace(/-title$/, ''), role: svg.getAttribute('role'), scale,
    spoken: named.map(id => document.getElementById(id)).map(one => [one?.tagName, one?.textContent]),
    box: box(svg), marks, texts,
    images: svg.querySelectorAll('image, foreignObject').length,
  };
})"""


BAD = """<body><figure><svg viewBox="0 0 400 300" aria-labelledby="bad-title">
<title id="bad-title">a</title><clipPath id="c"><rect width="400" height="300"/></clipPath>
<g clip-path="url(#c)" fill="none" stroke-width="2">
<path d="M 0 50 L 390 60" stroke="rgb(200,0,0)"/><path d="M 0 90 L 390 80" stroke="rgb(0,128,0)"/>
<path d="M 0 99 L 390 99" stroke="rgb(255,255,0)" stroke-dasharray="4 2"/>
<path d="M 9 200 L 30 200 L 30 290 L 9 290 z" fill="rgb(0,128,0)"/>
<path d="M 40 200 L 60 200 L 60 290 L 40 290 z" fill="rgb(0,90,160)"/>
</g><path d="M 100 200 Q 110 190 120 200 z"/>
<text x="200" y="200" fill="#999">pale</text><text x="202" y="202" fill="#000">over</text>
<text x="200" y="240" font-size="8">tiny</text><text x="390" y="270">gone</text>
</svg></figure></body>"""
"""Lines told apart by colour only, areas alike, pale, small, cut and covered text, outlines."""


@dataclass(frozen=True)
class Series:
    """What one colour is drawn with in a figure: dashes, widths and markers."""

    colour: Colour
    dashes: frozenset[str]
    markers: frozenset[str]


@dataclass(frozen=True)
class Painted:
    """The figures of one page: what they are made of, and their pixels with and without text."""

    figures: list[dict[str, Any]]
    full: NDArray[np.uint8]
    bare: NDArray[np.uint8]


@pytest.fixture(scope="module")
def painted(browser: Browser) -> Any:
    """Return the figures of a page, painted once."""

    @cache
    def of(file: Path) -> Painted:
        context = browser.new_context(viewport={"width": 800, "height": 600})
        page = context.new_page()
        page.goto(file.as_uri())
        page.evaluate(ONLY_FIGURES)
        figures = page.evaluate(COLLECT)
        full = page.screenshot(full_page=True)
        # A halo is the stroke of a text and belongs to its background.
        page.add_style_tag(content="svg text { fill-opacity: 0 }")
        bare = page.screenshot(full_page=True)
        context.close()
        return Painted(figures, _pixels(full), _pixels(bare))

    return of


@pytest.fixture(scope="module")
def seen(browser: Browser) -> Iterator[Any]:
    """Return how colours look with each vision, measured on swatches in Chromium."""
    context = browser.new_context(viewport={"width": 400, "height": 400})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    known: dict[tuple[str, Colour], Colour] = {}

    def look(vision: str, colours: set[Colour]) -> dict[Colour, Colour]:
        new = sorted(one for one in colours if (vision, one) not in known)
        if new:
            swatches = "".join(
                f"<i style='position:absolute;left:{4 * (at % 99)}px;top:{4 * (at // 99)}px;"
                f"width:4px;height:4px;background:rgb{one}'></i>"
                for at, one in enumerate(new)
            )
            page.set_content(f"<body style='margin:0'>{swatches}</body>")
            devtools.send("Emulation.setEmulatedVisionDeficiency", {"type": vision})
            pixels = _pixels(page.screenshot())
            for at, one in enumerate(new):
                pixel = pixels[4 * (at // 99) + 2, 4 * (at % 99) + 2]
                known[vision, one] = _colour(pixel)
        return {one: known[vision, one] for one in colours}

    yield look
    context.close()


by_page = pytest.mark.parametrize("file", WITH_FIGURES, ids=[file.stem for file in WITH_FIGURES])
by_vision = pytest.mark.parametrize("vision", VISIONS)


def test_chromium_really_simulates(seen: Any) -> None:
    red, blue = (200, 0, 0), (0, 23, 193)
    assert seen("none", {red, blue}) == {red: red, blue: blue}
    grey = seen("achromatopsia", {red})[red]
    assert max(grey) - min(grey) <= 2
    for vision in ("protanopia", "deuteranopia", "tritanopia"):
        assert seen(vision, {red})[red] != red


def test_the_checks_find_a_bad_figure(painted: Any, seen: Any, tmp_path: Path) -> None:
    file = tmp_path / "bad.html"
    file.write_text(BAD, encoding="utf-8")
    bad = painted(file)
    assert set(_not_announced(bad)) == {"bad: role", "bad: title or desc", "bad: text as outlines"}
    assert set(_badly_placed(bad)) == {"bad: tiny is small", "bad: gone is cut off"}
    assert set(_covered(bad)) == {"bad: pale, over"}
    assert set(_weak_text(bad, seen, "none")) == {"bad: pale on (255, 255, 255)"}
    assert set(_alike(bad, seen, "none")) == {
        "bad: lines (0, 128, 0) and (200, 0, 0) differ in colour only",
        "bad: areas (0, 128, 0) and (0, 90, 160)",
    }
    assert set(_pale(bad, seen, "none")) == {"bad: (255, 255, 0)"}


@by_page
def test_text_is_text_and_each_figure_is_announced(painted: Any, file: Path) -> None:
    assert painted(file).figures
    assert _not_announced(painted(file)) == []


@by_page
def test_text_is_large_enough_apart_and_inside(painted: Any, file: Path) -> None:
    assert _badly_placed(painted(file)) == []
    assert _covered(painted(file)) == []


@by_page
@by_vision
def test_text_stands_out_from_what_lies_under_it(
    painted: Any, seen: Any, file: Path, vision: str
) -> None:
    assert _weak_text(painted(file), seen, vision) == []


@by_page
@by_vision
def test_series_are_told_apart_without_colour(
    painted: Any, seen: Any, file: Path, vision: str
) -> None:
    assert _alike(painted(file), seen, vision) == []


@by_page
@by_vision
def test_what_is_drawn_stands_out_from_the_paper(
    painted: Any, seen: Any, file: Path, vision: str
) -> None:
    assert _pale(painted(file), seen, vision) == []


def _not_announced(page: Painted) -> list[str]:
    """Return what a screen reader would miss, and text that is not text."""
    found = []
    for figure in page.figures:
        spoken = [(tag, bool((text or "").strip())) for tag, text in figure["spoken"]]
        # Glyphs of TrueType fonts are quadratic curves; nothing else in a chart is.
        outlines = any(re.search(r"\bQ\b", mark["d"]) for mark in figure["marks"])
        problems = {
            "role": figure["role"] != "img",
            "title or desc": spoken != [("title", True), ("desc", True)],
            "an image": figure["images"] > 0,
            "no text": not figure["texts"],
            "text as outlines": outlines,
        }
        found += [f"{figure['id']}: {name}" for name, there in problems.items() if there]
    return found


def _badly_placed(page: Painted) -> list[str]:
    found = []
    for figure in page.figures:
        left, top, right, bottom = figure["box"]
        for text in figure["texts"]:
            where = f"{figure['id']}: {text['words']}"
            x0, y0, x1, y1 = text["box"]
            if text["size"] < SMALLEST:
                found.append(f"{where} is small")
            if x0 < left - 1 or x1 > right + 1 or y0 < top - 1 or y1 > bottom + 1:
                found.append(f"{where} is cut off")
    return found


def _covered(page: Painted) -> list[str]:
    """Return texts that lie over another; glyphs fill the middle three fifths of a line's box."""
    found = []
    for figure in page.figures:
        boxes = np.array([text["box"] for text in figure["texts"]])
        inset = 0.2 * (boxes[:, 3] - boxes[:, 1])
        boxes[:, 1] += inset
        boxes[:, 3] -= inset
        over = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:]) - np.maximum(
            boxes[:, None, :2], boxes[None, :, :2]
        )
        pairs = np.argwhere(np.triu((over > 1).all(axis=-1), k=1))
        found += [
            f"{figure['id']}: " + ", ".join(figure["texts"][one]["words"] for one in pair)
            for pair in pairs
        ]
    return found


def _weak_text(page: Painted, seen: Any, vision: str) -> list[str]:
    pairs = _glyph_grounds(page)
    looks = seen(vision, {colour for pair in pairs for colour in pair[:2]})
    return [
        f"{where} on {ground}"
        for ink, ground, where in pairs
        if contrast(looks[ink], looks[ground]) < TEXT
    ]


def _alike(page: Painted, seen: Any, vision: str) -> list[str]:
    """Return lines and markers with the same dash and shape, and areas too near in lightness."""
    found = []
    for figure in page.figures:
        found += [
            f"{figure['id']}: lines {one.colour} and {other.colour} differ in colour only"
            for one, other in combinations(_series(figure), 2)
            if one.dashes == other.dashes and one.markers == other.markers
        ]
        areas = _areas(figure)
        looks = seen(vision, {area for area in areas if not isinstance(area, str)})
        # A hatching, whose name is a text, differs from every other area.
        found += [
            f"{figure['id']}: areas {one} and {other}"
            for one, other in combinations(areas, 2)
            if one in looks and other in looks and contrast(looks[one], looks[other]) < MARK
        ]
    return found


def _pale(page: Painted, seen: Any, vision: str) -> list[str]:
    found = []
    for figure in page.figures:
        colours = {one.colour for one in _series(figure)}
        # A pale area is seen by its edge; the edges of a band are lines of the figure.
        colours |= {_colour(mark["stroke"]) for mark in _closed(figure) if mark["stroke"]}
        looks = seen(vision, {*colours, PAPER})
        found += [
            f"{figure['id']}: {one}"
            for one in sorted(colours)
            if contrast(looks[one], looks[PAPER]) < MARK
        ]
    return found


def _pixels(png: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def _colour(channels: Any) -> Colour:
    red, green, blue = (int(one) for one in channels)
    return red, green, blue


def _glyph_grounds(painted: Painted) -> set[tuple[Colour, Colour, str]]:
    """Return ink and words of every text with each shade that lies under a part of its glyphs."""
    found: set[tuple[Colour, Colour, str]] = set()
    for figure in painted.figures:
        for text in figure["texts"]:
            x0, y0, x1, y1 = (round(one) for one in text["box"])
            full = painted.full[y0:y1, x0:x1].reshape(-1, 3).astype(int)
            bare = painted.bare[y0:y1, x0:x1].reshape(-1, 3).astype(int)
            ink = np.array(text["fill"])
            # Pixels that are mostly ink; the others are the soft edges of glyphs.
            glyph = np.abs(full - ink).sum(axis=1) < 0.4 * np.abs(bare - ink).sum(axis=1)
            where = f"{figure['id']}: {text['words']}"
            assert glyph.any(), f"{where} cannot be seen"
            _, group, counts = np.unique(
                bare[glyph] // 8, axis=0, return_inverse=True, return_counts=True
            )
            for number in np.flatnonzero(counts >= max(3, 0.05 * glyph.sum())):
                under = np.median(bare[glyph][group == number], axis=0)
                found.add((_colour(ink), _colour(under), where))
    return found


def _series(figure: dict[str, Any]) -> list[Series]:
    """Return what is told apart by its stroke: clipped lines and markers, by colour."""
    dashes: dict[Colour, set[str]] = {}
    markers: dict[Colour, set[str]] = {}
    for mark in figure["marks"]:
        if mark["tag"] == "path" and mark["clipped"] and mark["fill"] is None:
            # Not the grid, and not a line of one point.
            if mark["stroke"] and mark["length"] > 1 and not _is_grid(mark):
                dashes.setdefault(_colour(mark["stroke"]), set()).add(mark["dash"])
        elif _is_marker(mark):
            white = mark["fill"] == list(PAPER)
            colour = mark["stroke"] if white else mark["fill"]
            if isinstance(colour, list):
                shape = f"{_shape(mark['d'])}{'hollow' if white else ''}"
                markers.setdefault(_colour(colour), set()).add(shape)
    return [
        Series(colour, frozenset(dashes.get(colour, ())), frozenset(markers.get(colour, ())))
        for colour in sorted({*dashes, *markers})
    ]


def _is_grid(mark: dict[str, Any]) -> bool:
    return mark["stroke"] == [217, 217, 217]


def _is_marker(mark: dict[str, Any]) -> bool:
    # A band is drawn like a marker, only larger; ticks and caps of intervals are not closed.
    return mark["tag"] == "use" and mark["d"].strip().endswith("z") and 1 < mark["length"] < 100


def _is_area(mark: dict[str, Any]) -> bool:
    return mark["d"].strip().endswith("z") and not _is_marker(mark)


def _shape(d: str) -> str:
    """Return the form of a marker without its size: commands and corners."""
    return "".join(re.findall("[A-Za-z]", d))


def _closed(figure: dict[str, Any]) -> list[dict[str, Any]]:
    """Return filled shapes that lie in a plot: bars and bands, not markers and not the paper."""
    return [
        mark
        for mark in figure["marks"]
        if mark["clipped"] and mark["fill"] not in (None, list(PAPER)) and _is_area(mark)
    ]


def _areas(figure: dict[str, Any]) -> list[Any]:
    """Return the distinct fills of bars and bands: colours, or names of hatchings."""
    fills = [mark["fill"] for mark in _closed(figure)]
    return sorted({one if isinstance(one, str) else _colour(one) for one in fills}, key=str)
