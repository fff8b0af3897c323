"""Scores of probabilistic forecasts: CRPS, weighted interval score, coverage.

In: forecasts (a distribution function, a probability function, bounds, or a
:class:`~minato_analysis.statistics.projection.Forecast`) and what was observed. Out: arrays of
scores, lower is better. Scores of a :class:`Forecast` are in units of the share: 0.01 is one point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from minato_analysis.statistics.binomial_mixture import FloatArray
from minato_analysis.statistics.logit_beta import chunks
from minato_analysis.statistics.projection import Forecast
from minato_analysis.statistics.result import Result

_CELLS = 8  # classes in which the components are merged where thousands of forecasts are scored
_SMALL = 128  # up to so many persons the CRPS is the plain sum over all counts


@dataclass(frozen=True, eq=False)
class Scores(Result):
    """Scores of forecasts, arrays of one shape.

    Attributes
    ----------
    crps, wis : ndarray
        Continuous ranked probability score; weighted interval score from the median and the 80 %
        and 95 % intervals.
    inside80, inside95 : ndarray of bool
        Whether the interval contains the observed value.
    pit : ndarray
        Probability integral transform, for counts the middle of its step (Czado et al. 2009).
    """

    crps: FloatArray
    wis: FloatArray
    inside80: npt.NDArray[np.bool_]
    inside95: npt.NDArray[np.bool_]
    pit: FloatArray


def crps_cdf(
    cdf: Callable[[FloatArray], FloatArray],
    observed: npt.ArrayLike,
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    points: int = 32,
) -> FloatArray:
    """Return the CRPS of a smooth distribution function, by Gauss-Legendre quadrature.

    The integral of (F(y) - 1{y >= observed})^2, each side of the observation by itself (Matheson
    and Winkler 1976; Gneiting and Raftery 2007).

    Parameters
    ----------
    cdf : callable
        Takes and returns arrays of shape ``(..., points)``.
    observed, lower, upper : array_like, shape (...)
        F is taken as 0 below `lower` and 1 above `upper`.

    Examples
    --------
    >>> crps_cdf(special.ndtr, [0.0], -10.0, 10.0).round(12)
    array([0.23369498])
    """
    x, height = special.roots_legendre(points)
    y = np.asarray(observed, dtype=float)
    bottom, top = np.minimum(lower, y), np.maximum(upper, y)

    def side(start: FloatArray, end: FloatArray, jump: float) -> FloatArray:
        half = ((end - start) / 2.0)[..., None]
        values = cdf((start + end)[..., None] / 2.0 + half * x) - jump
        return np.asarray((values**2 * height * half).sum(-1))

    return side(bottom, y, 0.0) + side(y, top, 1.0)


def crps_discrete(pmf: FloatArray, observed: int) -> float:
    """Return the CRPS of a distribution on 0, 1, 2, ... in units of the count.

    >>> round(crps_discrete(np.array([0, 1, 1, 1]) / 3, 2), 12)
    0.222222222222
    """
    below = np.cumsum(pmf)
    return float(((below - (np.arange(pmf.size) >= observed)) ** 2).sum())


def interval_score(
    observed: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike, alpha: float
) -> FloatArray:
    """Return width plus 2/alpha times the distance by which the 1 - alpha interval is missed.

    Gneiting and Raftery (2007), eq. 43.

    >>> interval_score([5.0, 1.0], 2.0, 6.0, 0.2)
    array([ 4., 14.])
    """
    y, lo, hi = (np.asarray(part, dtype=float) for part in (observed, low, high))
    missed = np.maximum(lo - y, 0.0) + np.maximum(y - hi, 0.0)
    return np.asarray(hi - lo + 2.0 / alpha * missed)


def weighted_interval_score(
    observed: npt.ArrayLike,
    median: npt.ArrayLike,
    intervals: dict[float, tuple[npt.ArrayLike, npt.ArrayLike]],
) -> FloatArray:
    """Return the weighted interval score (Bracher, Ray, Gneiting and Reich 2021, eq. 1).

    ``(|y - median| / 2 + sum alpha_k / 2 IS_k) / (K + 1/2)``.

    Parameters
    ----------
    observed, median : array_like
    intervals : dict
        alpha to (low, high); the 80 % interval has alpha 0.2.

    Examples
    --------
    Median term ``1/2 |1 - 3|``, interval terms 0.1 * 14 and 0.025 * 8, over 2.5:

    >>> weighted_interval_score([1.0], 3.0, {0.2: (2.0, 6.0), 0.05: (0.0, 8.0)})
    array([1.04])
    """
    total = 0.5 * np.abs(np.asarray(observed, dtype=float) - np.asarray(median, dtype=float))
    for alpha, (low, high) in intervals.items():
        total = total + alpha / 2.0 * interval_score(observed, low, high, alpha)
    return np.asarray(total / (len(intervals) + 0.5))


def crps_quantiles(
    observed: npt.ArrayLike, quantiles: npt.ArrayLike, probabilities: npt.ArrayLike
) -> FloatArray:
    """Return the CRPS of a distribution that is known by its quantiles.

    Twice the integral over the probability p of the quantile score (1{y < q_p} - p)(q_p - y)
    (Laio and Tamea 2007; Gneiting and Ranjan 2011), by the trapezoidal rule on equal steps; the
    score vanishes at both ends. With 39 probabilities it is within half a percent of the exact
    value for a normal distribution.

    Parameters
    ----------
    observed : array_like, shape (...)
    quantiles : array_like, shape (..., K)
    probabilities : array_like, shape (K,)
        1/(K+1), 2/(K+1), …, K/(K+1).

    Raises
    ------
    ValueError
        Other probabilities, or not one quantile for each.

    Examples
    --------
    Quartiles 1, 2, 4 and a value of 3: scores 1/2, 1/2 and 1/4.

    >>> crps_quantiles([3.0], [[1.0, 2.0, 4.0]], [0.25, 0.5, 0.75])
    array([0.625])
    """
    y, q, p = (np.asarray(part, dtype=float) for part in (observed, quantiles, probabilities))
    if p.ndim != 1 or q.shape[-1:] != p.shape:
        raise ValueError(f"quantiles {q.shape} do not belong to probabilities {p.shape}")
    if not np.allclose(p, np.arange(1, p.size + 1) / (p.size + 1), rtol=0.0, atol=1e-9):
        raise ValueError("probabilities must be equal steps between 0 and 1, both ends left out")
    above = q > y[..., None]
    losses = (above - p) * (q - y[..., None])
    return np.asarray(2.0 * losses.sum(-1) / (p.size + 1))


def covered(
    observed: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike
) -> npt.NDArray[np.bool_]:
    """Return whether each interval contains its observation, bounds included."""
    y = np.asarray(observed)
    return np.asarray((np.asarray(low) <= y) & (y <= np.asarray(high)))


def score(forecast: Forecast, reoffenders: npt.ArrayLike) -> Scores:
    """Score a forecast against the counts that came.

    Parameters
    ----------
    forecast : Forecast
        Shape (areas, H); its persons are those really arrested.
    reoffenders : array_like, shape (areas, H)

    Returns
    -------
    Scores
        Arrays (areas, H).

    Raises
    ------
    ValueError
        A count is not between 0 and the number of persons.

    Notes
    -----
    Above 128 persons the CRPS is an integral over the smooth distribution function with the first
    Euler-Maclaurin correction at the observation, instead of a sum over thousands of counts;
    relative error below 1e-5.
    """
    persons = forecast.persons
    count = np.broadcast_to(np.asarray(reoffenders, dtype=float), persons.shape)
    if not np.all((count >= 0) & (count <= persons)):
        raise ValueError("observed reoffenders must lie between 0 and persons")
    bounds = forecast.quantile([0.025, 0.1, 0.5, 0.9, 0.975])
    at = forecast.cdf(np.stack([count - 1.0, count], axis=-1))
    low95, low80, median, high80, high95 = np.moveaxis(bounds, -1, 0)
    wis = weighted_interval_score(count, median, {0.2: (low80, high80), 0.05: (low95, high95)})
    return Scores(
        _crps(forecast, count, at[..., 1] - at[..., 0]),
        wis / persons,
        covered(count, low80, high80),
        covered(count, low95, high95),
        np.asarray(at.mean(-1)),
    )


def score_many(forecast: Forecast, reoffenders: npt.ArrayLike) -> Scores:
    """Score thousands of forecasts: as :func:`score`, from the distribution at 31 points of the logit.

    The binomial noise enters as a variance, 1 / (n p (1 - p)), and the share as a continuous one. From some
    hundred persons on the scores are within one percent of the exact ones.

    Parameters
    ----------
    forecast : Forecast
        Shape (areas, 1).
    reoffenders : array_like, shape (areas, 1)
    """
    n, k = forecast.persons, np.asarray(reoffenders, dtype=float)
    forecast = forecast.merged(_CELLS)
    w, m, v = forecast.weights[:, 0], forecast.means[:, 0], forecast.variances[:, 0]
    centre = (w * m).sum(-1, keepdims=True)
    spread = np.sqrt((w * (v + (m - centre) ** 2)).sum(-1, keepdims=True) + 5.0 / n)
    x = centre + spread * np.linspace(-4.5, 4.5, 31)
    y = special.expit(x)
    noise = 1.0 / (n * y * (1.0 - y))
    below = np.empty(x.shape)
    for part in chunks(x.shape[0], x.shape[1] * w.shape[-1]):
        sd = np.sqrt(v[part, None] + noise[part, :, None])
        z = (x[part, :, None] - m[part, None]) / sd
        below[part] = (special.ndtr(z) * w[part, None]).sum(-1)
    share = k / n
    at = _between(y, below, share)
    crps = _square(np.minimum(y, share), np.where(y < share, below, at)) + _square(
        np.maximum(y, share), np.where(y > share, 1.0 - below, 1.0 - at)
    )
    low95, low80, median, high80, high95 = (
        _between(below, y, np.full(n.shape, p)) for p in (0.025, 0.1, 0.5, 0.9, 0.975)
    )
    bands: dict[float, tuple[npt.ArrayLike, npt.ArrayLike]]
    bands = {0.2: (low80, high80), 0.05: (low95, high95)}
    reached, before = (_between(y, below, (k + step) / n) for step in (0.5, -0.5))
    inside80, inside95 = (
        (reached >= tail) & (before < 1.0 - tail) for tail in (0.1, 0.025)
    )  # whole counts, as the intervals of `score`
    pit = (reached + before) / 2.0
    return Scores(crps, weighted_interval_score(share, median, bands), inside80, inside95, pit)


def _square(x: FloatArray, y: FloatArray) -> FloatArray:
    """Integral of the square of a broken line, shape (rows, 1)."""
    low, high = y[:, :-1], y[:, 1:]
    return np.asarray((np.diff(x) * (low**2 + low * high + high**2) / 3.0).sum(-1, keepdims=True))


def _between(x: FloatArray, y: FloatArray, at: FloatArray) -> FloatArray:
    """Interpolate each row of y over increasing x linearly, shapes (rows, points) and (rows, 1)."""
    above = np.clip((x < at).sum(-1, keepdims=True), 1, x.shape[-1] - 1)
    (x0, x1), (y0, y1) = (
        (np.take_along_axis(one, above - 1, -1), np.take_along_axis(one, above, -1))
        for one in (x, y)
    )
    part = np.clip((at - x0) / np.maximum(x1 - x0, 1e-300), 0.0, 1.0)
    return np.asarray(y0 + part * (y1 - y0))


def _crps(forecast: Forecast, count: FloatArray, chance: FloatArray) -> FloatArray:
    persons = forecast.persons
    result = np.empty(persons.shape)
    small = persons <= _SMALL
    for i, h in np.argwhere(small):
        result[i, h] = crps_discrete(forecast.pmf(i, h), int(count[i, h])) / persons[i, h]
    if not small.all():
        big = forecast.at(*np.nonzero(~small))
        n, observed = big.persons, count[~small][:, None]
        spread = (big.weights * np.sqrt(big.variances)).sum(-1)
        low, high = special.expit(big.means.min(-1)), special.expit(big.means.max(-1))
        reach = [
            10.0 * np.hypot(spread, 1.0 / np.sqrt(n * p * (1.0 - p) + 1.0)) for p in (low, high)
        ]
        integral = crps_cdf(
            big.smooth_cdf,
            observed / n,
            special.expit(special.logit(low) - reach[0]),
            special.expit(special.logit(high) + reach[1]),
        )
        result[~small] = (integral - chance[~small][:, None] / (12.0 * n))[:, 0]
    return result
