"""The text a spreadsheet shows for a number: value and number format in, text out.

Excel stores 0.462 and shows ``46.2%``; it stores 46.199999999999996 and shows ``46.2``. A printed table
prints what is shown, so that is what is read. Formats that show dates, times, fractions, powers of ten,
thousands, currencies or nothing at all are refused, not approximated.

Codes: ``E6-CELL-DATE``, ``E6-CELL-FORMAT``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import Final

from minato_analysis.cleaning.numbers import half_up

_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|標準)|(?P<placeholder>[0#?.,]+)|(?P<plain>.)",
    re.S | re.I,
)
_COLOUR: Final = re.compile(
    r"(black|blue|cyan|green|magenta|red|yellow|color *(?!2\])\d+|黒|赤|青)", re.I
)
_NO_CURRENCY: Final = re.compile(r"\$-[0-9A-Fa-f]+")
_CONDITION: Final = re.compile(r"(<=|>=|<>|=|<|>)([0-9]+(?:\.[0-9]+)?)")
_COMPARED: Final = {"<=": le, ">=": ge, "<>": ne, "=": eq, "<": lt, ">": gt}
_NUMBER: Final = re.compile(r"(?P<whole>[0#?,]*)(?:\.(?P<fraction>[0#?]*))?")
_POWER: Final = re.compile(r"[0#?][Ee][+-]")
_LITERAL: Final = frozenset(" ()+-:!^&'~{}<>=%")
_DATE_LETTERS: Final = frozenset("ymdhsgebr")
_GENERAL_DIGITS: Final = 10
"""A cell in the format "General" shows this many digits of a number with decimals (11 characters)."""
_LEAST_PLAIN: Final = Decimal("0.0001")
"""Smaller numbers are shown as powers of ten in that format."""
_LONGEST_FORMAT: Final = 255
"""Excel's own limit."""
_EXACT_DIGITS: Final = 15
"""Digits Excel keeps of a number; what a float holds beyond them is never shown."""


class NotShown(ValueError):
    """A value whose text is not certain: the code, and why as a Japanese clause before ため."""

    def __init__(self, code: str, clause: str) -> None:
        self.code, self.clause = code, clause
        super().__init__(f"{code} {clause}")


@dataclass(frozen=True)
class _Section:
    before: str
    after: str
    whole: str
    fraction: str
    general: bool
    percent: int
    condition: str


def shown(value: float, number_format: str) -> str:
    """Return the text a cell shows for a number.

    Parameters
    ----------
    value : int or float
    number_format : str
        The cell's format code.

    Raises
    ------
    NotShown
        The format shows a date or something else that is not read back as the same number.

    Examples
    --------
    >>> shown(0.46200000000000002, "0.0%"), shown(46.199999999999996, "General"), shown(1581, '#,##0"人"')
    ('46.2%', '46.2', '1,581人')
    >>> shown(-12, "#,##0;△#,##0"), shown(46.0, "0.0"), shown(46.0, "General")
    ('△12', '46.0', '46')
    """
    if len(number_format) > _LONGEST_FORMAT:
        raise NotShown("E6-CELL-FORMAT", f"書式が{len(number_format):,}字で、上限の255字を超える")
    if not isinstance(value, int) and not abs(value) < 10**_EXACT_DIGITS:
        raise NotShown("E6-CELL-FORMAT", f"値 {value:g} は大きすぎて桁を確かめられない")
    exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{_EXACT_DIGITS}g}")
    sections = _sections(number_format)
    section = sections[0]
    sign = ""
    if any(one.condition for one in sections):
        section = _of_condition(sections, exact, number_format)
    elif exact < 0 and len(sections) > 1:
        section = sections[1]
    elif exact == 0 and len(sections) > 2:
        section = sections[2]
    elif exact < 0:
        sign = "-"
    if not (section.general or section.whole or section.fraction):
        # A format may draw "-" for zero, or nothing: what the sheet shows is what was printed.
        if exact == 0:
            return f"{section.before}{section.after}".strip()
        raise NotShown("E6-CELL-FORMAT", f"書式「{number_format}」では値 {value:g} が表示されない")
    number = abs(exact).scaleb(2 * section.percent)
    text = _general(number) if section.general else _placed(number, section, number_format)
    if sign and not any(digit in text for digit in "123456789"):
        sign = ""
    return f"{sign}{section.before}{text}{section.after}".strip()


