"""Projection of a reoffender share: local trends in one or more levels, and the forecast of all models.

In: yearly counts of reoffenders and first-time offenders among persons arrested, shape
``(areas, T)`` over contiguous calendar years (NaN or nobody arrested: the year is skipped), and the
persons expected to be arrested in each future year. Out: a :class:`Forecast`, which holds for every
area and future year a mixture of normal distributions of the logit, and turns it into the
distribution of the count that will be published: P(K <= k), quantiles, mean, probability function.
No draws, no seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from minato_analysis.statistics.binomial_mixture import (
    FloatArray,
    IntArray,
    mixture_binomial_cdf,
    normal_guess,
    reaches,
)
from minato_analysis.statistics.logit_beta import chunks
from minato_analysis.statistics.result import Result

_NEGLIGIBLE = 1e-10
"""Weight below which a component of a mixture changes nothing that is printed."""

_EDGE = 1e-9
"""Of a cell: a value so close below the next one belongs there. On a regular grid values stand on edges, and
processors differ in the last digit of a logarithm."""

ROUNDING_SD = 0.001 / np.sqrt(12.0)
"""Standard deviation of what rounding a percentage to one decimal takes away, as a proportion."""


@dataclass(frozen=True)
class TrendSettings:
    """Settings of the local trend, all on the logit scale.

    Attributes
    ----------
    phi : float
        Damping of the slope, each year.
    level_sd, slope_sd : float
        Standard deviations of a first level, around 0, and of the stationary slope.
    sigma_nodes, sigma_max : int, float
        Grid of the yearly innovation sd: `sigma_nodes` points from 0 to `sigma_max`.
    sigma_scale : float
        Scale of the half-normal prior on that grid. The first node has half a cell and half weight.
    deviation_scale, deviation_nodes : float, int
        The same for the yearly innovation sd of a region's distance from the one above it; the grid ends
        at four times the scale. Twice as many points change a probability by less than 1e-4.
    """

    phi: float = 0.9
    level_sd: float = 2.0
    slope_sd: float = 0.03
    sigma_nodes: int = 81
    sigma_max: float = 0.20
    sigma_scale: float = 0.05
    deviation_scale: float = 0.03
    deviation_nodes: int = 17

    def sigma(self) -> FloatArray:
        """Return the grid of innovation standard deviations, shape ``(sigma_nodes,)``."""
        return np.linspace(0.0, self.sigma_max, self.sigma_nodes)

    def prior(self) -> FloatArray:
        """Return the prior weights of the grid, shape ``(sigma_nodes,)``, sum 1."""
        return _half_normal(self.sigma(), self.sigma_scale)

    def grid(self, levels: int) -> tuple[FloatArray, FloatArray]:
        """Return innovation sds ``(levels, nodes)`` and the prior weights of the nodes."""
        walks = np.linspace(0.0, 4.0 * self.deviation_scale, self.deviation_nodes)
        sigma = np.meshgrid(self.sigma(), *[walks] * (levels - 1), indexing="ij")
        weights = [self.prior(), *[_half_normal(walks, self.deviation_scale)] * (levels - 1)]
        prior = np.prod(np.meshgrid(*weights, indexing="ij"), axis=0)
        return np.stack([one.ravel() for one in sigma]), prior.ravel()


def _half_normal(grid: FloatArray, scale: float) -> FloatArray:
    weights = np.exp(-0.5 * (grid / scale) ** 2)
    weights[0] /= 2.0
    return np.asarray(weights / weights.sum())


DEFAULT_SETTINGS = TrendSettings()


@dataclass(frozen=True, eq=False)
class Forecast(Result):
    """Predictive distributions of future counts of reoffenders.

    The logit of the true share in area i and step h is a mixture of normals; the count is binomial.

    Attributes
    ----------
    model : str
        Name of the model.
    steps : ndarray of int, shape (areas, H)
        Years after the end of the series.
    persons : ndarray of int, shape (areas, H)
        Persons arrested in the future year.
    weights, means, variances : ndarray, shape (areas, H, J)
        The mixture on the logit scale; weights sum to 1 over the last axis.
    """

    model: str
    steps: IntArray
    persons: IntArray
    weights: FloatArray
    means: FloatArray
    variances: FloatArray

    def at(self, areas: npt.ArrayLike, steps: npt.ArrayLike) -> Forecast:
        """Return chosen pairs of area and step index as a forecast of shape ``(pairs, 1)``."""
        pick = np.asarray(areas), np.asarray(steps)
        return Forecast(
            self.model,
            self.steps[pick][:, None],
            self.persons[pick][:, None],
            self.weights[pick][:, None],
            self.means[pick][:, None],
            self.variances[pick][:, None],
        )

    def to_frame(self) -> pd.DataFrame:
        """Return what will be published of the first area, in percent, one row a future year.

        Columns: ``mean``, ``median`` and the ends of the central 80 % and 95 % intervals.
        """
        numbers = {"mean": self.mean(), "median": self.median()}
        for level in (80, 95):
            low, high = self.interval(level / 100)
            numbers |= {f"low{level}": low, f"high{level}": high}
        columns = {name: 100 * one[0] for name, one in numbers.items()}
        return pd.DataFrame(columns, index=pd.Index(self.steps[0], name="step"))

    def merged(self, cells: int = 24) -> Forecast:
        """Return the forecast with neighbouring components merged, mean and variance kept.

        Components fall into `cells` by `cells` classes of mean and log variance; so many are left as they
        are. With 24 a probability
        changes by less than 1e-4, with 8 by less than 1e-3.
        """
        if self.weights.shape[-1] <= cells**2:
            return self
        counts = (self.weights > _NEGLIGIBLE).any((0, 1))
        w, m, v = (one[..., counts] for one in (self.weights, self.means, self.variances))
        column = _class(m, w, cells) * cells + _class(np.log(v), w, cells)
        shape = (*w.shape[:2], cells * cells)
        place = column + np.arange(w.shape[0] * w.shape[1]).reshape(*w.shape[:2], 1) * shape[-1]

        def total(values: FloatArray) -> FloatArray:
            return np.bincount(place.ravel(), values.ravel(), np.prod(shape)).reshape(shape)

        weights = total(w)
        parts = np.maximum(weights, 1e-300)
        means = total(w * m) / parts
        variances = np.maximum(total(w * (v + m**2)) / parts - means**2, v.min())
        used = (weights > 0).any((0, 1))
        weights = weights / weights.sum(-1, keepdims=True)
        return Forecast(
            self.model,
            self.steps,
            self.persons,
            *(one[..., used] for one in (weights, means, variances)),
        )

    def cdf(self, counts: npt.ArrayLike) -> FloatArray:
        """Return P(K <= counts).

        Parameters
        ----------
        counts : array_like, shape (), (areas, H) or (areas, H, M)
            Numbers of reoffenders; a fraction is rounded down.

        Returns
        -------
        ndarray, shape (areas, H) or (areas, H, M)
        """
        floor = np.floor(np.asarray(counts, dtype=float))
        if floor.ndim < 3:
            return self._cdf(np.broadcast_to(floor, self.persons.shape)[..., None])[..., 0]
        return self._cdf(np.broadcast_to(floor, (*self.persons.shape, floor.shape[-1])))

    def smooth_cdf(self, shares: FloatArray) -> FloatArray:
        """Return a smooth curve through the steps of the distribution of the share K / n.

        At share (k + 1/2) / n it equals P(K <= k). Shape of `shares` and result: (areas, H, M).
        """
        return self._cdf(shares * self.persons[..., None] - 0.5)

    def quantile(self, probability: npt.ArrayLike) -> IntArray:
        """Return the smallest count k with P(K <= k) >= probability.

        Parameters
        ----------
        probability : float or array_like, shape (M,)
            Strictly between 0 and 1.

        Returns
        -------
        ndarray of int, shape (areas, H) or (areas, H, M)
        """
        wanted = np.asarray(probability, dtype=float)
        if not np.all((wanted > 0) & (wanted < 1)):
            raise ValueError("probabilities must lie strictly between 0 and 1")
        levels = np.atleast_1d(wanted)
        shape = (*self.persons.shape, levels.size)
        target = np.broadcast_to(levels, shape).ravel()
        owner = np.repeat(np.arange(self.persons.size), levels.size)
        persons = self.persons.ravel()[owner].astype(float)
        count = normal_guess(target, persons, owner, *self._flat())
        active = np.arange(count.size)
        while active.size:  # the guess only saves steps
            here = count[active]
            both = np.concatenate([here, here - 1.0])  # in one call they share their quadrature
            at, before = np.split(
                reaches(
                    both,
                    np.tile(persons[active], 2),
                    np.tile(owner[active], 2),
                    np.tile(target[active], 2),
                    self._flat(),
                ),
                2,
            )
            low = ~at
            high = at & before
            count[active] += low.astype(float) - high
            active = active[low | high]
        found = count.astype(np.int64).reshape(shape)
        return found if wanted.ndim else found[..., 0]

    def mean(self) -> FloatArray:
        """Return the expected share, shape ``(areas, H)``, by Gauss-Hermite quadrature."""
        nodes, heights = special.roots_hermitenorm(40)
        heights = heights / heights.sum()
        weights, means, variances = self._flat()
        result = np.empty(self.persons.size)
        for part in chunks(result.size, weights.shape[-1] * nodes.size):
            logits = means[part][..., None] + np.sqrt(variances[part])[..., None] * nodes
            inner = (special.expit(logits) * heights).sum(-1)
            result[part] = (weights[part] * inner).sum(-1)
        return result.reshape(self.persons.shape)

    def median(self) -> FloatArray:
        """Return the median share, shape ``(areas, H)``."""
        return np.asarray(self.quantile(0.5) / self.persons)

    def interval(self, level: float) -> tuple[FloatArray, FloatArray]:
        """Return the central interval of the share at `level`, two arrays ``(areas, H)``."""
        tail = (1.0 - level) / 2.0
        bounds = self.quantile([tail, 1.0 - tail]) / self.persons[..., None]
        return bounds[..., 0], bounds[..., 1]

    def pmf(self, area: int, step: int) -> FloatArray:
        """Return P(K = k) for k = 0 ... n of one area and step index, shape ``(n + 1,)``."""
        one = self.at([area], [step])
        counts = np.arange(one.persons[0, 0] + 1, dtype=float)
        return np.asarray(np.maximum(np.diff(one.cdf(counts[None, None])[0, 0], prepend=0.0), 0.0))

    def _flat(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        shape = (-1, self.weights.shape[-1])
        return self.weights.reshape(shape), self.means.reshape(shape), self.variances.reshape(shape)

    def _cdf(self, counts: FloatArray) -> FloatArray:
        owner = np.repeat(np.arange(self.persons.size), counts.shape[-1])
        return self._elements(counts.ravel(), owner).reshape(counts.shape)

    def _elements(self, counts: FloatArray, owner: IntArray) -> FloatArray:
        persons = self.persons.ravel()[owner].astype(float)
        return mixture_binomial_cdf(counts, persons, owner, *self._flat())


def _class(values: FloatArray, weights: FloatArray, cells: int) -> IntArray:
    """Number of the cell of each value, between the smallest and the largest that count."""
    counts = weights > _NEGLIGIBLE
    low = np.where(counts, values, np.inf).min(-1, keepdims=True)
    high = np.where(counts, values, -np.inf).max(-1, keepdims=True)
    at = np.floor(cells * (values - low) / np.maximum(high - low, 1e-300) + _EDGE)
    return np.clip(at, 0, cells - 1).astype(np.int64)


def logit_observations(
    reoffenders: npt.ArrayLike, first_time: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return empirical logits and their sampling variances.

    z = ln((R + 1/2) / (F + 1/2)), variance 1/(R + 1/2) + 1/(F + 1/2): the empirical logistic
    transform (Haldane 1955; Cox 1970). The halves keep both finite for zero counts.

    Parameters
    ----------
    reoffenders, first_time : array_like, shape (T,) or (areas, T)
        Counts; NaN where a year is missing.

    Returns
    -------
    z, v : ndarray, shape (areas, T)
        NaN where a year is missing or nobody was arrested.

    Raises
    ------
    ValueError
        Shapes differ, a count is negative or infinite, or only one of the two counts is missing.
    """
    r = np.atleast_2d(np.array(reoffenders, dtype=float))
    f = np.atleast_2d(np.array(first_time, dtype=float))
    if r.shape != f.shape or r.ndim != 2 or r.shape[1] == 0:
        raise ValueError(f"reoffenders {r.shape} and first_time {f.shape} must be (areas, T) alike")
    if np.any(np.isnan(r) != np.isnan(f)):
        raise ValueError("a year is missing in only one of reoffenders and first_time")
    if np.any((r < 0) | (f < 0) | np.isinf(r) | np.isinf(f)):
        raise ValueError("counts must be finite and not negative")
    known = r + f > 0
    z = np.where(known, np.log((r + 0.5) / (f + 0.5)), np.nan)
    v = np.where(known, 1.0 / (r + 0.5) + 1.0 / (f + 0.5), np.nan)
    return z, v


