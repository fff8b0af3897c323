"""Trends: published examples, second implementations, symmetries, the six checked years."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import stats
from scipy.special import expit
from statsmodels.stats.proportion import proportions_chisquare

from minato_analysis.statistics.trends import (
    beta_binomial_trend,
    cochran_armitage,
    homogeneity,
    leave_one_out,
    logit_trend,
)

YEARS = np.arange(2017, 2023)
K = np.array([730, 705, 634, 481, 499, 516])
N = np.array([1581, 1521, 1362, 1092, 1014, 1053])


@st.composite
def series(draw, batch=False, least=0):
    shape = draw(array_shapes(min_dims=1 + batch, max_dims=1 + 2 * batch, min_side=3, max_side=5))
    cells = arrays(np.int64, shape, elements=st.integers(least, 3000))
    k, first_time = draw(cells), draw(cells)
    return k, k + first_time


def irls(x, k, n):
    """Fit by iteratively reweighted least squares, written out: coefficients, covariance."""
    design = np.column_stack([np.ones(len(x)), x - np.mean(x)])
    beta = np.zeros(2)
    for _ in range(50):
        mean = expit(design @ beta)
        weight = n * mean * (1 - mean)
        working = design @ beta + (k - n * mean) / weight
        information = (design.T * weight) @ design
        beta = np.linalg.solve(information, design.T @ (weight * working))
    return beta, np.linalg.inv(information), expit(design @ beta)


def test_snoring_published():
    """Agresti (2007), table 3.1: -3.87 + 0.397 x, standard errors 0.166 and 0.050."""
    trend = logit_trend([0, 2, 4, 5], [24, 35, 21, 30], [1379, 638, 213, 254])
    assert f"{trend.slope:.3f}" == "0.397"
    assert f"{trend.se:.3f}" == "0.050"
    # The same table prints the fitted shares: 0.021, 0.044, 0.093, 0.132.
    assert [f"{share:.3f}" for share in trend.fitted] == ["0.021", "0.044", "0.093", "0.132"]


def test_smokers_published():
    """R, ?prop.trend.test: smokers 83, 90, 129, 70 of 86, 93, 136, 82: 8.2249, p 0.004132."""
    result = cochran_armitage([83, 90, 129, 70], [86, 93, 136, 82])
    assert f"{result.chi2:.4f}" == "8.2249"
    assert f"{result.p:.6f}" == "0.004132"
    assert result.z < 0
    # R, ?prop.test, the same data: 12.6, df 3, p 0.005585.
    test = homogeneity([83, 90, 129, 70], [86, 93, 136, 82])
    assert f"{test.statistic:.1f}" == "12.6"
    assert f"{test.p:.6f}" == "0.005585"
    assert test.df == 3


def test_malformations_published():
    """Agresti (2002), section 3.4: infant malformation by mother's drinking, 6.57, p 0.01."""
    k = np.array([48, 38, 5, 1, 1])
    n = k + np.array([17066, 14464, 788, 126, 37])
    result = cochran_armitage(k, n, [0, 0.5, 1.5, 4, 7])
    assert f"{result.chi2:.2f}" == "6.57"
    assert f"{result.p:.2f}" == "0.01"
    assert result.z > 0


@pytest.mark.parametrize("omitted", [None, 0, 3, 5])
def test_glm_against_irls(omitted):
    x, k, n = (v if omitted is None else np.delete(v, omitted) for v in (YEARS, K, N))
    beta, covariance, fitted = irls(x, k, n)
    trend = logit_trend(x, k, n)
    assert trend.slope == pytest.approx(beta[1], abs=1e-12)
    assert trend.se == pytest.approx(np.sqrt(covariance[1, 1]), rel=1e-9)
    assert trend.fitted == pytest.approx(fitted, abs=1e-12)
    z = beta[1] / np.sqrt(covariance[1, 1])
    assert trend.p == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-8)
    assert (trend.high - trend.low) / 2 == pytest.approx(1.959964 * trend.se, rel=1e-6)


def test_quasi_against_its_definition():
    """Pearson's chi-squared over T - 2, t with T - 2.

    statsmodels' own scale "X2" with pairs of counts leaves n out: 0.0013 instead of 1.43 here.
    """
    beta, covariance, fitted = irls(YEARS, K, N)
    dispersion = np.sum((K - N * fitted) ** 2 / (N * fitted * (1 - fitted))) / 4
    quasi = logit_trend(YEARS, K, N, scale="quasi")
    assert quasi.dispersion == pytest.approx(dispersion, rel=1e-9)
    assert quasi.slope == pytest.approx(beta[1], abs=1e-12)
    assert quasi.se == pytest.approx(np.sqrt(dispersion * covariance[1, 1]), rel=1e-9)
    assert quasi.df == 4
    assert quasi.p == pytest.approx(2 * stats.t.sf(quasi.slope / quasi.se, 4), rel=1e-9)
    assert quasi.high == pytest.approx(beta[1] + stats.t.ppf(0.975, 4) * quasi.se, rel=1e-9)


