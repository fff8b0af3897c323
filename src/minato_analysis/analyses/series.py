"""Count series of an area, its prefecture and the nation, picked from the observations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from minato_analysis import data
from minato_analysis.study import Study

INDICATOR_OFFENCE = "penal_code_and_drugs"
SHARE = "100 * reoffenders / persons_arrested"
"""Formula of every share computed from counts."""
COUNTS = ["persons_arrested", "first_time", "reoffenders"]


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

    def of(self, year: int) -> pd.DataFrame:
        """Return the counts' rows of one year, or its printed share where counts are not both known."""
        rows = self.rows[(self.rows["year"] == year) & self.rows["value"].notna()]
        counts = rows[rows["measure"].isin(["persons_arrested", "reoffenders"])]
        return counts if {"reoffenders"} <= set(counts["measure"]) else rows


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
    """Return the prefecture's penal-code series as the study's source prints it."""
    return _counts(
        study,
        series_id=study.parameters.source_id,
        area_code=study.parent.code,
        offence="penal_code",
    )


def nation_penal(study: Study) -> Counts:
    """Return the nation's penal-code series: years with a share, from counts or as printed."""
    found = _counts(
        study, series_id="national-penal-code", area_code=study.nation.code, offence="penal_code"
    )
    return Counts(found.table[found.table["share"].notna()], found.rows, found.definition)


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
