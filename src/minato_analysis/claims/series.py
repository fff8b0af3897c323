"""A series of numbers with the printed cells behind it, and the world it is taken from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from minato_analysis.claims.errors import NotPublished, StatementError
from minato_analysis.claims.words import LISTED, listed, number
from minato_analysis.numbers.facts import Fact

Spec = Any


@dataclass(frozen=True)
class Point:
    """One number: when, its value, the two counts of a share, and the printed cells."""

    when: str
    value: float
    cells: tuple[str, ...]
    year: int | None = None
    part: float | None = None
    whole: float | None = None

    @property
    def pair(self) -> tuple[float, float]:
        """The two counts of a share; refused where they are not known."""
        if self.part is None or self.whole is None:
            raise StatementError("人数が分からないので検定できません")
        return self.part, self.whole


@dataclass(frozen=True)
class Series:
    """Numbers in order of the years, with what they are called and how they are printed."""

    label: str
    unit: str
    points: tuple[Point, ...]
    digits: int | None = None
    definitions: frozenset[str] = frozenset()

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
    """Something counted or read in the text of the document, with its place and its unit."""

    id: str
    value: int | float | str
    what: str
    place: str
    address: str
    unit: str = "number"


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
    resolved : dict
        The named operands that were looked up already.
    """

    rows: pd.DataFrame | None = None
    named: Mapping[str, Spec] = field(default_factory=dict)
    document: Mapping[str, Recorded] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    identities: Sequence[Mapping[str, Any]] = ()
    unprinted: Mapping[str, str] = field(default_factory=dict)
    resolved: dict[str, Series] = field(default_factory=dict, init=False, compare=False, repr=False)

    def recorded(self, id: str) -> Recorded:
        """Return what was counted in the document under this name."""
        if id not in self.document:
            raise StatementError(f"document に「{id}」がありません")
        return self.document[id]


def single(series: Series) -> Point:
    """Return the one point of a series; several are refused."""
    if len(series.points) != 1:
        raise StatementError(
            f"「{series.label}」は1つの数ではありません（{len(series.points)}年分）"
        )
    return series.points[0]


def together(one: Series, other: Series) -> list[tuple[Point, Point]]:
    """Return the points of the years both have; a series of one point fits any other of one point."""
    if len(one.points) == len(other.points) == 1:
        return [(one.points[0], other.points[0])]
    by_year = {point.year: point for point in other.points}
    pairs = [(point, by_year[point.year]) for point in one.points if point.year in by_year]
    if not pairs:
        raise NotPublished(f"「{one.label}」と「{other.label}」に共通する年がありません")
    return pairs
