"""Which counts of an area may be shown: counts of all areas in, flags out.

The rule is that of :mod:`minato_analysis.reporting.disclosure`: no count of one to nine persons and no share
of 100 %. A share gives its counts away when the persons are known, and the persons minus the reoffenders are
a count too; so the three are shown together or not at all.

What is withheld must not follow from anything else by addition and subtraction either:

- from a **total**: of all areas, which the overview prints; of a prefecture or a city, which others print
  (:mod:`minato_analysis.areas.hierarchy`). Where the withheld ones below a total are a single one or have
  fewer than ten together, further ones are withheld, the smallest first.
- from **earlier publications** of the same areas: what a year adds to a sum that was published before.

Both are one question: which sums over years can a reader work out? The ends of years are points; a known sum
over the years between two points joins them. A reader knows the sum between any two points that are joined,
and of no others; and what several areas have together where a total is joined and they are not.

References
----------
A. Hundepool et al. (2012), Statistical Disclosure Control, chapter 4 (primary and secondary suppression).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from minato_analysis.areas.hierarchy import parent
from minato_analysis.areas.table import Areas
from minato_analysis.numbers.facts import FEW_PERSONS

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


class Published(BaseModel):
    """Which sums a run has published: `first` to `last` year of `yearly` and `pooled`, and of all codes.

    Of the areas in `yearly` each single year was published too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    population: str
    first: int
    last: int
    yearly: tuple[str, ...]
    pooled: tuple[str, ...]
    withheld: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Showable:
    """What may be shown of each area, arrays of shape (A,).

    Attributes
    ----------
    yearly : ndarray of bool
        Every count of every single year.
    pooled : ndarray of bool
        The counts and the share of all years together.
    total : bool
        The sum of all areas.
    """

    yearly: BoolArray
    pooled: BoolArray
    total: bool = True


def showable(areas: Areas, earlier: Sequence[Published] = ()) -> Showable:
    """Return what may be shown.

    Years of an area are shown all or none: one withheld year would follow from the sum of all.

    Parameters
    ----------
    areas : Areas
    earlier : sequence of Published
        What was published before, of the same population.
    """
    first = _Readers(areas, ())
    first.withhold()
    if not earlier:
        return first.showable()
    again = _Readers(areas, earlier)
    again.yearly &= first.yearly
    again.pooled &= first.pooled
    again.withhold()
    return again.showable()


def small(k: IntArray, n: IntArray) -> BoolArray:
    """Return where k of n would show one to nine persons, or that all of them are reoffenders.

    >>> small(np.array([0, 9, 10, 12, 20, 0]), np.array([20, 40, 40, 15, 20, 0])).tolist()
    [False, True, False, True, True, False]
    """
    few = [(count > 0) & (count < FEW_PERSONS) for count in (k, n, n - k)]
    return few[0] | few[1] | few[2] | ((n > 0) & (k == n))


@dataclass
class _Total:
    """A sum over areas that readers know: its members, shape (A,), and its points, shape (1, P)."""

    members: BoolArray
    points: IntArray


