"""Small cells side by side: shares of police stations shrunk, with limits and fair comparison.

In: counts k of n for the stations of one area, shape (stations,).
Out: shrunk shares with credible intervals, funnel limits for a number of persons, and each
station against all the others. Cells such as 0 of 0 and 1 of 1 are ordinary input.

Full Bayes, because the maximum of the likelihood often lies at "all stations are the same" when
stations are few: empirical Bayes would then return one share for all, with no doubt about it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special, stats

from minato_analysis.statistics.comparison import compare_shares, subtract_part
from minato_analysis.statistics.result import Result
from minato_analysis.statistics.shares import FloatArray, checked_confidence, checked_counts
from minato_analysis.statistics.strata import holm

_PULL_NODES = 64
# Nodes that together hold less than this are dropped: no printed digit depends on them.
_NEGLIGIBLE = 1e-8


@dataclass(frozen=True, eq=False)
class ShrunkShares(Result):
    """Posterior shares of the stations, all arrays of shape (stations,).

    Attributes
    ----------
    share : ndarray of float
        Observed k / n; nan where n is 0.
    mean, low, high : ndarray of float
        Posterior mean and equal-tailed credible limits. With n = 0 they are those of a station
        of which nothing is known but its neighbours.
    own_weight : ndarray of float
        Posterior mean of n / (n + s): 0 is all neighbours, 1 all own figures.
    overall : float
        Posterior mean of the share around which the stations lie.
    n : ndarray of float
    confidence : float
    """

    share: FloatArray
    mean: FloatArray
    low: FloatArray
    high: FloatArray
    own_weight: FloatArray
    overall: float
    n: FloatArray
    confidence: float


@dataclass(frozen=True, eq=False)
class FunnelLimits(Result):
    """Limits between which a station's share falls if its true share is ``centre``.

    ``low`` and ``high`` have the shape of ``n`` broadcast with ``centre``; nan where n is 0.
    """

    n: FloatArray
    centre: FloatArray
    low: FloatArray
    high: FloatArray
    confidence: float


@dataclass(frozen=True, eq=False)
class OthersComparison(Result):
    """Each station against the sum of all others, arrays of shape (stations,).

    Attributes
    ----------
    k_others, n_others : ndarray of float
    difference, low, high : ndarray of float
        Share minus share of the others, Miettinen-Nurminen interval; nan where either is empty.
    p_value, p_holm : ndarray of float
        Fisher's exact test, two-sided, and adjusted by Holm over the stations.
    """

    k_others: FloatArray
    n_others: FloatArray
    difference: FloatArray
    low: FloatArray
    high: FloatArray
    p_value: FloatArray
    p_holm: FloatArray


def shrink(
    k: ArrayLike, n: ArrayLike, confidence: float = 0.95, scale: float | None = None
) -> ShrunkShares:
    """Beta-binomial shrinkage with full Bayes on a grid, no draws.

    Station i has share p[i] ~ Beta(m s, (1 - m) s). A priori the overall share m is uniform, and
    so is the pull s / (s + scale) that a station of ``scale`` persons feels towards it.

    Parameters
    ----------
    k, n : array_like of counts, shape (stations,)
    confidence : float
        Level of the credible intervals.
    scale : float, optional
        Persons in a typical station; by default the median of the positive n. Only n enters it,
        never k.

    Returns
    -------
    ShrunkShares
        Means and limits are accurate to about 1e-4, the step of the grid.

    Raises
    ------
    ValueError
        Impossible counts, more than one dimension, no persons at all, or a scale not above 0.

    References
    ----------
    M. J. Daniels (1999), Canadian Journal of Statistics 27, 567-578 (uniform shrinkage prior).
    A. Gelman et al. (2013), Bayesian Data Analysis, 3rd edition, section 5.3.

    Examples
    --------
    >>> result = shrink([0, 1, 9, 16], [0, 1, 30, 40])
    >>> result.mean.round(2).tolist()
    [0.39, 0.41, 0.35, 0.39]
    """
    count, total = _checked_stations(k, n)
    if not total.any():
        raise ValueError("no station has a single person; there is no share to shrink towards.")
    size = float(np.median(total[total > 0])) if scale is None else float(scale)
    if not size > 0:
        raise ValueError(f"scale = {size:g} is not above 0; it counts the persons in a station.")
    tail = (1 - checked_confidence(confidence)) / 2
    mean, strength, weight = _posterior_nodes(count, total, size)
    a = (mean * strength)[:, None] + count
    b = ((1 - mean) * strength)[:, None] + total - count
    limits = np.array(
        [
            [_mixture_quantile(tail, a[:, i], b[:, i], weight) for i in range(count.size)],
            [1 - _mixture_quantile(tail, b[:, i], a[:, i], weight) for i in range(count.size)],
        ]
    )
    return ShrunkShares(
        share=_share(count, total),
        mean=weight @ (a / (a + b)),
        low=limits[0],
        high=limits[1],
        own_weight=weight @ (total / (total + strength[:, None])),
        overall=float(weight @ mean),
        n=total,
        confidence=confidence,
    )


def funnel_limits(n: ArrayLike, centre: ArrayLike, confidence: float = 0.95) -> FunnelLimits:
    """Limits for k / n from the exact binomial distribution, interpolated between counts.

    A count lies below ``low`` exactly when its binomial tail (that count or fewer) is smaller
    than (1 - confidence) / 2, and above ``high`` likewise. Interpolation only smooths the line
    between counts. Spiegelhalter's formula is used for the lower limit and mirrored for the
    upper: taken as printed for the upper, it excludes counts whose tail is not that small.

    Parameters
    ----------
    n : array_like of counts
    centre : array_like of float
        True share assumed, as a proportion; broadcast against ``n``.
    confidence : float
        Two-sided level, e.g. 0.95 and 0.998 for the usual two pairs of lines.

    Raises
    ------
    ValueError
        A negative, missing or broken n, or a centre outside 0 to 1.

    References
    ----------
    D. J. Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202, appendix A.1.1.

    Examples
    --------
    >>> limits = funnel_limits([10, 1000], 0.5)
    >>> limits.high.round(3).tolist()
    [0.868, 0.531]
    """
    shares = np.asarray(centre, dtype=float)
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError("the centre is not between 0 and 1; write 0.49 for 49 percent.")
    _, total = checked_counts(0, n)
    total, shares = (part.astype(float) for part in np.broadcast_arrays(total, shares))
    tail = (1 - checked_confidence(confidence)) / 2
    safe = np.maximum(total, 1.0)
    low = _lower_funnel(safe, shares, tail)
    high = 1 - _lower_funnel(safe, 1 - shares, tail)
    low, high = (np.where(total > 0, limit, np.nan) for limit in (low, high))
    return FunnelLimits(total, shares, low, high, confidence)


def compare_with_others(k: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> OthersComparison:
    """Each station against all the others, never against a total that contains it.

    Parameters
    ----------
    k, n : array_like of counts, shape (stations,)
        All stations of the area.
    confidence : float
        Two-sided level of the intervals.

    Raises
    ------
    ValueError
        Impossible counts, or more than one dimension.

    References
    ----------
    R. A. Fisher (1935), Journal of the Royal Statistical Society 98, 39-82 (exact test).
    O. Miettinen and M. Nurminen (1985), Statistics in Medicine 4, 213-226 (interval).

    Examples
    --------
    >>> result = compare_with_others([0, 1, 9, 16], [0, 1, 30, 40])
    >>> result.n_others.tolist()
    [71.0, 70.0, 41.0, 31.0]
    """
    count, total = _checked_stations(k, n)
    k_others, n_others = subtract_part(count, total, count.sum(), total.sum())
    interval = compare_shares(
        count, total, k_others, n_others, "difference", "miettinen_nurminen", confidence
    )
    p_value = np.full(count.shape, np.nan)
    for i in np.flatnonzero((total > 0) & (n_others > 0)):
        cells = [[count[i], total[i] - count[i]], [k_others[i], n_others[i] - k_others[i]]]
        p_value[i] = stats.fisher_exact(np.array(cells, dtype=int)).pvalue
    return OthersComparison(
        k_others=k_others,
        n_others=n_others,
        difference=interval.estimate,
        low=interval.low,
        high=interval.high,
        p_value=p_value,
        p_holm=holm(p_value),
    )


def _checked_stations(k: ArrayLike, n: ArrayLike) -> tuple[FloatArray, FloatArray]:
    count, total = checked_counts(k, n)
    if count.ndim != 1:
        raise ValueError(f"stations must have one dimension, not {count.ndim}.")
    return count, total


def _share(count: FloatArray, total: FloatArray) -> FloatArray:
    return np.divide(count, total, out=np.full_like(total, np.nan), where=total > 0)


def _posterior_nodes(
    count: FloatArray, total: FloatArray, size: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Nodes of (m, s) with their posterior weights, summing to 1.

    m is spaced evenly in the arcsine scale, where its standard deviation is at least
    1 / (2 sqrt(sum n)) whatever its value: the step is half of that.
    """
    steps = max(100, int(np.ceil(2 * np.pi * np.sqrt(total.sum()))))
    angle = (np.arange(steps) + 0.5) * np.pi / (2 * steps)
    pull = (np.arange(_PULL_NODES) + 0.5) / _PULL_NODES
    mean, strength = (
        grid.ravel() for grid in np.meshgrid(np.sin(angle) ** 2, size * pull / (1 - pull))
    )
    log_weight = np.log(np.tile(np.sin(2 * angle), _PULL_NODES))
    a, b = mean * strength, (1 - mean) * strength
    for k, n in zip(count, total, strict=True):
        log_weight += special.betaln(a + k, b + n - k) - special.betaln(a, b)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    order = np.argsort(weight)
    keep = order[np.cumsum(weight[order]) > _NEGLIGIBLE]
    return mean[keep], strength[keep], weight[keep] / weight[keep].sum()


def _mixture_quantile(tail: float, a: FloatArray, b: FloatArray, weight: FloatArray) -> float:
    """Lower quantile of a mixture of Beta(a, b)."""
    return float(
        optimize.brentq(lambda p: weight @ special.betainc(a, b, p) - tail, 0.0, 1.0, xtol=1e-8)
    )


def _lower_funnel(total: FloatArray, centre: FloatArray, tail: float) -> FloatArray:
    # Smallest count whose cumulated probability reaches the tail, then a straight line back.
    count = np.maximum(stats.binom.ppf(tail, total, centre), 0.0)
    at = stats.binom.cdf(count, total, centre)
    below = stats.binom.cdf(count - 1, total, centre)
    return np.maximum(count - (at - tail) / (at - below), 0.0) / total
