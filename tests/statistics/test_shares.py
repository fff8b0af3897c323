"""Intervals for one share, against Newcombe's tables and against scipy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from minato_analysis.statistics.shares import (
    clopper_pearson,
    jeffreys,
    share_interval,
    wilson,
)

METHODS = ["wilson", "clopper_pearson", "jeffreys"]


@st.composite
def counts(draw, most=2000):
    n = draw(st.integers(1, most))
    return draw(st.integers(0, n)), n


# Newcombe (1998), Statistics in Medicine 17:857, table I, methods 3 and 5.
NEWCOMBE_K = [81, 15, 0, 1]
NEWCOMBE_N = [263, 148, 20, 29]


def test_wilson_is_newcombe_1998_table_1():
    interval = wilson(NEWCOMBE_K, NEWCOMBE_N)
    assert interval.low.round(4).tolist() == [0.2553, 0.0624, 0.0, 0.0061]
    assert interval.high.round(4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]


def test_clopper_pearson_is_newcombe_1998_table_1():
    interval = clopper_pearson(NEWCOMBE_K, NEWCOMBE_N)
    assert interval.low.round(4).tolist() == [0.2527, 0.0578, 0.0, 0.0009]
    assert interval.high.round(4).tolist() == [0.3676, 0.1617, 0.1684, 0.1776]


@settings(deadline=None)
@given(counts(), st.sampled_from([0.8, 0.95]))
def test_jeffreys_is_the_equal_tailed_posterior_closed_at_the_ends(pair, confidence):
    k, n = pair
    interval = jeffreys(k, n, confidence)
    low, high = stats.beta(k + 0.5, n - k + 0.5).interval(confidence)
    assert interval.low == pytest.approx(low if k else 0.0, abs=1e-9)
    assert interval.high == pytest.approx(high if k < n else 1.0, abs=1e-9)


@settings(deadline=None)
@given(counts(), st.sampled_from([0.8, 0.95, 0.99]))
def test_scipy_finds_the_same_limits(pair, confidence):
    k, n = pair
    for ours, theirs in (("wilson", "wilson"), ("clopper_pearson", "exact")):
        other = stats.binomtest(k, n).proportion_ci(confidence, method=theirs)
        interval = share_interval(k, n, ours, confidence)
        assert interval.low == pytest.approx(other.low, abs=1e-9)
        assert interval.high == pytest.approx(other.high, abs=1e-9)


@settings(deadline=None)
@given(counts(), st.floats(0.8, 0.999), st.sampled_from(METHODS))
def test_interval_contains_the_share_and_stays_in_range(pair, confidence, method):
    interval = share_interval(*pair, method, confidence)
    assert 0 <= interval.low <= interval.share <= interval.high <= 1


@settings(deadline=None)
@given(counts(), st.sampled_from(METHODS))
def test_interval_widens_with_confidence(pair, method):
    k, n = pair
    narrow, wide = (share_interval(k, n, method, level) for level in (0.9, 0.95))
    assert wide.low < narrow.low or k == 0
    assert wide.high > narrow.high or k == n


@settings(deadline=None)
@given(counts(), st.sampled_from(METHODS))
def test_counting_the_others_mirrors_the_interval(pair, method):
    k, n = pair
    interval, mirror = share_interval(k, n, method), share_interval(n - k, n, method)
    assert interval.low == pytest.approx(1 - mirror.high, abs=1e-10)
    assert interval.high == pytest.approx(1 - mirror.low, abs=1e-10)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_clopper_pearson_never_covers_less_than_its_level(n, true_share):
    k = np.arange(n + 1)
    interval = clopper_pearson(k, n)
    covered = (interval.low <= true_share) & (true_share <= interval.high)
    pmf = stats.binom.pmf(k, n, true_share)
    assert pmf.sum() == pytest.approx(1, abs=1e-12)
    assert pmf[covered].sum() >= 0.95 - 1e-12


@pytest.mark.parametrize("method", METHODS)
def test_any_shape_gives_the_same_as_one_by_one(method):
    k = np.array([[3, 0, 7], [1, 0, 2]])
    n = np.array([[9, 4, 7], [1, 0, 50]])
    together = share_interval(k, n, method)
    assert together.low.shape == (2, 3)
    for at in np.ndindex(k.shape):
        alone = share_interval(k[at], n[at], method)
        assert alone.low.shape == ()
        np.testing.assert_array_equal(alone.low, together.low[at])
        np.testing.assert_array_equal(alone.high, together.high[at])


@pytest.mark.parametrize("method", METHODS)
def test_no_persons_gives_no_share(method):
    interval = share_interval([0, 1], [0, 1], method)
    assert np.isnan([interval.share[0], interval.low[0], interval.high[0]]).all()
    assert interval.n.tolist() == [0, 1]
    assert interval.share[1] == interval.high[1] == 1


@pytest.mark.parametrize(
    ("k", "n", "sentence"),
    [
        ([3, 12], [5, 10], "k = 12 exceeds n = 10 at position (1,); "),
        (-1, 10, "k = -1 at position (); a count cannot be negative."),
        (1.5, 10, "k = 1.5 at position (); a count must be a whole number."),
        (1, [[10, np.nan]], "n = nan at position (0, 1); a missing or infinite count"),
    ],
)
def test_impossible_counts_are_refused_with_their_place(k, n, sentence):
    with pytest.raises(ValueError, match="position") as error:
        wilson(k, n)
    assert str(error.value).startswith(sentence)


def test_confidence_in_percent_is_refused():
    with pytest.raises(ValueError, match=r"write 0\.95 for 95 percent"):
        wilson(1, 2, confidence=95)


def test_unknown_method_is_refused():
    with pytest.raises(ValueError, match="'wald' is not known"):
        share_interval(1, 2, "wald")
