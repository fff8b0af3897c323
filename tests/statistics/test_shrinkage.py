"""Shrinkage against direct integration, funnel limits against the binomial tails themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats

from minato_analysis.statistics.comparison import compare_shares
from minato_analysis.statistics.shrinkage import compare_with_others, funnel_limits, shrink

SMALL_K, SMALL_N = [0, 1, 9, 16], [0, 1, 30, 40]


@st.composite
def stations(draw):
    n = draw(st.lists(st.integers(0, 60), min_size=2, max_size=4).filter(any))
    return [draw(st.integers(0, most)) for most in n], n


def marginal(k, n, m, pull, scale):
    """Likelihood of the stations given (m, pull), up to a constant."""
    strength = scale * pull / (1 - pull)
    a, b = m * strength, (1 - m) * strength
    return np.exp(np.sum(special.betaln(a + k, b + n - k) - special.betaln(a, b)))


def test_posterior_means_are_those_of_adaptive_integration():
    k, n, scale = np.array([1, 4, 9]), np.array([1, 12, 14]), 12.0

    def moment(weight):
        return integrate.dblquad(
            lambda m, pull: weight(m, scale * pull / (1 - pull)) * marginal(k, n, m, pull, scale),
            *(0, 1, 0, 1),
            epsabs=1e-12,
            epsrel=1e-6,
        )[0]

    total = moment(lambda m, s: 1)
    result = shrink(k, n)
    assert result.overall == pytest.approx(moment(lambda m, s: m) / total, abs=5e-5)
    for i in range(3):
        exact = moment(lambda m, s, i=i: (m * s + k[i]) / (s + n[i])) / total
        assert result.mean[i] == pytest.approx(exact, abs=5e-5)
        exact = moment(lambda m, s, i=i: n[i] / (s + n[i])) / total
        assert result.own_weight[i] == pytest.approx(exact, abs=2e-4)


def test_credible_limits_are_quantiles_of_simulated_stations():
    # Second way: draw (m, s) from the prior, weight by the likelihood, draw the shares.
    k, n = np.array(SMALL_K), np.array(SMALL_N)
    rng = np.random.default_rng(20240601)
    m, pull = rng.random(200_000), rng.random(200_000)
    strength = 30.0 * pull / (1 - pull)
    a, b = m * strength, (1 - m) * strength
    log_weight = sum(
        special.betaln(a + x, b + y - x) - special.betaln(a, b) for x, y in zip(k, n, strict=True)
    )
    chosen = rng.choice(m.size, 40_000, p=(w := np.exp(log_weight - log_weight.max())) / w.sum())
    result = shrink(k, n, confidence=0.8)
    for i in range(4):
        draws = rng.beta(a[chosen] + k[i], b[chosen] + n[i] - k[i])
        np.testing.assert_allclose(
            [result.low[i], result.high[i]], np.quantile(draws, [0.1, 0.9]), atol=0.01
        )


@settings(max_examples=10, deadline=None)
@given(stations())
def test_shrunk_share_lies_between_its_own_and_the_others(pair):
    k, n = pair
    result = shrink(k, n)
    known = result.n > 0
    lowest = min(result.overall, np.nanmin(result.share))
    highest = max(result.overall, np.nanmax(result.share))
    assert ((lowest - 1e-9 <= result.mean) & (result.mean <= highest + 1e-9)).all()
    assert ((result.low >= 0) & (result.low < result.mean)).all()
    assert ((result.mean < result.high) & (result.high <= 1)).all()
    assert ((result.own_weight[known] > 0) & (result.own_weight[known] < 1)).all()


@settings(max_examples=6, deadline=None)
@given(stations())
def test_shrinkage_mirrors_with_the_outcome_and_widens_with_confidence(pair):
    k, n = np.array(pair)
    result, mirror = shrink(k, n), shrink(n - k, n)
    np.testing.assert_allclose(result.mean, 1 - mirror.mean, atol=1e-7)
    np.testing.assert_allclose(result.low, 1 - mirror.high, atol=1e-6)
    narrow = shrink(k, n, confidence=0.5)
    assert ((result.low < narrow.low) & (narrow.high < result.high)).all()


def test_empty_and_single_person_stations():
    result = shrink(SMALL_K, SMALL_N)
    assert np.isnan(result.share[0])
    assert result.share[1] == 1
    # Nothing known of it: the estimate is the overall share.
    assert result.mean[0] == pytest.approx(result.overall, abs=1e-12)
    assert result.own_weight[0] == 0
    # One person moves the estimate a little, not to 100 %.
    assert result.overall < result.mean[1] < 0.6


def test_alike_stations_are_still_uncertain():
    # The likelihood is largest at equal shares; empirical Bayes would pool without doubt.
    result = shrink([10, 10, 10], [20, 20, 20])
    pooled = stats.beta(31, 31).interval(0.95)
    assert result.mean == pytest.approx([0.5] * 3, abs=1e-6)
    assert (result.high - result.low > 1.2 * (pooled[1] - pooled[0])).all()
    assert (result.own_weight > 0.1).all()


def test_clearly_different_large_stations_keep_their_own_shares():
    result = shrink([200, 1800], [2000, 2000])
    assert result.mean == pytest.approx([0.1, 0.9], abs=0.005)


def test_scale_says_how_strongly_stations_pull():
    weak, strong = (shrink(SMALL_K, SMALL_N, scale=scale) for scale in (3, 300))
    assert (weak.own_weight[1:] > strong.own_weight[1:]).all()


@settings(deadline=None)
@given(st.integers(1, 300), st.floats(0.02, 0.98), st.sampled_from([0.95, 0.998]))
def test_funnel_excludes_exactly_the_counts_with_small_tails(n, centre, confidence):
    limits = funnel_limits(n, centre, confidence)
    k = np.arange(n + 1)
    pmf = stats.binom.pmf(k, n, centre)
    assert pmf.sum() == pytest.approx(1, abs=1e-11)
    tail = (1 - confidence) / 2
    lower, upper = np.cumsum(pmf), np.cumsum(pmf[::-1])[::-1]
    clear = (abs(lower - tail) > 1e-9) & (abs(upper - tail) > 1e-9)
    np.testing.assert_array_equal((k < n * limits.low - 1e-9)[clear], (lower < tail)[clear])
    np.testing.assert_array_equal((k > n * limits.high + 1e-9)[clear], (upper < tail)[clear])
    assert 0 <= limits.low <= centre <= limits.high <= 1


@settings(deadline=None)
@given(st.integers(1, 2000), st.floats(0.02, 0.98))
def test_funnel_narrows_to_the_normal_limits_mirrors_and_widens(n, centre):
    limits, mirror = funnel_limits(n, centre), funnel_limits(n, 1 - centre)
    assert limits.low == pytest.approx(1 - mirror.high, abs=1e-9)
    wide = funnel_limits(n, centre, 0.998)
    assert wide.low <= limits.low
    assert wide.high >= limits.high
    large = funnel_limits(10**6 * n, centre)
    reach = stats.norm.isf(0.025) * np.sqrt(centre * (1 - centre) / (10**6 * n))
    assert large.high - centre == pytest.approx(reach, rel=0.01)


def test_funnel_at_the_ends_and_without_persons():
    limits = funnel_limits([0, 1, 50], [[0.3], [0.0], [1.0]])
    assert np.isnan(limits.low[:, 0]).all()
    assert np.isnan(limits.high[:, 0]).all()
    assert (limits.low[0, 1], limits.high[0, 1]) == (0, 1)
    # A true share of 0 allows no count but 0; the line runs between the counts 0 and 1.
    assert limits.low[1, 1:].tolist() == [0, 0]
    assert limits.high[1, 1:].tolist() == pytest.approx([0.975, 0.975 / 50])
    assert limits.low[2, 1:].tolist() == pytest.approx([0.025, 1 - 0.975 / 50])
    assert limits.high[2, 1:].tolist() == [1, 1]


def test_half_of_the_total_is_compared_with_the_other_half():
    result = compare_with_others([30, 5, 10], [100, 40, 60])
    assert result.n_others.tolist() == [100, 160, 140]
    assert result.k_others.tolist() == [15, 40, 35]
    # The gap to the total (0.30 against 0.225) would be half of the gap to the others.
    assert result.difference[0] == pytest.approx(0.15)
    alone = compare_shares(30, 100, 15, 100, method="miettinen_nurminen")
    assert [result.low[0], result.high[0]] == [alone.low, alone.high]


def test_fisher_p_value_is_a_sum_of_hypergeometric_probabilities():
    result = compare_with_others([3, 1], [4, 4])
    # Fisher's tea tasting (1935): 1/70 + 16/70 in each of the two tails.
    assert result.p_value == pytest.approx([34 / 70, 34 / 70])
    assert stats.hypergeom.pmf(np.arange(5), 8, 4, 4).sum() == pytest.approx(1)
    assert result.p_holm == pytest.approx([68 / 70, 68 / 70])


def test_small_stations_are_compared_without_error():
    result = compare_with_others(SMALL_K, SMALL_N)
    assert np.isnan([result.difference[0], result.low[0], result.p_value[0]]).all()
    # One person with, against 25 of 70: the p value is the chance of drawing one with.
    assert result.p_value[1] == pytest.approx(26 / 71)
    assert np.isnan(compare_with_others([4], [9]).p_value).all()


def test_refusals():
    with pytest.raises(ValueError, match="no station has a single person"):
        shrink([0, 0], [0, 0])
    with pytest.raises(ValueError, match="one dimension, not 2"):
        shrink([[1]], [[2]])
    with pytest.raises(ValueError, match="scale = 0 is not above 0"):
        shrink([1], [2], scale=0)
    with pytest.raises(ValueError, match=r"write 0\.49 for 49 percent"):
        funnel_limits(10, 49)
