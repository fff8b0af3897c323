"""Projection of a reoffender share: the damped local trend, and the forecast object of all models.

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
from scipy import special

from minato_analysis.statistics.binomial_mixture import (
    FloatArray,
    IntArray,
    mixture_binomial_cdf,
    normal_guess,
)
from minato_analysis.statistics.logit_beta import chunks


@dataclass(frozen=True)
class TrendSettings:
    """Settings of the damped local trend, all on the logit scale.

    Attributes
    ----------
    phi : float
        Damping of the slope, each year.
    level_sd, slope_sd : float
        Standard deviations of the first level and the first slope, both around 0.
    sigma_nodes, sigma_max : int, float
        Grid of the yearly innovation sd: `sigma_nodes` points from 0 to `sigma_max`.
    sigma_scale : float
        Scale of the half-normal prior on that grid. The first node has half a cell and half weight.
    """

    phi: float = 0.9
    level_sd: float = 2.0
    slope_sd: float = 0.03
    sigma_nodes: int = 81
    sigma_max: float = 0.20
    sigma_scale: float = 0.05

    def sigma(self) -> FloatArray:
        """Return the grid of innovation standard deviations, shape ``(sigma_nodes,)``."""
        return np.linspace(0.0, self.sigma_max, self.sigma_nodes)

    def prior(self) -> FloatArray:
        """Return the prior weights of the grid, shape ``(sigma_nodes,)``, sum 1."""
        weights = np.exp(-0.5 * (self.sigma() / self.sigma_scale) ** 2)
        weights[0] /= 2.0
        return np.asarray(weights / weights.sum())


DEFAULT_SETTINGS = TrendSettings()


@dataclass(frozen=True, eq=False)
class Filtered:
    """State after the last year, for each area and innovation sd: arrays ``(areas, nodes)``.

    Attributes
    ----------
    level, slope : ndarray
        Filtered means.
    level_var, covariance, slope_var : ndarray
        Filtered variances and the covariance of level and slope.
    loglik : ndarray
        Log-likelihood of the observed years.
    """

    level: FloatArray
    slope: FloatArray
    level_var: FloatArray
    covariance: FloatArray
    slope_var: FloatArray
    loglik: FloatArray


@dataclass(frozen=True, eq=False)
class Forecast:
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
        while active.size:  # the exact function decides; the guess only saves steps
            here, aim = count[active], target[active]
            both = np.concatenate([here, here - 1.0])  # in one call they share their quadrature
            at, before = np.split(self._elements(both, np.tile(owner[active], 2)), 2)
            low = at < aim
            high = ~low & (before >= aim)
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


def kalman_filter(
    z: FloatArray, v: FloatArray, sigma: FloatArray, phi: float, level_sd: float, slope_sd: float
) -> Filtered:
    """Filter the damped local trend for all areas and innovation sds at once.

    theta[t+1] = theta[t] + phi b[t] + eta, b[t+1] = phi b[t], z[t] ~ N(theta[t], v[t]),
    eta ~ N(0, sigma^2). The prior holds in the first observed year of each area, so that years
    without data before it change nothing. With ``slope_sd=0`` this is the local level model.

    Parameters
    ----------
    z, v : ndarray, shape (areas, T)
        Observations and their variances; NaN years are skipped.
    sigma : ndarray, shape (nodes,)
    phi, level_sd, slope_sd : float
        See :class:`TrendSettings`.

    References
    ----------
    Durbin and Koopman (2012), Time Series Analysis by State Space Methods, ch. 4; Gardner and
    McKenzie (1985), Forecasting trends in time series, for the damped slope.
    """
    shape = (z.shape[0], sigma.size)
    level, slope, covariance, loglik = (np.zeros(shape) for _ in range(4))
    level_var, slope_var = np.full(shape, level_sd**2), np.full(shape, slope_sd**2)
    seen = np.zeros((z.shape[0], 1), dtype=bool)
    for t in range(z.shape[1]):
        moved = level_var + 2 * phi * covariance + phi**2 * slope_var + sigma**2
        level = np.where(seen, level + phi * slope, level)
        slope = np.where(seen, phi * slope, slope)
        level_var = np.where(seen, moved, level_var)
        covariance = np.where(seen, phi * covariance + phi**2 * slope_var, covariance)
        slope_var = np.where(seen, phi**2 * slope_var, slope_var)
        observed = ~np.isnan(z[:, t, None])
        noise = v[:, t, None]
        total = level_var + noise
        error = z[:, t, None] - level
        gain = covariance / total
        loglik = loglik + np.where(
            observed, -0.5 * (np.log(2 * np.pi * total) + error**2 / total), 0.0
        )
        level = np.where(observed, level + level_var / total * error, level)
        slope = np.where(observed, slope + gain * error, slope)
        slope_var = np.where(observed, slope_var - gain * covariance, slope_var)
        covariance = np.where(observed, covariance * noise / total, covariance)
        level_var = np.where(observed, level_var * noise / total, level_var)
        seen |= observed
    return Filtered(level, slope, level_var, covariance, slope_var, loglik)


def project_logits(
    z: FloatArray, v: FloatArray, steps: IntArray, settings: TrendSettings
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return weights, means and variances ``(areas, H, nodes)`` of the future logit."""
    sigma = settings.sigma()
    end = kalman_filter(z, v, sigma, settings.phi, settings.level_sd, settings.slope_sd)
    posterior = settings.prior() * np.exp(end.loglik - end.loglik.max(-1, keepdims=True))
    posterior /= posterior.sum(-1, keepdims=True)
    # level after h years: theta + (phi + ... + phi^h) b
    reach = np.array([(settings.phi ** np.arange(1, h + 1)).sum() for h in steps])[:, None]
    means = end.level[:, None] + reach * end.slope[:, None]
    variances = (
        end.level_var[:, None]
        + 2 * reach * end.covariance[:, None]
        + reach**2 * end.slope_var[:, None]
        + steps[:, None] * sigma**2
    )
    weights = np.repeat(posterior[:, None], steps.size, axis=1)
    return weights, means, variances


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
    array([[0.454, 0.454]])
    >>> forecast.quantile([0.025, 0.5, 0.975])[0, 1]
    array([22, 32, 42])
    """
    z, v = logit_observations(reoffenders, first_time)
    require_years(z, 1)
    steps = as_steps(horizon)
    return Forecast(
        "damped_trend",
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
