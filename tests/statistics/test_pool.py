"""The pool: members by hand, their mean, and what a larger region may tell."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import special

from minato_analysis.statistics.pool import members, pooled
from minato_analysis.statistics.projection import (
    DEFAULT_SETTINGS,
    TrendSettings,
    damped_trend,
    logit_observations,
)

REOFFENDERS = np.array([[730.0, 705, 634, 481, 499, 516]])
FIRST_TIME = np.array([[851.0, 816, 728, 611, 515, 537]])
SMALL = TrendSettings(sigma_nodes=21, deviation_nodes=5)


def chain(share=0.48, years=6):
    """A nation and a prefecture that follow each other, and the area, all on its years."""
    own = logit_observations(REOFFENDERS, FIRST_TIME)
    parts = [
        logit_observations(np.full((1, years), n * share), np.full((1, years), n * (1 - share)))
        for n in (2e5, 2e4)
    ]
    return tuple(np.stack([*(part[i] for part in parts), own[i]]) for i in range(2))


def test_the_pool_is_the_mean_of_the_probability_functions():
    found = members(*chain(), 1053, np.arange(1, 8), SMALL)
    assert list(found) == ["damped", "level", "three_level_damped", "three_level_level"]
    pool = pooled(found)
    for step in (0, 6):
        mean = np.mean([one.pmf(0, step) for one in found.values()], axis=0)
        assert pool.pmf(0, step) == pytest.approx(mean, abs=1e-7)
        assert pool.pmf(0, step).sum() == pytest.approx(1, abs=1e-7)
    chances = [one.cdf(487)[0, 6] for one in found.values()]
    assert min(chances) < pool.cdf(487)[0, 6] < max(chances)


def test_members_of_the_own_series_are_the_models_by_themselves():
    found = members(*chain(), 1053, np.arange(1, 8), SMALL)
    damped = damped_trend(REOFFENDERS, FIRST_TIME, 1053, 7, SMALL)
    still = damped_trend(REOFFENDERS, FIRST_TIME, 1053, 7, replace(SMALL, slope_sd=0.0))
    assert np.array_equal(found["damped"].means, damped.means)
    assert np.array_equal(found["level"].variances, still.variances)
    alone = members(*(one[-1:] for one in chain()), 1053, np.arange(1, 8), SMALL)
    assert list(alone) == ["damped", "level"]


def test_a_level_without_drift_has_the_same_mean_every_year():
    found = members(*chain(), 1053, np.arange(1, 8), SMALL)
    for name in ("level", "three_level_level"):
        assert np.ptp(found[name].mean()) < 2e-3
        assert np.all(np.diff(found[name].interval(0.95)[1]) >= 0)


def test_a_falling_nation_takes_the_area_with_it():
    """Known truth: area and prefecture are the nation plus a constant; the nation falls on."""
    logits = np.linspace(0.1, -0.3, 12)
    persons = np.array([2e5, 2e4, 1000.0])[:, None, None]
    share = special.expit(logits + np.array([0.0, 0.1, -0.05])[:, None, None])
    z, v = logit_observations(
        *(np.concatenate(one) for one in (persons * share, persons * (1 - share)))
    )
    z, v = z[:, None], v[:, None]
    z[2, 0, 6:] = v[2, 0, 6:] = np.nan  # the area is known for the first half only
    found = members(z, v, 1000, np.array([0]), SMALL)
    for name in ("three_level_damped", "three_level_level"):
        assert found[name].mean()[0, 0] == pytest.approx(share[2, 0, -1], abs=0.02)
    assert found["level"].mean()[0, 0] > share[2, 0, -1] + 0.03


def test_of_a_larger_region_only_the_years_up_to_the_projected_one_are_used():
    z, v = (np.pad(one, ((0, 0), (0, 0), (0, 2)), constant_values=np.nan) for one in chain())
    z[0, 0, 6:] = -0.1, -3.0  # the nation is known two years longer; its last year is wild
    v[0, 0, 6:] = 2e-5
    found = members(z, v, 1053, np.array([-1, 0]), SMALL)
    z[0, 0, 7] = np.nan
    before = members(z, v, 1053, np.array([-1]), SMALL)
    name = "three_level_damped"
    assert np.array_equal(found[name].means[:, 0], before[name].means[:, 0])
    assert found[name].mean()[0, 1] < before[name].mean()[0, 0] - 0.05


def test_finer_grids_change_no_printed_number():
    found, finer = (
        members(*chain(), 1053, np.array([7]), settings)
        for settings in (DEFAULT_SETTINGS, replace(DEFAULT_SETTINGS, deviation_nodes=33))
    )
    for name in found:
        assert found[name].cdf(487) == pytest.approx(finer[name].cdf(487), abs=5e-4)


def test_pools_of_worlds_with_known_truth_hold_what_they_promise():
    """400 areas below one nation, drawn by the third member: the pool's 80 % interval holds 80 % or more."""
    rng, areas, years = np.random.default_rng(3), 400, 13
    slope, nation, deviation = rng.normal(0, 0.03), 0.0, rng.normal(0, 0.2, areas)
    path, own = [], []
    for _ in range(years):
        path.append(nation)
        own.append(nation + deviation)
        nation += 0.9 * slope + rng.normal(0, 0.01)
        slope = 0.9 * slope + rng.normal(0, 0.03 * np.sqrt(0.19))
        deviation = deviation + rng.normal(0, 0.02, areas)
    r = rng.binomial(1000, special.expit(np.array(own).T)).astype(float)
    wide = special.expit(np.array(path)) * 2e5
    top = np.tile(wide, (areas, 1))
    seen = np.where(np.arange(years) < 6, 1.0, np.nan)
    z, v = zip(
        logit_observations(top * seen, (2e5 - top) * seen),
        logit_observations(r * seen, (1000 - r) * seen),
        strict=True,
    )
    pool = pooled(
        members(
            np.stack(z),
            np.stack(v),
            1000,
            np.array([0]),
            TrendSettings(sigma_nodes=11, deviation_nodes=5),
        )
    )
    low, high = (1000 * end[:, 0] for end in pool.interval(0.80))
    held = np.mean((low <= r[:, -1]) & (r[:, -1] <= high))
    assert held > 0.80 - 5 * np.sqrt(0.16 / areas)