@lru_cache(maxsize=256)  # a workbook has few formats and many numbers
def _sections(number_format: str) -> tuple[_Section, ...]:
    return tuple(_section(one, number_format) for one in _split(number_format))[:3]


def _split(number_format: str) -> list[str]:
    sections = [""]
    for token in _TOKEN.finditer(number_format):
        if token["plain"] == ";":
            sections.append("")
        else:
            sections[-1] += token.group()
    return sections


def _section(text: str, whole_format: str) -> _Section:
    if _POWER.search(text):
        raise _unclear(whole_format)
    parts = ["", "", ""]
    place = 0
    general, percent, condition = False, 0, ""
    for token in _TOKEN.finditer(text):
        literal = token["quoted"] or token["escaped"] or ""
        if token["space"] or token["fill"]:
            literal = " " if token["space"] else ""
        elif _CONDITION.fullmatch(token["bracket"] or ""):
            condition = token["bracket"]
        elif token["bracket"] is not None:
            _check_bracket(token["bracket"], whole_format)
        elif token["general"] or token["placeholder"] or token["plain"] == "@":
            if place == 2:
                raise _unclear(whole_format)
            place = 1
            general = general or not token["placeholder"]
            parts[1] += token["placeholder"] or ""
            continue
        elif plain := token["plain"]:
            percent += plain == "%"
            literal = _literal(plain, whole_format)
        if literal and place == 1:
            place = 2
        parts[place if place != 1 else 2] += literal
    number = _NUMBER.fullmatch(parts[1])
    if number is None or (general and parts[1]) or number["whole"].endswith(","):
        raise _unclear(whole_format)
    fraction = number["fraction"] or ""
    return _Section(parts[0], parts[2], number["whole"], fraction, general, percent, condition)


def _of_condition(sections: Sequence[_Section], exact: Decimal, whole_format: str) -> _Section:
    """Return the section of a number of 0 or more: the first whose condition holds, or the last."""
    if exact < 0 or not sections[0].condition or sections[-1].condition:
        raise _unclear(whole_format)
    for one in sections[:-1]:
        match = _CONDITION.fullmatch(one.condition)
        if match and _COMPARED[match[1]](exact, Decimal(match[2])):
            return one
    return sections[-1]


def _literal(character: str, whole_format: str) -> str:
    if character in _LITERAL or not character.isascii():
        return character
    if character.lower() in _DATE_LETTERS:
        raise NotShown("E6-CELL-DATE", f"書式「{whole_format}」は日付や時刻の表示")
    raise _unclear(whole_format)


def _check_bracket(inside: str, whole_format: str) -> None:
    if re.fullmatch(r"h+|m+|s+", inside, re.I):
        raise NotShown("E6-CELL-DATE", f"書式「{whole_format}」は日付や時刻の表示")
    if not (_COLOUR.fullmatch(inside) or _NO_CURRENCY.fullmatch(inside)):
        raise _unclear(whole_format)


def _unclear(whole_format: str) -> NotShown:
    return NotShown("E6-CELL-FORMAT", f"書式「{whole_format}」の表示を確かに再現できない")


def _general(number: Decimal) -> str:
    if number == number.to_integral_value():
        text = str(int(number))
        if len(text) > _GENERAL_DIGITS + 1:
            raise NotShown("E6-CELL-FORMAT", "「標準」の書式では12桁以上の数がそのまま表示されない")
        return text
    decimals = _GENERAL_DIGITS - len(str(int(number)))
    if number < _LEAST_PLAIN:
        raise NotShown("E6-CELL-FORMAT", "「標準」の書式では0に近い数がそのまま表示されない")
    text = f"{half_up(number, max(decimals, 0)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _placed(number: Decimal, section: _Section, whole_format: str) -> str:
    whole, _, fraction = f"{half_up(number, len(section.fraction)):f}".partition(".")
    least = section.whole.count("0")
    whole = whole.lstrip("0")
    if "," in section.whole:
        if least > max(len(whole), 1):
            raise _unclear(whole_format)
        whole = f"{int(whole):,}" if whole else ""
    whole = whole.zfill(least)
    needed = section.fraction.rstrip("#?")
    kept = fraction[: len(needed)] + fraction[len(needed) :].rstrip("0")
    return f"{whole}.{kept}" if kept else whole
