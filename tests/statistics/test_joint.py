"""The joint trend of an area and its parent: equivalence with single trends, tests, refusals."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats
from scipy.special import expit

from minato_analysis.statistics.joint import CountSeries, joint_trend
from minato_analysis.statistics.trends import logit_trend

YEARS = np.arange(2017, 2023)
K = np.array([730, 705, 634, 481, 499, 516])
N = np.array([1581, 1521, 1362, 1092, 1014, 1053])
# A parent area about twenty times as large, two years longer at the start.
PARENT_YEARS = np.arange(2015, 2023)
PARENT_K = np.array([16000, 15700, 15100, 14300, 13500, 12200, 11600, 11900])
PARENT_N = np.array([33000, 32400, 31100, 29500, 27800, 25100, 24200, 24600])


def joint(same_definition, scale="binomial"):
    return joint_trend(
        CountSeries(YEARS, K, N),
        CountSeries(PARENT_YEARS, PARENT_K, PARENT_N),
        same_definition=same_definition,
        scale=scale,
    )


@pytest.mark.parametrize("same_definition", [True, False])
def test_joint_trend_separates_into_single_trends(same_definition):
    """Two free slopes are two separate fits; their difference has the sum of the variances."""
    result = joint(same_definition)
    taken = (K, N) if same_definition else (0, 0)
    rest = logit_trend(YEARS, PARENT_K[2:] - taken[0], PARENT_N[2:] - taken[1])
    alone = logit_trend(YEARS, K, N)
    assert list(result.years) == list(YEARS)
    assert result.area.value == pytest.approx(alone.slope, abs=1e-10)
    assert result.area.se == pytest.approx(alone.se, rel=1e-8)
    assert result.comparator.value == pytest.approx(rest.slope, abs=1e-10)
    assert result.difference.value == pytest.approx(alone.slope - rest.slope, abs=1e-10)
    assert result.difference.se == pytest.approx(np.hypot(alone.se, rest.se), rel=1e-8)
    assert min(alone.slope, rest.slope) < result.common.value < max(alone.slope, rest.slope)
    assert result.common.se < rest.se
    assert result.common.low < result.common.value < result.common.high


def test_joint_wald_agrees_with_likelihood_ratio():
    """The drop in deviance from one slope to two, computed from binomial log-pmfs."""
    result = joint(True)
    k = np.concatenate([K, PARENT_K[2:] - K])
    n = np.concatenate([N, PARENT_N[2:] - N])
    group, year = np.repeat([1.0, 0.0], 6), np.tile(YEARS - 2019.5, 2)
    loglik = []
    for extra in ([], [group * year]):
        design = np.column_stack([np.ones(12), group, year, *extra])
        fit = sm.GLM(np.column_stack([k, n - k]), design, family=sm.families.Binomial()).fit()
        loglik.append(stats.binom.logpmf(k, n, fit.fittedvalues).sum())
        if not extra:
            assert result.offset.value == pytest.approx(fit.params[1], abs=1e-9)
            assert result.offset.se == pytest.approx(fit.bse[1], rel=1e-6)
            assert result.common.value == pytest.approx(fit.params[2], abs=1e-9)
            assert result.common.se == pytest.approx(fit.bse[2], rel=1e-6)
    ratio = 2 * (loglik[1] - loglik[0])
    assert result.difference.statistic**2 == pytest.approx(ratio, rel=1e-2)


def test_joint_quasi_scales_the_standard_errors():
    plain, quasi = joint(True), joint(True, "quasi")
    assert plain.dispersion == 1
    assert quasi.difference.se == pytest.approx(
        plain.difference.se * np.sqrt(quasi.dispersion), rel=1e-9
    )
    assert quasi.difference.df == 8
    assert quasi.common.df == 9


def test_joint_offset_takes_up_a_constant_difference():
    """A definition that multiplies the odds alike every year changes the offset, not the slopes."""
    n = np.full(6, 10_000_000)
    logit = -0.3 + 0.04 * (YEARS - 2019.5)
    k_area, k_parent = np.round(n * expit(logit)), np.round(n * expit(logit + 0.25))
    result = joint_trend(
        CountSeries(YEARS, k_area, n), CountSeries(YEARS, k_parent, n), same_definition=False
    )
    assert result.offset.value == pytest.approx(-0.25, abs=1e-6)
    assert result.common.value == pytest.approx(0.04, abs=1e-6)
    assert result.difference.value == pytest.approx(0, abs=1e-6)


def test_joint_refusals():
    area, parent = CountSeries(YEARS, K, N), CountSeries(YEARS, K * 2, N * 2)
    with pytest.raises(ValueError, match="not part of the parent"):
        joint_trend(parent, area, same_definition=True)
    joint_trend(parent, area, same_definition=False)
    with pytest.raises(ValueError, match="share 1"):
        joint_trend(area, CountSeries([2016, 2017], [3, 4], [9, 9]), same_definition=False)
    with pytest.raises(ValueError, match="repetition"):
        joint_trend(CountSeries([2017, 2017], [3, 4], [9, 9]), parent, same_definition=False)
