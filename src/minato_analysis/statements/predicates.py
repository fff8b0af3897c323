"""The vocabulary over series: each function is one word that may stand in YAML.

In: resolved operands. Out: a :class:`Finding`: whether it holds, the numbers in words, and the numbers by
name for the wording of a suggestion. Nothing else may decide a verdict. The words are defined in
:mod:`minato_analysis.statements.words`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from minato_analysis.facts import display
from minato_analysis.statements.chance import count_trend, equal_counts
from minato_analysis.statements.errors import NotPublished, StatementError
from minato_analysis.statements.operands import Point, Series, counts, single, together
from minato_analysis.statements.words import (
    ALIKE,
    ALPHA,
    CANNOT_TELL,
    FLAT_STEP_PERCENT,
    FLAT_TOTAL_PERCENT,
    HALF_PERCENT,
    MAJORITY_PERCENT,
    MUCH_TIMES,
    SLIGHT_PERCENT,
    SLIGHT_POINTS,
    SMALL_GROUP,
    listed,
    number,
    p_value,
)
from minato_analysis.statistics import comparison, trends

Direction = Literal["up", "down"]
FEWEST_YEARS = 3
"""A trend or a test with estimated spread needs at least so many years."""


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
    years = [point.year for point in of.points]
    if len(years) < FEWEST_YEARS:
        raise NotPublished(f"「{of.label}」は{len(years)}年分しかなく、傾向を検定できません")
    if of.counted:
        hits = ([one.part for one in of.points], [one.whole for one in of.points])
        plain = trends.logit_trend(years, *hits)
        quasi = trends.logit_trend(years, *hits, scale="quasi")
        slope, p = plain.slope, max(plain.p, quasi.p)
        chance = f"傾向の検定の{p_value(plain.p)}（ばらつきを推定すると{p_value(quasi.p)}）"
    elif of.unit in ("persons", "cases"):
        trend = count_trend(years, [one.value for one in of.points])
        slope, p = trend.percent, trend.p
        change = number(trend.percent, "percent")
        chance = f"1年あたり{change}、傾向の検定の{p_value(p)}"
    else:
        raise StatementError(f"「{of.label}」は人数が分からないので傾向を検定できません")
    holds = p < ALPHA and (slope > 0) == (direction == "up")
    return found(holds, f"{of.said()}。{chance}", of, p=number(p, "p_value"), chance=chance)


@word
def slightly(of: Series, direction: Direction) -> Finding:
    """やや: first to last year in this direction, by less than 3 points (counts: less than 10 %)."""
    change = _change(of)
    limit = SLIGHT_POINTS if of.unit == "percent" else SLIGHT_PERCENT
    holds = (change > 0) == (direction == "up") and 0 < abs(change) < limit
    return found(holds, f"{of.said()}。差は{_change_text(of)}", of)


@word
def flat(of: Series) -> Finding:
    """横ばい: first to last below 10 %, no neighbouring years apart by more than 15 %."""
    total = _relative(of.first, of.last)
    steps = [(b, _relative(a, b)) for a, b in pairwise(of.points)]
    steep = [point.when for point, step in steps if abs(step) > FLAT_STEP_PERCENT]
    holds = abs(total) < FLAT_TOTAL_PERCENT and not steep
    largest = max((abs(step) for _, step in steps), default=0.0)
    said = (
        f"{of.said()}。最初から最後までの差{number(total, 'percent')}、"
        f"隣り合う年の差は最大{number(largest, 'percent')}"
    )
    return found(holds, said, of, total=number(total, "percent"))


@word
def within(of: Series, low: float, high: float) -> Finding:
    """Every year between the limits, ends included."""
    return _each(of, lambda value: low <= value <= high, f"{low:g}から{high:g}まで")


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
def exceeds_every_year(of: Series, than: Series) -> Finding:
    """上回る: above the other in every year both have."""
    pairs = together(of, than)
    below = [a.when for a, b in pairs if a.value <= b.value]
    said = f"{_pairs_said(of, than, pairs)}。上回っていない年：{listed(below)}"
    return found(not below, said, of, than, exceptions=listed(below), above=_but(pairs, below))


@word
def ratio_at_least(of: Series, than: Series, times: float = MUCH_TIMES) -> Finding:
    """かなり: at least 1.3 times the other (or `times`) in every year both have."""
    pairs = together(of, than)
    ratios = [(a.when, a.value / b.value) for a, b in pairs]
    below = [when for when, ratio in ratios if ratio < times]
    text = listed(f"{when}{number(ratio, 'ratio')}" for when, ratio in ratios)
    said = f"{of.label}の{than.label}に対する倍率：{text}。{times:g}倍に届かない年：{listed(below)}"
    return found(not below, said, of, than, exceptions=listed(below), ratios=text)


@word
def largest_every_year(of: Series, among: Sequence[Series]) -> Finding:
    """最も多い: above every other in each year."""
    losing = []
    second = []
    for other in among:
        for a, b in together(of, other):
            if a.value <= b.value:
                losing.append(f"{a.when}（{other.label}{other.text(b)}）")
            second.append((b.value, f"{other.label}{other.text(b)}（{b.when}）"))
    said = (
        f"{of.said()}。ほかで最も多いもの：{max(second)[1]}。最も多くない年：{listed(losing)}"
    )
    return found(not losing, said, of, *among, exceptions=listed(losing))


@word
def top_in_year(top: Sequence[Series], among: Sequence[Series]) -> Finding:
    """多い: each of `top` is above each of `among` (one year each)."""
    lowest = min((single(one).value, one.label) for one in top)
    highest = max((single(one).value, one.label) for one in among)
    shown = sorted((*top, *among), key=lambda one: -one.last.value)
    said = listed(f"{one.label}{one.text(one.last)}{counts(one.last)}" for one in shown)
    order = listed(f"{one.label}{one.text(one.last)}" for one in shown)
    return found(
        lowest[0] > highest[0], f"{shown[0].last.when}：{said}", *top, *among, order=order
    )


@word
def peak_at(of: Series, year: int) -> Finding:
    """ピーク: the highest value stands in this year and in no other."""
    return _extreme(of, year, max, "最も大きい")


@word
def lowest_at(of: Series, year: int) -> Finding:
    """最少: the lowest value stands in this year and in no other."""
    return _extreme(of, year, min, "最も小さい")


@word
def same_direction(of: Sequence[Series]) -> Finding:
    """All move the same way from their first to their last year."""
    signs = {_change(one) > 0 for one in of}
    changes = {f"change{place}": _change_text(one) for place, one in enumerate(of, 1)}
    said = listed(f"{one.label}{_change_text(one)}" for one in of)
    still = any(_change(one) == 0 for one in of)
    return found(len(signs) == 1 and not still, f"{of[0].span}：{said}", *of, **changes)


@word
def same_growth(of: Series, like: Series) -> Finding:
    """同様: same direction, and growth within 25 % of the other's growth."""
    mine, theirs = _change(of), _change(like)
    holds = theirs != 0 and abs(mine / theirs - 1) <= ALIKE
    said = f"{of.span}：{of.label}{_change_text(of)}、{like.label}{_change_text(like)}"
    return found(holds, said, of, like, mine=_change_text(of), theirs=_change_text(like))


