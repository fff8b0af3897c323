"""Has a share moved over the years? Logit trends, tests and their sensitivity to single years.

In: ``years``, ``k`` (reoffenders) and ``n`` (persons arrested), one value a year.
Out: frozen dataclasses. Slopes are per year on the logit; shares are proportions, not percent.
The two tests (`homogeneity`, `cochran_armitage`) take many series at once: years on the last axis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from scipy.special import expit
from statsmodels.genmod.generalized_linear_model import GLMResults

from minato_analysis.statistics.betabinomial import fit_betabinomial
from minato_analysis.statistics.binomial_glm import (
    FloatArray,
    Scale,
    checked_counts,
    checked_series,
    fit_binomial,
    line_design,
    scaled,
    wald,
)
from minato_analysis.statistics.result import Result


@dataclass(frozen=True)
class LogitTrend(Result):
    """A straight line through the logits of a share.

    Attributes
    ----------
    model : str
        The model the numbers come from: "binomial", "quasi" or "beta-binomial".
    requested : str
        The model asked for; differs from `model` when that one fell back (see `fell_back`).
    slope, se : float
        Change of the logit per year and its standard error.
    statistic, df, p : float
        Wald statistic, its degrees of freedom (infinite for the normal), two-sided p.
    low, high, confidence : float
        Interval of the slope and its confidence.
    odds_ratio, odds_ratio_low, odds_ratio_high : float
        Factor by which the odds change per year.
    dispersion : float
        Variance relative to the binomial one: 1 for "binomial"; Pearson's chi-squared over its
        degrees of freedom for "quasi"; mean of ``1 + (n - 1) rho`` for "beta-binomial".
    years, fitted, fitted_low, fitted_high : ndarray, shape (T,)
        The years given and the fitted shares with their pointwise interval.
    """

    model: str
    requested: str
    slope: float
    se: float
    statistic: float
    df: float
    p: float
    low: float
    high: float
    confidence: float
    odds_ratio: float
    odds_ratio_low: float
    odds_ratio_high: float
    dispersion: float
    years: FloatArray
    fitted: FloatArray
    fitted_low: FloatArray
    fitted_high: FloatArray

    @property
    def fell_back(self) -> bool:
        """True when the model asked for collapsed to the one reported."""
        return self.model != self.requested


@dataclass(frozen=True)
class ChiSquared(Result):
    """A chi-squared test; arrays when many series were given."""

    statistic: FloatArray
    df: FloatArray
    p: FloatArray


@dataclass(frozen=True)
class TrendTest(Result):
    """A one-degree-of-freedom trend test; ``z`` is positive when shares rise with the scores."""

    chi2: FloatArray
    z: FloatArray
    p: FloatArray


@dataclass(frozen=True)
class LeaveOneOut(Result):
    """The slope without each year in turn; all arrays have one entry per year left out."""

    left_out: FloatArray
    slope: FloatArray
    se: FloatArray
    p: FloatArray
    low: FloatArray
    high: FloatArray

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each year left out."""
        columns = {name: values for name, values in vars(self).items() if name != "left_out"}
        return pd.DataFrame(columns, index=pd.Index(self.left_out.astype(int), name="left_out"))


def logit_trend(
    years: npt.ArrayLike,
    k: npt.ArrayLike,
    n: npt.ArrayLike,
    scale: Scale = "binomial",
    confidence: float = 0.95,
) -> LogitTrend:
    """Fit a straight line to the logit of a share by binomial regression.

    Parameters
    ----------
    years, k, n : array_like, shape (T,)
        Years, reoffenders, persons arrested.
    scale : {"binomial", "quasi"}
        "quasi" estimates the dispersion as Pearson's chi-squared over T - 2 and uses t with
        T - 2 degrees of freedom. The estimate may fall below 1; it is reported as it is.
    confidence : float
        Confidence of the intervals, between 0 and 1.

    Returns
    -------
    LogitTrend

    Raises
    ------
    ValueError
        If the counts are impossible, there are too few years (2; 3 for "quasi"), or the slope
        has no finite estimate because earlier and later years are separated perfectly.

    References
    ----------
    McCullagh, P. and Nelder, J. A. (1989). Generalized Linear Models, 2nd ed., chapter 4.

    Examples
    --------
    Snoring and heart disease (Agresti 2007, table 3.1; there 0.397 with standard error 0.050):

    >>> trend = logit_trend([0, 2, 4, 5], [24, 35, 21, 30], [1379, 638, 213, 254])
    >>> print(f"{trend.slope:.3f} {trend.se:.3f}")
    0.397 0.050
    """
    x, count, total = checked_series(years, k, n, least=2 if scale == "binomial" else 3)
    fit = fit_binomial(count, total, line_design(x), scale)
    return _trend(scale, scale, x, fit.params, fit.covariance, fit.dispersion, fit.df, confidence)


