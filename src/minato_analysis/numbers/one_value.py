"""One value a cell: in go the printed cells of a table, out go columns a program can compute with.

A page prints 「1,053人」, 「△2.8ポイント」, 「46.0〜52.0」, 「56 (31)」, 「…」; a file holds numbers, each in
a column of its own: the unit stands in the heading, an interval becomes two columns, a value with another in
brackets two, a year in the Japanese calendar brings the Western year along, and what stands in the place of a
number (a sign, 「10人未満」) goes to a column of remarks. A column of words stays as it is.

Reference: 総務省「統計表における機械判読可能なデータの表記方法の統一ルール」(2020), items 2, 3 and 7.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Parsed = tuple[str, ...] | None

_NUMBER = r"[△▲+−-]? ?\d[\d,]*(?:\.\d+)?"
_UNIT = r"%|人|件|ポイント|倍|回|年先|年後| ?points?| ?persons?"
_SINGLE = re.compile(rf"(?:(?P<mark>[pr]) )?(?P<number>{_NUMBER})(?P<unit>{_UNIT})?")
_BETWEEN = re.compile(
    rf"(?P<low>{_NUMBER})(?P<unit>{_UNIT})? ?(?:[〜～–]|から|to) ?(?P<high>{_NUMBER})(?:{_UNIT})?"
)
_WITH = re.compile(
    rf"(?P<number>{_NUMBER})(?P<unit>{_UNIT})? ?[(（](?P<sign>±?)(?P<other>{_NUMBER})(?:{_UNIT})?[)）]"
)
_JAPANESE = r"(?:明治|大正|昭和|平成|令和)(?:元|\d+)\((\d{4})\)年度?"
_YEAR = re.compile(_JAPANESE)
_YEARS = re.compile(rf"{_JAPANESE}[〜～]{_JAPANESE}")
_SIGNS = ("", "…", "-", "x")

WORDS = {
    True: (
        "{}（下限）",
        "{}（上限）",
        "{}（括弧内）",
        "{}（±）",
        "{}（西暦）",
        "{}（注記）",
        "{}（{}）",
    ),
    False: ("{}, low", "{}, high", "{}, in brackets", "{}, ±", "{}, year", "{}, remark", "{} ({})"),
}
"""Headings of the columns that are added, and of a column with a unit: in Japanese, in English."""


def columns(
    heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows with one value a cell.

    >>> heads, rows = columns(("年", "人員", "区間"), [("令和4(2022)年", "516人", "46.0〜52.0")])
    >>> heads
    ['年', '年（西暦）', '人員（人）', '区間（下限）', '区間（上限）']
    >>> rows
    [['令和4(2022)年', '2022', '516', '46.0', '52.0']]
    """
    japanese = not all(head.isascii() for head in heads)
    found: list[tuple[str, list[str]]] = []
    for at, head in enumerate(heads):
        name = head or ("項目" if japanese else "Item")
        found += _column(name, [row[at] for row in rows], WORDS[japanese])
    names = _unlike([name for name, _ in found])
    return names, [list(row) for row in zip(*(cells for _, cells in found), strict=True)]


def number(text: str) -> str:
    """Return a printed number as a program reads it.

    >>> number("△ 1,234.5")
    '-1234.5'
    """
    return re.sub(r"^(?:[△▲−-]) ?", "-", text.replace(",", "").strip()).lstrip("+")


def _column(head: str, cells: list[str], words: Sequence[str]) -> list[tuple[str, list[str]]]:
    low, high, other, margin, year, remark, unit_of = words
    kinds: tuple[tuple[Callable[[str], Parsed], tuple[str, ...]], ...] = (
        (_single, ("{}",)),
        (_between, (low, high)),
        (lambda text: _with(text, ""), ("{}", other)),
        (lambda text: _with(text, "±"), ("{}", margin)),
    )
    years = [_years(one) for one in cells]
    if any(years):
        first, last = ([one[at] if one else "" for one in years] for at in (0, -1))
        if first == last:
            return [(head, cells), (year.format(head), first)]
        names = [year.format(one.format(head)) for one in (low, high)]
        return [(head, cells), (names[0], first), (names[1], last)]
    for read, added in kinds:
        made = _numeric(head, cells, read, added, remark, unit_of)
        if made:
            return made
    return [(head, cells)]


def _numeric(
    head: str,
    cells: list[str],
    read: Callable[[str], Parsed],
    names: tuple[str, ...],
    remark: str,
    unit_of: str,
) -> list[tuple[str, list[str]]]:
    """Return the columns of numbers, none where a cell is neither a number of this kind nor a remark."""
    parsed = [read(one) for one in cells]
    there = [one for one in parsed if one]
    rest = [one for one, values in zip(cells, parsed, strict=True) if not values]
    words = [one for one in rest if one not in _SIGNS]
    if not there or any(map(_is_number, rest)) or len(words) > len(cells) / 2:
        return []
    units = {one[-1] for one in there}
    marks = [(one[-2] if one else cell) for one, cell in zip(parsed, cells, strict=True)]
    found = []
    for at, name in enumerate(names):
        shown = name.format(head)
        if (
            len(units) == 1
            and (unit := there[0][-1])
            and not re.search(rf"[（(][^（(]*{re.escape(unit)}", head)
        ):
            shown = unit_of.format(shown, unit)
        found.append((shown, [one[at] if one else "" for one in parsed]))
    if len(units) > 1:
        found.append((unit_of.format(head, "単位"), [one[-1] if one else "" for one in parsed]))
    if any(marks):
        found.append((remark.format(head), marks))
    return found


def _is_number(text: str) -> bool:
    """Whether a cell that was not read is one of numbers all the same: the column is of mixed kinds."""
    return text not in _SIGNS and bool(
        re.fullmatch(r"[\d△(（±〜～.,%\s)）]*\d[\d△(（±〜～.,%\s)）]*", text)
    )


def _years(text: str) -> list[str]:
    """Return the Western years of a cell that is a Japanese year, or a span of two; else none."""
    found = _YEAR.fullmatch(text) or _YEARS.fullmatch(text)
    return list(found.groups()) if found else []


def _single(text: str) -> Parsed:
    found = _SINGLE.fullmatch(text)
    return (number(found["number"]), found["mark"] or "", _unit(found)) if found else None


def _between(text: str) -> Parsed:
    found = _BETWEEN.fullmatch(text)
    return (number(found["low"]), number(found["high"]), "", _unit(found)) if found else None


def _with(text: str, sign: str) -> Parsed:
    found = _WITH.fullmatch(text)
    if found is None or found["sign"] != sign:
        return None
    return (number(found["number"]), number(found["other"]), "", _unit(found))


def _unit(found: re.Match[str]) -> str:
    return (found["unit"] or "").strip()


def _unlike(names: list[str]) -> list[str]:
    """Return the headings with a number behind one that occurs again."""
    given: dict[str, int] = {}
    made = []
    for name in names:
        given[name] = given.get(name, 0) + 1
        made.append(name if given[name] == 1 else f"{name} {given[name]}")
    return made
