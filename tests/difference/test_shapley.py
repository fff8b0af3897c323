"""The split of a change: exact sums, known effects, merged factors."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis.difference.shapley import Factors, groupings, split

NAMES = ("data", "window", "choices", "code")
values = st.fractions(min_value=-100, max_value=100, max_denominator=1000)


def worth(table: dict[Factors, Fraction | None]) -> Callable[[Factors], Fraction | None]:
    return lambda taken: table[taken]


def subsets(names: tuple[str, ...]) -> list[Factors]:
    return [
        frozenset(name for bit, name in enumerate(names) if number >> bit & 1)
        for number in range(2 ** len(names))
    ]


@st.composite
def games(draw: st.DrawFn) -> tuple[tuple[str, ...], dict[Factors, Fraction]]:
    """A few factors and any value for every combination."""
    names = NAMES[: draw(st.integers(1, 4))]
    return names, {taken: draw(values) for taken in subsets(names)}


@given(games())
def test_the_parts_sum_exactly_to_the_change(
    game: tuple[tuple[str, ...], dict[Factors, Fraction]],
) -> None:
    names, table = game
    found = split(names, worth(table))
    assert found is not None
    whole = table[frozenset(names)] - table[frozenset()]
    assert sum(part for _, part in found.parts) == whole == found.end - found.start


@given(games())
def test_a_part_is_the_mean_effect_over_all_orders(
    game: tuple[tuple[str, ...], dict[Factors, Fraction]],
) -> None:
    names, table = game
    found = split(names, worth(table))
    assert found is not None
    orders = list(permutations(names))
    for (name,), part in found.parts:
        effects = []
        for order in orders:
            before = frozenset(order[: order.index(name)])
            effects.append(table[before | {name}] - table[before])
        assert part == sum(effects, Fraction(0)) / len(orders)


@given(st.lists(values, min_size=1, max_size=4))
def test_effects_that_do_not_meet_are_found_as_they_are(effects: list[Fraction]) -> None:
    names = NAMES[: len(effects)]
    known = dict(zip(names, effects, strict=True))
    found = split(names, lambda taken: sum((known[name] for name in taken), Fraction(7)))
    assert found is not None
    assert dict(found.parts) == {(one,): known[one] for one in names}


@given(games(), st.data())
def test_whatever_does_not_run_the_parts_still_sum_to_the_change(
    game: tuple[tuple[str, ...], dict[Factors, Fraction]], data: st.DataObject
) -> None:
    names, table = game
    ends = (frozenset(), frozenset(names))
    missing = data.draw(st.sets(st.sampled_from(subsets(names)))) - set(ends)
    found = split(names, lambda taken: None if taken in missing else table[taken])
    assert found is not None
    assert sorted(name for group, _ in found.parts for name in group) == sorted(names)
    assert sum(part for _, part in found.parts) == table[ends[1]] - table[ends[0]]
    assert set(found.impossible) <= missing
    # Every set of whole groups has a value: nothing was guessed.
    groups = [frozenset(group) for group, _ in found.parts]
    for chosen in subsets(tuple(str(number) for number in range(len(groups)))):
        taken = frozenset().union(*(groups[int(number)] for number in chosen))
        assert taken not in missing


@pytest.mark.parametrize("end", [frozenset(), frozenset(NAMES)])
def test_an_end_without_a_value_leaves_nothing_to_split(end: Factors) -> None:
    assert split(NAMES, lambda taken: None if taken == end else Fraction(0)) is None


def test_only_what_cannot_be_exchanged_apart_is_merged() -> None:
    """Years without their data do not run; code and choices stay on their own."""

    def value(taken: Factors) -> Fraction | None:
        return None if "window" in taken and "data" not in taken else Fraction(len(taken))

    found = split(("window", "data", "choices", "code"), value)
    assert found is not None
    assert dict(found.parts) == {("window", "data"): 2, ("choices",): 1, ("code",): 1}


def test_no_combination_is_asked_for_twice() -> None:
    asked: list[Factors] = []

    def value(taken: Factors) -> Fraction | None:
        asked.append(taken)
        return None if taken == {"window"} else Fraction(len(taken))

    split(("window", "data", "code"), value)
    assert len(asked) == len(set(asked))
    assert asked[0] == frozenset()


def test_all_groupings_are_there_finest_first() -> None:
    found = list(groupings("abcd"))
    assert len(found) == len(set(found)) == 15  # the Bell number of four
    assert [len(groups) for groups in found] == sorted((len(one) for one in found), reverse=True)
    assert found[0] == (("a",), ("b",), ("c",), ("d",))
    assert found[-1] == (("a", "b", "c", "d"),)
