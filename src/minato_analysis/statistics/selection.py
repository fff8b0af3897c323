"""What was picked because it stands out: the probability that the best of the candidates does as well.

A comparison chosen after looking is not tested by its own p value: of many comparisons by chance alone, one
is always the largest.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt

DRAWS = 200_000
"""Permutations; the standard error of a probability p is then sqrt(p (1 - p) / 200,000), at most 0.0011."""


def highest_of_sets(k: npt.ArrayLike, n: npt.ArrayLike, together: int) -> float:
    """Probability that the highest of all sets of groups is as high as the first set, by permutation.

    Under the hypothesis that all groups have one share, who of all persons is a reoffender does not depend
    on the group: given the total, the counts are multivariate hypergeometric. Of every draw the set that
    departs most upwards, in its standard deviations, is held against the first set as observed.

    Parameters
    ----------
    k, n : array_like, shape (G,)
        Reoffenders and persons by group; the first `together` groups are the set that was picked.
    together : int
        Groups in a set; the candidates are all sets of so many.

    Returns
    -------
    float
        One-sided, with a Monte-Carlo error (see :data:`DRAWS`); the draws are always the same ones.

    Raises
    ------
    ValueError
        If counts are impossible, or the set is empty or all there is.

    References
    ----------
    P. H. Westfall and S. S. Young (1993), Resampling-Based Multiple Testing, chapter 2 (max T).

    Examples
    --------
    One of two groups, the higher one: either may be it, so the p value of one side counts twice.

    >>> round(highest_of_sets([3, 0], [3, 3], 1), 2)  # exactly 2 / 20
    0.1
    """
    found, size = np.asarray(k, dtype=np.int64), np.asarray(n, dtype=np.int64)
    if not np.all((found >= 0) & (found <= size)) or not 0 < together < size.size:
        raise ValueError("counts must satisfy 0 <= k <= n, and a set leaves some groups out")
    persons, total = int(size.sum()), int(found.sum())
    sets = np.zeros((size.size, 0), dtype=np.int64)
    for chosen in combinations(range(size.size), together):
        sets = np.column_stack([sets, np.isin(np.arange(size.size), chosen)])
    inside = size @ sets
    spread = np.sqrt(np.maximum(inside * (persons - inside), 1))

    def highest(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        return ((counts @ sets - inside * (total / persons)) / spread).max(axis=-1)

    first = (found @ sets[:, 0] - inside[0] * (total / persons)) / spread[0]
    draws = np.random.default_rng(0).multivariate_hypergeometric(size, total, size=DRAWS)
    return float(np.mean(highest(draws) >= first - 1e-12))
