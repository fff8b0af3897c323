"""The target rule in integers, what would meet it, and how one would notice."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportions_ztest

from minato_analysis.statistics import target
from minato_analysis.statistics.projection import damped_trend

REOFFENDERS = np.array([730, 705, 634, 481, 499, 516])
PERSONS = np.array([1581, 1521, 1362, 1092, 1014, 1053])
FIRST_TIME = PERSONS - REOFFENDERS


def test_published_values_of_the_series():
    """Shares printed by a draft plan of 2024 for 2017 and 2022: 46.2 % and 49.0 %."""
    tenths = target.published_tenths(REOFFENDERS, PERSONS)
    assert (tenths[0], tenths[-1]) == (462, 490)


def test_published_value_may_lie_above_the_exact_target():
    assert 487 / 1053 > 730 / 1581
    assert target.meets_target(487, 1053, 462)
    assert not target.meets_target(488, 1053, 462)


@given(n=st.integers(1, 200_000), data=st.data())
def test_half_up_equals_decimal_arithmetic(n, data):
    k = data.draw(st.integers(0, n))
    exact = Decimal(1000 * k) / Decimal(n)
    assert target.published_tenths(k, n) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize(("k", "n", "tenths"), [(1, 16, 63), (1, 2000, 1), (1, 2001, 0)])
def test_exact_halves_go_up(k, n, tenths):
    assert target.published_tenths(k, n) == tenths


@given(n=st.integers(1, 5000), tenths=st.integers(0, 1000))
def test_largest_meeting_is_the_border(n, tenths):
    k = int(target.largest_meeting(n, tenths))
    assert 0 <= k <= n
    assert target.meets_target(k, n, tenths)
    assert k == n or not target.meets_target(k + 1, n, tenths)


@given(n=st.integers(1, 3000), tenths=st.integers(1, 999), data=st.data())
def test_fewer_reoffenders_are_the_fewest(n, tenths, data):
    k = data.draw(st.integers(0, n - 1))
    fixed = target.fewer_fixed_denominator(k, n, tenths)
    prevented = target.fewer_prevented(k, n, tenths)
    assert prevented >= fixed >= 0
    assert target.meets_target(k - fixed, n, tenths)
    assert fixed == 0 or not target.meets_target(k - fixed + 1, n, tenths)
    assert target.meets_target(k - prevented, n - prevented, tenths)
    assert prevented == 0 or not target.meets_target(k - prevented + 1, n - prevented + 1, tenths)
    assert target.fewer_by_first_time(k, [n - k], tenths).tolist() == [prevented]


def test_fewer_reoffenders_of_the_series():
    """462 of 999 publishes as 46.2, 463 of 1000 as 46.3."""
    assert target.fewer_fixed_denominator(516, 1053, 462) == 29
    assert target.fewer_prevented(516, 1053, 462) == 54
    assert target.published_tenths([462, 463], [999, 1000]).tolist() == [462, 463]


def test_p_target_is_the_sum_of_meeting_counts():
    forecast = damped_trend(REOFFENDERS, FIRST_TIME, [[300, 1053]], 2)
    for step, n in enumerate((300, 1053)):
        meets = target.meets_target(np.arange(n + 1), n, 462)
        found = target.p_target(forecast, 462)[0, step]
        assert found == pytest.approx(forecast.pmf(0, step)[meets].sum(), abs=1e-12)


@given(n=st.integers(20, 5000), tenths=st.integers(100, 900), chance=st.floats(0.05, 0.95))
def test_true_level_gives_the_chance(n, tenths, chance):
    level = float(target.true_level_needed(n, tenths, chance))
    k = int(target.largest_meeting(n, tenths))
    assert stats.binom.cdf(k, n, level) == pytest.approx(chance, abs=1e-9)


def test_scenario_grid():
    grid = target.scenario_grid(516, 537, 7, 462, [-0.01, -0.02, -0.03], [0.0, -0.05, 0.02])
    assert grid.reoffenders.shape == (3, 3)
    assert grid.reoffenders[:, 0].tolist() == [481, 448, 417]  # 516 * .99**7 = 480.95
    assert grid.first_time[0].tolist() == [537, 375, 617]  # 537 * .95**7 = 375.01
    assert grid.tenths[1, 0] == 455  # 448 of 985
    assert grid.met.tolist() == [[False, False, True], [True, False, True], [True, False, True]]
    assert grid.chance[0, 0] == pytest.approx(stats.binom.cdf(470, 1018, 481 / 1018))


def test_yearly_change_compounds():
    change = target.yearly_change(FIRST_TIME)
    assert FIRST_TIME[0] * (1 + change) ** 5 == pytest.approx(FIRST_TIME[-1])


@pytest.mark.parametrize(
    ("k", "n", "later"), [(1496, 3159, 3159), (1496, 3159, 2700), (40, 100, 90)]
)
def test_limits_of_the_comparison_are_those_of_the_score_test(k, n, later):
    """Against statsmodels, count by count around the border."""
    fall, rise = target.largest_showing_fall(k, n, later), target.smallest_showing_rise(k, n, later)
    for count, shown in ((fall, True), (fall + 1, False), (rise, True), (rise - 1, False)):
        _, p = proportions_ztest([k, count], [n, later])
        assert (p < 0.05) == shown


def test_a_fall_that_no_count_can_show():
    assert target.largest_showing_fall(1, 100, 50) == -1


def test_posterior_levels_are_draws_without_drawing():
    levels = target.posterior_levels(1496, 3159)
    drawn = np.random.default_rng(1).beta(1496.5, 1663.5, 400_000)
    assert levels.mean() == pytest.approx(drawn.mean(), abs=1e-4)
    assert levels.std() == pytest.approx(drawn.std(), rel=0.01)


def test_detectable_fall_by_simulation():
    """Level from its posterior, later years drawn after a fall of that size: shown in 80 % of the worlds."""
    fall = target.detectable_fall(1496, 3159, 3159)
    rng = np.random.default_rng(9)
    level = rng.beta(1496.5, 1663.5, 100_000)
    later = rng.binomial(3159, level - fall)
    shown = later <= target.largest_showing_fall(1496, 3159, 3159)
    assert shown.mean() == pytest.approx(0.80, abs=0.006)
    assert (
        rng.binomial(3159, level) <= target.largest_showing_fall(1496, 3159, 3159)
    ).mean() < 0.03


def test_pooled_shares():
    found = target.pooled_shares(REOFFENDERS, PERSONS)
    assert np.isnan(found[:2]).all()
    assert found[-1] == pytest.approx((481 + 499 + 516) / (1092 + 1014 + 1053))
    gap = target.pooled_shares([1.0, np.nan, 1, 1, 1], [2.0, np.nan, 2, 2, 2])
    assert np.isnan(gap[:4]).all()
    assert gap[4] == 0.5


def test_power_of_a_published_example():
    """R, ?power.prop.test: n = 50, p1 = .50, p2 = .75 gives power 0.740."""
    assert target.power_table(0.75, 0.25, 50)[0, 0] == pytest.approx(0.740, abs=5e-4)


def test_power_by_exact_enumeration():
    """Score test of two independent binomials, every pair of counts."""
    n, before, after = 300, 0.50, 0.40
    k = np.arange(n + 1)
    difference = (k[:, None] - k) / n
    pooled = (k[:, None] + k) / (2 * n)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = difference / np.sqrt(2 * pooled * (1 - pooled) / n)
    joint = np.outer(stats.binom.pmf(k, n, before), stats.binom.pmf(k, n, after))
    exact = joint[np.abs(z) > stats.norm.ppf(0.975)].sum()
    assert target.power_table(before, before - after, n)[0, 0] == pytest.approx(exact, abs=0.015)


def test_power_grows_with_persons_and_fall():
    table = target.power_table(0.49, [0.01, 0.028, 0.05], [500, 1053, 3159])
    assert np.all(np.diff(table, axis=0) > 0)
    assert np.all(np.diff(table, axis=1) > 0)


def test_refusals():
    with pytest.raises(ValueError, match="more reoffenders"):
        target.published_tenths(5, 4)
    with pytest.raises(ValueError, match="whole numbers"):
        target.published_tenths(1.5, 4)
    with pytest.raises(ValueError, match="from 1 on"):
        target.largest_meeting(0, 462)
    with pytest.raises(ValueError, match="always met"):
        target.fewer_prevented(5, 10, 1000)
