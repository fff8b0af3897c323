"""The axes of one received table: which row or column is a year, which is a label.

In: a :class:`~minato_analysis.received.regions.Region`. Out: its :class:`Block`: an entry for every year
and for every label, each with the cell it stands in. Years may run across or down; nothing is looked up
in the data package here.

A year is known by its era or by 年. Four digits alone are a year only where a whole header line consists of
them, because 1953 may be a number of persons.

Codes: ``E6-TABLE-AXES``, ``E6-CSV-RAGGED``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.tables import continues
from minato_analysis.cleaning.text import label, normalise
from minato_analysis.cleaning.years import EARLIEST_YEAR, LATEST_PLAUSIBLE_YEAR, Year, parse_year
from minato_analysis.received.refusal import LONGEST_LABEL, Refusal
from minato_analysis.received.regions import Region
from minato_analysis.received.sheet import Position, Sheet

_BARE_YEAR = re.compile(r"[0-9]{4}")
_UNIT_ALONE = re.compile(r"\((?:単位:)?(?:人|件|%)\)")
_NO_YEAR = ("E1-YEAR-FORM", "E1-YEAR-BLANK", "E1-YEAR-TWO")
_HEADER_ROWS = 4
_SIDE_COLUMNS = 2


@dataclass(frozen=True)
class Entry:
    """One row or column of a table, by its label.

    Parameters
    ----------
    index : int
        Row or column of the sheet.
    position : (int, int)
        Cell of the label, the innermost where there are several.
    printed : str
        That cell's text.
    path : str
        All labels from outer to inner in the form for comparing, joined with ``/``.
    year : Year, CleaningError or None
        The year it names, why that year is refused, or None for a label.
    """

    index: int
    position: Position
    printed: str
    path: str
    year: Year | CleaningError | None = None


@dataclass(frozen=True)
class Block:
    """A table: years along one axis, labels along the other; `across` when years are columns.

    `above` are its rows above the years where those run across: no label of ours stands there.
    """

    region: Region
    years: tuple[Entry, ...]
    labels: tuple[Entry, ...]
    across: bool
    above: tuple[int, ...] = ()

    @property
    def sheet(self) -> Sheet:
        """The sheet it stands in."""
        return self.region.sheet

    def cell(self, one: Entry, year: Entry) -> Position:
        """Return the cell of a label and a year."""
        return (one.index, year.index) if self.across else (year.index, one.index)


def block(region: Region) -> Block | None:
    """Return the axes of a region's table, or None where no line of years is found.

    Raises
    ------
    Refusal
        Years run both ways, or rows have unequal lengths.
    """
    sheet = region.sheet
    columns = sorted(
        {
            column
            for row in region.rows
            for column, text in enumerate(sheet.cells[row])
            if text.strip()
        }
    )
    head = region.rows[:_HEADER_ROWS]
    first = columns[0]
    across = next((row for row in head if any(_strong(sheet, row, c) for c in columns[1:])), None)
    down = [row for row in region.rows if _strong(sheet, row, first)]
    if across is None and not down:
        across = next(
            (row for row in head if _only_bare(sheet, [(row, c) for c in columns[1:]])), None
        )
        below = [row for row in region.rows[1:] if sheet.cells[row][first].strip()]
        if across is None and _only_bare(sheet, [(row, first) for row in below]):
            down = below
    if across is not None and down and down != [across]:
        raise Refusal(
            "E6-TABLE-AXES",
            region.place,
            "年が行の見出しにも列の見出しにもあり、どちらの表か決められません。"
            "まず表の左端の列と見出しの行を確かめ、1つの表に年を一方向だけ並べて保存し直してください。",
        )
    if across is None and not down:
        return None
    check_widths(region)
    if across is not None:
        return _years_across(region, across, columns)
    return _years_down(region, down[0], columns)


@lru_cache(maxsize=4_096)
def year_of(text: str) -> Year | CleaningError | None:
    """Return the year a text names, the error of a year nobody can believe, or None for another text."""
    if len(text) > LONGEST_LABEL:
        return None
    try:
        return parse_year(text)
    except CleaningError as error:
        return None if error.code in _NO_YEAR else error


def strong_year(text: str) -> bool:
    """Tell whether a text names a year and is not four digits alone."""
    return year_of(text) is not None and not _BARE_YEAR.fullmatch(normalise(text))


def has_years(region: Region) -> bool:
    """Tell whether a region may be a table: it has a number, or a year in its headings."""
    cells, first = region.sheet.cells, region.rows[0]
    head = (text for row in region.rows[:_HEADER_ROWS] for text in cells[row])
    side = (text for row in region.rows for text in cells[row][:_SIDE_COLUMNS])
    return (
        region.numbered is not None
        or _only_bare(region.sheet, [(first, column) for column in range(1, len(cells[first]))])
        or any(map(strong_year, (*head, *side)))
    )


def path_of(parts: list[str]) -> str:
    """Return labels from outer to inner as one path; a unit alone belongs to the label above it.

    >>> path_of(["刑法犯検挙人数", "初犯者 ", "（人）"]), path_of(["", "計"])
    ('刑法犯検挙人数/初犯者(人)', '計')
    """
    path = ""
    for part in (label(text[: LONGEST_LABEL + 1]) for text in parts):
        separator = "/" if path and part and not _UNIT_ALONE.fullmatch(part) else ""
        path += separator + part
    return path


def _strong(sheet: Sheet, row: int, column: int) -> bool:
    return strong_year(sheet.cells[row][column])


def _only_bare(sheet: Sheet, cells: list[Position]) -> bool:
    texts = [sheet.cells[row][column] for row, column in cells]
    found = [normalise(text) for text in texts if text.strip() and len(text) <= LONGEST_LABEL]
    return bool(found) and all(
        _BARE_YEAR.fullmatch(text) and EARLIEST_YEAR <= int(text) <= LATEST_PLAUSIBLE_YEAR
        for text in found
    )


def _years_across(region: Region, head: int, columns: list[int]) -> Block:
    sheet = region.sheet
    texts = sheet.cells[head]
    start = next(c for c in columns[1:] if year_of(texts[c]) is not None)
    years = [_entry(sheet, column, [(head, column)]) for column in columns if column >= start]
    side = [column for column in columns if column < start]
    labels, outer = [], [""] * len(side)
    for row in (row for row in region.rows if row > head):
        line = [sheet.cells[row][column] for column in side]
        goes_on = continues(line, outer)
        outer = [
            before if on else own for on, own, before in zip(goes_on, line, outer, strict=True)
        ]
        inner = max((level for level, text in enumerate(line) if text.strip()), default=0)
        position = (row, side[inner])
        labels.append(Entry(row, position, line[inner], path_of(outer)))
    above = tuple(row for row in region.rows if row < head)
    return Block(region, tuple(years), tuple(labels), across=True, above=above)


def _years_down(region: Region, start: int, columns: list[int]) -> Block:
    sheet = region.sheet
    first = columns[0]
    head = [row for row in region.rows if row < start]
    years = [_entry(sheet, row, [(row, first)]) for row in region.rows if row >= start]
    labels, carried = [], [""] * len(head)
    for column in columns[1:]:
        parts: list[str] = []
        position, printed = (start, column), ""
        for level, row in enumerate(head):
            text = sheet.cells[row][column]
            below = any(sheet.cells[lower][column].strip() for lower in head[level + 1 :])
            repeats = level > 0 and sheet.anchor((row, column)) == sheet.anchor(
                (head[level - 1], column)
            )
            carried[level] = text if text.strip() else carried[level] if below else ""
            parts.append("" if repeats else carried[level])
            if text.strip() and not repeats:
                position, printed = (row, column), text
        labels.append(Entry(column, position, printed, path_of(parts)))
    return Block(region, tuple(years), tuple(labels), across=False)


def _entry(sheet: Sheet, index: int, cells: list[Position]) -> Entry:
    row, column = cells[0]
    text = sheet.cells[row][column]
    return Entry(index, (row, column), text, path_of([text]), year_of(text))


def check_widths(region: Region) -> None:
    """Refuse a table in which a row of a CSV has more or fewer cells than the first."""
    sheet = region.sheet
    widths = {row: sheet.widths[row] for row in region.rows}
    expected = widths[region.rows[0]]
    for row, width in widths.items():
        if width != expected:
            raise Refusal(
                "E6-CSV-RAGGED",
                sheet.address((row, 0)),
                f"{sheet.lines[row]}行目のセルは{width}個ですが、"
                f"この表の最初の行（{sheet.lines[region.rows[0]]}行目）は{expected}個です。"
                "まず区切りのコンマと引用符の抜けを確かめ、行の長さをそろえて保存し直してください。",
            )
