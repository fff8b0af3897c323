"""Changes of law that cut series: declared in ``data/breaks.yaml``, enforced here.

In: observations and years. Out: the :class:`Break` objects that fall inside a series, the runs of years
between them, and an error where a trend would use both sides of a break that nothing bridges.

A change that comes into force in the course of year Y is a break between Y - 1 and Y, for Y is the first
year whose value may hold persons counted under the new law. Y itself is counted partly under each law, in
parts that annual values do not tell: acts before the date stay under the old law although the arrest comes
later. So Y belongs to neither side; a run of years ends with Y - 1 and the next begins with Y + 1. Only a
change on 1 January leaves no such year.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from minato_analysis import data
from minato_analysis.cleaning.tables import COLUMNS
from minato_analysis.data import categories
from minato_analysis.project import yamls

FILE = categories.CHANGES
CATEGORIES = categories.FILE
NO_BRIDGE = "none"

_KEYS = {"id", "date", "law", "series", "sources"}
_LAW = {"name", "number", "short", "short_en"}
_SERIES = {"select", "changes", "bridge"}


CANNABIS, CANNABIS_AFTER = "大麻取締法", "大麻の違反"
"""What the offences about cannabis are called; after the law has changed, no longer by its old name."""


class BreakError(ValueError):
    """A series that would cross a change of law, or a declaration that cannot be used."""


@dataclass(frozen=True)
class Law:
    """A law as it is cited, and the short names that figures print."""

    name: str
    number: str
    short: str
    short_en: str


@dataclass(frozen=True, eq=False)
class Bridge:
    """The mapping of ``data/categories.yaml`` by which both sides count the same category."""

    id: str
    title: str


@dataclass(frozen=True, eq=False)
class Break:
    """What one change of law does to one kind of series.

    Attributes
    ----------
    id : str
        Of the change; its kinds of series share it.
    date : datetime.date
        Day it came into force.
    law : Law
    select : mapping
        Column of the observations to the values it may have (see :func:`minato_analysis.data.matching`).
    changes : str
        What a value counts differently, as sentences.
    bridge : Bridge or None
        None: nothing makes the two sides comparable.
    parts : tuple of str
        Of a bridged total: the offences in it whose own series are cut.
    """

    id: str
    date: datetime.date
    law: Law
    select: Mapping[str, Any]
    changes: str
    bridge: Bridge | None
    parts: tuple[str, ...] = ()

    @property
    def year(self) -> int:
        """First year that may hold values under the new law."""
        return self.date.year

    @property
    def mixed(self) -> bool:
        """Whether that year is counted partly under each law."""
        return (self.date.month, self.date.day) != (1, 1)

    def touches(self, rows: pd.DataFrame) -> bool:
        """Return whether any of the observations belongs to the series that change."""
        return not data.matching(rows, self.select).empty

    def divides(self, years: Iterable[int]) -> bool:
        """Return whether years of both sides, or a mixed year and another one, are among `years`.

        >>> law = Law("甲法", "令和5年法律第66号", "甲", "A")
        >>> one = Break("a", datetime.date(2023, 7, 13), law, {}, "", None)
        >>> one.divides([2021, 2022]), one.divides([2022, 2023]), one.divides([2023, 2024])
        (False, True, True)
        >>> one.divides([2023]), one.divides([2024, 2025])
        (False, False)
        """
        found = set(years)
        before = any(year < self.year for year in found)
        after = any(year > self.year or (year == self.year and not self.mixed) for year in found)
        mixed = self.mixed and self.year in found
        return before + after + mixed > 1


def load(folder: Path) -> tuple[Break, ...]:
    """Return the declared breaks, in the order of the file.

    Raises
    ------
    BreakError
        ``E4-BREAK``: an entry lacks something, selects by an unknown column, or names a bridge that
        ``data/categories.yaml`` does not declare.
    """
    for name in (FILE, CATEGORIES):
        if not (folder / name).is_file():
            raise BreakError(
                f"E4-BREAK {name}: ファイルがありません。法律の改正はどの地域にも共通です。"
                "別の地域の data フォルダーから写してください。"
            )
    declared = yamls.read(folder / FILE) or []
    mappings = yamls.read(folder / CATEGORIES) or []
    bridges = {one["id"]: Bridge(one["id"], one["title"]) for one in mappings}
    found = [one for entry in declared for one in _read(entry, bridges)]
    ids = [entry["id"] for entry in declared]
    for twice in sorted({one for one in ids if ids.count(one) > 1}):
        raise _wrong(twice, "同じ id が2回あります。片方を別の名前にしてください。")
    return tuple(found)


def crossing(
    rows: pd.DataFrame, years: Iterable[int], breaks: Sequence[Break]
) -> tuple[Break, ...]:
    """Return the breaks that fall inside a series.

    Parameters
    ----------
    rows : pandas.DataFrame
        Observations of the series; which years they print does not matter.
    years : iterable of int
        The years that are used together.
    breaks : sequence of Break
    """
    used = list(years)
    return tuple(one for one in breaks if one.divides(used) and one.touches(rows))


def require_unbroken(
    rows: pd.DataFrame, years: Iterable[int], breaks: Sequence[Break], what: str
) -> tuple[Break, ...]:
    """Return the bridged breaks inside a series; refuse a series that crosses any other.

    Parameters
    ----------
    rows, years, breaks
        As of :func:`crossing`.
    what : str
        What was to be computed, for the error.

    Raises
    ------
    BreakError
        ``E4-BREAK``, with the law, the years and the two ways out.
    """
    used = sorted(set(years))
    found = crossing(rows, used, breaks)
    for one in found:
        if one.bridge is None:
            raise refusal(one, used, what)
    return found


def refusal(one: Break, years: Sequence[int], what: str) -> BreakError:
    """Return the error for a computation over `years` that a break does not allow."""
    day, law = one.date, one.law
    return BreakError(
        f"E4-BREAK {what}: {years[0]}年から{years[-1]}年までを一つの系列として扱えません。"
        f"{day.year}年{day.month}月{day.day}日に「{law.name}」（{law.number}）が施行され、"
        f"前と後をつなぐ方法が宣言されていないためです。{one.changes}"
        f"まず {FILE} の {one.id} を確かめてください。{one.year}年より前だけ、"
        f"又は{one.year + one.mixed}年以降だけを使うか、"
        f"同じものを数えている根拠があれば {CATEGORIES} につなぎ方を書き、bridge にその id を書いてください。"
    )


def segments(years: Iterable[int], breaks: Sequence[Break]) -> list[list[int]]:
    """Return the runs of years that no unbridged break divides, earliest first.

    A year counted partly under each law is in none of them.

    >>> law = Law("甲法", "令和5年法律第66号", "甲", "A")
    >>> one = Break("a", datetime.date(2023, 7, 13), law, {}, "", None)
    >>> segments(range(2020, 2026), [one])
    [[2020, 2021, 2022], [2024, 2025]]
    """
    cuts = [one for one in breaks if one.bridge is None]
    runs: dict[tuple[bool, ...], list[int]] = {}
    for year in sorted(set(years)):
        if not any(one.mixed and one.year == year for one in cuts):
            runs.setdefault(tuple(year >= one.year for one in cuts), []).append(year)
    return list(runs.values())


def _read(entry: Mapping[str, Any], bridges: Mapping[str, Bridge]) -> list[Break]:
    name = str(entry.get("id", "（id なし）"))
    _complete(name, entry, _KEYS)
    if type(entry["date"]) is not datetime.date:
        raise _wrong(name, f"date「{entry['date']}」は 2024-12-12 のような日付ではありません。")
    _complete(name, entry["law"], _LAW)
    found = []
    for one in entry["series"]:
        _complete(name, one, _SERIES)
        unknown = sorted(set(one["select"]) - set(COLUMNS))
        if unknown or not one["select"]:
            raise _wrong(
                name, f"select の列「{'、'.join(unknown)}」は observations.csv にありません。"
            )
        bridge = one["bridge"]
        if bridge != NO_BRIDGE and bridge not in bridges:
            raise _wrong(
                name,
                f"bridge「{bridge}」は {CATEGORIES} にありません（宣言されているもの: "
                f"{'、'.join(bridges)}）。つながないときは none と書いてください。",
            )
        found.append(
            Break(
                id=name,
                date=entry["date"],
                law=Law(**entry["law"]),
                select=one["select"],
                changes=one["changes"],
                bridge=None if bridge == NO_BRIDGE else bridges[bridge],
                parts=tuple(one.get("parts", ())),
            )
        )
    return found


def _complete(name: str, entry: Mapping[str, Any], keys: set[str]) -> None:
    absent = sorted(keys - set(entry))
    if absent:
        raise _wrong(
            name, f"{'、'.join(absent)} がありません。ほかの項目にならって書いてください。"
        )


def _wrong(name: str, problem: str) -> BreakError:
    return BreakError(f"E4-BREAK {FILE} {name}: {problem}")
