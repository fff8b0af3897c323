"""Statistics of the counts of all areas in one call: counts in, a frozen dataclass of arrays out.

Only glue: the methods are those of :mod:`minato_analysis.statistics.counts`. Axes: ``A`` areas, ``T`` years.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from minato_analysis.areas.statistics import CONFIDENCE, FloatArray, adjusted
from minato_analysis.statistics import counts
from minato_analysis.statistics.counts import Change, Dispersion

LEAST_CASES = 100
"""A smaller count in the first or the last year is not compared, and has no index.

Real counts scatter several times as much as Poisson's: the range of a smaller one tells nothing.
"""


@dataclass(frozen=True, eq=False)
class Results:
    """Everything the pages say about the areas; an index is 100 in the first year.

    Attributes
    ----------
    scatter : Dispersion
        Of the counts from one year to the next.
    index : ndarray, shape (A, T)
        nan where a count is not given, or the area is not compared.
    all_index : ndarray, shape (T,)
        Of all compared areas together: each year against the first, of the areas known in both.
    overall : float
        Its last value as a ratio.
    change : Change
        Last per first count of each area with 95 % limits; nan where it is not compared.
    q_change : ndarray, shape (A,)
        Its p values, adjusted for the false discovery rate.
    p_overall, q_overall : ndarray, shape (A,)
        Of a change like that of all compared areas.
    """

    scatter: Dispersion
    index: FloatArray
    all_index: FloatArray
    overall: float
    change: Change
    q_change: FloatArray
    p_overall: FloatArray
    q_overall: FloatArray


def compute(cases: FloatArray) -> Results:
    """Compute all statistics of all areas.

    Parameters
    ----------
    cases : ndarray, shape (A, T)
        nan where there is no count.
    """
    scatter = counts.dispersion(cases, LEAST_CASES)
    enough = (cases[:, [0]] >= LEAST_CASES) & (cases[:, [-1]] >= LEAST_CASES)
    used = np.where(enough, cases, np.nan)
    first, last = used[:, 0], used[:, -1]
    change = counts.change(first, last, scatter, CONFIDENCE)
    start = np.where(np.isnan(used), 0.0, first[:, np.newaxis]).sum(axis=0)
    with np.errstate(invalid="ignore"):
        ratio = np.nansum(used, axis=0) / start
    overall = float(ratio[-1])
    p_overall = scatter.p_value(counts.scores(first, last, overall))
    return Results(
        scatter=scatter,
        index=100 * used / used[:, [0]],
        all_index=100 * ratio,
        overall=overall,
        change=change,
        q_change=adjusted(change.p),
        p_overall=p_overall,
        q_overall=adjusted(p_overall),
    )
