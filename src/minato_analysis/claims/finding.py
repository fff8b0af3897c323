"""What a predicate returns, the vocabulary it joins, and the numbers a wording may use.

Every predicate is registered with :func:`word`; YAML may use nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from minato_analysis.claims.series import Point, Series
from minato_analysis.claims.words import listed, number

Direction = Literal["up", "down"]


@dataclass(frozen=True)
class Finding:
    """What one predicate found."""

    holds: bool
    said: str
    numbers: Mapping[str, str]
    cells: tuple[str, ...]


Predicate = Callable[..., Finding]


VOCABULARY: dict[str, Predicate] = {}
"""Predicates by name; the only words YAML may use."""


def word(predicate: Predicate) -> Predicate:
    """Add a predicate to the vocabulary."""
    VOCABULARY[predicate.__name__] = predicate
    return predicate


def found(holds: bool, said: str, *series: Series, **numbers: str) -> Finding:
    """Return a finding with the cells of `series` and the usual numbers of the first."""
    cells = tuple(dict.fromkeys(cell for one in series for cell in one.cells))
    return Finding(bool(holds), said, {**_usual(series[0]), **numbers}, cells)


def _usual(of: Series) -> dict[str, str]:
    if not of.points:
        return {}
    return {
        "label": of.label,
        "first": of.text(of.first),
        "last": of.text(of.last),
        "first_year": of.first.when,
        "last_year": of.last.when,
        "years": of.span,
        "change": change_text(of),
        "low": of.text(min(of.points, key=lambda point: point.value)),
        "high": of.text(max(of.points, key=lambda point: point.value)),
        "values": listed(f"{point.when}{of.text(point)}" for point in of.points),
    }


def change(of: Series) -> float:
    """Return the change from first to last year: points for shares, percent for counts."""
    if of.unit == "percent":
        return of.last.value - of.first.value
    return relative(of.first, of.last)


def relative(first: Point, last: Point) -> float:
    """Return the change in percent; infinite from 0."""
    if first.value == 0:
        return 0.0 if last.value == 0 else float("inf")
    return 100 * (last.value - first.value) / first.value


def in_percent(difference: float) -> str:
    """Return a change in percent as printed; one from 0 has no percentage."""
    return "0からの増加" if difference == float("inf") else number(difference, "percent")


def change_text(of: Series) -> str:
    """Return the change as printed, △ where it fell."""
    difference = change(of)
    return number(difference, "points") if of.unit == "percent" else in_percent(difference)


def moved(of: Series) -> str:
    """Return 「2.8ポイント上昇」, 「29.3%減少」 or 「変わらず」."""
    difference = change(of)
    if difference == 0:
        return "変わらず"
    share = of.unit == "percent"
    up, down = ("上昇", "低下") if share else ("増加", "減少")
    if difference == float("inf"):
        return in_percent(difference)
    return number(abs(difference), "points" if share else "percent") + (
        up if difference > 0 else down
    )
