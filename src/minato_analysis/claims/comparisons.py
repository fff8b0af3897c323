"""The vocabulary over several series: one against another, last year against first, number against number.

In: resolved operands. Out: a :class:`~.finding.Finding`. The words are defined in
:mod:`minato_analysis.claims.words`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from minato_analysis.claims.chance import equal_counts
from minato_analysis.claims.errors import StatementError
from minato_analysis.claims.finding import Finding, change, found, moved, word
from minato_analysis.claims.series import Point, Series, counts, single, together
from minato_analysis.claims.words import (
    ALIKE,
    ALPHA,
    CANNOT_TELL,
    MUCH_TIMES,
    SMALL_GROUP,
    listed,
    number,
    p_value,
)
from minato_analysis.numbers.facts import display
from minato_analysis.statistics import comparison, selection

EXACT = 9
"""Ratios are compared at so many decimal places, so that 13 : 10 is 1.3."""


@word
def exceeds_every_year(of: Series, than: Series, difference: str = "") -> Finding:
    """上回る: above the other in every year both have.

    Here and below: values of unequal definitions are compared only where `difference` says how they
    differ, and then it is printed.
    """
    pairs = together(of, than)
    below = [a.when for a, b in pairs if a.value <= b.value]
    said = f"{_pairs_said(of, than, pairs)}。上回っていない年：{listed(below)}"
    said += _like(of, than, difference)
    return found(not below, said, of, than, exceptions=listed(below))


@word
def ratio_at_least(
    of: Series, than: Series, times: float = MUCH_TIMES, difference: str = ""
) -> Finding:
    """かなり: at least 1.3 times the other (or `times`) in every year both have."""
    pairs = together(of, than)
    ratios = [(a.when, a.value / b.value) for a, b in pairs]
    below = [when for when, ratio in ratios if round(ratio, EXACT) < times]
    text = listed(f"{when}{number(ratio, 'ratio')}" for when, ratio in ratios)
    said = f"{of.label}の{than.label}に対する倍率：{text}。{times:g}倍に届かない年：{listed(below)}"
    said += _like(of, than, difference)
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
    said = f"{of.said()}。ほかで最も多いもの：{max(second)[1]}。最も多くない年：{listed(losing)}"
    return found(not losing, said, of, *among, exceptions=listed(losing))


@word
def top_in_year(top: Sequence[Series], among: Sequence[Series]) -> Finding:
    """多い: each of `top` is above each of `among` (one year each)."""
    lowest = min((single(one).value, one.label) for one in top)
    highest = max((single(one).value, one.label) for one in among)
    shown = sorted((*top, *among), key=lambda one: -one.last.value)
    said = listed(f"{one.label}{one.text(one.last)}{counts(one.last)}" for one in shown)
    order = listed(f"{one.label}{one.text(one.last)}" for one in shown)
    return found(lowest[0] > highest[0], f"{shown[0].last.when}：{said}", *top, *among, order=order)


@word
def same_direction(of: Sequence[Series]) -> Finding:
    """All move the same way from their first to their last year."""
    signs = {change(one) > 0 for one in of}
    changes = {f"change{place}": moved(one) for place, one in enumerate(of, 1)}
    said = listed(f"{one.label}は{moved(one)}" for one in of)
    still = any(change(one) == 0 for one in of)
    return found(len(signs) == 1 and not still, f"{of[0].span}：{said}", *of, **changes)


@word
def same_growth(of: Series, like: Series) -> Finding:
    """同様: same direction, and growth within 25 % of the other's growth."""
    _like(of, like, "")
    mine, theirs = change(of), change(like)
    holds = theirs != 0 and round(abs(mine / theirs - 1), EXACT) <= ALIKE
    said = f"{of.span}：{of.label}は{moved(of)}、{like.label}は{moved(like)}"
    return found(holds, said, of, like, mine=moved(of), theirs=moved(like))


@word
def higher_than_first(of: Series) -> Finding:
    """The last year is above the first, whatever chance says; how much chance says is told."""
    return _against_first(of, change(of) > 0)


@word
def higher_beyond_chance(
    of: Series,
    than: Series,
    tried: int = 0,
    among: Sequence[Series] = (),
    together: int = 1,
    difference: str = "",
) -> Finding:
    """One share above another by more than chance: p < 0.05, and both of 30 persons or more.

    It must be said from how many comparisons this one was picked: `tried`, 1 where it was the only one, and p
    is multiplied by it (Bonferroni). Or `among` names the groups of which the first `together` were picked as
    the highest, and p is that of the highest of all such sets, by permutation.
    """
    if among:
        tried = math.comb(len(among), together)
    if tried < 1:
        raise StatementError("いくつの比べ方から選んだかを tried: か among: に書いてください")
    said, p, numbers = _two_shares(of, than, difference)
    if tried > 1:
        p = _picked(among, together) if among else min(1.0, tried * p)
        said += f"。{tried}通りから選んだことを見込むと{p_value(p)}"
        said += "" if p < ALPHA or CANNOT_TELL in said else f"。{CANNOT_TELL}"
    numbers |= {"p": number(p, "p_value"), "tried": f"{tried}通り"}
    a, b = single(of), single(than)
    large = min(a.whole or 0, b.whole or 0) >= SMALL_GROUP
    return found(large and p < ALPHA and a.value > b.value, said, of, than, *among, **numbers)


