"""The quadrature: its error bound as derived, its values by a much finer rule, one element at a time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from minato_analysis.statistics import logit_beta
from minato_analysis.statistics.logit_beta import EXPONENT, expectation, limits

SHAPES = (0.5, 1.0, 2.0, 3.0, 10.0, 100.0, 1000.0)
SDS = (0.003, 0.03, 0.1, 0.3, 1.0, 5.0)


def spacing(a, b, sd, weight=1.0):
    """The widest spacing for one component of this weight."""
    arrays = (np.array([[part]]) for part in (weight, sd**2))
    one = np.array([a]), np.array([b]), np.array([0.0]), np.array([0])
    return float(logit_beta._widest_spacing(*one, *arrays)[0])


def test_the_inequality_behind_the_spacing():
    """t^2 <= 2 g + (2/3) g^2, and the exponent it gives for both gamma functions together."""
    t = np.geomspace(1e-3, 1e4, 20_000)
    g = t * np.arctan(t) - np.log1p(t**2) / 2
    assert np.all(2 * g + 2 / 3 * g**2 >= t**2 * (1 - 1e-9))
    a, b = np.meshgrid(np.geomspace(0.5, 1e6, 80), np.geomspace(0.5, 1e6, 80))
    third = EXPONENT / 3
    w = np.sqrt(2 * EXPONENT / (1 / (a + third) + 1 / (b + third)))
    exponent = sum(w * np.arctan(w / s) - s / 2 * np.log1p((w / s) ** 2) for s in (a, b))
    assert exponent.min() >= EXPONENT


@pytest.mark.parametrize("a", SHAPES)
@pytest.mark.parametrize("b", SHAPES)
def test_the_error_bound_itself(a, b):
    """Aliases of the transform of density times distribution function, from the gamma function."""
    low, high = (float(part[0]) for part in limits(np.array([a]), np.array([b])))

    def transform(u):
        both = special.loggamma(a + 1j * u) + special.loggamma(b - 1j * u)
        return np.exp(both.real - special.gammaln(a) - special.gammaln(b))

    for sd in SDS:
        step, bound = spacing(a, b, sd), 0.0
        for alias in (1, 2):
            w = 2 * np.pi * alias / step
            u = np.linspace(-1.5 * w, 1.5 * w, 8001)
            product = transform(w - u) * np.exp(-((sd * u) ** 2) / 2)
            inside = product.sum() * (u[1] - u[0]) / (2 * np.pi)
            bound += 2 * transform(w) + 2 * inside * (high - low + 16 * sd)
        assert bound < 2e-12, (sd, step)


def test_little_lies_beyond_the_limits():
    a, b = (part.ravel() for part in np.meshgrid(SHAPES, [*SHAPES, 1e4, 1e5]))
    low, high = limits(a, b)
    beyond = special.betainc(a, b, special.expit(low)) + special.betainc(b, a, special.expit(-high))
    assert beyond.max() < 1e-12


def finer(a, b, weights, means, sds):
    """The same integral with many more points and much wider limits; `sds` is an array."""
    width = np.sqrt(special.zeta(2, a) + special.zeta(2, b))
    centre = special.digamma(a) - special.digamma(b)
    low, high = centre - 12 * width - 60 / a, centre + 12 * width + 60 / b
    # A third of a standard deviation: the aliases of a normal component are then below 1e-70.
    x = np.linspace(low, high, max(20_001, int(3 * (high - low) / sds.min())))
    height = a * x - (a + b) * np.logaddexp(0, x)
    density = np.exp(height - height.max())
    below = special.ndtr((x[:, None] - means) / sds) @ weights
    return float(density @ below / density.sum())


@given(
    a=st.floats(0.5, 3000),
    b=st.floats(0.5, 3000),
    sds=st.lists(st.floats(0.01, 4), min_size=1, max_size=4),
    data=st.data(),
)
def test_equals_a_finer_rule_within_its_bound(a, b, sds, data):
    size = len(sds)
    weights = np.array(
        data.draw(st.lists(st.floats(1e-9, 1), min_size=size, max_size=size), label="weights")
    )
    weights /= weights.sum()
    shift = data.draw(st.lists(st.floats(-2, 2), min_size=size, max_size=size), label="shifts")
    means = special.digamma(a) - special.digamma(b) + np.array(shift)
    mixture = (np.array([part]) for part in (weights, means, np.square(sds)))
    found = expectation(np.array([a]), np.array([b]), np.array([0]), *mixture)
    assert found[0] == pytest.approx(finer(a, b, weights, means, np.array(sds)), abs=4e-12)


def test_an_element_does_not_depend_on_the_others():
    rng = np.random.default_rng(3)
    count, mixtures = 400, 7
    a, b = rng.uniform(0.5, 900, (2, count))
    own = rng.integers(0, mixtures, count)
    weights = rng.dirichlet(np.ones(5), mixtures)
    means, variances = rng.normal(0, 0.5, (mixtures, 5)), rng.uniform(1e-4, 1, (mixtures, 5))
    together = expectation(a, b, own, weights, means, variances)
    for i in range(0, count, 23):
        one = expectation(a[[i]], b[[i]], own[[i]], weights, means, variances)
        assert one[0] == together[i]
    back = expectation(a[::-1], b[::-1], own[::-1], weights, means, variances)
    assert np.array_equal(back[::-1], together)
