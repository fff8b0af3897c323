"""The binomial step against direct integration with scipy's binomial distribution."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from minato_analysis.statistics.binomial_mixture import mixture_binomial_cdf, normal_guess, reaches


def direct(count, persons, weights, means, sds):
    """E[P(K <= count)] by the midpoint rule over each component, 12 sd each side."""
    z = np.linspace(-12, 12, 24_001)
    height = stats.norm.pdf(z) * (z[1] - z[0])
    below = stats.binom.cdf(
        count, persons, special.expit(np.asarray(means)[:, None] + np.asarray(sds)[:, None] * z)
    )
    return float(np.sum(weights * (below * height).sum(-1)))


def exact(count, persons, weights, means, sds):
    mixture = (np.array([part], dtype=float) for part in (weights, means, np.square(sds)))
    one = np.array([float(count)]), np.array([float(persons)]), np.array([0])
    return float(mixture_binomial_cdf(*one, *mixture)[0])


@given(
    persons=st.one_of(st.integers(1, 300), st.integers(300, 200_000)),
    place=st.floats(0, 1),
    means=st.lists(st.floats(-4, 4), min_size=1, max_size=3),
    data=st.data(),
)
@settings(max_examples=80, deadline=None)
def test_equals_direct_integration(persons, place, means, data):
    sds = data.draw(
        st.lists(st.floats(0.02, 1.0), min_size=len(means), max_size=len(means)), label="sds"
    )
    weights = np.full(len(means), 1 / len(means))
    # counts where the distribution is, not only far out in its tails
    centre, spread = np.mean(means), np.max(sds) + 2 / np.sqrt(persons)
    count = np.floor(
        persons * special.expit(centre + spread * stats.norm.ppf(0.001 + 0.998 * place))
    )
    count = min(count, persons - 1)
    found = exact(count, persons, weights, means, sds)
    assert found == pytest.approx(direct(count, persons, weights, means, sds), abs=2e-7)


@pytest.mark.parametrize("persons", [1, 2, 9, 40])
def test_few_persons_to_nine_digits(persons):
    for count in range(persons):
        arguments = count, persons, np.array([0.3, 0.7]), [-0.2, 0.1], [0.05, 0.4]
        assert exact(*arguments) == pytest.approx(direct(*arguments), abs=1e-9)


def test_a_point_mass_gives_the_binomial_distribution():
    for count, persons, logit in [(3, 10, -1.0), (487, 1053, -0.04), (90_000, 180_000, 0.001)]:
        wanted = stats.binom.cdf(count, persons, special.expit(logit))
        assert exact(count, persons, [1.0], [logit], [0.0]) == pytest.approx(wanted, abs=1e-5)


def test_logistic_mean_is_one_person_of_one():
    """P(K = 1) for one person is the mean of expit(theta); Gauss-Hermite as second way."""
    nodes, heights = special.roots_hermitenorm(60)
    wanted = special.expit(0.4 + 0.5 * nodes) @ heights / heights.sum()
    assert 1 - exact(0, 1, [1.0], [0.4], [0.5]) == pytest.approx(wanted, abs=1e-9)


def test_limits():
    assert exact(-1, 20, [1.0], [0.0], [0.3]) == 0.0
    assert exact(20, 20, [1.0], [0.0], [0.3]) == 1.0


@given(persons=st.integers(2, 400), centre=st.floats(-3, 3), sd=st.floats(0.05, 1.5))
@settings(max_examples=40, deadline=None)
def test_cdf_rises(persons, centre, sd):
    counts = np.arange(-1.0, persons + 1.0)
    mixture = np.ones((1, 1)), np.full((1, 1), centre), np.full((1, 1), sd**2)
    values = mixture_binomial_cdf(
        counts, np.full(counts.size, float(persons)), np.zeros(counts.size, dtype=int), *mixture
    )
    assert np.all(np.diff(values) > -2e-7)
    assert values[0] == 0.0
    assert values[-1] == 1.0


def test_guess_is_within_two_counts():
    mixture = np.ones((1, 1)), np.full((1, 1), -0.1), np.full((1, 1), 0.04)
    probability = np.array([0.025, 0.5, 0.975])
    persons, owner = np.full(3, 1053.0), np.zeros(3, dtype=int)
    guess = normal_guess(probability, persons, owner, *mixture)
    assert np.all(mixture_binomial_cdf(guess + 2, persons, owner, *mixture) >= probability)
    assert np.all(mixture_binomial_cdf(guess - 2, persons, owner, *mixture) < probability)


@given(seed=st.integers(0, 10**6), largest=st.sampled_from([5, 40, 300, 4000]))
@settings(max_examples=60, deadline=None)
def test_the_expansion_decides_as_the_exact_function_does(seed, largest):
    """Also at probabilities next to the exact one, where it has to ask."""
    draw = np.random.default_rng(seed)
    persons = draw.integers(1, largest, 40).astype(float)
    counts = np.floor(draw.uniform(-1, persons + 1))
    centre = draw.normal(0, 1.5, (40, 1))
    mixture = (
        draw.dirichlet(np.ones(5), 40),
        centre + draw.normal(0, 0.3, (40, 5)),
        np.exp(draw.uniform(-9, 0, (40, 5))),
    )
    exact = mixture_binomial_cdf(counts, persons, np.arange(40), *mixture)
    for distance in (0.0, 1e-9, 1e-4, 0.01, 0.2):
        for aim in np.clip([exact - distance, exact + distance], 1e-15, 1.0):
            found = reaches(counts, persons, np.arange(40), aim, mixture)
            np.testing.assert_array_equal(found, exact >= aim)
