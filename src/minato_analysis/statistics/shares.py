"""One share k / n and its interval, for arrays of any shape.

In: counts ``k`` (e.g. reoffenders) out of ``n`` (e.g. persons arrested).
Out: a :class:`ShareInterval` of proportions (0 to 1, not percent).

Where n is 0 there is no share: ``share``, ``low`` and ``high`` are nan whatever the method.
An interval from 0 to 1 would be as true, but it would be drawn and read as a result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.stats.proportion import proportion_confint

from minato_analysis.statistics.result import Result

FloatArray = NDArray[np.float64]
ShareMethod = Literal["wilson", "clopper_pearson", "jeffreys"]

_STATSMODELS_NAME = {"wilson": "wilson", "clopper_pearson": "beta", "jeffreys": "jeffreys"}


@dataclass(frozen=True, eq=False)
class ShareInterval(Result):
    """A share with its two-sided interval; all arrays have the shape of the broadcast counts.

    Attributes
    ----------
    share, low, high : ndarray of float
        Proportions between 0 and 1; nan where n is 0.
    n : ndarray of float
        The denominators (persons).
    confidence : float
        Two-sided confidence level.
    method : str
        ``wilson``, ``clopper_pearson`` or ``jeffreys``.
    """

    share: FloatArray
    low: FloatArray
    high: FloatArray
    n: FloatArray
    confidence: float
    method: ShareMethod


def checked_counts(
    k: ArrayLike, n: ArrayLike, names: tuple[str, str] = ("k", "n")
) -> tuple[FloatArray, FloatArray]:
    """Return k and n broadcast to one shape, or say exactly which pair is impossible.

    Parameters
    ----------
    k, n : array_like
        Counts, broadcast against each other.
    names : tuple of str, optional
        What the two are called in the error.

    Raises
    ------
    ValueError
        A count is missing, not whole or negative, or k exceeds n.

    Examples
    --------
    >>> checked_counts([3, 12], [5, 10])
    Traceback (most recent call last):
    ...
    ValueError: k = 12 exceeds n = 10 at position (1,); a part cannot be larger than its whole.
    """
    pair = np.broadcast_arrays(np.asarray(k, dtype=float), np.asarray(n, dtype=float))
    count, total = pair[0].astype(float), pair[1].astype(float)
    for name, values in zip(names, (count, total), strict=True):
        for wrong, why in (
            (~np.isfinite(values), "a missing or infinite count cannot be used"),
            (values < 0, "a count cannot be negative"),
            (values != np.floor(values), "a count must be a whole number"),
        ):
            if wrong.any():
                at = _first(wrong)
                raise ValueError(f"{name} = {values[at]:g} at position {at}; {why}.")
    if (count > total).any():
        at = _first(count > total)
        raise ValueError(
            f"{names[0]} = {count[at]:.0f} exceeds {names[1]} = {total[at]:.0f} "
            f"at position {at}; a part cannot be larger than its whole."
        )
    return count, total


def checked_confidence(confidence: float) -> float:
    """Return the two-sided confidence level, or raise ValueError if it is not inside (0, 1)."""
    if not 0 < confidence < 1:
        raise ValueError(
            f"confidence = {confidence:g} is not between 0 and 1; write 0.95 for 95 percent."
        )
    return float(confidence)


def share_interval(
    k: ArrayLike, n: ArrayLike, method: ShareMethod = "wilson", confidence: float = 0.95
) -> ShareInterval:
    """Share and interval by the named method.

    Parameters
    ----------
    k, n : array_like of counts
        Broadcast against each other, any shape.
    method : {"wilson", "clopper_pearson", "jeffreys"}
        See :func:`wilson`, :func:`clopper_pearson` and :func:`jeffreys`.
    confidence : float
        Two-sided confidence level.

    Returns
    -------
    ShareInterval
        Proportions; nan where n is 0.

    Raises
    ------
    ValueError
        Impossible counts (see :func:`checked_counts`), an unknown method, or a confidence
        level outside (0, 1).

    Examples
    --------
    >>> interval = share_interval(81, 263)
    >>> f"{interval.share:.4f} {interval.low:.4f} {interval.high:.4f}"
    '0.3080 0.2553 0.3662'
    """
    if method not in _STATSMODELS_NAME:
        raise ValueError(
            f"method {method!r} is not known; choose one of {', '.join(_STATSMODELS_NAME)}."
        )
    count, total = checked_counts(k, n)
    alpha = 1 - checked_confidence(confidence)
    known = total > 0
    safe_total = np.where(known, total, 1.0)
    low, high = proportion_confint(
        count.ravel(), safe_total.ravel(), alpha=alpha, method=_STATSMODELS_NAME[method]
    )
    share, low, high = count / safe_total, low.reshape(count.shape), high.reshape(count.shape)
    # Exact ends: rounding must not leave 1e-17 for Wilson, and Jeffreys is closed at the ends
    # as Brown, Cai and DasGupta recommend.
    low = np.where(count == 0, 0.0, low)
    high = np.where(count == safe_total, 1.0, high)
    return ShareInterval(
        share=np.where(known, share, np.nan),
        low=np.where(known, low, np.nan),
        high=np.where(known, high, np.nan),
        n=total,
        confidence=confidence,
        method=method,
    )


def wilson(k: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> ShareInterval:
    """Wilson score interval: the shares a score test does not reject.

    The default of the package: close to its nominal coverage on average, also for small n.

    References
    ----------
    E. B. Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    R. G. Newcombe (1998), Statistics in Medicine 17, 857-872, method 3.
    """
    return share_interval(k, n, "wilson", confidence)


def clopper_pearson(k: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> ShareInterval:
    """Clopper-Pearson interval: the shares an exact equal-tailed binomial test does not reject.

    Never covers less than its level, usually more.

    References
    ----------
    C. J. Clopper and E. S. Pearson (1934), Biometrika 26, 404-413.
    """
    return share_interval(k, n, "clopper_pearson", confidence)


def jeffreys(k: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> ShareInterval:
    """Jeffreys interval: equal-tailed posterior under Beta(1/2, 1/2), closed at k = 0 and k = n.

    References
    ----------
    L. D. Brown, T. T. Cai and A. DasGupta (2001), Statistical Science 16, 101-133.
    """
    return share_interval(k, n, "jeffreys", confidence)


def _first(wrong: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(index) for index in np.argwhere(wrong)[0])
