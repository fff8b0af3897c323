"""Two shares compared, against Newcombe, Miettinen-Nurminen, Koopman and PropCIs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize_scalar
from statsmodels.stats.proportion import confint_proportions_2indep, score_test_proportions_2indep

from minato_analysis.statistics.comparison import (
    compare_shares,
    compare_with_exact,
    equality_p_value,
    overturning_design_effect,
    subtract_part,
    weighted_sum,
)

DIFFERENCE_METHODS = ["newcombe", "miettinen_nurminen", "score"]

# Newcombe (1998), Statistics in Medicine 17:873, table II, examples (a) to (h).
NEWCOMBE_CASES = np.array(
    [
        (56, 70, 48, 80),
        (9, 10, 3, 10),
        (6, 7, 2, 7),
        (5, 56, 0, 29),
        (0, 10, 0, 20),
        (0, 10, 0, 10),
        (10, 10, 0, 20),
        (10, 10, 0, 10),
    ]
).T
NEWCOMBE_LIMITS = {
    # Method 5, Mee.
    "score": [
        (0.0533, 0.3377),
        (0.1821, 0.8370),
        (0.0544, 0.8478),
        (-0.0313, 0.1926),
        (-0.1611, 0.2775),
        (-0.2775, 0.2775),
        (0.7225, 1.0),
        (0.6777, 1.0),
    ],
    # Method 6.
    "miettinen_nurminen": [
        (0.0528, 0.3382),
        (0.1700, 0.8406),
        (0.0342, 0.8534),
        (-0.0326, 0.1933),
        (-0.1658, 0.2844),
        (-0.2879, 0.2879),
        (0.7156, 1.0),
        (0.6636, 1.0),
    ],
    # Method 10.
    "newcombe": [
        (0.0524, 0.3339),
        (0.1705, 0.8090),
        (0.0582, 0.8062),
        (-0.0381, 0.1926),
        (-0.1611, 0.2775),
        (-0.2775, 0.2775),
        (0.6791, 1.0),
        (0.6075, 1.0),
    ],
}


@st.composite
def two_groups(draw, most=400):
    n1, n2 = draw(st.integers(1, most)), draw(st.integers(1, most))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n2)), n2


@pytest.mark.parametrize("method", DIFFERENCE_METHODS)
def test_difference_is_newcombe_1998_table_2(method):
    result = compare_shares(*NEWCOMBE_CASES, method=method)
    limits = np.column_stack([result.low, result.high])
    np.testing.assert_allclose(limits, NEWCOMBE_LIMITS[method], atol=5.1e-5)


def test_perondi_data_give_the_limits_of_propcis():
    # 7/34 against 1/34: R package PropCIs, diffscoreci, wald2ci (AC), riskscoreci.
    for measure, method, low, high in (
        ("difference", "miettinen_nurminen", 0.0270416, 0.3452912),
        ("difference", "agresti_caffo", 0.01161167, 0.32172166),
        ("ratio", "score", 1.220853, 42.575718),
    ):
        result = compare_shares(7, 34, 1, 34, measure, method)
        assert [result.low, result.high] == pytest.approx([low, high], rel=2e-7, abs=6e-8)
    # orscoreci searches in steps; its own precision is about 5e-4.
    result = compare_shares(7, 34, 1, 34, "odds_ratio", "miettinen_nurminen")
    assert [result.low, result.high] == pytest.approx([1.246309, 56.486130], rel=5e-4)


def test_koopman_1984_example():
    # Koopman (1984) and Nam (1995): 36/40 against 16/80.
    result = compare_shares(36, 40, 16, 80, "ratio", "score")
    assert result.estimate == pytest.approx(4.5)
    assert [round(float(result.low), 3), round(float(result.high), 3)] == [2.940, 7.152]


@pytest.mark.parametrize("method", DIFFERENCE_METHODS)
def test_unequal_groups_that_stop_statsmodels_do_not_stop_us(method):
    # statsmodels issue 10269: its score inversion raises for these counts.
    result = compare_shares(15, 44, 466, 1048, method=method)
    assert -0.24 < result.low < result.estimate < 0 < result.high < 0.06


@settings(max_examples=40, deadline=None)
@given(two_groups(60), st.floats(-0.9, 0.9))
def test_difference_variance_uses_the_most_likely_shares(groups, difference):
    # A numerical search of the likelihood, independent of the closed form.
    k1, n1, k2, n2 = groups
    low, high = max(0.0, -difference), min(1.0, 1 - difference)

    def minus_log_likelihood(p2):
        return -stats.binom.logpmf(k1, n1, np.clip(p2 + difference, 0, 1)) - stats.binom.logpmf(
            k2, n2, p2
        )

    p2 = minimize_scalar(
        minus_log_likelihood, bounds=(low, high), method="bounded", options={"xatol": 1e-10}
    ).x
    p1 = p2 + difference
    variance = (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * (n1 + n2) / (n1 + n2 - 1)
    z = (k1 / n1 - k2 / n2 - difference) / np.sqrt(variance) if variance > 1e-12 else np.inf
    p_value = 2 * stats.norm.sf(abs(z))
    for confidence in (0.8, 0.95):
        if abs(p_value - (1 - confidence)) < 1e-3:
            continue
        result = compare_shares(*groups, method="miettinen_nurminen", confidence=confidence)
        assert (result.low <= difference <= result.high) == (p_value > 1 - confidence)


@settings(max_examples=50, deadline=None)
@given(two_groups())
def test_limits_for_odds_ratio_are_rejected_at_exactly_the_level(groups):
    # statsmodels' score test (not its inversion) is right for the odds ratio.
    k1, n1, k2, n2 = groups
    if min(k1, k2, n1 - k1, n2 - k2) == 0:
        return
    result = compare_shares(*groups, "odds_ratio", "miettinen_nurminen")
    for limit in (result.low, result.high):
        test = score_test_proportions_2indep(
            *groups, value=float(limit), compare="odds-ratio", return_results=True
        )
        assert test.pvalue == pytest.approx(0.05, abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(two_groups())
def test_ratio_limits_are_those_of_the_cubic_of_nam(groups):
    k1, n1, k2, n2 = groups
    if min(k1, k2, n1 - k1, n2 - k2) == 0:
        return
    result = compare_shares(*groups, "ratio", "score")
    other = confint_proportions_2indep(*groups, "score", "ratio", correction=False)
    assert [result.low, result.high] == pytest.approx(list(other), rel=1e-5)


@settings(deadline=None)
@given(two_groups(), st.floats(0.3, 0.999), st.sampled_from(DIFFERENCE_METHODS))
def test_difference_interval_contains_the_estimate_in_range(groups, confidence, method):
    result = compare_shares(*groups, method=method, confidence=confidence)
    slack = 1e-12
    assert -1 <= result.low <= result.estimate + slack
    assert result.estimate - slack <= result.high <= 1


@settings(deadline=None)
@given(two_groups(), st.sampled_from(["ratio", "odds_ratio"]))
def test_ratio_interval_contains_the_estimate_in_range(groups, measure):
    result = compare_shares(*groups, measure, "miettinen_nurminen")
    assert 0 <= result.low <= result.high
    if np.isnan(result.estimate):
        assert (result.low, result.high) == (0, np.inf)
    else:
        assert result.low <= result.estimate * (1 + 1e-9)
        assert result.estimate <= result.high * (1 + 1e-9)


@settings(deadline=None)
@given(
    two_groups(),
    st.sampled_from(
        [("difference", method) for method in [*DIFFERENCE_METHODS, "agresti_caffo"]]
        + [("ratio", "score"), ("odds_ratio", "score"), ("odds_ratio", "miettinen_nurminen")]
    ),
)
def test_interval_widens_with_confidence(groups, choice):
    narrow, wide = (compare_shares(*groups, *choice, level) for level in (0.8, 0.95))
    assert wide.low <= narrow.low * (1 + 1e-9) + 1e-9
    assert wide.high >= narrow.high * (1 - 1e-9) - 1e-9


@settings(deadline=None)
@given(two_groups(), st.sampled_from([*DIFFERENCE_METHODS, "agresti_caffo"]))
def test_difference_changes_sign_with_swapped_groups_and_with_swapped_outcome(groups, method):
    k1, n1, k2, n2 = groups
    result = compare_shares(k1, n1, k2, n2, method=method)
    for other in (
        compare_shares(k2, n2, k1, n1, method=method),
        compare_shares(n1 - k1, n1, n2 - k2, n2, method=method),
    ):
        assert [result.low, result.high] == pytest.approx([-other.high, -other.low], abs=1e-7)


@settings(deadline=None)
@given(two_groups(), st.sampled_from(["ratio", "odds_ratio"]))
def test_ratio_inverts_with_swapped_groups(groups, measure):
    k1, n1, k2, n2 = groups
    result = compare_shares(k1, n1, k2, n2, measure, "miettinen_nurminen")
    others = [compare_shares(k2, n2, k1, n1, measure, "miettinen_nurminen")]
    if measure == "odds_ratio":
        others.append(compare_shares(n1 - k1, n1, n2 - k2, n2, measure, "miettinen_nurminen"))
    for other in others:
        with np.errstate(divide="ignore"):
            assert [result.low, result.high] == pytest.approx(
                [1 / other.high, 1 / other.low], rel=1e-6
            )


@settings(deadline=None)
@given(two_groups())
def test_p_value_agrees_with_pearson_chi_squared_and_with_the_interval(groups):
    k1, n1, k2, n2 = groups
    p_value = equality_p_value(*groups)
    if 0 < k1 + k2 < n1 + n2:
        table = [[k1, n1 - k1], [k2, n2 - k2]]
        chi2 = stats.chi2_contingency(table, correction=False).statistic
        expected = stats.chi2.sf(chi2 * (n1 + n2 - 1) / (n1 + n2), 1)
        assert p_value == pytest.approx(expected, rel=1e-7, abs=1e-12)
    else:
        assert p_value == 1
    interval = compare_shares(*groups, method="miettinen_nurminen")
    if abs(p_value - 0.05) > 1e-6:
        assert (p_value < 0.05) == bool(interval.low > 0 or interval.high < 0)


def test_arrays_give_the_same_as_one_by_one_and_empty_groups_give_nan():
    k1, n1 = np.array([[3], [0], [0]]), np.array([[9], [5], [0]])
    k2, n2 = np.array([2, 0]), np.array([30, 4])
    for measure, method in (("difference", "newcombe"), ("ratio", "score")):
        together = compare_shares(k1, n1, k2, n2, measure, method)
        assert together.low.shape == (3, 2)
        assert np.isnan([together.estimate[2], together.low[2], together.high[2]]).all()
        for i, j in np.ndindex(2, 2):
            alone = compare_shares(k1[i, 0], n1[i, 0], k2[j], n2[j], measure, method)
            np.testing.assert_allclose(
                [alone.low, alone.high], [together.low[i, j], together.high[i, j]], rtol=1e-12
            )
    assert np.isnan(equality_p_value([0, 1], [0, 1], [1, 0], [1, 0])).all()


def test_part_is_taken_out_of_its_whole():
    k_rest, n_rest = subtract_part([15, 0], [44, 0], 466, 1048)
    assert k_rest.tolist() == [451, 466]
    assert n_rest.tolist() == [1004, 1048]


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((10, 20, 9, 100), "k_part = 10 exceeds k_whole = 9"),
        ((1, 20, 15, 20), "n_part - k_part = 19 exceeds n_whole - k_whole = 5"),
    ],
)
def test_part_of_another_definition_is_refused(counts, sentence):
    with pytest.raises(ValueError, match=sentence):
        subtract_part(*counts)


@settings(deadline=None)
@given(two_groups())
def test_comparing_with_the_whole_understates_the_gap_to_the_rest(groups):
    k1, n1, k2, n2 = groups
    weight = n1 / (n1 + n2)
    k_rest, n_rest = subtract_part(k1, n1, k1 + k2, n1 + n2)
    gap = compare_shares(k1, n1, k_rest, n_rest).estimate
    whole = compare_with_exact(k1, n1, (k1 + k2) / (n1 + n2)).difference
    assert whole == pytest.approx(gap * (1 - weight), abs=1e-12)


@settings(deadline=None)
@given(two_groups(), st.floats(0, 1), st.sampled_from(["wilson", "clopper_pearson"]))
def test_exact_comparator_p_value_agrees_with_its_interval(groups, comparator, method):
    k, n = groups[:2]
    result = compare_with_exact(k, n, comparator, method)
    if min(abs(result.low), abs(result.high)) > 1e-9:
        assert (result.p_value < 0.05) == bool(result.low > 0 or result.high < 0)


@settings(deadline=None)
@given(two_groups(), st.floats(0.01, 0.99))
def test_exact_comparator_tails_are_those_of_scipy(groups, comparator):
    k, n = groups[:2]
    tails = [stats.binomtest(k, n, comparator, side).pvalue for side in ("greater", "less")]
    result = compare_with_exact(k, n, comparator, "clopper_pearson")
    assert result.p_value == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-9, abs=1e-300)


def test_impossible_comparators():
    result = compare_with_exact([0, 3, 0], [9, 9, 0], [0.0, 0.0, 0.5])
    assert result.p_value[:2].tolist() == [1.0, 0.0]
    assert np.isnan(result.p_value[2])
    with pytest.raises(ValueError, match=r"write 0\.441 for 44\.1 percent"):
        compare_with_exact(3, 9, 44.1)


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        (("ratio", "newcombe"), "'newcombe' does not exist for the ratio"),
        (("difference", "wald"), "'wald' does not exist for the difference"),
        (("quotient", "score"), "'quotient' is not known"),
    ],
)
def test_unknown_choices_are_refused(choice, sentence):
    with pytest.raises(ValueError, match=sentence):
        compare_shares(1, 2, 3, 4, *choice)


def test_a_weighted_sum_of_two_is_newcombes_difference_and_scales():
    counts = (15, 148), (81, 263)
    k, n = zip(*counts, strict=True)
    between = compare_shares(*counts[0], *counts[1])
    found = weighted_sum(k, n, [1, -1])
    assert found == pytest.approx(
        [float(one) for one in (between.estimate, between.low, between.high)]
    )
    assert weighted_sum(k, n, [-3, 3]) == pytest.approx(
        (-3 * found[0], -3 * found[2], -3 * found[1])
    )


def test_the_interval_of_a_weighted_sum_covers_as_it_says():
    n, p, weights = (
        np.array([60, 46, 330, 250]),
        np.array([0.5, 0.6, 0.45, 0.5]),
        [-0.1, 0.1, -0.4, 0.4],
    )
    draws = np.random.default_rng(5).binomial(n, p, size=(800, 4))
    held = [
        low <= p @ weights <= high for _, low, high in (weighted_sum(k, n, weights) for k in draws)
    ]
    assert 0.925 < np.mean(held) < 0.975


def test_the_design_effect_that_overturns_is_that_of_persons_counted_several_times():
    """Everybody counted three times is a design effect of 3: the p value then stands at the level."""
    counts = np.array([10, 30, 40, 210])
    chi2 = stats.chi2.isf(equality_p_value(*(3 * counts)), 1)
    once = stats.chi2.isf(equality_p_value(*counts), 1)
    found = overturning_design_effect(equality_p_value(*(3 * counts)), stats.chi2.sf(once, 1))
    assert found == pytest.approx(chi2 / once)
    assert found == pytest.approx(3, rel=0.01)
    assert overturning_design_effect(0.2, 0.05) < 1
