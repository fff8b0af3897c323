"""Words with one fixed meaning, and how numbers and years are written in a verdict.

The limits below are the meaning of the words wherever they occur: in the checked document and in our own
pages. :data:`LEXICON` prints them for readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from minato_analysis.cleaning.years import Year, format_year, parse_year
from minato_analysis.numbers.facts import display

ALPHA = 0.05
"""増加傾向・減少傾向, and every difference said to exceed chance: p below this."""
SLIGHT_POINTS = 3.0
"""やや, for shares: fewer points than this."""
SLIGHT_PERCENT = 10.0
"""やや, for counts: less than this many percent."""
FLAT_TOTAL_PERCENT = 10.0
"""横ばい: change from first to last year below this."""
FLAT_STEP_PERCENT = 15.0
"""横ばい: no change between neighbouring years above this."""
HALF_PERCENT = (45.0, 55.0)
"""約半数: within these, ends included."""
MAJORITY_PERCENT = 200 / 3
"""大半: at least this, in every year shown."""
MUCH_TIMES = 1.3
"""かなり: at least this many times, in every year shown."""
ALIKE = 0.25
"""同様: same sign, and growth within this part of the other's growth."""
SMALL_GROUP = 30
"""A share of fewer persons than this is not compared in words."""
SMALL_CELL = 10
"""A printed count of persons above 0 and below this may point at single persons."""

LEXICON: tuple[tuple[str, str, str], ...] = (
    (
        "年々・一貫して",
        "strictly_increasing / strictly_decreasing",
        "示されたすべての年で、前の年より高い（低い）",
    ),
    (
        "増加傾向・減少傾向",
        "trend_significant",
        f"示された期間の傾向の検定で、p値が{ALPHA:g}未満（割合では、ばらつきを推定した検定でも）",
    ),
    (
        "やや",
        "slightly",
        f"向きが同じで、割合の差が{SLIGHT_POINTS:g}ポイント未満（人数・件数では{SLIGHT_PERCENT:g}%未満）",
    ),
    (
        "横ばい",
        "flat",
        f"最初と最後の年の差が{FLAT_TOTAL_PERCENT:g}%未満で、"
        f"隣り合う年の差に{FLAT_STEP_PERCENT:g}%を超えるものがない",
    ),
    ("約半数", "about_half", f"{HALF_PERCENT[0]:g}%以上{HALF_PERCENT[1]:g}%以下"),
    ("大半", "majority", "示されたすべての年で3分の2以上"),
    ("過半", "over_half", "示されたすべての年で50%を超える"),
    (
        "上回る",
        "exceeds_every_year",
        "示されたすべての年で高い。そうでない年があれば、その年を挙げる",
    ),
    ("かなり", "ratio_at_least", f"示されたすべての年で{MUCH_TIMES:g}倍以上"),
    (
        "同様",
        "same_growth",
        f"増減の向きが同じで、増減の割合が相手の上下{100 * ALIKE:g}%以内",
    ),
)
"""Word, predicate, meaning."""

CANNOT_TELL = "差があるかどうか、この人数ではまだ分かりません"

DIGITS = {"percent": 1, "points": 1, "p_value": 3, "ratio": 2}
"""Decimal places by unit; every other unit is a count."""

ENDINGS = {"ratio": "倍", "years": "年間", "months": "か月", "places": "か所"}
"""Units of verdicts beside those of facts, and what is printed behind the number."""

LISTED = 6
"""A longer series is told by its ends and extremes."""


def year_label(year: int, kind: str = "calendar") -> str:
    """Return 「令和4(2022)年」, or 「…年度」 for ``kind="fiscal"``."""
    return format_year(Year(year, "fiscal" if kind == "fiscal" else "calendar"))


_YEAR = re.compile(r"(?:(?:昭和|平成|令和)(?:元|\d{1,2})|(?<!\d)(?:19|20)\d{2})年度?(?![版間])")


def dated(text: str) -> str:
    """Return `text` with every year in both calendars.

    >>> dated("平成29年と2022年、令和8年度、令和5年版犯罪白書、5年間")
    '平成29(2017)年と令和4(2022)年、令和8(2026)年度、令和5年版犯罪白書、5年間'
    """
    return _YEAR.sub(lambda year: format_year(parse_year(year[0])), text)


def number(value: float, unit: str, digits: int | None = None) -> str:
    """Return a number as a verdict prints it.

    >>> number(49.0028, "percent"), number(1.476, "ratio"), number(2026, "fiscal_year")
    ('49.0%', '1.48倍', '令和8(2026)年度')
    """
    places = DIGITS.get(unit, 0) if digits is None else digits
    if unit in ("year", "fiscal_year") and value == int(value):
        return year_label(int(value), "fiscal" if unit == "fiscal_year" else "calendar")
    if unit in ENDINGS:
        return display(value, "number", places) + ENDINGS[unit]
    return display(value, unit, places)


def p_value(value: float) -> str:
    """Return 「p値0.054」."""
    return f"p値{number(value, 'p_value')}"


def listed(parts: Iterable[str]) -> str:
    """Return the parts as one Japanese enumeration; 「なし」 for none.

    >>> listed(["a", "b"]), listed([])
    ('a、b', 'なし')
    """
    return "、".join(parts) or "なし"
