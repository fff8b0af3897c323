"""Jumps of counts: published example, limits, and agreement with statsmodels."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import Table2x2

from minato_analysis.statistics.jumps import ADDED, jump, measured_spread

CHANGE = ([1, -1, -1, 1], [1, -1, 1, -1])
"""Coefficients and weights of a share in two years: r, n, then r, n."""


def test_a_change_of_a_share_is_the_log_risk_ratio() -> None:
    # statsmodels computes the standard error of a log risk ratio from the fourfold table (Katz).
    # Half a person less than counted there is what is added here.
    r1, n1, r2, n2 = 437.5, 1087.5, 281.5, 1066.5
    table = Table2x2([[r1, n1 - r1], [r2, n2 - r2]], shift_zeros=False)
    found = jump([one - ADDED for one in (r1, n1, r2, n2)], *CHANGE, spread=0.0)
    assert found.change == pytest.approx(table.log_riskratio, rel=1e-12)
    assert math.sqrt(found.variance) == pytest.approx(table.log_riskratio_se, rel=1e-12)
    assert found.p_value == pytest.approx(table.log_riskratio_pvalue(), rel=1e-9)


def test_a_change_of_a_count_has_the_variance_of_two_poisson_counts() -> None:
    found = jump([99.5, 79.5], [1, -1], [1, 1], spread=0.0)
    assert found.change == pytest.approx(math.log(100 / 80))
    assert found.variance == pytest.approx(1 / 100 + 1 / 80)
    z = found.change / math.sqrt(found.variance)
    assert found.p_value == pytest.approx(2 * stats.norm.sf(z))


def test_ordinary_movement_is_added_to_chance() -> None:
    alone, with_spread = (jump([500, 300], [1, -1], [1, 1], spread) for spread in (0.0, 0.3))
    assert alone.change == with_spread.change
    assert alone.p_value < 1e-10
    assert with_spread.p_value > 0.05


def test_a_part_above_its_whole_is_beyond_any_chance() -> None:
    assert jump([900, 10, 500, 1000], *CHANGE, spread=0.1).p_value == 0.0


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=2), st.floats(0, 1), st.floats(0.01, 1))
def test_probabilities_are_probabilities_and_symmetric(
    counts: list[int], spread: float, more: float
) -> None:
    found = jump(counts, [1, -1], [1, 1], spread)
    back = jump(counts[::-1], [1, -1], [1, 1], spread)
    assert 0 <= found.p_value <= 1
    assert found.change == pytest.approx(-back.change, abs=1e-12)
    assert found.p_value == pytest.approx(back.p_value, abs=1e-12)
    assert jump(counts, [1, -1], [1, 1], spread + more).p_value >= found.p_value


def test_measured_spread_is_not_moved_by_a_wild_year_and_leaves_chance_out() -> None:
    calm = [0.05, -0.04, 0.06, -0.05, 0.05]
    none = [0.0] * 5
    assert measured_spread([*calm[:-1], 3.0], none) == pytest.approx(0.05 / 0.6745)
    assert measured_spread(calm, [0.05**2] * 5) == pytest.approx(
        math.sqrt((0.05 / 0.6745) ** 2 - 0.05**2)
    )
    assert measured_spread(calm, [1.0] * 5) == 0.0


@given(
    st.lists(st.integers(0, 2_000), min_size=4, max_size=4),
    st.sampled_from([0.0, 0.1, 0.3]),
    st.sampled_from(["count", "bend", "share"]),
)
def test_a_count_further_away_is_never_less_surprising(
    counts: list[int], spread: float, kind: str
) -> None:
    axes = {
        "count": ([1, -1], [1, 1]),
        "bend": ([1, -0.5, -0.5], [1, 0.25, 0.25]),
        "share": CHANGE,
    }[kind]
    last, *others = counts[: len(axes[0])]
    if kind == "share":
        others[1:] = sorted(others[1:])
    whole = others[0] if kind == "share" else max(others)
    found = [jump([one, *others], *axes, spread) for one in range(min(last, whole), -1, -1)]
    falling = [one for one in found if one.change < 0 and one.variance > 0]
    for nearer, further in pairwise(falling):
        assert further.p_value <= nearer.p_value * (1 + 1e-9)
