"""What the notebook of the overview starts with: one row for each area, the facts, the names.

In: the records of all areas, or the name of a run. Out: an
:class:`Overview` and an :class:`OverviewStudy`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from minato_analysis.areas.inputs import input_of, read
from minato_analysis.areas.records import Model, Record, Run, Verdict
from minato_analysis.areas.statistics import LEAST_PERSONS, Results
from minato_analysis.areas.study import SHARE, names_of_run
from minato_analysis.areas.table import Areas
from minato_analysis.numbers.facts import FactBook, printed, stored

FUNNEL = (0.95, 0.998)
"""Levels of the two pairs of limits, about two and three standard deviations (Spiegelhalter 2005)."""


class Row(Model):
    """One area in the overview; what may not be shown, or says nothing, is none."""

    code: str
    name: str
    persons: int | None
    share: float | None
    low: float | None
    high: float | None
    shrunk: float | None
    against_all: Verdict | None
    change: Verdict | None
    trend: Verdict | None
    median: float | None
    chance: tuple[float, float, float] | None
    shares: tuple[float | None, ...]
    """By year; empty where single years are not shown."""


class Overview(Model):
    """All areas.

    Attributes
    ----------
    persons, reoffenders : int
        Of all areas and years.
    spread : float or None
        Standard deviation of the true shares between areas, in points.
    """

    run: Run
    persons: int
    reoffenders: int
    spread: float | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class OverviewStudy:
    """All areas, and the registry of the numbers their page prints."""

    overview: Overview
    facts: FactBook

    def saying(self, what: str, says: str) -> list[Row]:
        """Return the rows whose verdict on `what` (``against_all``, ``change``, ``trend``) is `says`.

        The clearest first.
        """
        found = [
            row for row in self.overview.rows if (one := getattr(row, what)) and one.says == says
        ]
        return sorted(found, key=lambda row: (getattr(row, what).p, row.code))


def row(record: Record) -> Row:
    """Return the row of an area."""
    pooled, ahead = record.pooled, record.ahead
    return Row(
        code=record.code,
        name=record.name,
        persons=pooled.persons if pooled else None,
        share=pooled.share if pooled else None,
        low=pooled.low if pooled else None,
        high=pooled.high if pooled else None,
        shrunk=record.shrunk,
        against_all=record.against_all,
        change=record.change,
        trend=record.trend,
        median=ahead.median[-1] if ahead else None,
        chance=ahead.chance if ahead else None,
        shares=record.yearly.share if record.yearly else (),
    )


def build(areas: Areas, results: Results, run: Run, rows: Iterable[Row]) -> Overview:
    """Return the overview of all areas."""
    spread = results.shrunk.spread
    return Overview(
        run=run,
        persons=int(areas.persons.sum()),
        reoffenders=int(areas.reoffenders.sum()),
        spread=None if np.isnan(spread) else stored(100 * spread),
        rows=tuple(rows),
    )


def begin(notebook: str, *, run: str) -> OverviewStudy:
    """Read all rows and record the facts.

    Raises
    ------
    AreasError
        ``E8-AREA``: there is no such run.
    """
    whole = Overview.model_validate_json(read(input_of(run)))
    study = OverviewStudy(whole, FactBook(notebook))
    _record_all(study)
    return study


def names(overview: Overview) -> dict[str, object]:
    """Return the words and flags the prose of the overview may use."""
    return {**names_of_run(overview.run), "has_spread": overview.spread is not None}


def _record_all(study: OverviewStudy) -> None:
    overview, run, rows = study.overview, study.overview.run, study.overview.rows
    compared = [row.against_all for row in rows if row.against_all]

    def add(name: str, value: float, unit: str, digits: int, formula: str) -> None:
        study.facts.record(
            f"areas.{name}",
            printed(value, digits),
            unit=unit,
            digits=digits,
            from_=f"{run.table}/areas!全地域!{run.first_year}–{run.last_year}",
            formula=formula,
        )

    add("count", run.areas, "number", 0, "number of areas in the table")
    add("persons", overview.persons, "persons", 0, "sum of persons_arrested")
    add("reoffenders", overview.reoffenders, "persons", 0, "sum of reoffenders")
    add("share", run.overall, "percent", 1, SHARE)
    add("withheld", _count(row.persons is None for row in rows), "number", 0, "areas not shown")
    add("compared", len(compared), "number", 0, f"areas with at least {LEAST_PERSONS} persons")
    limit = 100 * run.false_discoveries
    add("false_discoveries", limit, "percent", 0, "limit of the false discovery rate")
    for what in ("against_all", "change", "trend"):
        for says in ("higher", "lower", "unclear"):
            found = len(study.saying(what, says))
            formula = f"areas whose difference is {says}, Benjamini-Hochberg"
            add(f"{what}.{says}", found, "number", 0, formula)
    for level in FUNNEL:
        name = f"outside{1000 * level:.0f}"
        outside = _count(one.p < 1 - level for one in compared)
        formula = f"areas outside the exact {100 * level:g} % limits around the overall share"
        add(name, outside, "number", 0, formula)
        add(f"{name}.limit", 100 * level, "percent", 1, "level of the limits")
        by_chance = (1 - level) * len(compared)
        add(f"{name}.by_chance", by_chance, "number", 1, "areas * (1 - level), at most")
    if overview.spread is not None:
        formula = "sd of the true shares between areas, beta-binomial model of the shown areas"
        add("spread", overview.spread, "points", 1, formula)
    if run.target is not None:
        add("target", run.target, "percent", 1, "target as given")


def _count(flags: Iterable[Any]) -> int:
    return sum(map(bool, flags))
