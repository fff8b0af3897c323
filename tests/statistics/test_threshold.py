"""The largest comparator is where the matching test stops rejecting."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from minato_analysis.statistics.comparison import compare_with_exact
from minato_analysis.statistics.threshold import (
    largest_comparator,
    latest_and_pooled,
    printed_percent,
)

METHODS = ["wilson", "clopper_pearson"]


@st.composite
def counts(draw, most=800):
    n = draw(st.integers(1, most))
    return draw(st.integers(1, n)), n


def test_threshold_is_the_lower_limit_of_newcombe_1998():
    # Newcombe (1998), Statistics in Medicine 17:857, table I, methods 3 and 5.
    k, n = [81, 15, 0, 1], [263, 148, 20, 29]
    assert largest_comparator(k, n).round(4).tolist() == [0.2553, 0.0624, 0.0, 0.0061]
    exact = largest_comparator(k, n, method="clopper_pearson")
    assert exact.round(4).tolist() == [0.2527, 0.0578, 0.0, 0.0009]


@settings(deadline=None)
@given(counts(), st.floats(0.8, 0.999), st.sampled_from(METHODS))
def test_statement_holds_just_below_and_no_longer_just_above(pair, confidence, method):
    k, n = pair
    threshold = largest_comparator(k, n, confidence, method)
    shares = np.array([threshold * (1 - 1e-6), threshold, threshold + (1 - threshold) * 1e-6])
    result = compare_with_exact(k, n, shares, method, confidence)
    assert result.p_value[0] < 1 - confidence < result.p_value[2]
    assert result.p_value[1] == pytest.approx(1 - confidence, rel=1e-6)
    assert result.low[0] > 0 > result.low[2]


@settings(deadline=None)
@given(counts())
def test_exact_threshold_has_two_and_a_half_percent_in_the_tail(pair):
    k, n = pair
    threshold = largest_comparator(k, n, method="clopper_pearson")
    pmf = stats.binom.pmf(np.arange(n + 1), n, threshold)
    assert pmf.sum() == pytest.approx(1, abs=1e-11)
    assert pmf[k:].sum() == pytest.approx(0.025, abs=1e-9)


@settings(deadline=None)
@given(counts(), st.sampled_from(METHODS))
def test_more_confidence_asks_for_a_lower_comparator(pair, method):
    low, high = (largest_comparator(*pair, level, method) for level in (0.99, 0.9))
    assert 0 < low < high < pair[0] / pair[1]


@settings(deadline=None)
@given(st.lists(counts(), min_size=1, max_size=6), st.sampled_from(METHODS))
def test_latest_is_the_last_year_and_pooled_the_sum(years, method):
    k, n = np.array(years).T
    answer = latest_and_pooled(k, n, method=method)
    assert answer.latest == largest_comparator(k[-1], n[-1], method=method)
    assert answer.pooled == largest_comparator(k.sum(), n.sum(), method=method)
    assert answer.latest_share == k[-1] / n[-1]
    assert answer.pooled_share == k.sum() / n.sum()


def test_areas_together_are_the_same_as_one_by_one():
    k = np.array([[3, 5, 9], [0, 0, 1], [4, 1, 0]])
    n = np.array([[30, 41, 44], [1, 0, 1], [9, 9, 0]])
    together = latest_and_pooled(k, n)
    for area in range(3):
        alone = latest_and_pooled(k[area], n[area])
        np.testing.assert_array_equal(together.latest[area], alone.latest)
        np.testing.assert_array_equal(together.pooled[area], alone.pooled)
    assert np.isnan([together.latest[2], together.latest_share[2]]).all()
    assert together.pooled_share[2] == 5 / 18


@settings(deadline=None)
@given(counts(), st.sampled_from([0, 1, 2]))
def test_printed_threshold_never_claims_too_much(pair, digits):
    threshold = float(largest_comparator(*pair))
    printed = float(printed_percent(threshold, digits))
    assert printed <= 100 * threshold + 1e-12
    assert 100 * threshold - printed < 10.0**-digits + 1e-12


def test_refusals():
    with pytest.raises(ValueError, match="no year was given"):
        latest_and_pooled([], [])
    with pytest.raises(ValueError, match="no year was given"):
        latest_and_pooled(1, 2)
    with pytest.raises(ValueError, match="'jeffreys' is not known"):
        largest_comparator(1, 2, method="jeffreys")
