"""Numbers as Japanese tables print them, and rounding as they round.

In: the text of one number cell, e.g. ``1,581 人``, ``46.2%``, ``52・5%``, ``28 (15)``, ``△12``,
``-``, ``…``, ``x``, ``123p``. Out: a :class:`Cell` with one or two values, each with its unit and
status, or a :class:`~minato_analysis.cleaning.errors.CleaningError`. Never a blank for a zero,
never a symbol for a number.

What is read
------------
- Digits, with separators at every third digit or at none; no leading zeros; 12 digits at most
  (longer ones are printed numbers run together). A decimal point ``.``; a middle dot ``・`` only
  before ``%``, because elsewhere it also lists (``図表2・4``). Printed decimals are kept.
- Unit 人, 件 or %. Negative: ``△`` ``▲`` (a space may follow) or ``-`` ``−`` directly before the
  digits, also with 人 and 件, as tables of changes print them. A negative integer zero is refused.
- ``0`` is *zero*. Alone: a dash (``-`` ``‐`` ``–`` ``—`` ``―`` ``−``) is *not_applicable*,
  ``…`` or ``...`` *missing*, ``x`` or ``X`` *suppressed*.
- Small ``p`` or ``r`` before or after the number: *provisional*, *revised* (zero or not). Capitals
  are refused (``R4`` is a year), ``%p`` too (percentage points).
- ``28 (15)``: two values, each as above. A mark before the pair or after it is refused (it may
  belong to one or both), and so is a dash before a bracket that holds a number (it may be a minus).
  Whether 15 is within 28 is for the identities to say.

Harmless, by rule: white space and tags of appearance around the parts of a cell (see
:mod:`~minato_analysis.cleaning.text`), full-width forms, separators present or not.

Codes: ``E1-NUMBER-`` with ``BLANK``, ``BRACKET``, ``CHARACTER``, ``TWO``, ``SEPARATOR``, ``POINT``,
``MIDDLE-DOT``, ``LEADING-ZERO``, ``LONG``, ``ZERO-SIGN``, ``PERCENT-POINT``, ``MARK``, ``DASH``,
``FORM``; ``E1-PERCENT-DENOMINATOR``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal

from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.text import normalise, refusal

Status = Literal["ok", "zero", "not_applicable", "missing", "suppressed", "provisional", "revised"]

MAX_DIGITS: Final = 12

_SYMBOLS: Final[dict[str, Status]] = {
    **dict.fromkeys("-\u2010\u2013\u2014\u2015\u2212", "not_applicable"),
    "...": "missing",
    "x": "suppressed",
    "X": "suppressed",
}
_MARKS: Final[dict[str, Status]] = {"p": "provisional", "r": "revised"}
_NUMBER = re.compile(
    r"(?:(?P<before>[pr]) ?)?(?P<sign>[△▲] ?|[-\u2212])?"
    r"(?P<integer>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:(?P<point>[.・])(?P<fraction>[0-9]+))?"
    r"(?: ?(?P<unit>[人件%]))?(?: ?(?P<after>[pr]))?"
)
_PAIR = re.compile(r"(?P<outer>[^()]+?) ?\( ?(?P<inner>[^()]+?) ?\)")
_FOREIGN = re.compile(r"[^0-9,.・%人件△▲pr xX()\u2010\u2013\u2014\u2015\u2212-]")

# Why a text that is no number is refused: the first pattern found in it tells.
_REASONS: Final = (
    (
        re.compile(r"[0-9人件%] [0-9]|[人件%][0-9]"),
        "E1-NUMBER-TWO",
        "二つの数が続いていて一つの数と決められない",
        "原本で隣の欄の数が混ざっていないか",
    ),
    (
        re.compile(r"[.・].*[.・]|(?<![0-9])[.・]|[.・](?![0-9])"),
        "E1-NUMBER-POINT",
        "小数点の数か位置が数の形になっていない",
        "原本の小数点と隣の欄との切れ目",
    ),
    (
        re.compile(r","),
        "E1-NUMBER-SEPARATOR",
        "桁区切りのコンマが3桁ごとになっていない",
        "原本の数字の桁数",
    ),
)


@dataclass(frozen=True)
class Value:
    """One printed value.

    Parameters
    ----------
    value : int, Decimal or None
        The number exactly as printed (Decimal where decimals are printed, ``46.0`` keeping its
        zero); None where a symbol stands for it.
    unit : {"人", "件", "%"} or None
        Unit printed in the cell; None where there is none.
    status : str
        ok, zero, not_applicable, missing, suppressed, provisional or revised.
    """

    value: int | Decimal | None
    unit: str | None
    status: Status

    @property
    def digits(self) -> int:
        """Number of printed decimals."""
        if not isinstance(self.value, Decimal):
            return 0
        exponent = self.value.as_tuple().exponent
        return -exponent if isinstance(exponent, int) else 0


@dataclass(frozen=True)
class Cell:
    """The values of one printed cell: one, or two where the second is printed in brackets."""

    values: tuple[Value, ...]


@lru_cache(maxsize=4_096)  # a received value is read to be checked, compared and summed
def parse_number(text: str) -> Cell:
    """Read one printed number cell.

    Parameters
    ----------
    text : str
        Text of the cell as printed.

    Returns
    -------
    Cell

    Raises
    ------
    CleaningError
        If the text is not certainly one number, one symbol, or one pair of them.

    Examples
    --------
    >>> parse_number("1,581 人").values
    (Value(value=1581, unit='人', status='ok'),)
    >>> parse_number("52・5％").values
    (Value(value=Decimal('52.5'), unit='%', status='ok'),)
    >>> [(v.value, v.status) for v in parse_number("9（0）").values]
    [(9, 'ok'), (0, 'zero')]
    >>> parse_number("1,58")
    Traceback (most recent call last):
        ...
    minato_analysis.cleaning.errors.CleaningError: E1-NUMBER-SEPARATOR \
