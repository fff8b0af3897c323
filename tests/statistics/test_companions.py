"""Companion projections against hand calculation and statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import special, stats

from minato_analysis.statistics import companions
from minato_analysis.statistics.projection import logit_observations

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


def test_refusals():
    with pytest.raises(ValueError, match="two neighbouring"):
        companions.last_value([5, np.nan, 6], [5, np.nan, 6], 10, 1)
    with pytest.raises(ValueError, match="2 observed"):
        companions.mean([5], [6], 10, 1)
