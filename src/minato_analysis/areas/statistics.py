"""Statistics of all areas in one array call: checked counts in, a frozen dataclass of arrays out.

Only glue: every method is one of :mod:`minato_analysis.statistics`. Axes are ``A`` areas, ``T`` years, ``H``
years ahead.

What many areas have in common (the model of their shares, the adjustment for many comparisons) follows from
the shown areas alone: a value fitted on withheld counts too would give them away to whoever fits it again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from minato_analysis.areas.disclosure import Showable
from minato_analysis.areas.settings import YEARS_AHEAD, Settings
from minato_analysis.areas.table import Areas
from minato_analysis.statistics import pool
from minato_analysis.statistics.betabinomial import fit_betabinomial
from minato_analysis.statistics.comparison import (
    Comparison,
    compare_shares,
    compare_with_exact,
    equality_p_value,
)
from minato_analysis.statistics.projection import as_steps, logit_observations
from minato_analysis.statistics.shares import ShareInterval, clopper_pearson
from minato_analysis.statistics.shrinkage import shrink
from minato_analysis.statistics.target import p_target
from minato_analysis.statistics.threshold import latest_and_pooled
from minato_analysis.statistics.trends import cochran_armitage

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LEAST_PERSONS = 30
"""A share of fewer persons is not compared in words."""

MANY = 30
"""From so many areas on, their spread is estimated by maximum likelihood instead of full Bayes."""

CONFIDENCE = 0.95
"""Coverage of every interval that is not named otherwise."""

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
"""Probabilities of the projected quantiles."""


@dataclass(frozen=True, eq=False)
class Shrunk:
    """Shares drawn towards the overall one, and how far the true shares lie apart.

    Attributes
    ----------
    mean : ndarray, shape (A,)
        Posterior means; nan for areas that are not shown.
    low, high : ndarray, shape (A,)
        Ends of the 95 % posterior intervals; nan where the model finds no difference between the areas.
    spread : float
        Standard deviation of the true shares between areas, a proportion; nan where it is not estimated.
    """

    mean: FloatArray
    low: FloatArray
    high: FloatArray
    spread: float


@dataclass(frozen=True, eq=False)
class Ahead:
    """Projection up to the target year.

    Attributes
    ----------
    years : tuple of int, length H
    persons : ndarray of int, shape (A,)
        Persons assumed in every future year: those of the last year.
    quantiles : ndarray, shape (A, H, 5)
        Shares at :data:`LEVELS`.
    chance : ndarray, shape (A, 3), or None
        P(published value <= target) in the last of the years: of the pool, least and most of a member.
    """

    years: tuple[int, ...]
    persons: npt.NDArray[np.int64]
    quantiles: FloatArray
    chance: FloatArray | None

    def known(self, area: int) -> bool:
        """Tell whether there is a projection for the area at this place."""
        return bool(self.persons[area] >= LEAST_PERSONS)


@dataclass(frozen=True, eq=False)
class Slope:
    """Change of the share a year, a proportion, with 95 % limits; arrays of shape (A,)."""

    estimate: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, eq=False)
class Results:
    """Everything the pages say about the areas; shares are proportions.

    Attributes
    ----------
    yearly : ShareInterval, arrays (A, T)
    pooled : ShareInterval, arrays (A,)
        All years together. Both with exact limits.
    overall : float
        Share of all areas and years together.
    p_overall, q_overall : ndarray, shape (A,)
        Exact two-sided binomial p value of the pooled share against `overall`, and adjusted for the false
        discovery rate; nan for areas that are not compared or not shown.
    change : Comparison, arrays (A,)
        Last year minus first year, a proportion.
    p_change, q_change : ndarray, shape (A,)
        Likewise, of equal shares in the two years.
    trend : Slope
    p_trend, q_trend : ndarray, shape (A,)
        Likewise, of a linear trend over all years; nan where there are two years only.
    holds_below : ndarray, shape (A,)
        Largest comparator share against which "this area is higher" holds, all years together.
    shrunk : Shrunk
    ahead : Ahead
    """

    yearly: ShareInterval
    pooled: ShareInterval
    overall: float
    p_overall: FloatArray
    q_overall: FloatArray
    change: Comparison
    p_change: FloatArray
    q_change: FloatArray
    trend: Slope
    p_trend: FloatArray
    q_trend: FloatArray
    holds_below: FloatArray
    shrunk: Shrunk
    ahead: Ahead


def compute(areas: Areas, settings: Settings, shown: Showable) -> Results:
    """Compute all statistics of all areas.

    Parameters
    ----------
    areas : Areas
    settings : Settings
    shown : Showable
        Which areas may count in what is computed of several areas.

    Raises
    ------
    ValueError
        Nobody was arrested in any area.

    References
    ----------
    C. J. Clopper and E. S. Pearson (1934), Biometrika 26, 404-413 (exact limits).
    D. J. Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202 (against the overall share).
    Y. Benjamini and Y. Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.
    R. G. Newcombe (1998), Statistics in Medicine 17, 873-890 (change).
    """
    k, n, level = areas.reoffenders, areas.persons, CONFIDENCE
    k_all, n_all = k.sum(axis=1), n.sum(axis=1)
    if not n_all.any():
        raise ValueError("no area has a single person; there is no share to compute.")
    overall = float(k_all.sum() / n_all.sum())
    p_overall = compare_with_exact(k_all, n_all, overall, "clopper_pearson", level).p_value
    p_overall = np.where(shown.pooled & (n_all >= LEAST_PERSONS), p_overall, np.nan)
    first, last = (k[:, 0], n[:, 0]), (k[:, -1], n[:, -1])
    both = shown.yearly & (first[1] >= LEAST_PERSONS) & (last[1] >= LEAST_PERSONS)
    p_change = np.where(both, equality_p_value(*last, *first), np.nan)
    trending = shown.yearly & (n_all >= LEAST_PERSONS) & (n.shape[1] > 2)
    p_trend = np.where(trending, cochran_armitage(k, n).p, np.nan)
    return Results(
        yearly=clopper_pearson(k, n, level),
        pooled=clopper_pearson(k_all, n_all, level),
        overall=overall,
        p_overall=p_overall,
        q_overall=adjusted(p_overall),
        change=compare_shares(*last, *first, "difference", "newcombe", level),
        p_change=p_change,
        q_change=adjusted(p_change),
        trend=slope(k, n),
        p_trend=p_trend,
        q_trend=adjusted(p_trend),
        holds_below=latest_and_pooled(k, n, level, "clopper_pearson").pooled,
        shrunk=shrunk(k_all, n_all, shown.pooled),
        ahead=ahead(areas, settings),
    )


def slope(k: npt.NDArray[np.int64], n: npt.NDArray[np.int64]) -> Slope:
    """Return the change of the share a year: the line the test of Cochran and Armitage is about.

    The limits have that test's variance and leave 0 out where it rejects.

    Parameters
    ----------
    k, n : ndarray of int, shape (A, T)

    Examples
    --------
    >>> slope(np.array([[40, 45, 50]]), np.array([[100, 100, 100]])).estimate.round(3).tolist()
    [0.05]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        total = n.sum(axis=1, keepdims=True)
        years = (
            np.arange(n.shape[1]) - (n * np.arange(n.shape[1])).sum(axis=1, keepdims=True) / total
        )
        moment = (n * years**2).sum(axis=1)
        estimate = (k * years).sum(axis=1) / moment
        share = k.sum(axis=1) / total[:, 0]
        reach = stats.norm.ppf((1 + CONFIDENCE) / 2) * np.sqrt(share * (1 - share) / moment)
    return Slope(estimate, estimate - reach, estimate + reach)


