"""A second reckoning: a fact computed again from its printed cells by its formula alone.

In: a fact and the cells it names. Out: the value, or none where the formula is not one this module reads.
Nothing of the package's statistics is used: exact fractions, and the standard library's normal quantile.

What is read
------------
- Arithmetic over measures: ``100 * reoffenders / persons_arrested``, with or without a year behind a measure
  (``first_time 2017``); where all cells hold one measure, the year alone (``2022 / 2018 - 1``).
- A name stands for one value. For the sum of the years only where the formula says so (``…, sum of the
  years``, ``… of 3 years together``) and in a share ``100 * a / b`` over cells with one value a year. A name
  that could be two values is not read.
- ``…, first year`` and ``…, last year`` take the values of that year.
- ``as printed`` behind a name, or alone where the cells hold one value.
- ``low end of the Wilson interval of …`` (also ``high end``, and with the level named) of a share.

Reference: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

from minato_analysis.audit.cells import Cell
from minato_analysis.facts import Fact, display

_PRINTED = re.compile(r",? ?as printed$")
_ONE_YEAR = re.compile(r", (first|last) year$")
_SHARE = re.compile(r"^(?:.* of )?100 \* ([a-z_ ]+) / ([a-z_ ]+)$")
_TOGETHER = re.compile(r", sum of the years$| of \d+ years together(?=$|, )")
_MEASURE = re.compile(r"\b([a-z]+(?:_[a-z]+)*)(?: ((?:19|20)\d\d))?\b")
_WILSON = re.compile(r"^(low|high) end of the (?:(\d+(?:\.\d+)?) ?% )?Wilson interval of (.+)$")
_OPERATORS: Mapping[type, Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


YEARS = range(1926, 2101)
"""Numbers in a formula that are years."""


class Unread(ValueError):
    """A formula this module does not read."""


@dataclass(frozen=True)
class Second:
    """The second value of a fact; `value` is none where the formula is not read."""

    fact: Fact
    value: float | None

    @property
    def difference(self) -> float | None:
        """Second value less first."""
        return None if self.value is None else self.value - self.fact.value

    @property
    def agrees(self) -> bool | None:
        """Whether both are printed alike; none where there is no second value."""
        if self.value is None:
            return None
        return display(self.value, self.fact.unit, self.fact.digits) == self.fact.display


def recompute(fact: Fact, cells: Mapping[str, Cell], confidence: float) -> Second:
    """Return the second value of a fact.

    Parameters
    ----------
    fact : Fact
    cells : mapping of address to Cell
    confidence : float
        Coverage of an interval whose formula names none.
    """
    found = [cells.get(address) for address in fact.observations]
    if any(one is None for one in found) or not fact.known:
        return Second(fact, None)
    formula, year = fact.formula, _ONE_YEAR.search(fact.formula)
    values = _values(one for one in found if one is not None)
    if year is not None:
        values = values.of_year(min if year[1] == "first" else max)
        formula = _ONE_YEAR.sub("", formula)
    if _TOGETHER.search(formula) or (_SHARE.match(formula) and values.one_a_year):
        values = replace(values, together=True)
    try:
        return Second(fact, _formula(formula, values, confidence))
    except (Unread, ZeroDivisionError):
        return Second(fact, None)


@dataclass(frozen=True)
class _Values:
    """The values of a fact's cells by measure and year."""

    lists: Mapping[tuple[str, int | None], tuple[Fraction, ...]]
    together: bool = False

    def of_year(self, which: Callable[[list[int]], int]) -> _Values:
        """Return the values of one year, e.g. of the last (``max``)."""
        years = [year for _, year in self.lists if year is not None]
        if not years:
            return _Values({})
        return _Values({key: one for key, one in self.lists.items() if key[1] == which(years)})

    @property
    def one_a_year(self) -> bool:
        """Whether every measure has one value in each year, and all have the same years."""
        years = {
            name: {when for other, when in self.lists if other == name} for name in self.measures
        }
        single = all(len(values) == 1 for values in self.lists.values())
        return single and len({frozenset(one) for one in years.values()}) == 1

    def get(self, measure: str, year: int | None) -> Fraction:
        """Return one value, or the sum where the formula asks for it.

        A name may be the end of a measure's name, where only one ends so.
        """
        ends = [one for one in self.measures if one.endswith(f"_{measure}")]
        wanted = ends[0] if measure not in self.measures and len(ends) == 1 else measure
        found = [
            value
            for (name, when), values in self.lists.items()
            if name == wanted and (year is None or when == year)
            for value in values
        ]
        if not found or (len(found) > 1 and not self.together):
            raise Unread(f"{measure} {year}: {len(found)} values")
        return sum(found, Fraction(0))

    @property
    def measures(self) -> set[str]:
        """The measures of the cells."""
        return {name for name, _ in self.lists}


def _values(cells: Iterable[Cell]) -> _Values:
    found: dict[tuple[str, int | None], list[Fraction]] = {}
    for cell in cells:
        for one in cell.values:
            if one.value is not None:
                found.setdefault((one.measure, one.year), []).append(Fraction(one.value))
    return _Values({key: tuple(values) for key, values in found.items()})


def _formula(text: str, values: _Values, confidence: float) -> float:
    interval = _WILSON.match(text)
    if interval is None:
        return float(_value(_tree(text, values), values))
    end, level, inside = interval.groups()
    tree = _tree(inside, values)
    if not ast.unparse(tree).startswith("100 * ") or not isinstance(tree, ast.BinOp):
        raise Unread(text)
    if not isinstance(tree.op, ast.Div) or not isinstance(tree.left, ast.BinOp):
        raise Unread(text)
    part, whole = _value(tree.left.right, values), _value(tree.right, values)
    low, high = wilson(int(part), int(whole), float(level) / 100 if level else confidence)
    return 100 * (low if end == "low" else high)


def wilson(part: int, whole: int, confidence: float) -> tuple[float, float]:
    """Return Wilson's score interval of a share.

    Examples
    --------
    Newcombe, Statistics in Medicine 17 (1998) 857, table I, 81 of 263 at 95 %:

    >>> [round(end, 4) for end in wilson(81, 263, 0.95)]
    [0.2553, 0.3662]
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = part / whole
    centre = share + z * z / (2 * whole)
    spread = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    return (centre - spread) / (1 + z * z / whole), (centre + spread) / (1 + z * z / whole)


def _tree(text: str, values: _Values) -> ast.expr:
    """Return the expression of a formula, a year behind a measure joined to its name."""
    plain = text.replace("persons arrested", "persons_arrested").strip()
    plain = _TOGETHER.sub("", _PRINTED.sub("", plain))
    if not plain and len(values.measures) == 1:
        plain = next(iter(values.measures))
    joined = _MEASURE.sub(lambda one: f"{one[1]}__{one[2]}" if one[2] else one[1], plain)
    try:
        return ast.parse(joined, mode="eval").body
    except SyntaxError:
        raise Unread(text) from None


def _value(node: ast.expr, values: _Values) -> Fraction:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        if isinstance(node.value, int) and node.value in YEARS:
            if len(values.measures) != 1:
                raise Unread(str(node.value))
            return values.get(next(iter(values.measures)), node.value)
        return Fraction(str(node.value))
    if isinstance(node, ast.Name):
        measure, _, year = node.id.partition("__")
        return values.get(measure, int(year) if year else None)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.left, values), _value(node.right, values))
    raise Unread(ast.unparse(node))
