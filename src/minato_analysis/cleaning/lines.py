"""A table that lost its columns: one cell on each line, as text copied from a PDF often has it.

In: the lines, and the layout of the table they come from (see
:mod:`~minato_analysis.cleaning.tables`). Out: its cells in rows, ready for
:func:`~minato_analysis.cleaning.tables.observations`, or a
:class:`~minato_analysis.cleaning.errors.CleaningError`.

The column headers come first, then each row: its label, then one value for each header. Blank lines
count for nothing, so a blank cell leaves no trace and a row may seem complete without it. Only a table
whose every row has exactly as many values as there are headers, and whose row labels stand where they
must, is put together again; anything else is refused. Tables with header cells over several columns are
refused, too: without columns nobody can tell what they span.

Codes: ``E1-LINES-LAYOUT``, ``E1-LINES-HEADER``, ``E1-LINES-COUNT``, ``E1-LINES-LABEL``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.text import label
from minato_analysis.cleaning.years import parse_year


def rows_of_lines(lines: Sequence[str], layout: Mapping[str, Any], *, file: str) -> list[list[str]]:
    """Return the cells of a table from its lines.

    Parameters
    ----------
    lines : sequence of str
        One cell a line; blank lines are skipped.
    layout : mapping
        A ``wide`` layout with one header row and one label column.
    file : str
        Named in errors.

    Returns
    -------
    list of list of str
        Header row first, its first cell empty.

    Raises
    ------
    CleaningError
        The lines are not certainly one table of this layout.

    Examples
    --------
    >>> layout = {"header_rows": 1, "label_columns": 1, "rows": {"計": {}}, "columns": "year"}
    >>> rows_of_lines(["H30", "R元", "計", "12", "15"], layout, file="t.txt")
    [['', 'H30', 'R元'], ['計', '12', '15']]
    """
    if (layout["header_rows"], layout["label_columns"]) != (1, 1):
        raise CleaningError(
            "E1-LINES-LAYOUT",
            "見出しが二段以上の表は、1行に1つの欄だけの形からは組み直せません。"
            "列の区切りのある形（CSVやExcel）で受け取れないか確かめてください。",
            "",
        ).at(file=file)
    cells = [line.strip() for line in lines if line.strip()]
    headers = _headers(cells, layout["columns"])
    if not headers:
        raise CleaningError(
            "E1-LINES-HEADER",
            f"最初の行「{cells[0] if cells else ''}」が列の見出しではありません。"
            "表の途中から写していないか確かめてください。",
            cells[0] if cells else "",
        ).at(file=file)
    table = [["", *headers]]
    rest = cells[len(headers) :]
    for start in range(0, len(rest), len(headers) + 1):
        row = rest[start : start + len(headers) + 1]
        if not _is_label(row[0], layout["rows"]):
            raise _misplaced(row[0], table).at(file=file)
        between = [cell for cell in row[1:] if _is_label(cell, layout["rows"])]
        if between or len(row) != len(headers) + 1:
            values = row.index(between[0]) - 1 if between else len(row) - 1
            raise CleaningError(
                "E1-LINES-COUNT",
                f"「{row[0]}」の行の値は{values}個ですが、列の見出しは{len(headers)}個です。"
                "空の欄か、写し漏れがないか確かめてください。",
                "\n".join(row),
            ).at(file=file, row=label(row[0]))
        table.append(row)
    return table


def _headers(cells: Sequence[str], columns: Any) -> list[str]:
    headers: list[str] = []
    for cell in cells:
        if not _is_label(cell, columns):
            break
        headers.append(cell)
    return headers


def _is_label(cell: str, declared: Any) -> bool:
    if declared != "year":
        return label(cell) in declared
    try:
        parse_year(cell)
    except CleaningError as error:
        # A year nobody can believe is still a year's place; reading the table refuses it by name.
        return error.code not in ("E1-YEAR-FORM", "E1-YEAR-BLANK", "E1-YEAR-TWO")
    return True


def _misplaced(cell: str, table: Sequence[Sequence[str]]) -> CleaningError:
    before = f"「{table[-1][0]}」の行のあと" if len(table) > 1 else "列の見出しのあと"
    return CleaningError(
        "E1-LINES-LABEL",
        f"{before}に行の見出しが来るはずですが、「{cell}」があります。"
        "値が余っていないか、見出しの転記を確かめてください。",
        cell,
    )
