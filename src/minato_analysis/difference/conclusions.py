"""Block 1, the numbers: facts whose conclusion is another one.

In: pairs of facts. Out: :class:`Turned`, one for each conclusion that is not the same in both editions:

direction   the sign of a difference or a change
interval    an interval of a difference or a ratio no longer includes, or now includes, no difference
test        a p value crossed the level of its edition (one minus the confidence)
target      the indicator crossed the target
likelihood  the words for the probability of reaching the target
count       a count of findings became zero, or no longer is
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from minato_analysis.difference import headlines, roles
from minato_analysis.difference.roles import By, Pair
from minato_analysis.difference.side import Side
from minato_analysis.numbers.facts import Fact

Kind = Literal["target", "likelihood", "direction", "interval", "test", "count"]

KINDS: Mapping[Kind, str] = {
    "target": "目標との関係",
    "likelihood": "目標に届く見込み",
    "direction": "向き",
    "interval": "区間",
    "test": "検定",
    "count": "件数",
}

ASIDE = ("backtest.", "audit.", "data.mutation.")
"""Beginnings of ids that judge the methods, not the area."""

FINDINGS = re.compile(
    r"\.(?:met|apart|outside|significant|higher|lower|undecided|refused|broken|unexplained)(?:\.|$)"
)
"""Ids of counts of findings."""

_RATIO = re.compile(r"(?:_or|ratio)(?:\.|$)")


@dataclass(frozen=True)
class Turned:
    """One conclusion that changed.

    Attributes
    ----------
    kind : str
        Key of :data:`KINDS`.
    before, after : Fact
    by : str
        How the two facts were matched.
    old, new : str
        What each edition concludes, in words with the number.
    """

    kind: Kind
    before: Fact
    after: Fact
    by: By
    old: str
    new: str

    @property
    def headline(self) -> bool:
        """Whether it is about the target: what a council asks first."""
        return self.kind in ("target", "likelihood")


def turned(before: Side, after: Side) -> list[Turned]:
    """Return the conclusions that changed, those about the target first."""
    found = list(_target(before, after))
    for pair in roles.pairs(before.facts, after.facts, before.names, after.names):
        if not pair.before.id.startswith(ASIDE) and pair.before.unit == pair.after.unit:
            found += _of_pair(pair, before, after)
    order = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(found, key=lambda one: (order[one.kind], one.by == "id", one.after.id))


def _target(before: Side, after: Side) -> Iterable[Turned]:
    sides = (before, after)
    shares = [one.facts.get(roles.filled(headlines.INDICATOR, one.names)) for one in sides]
    goals = [one.facts.get(headlines.TARGET) for one in sides]
    if all(shares) and all(goals):
        told = [
            _against_target(share, goal)
            for share, goal in zip(shares, goals, strict=True)
            if share is not None and goal is not None
        ]
        yield from _if_changed("target", (shares[0], shares[1]), "role", (told[0], told[1]))
    chances = [one.facts.get(roles.filled(headlines.PROBABILITY, one.names)) for one in sides]
    if chances[0] is not None and chances[1] is not None:
        classes = [headlines.likelihood(one.value) for one in chances if one is not None]
        if classes[0] != classes[1]:
            old, new = (headlines.in_twenty(one) for one in chances if one is not None)
            yield Turned("likelihood", chances[0], chances[1], "role", old, new)


def _against_target(share: Fact, goal: Fact) -> tuple[str, str]:
    met = _shown(share) <= _shown(goal)
    words = "目標以下" if met else "目標を上回る"
    return words, f"{words}（{share.display}、目標{goal.display}）"


def _if_changed(
    kind: Kind,
    facts: tuple[Fact | None, Fact | None],
    by: By,
    told: tuple[tuple[str, str], tuple[str, str]],
) -> Iterable[Turned]:
    """Yield one entry where the states (first of each pair) differ; the words are the second."""
    before, after = facts
    (old, old_words), (new, new_words) = told
    if before is not None and after is not None and old != new:
        yield Turned(kind, before, after, by, old_words, new_words)


def _of_pair(pair: Pair, before: Side, after: Side) -> Iterable[Turned]:
    one, other = pair.before, pair.after
    if one.unit == "p_value":
        told = _test(one, before), _test(other, after)
        return _if_changed("test", (one, other), pair.by, told)
    if one.id.endswith((".low", "_low")):
        return _interval(pair, before.facts, after.facts)
    if one.id.endswith((".high", "_high", ".low80", ".high80", ".low95", ".high95")):
        return ()
    if one.unit in ("number", "cases") and FINDINGS.search(one.id):
        return _if_changed("count", (one, other), pair.by, (_any(one), _any(other)))
    if _signed(one, other):
        return _if_changed("direction", (one, other), pair.by, (_direction(one), _direction(other)))
    return ()


def _test(fact: Fact, side: Side) -> tuple[str, str]:
    level = round(1 - side.edition.confidence, 6)
    if fact.value < level:
        return "apart", f"偶然だけでは説明しにくい（p={fact.display}、基準{level:g}）"
    return "open", f"この人数では判断できない（p={fact.display}、基準{level:g}）"


def _interval(
    pair: Pair, before: Mapping[str, Fact], after: Mapping[str, Fact]
) -> Iterable[Turned]:
    low, other = pair.before, pair.after
    ends = [re.sub(r"low$", "high", one.id) for one in (low, other)]
    if ends[0] not in before or ends[1] not in after:
        return ()
    reference = _reference(low)
    if reference is None:
        return ()
    told = (
        _span(low, before[ends[0]], reference),
        _span(other, after[ends[1]], reference),
    )
    return _if_changed("interval", (low, other), pair.by, told)


def _reference(low: Fact) -> float | None:
    """Return the value that means no difference: 0 for differences and slopes, 1 for ratios."""
    if low.unit == "points" or "slope" in low.id:
        return 0.0
    return 1.0 if _RATIO.search(low.id) else None


def _span(low: Fact, high: Fact, reference: float) -> tuple[str, str]:
    shown = f"{low.display}〜{high.display}"
    if low.value > reference:
        return "above", f"差がある（{shown}、すべて{reference:g}より大きい）"
    if high.value < reference:
        return "below", f"差がある（{shown}、すべて{reference:g}より小さい）"
    return "open", f"この人数では差があるともないとも言えない（{shown}）"


def _any(fact: Fact) -> tuple[str, str]:
    return ("none", "なし") if fact.value == 0 else ("some", f"あり（{fact.display}）")


def _signed(one: Fact, other: Fact) -> bool:
    """Whether a sign has a meaning: differences, and changes in percent that may be negative."""
    return one.unit == "points" or (
        one.unit in ("percent", "persons", "cases") and min(one.value, other.value) < 0
    )


def _direction(fact: Fact) -> tuple[str, str]:
    shown = _shown(fact)
    state = "plus" if shown > 0 else "minus" if shown < 0 else "none"
    words = {"plus": "正（増える、高い側）", "minus": "負（減る、低い側）", "none": "差がない"}
    return state, f"{words[state]}（{fact.display}）"


def _shown(fact: Fact) -> float:
    """Return the value as it is printed: a sign or a crossing below the last digit is not shown."""
    digits = fact.display.replace("△", "-").replace(",", "")
    found = re.match(r"-?\d+(?:\.\d+)?", digits)
    return float(found[0]) if found else fact.value
