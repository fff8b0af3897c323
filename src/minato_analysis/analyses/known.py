"""Counts some of which are withheld or not published yet: computed where known, nan elsewhere.

A pivot table would drop the cells without a number, and the methods in ``statistics`` refuse them. Here they
are applied to what is known; what depends on a missing count becomes nan, which
:meth:`minato_analysis.numbers.facts.FactBook.record` records as not known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from minato_analysis.numbers.remarks import Remark
from minato_analysis.numbers.tables import SIGNS
from minato_analysis.statistics import shrinkage

Found = TypeVar("Found")


def wide(rows: pd.DataFrame, index: str | list[str], columns: str = "measure") -> pd.DataFrame:
    """Return the values by `index` and `columns`; a cell without a number stays, as nan."""
    keys = [index] if isinstance(index, str) else index
    table = rows.set_index([*keys, columns])["value"].astype(float).unstack(columns)  # noqa: PD010
    if "year" in keys:
        years = table.index.get_level_values("year").astype(int)
        table.index = (
            years.rename("year")
            if len(keys) == 1
            else table.index.set_levels(
                table.index.levels[keys.index("year")].astype(int), level="year"
            )
        )
    return table


def total(table: pd.DataFrame | pd.Series, **how: Any) -> Any:
    """Return sums; a sum with a missing part is nan."""
    return table.sum(skipna=False, **how)


def each(method: Callable[..., Found], /, *counts: ArrayLike, **settings: Any) -> Found:
    """Return what a method says of each element; nan where one of its counts is not known.

    >>> each(lambda k, n: k / n, [1.0, float("nan")], [2.0, 4.0]).tolist()
    [0.5, nan]
    """
    arrays = [np.asarray(one, float) for one in np.broadcast_arrays(*counts)]
    there = np.asarray(np.isfinite(arrays).all(axis=0))
    if there.all():
        return method(*counts, **settings)
    if not there.any():
        # Nothing is known: any possible counts give a result of the right kind, all of it blanked.
        return _blanked(method(*(np.ones(there.shape) for _ in arrays), **settings), there)
    return _blanked(method(*(one[there] for one in arrays), **settings), there)


def p_value(test: Callable[..., Any], *counts: ArrayLike) -> float:
    """Return the p value of one test over all counts; nan where one of them is not known."""
    if not all(np.isfinite(np.asarray(one, float)).all() for one in counts):
        return float("nan")
    found = test(*counts)
    return float(getattr(found, "p", found))


def count(flags: pd.Series, of: pd.Series) -> float:
    """Return how many are so; nan where it is not known of one."""
    return float(flags.sum()) if of.notna().all() else float("nan")


def against_others(
    counts: pd.DataFrame, whole: pd.Series, confidence: float
) -> shrinkage.OthersComparison:
    """Compare every station with all the others, which are the printed whole without it.

    Parameters
    ----------
    counts : pandas.DataFrame
        Index: station. ``persons_arrested``, ``reoffenders``.
    whole : pandas.Series
        The same of all stations together; asked where a station's counts are not known.
    confidence : float
    """
    columns = ["reoffenders", "persons_arrested"]
    there = counts[columns].notna().all(axis=1).to_numpy()
    k, n = (counts[name].to_numpy() for name in columns)
    if there.all():
        return shrinkage.compare_with_others(k, n, confidence)
    rest = whole[columns] - counts.loc[there, columns].sum()
    if rest.isna().any() or not there.any():
        return _blanked(
            shrinkage.compare_with_others([1, 1], [2, 2], confidence), np.zeros(there.shape, bool)
        )
    found = shrinkage.compare_with_others(
        [*k[there], rest["reoffenders"]], [*n[there], rest["persons_arrested"]], confidence
    )
    parts = {one.name: getattr(found, one.name)[:-1] for one in fields(found)}
    return _blanked(replace(found, **parts), there)


def signs(rows: pd.DataFrame, index: list[str], columns: str = "measure") -> pd.DataFrame:
    """Return, by `index` and `columns`, the sign printed in place of a number; empty where there is one."""
    lacking = rows["value"].isna()
    marks = (
        rows["status"].map(lambda status: SIGNS.get(status, SIGNS["missing"])[0]).where(lacking, "")
    )
    return rows.assign(mark=marks).set_index([*index, columns])["mark"].unstack(columns)  # noqa: PD010


def instead(id: str, rows: pd.DataFrame) -> Remark:
    """Return what stands in the place of a figure whose numbers are not known."""
    lacking = rows[rows["value"].isna()]
    cells = dict.fromkeys(
        f'{{{{ cell("図表{one.table}「{one.row} {one.column}」") }}}}'
        for one in lacking.itertuples()
    )
    few = list(cells)[:3]
    more = "など" if len(cells) > len(few) else ""
    return Remark(
        id, (f"ここに示す図には{'、'.join(few)}{more}の値が必要ですが、公表されていません。",)
    )


def _blanked(found: Found, there: NDArray[np.bool_]) -> Found:
    """Return a result of the known elements with nan at the others."""
    if isinstance(found, tuple):
        return tuple(_blanked(one, there) for one in found)  # type: ignore[return-value]
    if is_dataclass(found) and not isinstance(found, type):
        parts = {one.name: getattr(found, one.name) for one in fields(found)}
        return replace(
            found,
            **{
                name: _spread(one, there)
                for name, one in parts.items()
                if isinstance(one, np.ndarray) and one.ndim
            },
        )
    return _spread(np.asarray(found, float), there)  # type: ignore[return-value]


def _spread(values: NDArray[np.float64], there: NDArray[np.bool_]) -> NDArray[np.float64]:
    blank = np.full(there.shape, np.nan)
    if there.any():
        blank[there] = values
    return blank


def pairs(rows: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Return printed cells as texts, stations by years: persons, and reoffenders in brackets."""
    marks = signs(rows, list(cells.index.names))
    text = {at: pair(row, marks.loc[at]) for at, row in cells.iterrows()}
    return pd.Series(text).rename_axis(cells.index.names).unstack(cells.index.names[-1])  # noqa: PD010


def pair(row: pd.Series, marks: pd.Series | None = None) -> str:
    """Return ``28 (15)``; the sign printed in place of a number that is not there.

    >>> pair(pd.Series({"persons_arrested": 28.0, "reoffenders": 15.0}))
    '28 (15)'
    """
    sign = SIGNS["missing"][0]
    persons, again = (
        f"{row[name]:.0f}" if row[name] == row[name] else sign if marks is None else marks[name]
        for name in ("persons_arrested", "reoffenders")
    )
    return persons if persons == again and not persons.isdigit() else f"{persons} ({again})"
