"""What a received file was read as: one line for every received title, row and column.

In: :class:`Line` s. Out: a table for a terminal (:func:`text`) or CSV (:func:`csv_text`) in which a person
confirms that every received label means what ours does.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from minato_analysis.received.errors import visible
from minato_analysis.received.escape import escape

SAME: Final = "同じ"
NORMALISED: Final = "表記をそろえると同じ"
ANSWERED: Final = "回答による"
COMPUTED: Final = "計算した"
NOT_TAKEN: Final = "取り込まない"
UNCLEAR: Final = "決められない"
"""Certainty of a line. Only the first four carry values over."""

HEADER: Final = ("受領したセル", "受領した見出し", "図表", "行", "列", "意味", "確かさ")


@dataclass(frozen=True)
class Line:
    """One received title, row or column.

    Parameters
    ----------
    received : str
        Its cell, e.g. ``Sheet1!B3``.
    printed : str
        Its text.
    table : str
        Our table, empty where none was found.
    row, column : str
        Our row or column, empty where it is the other, or where none was found.
    meaning : str
        What our row or column counts, or why it is not taken.
    certainty : str
        One of the constants of this module.
    """

    received: str
    printed: str
    table: str
    row: str
    column: str
    meaning: str
    certainty: str

    @property
    def texts(self) -> tuple[str, ...]:
        """The cells of the line, with nothing hidden in them."""
        return tuple(
            visible(" ".join(one.split()))
            for one in (
                self.received,
                self.printed,
                self.table,
                self.row,
                self.column,
                self.meaning,
                self.certainty,
            )
        )


def text(lines: Iterable[Line]) -> str:
    """Return the lines as a table of equal columns; full-width letters count two.

    Examples
    --------
    >>> print(text([Line("S!A2", "検挙人員", "2-10", "検挙人員", "", "人", SAME)]))
    受領したセル  受領した見出し  図表  行        列  意味  確かさ
    S!A2          検挙人員        2-10  検挙人員      人    同じ
    """
    rows: list[Sequence[str]] = [HEADER, *(line.texts for line in lines)]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def csv_text(lines: Iterable[Line]) -> str:
    """Return the lines as CSV, safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([escape(cell) for cell in line.texts] for line in lines)
    return out.getvalue()


def _width(cell: str) -> int:
    wide = sum(unicodedata.east_asian_width(one) in "WFA" for one in cell)
    return len(cell) + wide - sum(unicodedata.combining(one) != 0 for one in cell)
