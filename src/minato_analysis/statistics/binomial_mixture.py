"""P(K <= k) for a binomial count whose logit is a mixture of normal distributions.

In: counts, numbers of persons, mixtures. Out: probabilities. No draws.

Since P(K <= k | p) = P(B > p) with B ~ Beta(k + 1, n - k), the wanted probability is
E[G(logit B)], G being the distribution function of the mixture. Two ways to the same number:

* an Edgeworth expansion of theta - logit B, whose cumulants are known exactly, where the bound of
  the neglected terms is below 1e-7 (hundreds of reoffenders and more);
* the trapezoidal rule (:mod:`~minato_analysis.statistics.logit_beta`) everywhere else, right to
  2e-12 from one person on.

Every sum runs over one contiguous axis of one element, and the way is chosen element by element, so
that no result depends on what else is in the call.
"""

from __future__ import annotations

from math import factorial

import numpy as np
import numpy.typing as npt
from scipy import special

from minato_analysis.statistics.logit_beta import chunks, expectation

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_NEGLECTED = 1e-7
_ENOUGH = 24  # components for a guess
_SURE = 3.0
"""The expansion is taken to be wrong by so many times its bound; of 40,000 random mixtures, at most 0.75."""

Mixture = tuple[FloatArray, FloatArray, FloatArray]
"""Weights, means and variances, shape (M, J), of normal components."""


def mixture_binomial_cdf(
    counts: FloatArray,
    persons: FloatArray,
    owner: IntArray,
    weights: FloatArray,
    means: FloatArray,
    variances: FloatArray,
) -> FloatArray:
    """Return P(K <= counts) for elements that each refer to one mixture.

    Parameters
    ----------
    counts : ndarray, shape (E,)
        Between integers the result is the smooth continuation in k.
    persons : ndarray, shape (E,)
    owner : ndarray of int, shape (E,)
        Row of the mixture.
    weights, means, variances : ndarray, shape (M, J)
        Normal components of the logit.

    References
    ----------
    Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, 3.4 (binomial and beta);
    Kolassa (2006), Series Approximation Methods in Statistics, ch. 3 (Edgeworth).
    """
    result = np.where(counts >= persons, 1.0, 0.0)
    inside = np.flatnonzero((counts > -1.0) & (counts < persons))
    a, b, own = counts[inside] + 1.0, (persons - counts)[inside], owner[inside]
    mixture = weights, means, variances
    values, smooth = np.empty(inside.size), np.zeros(inside.size, dtype=bool)
    maybe = np.flatnonzero(_least_neglected(a, b, least := variances.min(-1)[own]) < _NEGLECTED)
    cumulants = _cumulants(a[maybe], b[maybe])
    good = _neglected(cumulants, least[maybe]) < _NEGLECTED
    smooth[maybe[good]] = True
    values[smooth] = _edgeworth(cumulants[:, good], own[smooth], *mixture)
    values[~smooth] = expectation(a[~smooth], b[~smooth], own[~smooth], *mixture)
    result[inside] = values
    return result


def reaches(
    counts: FloatArray, persons: FloatArray, owner: IntArray, aim: FloatArray, mixture: Mixture
) -> BoolArray:
    """Tell whether P(K <= counts) >= aim, for elements that each refer to one mixture.

    The answer of :func:`mixture_binomial_cdf`. Where the expansion is further from `aim` than it can be
    wrong, it decides alone; that is so for nearly all elements, at a tenth of the cost.

    Parameters
    ----------
    counts, persons, aim : ndarray, shape (E,)
    owner : ndarray of int, shape (E,)
        Row of the mixture.
    mixture : tuple of ndarray, shape (M, J)
    """
    reached = counts >= persons
    inside = np.flatnonzero((counts > -1.0) & (counts < persons))
    a, b, own = counts[inside] + 1.0, (persons - counts)[inside], owner[inside]
    cumulants = _cumulants(a, b)
    doubt = _SURE * _neglected(cumulants, mixture[2].min(-1)[own])
    above = _edgeworth(cumulants, own, *mixture) - aim[inside]
    reached[inside] = above >= 0.0
    unsure = inside[np.abs(above) <= doubt]
    exact = mixture_binomial_cdf(counts[unsure], persons[unsure], owner[unsure], *mixture)
    reached[unsure] = exact >= aim[unsure]
    return reached


