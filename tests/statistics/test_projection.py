"""The damped local trend against statsmodels' Kalman filter, published results and brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy import optimize, special, stats
from statsmodels.datasets import nile
from statsmodels.tsa.statespace.mlemodel import MLEModel
from statsmodels.tsa.statespace.structural import UnobservedComponents

from minato_analysis.statistics.projection import (
    DEFAULT_SETTINGS,
    as_steps,
    damped_trend,
    kalman_filter,
    logit_observations,
    project_logits,
)

REOFFENDERS = np.array([730.0, 705, 634, 481, 499, 516])
PERSONS = np.array([1581.0, 1521, 1362, 1092, 1014, 1053])
FIRST_TIME = PERSONS - REOFFENDERS
LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975]


class DampedTrendInStatsmodels(MLEModel):
    """The same model with a time-varying observation covariance."""

    def __init__(self, z, v, sigma, settings=DEFAULT_SETTINGS):
        super().__init__(z, k_states=2, k_posdef=1)
        phi = settings.phi
        self["design"] = np.array([[1.0, 0.0]])
        self["transition"] = np.array([[1.0, phi], [0.0, phi]])
        self["selection"] = np.array([[1.0], [0.0]])
        self["state_cov"] = np.array([[sigma**2]])
        self["obs_cov"] = np.nan_to_num(v, nan=1.0)[None, None]
        self.initialize_known(np.zeros(2), np.diag([settings.level_sd**2, settings.slope_sd**2]))

    def filtered(self):
        return self.ssm.filter()


@pytest.mark.parametrize("missing", [[], [2], [1, 4], [5]])
def test_filter_equals_statsmodels(missing):
    r, f = REOFFENDERS.copy(), FIRST_TIME.copy()
    r[missing] = f[missing] = np.nan
    z, v = logit_observations(r, f)
    sigma = np.array([0.0, 0.05, 0.2])
    ours = kalman_filter(z, v, sigma, 0.9, 2.0, 0.03)
    for j, each in enumerate(sigma):
        theirs = DampedTrendInStatsmodels(z[0], v[0], each).filtered()
        assert ours.loglik[0, j] == pytest.approx(theirs.llf_obs.sum(), abs=1e-8)
        assert ours.level[0, j] == pytest.approx(theirs.filtered_state[0, -1], abs=1e-8)
        assert ours.slope[0, j] == pytest.approx(theirs.filtered_state[1, -1], abs=1e-8)
        covariance = theirs.filtered_state_cov[..., -1]
        assert ours.level_var[0, j] == pytest.approx(covariance[0, 0], abs=1e-8)
        assert ours.covariance[0, j] == pytest.approx(covariance[0, 1], abs=1e-8)
        assert ours.slope_var[0, j] == pytest.approx(covariance[1, 1], abs=1e-8)


def test_future_logits_equal_statsmodels():
    """Predicted states after seven missing years are the forecasts of the level."""
    z, v = logit_observations(REOFFENDERS, FIRST_TIME)
    _, means, variances = project_logits(z, v, np.arange(1, 8), DEFAULT_SETTINGS)
    pad = np.full(7, np.nan)
    for j in (0, 20, 80):
        model = DampedTrendInStatsmodels(
            np.append(z[0], pad), np.append(v[0], pad), DEFAULT_SETTINGS.sigma()[j]
        )
        theirs = model.filtered()
        assert means[0, :, j] == pytest.approx(theirs.predicted_state[0, 6:13], abs=1e-10)
        assert variances[0, :, j] == pytest.approx(
            theirs.predicted_state_cov[0, 0, 6:13], abs=1e-10
        )


def nile_loglik(noise, drift):
    volume = nile.load_pandas().data["volume"].to_numpy()[None]
    v = np.full_like(volume, noise)
    return kalman_filter(volume, v, np.array([np.sqrt(drift)]), 1.0, 1e4, 0.0).loglik[0, 0]


def test_nile_variances():
    """Durbin and Koopman (2012), section 2.10: 15099 and 1469.1 by maximum likelihood."""
    best = optimize.minimize(
        lambda log: -nile_loglik(*np.exp(log)),
        np.log([10_000.0, 1_000.0]),
        method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-10},
    )
    noise, drift = np.exp(best.x)
    assert noise == pytest.approx(15099, abs=5)
    assert drift == pytest.approx(1469.1, abs=2)


def test_nile_likelihood_equals_statsmodels():
    volume = nile.load_pandas().data["volume"].to_numpy()
    model = UnobservedComponents(volume, level="local level")
    model.ssm.initialize_known(np.zeros(1), np.array([[1e8]]))
    model.ssm.loglikelihood_burn = 0
    assert nile_loglik(15099.0, 1469.1) == pytest.approx(model.loglike([15099.0, 1469.1]), abs=1e-6)


def test_prior_of_the_innovation():
    sigma, prior = DEFAULT_SETTINGS.sigma(), DEFAULT_SETTINGS.prior()
    assert sigma.size == 81
    assert (sigma[0], sigma[-1]) == (0.0, 0.2)
    half_normal = stats.halfnorm.pdf(sigma, scale=0.05)
    half_normal[0] /= 2
    assert prior == pytest.approx(half_normal / half_normal.sum(), abs=1e-15)


def brute_force(forecast, step):
    """Probability function by direct integration on a fine grid of the logit."""
    weights, means, sds = (
        forecast.weights[0, step],
        forecast.means[0, step],
        np.sqrt(forecast.variances[0, step]),
    )
    persons = forecast.persons[0, step]
    grid = np.linspace(-3, 3, 1201)
    density = (weights * stats.norm.pdf(grid[:, None], means, sds)).sum(-1)
    masses = stats.binom.pmf(np.arange(persons + 1), persons, special.expit(grid)[:, None])
    return (density[:, None] * masses).sum(0) * (grid[1] - grid[0])


def test_distribution_equals_brute_force():
    forecast = damped_trend(REOFFENDERS, FIRST_TIME, 1053, 7)
    wanted = brute_force(forecast, 6)
    assert forecast.pmf(0, 6) == pytest.approx(wanted, abs=1e-7)
    below = np.cumsum(wanted)
    assert forecast.quantile(LEVELS)[0, 6].tolist() == [int(np.argmax(below >= p)) for p in LEVELS]
    assert forecast.mean()[0, 6] == pytest.approx(wanted @ np.arange(1054) / 1053, abs=1e-9)
    assert forecast.cdf(487)[0, 6] == pytest.approx(below[487], abs=1e-7)


@pytest.mark.parametrize("persons", [21_000, 180_000])
def test_large_numbers_of_persons(persons):
    """With binomial noise drawn: 400,000 draws, five standard errors."""
    r, f = REOFFENDERS * 20, FIRST_TIME * 20
    forecast = damped_trend(r, f, persons, [7])
    rng = np.random.default_rng(7)
    node = rng.choice(81, 400_000, p=forecast.weights[0, 0])
    logit = rng.normal(forecast.means[0, 0, node], np.sqrt(forecast.variances[0, 0, node]))
    drawn = rng.binomial(persons, special.expit(logit))
    found = forecast.quantile(LEVELS)[0, 0]
    for p, count in zip(LEVELS, found, strict=True):
        assert np.mean(drawn <= count) == pytest.approx(p, abs=5 * np.sqrt(p * (1 - p) / 4e5))
        assert forecast.cdf(count)[0, 0] >= p
        assert forecast.cdf(count - 1)[0, 0] < p


def test_pmf_sums_to_one():
    forecast = damped_trend(REOFFENDERS, FIRST_TIME, [[1, 12, 1053]], 3)
    for step in range(3):
        masses = forecast.pmf(0, step)
        assert masses.sum() == pytest.approx(1, abs=1e-9)
        assert masses.size == forecast.persons[0, step] + 1


def test_one_by_one_equals_together():
    rng = np.random.default_rng(3)
    persons = rng.integers(1, 3000, (25, 8))
    r = rng.binomial(persons, rng.uniform(0.1, 0.7, (25, 1))).astype(float)
    f = persons - r
    r[::3, 2] = f[::3, 2] = np.nan
    r[5, :4] = f[5, :4] = np.nan
    together = damped_trend(r, f, persons[:, -1], 7)
    quantiles, mean = together.quantile(LEVELS), together.mean()
    below = together.cdf(persons[:, -1:] // 3)
    for i in range(25):
        alone = damped_trend(r[i], f[i], persons[i, -1], 7)
        assert np.array_equal(alone.quantile(LEVELS)[0], quantiles[i])
        assert np.array_equal(alone.mean()[0], mean[i])
        assert np.array_equal(alone.cdf(persons[i, -1] // 3)[0], below[i])
        assert np.array_equal(alone.weights[0], together.weights[i])


def test_years_before_the_first_observation_change_nothing():
    pad = np.full(3, np.nan)
    plain = damped_trend(REOFFENDERS, FIRST_TIME, 1053, 2)
    padded = damped_trend(np.append(pad, REOFFENDERS), np.append(pad, FIRST_TIME), 1053, 2)
    assert np.array_equal(plain.means, padded.means)
    assert np.array_equal(plain.weights, padded.weights)


def test_a_masked_last_year_is_one_more_step():
    masked = damped_trend(
        np.append(REOFFENDERS, np.nan), np.append(FIRST_TIME, np.nan), 1053, range(3)
    )
    plain = damped_trend(REOFFENDERS, FIRST_TIME, 1053, 3)
    assert masked.means == pytest.approx(plain.means, abs=1e-12)
    assert masked.variances == pytest.approx(plain.variances, abs=1e-12)


def test_nobody_arrested_is_no_observation():
    nobody = damped_trend([10, 0, 12], [12, 0, 11], 20, 1)
    missing = damped_trend([10, np.nan, 12], [12, np.nan, 11], 20, 1)
    assert np.array_equal(nobody.means, missing.means)


@given(
    r=st.lists(st.integers(0, 500), min_size=4, max_size=4),
    f=st.lists(st.integers(1, 500), min_size=4, max_size=4),
    persons=st.integers(1, 5000),
)
@hypothesis_settings(max_examples=25, deadline=None)
def test_intervals_are_nested_and_widen_with_the_horizon(r, f, persons):
    forecast = damped_trend(r, f, persons, 7)
    quantiles = forecast.quantile(LEVELS)
    assert np.all(np.diff(quantiles, axis=-1) >= 0)
    assert np.all((quantiles >= 0) & (quantiles <= persons))
    assert np.all(np.diff(forecast.variances, axis=1) >= 0)
    low95, high95 = forecast.interval(0.95)
    low80, high80 = forecast.interval(0.80)
    median = forecast.median()
    assert np.all((low95 <= low80) & (low80 <= median) & (median <= high80) & (high80 <= high95))


@given(
    r=st.lists(st.integers(1, 400), min_size=5, max_size=5),
    f=st.lists(st.integers(1, 400), min_size=5, max_size=5),
)
@hypothesis_settings(max_examples=25, deadline=None)
def test_exchanging_the_two_groups_mirrors_the_forecast(r, f):
    one, other = damped_trend(r, f, 300, 3), damped_trend(f, r, 300, 3)
    assert one.mean() == pytest.approx(1 - other.mean(), abs=1e-10)
    assert one.cdf(120) == pytest.approx(1 - other.cdf(179), abs=3e-7)


def test_refusals():
    with pytest.raises(ValueError, match="alike"):
        damped_trend([1, 2], [1, 2, 3], 10, 1)
    with pytest.raises(ValueError, match="only one"):
        damped_trend([1, np.nan], [1, 2], 10, 1)
    with pytest.raises(ValueError, match="not negative"):
        damped_trend([1, -2], [1, 2], 10, 1)
    with pytest.raises(ValueError, match=r"area\(s\) \[1\]"):
        damped_trend([[1, 2], [np.nan, np.nan]], [[1, 2], [np.nan, np.nan]], 10, 1)
    with pytest.raises(ValueError, match="from 1 on"):
        damped_trend([1, 2], [1, 2], 0, 1)
    with pytest.raises(ValueError, match="from 1 on"):
        damped_trend([1, 2], [1, 2], 10.5, 1)
    with pytest.raises(ValueError, match="strictly between"):
        damped_trend([1, 2], [1, 2], 10, 1).quantile(1.0)
    for wrong in (0, [], [-1], [0.5]):
        with pytest.raises(ValueError, match="whole numbers of years"):
            as_steps(wrong)
