"""Count series of an area, its prefecture and the nation, picked from the observations.

A trend or a projection is fitted to :func:`one_law` of a series: the years that no change of law divides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from minato_analysis import data
from minato_analysis.data import breaks
from minato_analysis.data.study import Study

INDICATOR_OFFENCE = "penal_code_and_drugs"
SHARE = "100 * reoffenders / persons_arrested"
"""Formula of every share computed from counts."""

LEAST_YEARS = 3
"""Years a line with an uncertainty of its own needs at least."""

COUNTS = ["persons_arrested", "first_time", "reoffenders"]


def without_years(table: pd.DataFrame, years: Iterable[int]) -> pd.DataFrame:
    """Return the table without some years.

    Raises
    ------
    LookupError
        A year is not in it: a slip in the parameter `left_out` would otherwise leave out nothing.
    """
    left_out = list(years)
    if unknown := [one for one in left_out if one not in table.index]:
        raise LookupError(
            f"left_out={left_out}: {'、'.join(map(str, unknown))}は、この系列の年（{table.index[0]}〜"
            f"{table.index[-1]}）にありません。パラメータ left_out を確かめてください。"
        )
    return table.drop(index=left_out)


@dataclass(frozen=True)
class Counts:
    """Persons arrested by year, with the printed rows they come from.

    Attributes
    ----------
    table : pandas.DataFrame
        Index: year. Columns ``persons_arrested``, ``first_time``, ``reoffenders`` and ``share``
        (percent; from the counts where both are printed, else the printed share).
    rows : pandas.DataFrame
        The observations behind `table`.
    definition : str
        Definition all of them share.
    """

    table: pd.DataFrame
    rows: pd.DataFrame
    definition: str

    def mark(self, year: int) -> str:
        """Return ``r`` for a year with a value that a later document changed."""
        rows = self.rows[self.rows["year"] == year]
        return "r" if (rows["status"] == "revised").any() else ""

    def without(self, years: Iterable[int]) -> Counts:
        """Return the series without some years; they are skipped, not filled."""
        left_out = list(years)
        rows = self.rows[~self.rows["year"].isin(left_out)]
        return replace(self, table=without_years(self.table, left_out), rows=rows)

    @property
    def mark_note(self) -> tuple[str, ...]:
        """What the mark means, for the notes of a table that has one."""
        marked = any(map(self.mark, self.table.index))
        return ("r：前の資料から値が変わった年。",) if marked else ()

    def of(self, year: int) -> pd.DataFrame:
        """Return the counts' rows of one year, or its printed share where counts are not both known.

        Without either, all rows of the year: they say what is lacking.
        """
        rows = self.rows[self.rows["year"] == year]
        known = rows[rows["value"].notna()]
        counts = known[known["measure"].isin(["persons_arrested", "reoffenders"])]
        if {"reoffenders"} <= set(counts["measure"]):
            return counts
        return known if {"reoffender_share"} <= set(known["measure"]) else rows


def indicator(study: Study) -> Counts:
    """Return the series of the plan's indicator for the study's area and years."""
    found = _counts(
        study,
        series_id=study.parameters.source_id,
        area_code=study.area.code,
        offence=INDICATOR_OFFENCE,
    )
    missing = sorted(set(study.years) - set(found.table.index))
    if missing:
        raise data.DataError(
            f"E0-YEARS 指標の{missing}年の値がありません。版の first_year・last_year を確かめてください。"
        )
    kept = found.table.loc[study.years]
    return Counts(kept, found.rows[found.rows["year"].isin(study.years)], found.definition)


def parent_penal(study: Study) -> Counts:
    """Return the prefecture's penal-code series as the study's source prints it; empty where it does not."""
    return _counts_if_any(
        study,
        series_id=study.parameters.source_id,
        area_code=study.parent.code,
        offence="penal_code",
    )


def nation_penal(study: Study) -> Counts:
    """Return the nation's penal-code series: years with a share, from counts or as printed; may be empty."""
    found = _counts_if_any(
        study, series_id="national-penal-code", area_code=study.nation.code, offence="penal_code"
    )
    return Counts(found.table[found.table["share"].notna()], found.rows, found.definition)


