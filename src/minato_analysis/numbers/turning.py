"""The course of a count by year: where it was lowest or highest, and what it has done since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Literal

Course = Literal[
    "level",
    "ends lowest",
    "ends highest",
    "rises since",
    "falls since",
    "lowest within",
    "highest within",
]
"""``rises since`` the lowest year, which is not the first: no year since did not rise. ``lowest within``:
the lowest year is neither the first nor the last, and what followed went up and down. The same of the
highest, where the lowest year is the first."""


@dataclass(frozen=True)
class Turning:
    """The course of one count.

    Attributes
    ----------
    lowest, highest : int
        The year of the lowest and of the highest value; of several with the same value, the last.
    run : int
        Years at the end in which the value moved one way; 0 where the last one did not move.
    course : Course
    """

    lowest: int
    highest: int
    run: int
    course: Course


def turning(counts: Mapping[int, float]) -> Turning:
    """Return the course of a count by year.

    >>> turning({2017: 9, 2018: 5, 2019: 6, 2020: 7})
    Turning(lowest=2018, highest=2017, run=2, course='rises since')
    >>> turning({2017: 9, 2018: 5, 2019: 7, 2020: 6}).course, turning({2017: 9, 2018: 8}).course
    ('lowest within', 'ends lowest')
    >>> turning({2017: 5, 2018: 9, 2019: 7, 2020: 6}).course, turning({2017: 5, 2018: 5}).course
    ('falls since', 'level')
    """
    years, values = sorted(counts), [counts[year] for year in sorted(counts)]
    last = len(values) - 1
    low, high = (
        max(n for n, one in enumerate(values) if one == end) for end in (min(values), max(values))
    )
    ways = [(b > a) - (b < a) for a, b in pairwise(values)]
    way = ways[-1] if ways else 0
    run = len(list(takewhile(lambda one: one == way != 0, reversed(ways))))
    course: Course
    if values[low] == values[high]:
        course = "level"
    elif low == last:
        course = "ends lowest"
    elif low > 0:
        course = "rises since" if way > 0 and run >= last - low else "lowest within"
    elif high == last:
        course = "ends highest"
    else:
        course = "falls since" if way < 0 and run >= last - high else "highest within"
    return Turning(years[low], years[high], run, course)
