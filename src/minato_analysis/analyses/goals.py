"""The target of a plan, in the form the plan prints it: a share, a number of persons, or a fall.

In: the observations of a study. Out: a :class:`Goal`, whose share every answer about the target uses.
A number of persons, or a fall of it, is turned into a share at the persons arrested of the last year: the
future denominator of every answer. The id of a fall ends with the year it is counted from
(``target-persons-fall-2018``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from minato_analysis import data
from minato_analysis.data.target_forms import MEASURES

if TYPE_CHECKING:
    import pandas as pd

    from minato_analysis.analyses.series import Counts
    from minato_analysis.data.study import Study


@dataclass(frozen=True, eq=False)
class Goal:
    """The target of the edition's target year.

    Attributes
    ----------
    form : str
        A key of :data:`~minato_analysis.data.target_forms.FORMS`.
    printed : float
        As printed.
    tenths : int
        The largest published share that meets it, tenths of a percent.
    base : int or None
        Year a fall is counted from.
    persons : int or None
        Reoffenders a target in persons allows.
    rows : pandas.DataFrame
        The printed target, and for the other forms the counts its share is computed from.
    formula : str
    """

    form: str
    printed: float
    tenths: int
    base: int | None
    persons: int | None
    rows: pd.DataFrame
    formula: str


def goal(study: Study, area: Counts) -> Goal:
    """Return the target.

    Parameters
    ----------
    study : Study
    area : Counts
        The indicator.

    Raises
    ------
    DataError
        ``E0-TARGET``: none or several, or a fall from a year that is not known.
    """
    import pandas as pd  # noqa: PLC0415

    from minato_analysis.statistics.target import published_tenths  # noqa: PLC0415

    found = _printed(study)
    if len(found) != 1:
        raise data.DataError(
            f"E0-TARGET {study.area.code}: 目標値が{len(found)}つあります"
            f"（{study.parameters.target_year}年）。prose.csv には、目標を一つだけ書いてください。"
        )
    form, value = MEASURES[found["measure"].iloc[0]], float(found["value"].iloc[0])
    if form == "share":
        return Goal(form, value, round(10 * value), None, None, found, "target as printed")
    last = int(area.table.index[-1])
    base = _base(str(found["row"].iloc[0]), area) if form.endswith("fall") else None
    used = [one for one in (base, last) if one is not None]
    counts = area.rows[area.rows["year"].isin(used) & area.rows["value"].notna()]
    rows = pd.concat([found, counts])
    if form == "share-fall":
        tenths = int(1000 * _left(area, base, value) / area.table.loc[base, "persons_arrested"])
        formula = "share of the base year * (1 - fall), rounded down to one decimal"
        return Goal(form, value, tenths, base, None, rows, formula)
    persons = int(area.table.loc[last, "persons_arrested"])
    most = min(int(value if base is None else _left(area, base, value)), persons)
    formula = "100 * reoffenders the target allows / persons arrested of the last year"
    return Goal(form, value, int(published_tenths(most, persons)), base, most, rows, formula)


def _printed(study: Study) -> pd.DataFrame:
    rows, parameters = study.rows, study.parameters
    return rows[
        (rows["series_id"] == parameters.source_id)
        & (rows["area_code"] == study.area.code)
        & rows["measure"].isin(MEASURES)
        & (rows["year"] == parameters.target_year)
        & rows["value"].notna()
    ]


def _left(area: Counts, base: int | None, fall: float) -> float:
    """Return the reoffenders of the base year without a fall in percent; exact sums stay whole."""
    return float(area.table.loc[base, "reoffenders"]) * (100 - fall) / 100 + 1e-9


def _base(id: str, area: Counts) -> int:
    year = id.rpartition("-")[2]
    if not year.isdecimal() or int(year) not in area.table.index:
        raise data.DataError(
            f"E0-TARGET {id}: 減少率を数える年が、指標の年（{area.table.index[0]}から"
            f"{area.table.index[-1]}まで）にありません。番号の終わりに年を書いてください"
            f"（例 target-persons-fall-{area.table.index[0]}）。"
        )
    return int(year)


def asked(study: Study, area: Counts) -> Goal | None:
    """Return the target; none where the data have none of the target year."""
    return None if _printed(study).empty else goal(study, area)
