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
from scipy import signal, stats
from statsmodels.stats.proportion import power_proportions_2indep

from minato_analysis.statistics.binomial_mixture import FloatArray, IntArray
from minato_analysis.statistics.projection import (
    DEFAULT_SETTINGS,
    Forecast,
    TrendSettings,
    damped_trend,
)

ON_TRACK, OFF_TRACK = 10.0, 0.1
"""Likelihood ratios from which evidence counts as strong (Royall 1997 uses 8 to 32)."""

_LLR_STEP = 0.005


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


def straight_path(start: float, target: float, years: int) -> FloatArray:
    """Return the shares of years 1 ... `years` on the straight line from `start` to `target`.

    >>> straight_path(0.49, 0.46, 3)
    array([0.48, 0.47, 0.46])
    """
    return np.asarray(start + (target - start) * np.arange(1, years + 1) / years)


def log_likelihood_ratio(
    reoffenders: npt.ArrayLike, persons: npt.ArrayLike, path: FloatArray, flat: float
) -> FloatArray:
    """Return the cumulated binomial log-likelihood ratio of `path` against `flat`, year by year."""
    k, n = np.asarray(reoffenders, dtype=float), np.asarray(persons, dtype=float)
    along = path[: k.size]
    terms = k * np.log(along / flat) + (n - k) * np.log((1 - along) / (1 - flat))
    return np.asarray(np.cumsum(terms))


def verdict(log_ratio: float) -> str:
    """Return ``on_track``, ``off_track`` or ``cannot_tell`` for one log-likelihood ratio."""
    if log_ratio > np.log(ON_TRACK):
        return "on_track"
    return "off_track" if log_ratio < np.log(OFF_TRACK) else "cannot_tell"


@dataclass(frozen=True)
class YearlyCheck:
    """What one new year says.

    Attributes
    ----------
    year_index : int
        0 is the first year after the base series.
    reoffenders, persons : int
    low, high : float
        One-step 95 % band of the share, made before the year was known.
    alarm : bool
        The year lies outside the band. Nothing else is an alarm.
    log_ratio : float
        Straight path to the target against flat, cumulated.
    verdict : str
    p_target : float
        P(target met in the last year of the path), with this year known.
    """

    year_index: int
    reoffenders: int
    persons: int
    low: float
    high: float
    alarm: bool
    log_ratio: float
    verdict: str
    p_target: float


def monitor(
    base: tuple[npt.ArrayLike, npt.ArrayLike],
    new: tuple[npt.ArrayLike, npt.ArrayLike],
    years: int,
    target_tenths: int,
    final_persons: int,
    settings: TrendSettings = DEFAULT_SETTINGS,
) -> tuple[YearlyCheck, ...]:
    """Check each new year against the path to the target, flat, and the one-step band.

    Parameters
    ----------
    base, new : pair of array_like
        Reoffenders and first-time offenders of one area: the series the target was set on, shape
        (T,), its last year observed, and the years since, shape (M,), M <= `years`.
    years : int
        Years from the end of `base` to the target.
    target_tenths : int
    final_persons : int
        Persons arrested in the target year.
    """
    r0, f0, r1, f1 = (np.asarray(part, dtype=float).ravel() for part in (*base, *new))
    if r1.size > years or r1.size != f1.size:
        raise ValueError(f"{r1.size} and {f1.size} new years do not fit a path of {years}")
    start = float(r0[-1] / (r0[-1] + f0[-1]))
    path = straight_path(start, target_tenths / 1000, years)
    ratios = log_likelihood_ratio(r1, r1 + f1, path, start)
    checks = []
    for i in range(r1.size):
        count, persons = int(r1[i]), int(r1[i] + f1[i])
        before = np.append(r0, r1[:i]), np.append(f0, f1[:i])
        low, high = damped_trend(*before, persons, 1, settings).interval(0.95)
        left = years - i - 1
        if left:
            after = np.append(r0, r1[: i + 1]), np.append(f0, f1[: i + 1])
            chance = p_target(damped_trend(*after, final_persons, [left], settings), target_tenths)
        else:
            chance = meets_target(count, persons, target_tenths).astype(float).reshape(1, 1)
        checks.append(
            YearlyCheck(
                year_index=i,
                reoffenders=count,
                persons=persons,
                low=float(low[0, 0]),
                high=float(high[0, 0]),
                alarm=not low[0, 0] <= count / persons <= high[0, 0],
                log_ratio=float(ratios[i]),
                verdict=verdict(float(ratios[i])),
                p_target=float(chance[0, 0]),
            )
        )
    return tuple(checks)


@dataclass(frozen=True, eq=False)
class OperatingCharacteristics:
    """Chance of each verdict after 1, 2, ... years: arrays ``(years,)`` that sum to 1."""

    on_track: FloatArray
    off_track: FloatArray
    cannot_tell: FloatArray


def operating_characteristics(
    truth: FloatArray, persons: npt.ArrayLike, path: FloatArray, flat: float
) -> OperatingCharacteristics:
    """Return how often the likelihood ratio says what, if `truth` are the true yearly shares.

    The binomial distributions of the yearly terms are convolved on a grid of 0.005; each mass is
    split between its two neighbours so that its mean is kept.

    Parameters
    ----------
    truth, path : ndarray, shape (years,)
        True shares and the shares of the straight path.
    persons : array_like, shape () or (years,)
    flat : float
    """
    n = np.broadcast_to(_whole(persons, "persons", 1), path.shape)
    total, origin = np.ones(1), 0
    on, off = np.empty(path.size), np.empty(path.size)
    for i in range(path.size):
        counts = np.arange(n[i] + 1)
        chance = stats.binom.pmf(counts, n[i], truth[i])
        likely = chance > 1e-14
        towards, away = np.log(path[i] / flat), np.log((1 - path[i]) / (1 - flat))
        place = (counts * towards + (n[i] - counts) * away)[likely] / _LLR_STEP
        cell = np.floor(place).astype(np.int64)
        first, part = int(cell.min()), place - cell
        masses = np.bincount(
            np.append(cell, cell + 1) - first,
            np.append(chance[likely] * (1 - part), chance[likely] * part),
        )
        total, origin = signal.convolve(total, masses), origin + first
        ratio = (origin + np.arange(total.size)) * _LLR_STEP
        on[i] = total[ratio > np.log(ON_TRACK)].sum()
        off[i] = total[ratio < np.log(OFF_TRACK)].sum()
    return OperatingCharacteristics(on, off, 1.0 - on - off)


def alarm_probability(forecast: Forecast, truth: npt.ArrayLike) -> FloatArray:
    """Return the chance that the count falls outside the 95 % band, for each true share.

    Parameters
    ----------
    forecast : Forecast
        Shape (areas, H).
    truth : array_like
        Broadcast against (areas, H).
    """
    bounds = forecast.quantile([0.025, 0.975])
    share = np.asarray(truth, dtype=float)
    below = stats.binom.cdf(bounds[..., 0] - 1, forecast.persons, share)
    return np.asarray(below + stats.binom.sf(bounds[..., 1], forecast.persons, share))


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
