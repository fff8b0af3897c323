"""The damped local trend against statsmodels' Kalman filter, published results and brute force."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy import special, stats
from statsmodels.datasets import nile
from statsmodels.tsa.statespace.mlemodel import MLEModel
from statsmodels.tsa.statespace.structural import UnobservedComponents

from minato_analysis.statistics.projection import (
    DEFAULT_SETTINGS,
    Forecast,
    TrendSettings,
    as_steps,
    damped_trend,
    future,
    logit_observations,
    project_logits,
    rounded_observations,
)

REOFFENDERS = np.array([730.0, 705, 634, 481, 499, 516])
PERSONS = np.array([1581.0, 1521, 1362, 1092, 1014, 1053])
FIRST_TIME = PERSONS - REOFFENDERS
LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975]


class InStatsmodels(MLEModel):
    """The same model for one node of the grid: first level, deviations of the others, slope."""

    def __init__(self, z, v, sigma, settings=DEFAULT_SETTINGS):
        levels = z.shape[0]
        super().__init__(z.T, k_states=levels + 1, k_posdef=levels + 1)
        self["design"] = np.hstack([np.tri(levels), np.zeros((levels, 1))])
        self["transition"] = np.eye(levels + 1)
        self["transition", 0, levels] = self["transition", levels, levels] = settings.phi
        self["selection"] = np.eye(levels + 1)
        slope = settings.slope_sd**2
        self["state_cov"] = np.diag([*sigma**2, slope * (1 - settings.phi**2)])
        self["obs_cov"] = np.stack([np.diag(one) for one in np.nan_to_num(v, nan=1.0).T], axis=-1)
        self.initialize_known(
            np.zeros(levels + 1), np.diag([settings.level_sd**2] * levels + [slope])
        )


def three_levels():
    """A nation, a prefecture and an area over eight years, with gaps; the area ends two years early."""
    nan = np.nan
    r = np.array(
        [
            [9900.0, 9500, nan, 9000, 8600, 8300, nan, 7800],
            [3300.0, 3200, 3150, nan, 2900, 2850, 2750, nan],
            [300.0, nan, 290, 281, 275, 284, nan, nan],
        ]
    )
    z, v = logit_observations(r, 1.1 * r)
    return z[:, None], v[:, None]


SMALL = replace(DEFAULT_SETTINGS, sigma_nodes=4, deviation_nodes=3)


@pytest.mark.parametrize("levels", [1, 2, 3])
@pytest.mark.parametrize("slope_sd", [0.0, 0.03])
def test_forecasts_equal_statsmodels_node_by_node(levels, slope_sd):
    """Weights, means and variances of the logit; steps of 0 and below are filtered states."""
    settings = replace(SMALL, slope_sd=slope_sd)
    z, v = (one[-levels:] for one in three_levels())
    steps = np.array([-2, 0, 1, 5])
    weights, means, variances = project_logits(z, v, steps, settings)
    sigma, prior = settings.grid(levels)
    pad = np.full((levels, 5), np.nan)
    select = np.append(np.ones(levels), 0.0)
    likelihoods = np.empty((sigma.shape[1], 2))
    for j in range(sigma.shape[1]):
        model = InStatsmodels(
            np.hstack([z[:, 0], pad]), np.hstack([v[:, 0], pad]), sigma[:, j], settings
        )
        theirs = model.ssm.filter()
        likelihoods[j] = theirs.llf_obs[:6].sum(), theirs.llf_obs.sum()
        for h, t in enumerate((5, 7, 8, 12)):
            assert means[0, h, j] == pytest.approx(select @ theirs.filtered_state[:, t], abs=1e-9)
            spread = select @ theirs.filtered_state_cov[..., t] @ select
            assert variances[0, h, j] == pytest.approx(spread, abs=1e-9)
    for h, column in enumerate((0, 1, 1, 1)):
        wanted = prior * np.exp(likelihoods[:, column] - likelihoods[:, column].max())
        assert weights[0, h] == pytest.approx(wanted / wanted.sum(), abs=1e-9)


def test_forecasts_equal_a_plain_loop():
    """A third way: the joint normal distribution of all years, written out, for one node."""
    z, v = (one[-1, 0, :6] for one in three_levels())
    settings = replace(DEFAULT_SETTINGS, sigma_nodes=2, sigma_max=0.05, sigma_scale=1e9)
    phi, sd, years = settings.phi, settings.slope_sd, 9
    slope = sd**2 * phi ** np.abs(np.subtract.outer(np.arange(years), np.arange(years)))
    moves = np.tril(np.full((years, years), phi), -1)  # level[t] = level[0] + sum of phi b before t
    noise = 0.05**2 * np.minimum.outer(np.arange(years), np.arange(years))
    joint = moves @ slope @ moves.T + noise + settings.level_sd**2
    known = np.flatnonzero(~np.isnan(z))
    inverse = np.linalg.inv(joint[np.ix_(known, known)] + np.diag(v[known]))
    toward = joint[8, known] @ inverse
    _, means, variances = project_logits(z[None], v[None], np.array([3]), settings)
    assert means[0, 0, 1] == pytest.approx(toward @ z[known], abs=1e-9)
    assert variances[0, 0, 1] == pytest.approx(joint[8, 8] - toward @ joint[known, 8], abs=1e-9)


def test_nile_drift_is_where_the_likelihood_is_largest():
    """Durbin and Koopman (2012), section 2.10: noise 15099, drift 1469.1 by maximum likelihood."""
    volume = nile.load_pandas().data["volume"].to_numpy()[None]
    settings = TrendSettings(
        level_sd=1e4, slope_sd=0.0, sigma_nodes=601, sigma_max=60.0, sigma_scale=1e9
    )
    weights, *_ = project_logits(volume, np.full_like(volume, 15099.0), np.array([1]), settings)
    best = settings.sigma()[np.argmax(weights[0, 0])]
    assert best**2 == pytest.approx(1469.1, abs=0.1 * 2 * best)
    model = UnobservedComponents(volume[0], level="local level")
    model.ssm.initialize_known(np.zeros(1), np.array([[1e8]]))
    model.ssm.loglikelihood_burn = 0
    other = settings.sigma()[200]
    ratio = model.loglike([15099.0, best**2]) - model.loglike([15099.0, other**2])
    assert np.log(weights[0, 0].max() / weights[0, 0, 200]) == pytest.approx(ratio, abs=1e-6)


@pytest.mark.parametrize("slope_sd", [0.0, 0.03])
def test_series_drawn_from_the_model_are_covered(slope_sd):
    """600 series with known truth: the 80 % interval holds 80 % of what comes, within five errors."""
    settings = replace(DEFAULT_SETTINGS, slope_sd=slope_sd, sigma_nodes=21)
    rng, areas, years = np.random.default_rng(5), 600, 13
    sigma = np.abs(rng.normal(0, settings.sigma_scale, (areas, 1))).clip(0, settings.sigma_max)
    level, slope = rng.normal(0, 0.3, (areas, 1)), rng.normal(0, slope_sd, (areas, 1))
    logits = []
    for _ in range(years):
        logits.append(level)
        level = level + settings.phi * slope + rng.normal(0, sigma)
        slope = settings.phi * slope + rng.normal(
            0, slope_sd * np.sqrt(1 - settings.phi**2), (areas, 1)
        )
    r = rng.binomial(1053, special.expit(np.hstack(logits))).astype(float)
    forecast = damped_trend(r[:, :6], 1053 - r[:, :6], 1053, [1, 7], settings)
    for step, column in enumerate((6, 12)):
        low, high = (1053 * end[:, step] for end in forecast.interval(0.80))
        held = np.mean((low <= r[:, column]) & (r[:, column] <= high))
        assert held == pytest.approx(0.80, abs=5 * np.sqrt(0.16 / areas))


def test_rounding_is_an_uncertainty_of_its_own():
    """Shares drawn, rounded to a decimal: the logit errs by the variance that is added."""
    rng = np.random.default_rng(2)
    true = rng.uniform(46, 48, 200_000)
    printed = np.round(true, 1)
    z, v = rounded_observations(printed, np.full(printed.size, 1e12))
    error = z[0] - special.logit(true / 100)
    assert error.var() == pytest.approx(v.mean(), rel=0.01)
    counts = logit_observations(0.487 * 215_003, 0.513 * 215_003)
    share = rounded_observations([48.7], [215_003])
    assert share[0] == pytest.approx(counts[0])
    assert share[1] > counts[1]


def test_merged_components_keep_the_distribution():
    z, v = three_levels()
    steps = np.array([1, 7])
    forecast = Forecast("x", *future(1053, 1, steps), *project_logits(z, v, steps))
    merged = forecast.merged()
    assert merged.weights.shape[-1] < 24**2 < forecast.weights.shape[-1]
    assert merged.mean() == pytest.approx(forecast.mean(), abs=1e-4)
    for count in (400, 470, 500, 560):
        assert merged.cdf(count) == pytest.approx(forecast.cdf(count), abs=5e-4)
    assert merged.merged() is merged


def test_the_last_digit_of_a_logarithm_moves_no_component_to_another_cell():
    """Processors differ in it; on a regular grid every tenth component stands on an edge of the cells."""
    factors = np.exp(np.linspace(-2, 2, 81))
    weights = np.full((1, 1, 81), 1 / 81)
    persons = np.full((1, 1), 500)
    found = {
        Forecast(
            "x",
            np.ones((1, 1), int),
            persons,
            weights,
            np.zeros((1, 1, 81)),
            0.01 * factors[None, None] * (1 + ulps * np.finfo(float).eps),
        )
        .merged(8)
        .weights.round(12)
        .tobytes()
        for ulps in np.random.default_rng(1).integers(-2, 3, (20, 81))
    }
    assert len(found) == 1


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