def test_six_years_do_not_show_a_rise():
    """0.021 a year, not told from nothing by any model; one year decides it either way."""
    for trend in (
        logit_trend(YEARS, K, N),
        logit_trend(YEARS, K, N, "quasi"),
        beta_binomial_trend(YEARS, K, N),
    ):
        assert trend.slope == pytest.approx(0.0209764, abs=1e-6)
        assert trend.low < 0 < trend.high
    table = leave_one_out(YEARS, K, N)
    assert table.p[3] < 0.05
    assert np.all(np.delete(table.p, 3) > 0.05)


def test_fallback_of_the_beta_binomial_trend():
    inside = beta_binomial_trend(range(6), [8, 1, 12, 4, 20, 9], [40, 30, 45, 40, 38, 25])
    assert (inside.model, inside.requested) == ("beta-binomial", "beta-binomial")
    assert not inside.fell_back
    assert inside.dispersion > 1
    plain = logit_trend(range(6), [8, 1, 12, 4, 20, 9], [40, 30, 45, 40, 38, 25])
    assert inside.se > plain.se
    collapsed = beta_binomial_trend(YEARS, K, N)
    assert collapsed.fell_back
    assert collapsed.model == "binomial"
    assert collapsed.dispersion == 1
    assert collapsed.se == pytest.approx(logit_trend(YEARS, K, N).se, rel=1e-9)


def test_fitted_band_is_the_delta_method():
    """The band at a year is the interval of the intercept when that year is the origin."""
    trend = logit_trend(YEARS, K, N, confidence=0.9)
    for i, year in enumerate(YEARS):
        design = np.column_stack([np.ones(6), YEARS - year])
        fit = sm.GLM(np.column_stack([K, N - K]), design, family=sm.families.Binomial()).fit()
        low, high = expit(fit.conf_int(alpha=0.1)[0])
        assert trend.fitted_low[i] == pytest.approx(low, abs=1e-8)
        assert trend.fitted_high[i] == pytest.approx(high, abs=1e-8)


def test_leave_one_out_is_the_fit_without_the_year():
    for scale in ("binomial", "quasi"):
        table = leave_one_out(YEARS, K, N, scale, confidence=0.8)
        assert list(table.left_out) == list(YEARS)
        for i in range(6):
            x, k, n = (np.delete(v, i) for v in (YEARS, K, N))
            alone = logit_trend(x, k, n, scale, confidence=0.8)
            row = (table.slope[i], table.se[i], table.p[i], table.low[i], table.high[i])
            assert row == (alone.slope, alone.se, alone.p, alone.low, alone.high)


@given(series(least=1), st.sampled_from(["binomial", "quasi"]))
def test_slope_flips_when_successes_and_failures_swap(data, scale):
    k, n = data
    years = np.arange(k.size)
    there, back = logit_trend(years, k, n, scale), logit_trend(years, n - k, n, scale)
    assert back.slope == pytest.approx(-there.slope, abs=1e-9)
    assert back.se == pytest.approx(there.se, rel=1e-6, abs=1e-9)
    assert back.fitted == pytest.approx(1 - there.fitted, abs=1e-9)


@given(series(least=1), st.floats(0.5, 0.94))
def test_intervals_contain_the_slope_and_widen(data, confidence):
    k, n = data
    narrow = logit_trend(np.arange(k.size), k, n, confidence=confidence)
    wide = logit_trend(np.arange(k.size), k, n, confidence=0.95)
    assert wide.low < narrow.low < narrow.slope < narrow.high < wide.high
    assert wide.odds_ratio_low < wide.odds_ratio < wide.odds_ratio_high
    assert np.all((wide.fitted_low < wide.fitted) & (wide.fitted < wide.fitted_high))


@given(series(), st.floats(-5, 5), st.floats(0.1, 10), st.booleans())
def test_cochran_armitage_ignores_affine_scores(data, shift, factor, mirrored):
    k, n = data
    assume(0 < k.sum() < n.sum() and np.count_nonzero(n) > 1)
    scores = np.arange(k.size) ** 1.5
    sign = -1 if mirrored else 1
    plain, moved = (
        cochran_armitage(k, n, scores),
        cochran_armitage(k, n, shift + sign * factor * scores),
    )
    assert moved.z == pytest.approx(sign * plain.z, rel=1e-9, abs=1e-9)


