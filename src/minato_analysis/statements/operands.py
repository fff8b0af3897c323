"""From a selector in YAML to a series of numbers with the printed cells behind it.

An *operand* is one of

=============================================  ==============================================================
``46.2``                                       a number the sentence itself states
``ward.share``                                 a name defined under ``series:``
``{cells: SELECTOR}``                          printed values by year, summed (a selector, or a list of them,
                                               as in ``data/identities.yaml``)
``{share: {of: A, in: B}}``                    100 * A / B by year, both counts kept
``{sum: [A, B, …]}``, ``{less: {of: A, without: B}}``  counts added, or taken out, by year
``{pooled: A}``                                all years of a count or share as one
``{facts: PATTERN}``                           recorded facts; ``*`` in the pattern stands for the year
``{document: ID}``                             a number counted in the text of the document
``{fall: [A, B]}``                             100 * (1 - B / A) of two single numbers
``{span: [A, B]}``, ``{middle: [A, B]}``       years from A to B, both counted; the year in their middle
``{months: [A, B]}``                           months from A to B, two ``YYYY-MM`` recorded in the document
``{remainder: [A, B, N]}``                     (B - A) modulo N
=============================================  ==============================================================

A mapping may add ``years`` (one year, ``[from, to]``, ``first`` or ``last``) and ``label``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from minato_analysis import data
from minato_analysis.facts import Fact, addresses, look_up
from minato_analysis.statements.errors import NotPublished, StatementError
from minato_analysis.statements.words import LISTED, listed, number, year_label

Spec = Any
_SAME_VALUE = ["table", "area_code", "station", "offence", "age_band", "year", "measure"]


@dataclass(frozen=True)
class Point:
    """One number: when, its value, the two counts of a share, and the printed cells."""

    when: str
    value: float
    cells: tuple[str, ...]
    year: int | None = None
    part: float | None = None
    whole: float | None = None


@dataclass(frozen=True)
class Series:
    """Numbers in order of the years, with what they are called and how they are printed."""

    label: str
    unit: str
    points: tuple[Point, ...]
    digits: int | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """Addresses of all printed cells."""
        return tuple(dict.fromkeys(cell for point in self.points for cell in point.cells))

    @property
    def first(self) -> Point:
        """First year."""
        return self.points[0]

    @property
    def last(self) -> Point:
        """Last year."""
        return self.points[-1]

    @property
    def counted(self) -> bool:
        """Whether these are shares whose two counts are known."""
        return all(point.whole is not None for point in self.points)

    @property
    def span(self) -> str:
        """「平成29(2017)年から令和4(2022)年まで」, or the one year."""
        if len(self.points) == 1:
            return self.first.when
        return f"{self.first.when}から{self.last.when}まで"

    def text(self, point: Point) -> str:
        """Return one value as printed."""
        return number(point.value, self.unit, self.digits)

    def said(self) -> str:
        """Return label and values; of a long series its ends, its lowest and its highest."""
        shown = self.points
        if len(shown) > LISTED:
            low = min(shown, key=lambda point: point.value)
            high = max(shown, key=lambda point: point.value)
            shown = tuple(one for one in shown if one in (self.first, self.last, low, high))
        values = listed(f"{point.when}{self.text(point)}{counts(point)}" for point in shown)
        many = f"（{len(self.points)}年分のうち最初・最後・最低・最高）"
        return f"{self.label}：{values}{many if len(shown) < len(self.points) else ''}"


def counts(point: Point) -> str:
    """Return 「（1,053人中516人）」 for a share whose counts are known."""
    if point.whole is None or point.part is None:
        return ""
    return f"（{point.whole:,.0f}人中{point.part:,.0f}人）"


@dataclass(frozen=True)
class Recorded:
    """Something counted or read in the text of the document, with its place."""

    id: str
    value: int | float | str
    what: str
    place: str
    address: str


@dataclass(frozen=True)
class World:
    """All that operands and predicates may look at.

    Attributes
    ----------
    rows : pandas.DataFrame or None
        Observations of the sources that count.
    named : mapping
        Operands by name.
    document : mapping
        What was counted in the text.
    facts, names : mapping
        Recorded facts, and the names their ids are filled with.
    identities : sequence
        Declared identities between tables.
    unprinted : mapping
        Charts whose numbers are not printed: figure → title.
    """

    rows: pd.DataFrame | None = None
    named: Mapping[str, Spec] = field(default_factory=dict)
    document: Mapping[str, Recorded] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    identities: Sequence[Mapping[str, Any]] = ()
    unprinted: Mapping[str, str] = field(default_factory=dict)

    def recorded(self, id: str) -> Recorded:
        """Return what was counted in the document under this name."""
        if id not in self.document:
            raise StatementError(f"document に「{id}」がありません")
        return self.document[id]


def resolve(spec: Spec, world: World) -> Series:
    """Return the series an operand stands for.

    Raises
    ------
    NotPublished
        The selector finds no printed number.
    StatementError
        The operand cannot be understood, or mixes what cannot be added.
    """
    if isinstance(spec, (int, float)) and not isinstance(spec, bool):
        return Series("記述の数値", "number", (Point("", float(spec), ()),), _places(spec))
    if isinstance(spec, str):
        if spec not in world.named:
            raise StatementError(f"series に「{spec}」がありません")
        return resolve(world.named[spec], world)
    if not isinstance(spec, Mapping):
        raise StatementError(f"operand {spec!r} を読めません")
    kinds = [key for key in spec if key in _KINDS]
    extra = set(spec) - set(_KINDS) - {"years", "label", "of"}
    if "of" in spec and not kinds:
        made = resolve(spec["of"], world)
    elif len(kinds) == 1 and "of" not in spec:
        made = _KINDS[kinds[0]](spec[kinds[0]], world)
    else:
        raise StatementError(f"operand {dict(spec)} を読めません（使える種類: {', '.join(_KINDS)}）")
    if extra:
        raise StatementError(f"operand {dict(spec)}: 「{'、'.join(sorted(extra))}」は使えません")
    if "label" in spec:
        made = replace(made, label=spec["label"])
    return _in_years(made, spec["years"]) if "years" in spec else made


def single(series: Series) -> Point:
    """Return the one point of a series; several are refused."""
    if len(series.points) != 1:
        raise StatementError(f"「{series.label}」は1つの数ではありません（{len(series.points)}年分）")
    return series.points[0]


def pick(rows: pd.DataFrame, selector: Mapping[str, Any]) -> pd.DataFrame:
    """Return the rows of a selector; a value may be a list (any of) or ``{not: value}``."""
    for column, wanted in selector.items():
        if isinstance(wanted, Mapping):
            rows = rows[rows[column] != wanted["not"]]
    plain = {name: one for name, one in selector.items() if not isinstance(one, Mapping)}
    try:
        kept = data.select(rows, **plain)
    except data.DataError as error:
        raise NotPublished(str(error)) from None
    except KeyError as error:
        raise StatementError(f"selector {dict(selector)}: 列 {error} がありません") from None
    kept = kept[kept["value"].notna()]
    if kept.empty:
        raise NotPublished(f"{dict(selector)}: 値が公表されていません")
    return kept


def _cells(spec: Spec, world: World) -> Series:
    if world.rows is None:
        raise StatementError("cells は公表値にだけ使えます")
    kept = pd.concat(
        [pick(world.rows, one) for one in (spec if isinstance(spec, list) else [spec])]
    )
    if kept["unit"].nunique() != 1 or kept.duplicated(_SAME_VALUE).any():
        raise StatementError(f"selector {spec}: 単位の違う値、または同じ値の重複が混ざっています")
    points = []
    for year, group in kept.groupby("year", dropna=False, sort=True):
        at = None if pd.isna(year) else int(year)
        points.append(
            Point(
                "" if at is None else year_label(at),
                float(group["value"].sum()),
                addresses(group),
                at,
            )
        )
    return Series("・".join(dict.fromkeys(kept["measure"])), str(kept["unit"].iloc[0]), (*points,))


def _share(spec: Spec, world: World) -> Series:
    of, whole = resolve(spec["of"], world), resolve(spec["in"], world)
    pairs = together(of, whole)
    points = tuple(
        replace(
            a,
            value=100 * a.value / b.value,
            part=a.value,
            whole=b.value,
            cells=_both(a, b),
        )
        for a, b in pairs
        if b.value > 0
    )
    return Series(f"{whole.label}に占める{of.label}の割合", "percent", points)


def _sum(spec: Spec, world: World) -> Series:
    made, *rest = (resolve(one, world) for one in spec)
    for other in rest:
        made = _combined(made, other, lambda a, b: a + b)
    return made


def _less(spec: Spec, world: World) -> Series:
    made = _combined(
        resolve(spec["of"], world), resolve(spec["without"], world), lambda a, b: a - b
    )
    if any(point.value < 0 for point in made.points):
        raise StatementError(f"less {spec}: 一部が全体を超えています")
    return made


def _pooled(spec: Spec, world: World) -> Series:
    made = resolve(spec, world)
    when = f"{made.span}の合計"
    if made.counted:
        part = sum(point.part or 0.0 for point in made.points)
        whole = sum(point.whole or 0.0 for point in made.points)
        point = Point(when, 100 * part / whole, made.cells, made.last.year, part, whole)
    elif made.unit in ("persons", "cases"):
        point = Point(when, sum(one.value for one in made.points), made.cells, made.last.year)
    else:
        raise StatementError(f"「{made.label}」は人数が分からないので合計できません")
    return replace(made, points=(point,))


def _facts(pattern: Spec, world: World) -> Series:
    id = str(pattern).format_map(world.names)
    if "*" not in id:
        found = {"": look_up(world.facts, id)}
    else:
        shape = re.compile(re.escape(id).replace(r"\*", r"(\d{4})"))
        found = {hit[1]: one for name, one in world.facts.items() if (hit := shape.fullmatch(name))}
        if not found:
            raise StatementError(f"facts「{id}」に当たる数値がありません")
    points = tuple(
        Point(year_label(int(year)) if year else "", one.value, (one.id,), int(year or 0) or None)
        for year, one in sorted(found.items())
    )
    some = next(iter(found.values()))
    return Series(id, some.unit, points, some.digits)


def _document(id: Spec, world: World) -> Series:
    one = world.recorded(id)
    if isinstance(one.value, str):
        raise StatementError(f"document「{id}」は数ではありません")
    return Series(
        one.what, "number", (Point("", float(one.value), (one.address,)),), _places(one.value)
    )


def _derived(rule: Callable[..., float], label: str, unit: str = "number") -> Callable[..., Series]:
    def made(spec: Spec, world: World) -> Series:
        inputs = [resolve(one, world) for one in spec]
        points = [single(one) for one in inputs]
        value = rule(*(point.value for point in points))
        cells = tuple(dict.fromkeys(cell for point in points for cell in point.cells))
        digits = 0 if unit == "number" and value == int(value) else None
        return Series(label, unit, (Point("", value, cells),), digits)

    return made


def _months(spec: Spec, world: World) -> Series:
    first, last = (world.recorded(id) for id in spec)
    years, months = zip(*(map(int, str(one.value).split("-")) for one in (first, last)), strict=True)
    value = 12 * (years[1] - years[0]) + months[1] - months[0]
    label = f"{first.what}から{last.what}までの月数"
    return Series(label, "number", (Point("", float(value), (first.address, last.address)),), 0)


_KINDS: Mapping[str, Callable[[Spec, World], Series]] = {
    "cells": _cells,
    "share": _share,
    "sum": _sum,
    "less": _less,
    "pooled": _pooled,
    "facts": _facts,
    "document": _document,
    "fall": _derived(lambda a, b: 100 * (1 - b / a), "減少の割合", "percent"),
    "span": _derived(lambda a, b: b - a + 1, "最初から最後までの年数"),
    "middle": _derived(lambda a, b: (a + b) / 2, "真ん中の年"),
    "months": _months,
    "remainder": _derived(lambda a, b, n: (b - a) % n, "割り切れない余り"),
}


def _in_years(series: Series, years: Any) -> Series:
    if years in ("first", "last"):
        kept = (series.first if years == "first" else series.last,)
    else:
        first, last = years if isinstance(years, list) else (years, years)
        kept = tuple(one for one in series.points if one.year and first <= one.year <= last)
    if not kept:
        raise NotPublished(f"「{series.label}」に{years}の値がありません")
    return replace(series, points=kept)


def together(one: Series, other: Series) -> list[tuple[Point, Point]]:
    """Return the points of the years both have; a series of one point fits any other of one point."""
    if len(one.points) == len(other.points) == 1:
        return [(one.points[0], other.points[0])]
    by_year = {point.year: point for point in other.points}
    pairs = [(point, by_year[point.year]) for point in one.points if point.year in by_year]
    if not pairs:
        raise NotPublished(f"「{one.label}」と「{other.label}」に共通する年がありません")
    return pairs


def _combined(one: Series, other: Series, rule: Callable[[float, float], float]) -> Series:
    points = tuple(
        replace(a, value=rule(a.value, b.value), cells=_both(a, b)) for a, b in together(one, other)
    )
    return replace(one, points=points)


def _both(a: Point, b: Point) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*a.cells, *b.cells)))


def _places(value: float) -> int:
    text = str(value)
    return len(text.partition(".")[2])
