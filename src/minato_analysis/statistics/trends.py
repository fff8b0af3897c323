"""Has a share moved over the years? Logit trends, tests and their sensitivity to single years.

In: ``years``, ``k`` (reoffenders) and ``n`` (persons arrested), one value a year.
Out: frozen dataclasses. Slopes are per year on the logit; shares are proportions, not percent.
The two tests (`homogeneity`, `cochran_armitage`) take many series at once: years on the last axis.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import statsmodels.api as sm
from scipy import stats
from scipy.special import expit
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from minato_analysis.statistics.betabinomial import fit_betabinomial

FloatArray = npt.NDArray[np.float64]
Scale = Literal["binomial", "quasi"]


@dataclass(frozen=True)
class LogitTrend:
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
class ChiSquared:
    """A chi-squared test; arrays when many series were given."""

    statistic: FloatArray
    df: FloatArray
    p: FloatArray


@dataclass(frozen=True)
class TrendTest:
    """A one-degree-of-freedom trend test; ``z`` is positive when shares rise with the scores."""

    chi2: FloatArray
    z: FloatArray
    p: FloatArray


@dataclass(frozen=True)
class LeaveOneOut:
    """The slope without each year in turn; all arrays have one entry per year left out."""

    left_out: FloatArray
    slope: FloatArray
    se: FloatArray
    p: FloatArray
    low: FloatArray
    high: FloatArray


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
    x, count, total = _series(years, k, n, least=2 if scale == "binomial" else 3)
    fit = _glm(count, total, _line(x), scale)
    return _trend(scale, scale, x, fit.params, fit.covariance, fit.dispersion, fit.df, confidence)


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
    x, count, total = _series(years, k, n, least=3)
    fit = fit_betabinomial(count, total, _line(x))
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
    x, count, total = _series(years, k, n, least=3 if scale == "binomial" else 4)
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
    count, total = _counts(k, n)
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
    count, total = _counts(k, n)
    x = np.arange(count.shape[-1], dtype=np.float64) if scores is None else np.asarray(scores)
    if x.ndim == 0 or x.shape[-1] != count.shape[-1]:
        raise ValueError(f"scores {x.shape} do not fit counts {count.shape}")
    pooled = _pooled(count, total)
    with np.errstate(divide="ignore", invalid="ignore"):
        centred = x - (total * x).sum(axis=-1, keepdims=True) / total.sum(axis=-1, keepdims=True)
        variance = (pooled * (1 - pooled))[..., 0] * (total * centred**2).sum(axis=-1)
        z = (centred * (count - total * pooled)).sum(axis=-1) / np.sqrt(variance)
    return TrendTest(z**2, z, 2 * stats.norm.sf(np.abs(z)))


@dataclass(frozen=True)
class CountSeries:
    """Reoffenders ``k`` of persons arrested ``n`` in one area, year by year."""

    years: npt.ArrayLike
    k: npt.ArrayLike
    n: npt.ArrayLike


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
class JointTrend:
    """The trends of an area and of the area it lies in, fitted together.

    Attributes
    ----------
    years : ndarray
        The years both series have; only these are used.
    same_definition : bool
        As given. True: the comparator is the parent without the area. False: the parent whole,
        and `offset` mixes the difference between areas with the difference between definitions.
    offset : Coefficient
        Logit of the area minus logit of the comparator, one slope for both.
    common : Coefficient
        That one slope per year.
    area, comparator : Coefficient
        The slope of each, when the slopes may differ.
    difference : Coefficient
        Slope of the area minus slope of the comparator (the interaction) with its test.
    dispersion : float
        Variance relative to the binomial in the model with two slopes.
    """

    years: FloatArray
    same_definition: bool
    scale: Scale
    confidence: float
    dispersion: float
    offset: Coefficient
    common: Coefficient
    area: Coefficient
    comparator: Coefficient
    difference: Coefficient


def joint_trend(
    area: CountSeries,
    parent: CountSeries,
    *,
    same_definition: bool,
    scale: Scale = "binomial",
    confidence: float = 0.95,
) -> JointTrend:
    """Fit an area and its parent with one slope, then with two, and test the difference.

    With the same definition the area's counts are taken out of the parent's, so that no person
    is on both sides. With different definitions that subtraction would be wrong: the parent
    stays whole and the offset absorbs what the definitions differ by, as long as that is
    constant on the logit. The persons on both sides then make the standard error of the
    difference slightly too large. A large parent weighs far more in the common slope.

    Parameters
    ----------
    area, parent : CountSeries
        Counts by year; the area is part of the parent.
    same_definition : bool
        Whether both count the same population, offences and meaning of reoffender.
    scale, confidence
        As in `logit_trend`; "quasi" has 2T - 3 degrees of freedom with one slope, 2T - 4 with two.

    Returns
    -------
    JointTrend

    Raises
    ------
    ValueError
        If fewer than two years are shared (three for "quasi"), counts are impossible, the area
        has more persons than the parent of the same definition, or a slope has no estimate.

    References
    ----------
    McCullagh, P. and Nelder, J. A. (1989). Generalized Linear Models, 2nd ed., chapter 4
    (parallel and separate lines).
    """
    x_area, x_parent = _distinct(area.years), _distinct(parent.years)
    shared, i, j = np.intersect1d(x_area, x_parent, return_indices=True)
    least = 2 if scale == "binomial" else 3
    if shared.size < least:
        raise ValueError(f"{least} shared years are needed, the two series share {shared.size}")
    k_area, n_area = (np.asarray(v, dtype=np.float64)[i] for v in (area.k, area.n))
    k_rest, n_rest = (np.asarray(v, dtype=np.float64)[j] for v in (parent.k, parent.n))
    if same_definition:
        k_rest, n_rest = k_rest - k_area, n_rest - n_area
        if np.any(k_rest < 0) or np.any(n_rest < k_rest):
            raise ValueError("the area is not part of the parent: taking it out leaves nothing")
    _series(shared, k_area, n_area, least)
    _series(shared, k_rest, n_rest, least)

    count, total = np.concatenate([k_area, k_rest]), np.concatenate([n_area, n_rest])
    is_area = np.repeat([1.0, 0.0], shared.size)
    year = np.tile(shared - shared.mean(), 2)
    one = _glm(count, total, np.column_stack([1 - is_area, is_area, year]), scale)
    two = _glm(
        count,
        total,
        np.column_stack([1 - is_area, is_area, (1 - is_area) * year, is_area * year]),
        scale,
    )

    def combine(fit: _Fit, *weights: float) -> Coefficient:
        w = np.array(weights)
        value, se = float(w @ fit.params), float(np.sqrt(w @ fit.covariance @ w))
        return _coefficient(value, se, fit.df, confidence)

    return JointTrend(
        years=shared,
        same_definition=same_definition,
        scale=scale,
        confidence=confidence,
        dispersion=two.dispersion,
        offset=combine(one, -1, 1, 0),
        common=combine(one, 0, 0, 1),
        area=combine(two, 0, 0, 0, 1),
        comparator=combine(two, 0, 0, 1, 0),
        difference=combine(two, 0, 0, -1, 1),
    )


def _counts(k: npt.ArrayLike, n: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return both as arrays of one shape with years on the last axis, or refuse them."""
    count, total = np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if count.ndim == 0 or count.shape != total.shape:
        raise ValueError(f"k and n must have one shape, got {count.shape} and {total.shape}")
    if not np.all((count >= 0) & (count <= total)):
        raise ValueError("counts must satisfy 0 <= k <= n")
    return count, total


