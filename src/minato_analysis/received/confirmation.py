"""What a received file was read as: one line for every received title, row and column.

In: :class:`Line` s. Out: a table for a terminal (:func:`text`) or CSV (:func:`csv_text`) in which a person
confirms that every received label means what ours does.
"""

from __future__ import annotations

import csv
import html
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
READ: Final = "読んだ"
NOT_SAID: Final = "書かれていない（続ける表のとおりとする）"
TAKEN: Final = "取り込む"
PASSED_OVER: Final = "読まない"
NOT_TAKEN: Final = "取り込まない"
UNCLEAR: Final = "決められない"
"""Certainty of a line: of a row or column (only the first four carry values over), of what was understood."""

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


def summary(lines: Iterable[Line]) -> str:
    """Return what was understood, a line for each table; ＊ marks what the file does not say.

    Examples
    --------
    >>> print(summary([Line("S!A1", "", "2-6", "", "", "期間: 暦年", NOT_SAID),
    ...                Line("S!A2", "（人）", "2-6", "", "", "単位: 人", READ),
    ...                Line("S!B4", "52", "2-6", "計", "2023年", "値", TAKEN)]))
    図表2-6（S!A1から）: 期間: 暦年＊、単位: 人、値1個
    """
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.table, []).append(line)
    told = []
    for key, group in found.items():
        if not key:
            told += [f"読まない {one.received}「{one.texts[1]}」: {one.meaning}" for one in group]
            continue
        said = [
            one.texts[5] + ("＊" if one.certainty == NOT_SAID else "")
            for one in group
            if one.certainty != TAKEN
        ]
        values = sum(one.certainty == TAKEN for one in group)
        place = visible(group[0].received)
        told.append(f"図表{key}（{place}から）: {'、'.join(dict.fromkeys(said))}、値{values}個")
    return "\n".join(told)


def csv_text(lines: Iterable[Line]) -> str:
    """Return the lines as CSV, safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([escape(cell) for cell in line.texts] for line in lines)
    return out.getvalue()


def page(lines: Iterable[Line], title: str) -> str:
    """Return the lines as a page that stands alone."""
    head, *body = [
        f"<tr>{''.join(f'<{tag}>{html.escape(cell)}</{tag}>' for cell in cells)}</tr>"
        for tag, cells in (("th", HEADER), *(("td", line.texts) for line in lines))
    ]
    title, rows = html.escape(visible(title)), "\n".join(body)
    return f"""<!doctype html>
<html lang="ja"><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font-family: sans-serif; margin: 1rem }}
table {{ border-collapse: collapse }}
th, td {{ border: 1px solid #999; padding: .2rem .5rem; text-align: left; vertical-align: top }}
</style>
<h1>{title}</h1>
<p>値になる前に、ここで読んだとおりかを確かめてください。</p>
<table><thead>{head}</thead><tbody>
{rows}
</tbody></table></html>
"""


def _width(cell: str) -> int:
    wide = sum(unicodedata.east_asian_width(one) in "WFA" for one in cell)
    return len(cell) + wide - sum(unicodedata.combining(one) != 0 for one in cell)
