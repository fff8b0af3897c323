"""Two groups compared over strata (years, offence groups), and many p values at once.

In: counts of one dimension, one entry per stratum: ``k1`` of ``n1`` in the first group, ``k2`` of
``n2`` in the second. Out: Mantel-Haenszel estimates, the Cochran-Mantel-Haenszel test, the
Breslow-Day test of equal odds ratios, and p values adjusted by Holm.

Where equal odds ratios are rejected, the pooled odds ratio describes no single stratum: report
the strata instead.

Strata that cannot inform a statistic are left out of it: for the odds ratio and the tests those
with an empty group, or with all or none of the persons counted; for the risk ratio those with an
empty group. statsmodels would return nan for them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

from minato_analysis.statistics.result import Result
from minato_analysis.statistics.shares import FloatArray, checked_confidence, checked_counts


@dataclass(frozen=True)
class PooledRatio(Result):
    """A Mantel-Haenszel ratio of the first group against the second.

    Attributes
    ----------
    estimate, low, high : float
        nan if the strata do not determine them (no informative stratum, or a sum of zero).
    strata : int
        Strata that went into it.
    confidence : float
        Two-sided confidence level.
    """

    estimate: float
    low: float
    high: float
    strata: int
    confidence: float


@dataclass(frozen=True)
class ChiSquaredTest(Result):
    """A chi-squared statistic with its degrees of freedom and p value (nan without strata)."""

    statistic: float
    df: int
    p_value: float


def mantel_haenszel_odds_ratio(
    k1: ArrayLike, n1: ArrayLike, k2: ArrayLike, n2: ArrayLike, confidence: float = 0.95
) -> PooledRatio:
    """Mantel-Haenszel odds ratio with the interval of Robins, Breslow and Greenland.

    Parameters
    ----------
    k1, n1, k2, n2 : array_like of counts, shape (strata,)
    confidence : float
        Two-sided confidence level.

    Raises
    ------
    ValueError
        Impossible counts, or more than one dimension.

    References
    ----------
    N. Mantel and W. Haenszel (1959), Journal of the National Cancer Institute 22, 719-748.
    J. Robins, N. Breslow and S. Greenland (1986), Biometrics 42, 311-323.

    Examples
    --------
    >>> result = mantel_haenszel_odds_ratio([16, 12], [27, 28], [5, 7], [25, 26])
    >>> f"{result.estimate:.4f} {result.low:.4f} {result.high:.4f}"
    '3.3132 1.4456 7.5934'
    """
    cells = _informative(_cells(k1, n1, k2, n2))
    a, b, c, d = cells
    if not ((a * d).any() and (b * c).any()):
        return _undetermined(cells, confidence)
    table = _stratified_table(cells)
    log_ratio, error = float(table.logodds_pooled), float(table.logodds_pooled_se)
    return _ratio_from_log(log_ratio, error, cells.shape[1], confidence)


def mantel_haenszel_risk_ratio(
    k1: ArrayLike, n1: ArrayLike, k2: ArrayLike, n2: ArrayLike, confidence: float = 0.95
) -> PooledRatio:
    """Mantel-Haenszel ratio of shares with the interval of Greenland and Robins.

    Parameters and errors as for :func:`mantel_haenszel_odds_ratio`.

    References
    ----------
    S. Greenland and J. M. Robins (1985), Biometrics 41, 55-68.

    Examples
    --------
    >>> result = mantel_haenszel_risk_ratio([16, 12], [27, 28], [5, 7], [25, 26])
    >>> f"{result.estimate:.4f} {result.low:.4f} {result.high:.4f}"
    '2.1636 1.2336 3.7948'
    """
    cells = _cells(k1, n1, k2, n2)
    cells = cells[:, (cells[:2].sum(axis=0) > 0) & (cells[2:].sum(axis=0) > 0)]
    a, b, c, d = cells
    if not (a.any() and c.any()):
        return _undetermined(cells, confidence)
    m1, m2, total, cases = a + b, c + d, a + b + c + d, a + c
    spread = np.sum((m1 * m2 * cases - a * c * total) / total**2)
    variance = spread / (np.sum(a * m2 / total) * np.sum(c * m1 / total))
    log_ratio = float(np.log(_stratified_table(cells).riskratio_pooled))
    return _ratio_from_log(log_ratio, float(np.sqrt(variance)), cells.shape[1], confidence)


def cochran_mantel_haenszel(
    k1: ArrayLike, n1: ArrayLike, k2: ArrayLike, n2: ArrayLike, continuity: bool = False
) -> ChiSquaredTest:
    """Test that the shares of both groups are equal in every stratum.

    Parameters
    ----------
    k1, n1, k2, n2 : array_like of counts, shape (strata,)
    continuity : bool
        Move the summed deviation by 1/2 (at most to zero) towards the hypothesis.

    Raises
    ------
    ValueError
        Impossible counts, or more than one dimension.

    References
    ----------
    W. G. Cochran (1954), Biometrics 10, 417-451.
    N. Mantel and W. Haenszel (1959), Journal of the National Cancer Institute 22, 719-748.

    Examples
    --------
    >>> round(cochran_mantel_haenszel([16, 12], [27, 28], [5, 7], [25, 26]).statistic, 4)
    8.3052
    """
    cells = _informative(_cells(k1, n1, k2, n2))
    if cells.shape[1] == 0:
        return ChiSquaredTest(np.nan, 1, np.nan)
    statistic = float(_stratified_table(cells).test_null_odds().statistic)
    a, b, c, d = cells
    deviation = abs(float(np.sum(a - (a + b) * (a + c) / (a + b + c + d))))
    if continuity and deviation > 0:
        # statsmodels' own correction overshoots zero when the deviation is below 1/2.
        statistic *= (max(deviation - 0.5, 0.0) / deviation) ** 2
    return ChiSquaredTest(statistic, 1, float(stats.chi2.sf(statistic, 1)))


def breslow_day(
    k1: ArrayLike, n1: ArrayLike, k2: ArrayLike, n2: ArrayLike, tarone: bool = False
) -> ChiSquaredTest:
    """Test that the odds ratio is the same in every stratum.

    Parameters
    ----------
    k1, n1, k2, n2 : array_like of counts, shape (strata,)
    tarone : bool
        Subtract Tarone's correction, with which the statistic is asymptotically chi-squared.

    Returns
    -------
    ChiSquaredTest
        Degrees of freedom: informative strata minus 1; nan with fewer than two of them.

    Raises
    ------
    ValueError
        Impossible counts, or more than one dimension.

    Notes
    -----
    statsmodels' ``StratifiedTable.test_equal_odds`` divides by zero at a pooled odds ratio of 1;
    here the quadratic for the expected cell is solved in the form that does not.

    References
    ----------
    N. E. Breslow and N. E. Day (1980), Statistical Methods in Cancer Research I, IARC, 4.4.
    R. E. Tarone (1985), Biometrika 72, 91-95.

    Examples
    --------
    >>> round(breslow_day([16, 12], [27, 28], [5, 7], [25, 26]).statistic, 4)
    1.4929
    """
    cells = _informative(_cells(k1, n1, k2, n2))
    a, b, c, d = cells
    df = cells.shape[1] - 1
    if df < 1 or not ((a * d).any() and (b * c).any()):
        return ChiSquaredTest(np.nan, max(df, 0), np.nan)
    ratio = float(_stratified_table(cells).oddsratio_pooled)
    margins = a + b, a + c
    linear = ratio * (margins[0] + margins[1]) + d - a
    product = ratio * margins[0] * margins[1]
    expected = 2 * product / (linear + np.sqrt(linear**2 + 4 * (ratio - 1) * -product))
    fitted = np.stack([expected, margins[0] - expected, margins[1] - expected, d - a + expected])
    variance = 1 / np.sum(1 / fitted, axis=0)
    statistic = float(np.sum((a - expected) ** 2 / variance))
    if tarone:
        statistic -= float(np.sum(a - expected) ** 2 / np.sum(variance))
    return ChiSquaredTest(statistic, df, float(stats.chi2.sf(statistic, df)))


def holm(p_values: ArrayLike) -> FloatArray:
    """P values adjusted for multiplicity by Holm's step-down method.

    Parameters
    ----------
    p_values : array_like, any shape
        One family. nan (no test was possible) stays nan and does not count as a test.

    Returns
    -------
    ndarray of float
        Adjusted p values in the shape and order given.

    Raises
    ------
    ValueError
        A p value outside 0 to 1.

    References
    ----------
    S. Holm (1979), Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    adjusted = np.array(p_values, dtype=float)
    tested = ~np.isnan(adjusted)
    if ((adjusted[tested] < 0) | (adjusted[tested] > 1)).any():
        raise ValueError("a p value lies outside 0 to 1.")
    found = adjusted[tested]
    order = np.argsort(found)
    # The smallest of n is multiplied by n, the next by n - 1, ...; none falls below the one before.
    stepped = np.maximum.accumulate(found[order] * np.arange(found.size, 0, -1))
    found[order] = np.minimum(stepped, 1)
    adjusted[tested] = found
    return adjusted


