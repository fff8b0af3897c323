"""Decompositions: published examples, exact closing, one at a time or together."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from minato_analysis.statistics.decomposition import (
    composition_bounds,
    das_gupta,
    kitagawa,
    logit_change,
    shapley_change,
)

CLOSE = {"rtol": 0, "atol": 1e-12}

# Das Gupta (1993), table 5.1: persons by age (percent, 15-19 to 75+) and household headship
# rates (percent), United States, 1970 and 1985.
SIZE_1970 = np.array([12.9, 10.9, 9.5, 8.0, 7.8, 8.4, 8.6, 7.8, 7.0, 5.9, 4.7, 3.6, 4.9])
SIZE_1985 = np.array([10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6.0, 6.3, 5.9, 5.1, 4.0, 5.5])
RATE_1970 = np.array([1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8])
RATE_1985 = np.array([2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56.0, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2])


@st.composite
def counts(draw, groups=False, least=1):
    """Return k0, n0, k1, n1 with one or two batch axes, groups last if asked for."""
    shape = draw(array_shapes(min_dims=2 if groups else 1, max_dims=2 + groups, max_side=4))
    whole = arrays(np.int64, shape, elements=st.integers(least, 200_000))
    parts = [draw(whole) for _ in range(4)]
    k0, f0, k1, f1 = parts
    return k0, k0 + f0, k1, k1 + f1


@st.composite
def factor_pairs(draw):
    shape = draw(array_shapes(min_dims=1, max_dims=3, max_side=5))
    values = arrays(np.float64, shape, elements=st.floats(-2, 2))
    return draw(values), draw(values)


def test_kitagawa_household_headship():
    """Das Gupta (1993), table 5.1: 1.2269 + 1.7403 = 2.9672 percentage points."""
    change = kitagawa(
        SIZE_1970 * RATE_1970 / 100, SIZE_1970, SIZE_1985 * RATE_1985 / 100, SIZE_1985
    )
    assert f"{100 * change.composition.sum():.4f}" == "1.2269"
    assert f"{100 * change.composition_relative.sum():.4f}" == "1.2269"
    assert f"{100 * change.rate.sum():.4f}" == "1.7403"
    assert f"{100 * change.total:.4f}" == "2.9672"


def test_das_gupta_household_headship():
    """The same table as a sum over ages of weight times rate."""
    parts = das_gupta(
        np.stack([SIZE_1970 / 100, RATE_1970], axis=-1),
        np.stack([SIZE_1985 / 100, RATE_1985], axis=-1),
    ).sum(axis=0)
    assert [f"{part:.4f}" for part in parts] == ["1.2269", "1.7403"]


@pytest.mark.parametrize(
    ("first", "second", "printed"),
    [
        # Das Gupta (1993), examples 2.3, 2.5 and 2.7, as printed by the R package DasGuptR.
        (
            [51.78746, 0.45919, 0.52638],
            [84.90502, 0.75756, 0.51065],
            ["10.4340333", "10.5608476", "-0.6670084"],
        ),
        (
            [25.3, 0.214, 0.279, 0.949],
            [32.7, 0.290, 0.473, 0.986],
            ["0.6889411", "0.8125381", "1.3829055", "0.1047547"],
        ),
        (
            [0.58, 0.76, 0.84, 0.66, 16.573],
            [0.72, 0.97, 0.97, 0.56, 16.158],
            ["1.0909785", "1.2298438", "0.7278399", "-0.8398707", "-0.1290187"],
        ),
    ],
)
def test_das_gupta_products(first, second, printed):
    assert [f"{part:.7f}" for part in das_gupta(first, second)] == printed


def test_das_gupta_three_vector_factors():
    """Das Gupta (1993), example 4.5: births, marriage and women by age, 1960 to 1970."""
    year_1960 = [
        [393, 407, 369, 274, 184, 90, 16],
        [0.122, 0.622, 0.903, 0.930, 0.916, 0.873, 0.800],
        [0.043, 0.041, 0.036, 0.032, 0.026, 0.020, 0.018],
    ]
    year_1970 = [
        [488, 452, 338, 156, 63, 22, 3],
        [0.082, 0.527, 0.866, 0.941, 0.942, 0.923, 0.876],
        [0.058, 0.038, 0.032, 0.030, 0.026, 0.023, 0.019],
    ]
    parts = das_gupta(np.transpose(year_1960), np.transpose(year_1970)).sum(axis=0)
    assert [f"{part:.6f}" for part in parts] == ["-7.285632", "-2.720633", "-1.565181"]


@given(factor_pairs())
def test_das_gupta_is_the_average_over_all_orders(pair):
    first, second = pair
    m = first.shape[-1]
    expected = np.zeros_like(first)
    orders = list(permutations(range(m)))
    for order in orders:
        state = first.copy()
        for i in order:
            before = state.prod(axis=-1)
            state[..., i] = second[..., i]
            expected[..., i] += (state.prod(axis=-1) - before) / len(orders)
    np.testing.assert_allclose(das_gupta(first, second), expected, **CLOSE)


@given(factor_pairs())
def test_das_gupta_closes(pair):
    first, second = pair
    np.testing.assert_allclose(
        das_gupta(first, second).sum(axis=-1), second.prod(axis=-1) - first.prod(axis=-1), **CLOSE
    )


@given(counts())
def test_logit_and_shapley_close(data):
    k0, n0, k1, n1 = data
    logit = logit_change(*data)
    expected = np.log(k1 / (n1 - k1)) - np.log(k0 / (n0 - k0))
    np.testing.assert_allclose(logit.total, expected, **CLOSE)
    np.testing.assert_allclose(logit.reoffenders + logit.first_time, logit.total, **CLOSE)
    share = shapley_change(*data)
    np.testing.assert_allclose(share.total, k1 / n1 - k0 / n0, **CLOSE)
    np.testing.assert_allclose(share.reoffenders + share.first_time, share.total, **CLOSE)


@given(counts(groups=True, least=0))
def test_kitagawa_closes(data):
    k0, n0, k1, n1 = data
    change = kitagawa(*data)
    with np.errstate(invalid="ignore"):
        expected = k1.sum(-1) / n1.sum(-1) - k0.sum(-1) / n0.sum(-1)
    np.testing.assert_allclose(change.total, expected, **CLOSE)
    for composition in (change.composition, change.composition_relative):
        np.testing.assert_allclose((composition + change.rate).sum(-1), expected, **CLOSE)


@given(counts())
def test_time_reversed_changes_sign(data):
    k0, n0, k1, n1 = data
    for split in (logit_change, shapley_change):
        there, back = split(*data), split(k1, n1, k0, n0)
        np.testing.assert_allclose(there.reoffenders, -back.reoffenders, **CLOSE)
        np.testing.assert_allclose(there.first_time, -back.first_time, **CLOSE)


@given(counts())
def test_shapley_signs_follow_the_counts(data):
    k0, n0, k1, n1 = data
    change = shapley_change(*data)
    assert np.all(np.sign(change.reoffenders) == np.sign(k1 - k0))
    assert np.all(np.sign(change.first_time) == -np.sign((n1 - k1) - (n0 - k0)))


@given(counts(groups=True))
def test_one_at_a_time_or_together(data):
    for split in (logit_change, shapley_change, kitagawa):
        together = split(*data)
        for i in range(data[0].shape[0]):
            alone = split(*(v[i] for v in data))
            for name, value in vars(alone).items():
                np.testing.assert_allclose(value, getattr(together, name)[i], **CLOSE)


def test_share_2017_to_2022():
    """Both counts fell; written out by hand for 730 of 1581 and 516 of 1053."""
    change = shapley_change(730, 1581, 516, 1053)
    alone = 516 / (516 + 851) - 730 / 1581
    last = 516 / 1053 - 730 / (730 + 537)
    assert change.reoffenders == pytest.approx((alone + last) / 2, abs=1e-15)
    assert change.reoffenders < 0 < change.first_time
    logit = logit_change(730, 1581, 516, 1053)
    assert logit.reoffenders == pytest.approx(np.log(516 / 730), abs=1e-15)
    assert logit.first_time == pytest.approx(-np.log(537 / 851), abs=1e-15)


def test_kitagawa_of_a_group_that_appears():
    """New at the second date: all of its weight is composition, none is rate."""
    change = kitagawa([40, 0], [100, 0], [40, 30], [100, 50])
    assert change.rate[1] == 0
    assert change.composition[1] == pytest.approx(50 / 150 * 30 / 50)
    assert change.composition[0] == pytest.approx((100 / 150 - 1) * 0.4)


def test_growth_of_a_low_share_group_lowers_the_total():
    """The two composition columns differ by group: only the relative one has the sign to read."""
    change = kitagawa([60, 10], [100, 100], [60, 30], [100, 300])
    assert change.composition[1] > 0 > change.composition_relative[1]
    assert change.rate == pytest.approx([0, 0])
    assert change.total < 0


def test_undefined_is_nan():
    assert np.isnan(logit_change(0, 10, 1, 10).total)
    assert np.isnan(logit_change(1, 10, 10, 10).first_time)
    assert np.isnan(shapley_change(0, 0, 1, 2).total)
    assert np.isnan(kitagawa([0, 0], [0, 0], [1, 1], [2, 2]).total)


@pytest.mark.parametrize("split", [logit_change, shapley_change, kitagawa])
def test_impossible_counts_are_refused(split):
    with pytest.raises(ValueError, match="0 <= k <= n"):
        split([3, 4], [2, 9], [1, 1], [2, 2])
    with pytest.raises(ValueError, match="0 <= k <= n"):
        split([1, 1], [2, 2], [-1, 1], [2, 2])


def test_shapes_are_checked():
    with pytest.raises(ValueError, match="groups"):
        kitagawa(1, 2, 1, 2)
    with pytest.raises(ValueError, match="one shape"):
        das_gupta([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="one shape"):
        das_gupta(1.0, 2.0)


def test_composition_bounds_are_those_of_trying_every_way():
    n0, n1, known, persons = [3, 4, 2], [5, 1, 3], (4, 5), (20, 15)

    def effects():
        for first in product(*(range(one + 1) for one in n0)):
            for last in product(*(range(one + 1) for one in n1)):
                if (sum(first), sum(last)) == known:
                    shares = (np.divide(first, n0) + np.divide(last, n1)) / 2
                    yield float(shares @ (np.divide(n1, persons[1]) - np.divide(n0, persons[0])))

    every = list(effects())
    assert composition_bounds(n0, n1, known, persons) == pytest.approx((min(every), max(every)))


def test_composition_bounds_hold_the_effect_of_the_groups_seen():
    k0, n0, k1, n1 = [30, 5, 9], [100, 50, 20], [20, 25, 1], [80, 60, 40]
    seen = kitagawa(k0, n0, k1, n1).composition.sum()
    low, high = composition_bounds(n0, n1, (sum(k0), sum(k1)), (sum(n0), sum(n1)))
    assert low < seen < high


@pytest.mark.parametrize(("n0", "known"), [([0, 2], (1, 1)), ([1, 1], (3, 1))])
def test_composition_bounds_need_persons_and_possible_counts(n0, known):
    with pytest.raises(ValueError, match="every group needs persons"):
        composition_bounds(n0, [2, 2], known, (9, 9))
