"""Backtest: what each projection would have said in the past, scored against what came.

In: series of counts ``(series, T)`` over contiguous calendar years (NaN: missing). Out: frozen
dataclasses with one entry for each model, series, origin (last year the model may see) and step.
The number of persons arrested in the forecast year is taken as known: the share is judged, not the
volume. All origins of all series go through each model in one call.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats
from statsmodels.tools.sm_exceptions import ModelWarning
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.statespace.structural import UnobservedComponents

from minato_analysis.statistics import companions, pool
from minato_analysis.statistics.binomial_mixture import FloatArray, IntArray
from minato_analysis.statistics.projection import (
    DEFAULT_SETTINGS,
    Forecast,
    TrendSettings,
    damped_trend,
    logit_observations,
)
from minato_analysis.statistics.scores import (
    Scores,
    covered,
    crps_cdf,
    score,
    weighted_interval_score,
)

Model = Callable[[FloatArray, FloatArray, IntArray, int], Forecast]
"""Reoffenders, first-time offenders, future persons (areas, H), horizon."""

SMALL = TrendSettings(sigma_nodes=11, deviation_nodes=5)
BELOW = TrendSettings(sigma_nodes=21, sigma_max=0.10, deviation_nodes=5)
"""Grids for thousands of small series: of their own, and below a large region. With their sampling
variances the likelihood is smooth at these steps: more points change no score by one percent."""


def own_members(settings: TrendSettings = DEFAULT_SETTINGS) -> dict[str, Model]:
    """Return the members of the pool that need no larger region."""
    still = replace(settings, slope_sd=0.0)
    return {
        "damped": partial(damped_trend, settings=settings),
        "level": partial(damped_trend, settings=still),
    }


COMPANIONS: Mapping[str, Model] = {
    "last_value": companions.last_value,
    "linear_glm": companions.linear_glm,
    "mean": companions.mean,
}
MODELS: Mapping[str, Model] = {**own_members(), **COMPANIONS}


@dataclass(frozen=True)
class SummaryRow:
    """Average scores of one model at one step; step 0 stands for all steps."""

    model: str
    step: int
    forecasts: int
    crps: float
    wis: float
    coverage80: float
    coverage95: float


@dataclass(frozen=True, eq=False)
class Backtest:
    """Scores of every forecast.

    Attributes
    ----------
    models : tuple of str
    series, origin, step : ndarray of int, shape (P,)
        Row of the series, year index of the last year seen, years ahead.
    scores : tuple of Scores
        For each model, arrays of shape (P,).
    """

    models: tuple[str, ...]
    series: IntArray
    origin: IntArray
    step: IntArray
    scores: tuple[Scores, ...]

    def summary(self) -> tuple[SummaryRow, ...]:
        """Return average scores by model, over all steps (first) and for each step."""
        return tuple(
            _summary_row(model, step, scores, (self.step == step) | (step == 0))
            for model, scores in zip(self.models, self.scores, strict=True)
            for step in (0, *np.unique(self.step).tolist())
        )


def clustered_mean(values: FloatArray, clusters: npt.ArrayLike) -> tuple[float, float]:
    """Return a mean and its standard error where values of one cluster hang together.

    Cluster-robust (Liang and Zeger 1986) with the factor B / (B - 1) for B clusters; nan with one cluster.

    >>> clustered_mean(np.array([1.0, 1.0, 3.0, 3.0]), [0, 0, 1, 1])
    (2.0, 1.0)
    """
    _, cluster = np.unique(np.asarray(clusters), return_inverse=True)
    mean = float(values.mean())
    sums = np.bincount(cluster, values - mean)
    if sums.size < 2:
        return mean, float("nan")
    return mean, float(np.sqrt((sums**2).sum() * sums.size / (sums.size - 1)) / values.size)


def rolling_origin(
    reoffenders: npt.ArrayLike,
    first_time: npt.ArrayLike,
    *,
    horizon: int = 7,
    min_years: int = 3,
    models: Mapping[str, Model] = MODELS,
    above: tuple[FloatArray, FloatArray] | None = None,
    settings: TrendSettings = DEFAULT_SETTINGS,
    scoring: Callable[[Forecast, FloatArray], Scores] = score,
) -> Backtest:
    """Backtest models with a rolling origin (Tashman 2000).

    Every observed year with at least `min_years` observed years up to it is an origin.

    Parameters
    ----------
    reoffenders, first_time : array_like, shape (T,) or (series, T)
    horizon : int, optional
        Longest step.
    min_years : int, optional
        Observed years a model sees at least.
    models : mapping of str to callable, optional
    above : pair of ndarray, shape (levels, T), optional
        Logits and variances of the larger regions on the same axis, the largest first. Then the members in
        levels and the pool of all four are scored too; of the larger regions too no later year is seen.
    settings : TrendSettings, optional
        Of the members in levels.
    scoring : callable, optional
        :func:`~minato_analysis.statistics.scores.score_many` where there are thousands of forecasts.

    Raises
    ------
    ValueError
        Malformed counts, or no forecast to score.
    """
    r, f, pairs = _origins(reoffenders, first_time, horizon, min_years)
    rows = pairs.aligned(r), pairs.aligned(f)
    made = {name: model(*rows, pairs.persons, horizon) for name, model in models.items()}
    if above is not None:
        own = logit_observations(*rows)
        z, v = (
            np.stack([*(pairs.aligned(np.tile(one, (len(r), 1))) for one in larger), last])
            for larger, last in zip(above, own, strict=True)
        )
        four = pool.members(z, v, pairs.persons, np.arange(1, horizon + 1), settings)
        made |= {name: one for name, one in four.items() if name not in made}
        made[pool.POOL] = pool.pooled(four)
    scores = []
    for forecast in made.values():
        chosen = forecast.at(pairs.row, pairs.step - 1)
        flat = scoring(chosen, pairs.observed[:, None])
        scores.append(Scores(*(getattr(flat, part.name)[:, 0] for part in fields(Scores))))
    return pairs.backtest(tuple(made), tuple(scores))


@dataclass(frozen=True, eq=False)
class CautionaryBacktest:
    """Backtest of the usual automatic models, and how often their fit is degenerate.

    `noise_zero` and `level_zero` are the shares of `UnobservedComponents` fits whose variance of the
    one-year noise, or of the yearly movement of the level, is estimated as zero (below 1e-8 on the logit
    scale, a standard deviation of 0.0001).
    """

    backtest: Backtest
    noise_zero: float
    level_zero: float


def cautionary(
    reoffenders: npt.ArrayLike,
    first_time: npt.ArrayLike,
    *,
    horizon: int = 7,
    min_years: int = 6,
) -> CautionaryBacktest:
    """Backtest statsmodels' local level and damped exponential smoothing, fitted automatically.

    Shown as a caution, not for use: with a handful of years the likelihood is often largest at a
    zero variance, and the bands know nothing of the uncertainty of the parameters. The models see
    the empirical logits only; their normal band for the next logits is read as a band for the
    share. One fit for each origin: slow.

    Raises
    ------
    ValueError
        As :func:`rolling_origin`; or a year between the first and the last observed one is missing.
    """
    r, f, pairs = _origins(reoffenders, first_time, horizon, min_years)
    z = logit_observations(pairs.aligned(r), pairs.aligned(f))[0]
    local_level, smoothing, boundary = [], [], []
    for row in z:
        series = row[np.argmax(~np.isnan(row)) :]
        if np.isnan(series).any():
            raise ValueError("the automatic models need contiguous years")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ModelWarning)
            warnings.simplefilter("ignore", RuntimeWarning)
            local = UnobservedComponents(series, level="local level").fit(disp=False)
            ets = ETSModel(pd.Series(series), trend="add", damped_trend=True).fit(disp=False)
        boundary.append(np.asarray(local.params) < 1e-8)  # noise, level
        ahead = local.get_forecast(horizon)
        local_level.append((ahead.predicted_mean, ahead.se_mean))
        later = ets.get_prediction(series.size, series.size + horizon - 1)
        smoothing.append((later.predicted_mean, np.sqrt(later.forecast_variance)))
    scores = tuple(_normal_scores(np.array(each), pairs) for each in (local_level, smoothing))
    names = "unobserved_components", "ets"
    noise, level = np.mean(boundary, axis=0).tolist()
    return CautionaryBacktest(pairs.backtest(names, scores), noise, level)


def thin(
    reoffenders: npt.ArrayLike,
    first_time: npt.ArrayLike,
    persons: int,
    rng: np.random.Generator,
    replicates: int,
) -> tuple[FloatArray, FloatArray]:
    """Draw small series from a large one: `persons` people a year, without replacement.

    A scaled-down series would be too smooth, since it lacks the chance of small numbers; hence
    hypergeometric draws, whose scores are averaged over the replicates. The seed is the caller's.

    Parameters
    ----------
    reoffenders, first_time : array_like, shape (T,)
        Counts; NaN years stay NaN.
    persons : int
        People drawn each year.
    rng : numpy.random.Generator
    replicates : int

    Returns
    -------
    reoffenders, first_time : ndarray, shape (replicates, T)

    Raises
    ------
    ValueError
        A year has fewer than `persons` people.
    """
    r, f = np.asarray(reoffenders, dtype=float), np.asarray(first_time, dtype=float)
    known = ~np.isnan(r + f)
    if np.any((r + f)[known] < persons):
        raise ValueError(f"a year has fewer than {persons} persons")
    drawn = np.full((replicates, r.size), np.nan)
    good, bad = r[known].astype(np.int64), f[known].astype(np.int64)
    drawn[:, known] = rng.hypergeometric(good, bad, persons, (replicates, int(known.sum())))
    return drawn, persons - drawn


@dataclass(frozen=True, eq=False)
class _Origins:
    """Rows (one series cut at one origin) and the pairs (row, step) that can be scored."""

    series: IntArray
    origin: IntArray
    persons: IntArray
    row: IntArray
    step: IntArray
    observed: FloatArray

    def aligned(self, counts: FloatArray) -> FloatArray:
        """Shift each row so that its origin is the last year; later years are cut off."""
        column = self.origin[:, None] - counts.shape[1] + 1 + np.arange(counts.shape[1])
        cut = counts[self.series[:, None], np.maximum(column, 0)]
        return np.where(column >= 0, cut, np.nan)

    def backtest(self, models: tuple[str, ...], scores: tuple[Scores, ...]) -> Backtest:
        return Backtest(models, self.series[self.row], self.origin[self.row], self.step, scores)


def _origins(
    reoffenders: npt.ArrayLike, first_time: npt.ArrayLike, horizon: int, min_years: int
) -> tuple[FloatArray, FloatArray, _Origins]:
    known = ~np.isnan(logit_observations(reoffenders, first_time)[0])
    r = np.atleast_2d(np.asarray(reoffenders, dtype=float))
    f = np.atleast_2d(np.asarray(first_time, dtype=float))
    series, origin = np.nonzero(known & (np.cumsum(known, axis=1) >= min_years))
    later = origin[:, None] + np.arange(1, horizon + 1)
    at = np.minimum(later, r.shape[1] - 1)
    scored = (later < r.shape[1]) & known[series[:, None], at]
    if not scored.any():
        raise ValueError(f"no origin with {min_years} observed years has a later observed year")
    persons = np.where(scored, (r + f)[series[:, None], at], 1.0).astype(np.int64)
    row, step = np.nonzero(scored)
    observed = r[series[row], later[row, step]]
    return r, f, _Origins(series, origin, persons, row, step + 1, observed)


def _normal_scores(moments: FloatArray, pairs: _Origins) -> Scores:
    """Score normal distributions of the logit, moments (rows, 2, H), as those of a share."""
    centre, sd = moments[pairs.row, :, pairs.step - 1].T
    share = pairs.observed / pairs.persons[pairs.row, pairs.step - 1]
    low80, high80, low95, high95 = (
        special.expit(centre + stats.norm.ppf(p) * sd) for p in (0.1, 0.9, 0.025, 0.975)
    )

    def cdf(y: FloatArray) -> FloatArray:
        return np.asarray(special.ndtr((special.logit(y) - centre[:, None]) / sd[:, None]))

    bands = {0.2: (low80, high80), 0.05: (low95, high95)}
    return Scores(
        crps_cdf(cdf, share, special.expit(centre - 10 * sd), special.expit(centre + 10 * sd)),
        weighted_interval_score(share, special.expit(centre), bands),
        covered(share, low80, high80),
        covered(share, low95, high95),
        cdf(share[:, None])[:, 0],
    )


def _summary_row(
    model: str, step: int, scores: Scores, chosen: npt.NDArray[np.bool_]
) -> SummaryRow:
    crps, wis, in80, in95 = (
        float(part[chosen].mean())
        for part in (scores.crps, scores.wis, scores.inside80, scores.inside95)
    )
    return SummaryRow(model, step, int(chosen.sum()), crps, wis, in80, in95)
