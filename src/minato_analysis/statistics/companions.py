"""Companion projections beside the pool: scenarios, what a simpler model would say.

In and out as in :mod:`minato_analysis.statistics.projection`: counts ``(areas, T)`` over contiguous
calendar years (NaN: skipped), future persons, horizon; a :class:`Forecast` comes back. Each model
gives a normal or Student t distribution of the future logit, or a mixture of normals; the binomial
step is the same for all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import special

from minato_analysis.statistics.binomial_mixture import FloatArray, IntArray
from minato_analysis.statistics.projection import (
    Forecast,
    as_steps,
    future,
    logit_observations,
    require_years,
)

_T_NODES = 81


def last_value(
    reoffenders: npt.ArrayLike,
    first_time: npt.ArrayLike,
    future_persons: npt.ArrayLike,
    horizon: int | Sequence[int],
) -> Forecast:
    """Project the last observed logit as a random walk without drift.

    Variance v_last + h s^2 at h years after the last observed one. s^2 is the mean squared yearly
    change less the mean summed sampling variance of the two neighbours, not below 0 (method of
    moments).

    Raises
    ------
    ValueError
        An area has no two neighbouring observed years.
    """
    z, v = logit_observations(reoffenders, first_time)
    steps = as_steps(horizon)
    change, noise = np.diff(z), v[:, 1:] + v[:, :-1]
    pairs = (~np.isnan(change)).sum(-1, keepdims=True)
    if np.any(pairs == 0):
        alone = np.flatnonzero(pairs == 0)[:10].tolist()
        raise ValueError(f"two neighbouring observed years needed; none in area(s) {alone}")
    drift = np.maximum(_sum(change**2 - noise) / pairs, 0.0)
    last = z.shape[1] - 1 - np.argmax(~np.isnan(z[:, ::-1]), axis=1)
    rows = np.arange(z.shape[0])
    years = steps + (z.shape[1] - 1 - last)[:, None]
    variances = v[rows, last][:, None] + years * drift
    means = np.repeat(z[rows, last][:, None], steps.size, axis=1)
    return _normal("last_value", means, variances, future(future_persons, z.shape[0], steps))


def mean(
    reoffenders: npt.ArrayLike,
    first_time: npt.ArrayLike,
    future_persons: npt.ArrayLike,
    horizon: int | Sequence[int],
) -> Forecast:
    """Project the precision-weighted mean of all observed years.

    Student t with T - 1 degrees of freedom around the mean weighted by 1/v. Squared scale
    tau^2 + s^2 / T; s^2 is the sample variance of the logits, tau^2 = s^2 - mean v, not below 0
    (method of moments). The t enters as the scale mixture of normals that defines it, on a grid of
    the chi-square variable.

    Raises
    ------
    ValueError
        An area has fewer than two observed years.
    """
    z, v = logit_observations(reoffenders, first_time)
    require_years(z, 2)
    steps = as_steps(horizon)
    years = (~np.isnan(z)).sum(-1, keepdims=True)
    centre = _sum(z / v) / _sum(1.0 / v)
    spread = _sum((z - _sum(z) / years) ** 2) / (years - 1)
    between = np.maximum(spread - _sum(v) / years, 0.0)
    weights, factors = _t_as_normals(years - 1)
    variances = (between + spread / years) * factors
    shape = (z.shape[0], steps.size, _T_NODES)
    return Forecast(
        "mean",
        *future(future_persons, z.shape[0], steps),
        *(np.array(np.broadcast_to(part[:, None], shape)) for part in (weights, centre, variances)),
    )


def linear_glm(
    reoffenders: npt.ArrayLike,
    first_time: npt.ArrayLike,
    future_persons: npt.ArrayLike,
    horizon: int | Sequence[int],
) -> Forecast:
    """Extend the line of a binomial logit regression on the year: a scenario, not a forecast.

    The prediction and its standard error on the link scale, as ``statsmodels`` gives for
    ``GLM(..., Binomial())``; fitted here for all areas at once by iteratively reweighted least
    squares (Nelder and Wedderburn 1972).

    Raises
    ------
    ValueError
        An area has fewer than two observed years, or its line has no finite slope (all or none of
        the persons are reoffenders).
    """
    z, _ = logit_observations(reoffenders, first_time)
    require_years(z, 2)
    steps = as_steps(horizon)
    known = ~np.isnan(z)
    r = np.where(known, np.atleast_2d(np.asarray(reoffenders, dtype=float)), 0.0)
    n = r + np.where(known, np.atleast_2d(np.asarray(first_time, dtype=float)), 0.0)
    year = np.arange(z.shape[1]) - (z.shape[1] - 1.0)
    level, slope = np.log((_sum(r) + 0.5) / (_sum(n - r) + 0.5)), np.zeros((z.shape[0], 1))
    for _ in range(25):
        share = special.expit(level + slope * year)
        weight = n * share * (1.0 - share)
        s0, s1, s2 = _sum(weight), _sum(weight * year), _sum(weight * year**2)
        e0, e1 = _sum(r - n * share), _sum((r - n * share) * year)
        with np.errstate(divide="ignore", invalid="ignore"):
            determinant = s0 * s2 - s1**2
            move = (s2 * e0 - s1 * e1) / determinant, (s0 * e1 - s1 * e0) / determinant
        level, slope = level + move[0], slope + move[1]
    settled = np.isfinite(level + slope) & (np.abs(move[0]) + np.abs(move[1]) < 1e-8)
    if not settled.all():
        raise ValueError(f"no finite line in area(s) {np.flatnonzero(~settled)[:10].tolist()}")
    variances = (s2 - 2.0 * steps * s1 + steps**2 * s0) / determinant
    return _normal(
        "linear_glm", level + slope * steps, variances, future(future_persons, z.shape[0], steps)
    )


def _sum(values: FloatArray) -> FloatArray:
    return np.asarray(np.nansum(values, axis=-1, keepdims=True))


def _normal(
    model: str, means: FloatArray, variances: FloatArray, steps_persons: tuple[IntArray, IntArray]
) -> Forecast:
    weights = np.ones((*means.shape, 1))
    return Forecast(model, *steps_persons, weights, means[..., None], variances[..., None])


def _t_as_normals(freedom: IntArray) -> tuple[FloatArray, FloatArray]:
    """Weights and variance factors nu / w of the t, w ~ chi-square(nu), nu (areas, 1).

    Equal steps in u = ln w: the trapezoidal rule on the density exp(nu u / 2 - e^u / 2), whose
    tails beyond the limits hold less than 1e-8.
    """
    half = freedom / 2.0
    low = np.log(2.0 * half) - 5.5 / np.sqrt(half) - 18.0 / half
    high = np.log(2.0 * half) + np.minimum(6.5 / np.sqrt(half), np.log1p(30.0 / half))
    u = low + (high - low) * np.linspace(0.0, 1.0, _T_NODES)
    height = half * u - np.exp(u) / 2.0
    weights = np.exp(height - height.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True), freedom / np.exp(u)