def one_law(study: Study, counts: Counts) -> Counts:
    """Return the latest years of a series that no unbridged change of law divides.

    Returns
    -------
    Counts
        `counts` itself where no such change falls inside it. Otherwise the latest run of at least
        :data:`LEAST_YEARS` years; a year counted partly under each law belongs to no run.

    Raises
    ------
    BreakError
        ``E4-BREAK``: no run is long enough; names the law.
    """
    years = [int(year) for year in counts.table.index]
    cuts = [one for one in breaks.crossing(counts.rows, years, study.breaks) if one.bridge is None]
    if not cuts:
        return counts
    runs = [run for run in breaks.segments(years, cuts) if len(run) >= LEAST_YEARS]
    if not runs:
        raise breaks.refusal(cuts[-1], years, f"{years[0]}年からの系列")
    rows = counts.rows[counts.rows["year"].isin(runs[-1])]
    return Counts(counts.table.loc[runs[-1]], rows, counts.definition)


def require_one_law(
    study: Study, counts: Counts, what: str, *, until: int | None = None
) -> tuple[breaks.Break, ...]:
    """Return the bridged changes of law inside a series; see :func:`breaks.require_unbroken`.

    Parameters
    ----------
    study, counts
        The series, all of whose years are used together.
    what : str
        What is to be computed, for the error.
    until : int, optional
        Last year of a projection of the series.

    Raises
    ------
    BreakError
        ``E4-BREAK``: a change that nothing bridges falls inside.
    """
    years = {int(year) for year in counts.table.index} | ({until} if until else set())
    return breaks.require_unbroken(counts.rows, years, study.breaks, what)


def _counts_if_any(study: Study, **where: str) -> Counts:
    """Return :func:`_counts`, or counts of no year where the data have no reoffenders of the selection."""
    there = study.rows[study.rows["measure"] == "reoffenders"]
    for column, value in where.items():
        there = there[there[column] == value]
    if not there.empty:
        return _counts(study, **where)
    none = pd.DataFrame(columns=[*COUNTS, "share"], index=pd.Index([], dtype=int), dtype=float)
    return Counts(none, there, "")


def _counts(study: Study, **where: str) -> Counts:
    """Return the one table of the selection that prints reoffenders, by year."""
    rows = study.select(station="all", age_band="all", **where)
    source = data.select(rows, measure="reoffenders")["table"].unique()
    if len(source) != 1:
        raise data.DataError(f"E0-SERIES {where}: 再犯者数の表が{len(source)}つあります。")
    measures = [*COUNTS, "reoffender_share"]
    rows = data.select(rows, table=source[0], measure=measures)
    definitions = rows["definition"].unique()
    if len(definitions) != 1:
        raise data.DataError(
            f"E0-SERIES {where}: 定義が{len(definitions)}つ混ざっています: {', '.join(definitions)}"
        )
    table = rows.pivot_table(index="year", columns="measure", values="value").astype(float)
    table = table.reindex(columns=measures)
    table.index = table.index.astype(int)
    printed = table.pop("reoffender_share")
    table["first_time"] = table["first_time"].fillna(
        table["persons_arrested"] - table["reoffenders"]
    )
    computed = 100 * table["reoffenders"] / table["persons_arrested"]
    table["share"] = np.where(computed.notna(), computed, printed)
    return Counts(table, rows, str(definitions[0]))


def ends(counts: Counts) -> tuple[tuple[int, pd.Series], tuple[int, pd.Series]]:
    """Return the first and the last year with their rows."""
    table = counts.table
    return (int(table.index[0]), table.iloc[0]), (int(table.index[-1]), table.iloc[-1])
