"""An xlsx as sheets of text.

In: the bytes of a received file. Out: one :class:`~minato_analysis.received.sheet.Sheet` for every visible
sheet, numbers as the text Excel shows for them, merged ranges filled in. What a cell does not say for
certain is a *doubt* of that cell: dates, errors such as ``#REF!``, formulas saved without their value, number
formats that cannot be reproduced. A table that needs such a cell is refused later, by its address.

openpyxl reads the numbers; what it is given is reduced before
(:mod:`~minato_analysis.received.parts`), so that it never follows a link or fills a range.

Codes: those of :mod:`~minato_analysis.received.package` and :mod:`~minato_analysis.received.parts`;
``E6-XLSX-MERGED``, ``E6-XLSX-SHEETS``; of cells ``E6-CELL-`` with ``DATE``, ``ERROR``, ``FORMULA``,
``FORMAT``, ``LONG``, ``HIDDEN-CHARACTER``, ``LINK`` and those of looks, :data:`_LOOKS`.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from minato_analysis.received import package, parts
from minato_analysis.received.errors import ReceivedError, has_hidden, visible
from minato_analysis.received.limits import LIMITS, Limits, check_used
from minato_analysis.received.refusal import Refusal
from minato_analysis.received.sheet import Position, Sheet, a1
from minato_analysis.received.shown import NotShown, shown

_SHOWN_NAMES = 5
_LOOKS = {
    "STRUCK": ("E6-CELL-STRUCK", "文字に取り消し線が引かれている"),
    "UNSEEN": ("E6-CELL-UNSEEN", "文字が背景と同じ色で見えない"),
    "MIXED": ("E6-CELL-MIXED", "数字の大きさか色が途中で変わり、1つの数か注の番号か分からない"),
    "CONDITION": ("E6-CELL-CONDITION", "条件付き書式が値を隠すか、違う形で見せることがある"),
}
"""Doubts of looks: code and clause."""


def read_workbook(data: bytes, name: str, limits: Limits = LIMITS) -> list[Sheet]:
    """Return the visible sheets of an xlsx.

    Parameters
    ----------
    data : bytes
    name : str
        Named in errors.
    limits : Limits, optional

    Raises
    ------
    ReceivedError
        Nothing else, whatever the bytes are.
    """
    small = parts.reduced(package.unpack(data, name, limits), name, limits)
    visible = [one for one in small.sheets if one.state == "visible"]
    if not visible:
        raise ReceivedError(
            "E6-XLSX-SHEETS",
            name,
            f"表示されているシートが0枚です（全部で{len(small.sheets)}枚。1枚以上が必要です）。"
            "まず非表示のシートを確かめ、読むシートを表示にして保存し直してください。",
        )
    check_used([(one.rows, one.columns) for one in small.sheets], 0, name, limits)
    with package.broken_unless_refused(name):
        book = _load(small.parts)
        characters = sum(
            len(cell.value)
            for sheet in book.worksheets
            for cell in sheet._cells.values()
            if isinstance(cell.value, str)
        )
        check_used([], characters, name, limits)
        sheets = [
            _sheet(worksheet, facts, name, limits)
            for worksheet, facts in zip(book.worksheets, small.sheets, strict=True)
            if facts.state == "visible"
        ]
    hidden = [one.name for one in small.sheets if one.state != "visible"]
    if hidden:
        remark = (
            f"非表示のシート「{'」「'.join(hidden)}」は読んでいません。"
            "使うなら、表示にして保存し直してください。"
        )
        first = sheets[0]
        sheets[0] = Sheet(**{**vars(first), "remarks": (*first.remarks, remark)})
    return sheets


def _load(small: Any) -> Any:
    from openpyxl import load_workbook  # noqa: PLC0415 - 0.2 s, and only an xlsx needs it

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part, content in small.items():
            archive.writestr(part, content)
    stream.seek(0)
    with warnings.catch_warnings():
        # It warns of every part left out on purpose.
        warnings.simplefilter("ignore")
        return load_workbook(stream, data_only=True, keep_links=False)


def _sheet(worksheet: Any, facts: parts.Facts, name: str, limits: Limits) -> Sheet:
    cells = [[""] * facts.columns for _ in range(facts.rows)]
    doubts: dict[Position, Refusal] = {}
    for (row, column), cell in worksheet._cells.items():
        at = (row - 1, column - 1)
        try:
            cells[at[0]][at[1]] = _text(cell, at in facts.without_value, facts.zeros, limits)
            if at in facts.linked:
                raise NotShown("E6-CELL-LINK", "数式がほかのファイルの値を使っている")
            if (
                at in facts.looks
                and (doubt := facts.looks[at].doubt)
                and cells[at[0]][at[1]].strip()
            ):
                raise NotShown(*_LOOKS[doubt])
        except NotShown as why:
            cells[at[0]][at[1]] = "" if cell.value is None else str(cell.value)
            doubts[at] = Refusal(
                why.code,
                f"{facts.name}!{a1(at)}",
                f"{why.clause}ため取り込めません。まずこのセルを確かめ、"
                "見えるとおりの値（貼り付けは「値」）に直して保存し直してください。",
            )
    merged = _merged(cells, facts, doubts, name)
    hidden = _hidden(facts)
    for row, column in hidden:
        # What a sheet does not show is not read: neither its values nor its doubts.
        cells[row][column] = ""
        doubts.pop((row, column), None)
    return Sheet(
        name=facts.name,
        cells=cells,
        merged=merged,
        doubts=doubts,
        widths=(facts.columns,) * facts.rows,
        lines=tuple(range(1, facts.rows + 1)),
        remarks=_remarks(facts),
        hidden=frozenset(row for row in facts.hidden_rows if row < facts.rows),
        beside=tuple(visible(one) for one in (PurePath(name).stem, *facts.beside)),
    )


def _text(cell: Any, formula_without_value: bool, zeros: bool, limits: Limits) -> str:
    from openpyxl.utils.escape import unescape  # noqa: PLC0415

    value = cell.value
    if formula_without_value:
        raise NotShown("E6-CELL-FORMULA", "数式の計算結果が保存されていない")
    if cell.data_type == "e":
        raise NotShown("E6-CELL-ERROR", f"値が誤り「{value}」になっている")
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return shown(value, cell.number_format) if value or zeros else ""
    if not isinstance(value, str):
        raise NotShown("E6-CELL-DATE", "値が日付や時刻として保存されている")
    if len(value) > limits.cell_characters:
        raise NotShown(
            "E6-CELL-LONG", f"文字が{len(value):,}個で、上限の{limits.cell_characters:,}個を超える"
        )
    text = str(unescape(value))
    if has_hidden(text):
        raise NotShown("E6-CELL-HIDDEN-CHARACTER", "見えない文字（制御文字など）を含む")
    return text


def _merged(
    cells: Sequence[list[str]], facts: parts.Facts, doubts: dict[Position, Refusal], name: str
) -> dict[Position, Position]:
    """Fill every merged range with its first cell's text; return which cell repeats which."""
    merged: dict[Position, Position] = {}
    for first, last in facts.merged:
        for row in range(first[0], min(last[0] + 1, facts.rows)):
            for column in range(first[1], min(last[1] + 1, facts.columns)):
                if (row, column) in merged:
                    raise ReceivedError(
                        "E6-XLSX-MERGED",
                        f"{name} {facts.name}!{a1((row, column))}",
                        "このセルが2つの結合に入っています（1つまで）。Excelはこう保存しません。"
                        "まず結合を確かめ、いったん解いて付け直してから保存し直してください。",
                    )
                merged[row, column] = first
                if (row, column) != first:
                    cells[row][column] = cells[first[0]][first[1]]
                    doubts.pop((row, column), None)
                    if first in doubts:
                        doubts[row, column] = doubts[first]
    return merged


