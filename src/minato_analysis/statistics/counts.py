"""Counts of two years compared where events do not come one by one: the overdispersed Poisson model.

In: counts of areas by year. Out: the dispersion, changes with their limits, tests.

Given the sum of two Poisson counts, the later one is binomial: a ratio of two counts is a share of their sum
(Przyborowski and Wilenski). Where events come in clusters the variance is a multiple of Poisson's, the
dispersion, and so is that of the share (McCullagh and Nelder). It is estimated from what the areas' counts
do from one year to the next beside the common change.

References
----------
J. Przyborowski and H. Wilenski (1940), Biometrika 31, 313-323.
P. McCullagh and J. A. Nelder (1989), Generalized Linear Models, sections 4.5 and 6.2.
D. J. Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202, section on over-dispersion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Dispersion:
    """How many times Poisson's variance there is, at least 1, and its degrees of freedom."""

    value: float
    freedom: int

    def reach(self, confidence: float) -> float:
        """Return the distance in standard errors of a two-sided interval, Poisson's if nothing is known.

        >>> round(Dispersion(4.0, 60).reach(0.95), 2), round(Dispersion(1.0, 0).reach(0.95), 2)
        (4.0, 1.96)
        """
        known = stats.t(self.freedom) if self.freedom else stats.norm()
        return float(known.ppf((1 + confidence) / 2) * np.sqrt(self.value))

    def p_value(self, score: FloatArray) -> FloatArray:
        """Return two-sided p values of scores that have variance 1 under Poisson."""
        known = stats.t(self.freedom) if self.freedom else stats.norm()
        return np.asarray(2 * known.sf(np.abs(score) / np.sqrt(self.value)))


@dataclass(frozen=True, eq=False)
class Change:
    """Last count per first one, a ratio, with its limits; p of no change. Arrays of shape (A,)."""

    ratio: FloatArray
    low: FloatArray
    high: FloatArray
    p: FloatArray


def dispersion(counts: FloatArray, least: int) -> Dispersion:
    """Return the dispersion of counts from one year to the next.

    Pearson's statistic of each pair of years against one common change, divided by its degrees of freedom.

    Parameters
    ----------
    counts : ndarray, shape (A, T)
        nan where there is none.
    least : int
        Pairs of years with a smaller count are left out.

    Examples
    --------
    >>> dispersion(np.array([[100.0, 100.0], [100.0, 100.0]]), 1)
    Dispersion(value=1.0, freedom=1)
    """
    statistic, freedom = 0.0, 0
    for first, last in zip(counts.T, counts.T[1:], strict=False):
        some = (first >= least) & (last >= least)
        if some.sum() > 1:
            score = scores(first[some], last[some], float(last[some].sum() / first[some].sum()))
            statistic += float((score**2).sum())
            freedom += int(some.sum()) - 1
    return Dispersion(max(1.0, statistic / freedom) if freedom else 1.0, freedom)


def scores(first: FloatArray, last: FloatArray, ratio: float) -> FloatArray:
    """Return how far the later counts are from `ratio`, in Poisson's standard errors."""
    both, part = first + last, ratio / (1 + ratio)
    return np.asarray((last - both * part) / np.sqrt(both * part * (1 - part)))


def change(first: FloatArray, last: FloatArray, scatter: Dispersion, confidence: float) -> Change:
    """Compare two counts of each area: ratios with score limits (Wilson's, of the share of the sum).

    nan where one of the two is nan or 0.
    """
    known = (first > 0) & (last > 0)
    first, last = np.where(known, first, np.nan), np.where(known, last, np.nan)
    low, high = ratio_limits(first + last, last / first, scatter.reach(confidence), of_ratio=False)
    return Change(last / first, low, high, scatter.p_value(scores(first, last, 1.0)))


def ratio_limits(
    both: npt.ArrayLike, ratio: npt.ArrayLike, reach: float, *, of_ratio: bool = True
) -> tuple[FloatArray, FloatArray]:
    """Return limits of ratios of two counts by their sum.

    Parameters
    ----------
    both : array_like
        Sums of the two counts.
    ratio : array_like
        The true ratio with `of_ratio`: where observed ones fall; otherwise the observed ratios: which true
        ones go with them. The one is the other read backwards.
    reach : float
        Distance in Poisson's standard errors, see :meth:`Dispersion.reach`.

    Returns
    -------
    tuple of ndarray
        Infinite above where the sum is too small for an upper limit.
    """
    n = np.asarray(both, float)
    part = np.asarray(ratio, float) / (1 + np.asarray(ratio, float))
    with np.errstate(divide="ignore", invalid="ignore"):
        if of_ratio:
            middle, half = part, reach * np.sqrt(part * (1 - part) / n)
        else:
            squared = reach**2
            middle = (part * n + squared / 2) / (n + squared)
            half = reach * np.sqrt(part * (1 - part) * n + squared / 4) / (n + squared)
        low, high = np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)
        return np.asarray(low / (1 - low)), np.asarray(high / (1 - high))