def _cells(k1: ArrayLike, n1: ArrayLike, k2: ArrayLike, n2: ArrayLike) -> FloatArray:
    """The four cells a, b, c, d of each stratum, shape (4, strata)."""
    first = checked_counts(k1, n1, ("k1", "n1"))
    second = checked_counts(k2, n2, ("k2", "n2"))
    a, m1, c, m2 = np.broadcast_arrays(*first, *second)
    if a.ndim != 1:
        raise ValueError(f"strata must have one dimension, not {a.ndim}.")
    return np.stack([a, m1 - a, c, m2 - c])


def _informative(cells: FloatArray) -> FloatArray:
    a, b, c, d = cells
    return cells[:, (np.stack([a + b, c + d, a + c, b + d]) > 0).all(axis=0)]


def _stratified_table(cells: FloatArray) -> StratifiedTable:
    return StratifiedTable(cells.reshape(2, 2, -1))


def _undetermined(cells: FloatArray, confidence: float) -> PooledRatio:
    return PooledRatio(np.nan, np.nan, np.nan, cells.shape[1], checked_confidence(confidence))


def _ratio_from_log(log_ratio: float, error: float, strata: int, confidence: float) -> PooledRatio:
    reach = float(stats.norm.isf((1 - checked_confidence(confidence)) / 2)) * error
    low, estimate, high = (float(np.exp(log_ratio + step)) for step in (-reach, 0.0, reach))
    return PooledRatio(estimate, low, high, strata, confidence)
