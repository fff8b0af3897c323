"""Holds a published page against the same page built again: what can be named, then every piece of it.

In: the texts of both pages. Out: differences and counts, added to a comparison. Coordinates of a drawing may
differ by :data:`DRAWN`; nothing else may. White space that is not shown is no difference.
"""

from __future__ import annotations

from collections.abc import Mapping

from minato_analysis.audit.comparison import Comparison, first_difference
from minato_analysis.published import dom, page
from minato_analysis.reporting import pagecheck

DRAWN = 0.02
"""Units of the drawing (a page is about 475 wide) within which a coordinate is the same."""

MOST = 5
"""How many differences of one page are told."""

Values = Mapping[str, str]
"""The value of each fact as an edition's own list writes it."""


def compare(
    found: Comparison, path: str, pages: tuple[str, str], values: tuple[Values, Values]
) -> None:
    """Compare two pages piece by piece; what differs is named where it can be."""
    if pages[0] == pages[1]:
        _named_parts(found, path, *pages)
        for _ in page.drawings(pages[0]):
            found.add("L2", "identical")
        return
    before, now = (dom.pieces(*one) for one in zip(pages, values, strict=True))
    whole = dom.compare(before, now, DRAWN)
    _named_parts(found, path, pages[0] if whole.differences else pages[1], pages[1])
    named = {one.code for one in found.findings if one.place.split(" ")[0] == path}
    shown = 0
    for one in whole.differences:
        codes = [PIECES[kind] for kind in one.kinds if PIECES[kind][0] not in named]
        if codes and shown < MOST:
            code, level, message = min(codes, key=_markup_first)
            place = f"{path} 「{one.figure}」" if one.figure else f"{path} {one.place}"
            sides = first_difference(*one.sides)
            found.differs(level, code, "page", place, message, sides=sides)
            if code != "E5-FIGURE":  # counted by drawing, below
                found.add(level, "different")
            shown += 1
    wrong = {one.figure for one in whole.differences if "drawing" in one.kinds}
    for figure, shift in whole.shifts.items():
        near = figure not in wrong
        found.add("L2", "different" if not near else "within" if shift else "identical")
        found.near += [f"{path}#{figure}"] if near and shift else []
    check(found, path, pages[0], pages[1])


def check(found: Comparison, path: str, published: str, rebuilt: str = "") -> None:
    """Hold a published page to the checks of a page; what the rebuilt one fails too is no difference."""
    lang = page.language(rebuilt or published)
    known = pagecheck.problems(rebuilt, lang=lang) if rebuilt else []
    for problem in [one for one in pagecheck.problems(published, lang=lang) if one not in known][
        :MOST
    ]:
        message = f"公表されているページは、ページの点検に合格しません（{problem}）。"
        found.differs("L3", "E5-PAGE-CHECK", "page", path, message)


PIECES = {
    "number": ("E5-PAGE-NUMBER", "L1", "ページの数値が、作り直したページと違います。"),
    "csv": ("E5-CSV", "L2", "ページに埋め込まれたCSVが、作り直したものと違います。"),
    "drawing": ("E5-FIGURE", "L2", "図が、作り直したページの図と違います。"),
    "text": ("E5-PAGE-TEXT", "L3", "文章が、作り直したページと違います。"),
    "spoken": (
        "E5-FIGURE-TEXT",
        "L3",
        "図の題または説明文（読み上げ用）が、作り直したページと違います。",
    ),
    "folded": (
        "E5-PAGE-CODE",
        "L3",
        "折りたたみ（計算のコード、数値の一覧）が、作り直したページと違います。",
    ),
    "style": ("E5-PAGE-STYLE", "L3", "書式（スタイルシート）が、作り直したページと違います。"),
    "markup": (
        "E5-PAGE-MARKUP",
        "L3",
        "ページの組み立て（要素、属性、注釈）が、作り直したページと違います。",
    ),
}
"""Code, level and sentence for a piece of a page that differs, by its kind."""


def _markup_first(one: tuple[str, str, str]) -> bool:
    return one[0] != "E5-PAGE-MARKUP"


def _named_parts(found: Comparison, path: str, old: str, new: str) -> None:
    before, now = page.facts(old), page.facts(new)
    if [one.id for one in before] == [one.id for one in now]:
        for one, other in zip(before, now, strict=True):
            if found.count("L1", one.display == other.display):
                sides = (one.display, other.display)
                _differs(found, "number", f"{path} {one.id}", sides=sides, facts=(one.id,))
    elif found.count("L1", False):
        message = "ページに出てくる数値の並びが、作り直したページと違います。"
        found.differs("L1", "E5-PAGE-NUMBER", "page", path, message)
    _words(found, path, "text", page.sections(old), page.sections(new))
    _words(found, path, "spoken", page.alternatives(old), page.alternatives(new))
    for kind, read in (("folded", page.folded), ("style", page.style)):
        if found.count("L3", read(old) == read(new)):
            _differs(found, kind, path, sides=first_difference(read(old), read(new)))
    _words(found, path, "csv", page.downloads(old), page.downloads(new))


def _differs(
    found: Comparison,
    kind: str,
    place: str,
    *,
    sides: tuple[str, str],
    facts: tuple[str, ...] = (),
) -> None:
    code, level, message = PIECES[kind]
    found.differs(level, code, "page", place, message, sides=sides, facts=facts)


def _words(
    found: Comparison, path: str, kind: str, old: Mapping[str, str], new: Mapping[str, str]
) -> None:
    for name in {**old, **new}:
        if found.count(PIECES[kind][1], old.get(name) == new.get(name)):
            sides = first_difference(old.get(name), new.get(name))
            _differs(found, kind, f"{path} 「{name}」", sides=sides)