def adjusted(p_values: FloatArray) -> FloatArray:
    """Return p values adjusted for the false discovery rate; nan stays nan and does not count.

    >>> adjusted(np.array([0.01, np.nan, 0.02, 0.9])).round(3).tolist()
    [0.03, nan, 0.03, 0.9]
    """
    found = np.full_like(p_values, np.nan)
    known = ~np.isnan(p_values)
    if known.any():
        found[known] = stats.false_discovery_control(p_values[known])
    return found


def shrunk(k: npt.NDArray[np.int64], n: npt.NDArray[np.int64], shown: BoolArray) -> Shrunk:
    """Return the shares drawn towards that of the shown areas, by a beta-binomial model of these.

    With many areas the two parameters of the model are known well, and their maximum likelihood
    estimates are taken as exact (empirical Bayes). With few they are not, and the maximum often lies
    at "all areas are the same": then all values of the parameters count (full Bayes).

    References
    ----------
    G. Casella (1985), The American Statistician 39, 83-87.
    """
    means, low, high = (np.full(n.shape, np.nan) for _ in range(3))
    k, n = k[shown], n[shown]
    some = n > 0
    if not some.any():
        return Shrunk(means, low, high, np.nan)
    if some.sum() < MANY:
        full, spread = shrink(k, n, CONFIDENCE), np.nan
        means[shown], low[shown], high[shown] = full.mean, full.low, full.high
    elif k.sum() in (0, n.sum()):
        means[shown], spread = k.sum() / n.sum(), 0.0
    else:
        fit = fit_betabinomial(k[some], n[some])
        mean, pull = float(fit.mean[0]), fit.theta
        # With a = m / theta: (a + k) / (a + b + n), written so that theta = 0 is no special case.
        means[shown] = (mean + pull * k) / (1 + pull * n)
        spread = float(np.sqrt(mean * (1 - mean) * fit.rho))
        if pull > 0:
            posterior = stats.beta(mean / pull + k, (1 - mean) / pull + n - k)
            low[shown], high[shown] = posterior.interval(CONFIDENCE)
    return Shrunk(means, low, high, spread)


def ahead(areas: Areas, settings: Settings) -> Ahead:
    """Project the areas up to the target year, persons as in the last year.

    By the pool of the members that need an area's own series only; the chance stands with that of the member
    that sees the smallest and the largest.

    Where these are fewer than :data:`LEAST_PERSONS` there is no projection: the values are nan.
    """
    last = areas.years[-1]
    end = settings.target_year or last + YEARS_AHEAD
    years = tuple(range(last + 1, end + 1))
    persons = areas.persons[:, -1]
    k, first_time = areas.reoffenders, areas.persons - areas.reoffenders
    known = persons >= LEAST_PERSONS
    quantiles = np.full((known.size, len(years), len(LEVELS)), np.nan)
    if not known.any():
        return Ahead(years, persons, quantiles, quantiles[:, -1, 0] if settings.target else None)
    z, v = logit_observations(k[known], first_time[known])
    each = pool.members(z[np.newaxis], v[np.newaxis], persons[known], as_steps(len(years)))
    forecast = pool.pooled(each)
    quantiles[known] = forecast.quantile(LEVELS) / persons[known, None, None]
    chance = None
    if settings.target_tenths is not None:
        tenths = settings.target_tenths
        rows, last_step = np.arange(known.sum()), [len(years) - 1]
        of_all, *of_members = (
            p_target(one.at(rows, last_step), tenths)[:, 0] for one in (forecast, *each.values())
        )
        chance = np.full((known.size, 3), np.nan)
        chance[known, 0] = of_all
        chance[known, 1:] = np.stack([np.min(of_members, 0), np.max(of_members, 0)], axis=1)
    return Ahead(years, persons, quantiles, chance)
