"""The best of several candidates: held against all draws, counted one by one in miniature."""

from __future__ import annotations

from itertools import combinations, product
from math import comb, sqrt

import numpy as np
import pytest

from minato_analysis.statistics import selection


def enumerated(k: list[int], n: list[int], together: int) -> float:
    """All tables with the margins, weighted by their hypergeometric probability."""
    persons, total = sum(n), sum(k)
    sets = list(combinations(range(len(n)), together))

    def apart(counts: tuple[int, ...], chosen: tuple[int, ...]) -> float:
        size = sum(n[one] for one in chosen)
        excess = sum(counts[one] for one in chosen) - size * total / persons
        return excess / sqrt(size * (persons - size))

    first = apart(tuple(k), tuple(range(together)))
    probability = 0.0
    for counts in product(*(range(one + 1) for one in n)):
        if sum(counts) == total and max(apart(counts, one) for one in sets) >= first - 1e-12:
            ways = np.prod([comb(a, b) for a, b in zip(n, counts, strict=True)], dtype=float)
            probability += ways / comb(persons, total)
    return float(probability)


@pytest.mark.parametrize(
    ("k", "n", "together"),
    [
        ([4, 3, 1, 1], [5, 6, 7, 4], 2),
        ([5, 1, 2], [6, 5, 8], 1),
        ([2, 3, 1, 2, 0], [3, 4, 3, 5, 2], 2),
    ],
)
def test_the_probability_is_that_of_counting_all_tables(k, n, together) -> None:
    exact = enumerated(k, n, together)
    error = sqrt(exact * (1 - exact) / selection.DRAWS)
    assert selection.highest_of_sets(k, n, together) == pytest.approx(exact, abs=4 * error)


def test_a_pair_picked_as_the_highest_of_fifteen_is_less_surprising_than_by_itself() -> None:
    """図表3-4, 2022: two stations of six; counting all tables gives 0.2065 (once, 10 s)."""
    p = selection.highest_of_sets([65, 32, 15, 10, 13, 19], [119, 64, 28, 34, 34, 42], 2)
    assert p == pytest.approx(0.2065, abs=0.004)


def test_under_equal_shares_the_highest_pair_is_beyond_chance_as_often_as_said(monkeypatch) -> None:
    """The best of 15 pairs of pure chance: its p value is below 0.2 in about a fifth of all worlds."""
    monkeypatch.setattr(selection, "DRAWS", 2000)
    n = np.array([119, 64, 28, 34, 34, 42])
    worlds = np.random.default_rng(7).binomial(n, 0.48, size=(200, 6))
    below = 0
    for counts in worlds:
        persons, total = n.sum(), counts.sum()
        best = max(
            combinations(range(6), 2),
            key=lambda pair: (
                (counts[list(pair)].sum() - n[list(pair)].sum() * total / persons)
                / sqrt(n[list(pair)].sum() * (persons - n[list(pair)].sum()))
            ),
        )
        order = [*best, *(one for one in range(6) if one not in best)]
        below += selection.highest_of_sets(counts[order], n[order], 2) < 0.2
    assert 22 <= below <= 60


@pytest.mark.parametrize(
    ("k", "n", "together"), [([3], [2], 1), ([1, 1], [2, 2], 2), ([1, 1], [2, 2], 0)]
)
def test_what_cannot_be_a_picked_set_is_refused(k, n, together) -> None:
    with pytest.raises(ValueError, match="some groups out"):
        selection.highest_of_sets(k, n, together)
