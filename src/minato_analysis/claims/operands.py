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
``{remainder: [A, B, N]}``                     (B - A) modulo N: 0 when B comes a multiple of N after A
=============================================  ==============================================================

A mapping may add ``years`` (one year, ``[from, to]``, ``first`` or ``last``) and ``label``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from minato_analysis import data
from minato_analysis.claims.errors import NotPublished, StatementError
from minato_analysis.claims.series import Point, Series, Spec, World, single, together
from minato_analysis.claims.words import year_label
from minato_analysis.numbers.facts import UnknownError, addresses, look_up

_SAME_VALUE = ["table", "area_code", "station", "offence", "age_band", "year", "measure"]


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
        return Series("", "number", (Point("", float(spec), ()),), _places(spec))
    if isinstance(spec, str):
        if spec not in world.named:
            raise StatementError(f"series に「{spec}」がありません")
        if spec not in world.resolved:
            world.resolved[spec] = resolve(world.named[spec], world)
        return world.resolved[spec]
    if not isinstance(spec, Mapping):
        raise StatementError(f"operand {spec!r} を読めません")
    kinds = [key for key in spec if key in _KINDS]
    extra = set(spec) - set(_KINDS) - {"years", "label", "of"}
    if "of" in spec and not kinds:
        made = resolve(spec["of"], world)
    elif len(kinds) == 1 and "of" not in spec:
        made = _KINDS[kinds[0]](spec[kinds[0]], world)
    else:
        raise StatementError(
            f"operand {dict(spec)} を読めません（使える種類: {', '.join(_KINDS)}）"
        )
    if extra:
        raise StatementError(f"operand {dict(spec)}: 「{'、'.join(sorted(extra))}」は使えません")
    if "label" in spec:
        made = replace(made, label=spec["label"])
    return _in_years(made, spec["years"]) if "years" in spec else made


def pick(rows: pd.DataFrame, selector: Mapping[str, Any]) -> pd.DataFrame:
    """Return the rows of a selector; a value may be a list (any of) or ``{not: value}``."""
    try:
        kept = data.select(rows, **selector)
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
    if len(set(kept["unit"])) != 1 or kept.duplicated(_SAME_VALUE).any():
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
    return Series(
        "・".join(dict.fromkeys(kept["measure"])),
        str(kept["unit"].iloc[0]),
        (*points,),
        definitions=frozenset(kept["definition"]),
    )


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
    return Series(
        f"{whole.label}に占める{of.label}の割合",
        "percent",
        points,
        definitions=of.definitions | whole.definitions,
    )


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
    unknown = [one for one in found.values() if not one.known]
    found = {year: one for year, one in found.items() if one.known}
    if not found:
        raise NotPublished(str(UnknownError(unknown[0])))
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
    point = Point("", float(one.value), (one.address,))
    return Series(one.what, one.unit, (point,), _places(one.value))


def _derived(rule: Callable[..., float], label: str, unit: str = "") -> Callable[..., Series]:
    """Return a kind of operand: one number from single numbers; without `unit` it has theirs."""

    def made(spec: Spec, world: World) -> Series:
        inputs = [resolve(one, world) for one in spec]
        points = [single(one) for one in inputs]
        value = rule(*(point.value for point in points))
        cells = tuple(dict.fromkeys(cell for point in points for cell in point.cells))
        made_unit = unit or inputs[0].unit
        digits = None if made_unit == "percent" else int(value != int(value))
        return Series(label, made_unit, (Point("", value, cells),), digits)

    return made


def _months(spec: Spec, world: World) -> Series:
    first, last = (world.recorded(id) for id in spec)
    years, months = zip(
        *(map(int, str(one.value).split("-")) for one in (first, last)), strict=True
    )
    value = 12 * (years[1] - years[0]) + months[1] - months[0]
    label = f"{first.what}から{last.what}までの月数"
    return Series(label, "months", (Point("", float(value), (first.address, last.address)),), 0)


_KINDS: Mapping[str, Callable[[Spec, World], Series]] = {
    "cells": _cells,
    "share": _share,
    "sum": _sum,
    "less": _less,
    "pooled": _pooled,
    "facts": _facts,
    "document": _document,
    "fall": _derived(lambda a, b: 100 * (1 - b / a), "減少の割合", "percent"),
    "span": _derived(lambda a, b: b - a + 1, "最初から最後まで", "years"),
    "middle": _derived(lambda a, b: (a + b) / 2, "真ん中"),
    "months": _months,
    "remainder": _derived(lambda a, b, n: (b - a) % n, "割った余り", "number"),
}


def _in_years(series: Series, years: Any) -> Series:
    kept: tuple[Point, ...]
    if years in ("first", "last"):
        kept = (series.first if years == "first" else series.last,)
    else:
        first, last = years if isinstance(years, list) else (years, years)
        kept = tuple(one for one in series.points if one.year and first <= one.year <= last)
    if not kept:
        raise NotPublished(f"「{series.label}」に{years}の値がありません")
    return replace(series, points=kept)


def _combined(one: Series, other: Series, rule: Callable[[float, float], float]) -> Series:
    points = tuple(
        replace(a, value=rule(a.value, b.value), cells=_both(a, b)) for a, b in together(one, other)
    )
    return replace(one, points=points, definitions=one.definitions | other.definitions)


def _both(a: Point, b: Point) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*a.cells, *b.cells)))


def _places(value: float) -> int:
    text = str(value)
    return len(text.partition(".")[2])
