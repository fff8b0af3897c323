"""The vocabulary over the course of a series: its lowest or highest year, and what came after.

Years with the same value count as one turning point: the last of them.
"""

from __future__ import annotations

from itertools import pairwise

from minato_analysis.claims.finding import Finding, found, word
from minato_analysis.claims.predicates import without_gaps
from minato_analysis.claims.series import Series, single


@word
def rose_since(of: Series, lowest: Series, years: Series) -> Finding:
    """底: the lowest value stands in this year, not the first, and every one of the `years` since rose."""
    return _turned(of, lowest, 1, years)


@word
def fell_since(of: Series, highest: Series, years: Series) -> Finding:
    """山: the highest value stands in this year, not the last, and every one of the `years` since fell."""
    return _turned(of, highest, -1, years)


@word
def lowest_within(of: Series, lowest: Series) -> Finding:
    """The lowest value stands in this year, neither the first nor the last."""
    return _turned(of, lowest, 1)


@word
def highest_within(of: Series, highest: Series) -> Finding:
    """The highest value stands in this year, neither the first nor the last."""
    return _turned(of, highest, -1)


@word
def ends_lowest(of: Series) -> Finding:
    """The last value is below every other."""
    return _ends(of, 1)


@word
def ends_highest(of: Series) -> Finding:
    """The last value is above every other."""
    return _ends(of, -1)


def _turned(of: Series, at: Series, sign: int, years: Series | None = None) -> Finding:
    without_gaps(of)
    extreme = min(sign * point.value for point in of.points)
    turn = max(n for n, point in enumerate(of.points) if sign * point.value == extreme)
    after = of.points[turn:]
    holds = 0 < turn < len(of.points) - 1 and of.points[turn].year == single(at).value
    if years is not None:
        holds &= single(years).value == len(after) - 1
        holds &= all(sign * (b.value - a.value) > 0 for a, b in pairwise(after))
    return found(holds, of.said(), of, at)


def _ends(of: Series, sign: int) -> Finding:
    without_gaps(of)
    *others, last = (sign * point.value for point in of.points)
    return found(all(last < one for one in others), of.said(), of)


@word
def level(of: Series) -> Finding:
    """The value is the same in every year."""
    without_gaps(of)
    return found(len({point.value for point in of.points}) == 1, of.said(), of)
