"""What the pages of counts may know: results of all areas in, records and overview out.

Counts of cases are printed by their source and point at nobody: none is withheld.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minato_analysis.areas.cases.statistics import Results
from minato_analysis.areas.records import About, Model, Verdict, about, span, verdict
from minato_analysis.areas.settings import Settings
from minato_analysis.areas.statistics import FloatArray
from minato_analysis.areas.table import Areas
from minato_analysis.numbers.facts import stored


class Run(About):
    """What is the same for all areas of a run of counts.

    Attributes
    ----------
    index : tuple
        Of all compared areas together by year.
    dispersion : float
        How many times Poisson's variance the counts have.
    freedom : int
        Its degrees of freedom.
    """

    index: tuple[float, ...]
    dispersion: float
    freedom: int


class Area(Model):
    """One area; what the source does not give, or is not compared, is none or empty."""

    code: str
    name: str
    cases: tuple[int | None, ...]
    index: tuple[float | None, ...] = ()
    change: Verdict | None = None
    """Of the first and the last year, in percent of the first."""
    against_all: Verdict | None = None
    """Index less that of all compared areas."""

    @property
    def both(self) -> int:
        """Cases of the first and the last year."""
        return (self.cases[0] or 0) + (self.cases[-1] or 0)


class Record(Model):
    """All that is known of one area."""

    run: Run
    area: Area

    @property
    def name(self) -> str:
        """Name of the area."""
        return self.area.name


class Overview(Model):
    """All areas."""

    run: Run
    rows: tuple[Area, ...]


def overview(areas: Areas, settings: Settings, results: Results, table: str) -> Overview:
    """Return what the pages know of all areas."""
    index = results.all_index.tolist()
    run = Run(
        **about(areas, settings, table),
        span=span(
            results.index, results.all_index, 100 * results.change.low, 100 * results.change.high
        ),
        index=tuple(stored(one) for one in index) if not np.isnan(index).any() else (),
        dispersion=stored(results.scatter.value),
        freedom=results.scatter.freedom,
    )
    return Overview(run=run, rows=tuple(_rows(areas, results)))


def _rows(areas: Areas, results: Results) -> Iterator[Area]:
    for at, (code, name) in enumerate(zip(areas.codes, areas.names, strict=True)):
        cases = tuple(None if np.isnan(one) else int(one) for one in areas.cases[at])
        if np.isnan(results.change.ratio[at]):
            yield Area(code=code, name=name, cases=cases)
            continue
        ratios = [getattr(results.change, one)[at] for one in ("ratio", "low", "high")]
        yield Area(
            code=code,
            name=name,
            cases=cases,
            index=_known(results.index[at]),
            change=verdict([one - 1 for one in ratios], results.change.p[at], results.q_change[at]),
            against_all=verdict(
                [one - results.overall for one in ratios],
                results.p_overall[at],
                results.q_overall[at],
            ),
        )


def _known(values: FloatArray) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(one) else stored(float(one)) for one in values)
