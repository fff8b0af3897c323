"""A second reckoning: a fact computed again from its printed cells by its formula alone.

In: a fact and the cells it names. Out: the value, or none where the formula is not one this module reads.
Nothing of the package's statistics is used: the reader is that of :mod:`~minato_analysis.audit.verify_min`,
which anyone can read and run alone.

What is read
------------
- Arithmetic over measures: ``100 * reoffenders / persons_arrested``, with or without a year behind a measure
  (``first_time 2017``); where all cells hold one measure, the year alone (``2022 / 2018 - 1``).
- A name stands for one value. For the sum of the years only where the formula says so (``…, sum of the
  years``, ``… of 3 years together``) and in a share ``100 * a / b`` over cells with one value a year. A name
  that could be two values is not read.
- ``…, first year`` and ``…, last year`` take the values of that year.
- ``as printed`` behind a name, or alone where the cells hold one value.
- ``low end of the Wilson interval of …`` (also ``high end``, and with the level named) of a share.

Reference: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction

from minato_analysis.audit import verify_min
from minato_analysis.numbers.facts import Fact, display
from minato_analysis.published.cells import Cell


@dataclass(frozen=True)
class Second:
    """The second value of a fact; `value` is none where the formula is not read."""

    fact: Fact
    value: float | None

    @property
    def difference(self) -> float | None:
        """Second value less first."""
        return None if self.value is None else self.value - self.fact.value

    @property
    def agrees(self) -> bool | None:
        """Whether both are printed alike; none where there is no second value."""
        if self.value is None:
            return None
        return display(self.value, self.fact.unit, self.fact.digits) == self.fact.display


def recompute(fact: Fact, cells: Mapping[str, Cell], confidence: float) -> Second:
    """Return the second value of a fact.

    Parameters
    ----------
    fact : Fact
    cells : mapping of address to Cell
    confidence : float
        Coverage of an interval whose formula names none.
    """
    if not fact.known:
        return Second(fact, None)
    values = {
        address: [
            (one.measure, one.year, Fraction(one.value))
            for one in cells[address].values
            if one.value is not None
        ]
        for address in fact.observations
        if address in cells
    }
    try:
        return Second(fact, float(verify_min.second(asdict(fact), values, confidence)))
    except (verify_min.NotArithmetic, ZeroDivisionError):
        return Second(fact, None)
