"""Binomial regression on the logit: the fit, its Wald tests, and what it refuses.

In: counts ``k`` of ``n`` and a design matrix. Out: coefficients with covariance, or one coefficient with
its test and interval. Shared by the single and the joint trend.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import statsmodels.api as sm
from scipy import stats
from statsmodels.genmod.generalized_linear_model import GLMResults
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from minato_analysis.statistics.result import Result

FloatArray = npt.NDArray[np.float64]
Scale = Literal["binomial", "quasi"]


@dataclass(frozen=True)
class Coefficient:
    """One coefficient on the logit with its Wald test and interval."""

    value: float
    se: float
    statistic: float
    df: float
    p: float
    low: float
    high: float


@dataclass(frozen=True)
class Fit(Result):
    """A binomial regression with the dispersion asked for."""

    params: FloatArray
    covariance: FloatArray
    dispersion: float
    df: float


def fit_binomial(count: FloatArray, total: FloatArray, design: FloatArray, scale: Scale) -> Fit:
    """Fit the binomial regression; "quasi" scales its covariance by Pearson's dispersion."""
    if scale not in ("binomial", "quasi"):
        raise ValueError(f'scale must be "binomial" or "quasi", got {scale!r}')
    # Shares weighted by n, not pairs of counts: with pairs statsmodels 0.15 leaves n out of the
    # dispersion of scale="X2", which comes out about n times too small. The scale is applied
    # here because statsmodels divides by it in every iteration, and an exact fit makes it 0.
    model = sm.GLM(count / total, design, family=sm.families.Binomial(), var_weights=total)
    with warnings.catch_warnings():
        # statsmodels warns of separation also when a fit is merely exact; `checked_series` has judged it.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        fit = model.fit(tol=1e-12)
    return scaled(fit, scale)


def scaled(fit: GLMResults, scale: Scale) -> Fit:
    """Return a binomial regression of statsmodels with the dispersion asked for."""
    quasi = scale == "quasi"
    df = float(fit.df_resid)
    dispersion = float(fit.pearson_chi2) / df if quasi else 1.0
    covariance = np.asarray(fit.cov_params()) * dispersion
    return Fit(np.asarray(fit.params), covariance, dispersion, df if quasi else np.inf)


def wald(value: float, se: float, df: float, confidence: float) -> Coefficient:
    """Return the Wald test and interval; t with infinite df is the normal.

    A standard error of 0 (an exact fit whose dispersion was estimated) allows no test: NaN.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    half = float(stats.t.isf((1 - confidence) / 2, df)) * se
    statistic = value / se if se > 0 else float("nan")
    p = 2 * float(stats.t.sf(abs(statistic), df))
    return Coefficient(value, se, statistic, df, p, value - half, value + half)


def line_design(x: FloatArray) -> FloatArray:
    """Return the design of a straight line; centred, so that the fit is well conditioned."""
    return np.column_stack([np.ones(x.size), x - x.mean()])


def checked_counts(k: npt.ArrayLike, n: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return both as arrays of one shape with years on the last axis, or refuse them."""
    count, total = np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if count.ndim == 0 or count.shape != total.shape:
        raise ValueError(f"k and n must have one shape, got {count.shape} and {total.shape}")
    if not np.all((count >= 0) & (count <= total)):
        raise ValueError("counts must satisfy 0 <= k <= n")
    return count, total


def distinct_years(years: npt.ArrayLike) -> FloatArray:
    """Return the years as numbers, or refuse a year given twice."""
    x = np.asarray(years, dtype=np.float64)
    if x.ndim != 1 or np.unique(x).size != x.size:
        raise ValueError("years must be one list without repetition")
    return x


def checked_series(
    years: npt.ArrayLike, k: npt.ArrayLike, n: npt.ArrayLike, least: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return one series as arrays, or refuse one whose slope cannot be estimated."""
    x, (count, total) = distinct_years(years), checked_counts(k, n)
    if count.shape != x.shape:
        raise ValueError(f"years {x.shape} do not fit counts {count.shape}")
    if np.any(total == 0):
        raise ValueError("a year with n = 0 says nothing about the trend: leave it out")
    if x.size < least:
        raise ValueError(f"{least} years are needed, {x.size} were given")
    with_hit, without = x[count > 0], x[count < total]
    # Silvapulle (1981): the estimate is finite only if the two kinds of person overlap in time.
    if (
        with_hit.size == 0
        or without.size == 0
        or with_hit.max() <= without.min()
        or without.max() <= with_hit.min()
    ):
        raise ValueError("shares of 0 and 1 leave the slope of the logit without an estimate")
    return x, count, total
