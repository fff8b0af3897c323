"""Values of a received table: read strictly, written as printed, laid out as our table is.

In: a cell of a received sheet and the row, column and table of ours it belongs to. Out: its text, or a
:class:`~minato_analysis.received.refusal.Refusal`; what it revises; and the finished cells of the table.

Codes: ``E6-CELL-MERGED``, ``E6-DECIMALS``; ``E1-…`` of numbers, units and pairs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from minato_analysis.cleaning import tables
from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.numbers import parse_number
from minato_analysis.cleaning.text import normalise
from minato_analysis.cleaning.years import Year, format_year
from minato_analysis.received.refusal import LONGEST_LABEL, Refusal, quote
from minato_analysis.received.sheet import Position, Sheet, a1
from minato_analysis.received.targets import Target

Values = Mapping[tuple[str, int], str]
"""Our label and Western year → text as printed."""


def taken(sheet: Sheet, position: Position, target: Target, name: str, year: Year) -> str:
    """Return the text of one value in its normal form.

    Parameters
    ----------
    sheet, position
        Where it stands.
    target : Target
        Our table.
    name : str
        Our label.
    year : Year

    Raises
    ------
    Refusal
        It is not certainly one printed value of this row and column.
    """
    text = text_of(sheet, position)
    check(text, sheet.address(position), target, name, year)
    return marked(normalise(text), year)


def marked(text: str, year: Year) -> str:
    """Return a value with the mark p where its year is printed as provisional.

    >>> marked("28 (15)", Year(2023, "calendar", provisional=True))
    '28p (15p)'
    >>> marked("48.5%", Year(2023, "calendar", provisional=True)), marked("9", Year(2023, "calendar"))
    ('p48.5%', '9')
    """
    if not year.provisional or re.search("[pr]", text):
        return text
    form = r"p\g<0>" if text.endswith("%") else r"\g<0>p"
    return re.sub(r"[0-9][0-9,.]*", form, text)


def all_provisional(cells: list[list[str]], target: Target, year: int) -> list[list[str]]:
    """Return a table with the values of one year marked: a line around it calls them provisional."""
    head, side = target.layout["header_rows"], target.layout["label_columns"]
    printed = Year(year, "calendar", provisional=True)

    def now(row: int, column: int) -> bool:
        text = cells[0][column] if target.years_across else cells[row][0]
        return row >= head and column >= side and text == format_year(Year(year, "calendar"))

    return [
        [marked(text, printed) if now(row, column) else text for column, text in enumerate(line)]
        for row, line in enumerate(cells)
    ]


def text_of(sheet: Sheet, position: Position) -> str:
    """Return the text of a value's cell as it stands there.

    Raises
    ------
    Refusal
        The cell is not certain whatever its text: a doubt, a merged range, prose.
    """
    place = sheet.address(position)
    if doubt := sheet.doubts.get(position):
        raise doubt
    if position in sheet.merged:
        raise Refusal(
            "E6-CELL-MERGED",
            place,
            f"値の欄が{a1(sheet.anchor(position))}から始まる結合されたセルで、どの行と列の値か決められません。"
            "まず原本の表を確かめ、結合を解いて値を1つずつ書いて保存し直してください。",
        )
    text = sheet.cells[position[0]][position[1]]
    if len(text) > LONGEST_LABEL:
        raise Refusal(
            "E6-CELL-LONG",
            place,
            f"値の欄の文字が{len(text):,}個で、上限の{LONGEST_LABEL}個を超えます。"
            "まずこのセルの中身を確かめ、値だけを書いて保存し直してください。",
        )
    return text


def check(text: str, place: str, target: Target, name: str, year: Year) -> None:
    """Raise the refusal of a text that is no value of a row and column of ours."""
    dimensions = {**target.layout["common"], **target.labels[name], "year": year.year}
    row, column = (name, format_year(year)) if target.years_across else (format_year(year), name)
    cell = tables.TableCell(text, row, column, (0, 0), dimensions)
    try:
        read = tables.read_cell(cell, target.layout, place)
    except CleaningError as error:
        raise Refusal(error.code, f"{place}（{row}、{column}）", error.message) from None
    if dimensions.get("unit") != "percent":
        return
    found = _decimals(text)
    printed = [_decimals(one) for (label, _), one in target.known.items() if label == name]
    # 0.462 in a column of 46.2: a share saved as a number, or an unrounded one. Neither was printed.
    if read and printed and found > max(printed):
        raise Refusal(
            "E6-DECIMALS",
            f"{place}（{row}、{column}）",
            f"{quote(text)}は小数{found}桁で、これまでの{max(printed)}桁より多く、印刷された割合か計算のままの値か"
            "決められません。まず原本の表示を確かめ、表示どおりの桁の値に直して保存し直してください。",
        )


def _values(text: str) -> list[tuple[object, str]]:
    """Return the values of a text; a dash and 0 are the same, as sources print both for nobody."""
    return [
        (0, "zero") if one.status == "not_applicable" else (one.value, one.status)
        for one in parse_number(text).values
    ]


def _decimals(text: str) -> int:
    try:
        return max(one.digits for one in parse_number(text).values)
    except CleaningError:
        return 0


def revised(found: Values, target: Target) -> list[str]:
    """Return a sentence for every value that was printed otherwise before."""
    sentences = []
    for (name, year), text in found.items():
        before = target.known.get((name, year))
        if before and _values(before) != _values(text):
            sentences.append(
                f"図表{target.key} {name} {year}年: これまで{quote(normalise(before))}、受領したファイルでは"
                f"{quote(text)}です。改定か、どちらかの写し誤りかを確かめてください。"
            )
    return sentences


def laid_out(found: Values, years: Sequence[Year], target: Target) -> list[list[str]]:
    """Return our table reduced to the years given; a value that was left out by an answer is empty."""
    head, side = target.layout["header_rows"], target.layout["label_columns"]
    names = list(target.printed)
    if not target.years_across:
        body = [
            [
                format_year(year),
                *[""] * (side - 1),
                *(found.get((one, year.year), "") for one in names),
            ]
            for year in years
        ]
        return [list(row) for row in target.cells[:head]] + body
    # A year stands in the first header row; our tables with years across have no other.
    header = [
        [*row[:side], *(format_year(year) if level == 0 else "" for year in years)]
        for level, row in enumerate(target.cells[:head])
    ]
    rows = [
        [*row[:side], *(found.get((name, year.year), "") for year in years)]
        for name, row in zip(names, target.cells[head:], strict=True)
    ]
    return header + rows
