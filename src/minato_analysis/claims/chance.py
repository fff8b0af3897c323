"""The tests behind the words: is a change or a difference more than chance?

In: counts. Out: p values. Shares use the trends and comparisons of :mod:`minato_analysis.statistics`;
counts without a denominator are handled here.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


@dataclass(frozen=True)
class CountTrend:
    """Change of a count per year (percent), two-sided p, and the dispersion used."""

    percent: float
    p: float
    dispersion: float
    log_slope: float
    se: float


def count_trend(years: ArrayLike, counts: ArrayLike) -> CountTrend:
    """Log-linear trend of a count with more spread than Poisson's allowed for.

    Poisson regression on the year; standard errors times the root of Pearson's dispersion, which is
    not taken below 1; t with T - 2 degrees of freedom.

    Parameters
    ----------
    years, counts : array_like, shape (T,)
        At least three years; at least one count above 0.

    Raises
    ------
    ValueError
        Fewer than three years, or nothing but zeros.

    References
    ----------
    P. McCullagh and J. A. Nelder (1989), Generalized Linear Models, 2nd ed., chapter 6.

    Examples
    --------
    AIDS cases in Belgium 1981-1993 (Wood 2006, Generalized Additive Models, section 2.3.2; there the
    coefficient is 0.2021, its Poisson standard error 0.0078):

    >>> cases = [12, 14, 33, 50, 67, 74, 123, 141, 165, 204, 253, 246, 240]
    >>> trend = count_trend(range(1, 14), cases)
    >>> round(trend.log_slope, 4), round(trend.se / trend.dispersion**0.5, 4)
    (0.2021, 0.0078)
    """
    import statsmodels.api as sm  # noqa: PLC0415 - 1 s
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning  # noqa: PLC0415

    x, y = np.asarray(years, dtype=float), np.asarray(counts, dtype=float)
    if x.size < 3:
        raise ValueError(f"a trend needs at least 3 years, got {x.size}")
    if not (y > 0).any():
        raise ValueError("a trend needs at least one count above 0")
    design = np.column_stack([np.ones(x.size), x - x.mean()])
    with warnings.catch_warnings():
        # statsmodels takes an exact fit for a separated one; counts on a straight line are no problem.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        fit = sm.GLM(y, design, family=sm.families.Poisson()).fit()
    df = x.size - 2
    dispersion = max(1.0, float(fit.pearson_chi2) / df)
    slope, se = float(fit.params[1]), float(fit.bse[1]) * math.sqrt(dispersion)
    p = 2 * float(stats.t.sf(abs(slope) / se, df))
    return CountTrend(100 * math.expm1(slope), p, dispersion, slope, se)


def equal_counts(first: float, second: float) -> float:
    """Two-sided p that two Poisson counts have one mean: exact binomial test given their sum.

    References
    ----------
    J. Przyborowski and H. Wilenski (1940), Biometrika 31, 313-323.

    Examples
    --------
    >>> equal_counts(10, 10)
    1.0
    """
    total = int(first + second)
    return float(stats.binomtest(int(first), total, 0.5).pvalue) if total else 1.0
