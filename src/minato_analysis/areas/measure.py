"""What is counted in a table of areas: the columns of its counts, and the words about them.

A table is of one measure; the columns of its first line say which. What is computed and shown of a measure
stands in :mod:`minato_analysis.areas.kinds`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One measure.

    Attributes
    ----------
    name : str
    counts : tuple of str
        Columns of the counts.
    called, unit : str
        What the first of them counts, and its unit, in sentences.
    gaps : bool
        Whether a year may be without a count, written ``…``.
    checked : str
        What was checked, as the header strip of a page prints it.
    title, population : str
        Printed where the settings of a run say nothing else.
    """

    name: str
    counts: tuple[str, ...]
    called: str
    unit: str
    gaps: bool
    checked: str
    title: str
    population: str

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of a table in long form."""
        return ("area_code", "area_name", "year", *self.counts)


SHARE = Measure(
    name="share",
    counts=("persons_arrested", "reoffenders"),
    called="人数",
    unit="人",
    gaps=False,
    checked="表の形式、年のそろい、人数の大小を確認",
    title="地域別にみた再犯者の割合",
    population="検挙された人",
)
"""Reoffenders among the persons arrested."""

CASES = Measure(
    name="cases",
    counts=("recognised_cases",),
    called="件数",
    unit="件",
    gaps=True,
    checked="表の形式、年のそろいを確認",
    title="地域別にみた認知件数",
    population="認知された刑法犯",
)
"""Recognised cases: cases, not persons, so that no count is withheld."""

MEASURES = {one.name: one for one in (SHARE, CASES)}
