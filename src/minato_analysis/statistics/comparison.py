"""Two shares compared: independent groups, a part with its whole, a share with a printed one.

In: counts, broadcast against each other (areas, years, offences in any shape).
Out: a :class:`Comparison` (difference, ratio or odds ratio with its interval), the counts of
the rest of a whole, or a :class:`OneSampleComparison` with a comparator taken as exact.

Intervals by score come from one function for all three measures. They are found by bisection
on "does the score test reject this value?", with the shares under that value in closed form.
statsmodels' ``confint_proportions_2indep(method="score", compare="diff")`` is not used: in
0.15 it gives wrong limits and raises for some counts (its issue 10269).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from minato_analysis.statistics.result import Result
from minato_analysis.statistics.shares import (
    FloatArray,
    checked_confidence,
    checked_counts,
    share_interval,
)

Measure = Literal["difference", "ratio", "odds_ratio"]
Method = Literal["newcombe", "agresti_caffo", "miettinen_nurminen", "score"]
Inside = Callable[[FloatArray], NDArray[np.bool_]]

_STATSMODELS_NAME = {"newcombe": "newcomb", "agresti_caffo": "agresti-caffo"}
_HALVINGS = 60
# exp(50): no ratio of counts comes near this.
_LOG_RANGE = 50.0


@dataclass(frozen=True, eq=False)
class Comparison(Result):
    """First share against second share.

    Attributes
    ----------
    estimate, low, high : ndarray of float
        Difference (share 1 - share 2, a proportion), ratio or odds ratio with its interval.
        nan where a group is empty; a ratio may be infinite, or nan (0/0) with limits 0 and inf.
    measure, method : str
    confidence : float
        Two-sided confidence level.
    """

    estimate: FloatArray
    low: FloatArray
    high: FloatArray
    measure: Measure
    method: Method
    confidence: float


@dataclass(frozen=True, eq=False)
class OneSampleComparison(Result):
    """A share against comparator shares taken as exact.

    Attributes
    ----------
    comparator : ndarray of float
        The comparator as a proportion.
    difference, low, high : ndarray of float
        Share minus comparator with its interval (Wilson or Clopper-Pearson limits, shifted).
    p_value : ndarray of float
        Two-sided; below 1 - confidence exactly when the interval excludes 0.
    """

    comparator: FloatArray
    difference: FloatArray
    low: FloatArray
    high: FloatArray
    p_value: FloatArray


def compare_shares(
    k1: ArrayLike,
    n1: ArrayLike,
    k2: ArrayLike,
    n2: ArrayLike,
    measure: Measure = "difference",
    method: Method = "newcombe",
    confidence: float = 0.95,
) -> Comparison:
    """Compare two independent shares.

    Parameters
    ----------
    k1, n1, k2, n2 : array_like of counts
        Broadcast against each other.
    measure : {"difference", "ratio", "odds_ratio"}
    method : {"newcombe", "agresti_caffo", "miettinen_nurminen", "score"}
        ``newcombe`` (hybrid of two Wilson intervals) and ``agresti_caffo`` exist for the
        difference only. ``miettinen_nurminen`` is the score interval with variance factor
        N/(N-1). ``score`` is the same without the factor: Mee for the difference, Koopman for
        the ratio, Cornfield without continuity correction for the odds ratio.
    confidence : float
        Two-sided confidence level.

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        Impossible counts, an unknown measure, or a method that it does not have.

    References
    ----------
    R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    O. Miettinen and M. Nurminen (1985), Statistics in Medicine 4, 213-226.
    R. W. Mee (1984), Biometrics 40, 1175-1176.
    P. A. R. Koopman (1984), Biometrics 40, 513-517.
    A. Agresti and B. Caffo (2000), The American Statistician 54, 280-288.

    Examples
    --------
    >>> result = compare_shares(56, 70, 48, 80)
    >>> f"{result.estimate:.4f} {result.low:.4f} {result.high:.4f}"
    '0.2000 0.0524 0.3339'
    """
    groups = _checked_groups(k1, n1, k2, n2)
    known = (groups[1] > 0) & (groups[3] > 0)
    safe = tuple(np.where(known, count, 1.0) for count in groups)
    alpha = 1 - checked_confidence(confidence)
    if measure not in _ESTIMATE:
        raise ValueError(f"measure {measure!r} is not known; choose one of {', '.join(_ESTIMATE)}.")
    estimate = _ESTIMATE[measure](*safe)
    if method in _STATSMODELS_NAME and measure == "difference":
        low, high = confint_proportions_2indep(
            *(count.ravel() for count in safe), method=_STATSMODELS_NAME[method], alpha=alpha
        )
        low, high = (np.clip(limit.reshape(estimate.shape), -1, 1) for limit in (low, high))
    elif method in ("miettinen_nurminen", "score"):
        low, high = _score_limits(safe, estimate, measure, method == "miettinen_nurminen", alpha)
    else:
        raise ValueError(f"method {method!r} does not exist for the {measure.replace('_', ' ')}.")
    estimate, low, high = (np.where(known, value, np.nan) for value in (estimate, low, high))
    return Comparison(estimate, low, high, measure, method, confidence)


def weighted_sum(
    k: ArrayLike, n: ArrayLike, weights: ArrayLike, confidence: float = 0.95
) -> tuple[float, float, float]:
    """Sum of independent shares with weights, and its interval from their Wilson intervals (MOVER).

    With the weights 1 and -1 it is Newcombe's interval of a difference.

    Parameters
    ----------
    k, n : array_like of counts, shape (G,)
    weights : array_like, shape (G,)
        Known numbers of either sign.
    confidence : float

    Returns
    -------
    estimate, low, high : float

    References
    ----------
    G. Y. Zou, W. Huang and X. Zhang (2009), Computational Statistics and Data Analysis 53, 1080-1085.

    Examples
    --------
    >>> [round(one, 4) for one in weighted_sum([56, 48], [70, 80], [1, -1])]  # Newcombe (1998), example a
    [0.2, 0.0524, 0.3339]
    """
    each = share_interval(k, n, confidence=confidence)
    weight = np.asarray(weights, dtype=float)
    centre, ends = weight * each.share, np.sort([weight * each.low, weight * each.high], axis=0)
    below, above = (float(np.sqrt(np.sum((end - centre) ** 2))) for end in ends)
    total = float(centre.sum())
    return total, total - below, total + above


def equality_p_value(k1: ArrayLike, n1: ArrayLike, k2: ArrayLike, n2: ArrayLike) -> FloatArray:
    """Two-sided p value of the score test that two shares are equal, with factor N/(N-1).

    Below 1 - confidence exactly when the Miettinen-Nurminen interval of the difference excludes
    0 (the "N - 1" chi-squared test). nan where a group is empty, 1 where both shares are 0 or 1.

    References
    ----------
    I. Campbell (2007), Statistics in Medicine 26, 3661-3675.

    Examples
    --------
    >>> float(equality_p_value(7, 34, 1, 34).round(4))
    0.025
    """
    k1, n1, k2, n2 = _checked_groups(k1, n1, k2, n2)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = n1 + n2
        pooled = (k1 + k2) / total
        variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2) * total / (total - 1)
        chi2 = (k1 / n1 - k2 / n2) ** 2 / variance
    chi2 = np.where((n1 > 0) & (n2 > 0) & ((pooled == 0) | (pooled == 1)), 0.0, chi2)
    return np.asarray(stats.chi2.sf(chi2, 1))


def overturning_design_effect(p: ArrayLike, level: float, df: int = 1) -> FloatArray:
    """Variance, in units of independent persons, from which on a p value no longer stays below the level.

    Persons arrested together are not independent. With a design effect D the chi-squared statistic shrinks
    by D; here the D at which it meets the critical value. Below 1 the p value was not below the level.

    References
    ----------
    J. N. K. Rao and A. J. Scott (1981), Journal of the American Statistical Association 76, 221-230.

    Examples
    --------
    >>> float(overturning_design_effect(0.05, 0.05)), float(overturning_design_effect(0.001, 0.05).round(2))
    (1.0, 2.82)
    """
    return np.asarray(stats.chi2.isf(p, df) / stats.chi2.isf(level, df))


def subtract_part(
    k_part: ArrayLike, n_part: ArrayLike, k_whole: ArrayLike, n_whole: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Counts of the whole without the part, so that two independent groups are compared.

    Returns
    -------
    k_rest, n_rest : ndarray of float

    Raises
    ------
    ValueError
        The part has more than the whole in any count: the two are not of one definition.

    Examples
    --------
    >>> [float(count) for count in subtract_part(15, 44, 466, 1048)]
    [451.0, 1004.0]
    """
    k_part, n_part, k_whole, n_whole = _checked_groups(
        k_part, n_part, k_whole, n_whole, ("k_part", "n_part", "k_whole", "n_whole")
    )
    checked_counts(k_part, k_whole, ("k_part", "k_whole"))
    checked_counts(n_part - k_part, n_whole - k_whole, ("n_part - k_part", "n_whole - k_whole"))
    return k_whole - k_part, n_whole - n_part