@word
def higher_than_first(of: Series) -> Finding:
    """The last year is above the first, whatever chance says; how much chance says is told."""
    return _against_first(of, _change(of) > 0)


@word
def higher_beyond_chance(of: Series, than: Series) -> Finding:
    """One share above another by more than chance: p < 0.05, and both of 30 persons or more."""
    said, p, numbers = _two_shares(of, than)
    a, b = single(of), single(than)
    large = min(a.whole or 0, b.whole or 0) >= SMALL_GROUP
    return found(large and p < ALPHA and a.value > b.value, said, of, than, **numbers)


@word
def higher_in_number(of: Series, than: Series) -> Finding:
    """One share above another as printed, whatever chance says; how much chance says is told."""
    said, _, numbers = _two_shares(of, than)
    return found(single(of).value > single(than).value, said, of, than, **numbers)


@word
def equals(of: Series, to: Series) -> Finding:
    """Two single numbers are the same."""
    a, b = single(of), single(to)
    said = f"{of.label}{a.when}{of.text(a)}、{to.label}{b.when}{to.text(b)}"
    return found(a.value == b.value, said, of, to, left=of.text(a), right=to.text(b))


@word
def exceeds(of: Series, than: Series) -> Finding:
    """One single number is above another."""
    a, b = single(of), single(than)
    said = f"{of.label}{a.when}{of.text(a)}、{than.label}{b.when}{than.text(b)}"
    return found(a.value > b.value, said, of, than)


@word
def prints_as(of: Series, stated: float, digits: int) -> Finding:
    """A computed number is printed as the sentence states it, rounded half up."""
    point = single(of)
    computed, told = (display(value, of.unit, digits) for value in (point.value, stated))
    said = f"{of.label}{point.when}：計算した値{computed}{counts(point)}、記述の値{told}"
    return found(computed == told, said, of, computed=computed)


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
        "change": _change_text(of),
        "low": of.text(min(of.points, key=lambda point: point.value)),
        "high": of.text(max(of.points, key=lambda point: point.value)),
        "values": listed(f"{point.when}{of.text(point)}" for point in of.points),
    }


