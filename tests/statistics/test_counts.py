"""Counts of two years: the same by another way, and right where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from minato_analysis.statistics import counts
from minato_analysis.statistics.counts import Dispersion
from minato_analysis.statistics.shares import wilson


def test_the_dispersion_of_two_years_is_the_chi_squared_of_their_table() -> None:
    table = np.array([[120.0, 90.0], [300.0, 310.0], [55.0, 80.0], [900.0, 700.0]])
    found = counts.dispersion(table, 1)
    expected = stats.chi2_contingency(table, correction=False)
    assert found.freedom == expected.dof == 3
    assert found.value == pytest.approx(expected.statistic / expected.dof)


def test_years_that_are_not_known_or_small_do_not_count() -> None:
    table = np.array([[120.0, 90.0, 80.0], [300.0, 310.0, np.nan], [55.0, 80.0, 70.0]])
    small = np.array([[4.0, 9.0, 1.0]])
    assert counts.dispersion(np.vstack([table, small]), 30) == counts.dispersion(table, 30)
    assert counts.dispersion(table, 30).freedom == 3
    assert counts.dispersion(table[:1], 30) == Dispersion(1.0, 0)


def test_without_dispersion_the_limits_are_wilsons_and_the_test_is_theirs() -> None:
    first, last = np.array([60.0, 200.0, 31.0]), np.array([45.0, 260.0, 30.0])
    found = counts.change(first, last, Dispersion(1.0, 0), 0.95)
    part = wilson(last.astype(int), (first + last).astype(int), 0.95)
    np.testing.assert_allclose(found.low, part.low / (1 - part.low))
    np.testing.assert_allclose(found.high, part.high / (1 - part.high))
    np.testing.assert_array_equal(found.p < 0.05, (found.low > 1) | (found.high < 1))


def test_limits_of_the_truth_and_of_what_is_observed_are_each_others_inverse() -> None:
    both, observed, reach = np.array([80.0, 500.0]), np.array([0.8, 1.2]), 3.0
    for true in counts.ratio_limits(both, observed, reach, of_ratio=False):
        low, high = counts.ratio_limits(both, true, reach)
        at_a_limit = np.minimum(abs(low - observed), abs(high - observed))
        np.testing.assert_allclose(at_a_limit, 0, atol=1e-9)


def test_a_count_of_zero_or_none_has_no_change() -> None:
    first, last = np.array([0.0, 5.0, np.nan]), np.array([5.0, 0.0, 5.0])
    found = counts.change(first, last, Dispersion(1.0, 0), 0.95)
    for one in (found.ratio, found.low, found.high, found.p):
        assert np.isnan(one).all()


def test_clustered_cases_are_found_out_and_the_limits_then_hold() -> None:
    # Cases come in pairs and fours: the variance is a known multiple of the mean.
    rng = np.random.default_rng(7)
    means = rng.lognormal(6, 1, (400, 1)).clip(200) * np.array([1.0, 0.9, 0.8])
    ones, fours = rng.poisson(means / 2), 4 * rng.poisson(means / 8)
    table = (ones + fours).astype(float)
    scatter = counts.dispersion(table, 30)
    assert scatter.value == pytest.approx((0.5 + 4 * 0.5), rel=0.15)
    found = counts.change(table[:, 0], table[:, -1], scatter, 0.95)
    covered = (found.low <= 0.8) & (found.high >= 0.8)
    assert 0.92 <= covered.mean() <= 0.98
    poisson = counts.change(table[:, 0], table[:, -1], Dispersion(1.0, 0), 0.95)
    assert ((poisson.low <= 0.8) & (poisson.high >= 0.8)).mean() < 0.88