「1,58」は桁区切りのコンマが3桁ごとになっていないため読み取れませんので、\
まず原本の数字の桁数を確かめてください。
    """
    printed = normalise(text)
    if not printed:
        raise CleaningError(
            "E1-NUMBER-BLANK",
            "数の欄が空で、0か、該当なしか、欠測か決められないため読み取れませんので、"
            "まず原本のこの欄に何が印刷されているかを確かめてください。",
            text,
        )
    _refuse_foreign(text, printed)
    if "(" not in printed and ")" not in printed:
        return Cell((_value(text, printed),))
    pair = _PAIR.fullmatch(printed)
    if pair is None:
        why = "かっこの対応か位置が「28 (15)」の形と違う"
        raise refusal("E1-NUMBER-BRACKET", text, why, "原本のかっこと隣の欄との切れ目")
    outer, inner = _value(text, pair["outer"]), _value(text, pair["inner"])
    if pair["outer"][0] in _MARKS:
        why = "速報・改定の印がかっこの内と外のどちらに付くか決められない"
        raise refusal("E1-NUMBER-MARK", text, why, "原本の凡例の印の説明")
    if outer.status == "not_applicable" and inner.value is not None:
        why = "横線が「該当なし」か負の記号か決められない"
        raise refusal("E1-NUMBER-DASH", text, why, "原本のかっこの外の数")
    return Cell((outer, inner))


def half_up(value: Fraction | Decimal | int, digits: int) -> Decimal:
    """Round exactly, halves away from zero, as Japanese official tables do (四捨五入).

    Parameters
    ----------
    value : Fraction, Decimal or int
        Exact number. A float is refused: 0.15 is not 15/100. Give a Fraction of the counts.
    digits : int
        Decimals kept, 0 or more.

    Returns
    -------
    Decimal
        With exactly `digits` decimals. Zero has no sign.

    Raises
    ------
    TypeError
        If `value` is a float or no number.
    ValueError
        If `digits` is negative or `value` is not finite.

    Examples
    --------
    >>> half_up(Fraction(100 * 487, 1053), 1), half_up(Decimal("0.25"), 1), half_up(-5, 2)
    (Decimal('46.2'), Decimal('0.3'), Decimal('-5.00'))
    """
    if not isinstance(value, Fraction | Decimal | int):
        raise TypeError(f"half_up needs Fraction, Decimal or int, not {type(value).__name__}")
    if digits < 0 or (isinstance(value, Decimal) and not value.is_finite()):
        raise ValueError(f"half_up needs a finite number and digits >= 0, got {value}, {digits}")
    scaled = abs(Fraction(value)) * 10**digits
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    # Built from text, because Decimal arithmetic would round to the precision of its context.
    return Decimal(f"{'-' if value < 0 and units else ''}{units}E-{digits}")


def percent(numerator: int, denominator: int, digits: int) -> Decimal:
    """Return ``100 * numerator / denominator`` rounded half up, exactly.

    Parameters
    ----------
    numerator, denominator : int
        Counts; the denominator above 0.
    digits : int
        Decimals kept, 0 or more.

    Returns
    -------
    Decimal
        In percent.

    Raises
    ------
    CleaningError
        If the denominator is 0 or less (``E1-PERCENT-DENOMINATOR``).
    ValueError
        If `digits` is negative.

    Examples
    --------
    >>> percent(730, 1581, 1), percent(487, 1053, 1), percent(1, 8, 2)
    (Decimal('46.2'), Decimal('46.2'), Decimal('12.50'))
    """
    if denominator <= 0:
        text = f"{numerator}/{denominator}"
        why = "分母が0以下で割合が定まらない"
        raise refusal("E1-PERCENT-DENOMINATOR", text, why, "分母とした人数や件数")
    return half_up(Fraction(100 * numerator, denominator), digits)


def _refuse_foreign(text: str, printed: str) -> None:
    foreign = _FOREIGN.search(printed)
    if foreign is None:
        return
    character = foreign.group()
    name = unicodedata.name(character, "名前のない文字")
    why = f"数の欄で知らない文字「{character}」（U+{ord(character):04X} {name}）を含む"
    check = "原本のこの文字"
    if character in "OoIl|":
        check += "（数字の0か1の誤りではないか）"
    raise refusal("E1-NUMBER-CHARACTER", text, why, check)


def _value(text: str, part: str) -> Value:
    if part in _SYMBOLS:
        return Value(None, None, _SYMBOLS[part])
    match = _NUMBER.fullmatch(part)
    if match is None:
        raise _no_number(text, part)
    _refuse_doubtful(text, match)
    whole = match["integer"].replace(",", "")
    sign = "-" if match["sign"] else ""
    fraction = match["fraction"]
    value = Decimal(f"{sign}{whole}.{fraction}") if fraction else int(sign + whole)
    mark = match["before"] or match["after"]
    status = _MARKS[mark] if mark else "ok" if value else "zero"
    return Value(value, match["unit"], status)


def _no_number(text: str, part: str) -> CleaningError:
    for pattern, code, why, check in _REASONS:
        if pattern.search(part):
            return refusal(code, text, why, check)
    why = "数の書き方として知っている形（1,581 人、46.2%、28 (15)、△12など）のどれとも違う"
    return refusal("E1-NUMBER-FORM", text, why, "原本のこの欄の文字")


def _refuse_doubtful(text: str, match: re.Match[str]) -> None:
    """Refuse what has the form of a number and still more than one reading."""
    whole = match["integer"].replace(",", "")
    fraction = match["fraction"] or ""
    doubts = (
        (
            match["before"] and match["after"],
            "E1-NUMBER-MARK",
            "速報・改定の印が二つ付いている",
            "原本の凡例の印の説明",
        ),
        (
            match["after"] == "p" and match["unit"] == "%",
            "E1-NUMBER-PERCENT-POINT",
            "「%p」が速報値の印かポイントの略か決められない",
            "原本のこの列の単位",
        ),
        (
            match["point"] == "・" and match["unit"] != "%",
            "E1-NUMBER-MIDDLE-DOT",
            "「%」のない数の中点が小数点か二つの数の区切りか決められない",
            "原本のこの列の単位",
        ),
        (
            len(whole) > 1 and whole[0] == "0",
            "E1-NUMBER-LEADING-ZERO",
            "0で始まっていて数ではなく番号やコードとみられる",
            "原本のこの列が数の列か",
        ),
        (
            len(whole + fraction) > MAX_DIGITS,
            "E1-NUMBER-LONG",
            f"{MAX_DIGITS}桁を超えていて複数の欄の数がつながったとみられる",
            "原本の隣の欄との切れ目",
        ),
        (
            match["sign"] and whole == "0" and not fraction,
            "E1-NUMBER-ZERO-SIGN",
            "0に負の記号が付いていて値を決められない",
            "原本のこの欄の数字",
        ),
    )
    for found, code, why, check in doubts:
        if found:
            raise refusal(code, text, why, check)
