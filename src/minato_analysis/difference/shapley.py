"""Splits a change between groups of factors, so that the parts sum exactly to the whole.

In: a function that gives the value when some factors are taken from the new side and the others from the
old one. Out: the part of every group: its effect averaged over all orders in which the groups can be
exchanged one after the other.

Where a combination has no value (new data cannot be computed with old parameters), the factors that cannot
be exchanged apart from each other are merged into one group: the finest grouping is taken for which every
combination of groups has a value. Nothing is guessed.

References
----------
L. S. Shapley (1953), A value for n-person games, Contributions to the Theory of Games II, 307-317.
A. F. Shorrocks (2013), Decomposition procedures for distributional analysis: a unified framework based on
the Shapley value, Journal of Economic Inequality 11, 99-126 (the use for attributing a change).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial

Factors = frozenset[str]
Group = tuple[str, ...]
Value = Callable[[Factors], Fraction | None]
"""The value with these factors from the new side; none where it cannot be computed."""


@dataclass(frozen=True)
class Split:
    """A change with its parts, by group of factors.

    Attributes
    ----------
    start, end : Fraction
        The value with no factor and with all factors from the new side.
    parts : tuple of (group, Fraction)
        They sum to ``end - start``.
    impossible : tuple of Factors
        The combinations without a value for whose sake factors were merged.
    """

    start: Fraction
    end: Fraction
    parts: tuple[tuple[Group, Fraction], ...]
    impossible: tuple[Factors, ...]


def split(factors: Sequence[str], value: Value) -> Split | None:
    """Return the parts of the change, none where one of the two ends has no value.

    `value` is asked only for what is needed, small sets first, each set once.

    Examples
    --------
    Two factors with effects 3 and 5 and a joint effect of 2, which is shared equally:

    >>> worth = {"": 0, "a": 3, "b": 5, "ab": 10}
    >>> found = split("ab", lambda taken: Fraction(worth["".join(sorted(taken))]))
    >>> [(group, int(part)) for group, part in found.parts]
    [(('a',), 4), (('b',), 6)]

    When ``b`` alone has no value, the two are one group:

    >>> worth = {"": Fraction(0), "a": Fraction(3), "b": None, "ab": Fraction(10)}
    >>> found = split("ab", lambda taken: worth["".join(sorted(taken))])
    >>> [(group, int(part)) for group, part in found.parts], found.impossible
    ([(('a', 'b'), 10)], (frozenset({'b'}),))
    """
    known: dict[Factors, Fraction | None] = {}

    def worth(taken: Factors) -> Fraction | None:
        if taken not in known:
            known[taken] = value(taken)
        return known[taken]

    start, end = worth(frozenset()), worth(frozenset(factors))
    if start is None or end is None:
        return None
    for groups in groupings(factors):
        sets = sorted(map(_union, _subsets(groups)), key=len)
        if all(worth(one) is not None for one in sets):
            break
    values = {taken: found for taken, found in known.items() if found is not None}
    missing = (taken for taken, found in known.items() if found is None)
    return Split(start, end, tuple(_parts(groups, values)), tuple(sorted(missing, key=_order)))


def groupings(factors: Sequence[str]) -> Iterator[tuple[Group, ...]]:
    """Yield all ways of grouping the factors, those with more groups first.

    Of ways with equally many groups that comes first which merges factors named earlier.

    >>> list(groupings("abc"))[:3]
    [(('a',), ('b',), ('c',)), (('a', 'b'), ('c',)), (('a', 'c'), ('b',))]
    """
    place = {name: number for number, name in enumerate(factors)}

    def rank(groups: tuple[Group, ...]) -> tuple[int, list[tuple[int, list[int]]]]:
        return -len(groups), [(-len(one), [place[name] for name in one]) for one in groups]

    yield from sorted(_partitions(tuple(factors)), key=rank)


def _partitions(names: Group) -> Iterator[tuple[Group, ...]]:
    if not names:
        yield ()
        return
    first, rest = names[0], names[1:]
    for size in range(len(rest) + 1):
        for others in combinations(rest, size):
            left = tuple(name for name in rest if name not in others)
            for groups in _partitions(left):
                yield ((first, *others), *groups)


def _parts(
    groups: tuple[Group, ...], worth: Mapping[Factors, Fraction]
) -> Iterator[tuple[Group, Fraction]]:
    count = len(groups)
    for group in groups:
        others = [one for one in groups if one != group]
        part = Fraction(0)
        for taken in _subsets(others):
            weight = Fraction(
                factorial(len(taken)) * factorial(count - 1 - len(taken)), factorial(count)
            )
            part += weight * (worth[_union([*taken, group])] - worth[_union(taken)])
        yield group, part


def _subsets(groups: Sequence[Group]) -> list[tuple[Group, ...]]:
    return [one for size in range(len(groups) + 1) for one in combinations(groups, size)]


def _union(groups: Iterable[Group]) -> Factors:
    return frozenset(name for group in groups for name in group)


def _order(taken: Factors) -> tuple[int, list[str]]:
    return len(taken), sorted(taken)
