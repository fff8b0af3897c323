"""The trends of an area and of the area it lies in, fitted together.

In: two series of counts by year. Out: a frozen dataclass of coefficients on the logit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from minato_analysis.statistics.binomial_glm import (
    Coefficient,
    Fit,
    FloatArray,
    Scale,
    checked_series,
    distinct_years,
    fit_binomial,
    wald,
)
from minato_analysis.statistics.result import Result


@dataclass(frozen=True)
class CountSeries:
    """Reoffenders ``k`` of persons arrested ``n`` in one area, year by year."""

    years: npt.ArrayLike
    k: npt.ArrayLike
    n: npt.ArrayLike


@dataclass(frozen=True)
class JointTrend(Result):
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

    def to_frame(self) -> pd.DataFrame:
        """Return one row a coefficient, with its test and interval."""
        names = ("offset", "common", "area", "comparator", "difference")
        return pd.DataFrame([vars(getattr(self, name)) for name in names], index=list(names))


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
    x_area, x_parent = distinct_years(area.years), distinct_years(parent.years)
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
    checked_series(shared, k_area, n_area, least)
    checked_series(shared, k_rest, n_rest, least)

    count, total = np.concatenate([k_area, k_rest]), np.concatenate([n_area, n_rest])
    is_area = np.repeat([1.0, 0.0], shared.size)
    year = np.tile(shared - shared.mean(), 2)
    one = fit_binomial(count, total, np.column_stack([1 - is_area, is_area, year]), scale)
    two = fit_binomial(
        count,
        total,
        np.column_stack([1 - is_area, is_area, (1 - is_area) * year, is_area * year]),
        scale,
    )

    def combine(fit: Fit, *weights: float) -> Coefficient:
        w = np.array(weights)
        value, se = float(w @ fit.params), float(np.sqrt(w @ fit.covariance @ w))
        return wald(value, se, fit.df, confidence)

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
