"""Companion projections against hand calculation and statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import special, stats

from minato_analysis.statistics import companions
from minato_analysis.statistics.projection import damped_trend, logit_observations

REOFFENDERS = np.array([730.0, 705, 634, 481, 499, 516])
PERSONS = np.array([1581.0, 1521, 1362, 1092, 1014, 1053])
FIRST_TIME = PERSONS - REOFFENDERS
Z, V = (part[0] for part in logit_observations(REOFFENDERS, FIRST_TIME))


def test_last_value_by_hand():
    forecast = companions.last_value(REOFFENDERS, FIRST_TIME, 1053, 7)
    drift = np.mean(np.diff(Z) ** 2) - np.mean(V[1:] + V[:-1])
    assert drift > 0
    assert forecast.means[0, :, 0] == pytest.approx(np.full(7, Z[-1]))
    assert forecast.variances[0, :, 0] == pytest.approx(V[-1] + np.arange(1, 8) * drift)


def test_last_value_never_has_a_negative_drift():
    """Three equal years: the changes are smaller than sampling alone explains."""
    forecast = companions.last_value([50, 50, 50], [50, 50, 50], 100, 3)
    assert forecast.variances[0, :, 0] == pytest.approx(np.full(3, 2 / 50.5))


def test_last_value_counts_years_since_the_last_observation():
    gap = companions.last_value([40, 50, 30, np.nan], [50, 50, 50, np.nan], 80, 1)
    plain = companions.last_value([40, 50, 30], [50, 50, 50], 80, [2])
    assert np.array_equal(gap.variances, plain.variances)


def test_mean_is_a_student_t():
    forecast = companions.mean(REOFFENDERS, FIRST_TIME, 1053, 2)
    centre = np.average(Z, weights=1 / V)
    spread = Z.var(ddof=1)
    scale = np.sqrt(max(spread - V.mean(), 0) + spread / 6)
    weights, means, sds = (
        forecast.weights[0, 0],
        forecast.means[0, 0],
        np.sqrt(forecast.variances[0, 0]),
    )
    for x in (-1.0, -0.3, -0.15, 0.0, 0.4):
        ours = (weights * special.ndtr((x - means) / sds)).sum()
        assert ours == pytest.approx(stats.t.cdf(x, 5, centre, scale), abs=1e-9)


@pytest.mark.parametrize("freedom", [1, 2, 5, 30])
def test_t_as_mixture_of_normals(freedom):
    """T years give T - 1 degrees of freedom."""
    rng = np.random.default_rng(freedom)
    r = rng.integers(300, 700, freedom + 1).astype(float)
    z, v = logit_observations(r, 1000 - r)
    spread = z.var(ddof=1)
    scale = np.sqrt(max(spread - v.mean(), 0) + spread / r.size)
    centre = np.average(z[0], weights=1 / v[0])
    forecast = companions.mean(r, 1000 - r, 500, 1)
    weights, sds = forecast.weights[0, 0], np.sqrt(forecast.variances[0, 0])
    for t in (-4.0, -1.0, 0.5, 3.0):
        ours = (weights * special.ndtr(t * scale / sds)).sum()
        assert ours == pytest.approx(stats.t.cdf(t, freedom), abs=1e-6)
    assert forecast.means[0, 0, 0] == pytest.approx(centre)


def test_linear_glm_equals_statsmodels():
    rng = np.random.default_rng(1)
    persons = rng.integers(5, 900, (4, 6)).astype(float)
    r = rng.binomial(persons.astype(int), 0.4).astype(float)
    r[2, 3] = np.nan
    f = persons - r
    forecast = companions.linear_glm(r, f, 100, 7)
    for i in range(4):
        known = ~np.isnan(r[i])
        years = np.arange(6.0)[known]
        fit = sm.GLM(
            np.column_stack([r[i][known], f[i][known]]),
            sm.add_constant(years),
            family=sm.families.Binomial(),
        ).fit(tol=1e-12)
        future = np.column_stack([np.ones(7), np.arange(6.0, 13.0)])
        sd = np.sqrt(np.einsum("ij,jk,ik->i", future, fit.cov_params(), future))
        assert forecast.means[i, :, 0] == pytest.approx(future @ fit.params, abs=1e-8)
        assert np.sqrt(forecast.variances[i, :, 0]) == pytest.approx(sd, abs=1e-8)


def test_linear_glm_refuses_a_line_without_finite_slope():
    with pytest.raises(ValueError, match="no finite line"):
        companions.linear_glm([0, 0, 0], [10, 12, 14], 10, 1)
    with pytest.raises(ValueError, match="no finite line"):
        companions.linear_glm([0, 0, 5, 5], [5, 5, 0, 0], 10, 1)


PARENT = np.array([13612.0, 13692, 12241, 11504, 10547, 10387])
PARENT_FIRST = np.array([14918.0, 14776, 12661, 11767, 10479, 10524])


def test_anchored_moments_are_sums():
    """Mean and variance of a sum of independent parts; the parent part is the default model."""
    forecast = companions.anchored(
        (REOFFENDERS, FIRST_TIME), (PARENT, PARENT_FIRST), 1053, 7, model="region"
    )
    assert forecast.model == "region"
    assert forecast.weights.sum(-1) == pytest.approx(np.ones((1, 7)))

    def moments(weights, means, variances):
        mean = (weights * means).sum(-1)
        return mean, (weights * (variances + means**2)).sum(-1) - mean**2

    total = moments(forecast.weights, forecast.means, forecast.variances)
    parent = damped_trend(PARENT, PARENT_FIRST, 1053, 7)
    shared = moments(parent.weights, parent.means, parent.variances)
    difference = total[0] - shared[0]
    assert difference == pytest.approx(np.full((1, 7), difference[0, 0]))  # a walk has no drift
    assert np.all(np.diff(total[1] - shared[1]) > 0)


def test_anchored_on_a_known_difference():
    """A parent always one logit lower, both series huge: the difference stays one logit."""
    share = special.expit(np.linspace(-0.2, 0.1, 6))
    lower = special.expit(np.linspace(-1.2, -0.9, 6))
    forecast = companions.anchored(
        (1e8 * share, 1e8 * (1 - share)), (1e8 * lower, 1e8 * (1 - lower)), 1000, 3
    )
    parent = damped_trend(1e8 * lower, 1e8 * (1 - lower), 1000, 3)
    own = (forecast.weights * forecast.means).sum(-1)
    assert own == pytest.approx((parent.weights * parent.means).sum(-1) + 1, abs=1e-4)


def test_anchored_axis_may_end_later_for_the_parent():
    """The area's missing last year is skipped; the parent's is used."""
    area = np.append(REOFFENDERS[:-1], np.nan), np.append(FIRST_TIME[:-1], np.nan)
    forecast = companions.anchored(area, (PARENT, PARENT_FIRST), 1053, range(3))
    assert forecast.steps.tolist() == [[0, 1, 2]]
    assert np.all(np.diff(forecast.variances, axis=1) >= 0)


@pytest.mark.parametrize("model", [companions.last_value, companions.mean, companions.linear_glm])
def test_one_by_one_equals_together(model):
    rng = np.random.default_rng(5)
    persons = rng.integers(20, 2000, (12, 7))
    r = rng.binomial(persons, 0.45).astype(float)
    f = persons - r
    r[3, :2] = f[3, :2] = np.nan
    together = model(r, f, persons[:, -1], 4)
    quantiles = together.quantile([0.025, 0.5, 0.975])
    for i in range(12):
        alone = model(r[i], f[i], persons[i, -1], 4)
        assert np.array_equal(alone.means[0], together.means[i])
        assert np.array_equal(alone.variances[0], together.variances[i])
        assert np.array_equal(alone.quantile([0.025, 0.5, 0.975])[0], quantiles[i])


def test_anchored_one_by_one_equals_together():
    r, f = np.stack([REOFFENDERS, REOFFENDERS[::-1]]), np.stack([FIRST_TIME, FIRST_TIME[::-1]])
    together = companions.anchored((r, f), (PARENT, PARENT_FIRST), 1053, [7])
    for i in range(2):
        alone = companions.anchored((r[i], f[i]), (PARENT, PARENT_FIRST), 1053, [7])
        assert np.array_equal(alone.weights[0], together.weights[i])
        assert alone.cdf(487)[0, 0] == together.cdf(487)[i, 0]


def test_refusals():
    with pytest.raises(ValueError, match="two neighbouring"):
        companions.last_value([5, np.nan, 6], [5, np.nan, 6], 10, 1)
    with pytest.raises(ValueError, match="2 observed"):
        companions.mean([5], [6], 10, 1)
    with pytest.raises(ValueError, match="years of the area"):
        companions.anchored(([5, 6], [5, 6]), ([50], [60]), 10, 1)
    nan = np.nan
    with pytest.raises(ValueError, match="1 observed"):
        companions.anchored(([5, nan], [5, nan]), ([nan, 60], [nan, 60]), 10, 1)