@given(series())
def test_cochran_armitage_against_statsmodels(data):
    """statsmodels conditions on the margins: its variance is N / (N - 1) times as large."""
    k, n = data
    assume(0 < k.sum() < n.sum() and np.all(n > 0))
    table = sm.stats.Table(np.column_stack([k, n - k]), shift_zeros=False)
    other = table.test_ordinal_association(
        row_scores=np.arange(k.size), col_scores=np.array([1, 0])
    )
    persons = n.sum()
    result = cochran_armitage(k, n)
    assert result.z == pytest.approx(
        other.zscore * np.sqrt(persons / (persons - 1)), rel=1e-7, abs=1e-7
    )


@given(series())
def test_homogeneity_against_statsmodels(data):
    k, n = data
    assume(0 < k.sum() < n.sum() and np.all(n > 0))
    statistic, p, _ = proportions_chisquare(k, n)
    result = homogeneity(k, n)
    assert result.statistic == pytest.approx(statistic, rel=1e-9, abs=1e-9)
    assert result.p == pytest.approx(p, rel=1e-7, abs=1e-12)
    assert cochran_armitage(k, n).chi2 <= result.statistic * (1 + 1e-9) + 1e-9


@given(series(batch=True))
def test_one_series_at_a_time_or_together(data):
    k, n = data
    rows = list(zip(k.reshape(-1, k.shape[-1]), n.reshape(-1, n.shape[-1]), strict=True))
    for test in (homogeneity, cochran_armitage):
        together, alone = test(k, n), [test(*row) for row in rows]
        for name, values in vars(together).items():
            assert values.shape == k.shape[:-1]
            expected = [getattr(one, name) for one in alone]
            np.testing.assert_allclose(values.ravel(), expected, rtol=1e-12, atol=1e-12)


def test_nothing_to_test_is_nan():
    for k, n in (([0, 0, 0], [5, 6, 7]), ([5, 6, 7], [5, 6, 7]), ([0, 3, 0], [0, 7, 0])):
        assert np.isnan(cochran_armitage(k, n).p)
        assert np.isnan(homogeneity(k, n).p)


def test_a_year_without_persons_does_not_count():
    with_gap = homogeneity([83, 90, 0, 129, 70], [86, 93, 0, 136, 82])
    assert with_gap.df == 3
    assert with_gap.statistic == pytest.approx(
        homogeneity([83, 90, 129, 70], [86, 93, 136, 82]).statistic
    )


@pytest.mark.parametrize(
    ("years", "k", "n", "message"),
    [
        ([1, 2, 3], [1, 2], [3, 4], "do not fit"),
        ([1, 2], [1, 2, 3], [3, 4], "one shape"),
        ([1, 2], [4, 2], [3, 4], "0 <= k <= n"),
        ([1, 1], [1, 2], [3, 4], "repetition"),
        ([1, 2], [0, 2], [0, 4], "leave it out"),
        ([1], [1], [3], "years are needed"),
        ([1, 2, 3], [0, 0, 0], [3, 4, 5], "without an estimate"),
        ([1, 2, 3], [3, 4, 5], [3, 4, 5], "without an estimate"),
        ([1, 2, 3], [0, 2, 5], [3, 4, 5], "without an estimate"),
        ([3, 2, 1], [0, 0, 5], [3, 4, 5], "without an estimate"),
    ],
)
def test_refusals(years, k, n, message):
    with pytest.raises(ValueError, match=message):
        logit_trend(years, k, n)


def test_an_exact_fit_has_no_quasi_test():
    """Equal shares: no slope, no spread, and 0 / 0 is not a test."""
    trend = logit_trend([1, 2, 3], [1, 1, 1], [2, 2, 2], "quasi")
    assert trend.slope == trend.se == trend.dispersion == 0
    assert np.isnan(trend.p)


def test_refused_options():
    with pytest.raises(ValueError, match="3 years"):
        logit_trend([1, 2], [1, 2], [3, 4], "quasi")
    with pytest.raises(ValueError, match="3 years"):
        beta_binomial_trend([1, 2], [1, 2], [3, 4])
    with pytest.raises(ValueError, match="scale"):
        logit_trend(YEARS, K, N, "poisson")
    with pytest.raises(ValueError, match="confidence"):
        logit_trend(YEARS, K, N, confidence=95)
    with pytest.raises(ValueError, match="do not fit"):
        cochran_armitage(K, N, [1, 2])


def test_overlap_at_one_year_is_enough():
    """All hits in the middle year, misses on both sides: a finite estimate, slope 0."""
    trend = logit_trend([1, 2, 3], [0, 2, 0], [3, 4, 3])
    assert trend.slope == pytest.approx(0, abs=1e-9)