def normal_guess(
    probability: FloatArray,
    persons: FloatArray,
    owner: IntArray,
    weights: FloatArray,
    means: FloatArray,
    variances: FloatArray,
) -> FloatArray:
    """Return quantiles of the count with logit B taken as normal: right up to a step or two."""
    weights, means, variances = _merged(weights, means, variances)
    low, high = np.full(probability.size, -1.0), persons.copy()
    for _ in range(int(np.ceil(np.log2(persons.max() + 1.0)))):
        middle = np.floor((low + high) / 2.0)
        a, b = np.maximum(middle, 0.0) + 1.0, persons - np.maximum(middle, 0.0)
        centre = special.digamma(a) - special.digamma(b)
        noise = special.zeta(2, a) + special.zeta(2, b)
        reached = np.empty(probability.size, dtype=bool)
        for part in chunks(probability.size, weights.shape[-1]):
            own = owner[part]
            spread = np.sqrt(variances[own] + noise[part, None])
            below = special.ndtr((centre[part, None] - means[own]) / spread)
            reached[part] = (weights[own] * below).sum(-1) >= probability[part]
        narrowing = high - low > 1.0
        high = np.where(narrowing & reached, middle, high)
        low = np.where(narrowing & ~reached, middle, low)
    return high


def _merged(
    weights: FloatArray, means: FloatArray, variances: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return mixtures of few components: neighbours merged, mean and variance kept."""
    count = weights.shape[-1]
    if count <= _ENOUGH:
        return weights, means, variances
    starts = np.arange(0, count, -(-count // _ENOUGH))
    whole = np.add.reduceat(weights, starts, axis=-1)
    share = weights / np.maximum(np.repeat(whole, np.diff(starts, append=count), axis=-1), 1e-300)
    centre = np.add.reduceat(share * means, starts, axis=-1)
    square = np.add.reduceat(share * (variances + means**2), starts, axis=-1)
    return whole, centre, np.maximum(square - centre**2, 0.0)


def _cumulants(a: FloatArray, b: FloatArray) -> FloatArray:
    """Cumulants 1 to 6 of logit B, B ~ Beta(a, b): polygamma functions, shape (6, E)."""
    higher = [
        factorial(n - 1) * ((-1) ** n * special.zeta(n, a) + special.zeta(n, b))
        for n in range(2, 7)
    ]
    return np.array([special.digamma(a) - special.digamma(b), *higher])


def _neglected(cumulants: FloatArray, least_variance: FloatArray) -> FloatArray:
    """Bound of the first terms left out of the expansion, at the narrowest component."""
    scale = np.sqrt(cumulants[1] + least_variance)
    g3, g4, g5, g6 = (np.abs(cumulants[n - 1]) / scale**n for n in (3, 4, 5, 6))
    # each factor is the largest value of Hermite polynomial times density, over its divisor
    next_order = g5 / 100 + g3 * g4 / 24 + g3**3 / 31
    return np.asarray(next_order + g6 / 310 + g4**2 / 80)


def _least_neglected(a: FloatArray, b: FloatArray, least_variance: FloatArray) -> FloatArray:
    """A cheap lower bound of :func:`_neglected`: even cumulants, compared with integrals."""
    scale = np.sqrt(special.zeta(2, a) + special.zeta(2, b) + least_variance)
    g4, g6 = 2.0 * (a**-3 + b**-3) / scale**4, 24.0 * (a**-5 + b**-5) / scale**6
    return np.asarray(g6 / 310 + g4**2 / 80)


def _edgeworth(
    cumulants: FloatArray,
    own: IntArray,
    weights: FloatArray,
    means: FloatArray,
    variances: FloatArray,
) -> FloatArray:
    """P(theta - logit B <= 0) with terms up to the fourth cumulant and the third squared."""
    result = np.empty(own.size)
    for part in chunks(own.size, weights.shape[-1]):
        mixture = own[part]
        centre, noise, third, fourth = cumulants[:4, part, None]
        spread = variances[mixture] + noise
        root = np.sqrt(spread)
        z = (centre - means[mixture]) / root
        g3, g4, z2 = -third / (spread * root), fourth / spread**2, z * z
        density = np.exp(-0.5 * z2) / np.sqrt(2.0 * np.pi)
        terms = g3 / 6 * (z2 - 1) + z * (g4 / 24 * (z2 - 3) + g3**2 / 72 * ((z2 - 10) * z2 + 15))
        result[part] = (weights[mixture] * (special.ndtr(z) - density * terms)).sum(-1)
    return result