class _Readers:
    """What readers can work out, and what is withheld from them.

    Points are the ends of years, of those before the table too; ``points[a, p]`` is the same number for all
    points that are joined for area `a`.
    """

    def __init__(self, areas: Areas, earlier: Sequence[Published]) -> None:
        self._first, self._last = areas.years[0] - 1, areas.years[-1]
        self._start = min([self._first, *(one.first - 1 for one in earlier)])
        end = max([self._last, *(one.last for one in earlier)])
        codes = np.array(areas.codes)
        apart = np.arange(end - self._start + 1)
        self._before = np.tile(apart, (codes.size, 1))
        for one in earlier:
            self._join(self._before, np.isin(codes, one.yearly), one.first - 1, one.last, True)
            self._join(self._before, np.isin(codes, one.pooled), one.first - 1, one.last)
        zero = np.zeros((codes.size, 1), np.int64)
        self._k = np.hstack([zero, areas.reoffenders.cumsum(axis=1)])
        self._n = np.hstack([zero, areas.persons.cumsum(axis=1)])
        self._totals = list(self._all(codes, apart, earlier))
        self._total_is_shown = True
        self.pooled = self._primary()
        self.yearly = self.pooled & ~small(areas.reoffenders, areas.persons).any(axis=1)

    def showable(self) -> Showable:
        return Showable(yearly=self.yearly, pooled=self.pooled, total=self._total_is_shown)

    def _all(
        self, codes: npt.NDArray[np.str_], apart: IntArray, earlier: Sequence[Published]
    ) -> Iterable[_Total]:
        """Yield the total of all areas, first, then all others that are known."""
        table = set(codes.tolist())
        whole = _Total(np.ones(codes.size, bool), apart[None].copy())
        self._join(whole.points, ..., self._first, self._last)
        others = []
        for one in earlier:
            members = {*one.yearly, *one.pooled, *one.withheld}
            total = whole
            if members != table:
                # An area that is not in the table any more is known, or hides the others.
                if not members & table or (members - table) & set(one.withheld):
                    continue
                total = _Total(np.isin(codes, list(members)), apart[None].copy())
                others.append(total)
            self._join(total.points, ..., one.first - 1, one.last)
        yield whole
        yield from others
        parents = np.array([parent(code) for code in codes.tolist()])
        for name in np.unique(parents):
            total = _Total(parents == name, apart[None].copy())
            self._join(total.points, ..., self._first, self._last)
            for one in earlier:
                if name in one.yearly or name in one.pooled:
                    every = name in one.yearly
                    self._join(total.points, ..., one.first - 1, one.last, every)
            yield total

    def _join(
        self, points: IntArray, rows: BoolArray | object, first: int, last: int, every: bool = False
    ) -> None:
        """Join two ends of years, and with `every` those between, of some rows."""
        ends = range(first, last) if every else [first]
        for one in ends:
            here, there = one - self._start, (one + 1 if every else last) - self._start
            some = points[rows]  # type: ignore[index]
            some[...] = np.where(some == some[:, [there]], some[:, [here]], some)
            points[rows] = some  # type: ignore[index]

    def _joined(self, points: IntArray, i: int, j: int) -> BoolArray:
        """Tell where the sum over the years of the table between its ends `i` and `j` is known."""
        at = self._first - self._start
        return np.asarray(points[:, at + i] == points[:, at + j])

    def _ends(self) -> Iterable[tuple[int, int]]:
        return combinations(range(self._n.shape[1]), 2)

    def _primary(self) -> BoolArray:
        """Return where the sum of all years is not small, and none with what was published before."""
        after = self._before.copy()
        self._join(after, ..., self._first, self._last)
        shown = ~small(self._k[:, -1], self._n[:, -1])
        for i, j in self._ends():
            new = self._joined(after, i, j) & ~self._joined(self._before, i, j)
            shown &= ~(new & small(self._k[:, j] - self._k[:, i], self._n[:, j] - self._n[:, i]))
        return shown

    def _points(self, rows: IntArray) -> IntArray:
        """Return the points of some areas as they are joined with what is shown now."""
        points = self._before[rows]
        self._join(points, self.pooled[rows], self._first, self._last)
        self._join(points, self.yearly[rows], self._first, self._last, True)
        return points

    def withhold(self) -> None:
        """Withhold further areas until no withheld count follows from a total."""
        known = [
            (number, i, j)
            for number, total in enumerate(self._totals)
            for i, j in self._ends()
            if self._joined(total.points, i, j)[0]
        ]
        size = -1
        while size != (size := int(self.yearly.sum() + self.pooled.sum())):
            for number, i, j in known:
                self._protect(number, i, j)

    def _protect(self, number: int, i: int, j: int) -> None:
        """Withhold areas below a total until those that are not known hide each other."""
        members = np.flatnonzero(self._totals[number].members)
        members = members[np.argsort(self._n[members, -1], kind="stable")]
        k, n = self._unknown(members, i, j)
        for place, at in enumerate(members.tolist()):
            if _hide_each_other(k, n):
                return
            if not n[place] and self._hides(at, i, j):
                k[place], n[place] = (one[0] for one in self._unknown(np.array([at]), i, j))
        # Nothing is left to withhold. Only the first total is ours to print or not.
        if number == 0 and not _hide_each_other(k, n) and bool(small(k.sum(), n.sum())):
            self._total_is_shown = False

    def _hides(self, at: int, i: int, j: int) -> bool:
        """Withhold an area's single years or all of it, if its sum from `i` to `j` is unknown then."""
        before = self.yearly[at], self.pooled[at]
        for flags in (self.yearly, self.pooled):
            if flags[at]:
                flags[at] = False
                if self._unknown(np.array([at]), i, j)[1][0] > 0:
                    return True
        self.yearly[at], self.pooled[at] = before
        return False

    def _unknown(self, rows: IntArray, i: int, j: int) -> tuple[IntArray, IntArray]:
        """Return reoffenders and persons from `i` to `j` that are left when all known sums are taken away.

        Of the areas in `rows`. Points joined with `i` and `j` are as good as these: the fewest persons count.
        """
        points, at = self._points(rows), self._first - self._start
        k, n = np.zeros(rows.size, np.int64), np.zeros(rows.size, np.int64)
        least = np.full(rows.size, np.iinfo(np.int64).max)
        unknown = ~self._joined(points, i, j)
        wanted = points[:, at + i], points[:, at + j]
        for p, q in self._ends():
            ends = points[:, at + p], points[:, at + q]
            same = (ends[0] == wanted[0]) & (ends[1] == wanted[1])
            turned = (ends[0] == wanted[1]) & (ends[1] == wanted[0])
            persons = self._n[rows, q] - self._n[rows, p]
            better = unknown & (same | turned) & (persons < least)
            least = np.where(better, persons, least)
            k = np.where(better, self._k[rows, q] - self._k[rows, p], k)
            n = np.where(better, persons, n)
        return k, n


def _hide_each_other(k: IntArray, n: IntArray) -> bool:
    """Tell whether unknown counts, of which the sums are known, do not follow from these."""
    several = int((n > 0).sum()) > 1
    return not n.any() or (several and min(k.sum(), (n - k).sum()) >= FEW_PERSONS)
