"""A table that lost its columns on the way through a PDF, as a sheet.

In: the bytes of a received ``.txt``. Out: one :class:`~minato_analysis.received.sheet.Sheet`, the reader's as
any other. Three forms are seen in public: columns apart by tabs (white papers); columns run together, the
cells of a row apart by blanks; one cell a line (prefectural police). In the last two a table begins with its
years, and every row below has a label and as many values as there are years. A row that has not is refused: a
blank cell leaves no trace in such a text, and nobody could tell which year lacks its value.

Codes: ``E6-TXT-COUNT``, ``E6-TXT-HEADER``; those of :mod:`minato_analysis.received.text_file`.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath

from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.years import parse_year
from minato_analysis.received.errors import ReceivedError
from minato_analysis.received.limits import LIMITS, Limits, check_used
from minato_analysis.received.sheet import Sheet
from minato_analysis.received.text_file import decoded

_VALUE = re.compile(r"[△▲-]?[\d,，]+(?:[.．・]\d+)?(?:[(（][\d,，]+[)）])?[人件%％]?|[-－―…xX*＊]")
_APART = re.compile(r"\s+(?=[(（人件%％])|(?<=[和成])\s+(?=(?:\d+|元)\s*年)|(?<=[\d元])\s+(?=年)")
"""A blank inside one cell: before a unit and the count in brackets, and in 「平成 30 年」."""
_ERA = re.compile(r"平成|令和|昭和|[HRS]\s*[\d元]|(?:19|20)\d\d")

Row = tuple[int, list[str]]


def read_lines(data: bytes, name: str, limits: Limits = LIMITS) -> list[Sheet]:
    """Return the one sheet of a text.

    Raises
    ------
    ReceivedError
        Nothing else, whatever the bytes are.

    Examples
    --------
    >>> read_lines("図表1-1 検挙人員\\nH30\\nR元\\n計\\n12\\n15".encode(), "t.txt")[0].cells
    [['図表1-1 検挙人員', '', ''], ['', 'H30', 'R元'], ['計', '12', '15']]
    >>> read_lines("平成 30 年 令和元年\\n計 79 (40) 64 (22)".encode(), "t.txt")[0].cells
    [['', '平成30年', '令和元年'], ['計', '79(40)', '64(22)']]
    """
    text = decoded(data, name)
    check_used([], len(text), name, limits)
    lines = [
        (number, line.strip(" \u3000\r\f"))
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip(" \u3000\r\f")
    ]
    tabbed = any("\t" in line for _, line in lines)
    rows = [(at, line.split("\t")) for at, line in lines] if tabbed else _rows(lines, name)
    if not any(len(cells) > 1 for _, cells in rows):
        raise ReceivedError(
            "E6-TXT-HEADER",
            name,
            f"年の見出しの行がありません（最初の行は「{lines[0][1][:30] if lines else ''}」）。"
            "まず表の途中から写していないかを確かめ、年の並ぶ行から下を全部写してください。",
        )
    width = max((len(cells) for _, cells in rows), default=0)
    check_used([(len(rows), width)], 0, name, limits)
    return [
        Sheet(
            name=PurePath(name).stem,
            cells=[[*cells, *[""] * (width - len(cells))] for _, cells in rows],
            widths=tuple(len(cells) if tabbed else width for _, cells in rows),
            lines=tuple(at for at, _ in rows),
        )
    ]


def _rows(lines: list[tuple[int, str]], name: str) -> list[Row]:
    rows: list[Row] = []
    at = 0
    while at < len(lines):
        number, line = lines[at]
        years = _APART.sub("", line).split()
        if len(years) > 1 and all(map(_is_year, years)):
            rows.append((number, ["", *years]))
            at = _together(lines, at + 1, len(years), rows, name)
            continue
        run = at
        while run < len(lines) and _is_year(lines[run][1]):
            run += 1
        if run - at > 1:
            rows.append((number, ["", *(one for _, one in lines[at:run])]))
            at = _apart(lines, run, run - at, rows, name)
            continue
        rows.append((number, [line]))
        at += 1
    return rows


def _together(lines: list[tuple[int, str]], at: int, count: int, rows: list[Row], name: str) -> int:
    """Add the rows whose cells stand in one line; return where the table ends."""
    for number, line in lines[at:]:
        cells = _APART.sub("", line).split()
        values = next((n for n, one in enumerate(reversed(cells)) if not _VALUE.fullmatch(one)), 0)
        if not values:
            break
        if values != count:
            raise _refused(name, number, line, values, count)
        rows.append((number, [" ".join(cells[:-count]), *cells[-count:]]))
        at += 1
    return at


def _apart(lines: list[tuple[int, str]], at: int, count: int, rows: list[Row], name: str) -> int:
    """Add the rows whose cells stand in lines of their own; return where the table ends."""
    while at < len(lines):
        number, label = lines[at]
        end = at + 1
        while end < len(lines) and _VALUE.fullmatch(_APART.sub("", lines[end][1])):
            end += 1
        if end == at + 1 and not _VALUE.fullmatch(label):
            break
        if end - at - 1 != count or _VALUE.fullmatch(label):
            raise _refused(name, number, label, end - at - 1, count)
        rows.append((number, [label, *(_APART.sub("", one) for _, one in lines[at + 1 : end])]))
        at = end
    return at


def _is_year(text: str) -> bool:
    if not _ERA.match(unicodedata.normalize("NFKC", text)):
        return False
    try:
        parse_year(text)
    except CleaningError:
        return False
    return True


def _refused(name: str, number: int, row: str, values: int, count: int) -> ReceivedError:
    return ReceivedError(
        "E6-TXT-COUNT",
        name,
        f"{number}行目「{row[:30]}」の値は{values}個ですが、列の見出しの年は{count}個です。"
        "まず原本で空の欄か写し漏れがないかを確かめ、空の欄には原本の記号（－、…）を書いてください。",
    )
