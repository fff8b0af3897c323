"""Which of several printed values of one quantity counts at a date.

In: observations of all documents. Out: for every quantity the value of the newest document up to the date.
A value that replaces another one gets the status ``revised``.
"""

from __future__ import annotations

import pandas as pd

QUANTITY = (
    "series_id",
    "table",
    "area_code",
    "station",
    "offence",
    "age_band",
    "year",
    "measure",
)
"""What is the same quantity in two documents of one series."""


class RedefinedError(ValueError):
    """A later document prints a quantity under another definition: not a revision, another series."""


def current(rows: pd.DataFrame, as_of: str | None = None) -> pd.DataFrame:
    """Return the rows that count, in their order, revised ones marked.

    Parameters
    ----------
    rows : pandas.DataFrame
        Observations of all documents.
    as_of : str, optional
        Date ``YYYY-MM-DD``; documents dated later do not count. A document dated by month only counts
        from the first day of the month.

    Raises
    ------
    RedefinedError
        ``E0-REDEFINED``: a later document gives the quantity another definition.
    """
    known = rows if as_of is None else rows[rows["as_of"] <= as_of]
    if (known["source_id"] == known["series_id"]).all():
        return known
    keys = list(QUANTITY)
    last = known.groupby(keys, dropna=False)["as_of"].transform("max")
    counts = known[known["as_of"] == last]
    _same_definition(known, keys)
    replaced = revised(known)
    changed = counts.index.isin(replaced.index) & (counts["status"] == "ok")
    return counts.assign(status=counts["status"].mask(changed, "revised"))


def revised(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the newest rows of quantities whose value differs from that of an earlier document.

    Returns
    -------
    pandas.DataFrame
        The rows, with the replaced value as ``earlier``, its document as ``earlier_source_id`` and its
        date as ``earlier_as_of``.
    """
    keys = list(QUANTITY)
    ordered = rows.sort_values("as_of", kind="stable")
    before = ordered.groupby(keys, dropna=False)[["value", "source_id", "as_of"]].shift()
    told = ordered.assign(
        earlier=before["value"],
        earlier_source_id=before["source_id"],
        earlier_as_of=before["as_of"],
    )
    newest = told[~told.duplicated(keys, keep="last")]
    later = newest["earlier_as_of"].notna() & (newest["earlier_as_of"] < newest["as_of"])
    differs = later & ~(newest["value"].eq(newest["earlier"]))
    both_missing = newest["value"].isna() & newest["earlier"].isna()
    return newest[differs & ~both_missing].sort_index()


def _same_definition(rows: pd.DataFrame, keys: list[str]) -> None:
    spread = rows.groupby(keys, dropna=False)["definition"].transform("nunique")
    documents = rows.groupby(keys, dropna=False)["as_of"].transform("nunique")
    wrong = rows[(spread > 1) & (documents > 1)]
    if len(wrong):
        one = wrong.iloc[-1]
        raise RedefinedError(
            f"E0-REDEFINED {one.source_id}/{one.table}!{one.row}!{one.column}: "
            f"前の資料と定義が違います（{'、'.join(sorted(set(wrong['definition'])))}）。"
            "定義が変わった値は訂正ではありません。data/datapackage.json の reading で別の系列にするか、"
            "定義の名前をそろえてください。"
        )