def compare_with_exact(
    k: ArrayLike,
    n: ArrayLike,
    comparator: ArrayLike,
    method: Literal["wilson", "clopper_pearson"] = "wilson",
    confidence: float = 0.95,
) -> OneSampleComparison:
    """Compare a share with a published share whose own uncertainty is not known.

    The comparator is taken as exact. For ``wilson`` the p value is that of the score test, for
    ``clopper_pearson`` twice the smaller exact binomial tail (at most 1): each fits its interval.
    Sensitivity needs no other function: pass several comparators, e.g. both ends of the rounding.
    A part inside its whole needs no correction for the direction: share minus rest equals
    (share minus whole) / (1 - weight of the part), so the whole understates the gap.

    Parameters
    ----------
    k, n : array_like of counts
    comparator : array_like of float
        Proportions between 0 and 1, broadcast against the counts.
    method : {"wilson", "clopper_pearson"}
    confidence : float
        Two-sided confidence level.

    Raises
    ------
    ValueError
        Impossible counts, or a comparator outside 0 to 1 (a percentage, for example).

    Examples
    --------
    >>> result = compare_with_exact(15, 44, [0.4405, 0.4415, 0.4465])
    >>> result.p_value.round(3).tolist()
    [0.183, 0.179, 0.159]
    """
    shares = np.asarray(comparator, dtype=float)
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError("a comparator share is not between 0 and 1; write 0.441 for 44.1 percent.")
    count, total = checked_counts(k, n)
    count, total, shares = (
        part.astype(float) for part in np.broadcast_arrays(count, total, shares)
    )
    interval = share_interval(count, total, method, confidence)
    if method == "wilson":
        # 0/0 where the comparator is 0 or 1: never rejected if the share is the same, else always.
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.abs(interval.share - shares) / np.sqrt(shares * (1 - shares) / total)
        p_value = np.where(interval.share == shares, 1.0, 2 * stats.norm.sf(z))
    else:
        tails = stats.binom.cdf(count, total, shares), stats.binom.sf(count - 1, total, shares)
        p_value = np.minimum(1.0, 2 * np.minimum(*tails))
    return OneSampleComparison(
        comparator=shares,
        difference=interval.share - shares,
        low=interval.low - shares,
        high=interval.high - shares,
        p_value=np.where(total > 0, p_value, np.nan),
    )