def _without_gaps(of: Series) -> None:
    """Refuse a series with missing years: what happened in them is not known."""
    gaps = [
        (a, b) for a, b in pairwise(of.points) if a.year and b.year and b.year - a.year != 1
    ]
    if gaps:
        raise NotPublished(f"「{of.label}」の{gaps[0][0].when}と{gaps[0][1].when}の間の値がありません")


def _monotone(of: Series, sign: int) -> Finding:
    _without_gaps(of)
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


def _extreme(of: Series, year: int, choose: Callable[..., float], what: str) -> Finding:
    _without_gaps(of)
    extreme = choose(point.value for point in of.points)
    at = [point for point in of.points if point.value == extreme]
    said = f"{of.label}が{of.span}で{what}年：{listed(f'{one.when}{of.text(one)}' for one in at)}"
    return found([point.year for point in at] == [year], said, of)


def _relative(first: Point, last: Point) -> float:
    if first.value == 0:
        return 0.0 if last.value == 0 else float("inf")
    return 100 * (last.value / first.value - 1)


def _change(of: Series) -> float:
    """First to last year: points for shares, percent for counts."""
    if of.unit == "percent":
        return of.last.value - of.first.value
    return _relative(of.first, of.last)


def _change_text(of: Series) -> str:
    change = _change(of)
    if change in (float("inf"), float("-inf")):
        return "0からの増加"
    return number(change, "points" if of.unit == "percent" else "percent")


def _against_first(of: Series, holds: bool) -> Finding:
    first, last = of.first, of.last
    said = f"{of.label}：{first.when}{of.text(first)}、{last.when}{of.text(last)}。差は{_change_text(of)}"
    if of.counted:
        pair = (last.part, last.whole, first.part, first.whole)
        interval = comparison.compare_shares(*pair)  # type: ignore[arg-type]
        p = float(comparison.equality_p_value(*pair))  # type: ignore[arg-type]
        low, high = (number(100 * float(end), "points") for end in (interval.low, interval.high))
        chance = f"95%信頼区間は{low}から{high}まで、{p_value(p)}"
    elif of.unit in ("persons", "cases"):
        p = equalcounts(first.value, last.value)
        chance = f"2つの年の数が同じとする検定の{p_value(p)}"
    else:
        return found(holds, said, of)
    verdict = "" if p < ALPHA else f"。{CANNOT_TELL}"
    return found(holds, f"{said}（{chance}）{verdict}", of, p=number(p, "p_value"), chance=chance)


def _two_shares(of: Series, than: Series) -> tuple[str, float, dict[str, str]]:
    a, b = single(of), single(than)
    if a.whole is None or b.whole is None:
        raise StatementError(f"「{of.label}」と「{than.label}」は人数が分からないので検定できません")
    pair = (a.part, a.whole, b.part, b.whole)
    interval = comparison.compare_shares(*pair)  # type: ignore[arg-type]
    p = float(comparison.equality_p_value(*pair))  # type: ignore[arg-type]
    low, high = (number(100 * float(end), "points") for end in (interval.low, interval.high))
    difference = number(a.value - b.value, "points")
    chance = f"差{difference}、95%信頼区間{low}から{high}まで、{p_value(p)}"
    small = [one.label for one, at in ((of, a), (than, b)) if (at.whole or 0) < SMALL_GROUP]
    said = (
        f"{a.when}：{of.label}{of.text(a)}{counts(a)}、{than.label}{than.text(b)}{counts(b)}。{chance}"
    )
    if small:
        said += f"。{listed(small)}は{SMALL_GROUP}人未満で、割合の比較に向きません"
    elif p >= ALPHA:
        said += f"。{CANNOT_TELL}"
    texts = {"mine": of.text(a), "theirs": than.text(b), "when": a.when, "chance": chance}
    return said, p, {**texts, "p": number(p, "p_value"), "difference": difference}


def _pairs_said(of: Series, than: Series, pairs: Sequence[tuple[Point, Point]]) -> str:
    rows = listed(f"{a.when}{of.text(a)}と{than.text(b)}" for a, b in pairs)
    return f"{of.label}と{than.label}：{rows}"


def _but(pairs: Sequence[tuple[Point, Point]], below: Sequence[str]) -> str:
    return listed(a.when for a, _ in pairs if a.when not in below)