def _hidden(facts: parts.Facts) -> set[Position]:
    columns = {
        column
        for first, last in facts.hidden_columns
        for column in range(first, min(last + 1, facts.columns))
    }
    return {
        (row, column)
        for row in range(facts.rows)
        for column in range(facts.columns)
        if row in facts.hidden_rows or column in columns
    }


def _remarks(facts: parts.Facts) -> tuple[str, ...]:
    remarks = []
    rows = [str(row + 1) for row in sorted(facts.hidden_rows) if row < facts.rows]
    columns = [
        a1((0, column))[:-1]
        for first, last in facts.hidden_columns
        for column in range(first, min(last + 1, facts.columns))
    ]
    for what, found in (("行", rows), ("列", columns)):
        if found:
            remarks.append(
                f"{facts.name}: 非表示の{what}（{_some(found)}）は読んでいません。"
                "使うなら、表示にして保存し直してください。"
            )
    for how, marked in (
        ("上に小さく付いた注の印を外して", [(at, one.mark) for at, one in facts.looks.items()]),
        ("取り消し線のある文字を除いて", [(at, one.struck) for at, one in facts.looks.items()]),
    ):
        cells = [f"{a1(at)}「{text}」" for at, text in marked if text]
        if cells:
            remarks.append(
                f"{facts.name}: {how}読みました（{_some(cells)}）。原本を確かめてください。"
            )
    if with_value := len(facts.formulas) - len(facts.without_value):
        remarks.append(
            f"{facts.name}: 数式のセルが{with_value:,}個あります。"
            "保存されている計算結果を値として読みました。"
        )
    return tuple(remarks)


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:_SHOWN_NAMES]) + ("ほか" if len(names) > _SHOWN_NAMES else "")
