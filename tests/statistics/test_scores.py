"""Scores against published values, hand calculation and direct sums."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from minato_analysis.statistics.projection import damped_trend
from minato_analysis.statistics.scores import (
    covered,
    crps_cdf,
    crps_discrete,
    crps_quantiles,
    interval_score,
    score,
    weighted_interval_score,
)


def test_crps_of_the_standard_normal_at_zero():
    """(sqrt(2) - 1) / sqrt(pi), Gneiting and Raftery (2007), eq. 21."""
    found = crps_cdf(special.ndtr, 0.0, -10.0, 10.0)
    assert found == pytest.approx(0.2336949772551, abs=1e-12)


@given(y=st.floats(-6, 6), mean=st.floats(-2, 2), sd=st.floats(0.3, 3))
@settings(max_examples=50, deadline=None)
def test_crps_of_a_normal_in_closed_form(y, mean, sd):
    z = (y - mean) / sd
    wanted = sd * (z * (2 * special.ndtr(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
    found = crps_cdf(
        lambda x: special.ndtr((x - mean) / sd), y, mean - 10 * sd, mean + 10 * sd, points=64
    )
    assert found == pytest.approx(wanted, abs=1e-7)


def test_crps_of_a_sample():
    """The sample {1, 2, 3} at 2: E|X - 2| - E|X - X'| / 2 = 2/3 - 4/9."""
    assert crps_discrete(np.array([0, 1, 1, 1]) / 3, 2) == pytest.approx(2 / 9, abs=1e-15)


@given(masses=st.lists(st.floats(0.01, 1), min_size=2, max_size=9), data=st.data())
@settings(max_examples=50, deadline=None)
def test_crps_of_a_discrete_distribution_by_expectations(masses, data):
    pmf = np.array(masses) / np.sum(masses)
    y = data.draw(st.integers(0, pmf.size - 1))
    x = np.arange(pmf.size)
    wanted = pmf @ np.abs(x - y) - pmf @ np.abs(x[:, None] - x) @ pmf / 2
    assert crps_discrete(pmf, y) == pytest.approx(wanted, abs=1e-12)


def test_interval_score_by_hand():
    assert interval_score([5.0, 1.0, 8.0], 2.0, 6.0, 0.2) == pytest.approx([4, 14, 24])


def test_weighted_interval_score_by_hand():
    """Observed 9, median 3: (6/2 + 0.1 * (4 + 10 * 3) + 0.025 * (8 + 40 * 1)) / 2.5 = 3.04."""
    found = weighted_interval_score(9.0, 3.0, {0.2: (2.0, 6.0), 0.05: (0.0, 8.0)})
    assert found == pytest.approx(3.04, abs=1e-12)


def test_weighted_interval_score_of_a_perfect_point_is_zero():
    """Fails if the median itself instead of its absolute error is added."""
    found = weighted_interval_score(7.0, 7.0, {0.2: (7.0, 7.0), 0.05: (7.0, 7.0)})
    assert found == pytest.approx(0.0, abs=1e-15)


def test_covered_includes_the_bounds():
    assert covered([1, 2, 3, 4], 2, 3).tolist() == [False, True, True, False]


@pytest.mark.parametrize("persons", [3, 128, 129, 1053, 4000])
def test_forecast_scores_equal_direct_sums(persons):
    forecast = damped_trend([40, 45, 39], [50, 52, 51], persons, 2)
    for share in (0.0, 0.3, 0.45, 0.8):
        count = int(share * persons)
        found = score(forecast, count)
        for step in range(2):
            pmf = forecast.pmf(0, step)
            assert found.crps[0, step] == pytest.approx(
                crps_discrete(pmf, count) / persons, rel=1e-5, abs=1e-9
            )
            middle = pmf[:count].sum() + pmf[count] / 2
            assert found.pit[0, step] == pytest.approx(middle, abs=1e-7)


def test_forecast_intervals():
    forecast = damped_trend([40, 45, 39], [50, 52, 51], 100, 1)
    low, high = forecast.interval(0.80)
    inside = score(forecast, int(100 * low[0, 0]))
    outside = score(forecast, int(100 * high[0, 0]) + 1)
    assert inside.inside80[0, 0]
    assert inside.inside95[0, 0]
    assert not outside.inside80[0, 0]
    assert outside.wis[0, 0] > inside.wis[0, 0]


def test_truth_scores_best_on_average():
    """CRPS and weighted interval score are proper: no other forecast does better in expectation."""
    truth, other = (damped_trend(r, [50, 52, 51], 60, 1) for r in ([40, 45, 39], [52, 57, 55]))
    pmf = truth.pmf(0, 0)
    for part in ("crps", "wis"):
        own, rival = (
            sum(pmf[k] * getattr(score(f, k), part)[0, 0] for k in range(61))
            for f in (truth, other)
        )
        assert own < rival


STEPS = np.arange(1, 40) / 40


@pytest.mark.parametrize("y", [0.0, 1.0, -2.0, 3.0])
def test_crps_of_the_standard_normal_from_its_quantiles(y):
    """Against the closed form (Gneiting and Raftery 2007, eq. 21), within half a percent."""
    exact = y * (2 * special.ndtr(y) - 1) + 2 * stats.norm.pdf(y) - 1 / np.sqrt(np.pi)
    found = crps_quantiles(y, stats.norm.ppf(STEPS), STEPS)
    assert found == pytest.approx(exact, rel=5e-3)


@given(
    y=st.floats(-5, 5),
    quantiles=st.lists(st.floats(-5, 5), min_size=39, max_size=39).map(sorted),
)
@settings(max_examples=50, deadline=None)
def test_crps_from_quantiles_is_the_weighted_interval_score(y, quantiles):
    """Bracher et al. (2021), section 2.2: the score of all central intervals is the mean of twice the
    quantile scores; the two differ by the number they are divided by, 39 or 40."""
    intervals = {2 * p: (quantiles[n], quantiles[-1 - n]) for n, p in enumerate(STEPS[:19])}
    wis = weighted_interval_score(y, quantiles[19], intervals)
    assert crps_quantiles(y, quantiles, STEPS) == pytest.approx(wis * 39 / 40, abs=1e-9)


def test_crps_of_a_certain_forecast_is_its_distance():
    """As for every probability the quantile is the same: 39 of 40 steps of the integral."""
    found = crps_quantiles([1.0, 4.0], np.full((2, 39), 3.0), STEPS)
    assert found == pytest.approx(np.array([2.0, 1.0]) * 39 / 40)


def test_crps_from_quantiles_refuses_other_probabilities():
    with pytest.raises(ValueError, match="equal steps"):
        crps_quantiles(1.0, [1.0, 2.0], [0.1, 0.9])
    with pytest.raises(ValueError, match="do not belong"):
        crps_quantiles(1.0, [1.0, 2.0], [0.5])


def test_refuses_impossible_counts():
    with pytest.raises(ValueError, match="between 0 and persons"):
        score(damped_trend([4, 5], [5, 5], 10, 1), 11)