@word
def higher_in_number(of: Series, than: Series, difference: str = "") -> Finding:
    """One share above another as printed, whatever chance says; how much chance says is told."""
    said, _, numbers = _two_shares(of, than, difference)
    return found(single(of).value > single(than).value, said, of, than, **numbers)


@word
def equals(of: Series, to: Series) -> Finding:
    """Two single numbers are the same."""
    a, b = single(of), single(to)
    said = _side_by_side(of, to)
    return found(a.value == b.value, said, of, to, left=of.text(a), right=to.text(b))


@word
def exceeds(of: Series, than: Series) -> Finding:
    """One single number is above another."""
    return found(single(of).value > single(than).value, _side_by_side(of, than), of, than)


@word
def prints_as(of: Series, stated: float, digits: int) -> Finding:
    """A computed number is printed as the sentence states it, rounded half up."""
    point = single(of)
    computed, told = (display(value, of.unit, digits) for value in (point.value, stated))
    said = f"{of.label}{point.when}：計算した値{computed}{counts(point)}、記述の値{told}"
    return found(computed == told, said, of, computed=computed)


def _side_by_side(of: Series, to: Series) -> str:
    """Return two single numbers; a number without a name is the one the sentence needs."""
    a, b = single(of), single(to)
    mine = f"{of.label}{'：' if of.label else ''}{a.when}{of.text(a)}"
    if not to.label:
        return f"{mine}（比べる値{number(b.value, of.unit, to.digits)}）"
    return f"{mine}、{to.label}：{b.when}{to.text(b)}"


def _against_first(of: Series, holds: bool) -> Finding:
    first, last = of.first, of.last
    said = f"{first.when}から{last.when}まで：{of.label}は{moved(of)}"
    if of.counted:
        counted = (*last.pair, *first.pair)
        interval = comparison.compare_shares(*counted)
        p = float(comparison.equality_p_value(*counted))
        low, high = (number(100 * float(end), "points") for end in (interval.low, interval.high))
        chance = f"95%信頼区間は{low}から{high}まで、{p_value(p)}"
    elif of.unit in ("persons", "cases"):
        p = equal_counts(first.value, last.value)
        chance = f"2つの年の数が同じとする検定の{p_value(p)}"
    else:
        return found(holds, said, of)
    verdict = "" if p < ALPHA else f"。{CANNOT_TELL}"
    return found(holds, f"{said}（{chance}）{verdict}", of, p=number(p, "p_value"), chance=chance)


def _picked(among: Sequence[Series], together: int) -> float:
    part, whole = zip(*(single(one).pair for one in among), strict=True)
    return selection.highest_of_sets(part, whole, together)


def _like(of: Series, than: Series, difference: str) -> str:
    """Return the difference of definitions in words; refuse one that is not named."""
    if of.definitions == than.definitions:
        return ""
    if not difference:
        raise StatementError(
            f"「{of.label}」と「{than.label}」は定義が違います"
            f"（{listed(sorted(of.definitions))}と{listed(sorted(than.definitions))}）。"
            "比べるなら difference: に違いを書いてください"
        )
    return f"。比べるものの違い：{difference}"


def _two_shares(of: Series, than: Series, unlike: str) -> tuple[str, float, dict[str, str]]:
    a, b = single(of), single(than)
    counted = (*a.pair, *b.pair)
    interval = comparison.compare_shares(*counted)
    p = float(comparison.equality_p_value(*counted))
    low, high = (number(100 * float(end), "points") for end in (interval.low, interval.high))
    difference = number(a.value - b.value, "points")
    chance = f"差{difference}、95%信頼区間{low}から{high}まで、{p_value(p)}"
    small = [one.label for one, at in ((of, a), (than, b)) if (at.whole or 0) < SMALL_GROUP]
    said = f"{a.when}：{of.label}{of.text(a)}{counts(a)}、{than.label}{than.text(b)}{counts(b)}。{chance}"
    if small:
        said += f"。{listed(small)}は{SMALL_GROUP}人未満で、割合の比較に向きません"
    elif p >= ALPHA:
        said += f"。{CANNOT_TELL}"
    said += _like(of, than, unlike)
    texts = {"mine": of.text(a), "theirs": than.text(b), "when": a.when, "chance": chance}
    return said, p, {**texts, "p": number(p, "p_value"), "difference": difference}


def _pairs_said(of: Series, than: Series, pairs: Sequence[tuple[Point, Point]]) -> str:
    rows = listed(f"{a.when}{of.text(a)}と{than.text(b)}" for a, b in pairs)
    return f"{of.label}と{than.label}：{rows}"
