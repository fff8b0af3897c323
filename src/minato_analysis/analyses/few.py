"""Groups of few persons, put together before a lay page shows them.

In: counts of persons by year and group. Out: counts that the rule of small numbers lets through
(:mod:`~minato_analysis.reporting.disclosure`), and which groups were put together.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from minato_analysis.numbers.facts import FEW_PERSONS

NOT_SHOWN = "で検挙された人は、年を合計しても少ないので、割合は図にしません。"
"""What stands behind the name of a group in the place of its figure."""


def any_few(counts: npt.ArrayLike) -> bool:
    """Tell whether a count lies above zero and below the threshold; missing ones do not.

    >>> any_few([0, 10, 250]), any_few([0, 9])
    (False, True)
    """
    values = np.asarray(counts, dtype=float)
    return bool(((values > 0) & (values < FEW_PERSONS)).any())


def pooled(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Put groups of few persons together.

    One group alone is never hidden, since a total minus the others would give it away: the next smallest
    joins it. Groups join, smallest first, until no sum is small.

    Parameters
    ----------
    table : pandas.DataFrame
        Counts, shape (years, groups).

    Returns
    -------
    pandas.DataFrame
        The groups that stay, in their order, and the sum of the others last, in a column named ``""``.
    list of str
        The groups in that sum, in their order; none where no group is small, or where even all groups
        together are, which then are all in it.

    Examples
    --------
    >>> kept, together = pooled(pd.DataFrame({"甲": [90, 80], "乙": [9, 12], "丙": [20, 21]}))
    >>> kept.to_dict("list"), together
    ({'甲': [90, 80], '': [29, 33]}, ['乙', '丙'])
    """
    joined = {name for name in table if any_few(table[name])}
    if not joined:
        return table, []
    order = list(table.sum().sort_values(kind="stable").index)
    for name in order:
        if len(joined) > 1 and not any_few(table[list(joined)].sum(axis=1, skipna=False)):
            break
        joined.add(name)
    together = [name for name in table if name in joined]
    kept = table.drop(columns=together)
    kept[""] = table[together].sum(axis=1, skipna=False)
    return kept, together