def _checked_groups(
    k1: ArrayLike,
    n1: ArrayLike,
    k2: ArrayLike,
    n2: ArrayLike,
    names: tuple[str, str, str, str] = ("k1", "n1", "k2", "n2"),
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    first = checked_counts(k1, n1, names[:2])
    second = checked_counts(k2, n2, names[2:])
    a, b, c, d = np.broadcast_arrays(*first, *second)
    return a.astype(float), b.astype(float), c.astype(float), d.astype(float)


def _ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return numerator / denominator


_ESTIMATE: dict[str, Callable[..., FloatArray]] = {
    "difference": lambda k1, n1, k2, n2: k1 / n1 - k2 / n2,
    "ratio": lambda k1, n1, k2, n2: _ratio(k1 * n2, k2 * n1),
    "odds_ratio": lambda k1, n1, k2, n2: _ratio(k1 * (n2 - k2), k2 * (n1 - k1)),
}


def _score_limits(
    counts: tuple[FloatArray, ...],
    estimate: FloatArray,
    measure: Measure,
    small_sample: bool,
    alpha: float,
) -> tuple[FloatArray, FloatArray]:
    """Smallest and largest value that the score test does not reject."""
    total = counts[1] + counts[3]
    z2 = stats.norm.isf(alpha / 2) ** 2 * (total / (total - 1) if small_sample else 1.0)

    def inside(value: FloatArray) -> NDArray[np.bool_]:
        distance2, variance = _SCORE[measure](*counts, value)
        return np.asarray(distance2 <= z2 * variance)

    if measure == "difference":
        bounds = np.full_like(estimate, -1.0), np.full_like(estimate, 1.0)
        return _last_inside(inside, estimate, bounds[0]), _last_inside(inside, estimate, bounds[1])
    with np.errstate(divide="ignore"):
        centre = np.clip(np.log(estimate), -_LOG_RANGE, _LOG_RANGE)
    low, high = (
        np.exp(_last_inside(lambda log: inside(np.exp(log)), centre, np.full_like(centre, end)))
        for end in (-_LOG_RANGE, _LOG_RANGE)
    )
    undefined = np.isnan(estimate)
    low = np.where(undefined | (estimate == 0), 0.0, low)
    high = np.where(undefined | np.isinf(estimate), np.inf, high)
    return low, high


def _last_inside(inside: Inside, centre: FloatArray, outside: FloatArray) -> FloatArray:
    """Bisect between a value inside the interval and the end of the range, elementwise."""
    near, far = centre.copy(), outside
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        keep = inside(middle)
        near, far = np.where(keep, middle, near), np.where(keep, far, middle)
    # `far` is the end of the range itself if everything up to it is inside.
    return (near + far) / 2


def _difference_score(
    k1: FloatArray, n1: FloatArray, k2: FloatArray, n2: FloatArray, value: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Squared distance and restricted variance; Miettinen and Nurminen (1985), appendix I."""
    total, cases = n1 + n2, k1 + k2
    c2 = (n1 + 2 * n2) * value - total - cases
    c1 = (n2 * value - total - 2 * k2) * value + cases
    c0 = k2 * value * (1 - value)
    shift = c2 / (3 * total)
    q = shift**3 - c1 * c2 / (6 * total**2) + c0 / (2 * total)
    p = np.where(q < 0, -1.0, 1.0) * np.sqrt(np.maximum(shift**2 - c1 / (3 * total), 0.0))
    cosine = np.clip(np.divide(q, p**3, out=np.zeros_like(q), where=p != 0), -1, 1)
    p2 = 2 * p * np.cos((np.pi + np.arccos(cosine)) / 3) - shift
    p2 = np.clip(p2, np.maximum(0, -value), np.minimum(1, 1 - value))
    p1 = p2 + value
    return (k1 / n1 - k2 / n2 - value) ** 2, p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2


def _ratio_score(
    k1: FloatArray, n1: FloatArray, k2: FloatArray, n2: FloatArray, value: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The same for p1 = value * p2; quadratic with its smaller root in stable form."""
    b = n1 * value + k1 + n2 + k2 * value
    root = np.sqrt(np.maximum(b**2 - 4 * (n1 + n2) * value * (k1 + k2), 0.0))
    p2 = 2 * (k1 + k2) / (b + root)
    p1 = np.minimum(value * p2, 1.0)
    variance = p1 * (1 - p1) / n1 + value**2 * p2 * (1 - p2) / n2
    return (k1 / n1 - value * k2 / n2) ** 2, variance


def _odds_ratio_score(
    k1: FloatArray, n1: FloatArray, k2: FloatArray, n2: FloatArray, value: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The same for odds 1 = value * odds 2, in persons of one group; both margins are fixed."""
    # Below 1 the groups change places: only from 1 upwards does no step lose digits.
    swap, value = value < 1, np.maximum(value, 1 / value)
    k1, k2 = np.where(swap, k2, k1), np.where(swap, k1, k2)
    n1, n2 = np.where(swap, n2, n1), np.where(swap, n1, n2)
    cases = k1 + k2
    a = n2 * (value - 1)
    b = n1 * value + n2 - cases * (value - 1)
    root = np.sqrt(b**2 + 4 * a * cases)
    with np.errstate(divide="ignore", invalid="ignore"):
        p2 = np.where(b >= 0, 2 * cases / (b + root), (root - b) / (2 * a))
    scale = 1 + p2 * (value - 1)
    p1 = value * p2 / scale
    v1, v2 = n1 * p1 * (1 - p2) / scale, n2 * p2 * (1 - p2)
    variance = np.divide(v1 * v2, v1 + v2, out=np.zeros_like(v1), where=v1 + v2 > 0)
    return (k1 - n1 * p1) ** 2, variance


_SCORE: dict[str, Callable[..., tuple[FloatArray, FloatArray]]] = {
    "difference": _difference_score,
    "ratio": _ratio_score,
    "odds_ratio": _odds_ratio_score,
}
