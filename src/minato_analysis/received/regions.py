"""A sheet cut into regions that hold one table each.

In: a :class:`~minato_analysis.received.sheet.Sheet`. Out: a :class:`Region` for each table: its rows, the
lines above it, and the 図表 number and title they name. A region ends at a blank row or at the next
number; a line with one text only is a caption above the table and a note below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from minato_analysis.cleaning.text import label, normalise
from minato_analysis.received.refusal import LONGEST_LABEL
from minato_analysis.received.sheet import Position, Sheet

_DASH = "[-\u2010-\u2015\u2212・.ー]"
_NUMBER = re.compile(
    rf"(?:図表|図|表)(?:番号)?([0-9]{{1,2}}){_DASH}([0-9]{{1,3}}|●)(?![0-9])[:：.、]?(.*)"
)
_IN_NAME = rf"0?([0-9]{{1,2}}){_DASH}0?([0-9]{{1,3}})(?![0-9]|{_DASH}[0-9])"
_NAME = re.compile(rf"(?:図表|図|表|t){_IN_NAME}(?:\D.*)?", re.I)
_BARE_NAME = re.compile(_IN_NAME)
_YEAR_AT_END = re.compile(r"(.+)\(((?:令和|平成|[0-9]{4})[^()]*年)\)")
_UNIT = re.compile(r"単位[:：]?([^()]+)")


@dataclass(frozen=True)
class Caption:
    """A line around a table: where it stands, its text, and the 図表 number and title in it.

    `sheet` is its address where it stands in another sheet.
    """

    position: Position
    text: str
    number: str = ""
    title: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Region:
    """The rows of one table in a sheet, the captions above it and the notes below it."""

    sheet: Sheet
    rows: tuple[int, ...]
    captions: tuple[Caption, ...] = ()
    notes: tuple[Caption, ...] = ()

    @property
    def numbered(self) -> Caption | None:
        """The nearest caption above the table with a 図表 number."""
        return next((one for one in reversed(self.captions) if one.number), None)

    @property
    def place(self) -> str:
        """Address of the numbered caption, or of the table's first row."""
        if self.numbered:
            return self.sheet.address(self.numbered.position)
        return self.sheet.address((self.rows[0], 0))


def regions(sheet: Sheet) -> list[Region]:
    """Return the regions of a sheet from top to bottom."""
    found: list[Region] = []
    for rows in _cut(sheet):
        counts = [len(sheet.texts(row)) for row in rows]
        several = [
            number
            for number, count in enumerate(counts)
            if count > 1 and not _numbers(sheet, rows[number])
        ]
        if not several:
            if found:
                below = tuple(_caption(sheet, row) for row in rows)
                found[-1] = replace(found[-1], notes=(*found[-1].notes, *below))
            continue
        first, last = several[0], several[-1]
        edge = min(sheet.texts(row)[0][0] for row in rows[first : last + 1])
        # The line just above belongs to the header when it leaves the first column to the labels.
        while first and counts[first - 1] == 1 and _beside(sheet, rows[first - 1], edge):
            first -= 1
        captions = [one for row in rows[:first] for one in _without_year(_caption(sheet, row))]
        notes = tuple(_caption(sheet, row) for row in rows[last + 1 :])
        found.append(Region(sheet, tuple(rows[first : last + 1]), tuple(captions), notes))
    return found


def number_in_name(name: str) -> str:
    """Return the 図表 number that is the name of a sheet or file, or nothing.

    >>> [number_in_name(name) for name in ("図表2-10", "t3-02", "２－４", "Sheet1", "2023-10-01")]
    ['2-10', '3-2', '2-4', '', '']
    """
    if len(name) > LONGEST_LABEL:
        return ""
    match = _NAME.fullmatch(label(name)) or _BARE_NAME.fullmatch(label(name))
    return f"{match[1]}-{match[2]}" if match else ""


def figure_of(text: str) -> tuple[str, str]:
    """Return 図表 number and title of a caption, both empty where there is no number.

    >>> figure_of("図表２－１０　再犯者の割合の推移（市）"), figure_of("資料：法務省")
    (('2-10', '再犯者の割合の推移(市)'), ('', ''))
    """
    if len(text) > LONGEST_LABEL:
        return "", ""
    match = _NUMBER.fullmatch(label(text))
    return (f"{match[1]}-{match[2]}", match[3]) if match else ("", "")


def _cut(sheet: Sheet) -> Iterator[list[int]]:
    rows: list[int] = []
    body = False
    for row in range(len(sheet.cells)):
        if row in sheet.hidden:
            continue
        texts = sheet.texts(row)
        titled = _numbers(sheet, row)
        if body and (not texts or titled):
            yield rows
            rows, body = [], False
        if texts:
            rows.append(row)
            body = body or (len(texts) > 1 and not titled)
    if rows:
        yield rows


def _numbers(sheet: Sheet, row: int) -> bool:
    """Tell whether a row is a numbered caption: one text, or number and title side by side."""
    texts = [text for _, text in sheet.texts(row)]
    if not texts or not figure_of(texts[0])[0]:
        return False
    return len(texts) == 1 or (len(texts) == 2 and not figure_of(texts[0])[1])


def _caption(sheet: Sheet, row: int) -> Caption:
    texts = sheet.texts(row)
    joined = " ".join(text for _, text in texts)
    number, title = figure_of(joined)
    return Caption((row, texts[0][0]), normalise(joined[:LONGEST_LABEL]), number, title)


def _without_year(caption: Caption) -> list[Caption]:
    """Return a numbered title and the year in brackets at its end apart: that is no part of its name."""
    match = _YEAR_AT_END.fullmatch(caption.title)
    if match is None:
        return [caption]
    return [replace(caption, title=match[1]), Caption(caption.position, match[2])]


def _beside(sheet: Sheet, row: int, edge: int) -> bool:
    column, text = sheet.texts(row)[0]
    return column > edge and len(text) <= LONGEST_LABEL and not _UNIT.search(label(text))
