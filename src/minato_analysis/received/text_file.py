"""A csv as a sheet of text.

In: the bytes of a received file, UTF-8 (with or without byte-order mark) or CP932 (the Shift_JIS of Windows).
Out: one :class:`~minato_analysis.received.sheet.Sheet` named like the file. What decodes as neither is
refused, and so is what decodes as both with different letters. Rows of unequal length are kept with their
lengths and lines: only a table that holds one is refused.

Codes: ``E6-CSV-NUL``, ``E6-CSV-ENCODING``, ``E6-CSV-ENCODING-TWO``, ``E6-CSV-QUOTE``, ``E6-CSV-DELIMITER``,
``E6-CELLS``; of cells ``E6-CELL-LONG``, ``E6-CELL-HIDDEN-CHARACTER``.
"""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from pathlib import PurePath

from minato_analysis.received.errors import ReceivedError, has_hidden
from minato_analysis.received.limits import LIMITS, Limits, check_used
from minato_analysis.received.refusal import Refusal
from minato_analysis.received.sheet import Position, Sheet, a1

_SAVE = "「CSV UTF-8（コンマ区切り）」で保存し直してください。"
# Blocks of letters that Japanese tables are printed in, besides ASCII.
_EXPECTED = (
    ("\u2010", "\u2044"),  # dashes, marks, ellipsis
    (
        "\u2070",
        "\u2bff",
    ),  # raised digits, units, Roman numerals, arrows, circled and geometric forms
    ("\u3000", "\u33ff"),  # Japanese marks, kana, squared forms
    ("\u3400", "\u9fff"),  # kanji
    ("\uf900", "\ufaff"),  # kanji for compatibility
    ("\uff01", "\uffef"),  # full-width and half-width forms
    ("\U00020000", "\U0003ffff"),  # rare kanji
)
_FEW_MARKS = frozenset("\u00a5\u00a7\u00b0\u00b1\u00b2\u00b3\u00b7\u00d7\u00f7\u200b\ufeff")


def read_text(data: bytes, name: str, limits: Limits = LIMITS) -> list[Sheet]:
    """Return the one sheet of a csv.

    Parameters
    ----------
    data : bytes
    name : str
        Name of the file; the sheet's name is the same without its ending.
    limits : Limits, optional

    Raises
    ------
    ReceivedError
        Nothing else, whatever the bytes are.

    Examples
    --------
    >>> read_text("年,人\\nR4,1053\\n".encode("cp932"), "t.csv")[0].cells
    [['年', '人'], ['R4', '1053']]
    """
    text = decoded(data, name)
    check_used([], len(text), name, limits)
    rows, lines = _rows(text, name, limits)
    widths = tuple(map(len, rows))
    width = max(widths, default=0)
    check_used([(len(rows), width)], 0, name, limits)
    sheet = PurePath(name).stem
    return [
        Sheet(
            name=sheet,
            cells=[[*row, *[""] * (width - len(row))] for row in rows],
            doubts=_doubts(rows, sheet, limits),
            widths=widths,
            lines=tuple(lines),
        )
    ]


def decoded(data: bytes, name: str) -> str:
    """Return the text of a csv's bytes.

    Raises
    ------
    ReceivedError
        ``E6-CSV-NUL``, ``E6-CSV-ENCODING``, ``E6-CSV-ENCODING-TWO``.
    """
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if wide or b"\0" in data:
        raise ReceivedError(
            "E6-CSV-NUL",
            name,
            f"文字ではないバイト（NUL など）が{data.count(0):,}個あります（0個でなければ読みません）。"
            f"まず「Unicode テキスト」（UTF-16）で保存されていないかを確かめ、{_SAVE}",
        )
    if b"\x1b$" in data:
        raise ReceivedError(
            "E6-CSV-ENCODING",
            name,
            "文字コードが JIS（ISO-2022-JP）のため読めません（読める文字コードは UTF-8 と Shift_JIS の2つ）。"
            f"まず元のソフトの文字コードの設定を確かめ、{_SAVE}",
        )
    if data.startswith(codecs.BOM_UTF8):
        readings = [_decode(data, "utf-8-sig")]
    else:
        readings = [_decode(data, "utf-8"), _decode(data, "cp932")]
    found = [one for one in readings if one is not None]
    if not found:
        raise ReceivedError(
            "E6-CSV-ENCODING",
            name,
            "文字コードが UTF-8 でも Shift_JIS（CP932）でもないため読めません（読める文字コードは2つ）。"
            f"まずファイルが途中で切れていないかを確かめ、{_SAVE}",
        )
    if len(found) == 2 and not data.isascii() and not all(map(_is_expected, found[0])):
        start = " / ".join(next(line for line in one.splitlines() if line)[:20] for one in found)
        raise ReceivedError(
            "E6-CSV-ENCODING-TWO",
            name,
            f"文字コードが UTF-8 とも Shift_JIS とも読めて、2通りの文字になります（{start}）。"
            f"1通りに決まらなければ読みません。まず正しい文字がどちらかを確かめ、{_SAVE}",
        )
    return found[0]


def _decode(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    # CP932 gives some bytes no letter: decoders pass them on as control or private characters.
    if encoding == "cp932" and any(
        unicodedata.category(one) in ("Co", "Cc") for one in text if one not in "\n\r\t"
    ):
        return None
    return text


def _is_expected(character: str) -> bool:
    return (
        character.isascii()
        or character in _FEW_MARKS
        or any(first <= character <= last for first, last in _EXPECTED)
    )


def _rows(text: str, name: str, limits: Limits) -> tuple[list[list[str]], list[int]]:
    """Return the rows, and the line each begins at; blank lines at the end are no rows."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            rows.append(row)
            lines.append(line)
            if len(rows) > limits.rows or len(row) > limits.columns:
                check_used([(len(rows), len(row))], 0, name, limits)
            line = reader.line_num + 1
    except csv.Error as error:
        raise ReceivedError(
            "E6-CSV-QUOTE",
            name,
            f'{line}行目から、引用符（"）の対応か長さがCSVの形になっていません（{error}）。'
            f"まずこの行の引用符を確かめ、{_SAVE}",
        ) from None
    while rows and not any(rows[-1]):
        rows.pop()
        lines.pop()
    if rows and "\t" in text and max(map(len, rows)) == 1:
        raise ReceivedError(
            "E6-CSV-DELIMITER",
            name,
            f"区切りがコンマではなくタブのようです（コンマのある行が0行、全部で{len(rows):,}行）。"
            f"まず保存の形式を確かめ、{_SAVE}",
        )
    return rows, lines


def _doubts(rows: list[list[str]], sheet: str, limits: Limits) -> dict[Position, Refusal]:
    doubts = {}
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if len(text) > limits.cell_characters:
                why = f"文字が{len(text):,}個で、上限の{limits.cell_characters:,}個を超える"
                code = "E6-CELL-LONG"
            elif has_hidden(text):
                why, code = "見えない文字（制御文字など）を含む", "E6-CELL-HIDDEN-CHARACTER"
            else:
                continue
            doubts[row, column] = Refusal(
                code,
                f"{sheet}!{a1((row, column))}",
                f"{why}ため取り込めません。"
                "まずこのセルの文字を確かめ、原本のとおりに直して保存し直してください。",
            )
    return doubts
