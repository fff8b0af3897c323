"""What one year can bring, given the last one.

In: counts. Out: prediction limits and probabilities, with or without ordinary movement besides chance.

References
----------
W. Nelson (1970), Confidence intervals for the ratio of two Poisson means and Poisson predictor intervals,
IEEE Transactions on Reliability R-19, 42-49: the prediction limits.
J. Przyborowski and H. Wilenski (1940), Biometrika 31, 313-323: the conditional test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scipy import stats

from minato_analysis.statistics import jumps
from minato_analysis.statistics.jumps import Jump

ENOUGH = 4
"""Yearly changes a series must show before its own movement is measured."""

YEARLY = ([1.0, -1.0], [1.0, 1.0])
"""Coefficients and weights of a change from one year to the next (see ``jumps.jump``)."""


def own_spread(values: Mapping[int, float]) -> float | None:
    """Return the ordinary movement a series showed, on the log scale; none where it is too short.

    >>> own_spread({2017: 100, 2018: 104}) is None
    True
    >>> round(own_spread({year: 10000 * 1.1 ** (year % 2) for year in range(2010, 2020)}), 2)
    0.14
    """
    found = [
        jumps.jump([values[year], values[year - 1]], *YEARLY, 0.0)
        for year in sorted(values)
        if year - 1 in values
    ]
    if len(found) < ENOUGH:
        return None
    return jumps.measured_spread([one.change for one in found], [one.variance for one in found])


def limits(jump: Callable[[int], Jump], level: float, most: int | None = None) -> tuple[int, int]:
    """Return the lowest and the highest count whose change has at least the probability `level`.

    Parameters
    ----------
    jump : callable
        Change and probability of a count; the change rises with the count.
    level : float
        One minus the confidence.

    Examples
    --------
    >>> from minato_analysis.statistics import jumps
    >>> limits(lambda count: jumps.jump([count, 100], [1, -1], [1, 1], 0.0), 0.05)
    (74, 129)
    """

    def reached(count: int) -> bool:
        found = jump(count)
        return found.change >= 0 or found.p_value >= level

    def passed(count: int) -> bool:
        found = jump(count)
        return found.change > 0 and found.p_value < level

    # Only at zero the normal approximation may call a count more probable than the one above it.
    low = _first(reached, 1)
    low = 0 if low == 1 and reached(0) else low
    high = max(_first(passed, low) - 1, low)
    return (low, high) if most is None else (min(low, most), min(high, most))


def prediction_limits(last: int, level: float) -> tuple[int, int]:
    """Return the counts one year can bring by chance alone, given the last year's count.

    Two Poisson counts of one rate; see the module docstring. The conditional test of every count inside
    has at least half of `level` on either side.

    Examples
    --------
    After a year without any, up to five are within chance at 95 %: P(6 of 6) = 1/64 < 0.025.

    >>> prediction_limits(0, 0.05), prediction_limits(100, 0.05)
    ((0, 5), (74, 130))
    """
    low = _first(lambda count: stats.binom.cdf(count, last + count, 0.5) >= level / 2, 0)
    beyond = _first(lambda count: stats.binom.sf(count - 1, last + count, 0.5) < level / 2, last)
    return low, beyond - 1


def conditional_p(last: int, value: int) -> float:
    """Return the two-sided p of one rate behind two Poisson counts.

    >>> round(conditional_p(10, 22), 4)
    0.0501
    """
    if not last + value:
        return 1.0
    return float(stats.binomtest(value, last + value, 0.5).pvalue)


def _first(is_so: Callable[[int], bool], start: int) -> int:
    """Return the smallest whole number from `start` on for which a monotone condition holds."""
    step = 1
    while not is_so(start + step):
        step *= 2
    low, high = start - 1, start + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_so(middle) else (middle, high)
    return high