def rounded_observations(
    share: npt.ArrayLike, persons: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return logits and variances of years of which only a share with one decimal is printed.

    The variance of the rounding, (0.1 / sqrt 12 points)^2 on the logit (Sheppard 1898), is added to that
    of :func:`logit_observations`.

    Parameters
    ----------
    share : array_like, shape (T,)
        Percent as printed.
    persons : array_like, shape (T,)

    Examples
    --------
    >>> rounded_observations([48.7], [1000])[1].round(6)
    array([[0.004]])
    """
    p, n = np.asarray(share, dtype=float) / 100.0, np.asarray(persons, dtype=float)
    z, v = logit_observations(p * n, (1.0 - p) * n)
    return z, v + (ROUNDING_SD / (p * (1.0 - p))) ** 2


def project_logits(
    z: FloatArray, v: FloatArray, steps: IntArray, settings: TrendSettings = DEFAULT_SETTINGS
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return weights, means and variances ``(areas, H, nodes)`` of the logit of the last level.

    The first level follows theta[t+1] = theta[t] + phi b[t] + eta, b[t+1] = phi b[t] + zeta with a
    stationary slope: sd of zeta slope_sd * sqrt(1 - phi^2), sd of b always slope_sd, so that the model is
    the same whatever the first year. With ``slope_sd=0`` this is the local level model. Each further level
    is the one above it plus a random walk. One Kalman filter runs over all areas and all nodes of the grid
    of innovation sds at once; a missing year is skipped, never filled.

    Parameters
    ----------
    z, v : ndarray, shape (areas, T) or (levels, areas, T)
        Observations and their variances, the largest region first; NaN: not observed. The last level is
        projected. The prior of a level holds in its first observed year, so that years without data
        before it change nothing.
    steps : ndarray of int, shape (H,)
        Years after the end of the axis. A step of 0 or below is filtered: only the years up to it are used.

    References
    ----------
    Durbin and Koopman (2012), Time Series Analysis by State Space Methods, ch. 4; Gardner and
    McKenzie (1985), Forecasting trends in time series, for the damped slope.
    """
    if z.ndim == 2:
        z, v = z[None], v[None]
    sigma, prior = settings.grid(z.shape[0])
    wanted = z.shape[2] - 1 + steps
    chain = _Filter(z.shape[:2], sigma, settings)
    found = {}
    for t in range(int(wanted.max()) + 1):
        chain.move()
        if t < z.shape[2]:
            chain.observe(z[:, :, t], v[:, :, t])
        if t in wanted:
            found[t] = chain.now(prior)
    weights, means, variances = (
        np.stack(one, axis=1) for one in zip(*(found[t] for t in wanted.tolist()), strict=True)
    )
    return weights, means, variances


class _Filter:
    """Mean ``(states, areas, nodes)`` and covariance of first level, slope and deviations."""

    def __init__(self, shape: tuple[int, ...], sigma: FloatArray, settings: TrendSettings) -> None:
        levels, areas = shape
        self._phi, self._slope = settings.phi, settings.slope_sd**2 * (1.0 - settings.phi**2)
        self._moves = sigma**2
        self._seen = np.zeros((levels, areas, 1))
        # level, deviations, and last the slope where there is one
        states = levels + (settings.slope_sd > 0)
        self._mean = np.zeros((states, areas, sigma.shape[1]))
        self._cov = np.zeros((states, *self._mean.shape))
        for i in range(states):
            self._cov[i, i] = settings.level_sd**2 if i < levels else settings.slope_sd**2
        self.loglik = np.zeros(self._mean.shape[1:])

    def move(self) -> None:
        """Go on by a year; what has not been seen yet stays as it is."""
        mean, cov, levels = self._mean, self._cov, self._seen.shape[0]
        if mean.shape[0] > levels:
            carry = self._phi * self._seen.max(0)
            mean[0] += carry * mean[-1]
            cov[0] += carry * cov[-1]
            cov[:, 0] += carry * cov[:, -1]
            mean[-1] *= self._phi
            cov[-1] *= self._phi
            cov[:, -1] *= self._phi
            cov[-1, -1] += self._slope
        cov[0, 0] += self._seen.max(0) * self._moves[0]
        for i in range(1, levels):
            cov[i, i] += self._seen[i] * self._moves[i]

    def observe(self, z: FloatArray, v: FloatArray) -> None:
        """Learn from one year: observations and variances, shape (levels, areas)."""
        for level in range(z.shape[0]):
            known = ~np.isnan(z[level])[:, None]
            if not known.any():
                continue
            reach = self._cov[:, : level + 1].sum(1)
            total = reach[: level + 1].sum(0) + v[level][:, None]
            error = z[level][:, None] - self._mean[: level + 1].sum(0)
            gain = np.where(known, reach / total, 0.0)
            self.loglik += np.where(
                known, -0.5 * (np.log(2.0 * np.pi * total) + error**2 / total), 0.0
            )
            self._mean += gain * np.where(known, error, 0.0)
            self._cov -= gain[:, None] * reach
            self._seen[level] = np.maximum(self._seen[level], known)

    def now(self, prior: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return posterior weights of the nodes, mean and variance of the last level."""
        weights = prior * np.exp(self.loglik - self.loglik.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        levels = self._seen.shape[0]
        return weights, self._mean[:levels].sum(0), self._cov[:levels, :levels].sum((0, 1))


def damped_trend(
    reoffenders: npt.ArrayLike,
    first_time: npt.ArrayLike,
    future_persons: npt.ArrayLike,
    horizon: int | Sequence[int],
    settings: TrendSettings = DEFAULT_SETTINGS,
) -> Forecast:
    """Project the share of reoffenders with a damped local trend on the logit.

    Parameters
    ----------
    reoffenders, first_time : array_like, shape (T,) or (areas, T)
        Counts in contiguous calendar years; NaN where a year is missing.
    future_persons : array_like, shape (), (areas,) or (areas, H)
        Persons arrested in the future years.
    horizon : int or sequence of int
        Number of years ahead, or the steps themselves (0 is the last year of the series).
    settings : TrendSettings, optional

    Returns
    -------
    Forecast
        One mixture component for each innovation sd, weighted by prior times likelihood.

    Raises
    ------
    ValueError
        Malformed counts, an area without any observed year, or future persons below 1.

    Examples
    --------
    >>> forecast = damped_trend([30, 34, 31, 36], [40, 41, 39, 40], future_persons=70, horizon=2)
    >>> forecast.mean().round(3)
    array([[0.454, 0.455]])
    >>> forecast.quantile([0.025, 0.5, 0.975])[0, 1]
    array([22, 32, 42])
    """
    z, v = logit_observations(reoffenders, first_time)
    require_years(z, 1)
    steps = as_steps(horizon)
    return Forecast(
        "damped",
        *future(future_persons, z.shape[0], steps),
        *project_logits(z, v, steps, settings),
    )


def as_steps(horizon: int | Sequence[int]) -> IntArray:
    """Return the steps ahead as an array: ``3`` means 1, 2, 3."""
    steps = np.arange(1, horizon + 1) if isinstance(horizon, int) else np.array(list(horizon))
    if steps.ndim != 1 or steps.size == 0 or steps.dtype.kind != "i" or steps.min() < 0:
        raise ValueError(f"horizon {horizon!r}: whole numbers of years, not negative, are needed")
    return steps.astype(np.int64)


def future(persons: npt.ArrayLike, areas: int, steps: IntArray) -> tuple[IntArray, IntArray]:
    """Return steps and future persons, both of shape ``(areas, H)``."""
    given = np.asarray(persons)
    if given.ndim == 1:
        given = given[:, None]
    if np.any(given < 1) or np.any(given != np.floor(given)):
        raise ValueError("future persons must be whole numbers from 1 on")
    shape = (areas, steps.size)
    return np.broadcast_to(steps, shape), np.broadcast_to(given.astype(np.int64), shape)


def require_years(z: FloatArray, needed: int) -> None:
    """Raise ValueError when an area has fewer than `needed` observed years."""
    short = np.flatnonzero((~np.isnan(z)).sum(axis=1) < needed)
    if short.size:
        rows = short[:10].tolist()
        raise ValueError(f"{needed} observed year(s) needed; too few in area(s) {rows}")
