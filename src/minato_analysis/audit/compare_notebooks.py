"""Holds the executed notebooks of a published edition against those of a rebuilt one, cell by cell.

In: the folders of both editions. Out: differences and counts, added to a comparison. A cell must be the
same; what it shows may differ as a page may: coordinates of a drawing by a fraction, values of facts as the
lists of facts do.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path

from minato_analysis.audit.changed_notebooks import CODE, TOLD
from minato_analysis.audit.compare_pages import DRAWN
from minato_analysis.audit.comparison import Comparison, first_difference
from minato_analysis.published import dom, notebook
from minato_analysis.published.manifest import EXECUTED
from minato_analysis.published.notebook import Cell

Values = tuple[Mapping[str, str], Mapping[str, str]]
"""The values of the facts as the lists of both editions write them."""

LEVELS = {"number": "L1", "drawing": "L2"}
"""Level of a difference in what a cell shows, by its kind; of all others L3."""

_NOTHING = Cell(0, "code", "")


def compare(found: Comparison, folders: tuple[Path, Path], values: Values) -> None:
    """Compare the notebooks of two editions' folders; the first is the published one."""
    texts = [
        {one.name: one.read_text("utf-8") for one in sorted((at / EXECUTED).glob("*"))}
        for at in folders
    ]
    for name in sorted({*texts[0], *texts[1]}):
        path = f"reports/{folders[0].name}/{EXECUTED}/{name}"
        old, new = (one.get(name) for one in texts)
        if old is None or new is None:
            code = "E5-MISSING" if old is None else "E5-ADDED"
            message = "作り直すとできる、実行ずみのノートブックが、公表物にありません。"
            if new is None:
                message = "公表されている実行ずみのノートブックは、作り直してもできません。"
            found.count("L3", False)
            found.differs("L3", code, "page", path, message)
            continue
        found.other_bytes += [path] if found.count("L4", old == new) else []
        try:
            cells = [notebook.loads(one) for one in (old, new)]
        except ValueError as error:
            found.count("L3", False)
            message = f"ノートブックとして読めません（{error}）。"
            found.differs("L3", CODE, "page", path, message)
            continue
        for one, other in zip_longest(*cells, fillvalue=_NOTHING):
            _cell(found, path, (one, other), values)
        if old != new and [one.source for one in cells[0]] == [one.source for one in cells[1]]:
            _rest(found, path, old, new, cells)


def _cell(found: Comparison, path: str, cells: tuple[Cell, Cell], values: Values) -> None:
    one, other = cells
    place = f"{path} セル{one.number or other.number}"
    if found.count("L3", (one.source, one.kind) == (other.source, other.kind)):
        sides = first_difference(one.source, other.source)
        message = f"実行ずみのノートブックの{TOLD[one.kind]}が、作り直したものと違います。"
        found.differs("L3", CODE, "page", place, message, sides=sides)
    if one.shown == other.shown:
        found.add("L3", "identical")
        return
    before, now = (dom.pieces(cell.shown, known) for cell, known in zip(cells, values, strict=True))
    whole = dom.compare(before, now, DRAWN)
    found.near += [place] if any(whole.shifts.values()) and not whole.differences else []
    for kinds, sides in [(one.kinds, one.sides) for one in whole.differences][:1]:
        level = min(LEVELS.get(kind, "L3") for kind in kinds)
        found.count(level, False)
        message = "実行ずみのノートブックの結果が、作り直したものと違います。"
        found.differs(level, CODE, "page", place, message, sides=first_difference(*sides))


def _rest(found: Comparison, path: str, old: str, new: str, cells: list[list[Cell]]) -> None:
    """Compare what stands in no cell: once their outputs are the same, so must be the bytes."""
    shown = [[one.shown for one in side] for side in cells]
    if shown[0] == shown[1] and found.count("L3", False):
        message = "実行ずみのノートブックのセルの付属情報が、作り直したものと違います。"
        found.differs("L3", CODE, "page", path, message, sides=first_difference(old, new))