def glm_trend(
    fit: GLMResults, years: npt.ArrayLike, scale: Scale = "binomial", confidence: float = 0.95
) -> LogitTrend:
    """Return the line of a regression that statsmodels fitted: share on the centred year, weighted by n.

    Parameters
    ----------
    fit : GLMResults
        Of ``smf.glm("share ~ center(year)", …, family=Binomial(), var_weights=n)``.
    years : array_like, shape (T,)
    scale, confidence
        And errors: as in `logit_trend`.

    Examples
    --------
    >>> import pandas as pd, statsmodels.api as sm, statsmodels.formula.api as smf
    >>> frame = pd.DataFrame({"year": [0, 2, 4, 5], "k": [24, 35, 21, 30], "n": [1379, 638, 213, 254]})
    >>> frame["share"] = frame["k"] / frame["n"]
    >>> family = sm.families.Binomial()
    >>> fit = smf.glm("share ~ center(year)", frame, family=family, var_weights=frame["n"]).fit()
    >>> round(glm_trend(fit, frame["year"]).slope, 3)
    0.397
    """
    total = np.asarray(fit.model.var_weights)
    count = np.round(np.asarray(fit.model.endog) * total)
    x, *_ = checked_series(years, count, total, least=2 if scale == "binomial" else 3)
    found = scaled(fit, scale)
    return _trend(
        scale, scale, x, found.params, found.covariance, found.dispersion, found.df, confidence
    )


def beta_binomial_trend(
    years: npt.ArrayLike, k: npt.ArrayLike, n: npt.ArrayLike, confidence: float = 0.95
) -> LogitTrend:
    """Fit the same line with beta-binomial counts, by maximum likelihood.

    Without more spread than the binomial has, the likelihood is highest at zero overdispersion:
    the result then is the binomial trend and ``fell_back`` is True. Standard errors come from
    the observed information; the interval is Wald's with the normal distribution.

    Parameters
    ----------
    years, k, n : array_like, shape (T,)
        Years, reoffenders, persons arrested.
    confidence : float
        Confidence of the intervals, between 0 and 1.

    Returns
    -------
    LogitTrend

    Raises
    ------
    ValueError
        As `logit_trend`, with at least 3 years.
    RuntimeError
        If the likelihood has no finite maximum.

    References
    ----------
    Williams, D. A. (1982). Extra-binomial variation in logistic linear models. Applied
    Statistics 31, 144-148.
    """
    x, count, total = checked_series(years, k, n, least=3)
    fit = fit_betabinomial(count, total, line_design(x))
    return _trend(
        "binomial" if fit.at_boundary else "beta-binomial",
        "beta-binomial",
        x,
        fit.coefficients,
        fit.covariance,
        float(np.mean(1.0 + (total - 1.0) * fit.rho)),
        np.inf,
        confidence,
    )


def leave_one_out(
    years: npt.ArrayLike,
    k: npt.ArrayLike,
    n: npt.ArrayLike,
    scale: Scale = "binomial",
    confidence: float = 0.95,
) -> LeaveOneOut:
    """Fit `logit_trend` without each year in turn: does the conclusion hang on one of them?

    Parameters and errors are those of `logit_trend`, with one year more.
    """
    x, count, total = checked_series(years, k, n, least=3 if scale == "binomial" else 4)
    rows = []
    for i in range(x.size):
        t = logit_trend(
            np.delete(x, i), np.delete(count, i), np.delete(total, i), scale, confidence
        )
        rows.append((x[i], t.slope, t.se, t.p, t.low, t.high))
    return LeaveOneOut(*np.array(rows).T)


