"""Which counts of an area may be shown: counts of all areas in, flags out.

The rule is that of :mod:`minato_analysis.reporting.disclosure`: no count of one to nine persons and no share
of 100 %. A share gives its counts away when the persons are known, and the persons minus the reoffenders are
a count too; so the three are shown together or not at all. What is withheld must not follow from a total
either: one more area is withheld where the withheld ones are a single one or have fewer than ten together.

References
----------
A. Hundepool et al. (2012), Statistical Disclosure Control, chapter 4 (primary and secondary suppression).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from minato_analysis.areas.table import Areas
from minato_analysis.facts import FEW_PERSONS

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Showable:
    """What may be shown of each area, arrays of shape (A,).

    Attributes
    ----------
    yearly : ndarray of bool
        Every count of every single year.
    pooled : ndarray of bool
        The counts and the share of all years together.
    """

    yearly: BoolArray
    pooled: BoolArray


def showable(areas: Areas) -> Showable:
    """Return what may be shown.

    Years of an area are shown all or none: one withheld year would follow from the sum of all.
    """
    k, n = areas.reoffenders, areas.persons
    pooled = _complemented(~small(k.sum(axis=1), n.sum(axis=1)), k.sum(axis=1), n.sum(axis=1))
    return Showable(yearly=pooled & ~small(k, n).any(axis=1), pooled=pooled)


def small(k: IntArray, n: IntArray) -> BoolArray:
    """Return where k of n would show one to nine persons, or that all of them are reoffenders.

    >>> small(np.array([0, 9, 10, 12, 20, 0]), np.array([20, 40, 40, 15, 20, 0])).tolist()
    [False, True, False, True, True, False]
    """
    few = [(count > 0) & (count < FEW_PERSONS) for count in (k, n, n - k)]
    return few[0] | few[1] | few[2] | ((n > 0) & (k == n))


def _complemented(shown: BoolArray, k: IntArray, n: IntArray) -> BoolArray:
    """Withhold further areas, the smallest first, until no withheld one follows from the total."""
    shown = shown.copy()
    for area in np.argsort(n, kind="stable"):
        hidden = ~shown
        sums = [int(part[hidden].sum()) for part in (k, n - k)]
        if not hidden.any() or (hidden.sum() > 1 and min(sums) >= FEW_PERSONS):
            break
        shown[area] = shown[area] and not n[area]
    return shown
