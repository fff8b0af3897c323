"""Stratified comparison, against R, SAS and metafor, and against statsmodels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable

from minato_analysis.statistics.comparison import equality_p_value
from minato_analysis.statistics.strata import (
    breslow_day,
    cochran_mantel_haenszel,
    holm,
    mantel_haenszel_odds_ratio,
    mantel_haenszel_risk_ratio,
)


def from_cells(cells):
    a, b, c, d = np.array(cells).T
    return a, a + b, c, c + d


# R datasets::UCBAdmissions: men admitted, rejected, women admitted, rejected; departments A to F.
UCB = from_cells(
    [
        (512, 313, 89, 19),
        (353, 207, 17, 8),
        (120, 205, 202, 391),
        (138, 279, 131, 244),
        (53, 138, 94, 299),
        (22, 351, 24, 317),
    ]
)
# Colditz et al. (1994), R package metafor, dat.bcg: vaccinated with and without tuberculosis,
# not vaccinated with and without.
BCG = from_cells(
    [
        (4, 119, 11, 128),
        (6, 300, 29, 274),
        (3, 228, 11, 209),
        (62, 13536, 248, 12619),
        (33, 5036, 47, 5761),
        (180, 1361, 372, 1079),
        (8, 2537, 10, 619),
        (505, 87886, 499, 87892),
        (29, 7470, 45, 7232),
        (17, 1699, 65, 1600),
        (186, 50448, 141, 27197),
        (5, 2493, 3, 2338),
        (27, 16886, 29, 17825),
    ]
)
# SAS/STAT PROC FREQ, example "Cochran-Mantel-Haenszel Statistics", data set Migraine.
MIGRAINE = from_cells([(16, 11, 5, 20), (12, 16, 7, 19)])


@st.composite
def strata(draw, least=1):
    size = draw(st.integers(2, 6))
    cell = st.lists(st.integers(least, 80), min_size=size, max_size=size)
    return np.array([draw(cell) for _ in range(4)])


def groups_of(cells):
    return from_cells(cells.T)


def test_ucb_admissions_odds_ratio_is_that_of_r():
    # R: mantelhaen.test(UCBAdmissions).
    result = mantel_haenszel_odds_ratio(*UCB)
    assert result.estimate == pytest.approx(0.9046968, abs=5e-8)
    assert [result.low, result.high] == pytest.approx([0.7719074, 1.0603298], abs=5e-8)
    assert result.strata == 6


def test_ucb_admissions_chi_squared_is_that_of_r():
    plain, corrected = (cochran_mantel_haenszel(*UCB, continuity=flag) for flag in (False, True))
    assert round(plain.statistic, 4) == 1.5246
    assert round(plain.p_value, 4) == 0.2169
    assert round(corrected.statistic, 4) == 1.4269
    assert round(corrected.p_value, 4) == 0.2323


def test_ucb_admissions_homogeneity_is_that_of_desctools():
    # R package DescTools: BreslowDayTest(UCBAdmissions).
    test = breslow_day(*UCB)
    assert (round(test.statistic, 3), test.df, round(test.p_value, 6)) == (18.826, 5, 0.002071)


def test_bcg_risk_ratio_is_that_of_metafor():
    # metafor: rma.mh(measure = "RR", data = dat.bcg).
    result = mantel_haenszel_risk_ratio(*BCG)
    printed = [round(value, 4) for value in (result.estimate, result.low, result.high)]
    assert printed == [0.6353, 0.5881, 0.6862]
    assert round(np.log(result.estimate), 4) == -0.4537


def test_migraine_is_the_output_of_sas():
    odds, risk = mantel_haenszel_odds_ratio(*MIGRAINE), mantel_haenszel_risk_ratio(*MIGRAINE)
    assert [round(v, 4) for v in (odds.estimate, odds.low, odds.high)] == [3.3132, 1.4456, 7.5934]
    assert [round(v, 4) for v in (risk.estimate, risk.low, risk.high)] == [2.1636, 1.2336, 3.7948]
    test = breslow_day(*MIGRAINE)
    assert (round(test.statistic, 4), test.df, round(test.p_value, 4)) == (1.4929, 1, 0.2218)
    test = cochran_mantel_haenszel(*MIGRAINE)
    assert (round(test.statistic, 4), round(test.p_value, 4)) == (8.3052, 0.0040)


@pytest.mark.parametrize("tarone", [False, True])
@settings(max_examples=50, deadline=None)
@given(cells=strata())
def test_breslow_day_is_that_of_statsmodels_away_from_one(tarone, cells):
    table = StratifiedTable(cells.reshape(2, 2, -1))
    if abs(table.oddsratio_pooled - 1) < 1e-3:
        return
    other = table.test_equal_odds(adjust=tarone)
    test = breslow_day(*groups_of(cells), tarone=tarone)
    assert test.statistic == pytest.approx(other.statistic, rel=1e-6, abs=1e-6)
    assert test.p_value == pytest.approx(other.pvalue, abs=1e-6)


def test_breslow_day_at_a_pooled_odds_ratio_of_one():
    # Odds ratios 4 and 1/4 that cancel; expected cells are then row total * column total / n.
    cells = np.array([(20, 10, 10, 20), (10, 20, 20, 10)]).T
    groups = groups_of(cells)
    assert mantel_haenszel_odds_ratio(*groups).estimate == pytest.approx(1, abs=1e-15)
    assert breslow_day(*groups).statistic == pytest.approx(2 * 5**2 * 4 / 15)
    assert breslow_day([1, 1], [2, 2], [1, 1], [2, 2]).statistic == 0


@settings(deadline=None)
@given(strata(), st.sampled_from([mantel_haenszel_odds_ratio, mantel_haenszel_risk_ratio]))
def test_ratio_inverts_with_swapped_groups_and_contains_the_estimate(cells, function):
    k1, n1, k2, n2 = groups_of(cells)
    result, other = function(k1, n1, k2, n2), function(k2, n2, k1, n1)
    assert result.low < result.estimate < result.high
    assert [result.low, result.estimate, result.high] == pytest.approx(
        [1 / other.high, 1 / other.estimate, 1 / other.low], rel=1e-9
    )
    narrow = function(k1, n1, k2, n2, confidence=0.8)
    assert result.low < narrow.low < narrow.high < result.high


@settings(deadline=None)
@given(strata())
def test_tests_do_not_depend_on_which_group_or_outcome_comes_first(cells):
    k1, n1, k2, n2 = groups_of(cells)
    for function in (cochran_mantel_haenszel, breslow_day):
        statistic = function(k1, n1, k2, n2).statistic
        assert function(k2, n2, k1, n1).statistic == pytest.approx(statistic, rel=1e-7, abs=1e-9)
        assert function(n1 - k1, n1, n2 - k2, n2).statistic == pytest.approx(
            statistic, rel=1e-7, abs=1e-9
        )


@settings(deadline=None)
@given(strata(least=0))
def test_one_stratum_is_the_plain_two_group_test(cells):
    k1, n1, k2, n2 = (counts[:1] for counts in groups_of(cells))
    if min(n1[0], n2[0]) == 0 or k1[0] + k2[0] in (0, n1[0] + n2[0]):
        return
    p_value = cochran_mantel_haenszel(k1, n1, k2, n2).p_value
    assert p_value == pytest.approx(equality_p_value(k1, n1, k2, n2)[0], rel=1e-9)


@settings(deadline=None)
@given(strata())
def test_strata_without_information_change_nothing(cells):
    k1, n1, k2, n2 = groups_of(cells)
    # An empty group, an empty stratum, nobody counted, everybody counted.
    more = np.array([(0, 0, 3, 9), (0, 0, 0, 0), (0, 5, 0, 4)]).T
    longer = [np.concatenate(pair) for pair in zip((k1, n1, k2, n2), more, strict=True)]
    everybody = [np.append(a, b) for a, b in zip(longer, (5, 5, 4, 4), strict=True)]
    for function in (mantel_haenszel_odds_ratio, cochran_mantel_haenszel, breslow_day):
        assert function(*everybody) == function(k1, n1, k2, n2)
    risk = mantel_haenszel_risk_ratio(k1, n1, k2, n2)
    longer = mantel_haenszel_risk_ratio(*longer)
    assert [longer.estimate, longer.low] == pytest.approx([risk.estimate, risk.low], rel=1e-12)


def test_continuity_correction_stops_at_zero():
    # Summed deviation 0.25: the correction must not overshoot to the other side.
    groups = ([1], [2], [1], [4])
    assert cochran_mantel_haenszel(*groups).statistic > 0
    test = cochran_mantel_haenszel(*groups, continuity=True)
    assert (test.statistic, test.p_value) == (0, 1)


def test_nothing_to_compare_gives_nan():
    nothing = ([0, 1], [0, 1], [0, 0], [3, 0])
    assert np.isnan(mantel_haenszel_odds_ratio(*nothing).estimate)
    assert np.isnan(mantel_haenszel_risk_ratio(*nothing).low)
    assert np.isnan(cochran_mantel_haenszel(*nothing).p_value)
    assert np.isnan(breslow_day(*nothing).p_value)


def test_more_than_one_dimension_is_refused():
    with pytest.raises(ValueError, match="one dimension, not 2"):
        cochran_mantel_haenszel([[1]], [[2]], [[1]], [[2]])


def test_holm_is_p_adjust_of_r():
    # R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm").
    p_values = [0.01, 0.02, 0.03, 0.04, 0.05]
    assert holm(p_values) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_lies_between_raw_and_bonferroni_and_ignores_order_and_gaps(p_values):
    adjusted = holm(p_values)
    assert (adjusted >= p_values).all()
    assert (adjusted <= np.minimum(1, np.multiply(p_values, len(p_values)) + 1e-15)).all()
    assert holm(p_values[::-1]) == pytest.approx(adjusted[::-1])
    assert holm([*p_values, np.nan])[:-1] == pytest.approx(adjusted)


def test_holm_keeps_shape_and_gaps_and_refuses_percentages():
    adjusted = holm([[0.01, np.nan], [0.04, 0.03]])
    assert adjusted[0, 0] == pytest.approx(0.03)
    assert np.isnan(adjusted[0, 1])
    assert np.isnan(holm([np.nan])).all()
    with pytest.raises(ValueError, match="outside 0 to 1"):
        holm([5.0])
