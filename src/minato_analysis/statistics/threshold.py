"""How high a comparator may be before "this share is higher" stops holding.

In: counts k of n. Out: the largest comparator share, taken as exact, that the share still
exceeds at the confidence level; for single years, or for the latest and the pooled years.

Convention: the level is two-sided. "Higher at 95 %" means that the comparator lies below the
lower limit of the two-sided 95 % interval, i.e. 2.5 % in that tail. The limits are the inverted
tests of :func:`minato_analysis.statistics.comparison.compare_with_exact`, so that its p value
equals 1 - confidence at the comparator returned here. At that very value the statement no longer
holds; below it, it does. A result of 0 means that it holds against no comparator.

A published comparator has an uncertainty of its own. Ignoring it makes the statement too easy, so
the answer is an upper limit: against a comparator with few persons it stops holding earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from minato_analysis.statistics.result import Result
from minato_analysis.statistics.shares import FloatArray, checked_counts, share_interval

ThresholdMethod = Literal["wilson", "clopper_pearson"]


@dataclass(frozen=True, eq=False)
class ThresholdAnswer(Result):
    """Largest comparator shares for the latest year and for all years together.

    Attributes
    ----------
    latest, pooled : ndarray of float
        Proportions; nan where there were no persons.
    latest_share, pooled_share : ndarray of float
        The shares they belong to.
    confidence : float
        Two-sided confidence level.
    method : str
    """

    latest: FloatArray
    pooled: FloatArray
    latest_share: FloatArray
    pooled_share: FloatArray
    confidence: float
    method: ThresholdMethod


def largest_comparator(
    k: ArrayLike, n: ArrayLike, confidence: float = 0.95, method: ThresholdMethod = "wilson"
) -> FloatArray:
    """Supremum of the comparator shares that the share k / n still exceeds at the level.

    Parameters
    ----------
    k, n : array_like of counts
        Broadcast against each other, any shape.
    confidence : float
        Two-sided confidence level.
    method : {"wilson", "clopper_pearson"}
        Inverted score test, or inverted exact binomial test (more cautious).

    Returns
    -------
    ndarray of float
        Proportions; 0 where k is 0, nan where n is 0.

    Raises
    ------
    ValueError
        Impossible counts, unknown method, or a confidence level outside (0, 1).

    References
    ----------
    E. B. Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    C. J. Clopper and E. S. Pearson (1934), Biometrika 26, 404-413.

    Examples
    --------
    >>> float(largest_comparator(15, 148).round(4))
    0.0624
    """
    if method not in ("wilson", "clopper_pearson"):
        raise ValueError(f"method {method!r} is not known; choose wilson or clopper_pearson.")
    return share_interval(k, n, method, confidence).low


def latest_and_pooled(
    k: ArrayLike, n: ArrayLike, confidence: float = 0.95, method: ThresholdMethod = "wilson"
) -> ThresholdAnswer:
    """Largest comparators for the last year and for the sum of all years.

    Pooling takes the years as samples from one share. Where a homogeneity test rejects that, the
    pooled answer is about the average of these years only.

    Parameters
    ----------
    k, n : array_like of counts, shape (..., years)
        The last axis is time, oldest first.
    confidence, method
        As for :func:`largest_comparator`.

    Raises
    ------
    ValueError
        As for :func:`largest_comparator`, or no year given.

    Examples
    --------
    >>> answer = latest_and_pooled([8, 10, 15], [40, 41, 44])
    >>> f"{answer.latest:.3f} {answer.pooled:.3f}"
    '0.219 0.195'
    """
    count, total = checked_counts(k, n)
    if count.ndim == 0 or count.shape[-1] == 0:
        raise ValueError("no year was given; the last axis of the counts must hold the years.")
    sums = (
        np.stack([count[..., -1], count.sum(axis=-1)]),
        np.stack([total[..., -1], total.sum(axis=-1)]),
    )
    limits = largest_comparator(*sums, confidence, method)
    with np.errstate(invalid="ignore"):
        shares = sums[0] / sums[1]
    return ThresholdAnswer(limits[0], limits[1], shares[0], shares[1], confidence, method)


def printed_percent(threshold: ArrayLike, digits: int = 1) -> FloatArray:
    """Threshold in percent, rounded down so that the printed value never claims too much.

    Examples
    --------
    >>> float(printed_percent(0.21896))
    21.8
    """
    scale = 10.0**digits
    return np.asarray(np.floor(np.asarray(threshold, dtype=float) * 100 * scale) / scale)
