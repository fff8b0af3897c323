"""The vocabulary over one series: each function is one word that may stand in YAML.

In: resolved operands. Out: a :class:`~.finding.Finding`: whether it holds, the numbers in words, and the
numbers by name for the wording of a suggestion. The words are defined in
:mod:`minato_analysis.claims.words`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from minato_analysis.claims.chance import count_trend
from minato_analysis.claims.errors import NotPublished, StatementError
from minato_analysis.claims.finding import (
    Direction,
    Finding,
    change,
    change_text,
    found,
    in_percent,
    relative,
    word,
)
from minato_analysis.claims.series import Series, single
from minato_analysis.claims.words import (
    ALPHA,
    FLAT_STEP_PERCENT,
    FLAT_TOTAL_PERCENT,
    HALF_PERCENT,
    MAJORITY_PERCENT,
    SLIGHT_PERCENT,
    SLIGHT_POINTS,
    listed,
    number,
    p_value,
)
from minato_analysis.statistics import trends

FEWEST_YEARS = 3
"""A trend or a test with estimated spread needs at least so many years."""


@word
def values(of: Series) -> Finding:
    """Show the numbers; always holds."""
    return found(True, of.said(), of)


@word
def strictly_increasing(of: Series) -> Finding:
    """年々・一貫して増加: every year above the one before."""
    return _monotone(of, 1)


@word
def strictly_decreasing(of: Series) -> Finding:
    """年々・一貫して減少: every year below the one before."""
    return _monotone(of, -1)


@word
def trend_significant(of: Series, direction: Direction) -> Finding:
    """増加傾向・減少傾向: the trend has this sign and p < 0.05.

    Shares: binomial regression, and besides with estimated spread, both below 0.05. Counts: log-linear
    regression with estimated spread.
    """
    years = [float(point.year or 0) for point in of.points]
    if len(years) < FEWEST_YEARS:
        raise NotPublished(f"「{of.label}」は{len(years)}年分しかなく、傾向を検定できません")
    if of.counted:
        part, whole = np.array([one.pair for one in of.points]).T
        plain = trends.logit_trend(years, part, whole)
        quasi = trends.logit_trend(years, part, whole, scale="quasi")
        slope, p = plain.slope, max(plain.p, quasi.p)
        chance = f"傾向の検定の{p_value(plain.p)}（ばらつきを推定すると{p_value(quasi.p)}）"
    elif of.unit in ("persons", "cases"):
        trend = count_trend(years, [one.value for one in of.points])
        slope, p = trend.percent, trend.p
        yearly = number(trend.percent, "percent")
        chance = f"1年あたり{yearly}、傾向の検定の{p_value(p)}"
    else:
        raise StatementError(f"「{of.label}」は人数が分からないので傾向を検定できません")
    holds = p < ALPHA and (slope > 0) == (direction == "up")
    return found(holds, f"{of.said()}。{chance}", of, p=number(p, "p_value"), chance=chance)


@word
def slightly(of: Series, direction: Direction) -> Finding:
    """やや: first to last year in this direction, by less than 3 points (counts: less than 10 %)."""
    difference = change(of)
    limit = SLIGHT_POINTS if of.unit == "percent" else SLIGHT_PERCENT
    holds = (difference > 0) == (direction == "up") and 0 < abs(difference) < limit
    return found(holds, f"{of.said()}。差は{change_text(of)}", of)


@word
def flat(of: Series) -> Finding:
    """横ばい: first to last below 10 %, no neighbouring years apart by more than 15 %."""
    without_gaps(of)
    total = relative(of.first, of.last)
    steps = [(b, relative(a, b)) for a, b in pairwise(of.points)]
    steep = [point.when for point, step in steps if abs(step) > FLAT_STEP_PERCENT]
    holds = abs(total) < FLAT_TOTAL_PERCENT and not steep
    largest = max((abs(step) for _, step in steps), default=0.0)
    said = (
        f"{of.said()}。最初から最後までの差{in_percent(total)}、"
        f"隣り合う年の差は最大{in_percent(largest)}"
    )
    return found(holds, said, of, total=in_percent(total))


@word
def within(of: Series, low: float, high: float) -> Finding:
    """Every year between the limits, ends included."""
    return _each(
        of,
        lambda value: low <= value <= high,
        f"{number(low, of.unit)}から{number(high, of.unit)}まで",
    )


@word
def at_least(of: Series, least: float) -> Finding:
    """Every year at this value or above."""
    return _each(of, lambda value: value >= least, f"{number(least, of.unit, 0)}以上")


@word
def about_half(of: Series) -> Finding:
    """約半数: 45 to 55 % in every year shown."""
    low, high = HALF_PERCENT
    return _each(of, lambda value: low <= value <= high, "約半数")


@word
def majority(of: Series) -> Finding:
    """大半: two thirds or more in every year shown."""
    return _each(of, lambda value: value >= MAJORITY_PERCENT, "3分の2以上")


@word
def over_half(of: Series) -> Finding:
    """過半: more than 50 % in every year shown."""
    return _each(of, lambda value: value > 50, "50%超")


@word
def peak_at(of: Series, year: Series) -> Finding:
    """ピーク: the highest value stands in this year and in no other."""
    return _extreme(of, year, max, "最も大きい")


@word
def lowest_at(of: Series, year: Series) -> Finding:
    """最少: the lowest value stands in this year and in no other."""
    return _extreme(of, year, min, "最も小さい")


def without_gaps(of: Series) -> None:
    """Refuse a series with missing years: what happened in them is not known."""
    gaps = [(a, b) for a, b in pairwise(of.points) if a.year and b.year and b.year - a.year != 1]
    if gaps:
        raise NotPublished(
            f"「{of.label}」の{gaps[0][0].when}と{gaps[0][1].when}の間の値がありません"
        )


def _monotone(of: Series, sign: int) -> Finding:
    without_gaps(of)
    broken = [b.when for a, b in pairwise(of.points) if sign * (b.value - a.value) <= 0]
    word_ = "高く" if sign > 0 else "低く"
    said = f"{of.said()}。前の年より{word_}なっていない年：{listed(broken)}"
    return found(len(of.points) > 1 and not broken, said, of, exceptions=listed(broken))


def _each(of: Series, rule: Callable[[float], bool], what: str) -> Finding:
    outside = [point.when for point in of.points if not rule(point.value)]
    said = f"{of.said()}。{what}でない年：{listed(outside)}"
    if len(of.points) == 1:
        said = f"{of.said()}。{what}{'でない' if outside else 'に当たる'}"
    return found(not outside, said, of, exceptions=listed(outside))


def _extreme(of: Series, year: Series, choose: Callable[..., float], what: str) -> Finding:
    without_gaps(of)
    extreme = choose(point.value for point in of.points)
    at = [point for point in of.points if point.value == extreme]
    said = f"{of.label}が{of.span}で{what}年：{listed(f'{one.when}{of.text(one)}' for one in at)}"
    holds = [point.year for point in at] == [single(year).value]
    return found(holds, said, of, year)
