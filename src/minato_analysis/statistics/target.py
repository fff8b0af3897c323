"""A target for a published percentage: was it met, what would meet it, how would one notice.

In: counts of reoffenders and persons arrested, a target in tenths of a percent (46.2 % is ``462``),
forecasts. Out: whole numbers, probabilities and frozen dataclasses of arrays. Published values have
one decimal and are rounded half up, in integer arithmetic, so that no answer hangs on a float.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats
from statsmodels.stats.proportion import power_proportions_2indep

from minato_analysis.statistics.binomial_mixture import FloatArray, IntArray
from minato_analysis.statistics.projection import Forecast


def published_tenths(reoffenders: npt.ArrayLike, persons: npt.ArrayLike) -> IntArray:
    """Return the published percentage in tenths: one decimal, rounded half up.

    >>> published_tenths([487, 730, 1], [1053, 1581, 16])
    array([462, 462,  63])
    """
    k, n = _whole(reoffenders, "reoffenders", 0), _whole(persons, "persons", 1)
    if np.any(k > n):
        raise ValueError("more reoffenders than persons")
    return np.asarray((2000 * k + n) // (2 * n))


def meets_target(
    reoffenders: npt.ArrayLike, persons: npt.ArrayLike, target_tenths: int
) -> npt.NDArray[np.bool_]:
    """Return whether the published percentage is at most the target.

    >>> bool(meets_target(487, 1053, 462)), bool(meets_target(488, 1053, 462))
    (True, False)
    """
    return np.asarray(published_tenths(reoffenders, persons) <= target_tenths)


def largest_meeting(persons: npt.ArrayLike, target_tenths: int) -> IntArray:
    """Return the largest number of reoffenders among `persons` that still meets the target.

    >>> int(largest_meeting(1053, 462))
    487
    """
    n = _whole(persons, "persons", 1)
    return np.asarray(np.minimum((n * _half_up_limit(target_tenths) - 1) // 2000, n))


def p_target(forecast: Forecast, target_tenths: int) -> FloatArray:
    """Return P(published value <= target) for each area and step, shape ``(areas, H)``."""
    return forecast.cdf(largest_meeting(forecast.persons, target_tenths))


def fewer_fixed_denominator(reoffenders: int, persons: int, target_tenths: int) -> int:
    """Return how many fewer reoffenders meet the target if others are arrested in their place.

    >>> fewer_fixed_denominator(516, 1053, 462)
    29
    """
    return max(0, reoffenders - int(largest_meeting(persons, target_tenths)))


def fewer_prevented(reoffenders: int, persons: int, target_tenths: int) -> int:
    """Return how many prevented arrests of reoffenders meet the target.

    A prevented person is missing from the denominator too: the honest number for prevention.

    >>> fewer_prevented(516, 1053, 462)
    54
    """
    first_time = persons - reoffenders
    return max(0, reoffenders - int(_largest_beside(first_time, target_tenths)))


def fewer_by_first_time(
    reoffenders: int, first_time: npt.ArrayLike, target_tenths: int
) -> IntArray:
    """Return the prevented arrests of reoffenders needed for each number of first-time offenders.

    >>> fewer_by_first_time(516, [480, 537, 600, 650], 462)
    array([103,  54,   0,   0])
    """
    beside = _largest_beside(_whole(first_time, "first_time", 0), target_tenths)
    return np.asarray(np.maximum(0, reoffenders - beside))


def true_level_needed(persons: int, target_tenths: int, chance: npt.ArrayLike) -> FloatArray:
    """Return the true share at which the target is met with the given chance.

    P(K <= k | p) = chance, solved by the beta quantile (Clopper and Pearson 1934).

    >>> true_level_needed(1053, 462, [0.5, 0.8, 0.9]).round(4)
    array([0.463 , 0.4501, 0.4433])
    """
    k = int(largest_meeting(persons, target_tenths))
    return np.asarray(stats.beta.ppf(1.0 - np.asarray(chance, dtype=float), k + 1, persons - k))


@dataclass(frozen=True, eq=False)
class ScenarioGrid:
    """Counts in the target year for yearly changes of reoffenders (rows) and first-time (columns).

    Attributes
    ----------
    reoffender_change, first_time_change : ndarray
        Yearly relative changes, shapes ``(A,)`` and ``(B,)``.
    reoffenders, first_time : ndarray of int, shape (A, B)
        Counts after `years`, rounded half up.
    share : ndarray, shape (A, B)
    tenths : ndarray of int, shape (A, B)
        The published value.
    met : ndarray of bool, shape (A, B)
        Whether it meets the target.
    chance : ndarray, shape (A, B)
        P(target met) if `share` is the true level and the number of persons is as stated.
    """

    reoffender_change: FloatArray
    first_time_change: FloatArray
    reoffenders: IntArray
    first_time: IntArray
    share: FloatArray
    tenths: IntArray
    met: npt.NDArray[np.bool_]
    chance: FloatArray


def yearly_change(counts: npt.ArrayLike, years: int = 5) -> float:
    """Return the mean yearly relative change over the last `years` years (geometric).

    >>> round(yearly_change([800, 760, 722], years=2), 3)
    -0.05
    """
    series = np.asarray(counts, dtype=float)
    return float((series[-1] / series[-1 - years]) ** (1.0 / years) - 1.0)


def scenario_grid(
    reoffenders: int,
    first_time: int,
    years: int,
    target_tenths: int,
    reoffender_changes: Sequence[float],
    first_time_changes: Sequence[float],
) -> ScenarioGrid:
    """Return what the published share would be after `years` of steady yearly changes."""
    a, b = np.array(reoffender_changes, dtype=float), np.array(first_time_changes, dtype=float)
    shape = (a.size, b.size)
    r = np.broadcast_to(np.floor(reoffenders * (1 + a[:, None]) ** years + 0.5), shape)
    f = np.broadcast_to(np.floor(first_time * (1 + b) ** years + 0.5), shape)
    r, f = r.astype(np.int64), f.astype(np.int64)
    tenths = published_tenths(r, r + f)
    share = r / (r + f)
    chance = stats.binom.cdf(largest_meeting(r + f, target_tenths), r + f, share)
    return ScenarioGrid(a, b, r, f, share, tenths, tenths <= target_tenths, chance)


def largest_showing_fall(
    reoffenders: int, persons: int, later_persons: int, alpha: float = 0.05
) -> int:
    """Return the largest later count that the two-sided test calls a fall; -1 where none is.

    Difference of two shares with the pooled variance under no change (Fleiss, Levin and Paik 2003).

    >>> largest_showing_fall(1496, 3159, 3159)
    1418
    """
    counts = np.arange(later_persons + 1)
    shown = _score(reoffenders, persons, counts, later_persons) > stats.norm.ppf(1.0 - alpha / 2.0)
    return int(shown.sum()) - 1


def smallest_showing_rise(
    reoffenders: int, persons: int, later_persons: int, alpha: float = 0.05
) -> int:
    """Return the smallest later count that the two-sided test calls a rise."""
    mirrored = largest_showing_fall(persons - reoffenders, persons, later_persons, alpha)
    return later_persons - mirrored


def _score(k: int, n: int, later: IntArray, later_n: int) -> FloatArray:
    """z of the fall from k / n to each later count."""
    together = (k + later) / (n + later_n)
    sd = np.sqrt(together * (1.0 - together) * (1.0 / n + 1.0 / later_n))
    return np.asarray((k / n - later / later_n) / np.maximum(sd, 1e-300))


def posterior_levels(reoffenders: int, persons: int, nodes: int = 200) -> FloatArray:
    """Return equally likely true levels given the counts of a baseline (Jeffreys prior).

    Means over them integrate the level over its posterior: the midpoint rule in the probability.
    """
    middle = (np.arange(nodes) + 0.5) / nodes
    return np.asarray(stats.beta.ppf(middle, reoffenders + 0.5, persons - reoffenders + 0.5))


def detectable_fall(
    reoffenders: int, persons: int, later_persons: int, power: float = 0.8, alpha: float = 0.05
) -> float:
    """Return the smallest true fall that the comparison shows with the given power, a proportion.

    The baseline has been seen; its true level has not, and is integrated over its posterior.

    >>> round(detectable_fall(1496, 3159, 3159), 4)
    0.0351
    """
    most = largest_showing_fall(reoffenders, persons, later_persons, alpha)
    levels = posterior_levels(reoffenders, persons)

    def missing(fall: float) -> float:
        later = np.maximum(levels - fall, 0.0)
        return float(stats.binom.cdf(most, later_persons, later).mean()) - power

    return float(optimize.brentq(missing, 0.0, reoffenders / persons, xtol=1e-10))


def pooled_shares(
    reoffenders: npt.ArrayLike, persons: npt.ArrayLike, window: int = 3
) -> FloatArray:
    """Return shares pooled over `window` years, at the last year of each, shape ``(..., T)``.

    The first ``window - 1`` years, and windows with a missing year, are NaN.

    >>> pooled_shares([10, 20, 30, 40], [50, 50, 50, 100])
    array([ nan,  nan, 0.4 , 0.45])
    """
    k, n = np.asarray(reoffenders, dtype=float), np.asarray(persons, dtype=float)
    result = np.full(k.shape, np.nan)
    windows = np.lib.stride_tricks.sliding_window_view
    result[..., window - 1 :] = windows(k, window, -1).sum(-1) / windows(n, window, -1).sum(-1)
    return result


def power_table(
    share: float, falls: npt.ArrayLike, persons: npt.ArrayLike, alpha: float = 0.05
) -> FloatArray:
    """Return the chance that a two-sided test shows a true fall, shape ``(falls, persons)``.

    Two independent years (or pools of years) with the same number of persons; normal approximation
    with the pooled variance under the null (Fleiss, Levin and Paik 2003), from ``statsmodels``.

    Parameters
    ----------
    share : float
        True share before.
    falls : array_like, shape (A,)
        True falls as proportions (2.8 points is 0.028).
    persons : array_like, shape (B,)
        Persons arrested in each of the two years.
    """
    return np.array(
        [
            [
                power_proportions_2indep(fall, share - fall, n, alpha=alpha, return_results=False)
                for n in np.atleast_1d(persons)
            ]
            for fall in np.atleast_1d(falls)
        ]
    )


def _half_up_limit(target_tenths: int) -> int:
    """2000 k < n * limit is the same as "k of n publishes as at most the target"."""
    return 2 * target_tenths + 1


def _largest_beside(first_time: npt.ArrayLike, target_tenths: int) -> IntArray:
    """Largest number of reoffenders that meets the target beside this many first-time offenders."""
    limit = _half_up_limit(target_tenths)
    if limit >= 2000:
        raise ValueError("a target of 100 % is always met")
    return np.asarray((np.asarray(first_time, dtype=np.int64) * limit - 1) // (2000 - limit))


def _whole(values: npt.ArrayLike, name: str, least: int) -> IntArray:
    given = np.asarray(values)
    whole = given.astype(np.int64)
    if np.any(whole != given) or np.any(whole < least):
        raise ValueError(f"{name} must be whole numbers from {least} on")
    return whole