def homogeneity(k: npt.ArrayLike, n: npt.ArrayLike) -> ChiSquared:
    """Test whether all years share one share (Pearson's chi-squared, 2 x T table).

    Parameters
    ----------
    k, n : array_like, shape (..., T)
        Reoffenders and persons arrested. Years with ``n = 0`` do not count.

    Returns
    -------
    ChiSquared
        Arrays of shape (...). NaN where nobody or everybody is a reoffender or fewer than two
        years count: nothing can be tested.

    Raises
    ------
    ValueError
        If counts are impossible.

    References
    ----------
    Pearson, K. (1900). Philosophical Magazine 50, 157-175.
    """
    count, total = checked_counts(k, n)
    pooled = _pooled(count, total)
    df = np.sum(total > 0, axis=-1) - 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(total > 0, (count - total * pooled) ** 2 / total, 0.0).sum(axis=-1)
        statistic = spread / (pooled * (1 - pooled))[..., 0]
    statistic = np.where(df > 0, statistic, np.nan)
    return ChiSquared(statistic, df, stats.chi2.sf(statistic, df))


def cochran_armitage(
    k: npt.ArrayLike, n: npt.ArrayLike, scores: npt.ArrayLike | None = None
) -> TrendTest:
    """Test for a linear trend of shares over ordered years (no continuity correction).

    Parameters
    ----------
    k, n : array_like, shape (..., T)
        Reoffenders and persons arrested.
    scores : array_like, shape (T,) or (..., T), optional
        Positions of the years. Default: 0, 1, 2, ... Any affine change of them leaves the test
        as it is.

    Returns
    -------
    TrendTest
        Arrays of shape (...). NaN where nobody or everybody is a reoffender, or everybody was
        arrested in one year.

    Raises
    ------
    ValueError
        If counts are impossible or the scores do not fit them.

    References
    ----------
    Cochran, W. G. (1954). Biometrics 10, 417-451. Armitage, P. (1955). Biometrics 11, 375-386.

    Examples
    --------
    >>> result = cochran_armitage([83, 90, 129, 70], [86, 93, 136, 82])
    >>> print(f"{result.chi2:.4f}")
    8.2249
    """
    count, total = checked_counts(k, n)
    x = np.arange(count.shape[-1], dtype=np.float64) if scores is None else np.asarray(scores)
    if x.ndim == 0 or x.shape[-1] != count.shape[-1]:
        raise ValueError(f"scores {x.shape} do not fit counts {count.shape}")
    pooled = _pooled(count, total)
    with np.errstate(divide="ignore", invalid="ignore"):
        centred = x - (total * x).sum(axis=-1, keepdims=True) / total.sum(axis=-1, keepdims=True)
        variance = (pooled * (1 - pooled))[..., 0] * (total * centred**2).sum(axis=-1)
        z = (centred * (count - total * pooled)).sum(axis=-1) / np.sqrt(variance)
    return TrendTest(z**2, z, 2 * stats.norm.sf(np.abs(z)))


def _pooled(count: FloatArray, total: FloatArray) -> FloatArray:
    """Return the share over all years, the last axis kept; NaN where it is 0, 1 or undefined."""
    hits, persons = count.sum(axis=-1, keepdims=True), total.sum(axis=-1, keepdims=True)
    usable = (hits > 0) & (hits < persons)
    return np.where(usable, hits, np.nan) / np.where(usable, persons, 1.0)


def _trend(
    model: str,
    requested: str,
    x: FloatArray,
    params: FloatArray,
    covariance: FloatArray,
    dispersion: float,
    df: float,
    confidence: float,
) -> LogitTrend:
    """Return the result for a line fitted on the design of `line_design`."""
    slope = wald(float(params[1]), float(np.sqrt(covariance[1, 1])), df, confidence)
    design = line_design(x)
    logit = design @ params
    half = stats.t.isf((1 - confidence) / 2, df) * np.sqrt(
        np.einsum("ti,ij,tj->t", design, covariance, design)
    )
    return LogitTrend(
        model=model,
        requested=requested,
        slope=slope.value,
        se=slope.se,
        statistic=slope.statistic,
        df=df,
        p=slope.p,
        low=slope.low,
        high=slope.high,
        confidence=confidence,
        odds_ratio=float(np.exp(slope.value)),
        odds_ratio_low=float(np.exp(slope.low)),
        odds_ratio_high=float(np.exp(slope.high)),
        dispersion=dispersion,
        years=x,
        fitted=expit(logit),
        fitted_low=expit(logit - half),
        fitted_high=expit(logit + half),
    )