def _pooled(count: FloatArray, total: FloatArray) -> FloatArray:
    """Return the share over all years, the last axis kept; NaN where it is 0, 1 or undefined."""
    hits, persons = count.sum(axis=-1, keepdims=True), total.sum(axis=-1, keepdims=True)
    usable = (hits > 0) & (hits < persons)
    return np.where(usable, hits, np.nan) / np.where(usable, persons, 1.0)


def _distinct(years: npt.ArrayLike) -> FloatArray:
    """Return the years as numbers, or refuse a year given twice."""
    x = np.asarray(years, dtype=np.float64)
    if x.ndim != 1 or np.unique(x).size != x.size:
        raise ValueError("years must be one list without repetition")
    return x


def _series(
    years: npt.ArrayLike, k: npt.ArrayLike, n: npt.ArrayLike, least: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return one series as arrays, or refuse one whose slope cannot be estimated."""
    x, (count, total) = _distinct(years), _counts(k, n)
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


def _line(x: FloatArray) -> FloatArray:
    """Return the design of a straight line; centred, so that the fit is well conditioned."""
    return np.column_stack([np.ones(x.size), x - x.mean()])


@dataclass(frozen=True)
class _Fit:
    """A binomial regression with the dispersion asked for."""

    params: FloatArray
    covariance: FloatArray
    dispersion: float
    df: float


def _glm(count: FloatArray, total: FloatArray, design: FloatArray, scale: Scale) -> _Fit:
    """Fit the binomial regression; "quasi" scales its covariance by Pearson's dispersion."""
    if scale not in ("binomial", "quasi"):
        raise ValueError(f'scale must be "binomial" or "quasi", got {scale!r}')
    # Shares weighted by n, not pairs of counts: with pairs statsmodels 0.15 leaves n out of the
    # dispersion of scale="X2", which comes out about n times too small. The scale is applied
    # here because statsmodels divides by it in every iteration, and an exact fit makes it 0.
    model = sm.GLM(count / total, design, family=sm.families.Binomial(), var_weights=total)
    with warnings.catch_warnings():
        # statsmodels warns of separation also when a fit is merely exact; `_series` has judged it.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        fit = model.fit(tol=1e-12)
    quasi = scale == "quasi"
    df = float(fit.df_resid)
    dispersion = float(fit.pearson_chi2) / df if quasi else 1.0
    return _Fit(fit.params, fit.cov_params() * dispersion, dispersion, df if quasi else np.inf)


def _coefficient(value: float, se: float, df: float, confidence: float) -> Coefficient:
    """Return the Wald test and interval; t with infinite df is the normal.

    A standard error of 0 (an exact fit whose dispersion was estimated) allows no test: NaN.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    half = float(stats.t.isf((1 - confidence) / 2, df)) * se
    statistic = value / se if se > 0 else float("nan")
    p = 2 * float(stats.t.sf(abs(statistic), df))
    return Coefficient(value, se, statistic, df, p, value - half, value + half)


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
    """Return the result for a line fitted on the design of `_line`."""
    slope = _coefficient(float(params[1]), float(np.sqrt(covariance[1, 1])), df, confidence)
    design = _line(x)
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
