"""One received sheet, whatever file it came from.

In: nothing; this is the form the readers of xlsx and csv give. Out: :class:`Sheet`: the text that each cell
shows, which cells are merged, which cannot be taken for certain and why, and what the file hides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from minato_analysis.received.refusal import Refusal

Position = tuple[int, int]
"""Row and column, from 0."""


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet.

    Parameters
    ----------
    name : str
        Name of the sheet; of a csv, the name of the file.
    cells : list of list of str
        The text each cell shows, rows of equal length. Every cell of a merged range holds its text.
    merged : mapping of position to position
        Cells of merged ranges, to the range's first cell.
    doubts : mapping of position to Refusal
        Cells that cannot be taken, and why.
    widths : tuple of int
        Cells of each row as the file has them; unequal only in a csv.
    lines : tuple of int
        Line of the file at which each row begins; of an xlsx the number of the row.
    remarks : tuple of str
        What a reader should know: hidden rows, formulas read as values.
    hidden : frozenset of int
        Hidden rows: their cells are empty, and no table ends at one. Cells of hidden columns are empty, too.
    beside : tuple of str
        Texts that stand in no cell: the file's name, header and footer of the page, comments, shapes.
    """

    name: str
    cells: list[list[str]]
    merged: Mapping[Position, Position] = field(default_factory=dict)
    doubts: Mapping[Position, Refusal] = field(default_factory=dict)
    widths: tuple[int, ...] = ()
    lines: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()
    hidden: frozenset[int] = frozenset()
    beside: tuple[str, ...] = ()

    def anchor(self, position: Position) -> Position:
        """Return the first cell of the merged range a cell lies in, or the cell itself."""
        return self.merged.get(position, position)

    def address(self, position: Position) -> str:
        """Return where a cell stands, as a spreadsheet names it."""
        return f"{self.name}!{a1(position)}"

    def answered(self, name: str, text: str) -> Sheet | None:
        """Return the sheet with the text of one cell (or merged range) answered; None for a cell it has not.

        Parameters
        ----------
        name : str
            Its address without the sheet, e.g. ``B4``.
        text : str
        """
        position = position_of(name)
        if position is None or not (
            position[0] < len(self.cells) and position[1] < len(self.cells[position[0]])
        ):
            return None
        first = self.anchor(position)
        same = {position} | {one for one, other in self.merged.items() if other == first}
        cells = [[*row] for row in self.cells]
        for row, column in same:
            cells[row][column] = text
        doubts = {one: why for one, why in self.doubts.items() if one not in same}
        return replace(self, cells=cells, doubts=doubts)

    def texts(self, row: int) -> list[tuple[int, str]]:
        """Return column and text of the cells of a row that show one; a merged range once."""
        there = [(column, text) for column, text in enumerate(self.cells[row]) if text.strip()]
        if not self.merged:
            return there
        found: dict[Position, tuple[int, str]] = {}
        for column, text in there:
            found.setdefault(self.anchor((row, column)), (column, text))
        return list(found.values())


def a1(position: Position) -> str:
    """Return a position as spreadsheets write it.

    >>> a1((0, 0)), a1((11, 27))
    ('A1', 'AB12')
    """
    row, number = position[0] + 1, position[1] + 1
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def position_of(name: str) -> Position | None:
    """Return the position of an address as spreadsheets write it; None for another text.

    >>> position_of("AB12"), position_of("12")
    ((11, 27), None)
    """
    match = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]{0,6})", name)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1
