"""How far counts depart from their neighbours in time, in units of chance and ordinary movement.

In: counts and the weights of a contrast on the log scale. Out: a :class:`Jump`.

References
----------
J. B. S. Haldane (1956), Annals of Human Genetics 20, 309-311, and F. J. Anscombe (1956), Biometrika 43,
461-464: one half added to a count before its logarithm is taken.
D. Katz, J. Baptista, S. P. Azen and M. C. Pike (1978), Biometrics 34, 469-474: the logarithm of a ratio
of shares.
F. R. Hampel (1974), Journal of the American Statistical Association 69, 383-393: the scaled median of
absolute deviations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from minato_analysis.statistics.result import Result

ADDED = 0.5
"""Added to every count, so that a zero has a logarithm."""

_HALVINGS = 60
"""Steps of a search: the result is exact to the last digits of a float."""

MEDIAN_OF_ABSOLUTE = 0.6745
"""Median of the absolute value of a standard normal variable."""


@dataclass(frozen=True)
class Jump(Result):
    """A contrast of counts on the log scale.

    Attributes
    ----------
    change : float
        The contrast; 0 where nothing changed.
    variance : float
        Its variance by chance alone.
    p_value : float
        Two-sided probability of a contrast as large by chance and ordinary movement.
    """

    change: float
    variance: float
    p_value: float


def jump(
    counts: Sequence[float],
    coefficients: Sequence[float],
    weights: Sequence[float],
    spread: float,
) -> Jump:
    """Return the contrast of counts ``sum(coefficient * ln(count))`` with its probability.

    Parameters
    ----------
    counts : sequence of float, shape (terms,)
        0 or more.
    coefficients : sequence of float, shape (terms,)
        They sum to 0 for a change.
    weights : sequence of float, shape (terms,)
        Of 1/count in the variance: the squared coefficient for an independent (Poisson) count; minus
        that for a whole whose part is among the counts, because Var(ln r/n) = 1/r - 1/n.
    spread : float
        Standard deviation of the ordinary movement on the log scale (overdispersion).

    Notes
    -----
    The normal approximation of the delta method. Where a part exceeds its whole there is no such
    variance; the probability is then 0. The delta method grows blind as a count nears 0, because the
    variance 1/count grows faster than the logarithm falls: there the nearer count it sees best is judged,
    so that a count further away is never less surprising.

    Examples
    --------
    >>> result = jump([437, 1087, 281, 1066], [1, -1, -1, 1], [1, -1, 1, -1], spread=0.0)
    >>> round(result.change, 2), result.p_value < 1e-9
    (0.42, True)
    >>> p_values = [jump([now, 46], [1, -1], [1, 1], 0.2).p_value for now in (0, 1, 46)]
    >>> p_values[0] <= p_values[1] < 1e-4 < p_values[2]
    True
    """
    numbers = [count + ADDED for count in counts]
    change, variance = _contrast(numbers, coefficients, weights)
    if variance < 0:
        return Jump(change, 0.0, 0.0)
    if not variance + spread**2:
        return Jump(change, variance, float(not change))
    for at, (coefficient, weight) in enumerate(zip(coefficients, weights, strict=True)):
        if weight > 0 and coefficient * change < 0:
            numbers[at] = _seen_best(numbers, coefficients, weights, spread, at)
    seen, chance = _contrast(numbers, coefficients, weights)
    if (total := chance + spread**2) <= 0:
        return Jump(change, variance, 0.0)
    return Jump(change, variance, math.erfc(abs(seen) / math.sqrt(2 * total)))


def _contrast(
    numbers: Sequence[float], coefficients: Sequence[float], weights: Sequence[float]
) -> tuple[float, float]:
    """Return the contrast of the logarithms and its variance by chance."""
    change = sum(
        coefficient * math.log(number)
        for coefficient, number in zip(coefficients, numbers, strict=True)
    )
    return change, sum(weight / number for weight, number in zip(weights, numbers, strict=True))


def _seen_best(
    numbers: Sequence[float],
    coefficients: Sequence[float],
    weights: Sequence[float],
    spread: float,
    at: int,
) -> float:
    """Return the number from `numbers[at]` towards no change at which the contrast stands out most."""
    change, variance = _contrast(numbers, coefficients, weights)
    own, weight, number = abs(coefficients[at]), weights[at], numbers[at]
    rest = variance - weight / number + spread**2
    apart = abs(change) + own * math.log(number)

    def slope(one: float) -> float:
        return 2 * own * (rest * one + weight) - weight * (apart - own * math.log(one))

    # It rises with the number, and at no change it is above 0.
    low, high = number, math.exp(apart / own)
    if slope(low) >= 0:
        return number
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return low


def measured_spread(changes: ArrayLike, variances: ArrayLike) -> float:
    """Return the ordinary movement that contrasts show themselves, on the log scale.

    The median absolute contrast, scaled to a standard deviation, less the median variance of chance:
    a few wild years do not move it.

    Parameters
    ----------
    changes, variances : array_like, shape (contrasts,)

    Examples
    --------
    >>> round(measured_spread([0.06745, -0.06745, 5.0], [0.0, 0.0, 0.0]), 9)
    0.1
    """
    scaled = float(np.median(np.abs(np.asarray(changes, float)))) / MEDIAN_OF_ABSOLUTE
    chance = float(np.median(np.asarray(variances, float)))
    return math.sqrt(max(0.0, scaled**2 - chance))
