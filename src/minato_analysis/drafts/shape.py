"""The shape of one year's table: the printed table it continues, with a single year and no numbers.

In: the cells and the layout of a published wide table. Out: cells to fill.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from minato_analysis.cleaning.text import label
from minato_analysis.cleaning.years import Year, format_year, parse_year

Cells = list[list[str]]


def year_table(cells: Sequence[Sequence[str]], layout: Mapping[str, Any], year: int) -> Cells:
    """Return the table of one year, its labels as printed and its body empty.

    Parameters
    ----------
    cells : sequence of rows of text
        A published table, header rows included.
    layout : mapping
        Its ``reading`` in the descriptor; years stand in the columns or in the rows.
    year : int
        Calendar year.

    Examples
    --------
    >>> layout = {"header_rows": 1, "label_columns": 1, "columns": "year"}
    >>> year_table([["", "令和4(2022)年"], ["<b>計</b>", "9"]], layout, 2023)
    [['', '令和5(2023)年'], ['計', '']]
    >>> layout = {"header_rows": 1, "label_columns": 1, "rows": "year"}
    >>> year_table([["", "検挙人員"], ["令和4(2022)年", "9"]], layout, 2023)
    [['', '検挙人員'], ['令和5(2023)年', '']]
    """
    head, side = layout["header_rows"], layout["label_columns"]
    printed = format_year(Year(year, "calendar", None))
    if layout.get("rows") == "year":
        width = len(cells[0]) - side
        return [*map(list, cells[:head]), [printed, *[""] * (side - 1), *[""] * width]]
    blank = [[""] * side for _ in range(head - 1)]
    titles = [*([*row, ""] for row in blank), [*cells[head - 1][:side], printed]]
    return [*titles, *([*map(plain, row[:side]), ""] for row in cells[head:])]


def plain(text: str) -> str:
    """Return a label without the marks of its print, spaces kept.

    >>> plain("<b>20～29 歳</b>")
    '20～29 歳'
    """
    return re.sub(r"</?b>", "", text)


def empty_cells(cells: Sequence[Sequence[str]], layout: Mapping[str, Any]) -> list[str]:
    """Return row and column of the body cells nothing is written in yet.

    >>> layout = {"header_rows": 1, "label_columns": 1, "columns": "year"}
    >>> empty_cells([["", "令和5(2023)年"], ["計", " "]], layout)
    ['計 令和5(2023)年']
    """
    head, side = layout["header_rows"], layout["label_columns"]
    return [
        " ".join(filter(None, (*map(label, row[:side]), label(title))))
        for row in cells[head:]
        for title, text in zip(cells[head - 1][side:], row[side:], strict=True)
        if not text.strip()
    ]


def years(cells: Sequence[Sequence[str]], layout: Mapping[str, Any]) -> list[int]:
    """Return the calendar years a wide table prints.

    Raises
    ------
    CleaningError
        A year that is not certain, e.g. an era and a year that differ.
    """
    head, side = layout["header_rows"], layout["label_columns"]
    printed = (
        [row[0] for row in cells[head:]] if layout.get("rows") == "year" else cells[head - 1][side:]
    )
    return [parse_year(text).year for text in printed]
