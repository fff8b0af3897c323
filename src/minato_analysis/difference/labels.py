"""What a printed value is called for a reader, and the address a reviewer opens."""

from __future__ import annotations

import pandas as pd

PRINTED_TOGETHER = {"persons_arrested": "検挙人員", "reoffenders": "再犯者"}
"""Measures that share a cell like ``28 (15)``: only there the measure has to be named."""

_CELL = ["source_id", "table", "row", "column"]


def labelled(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the columns ``address`` (source/table!row!column) and ``label``.

    Examples
    --------
    >>> rows = pd.DataFrame([["s", "3-2", "A署", "2022", one] for one in PRINTED_TOGETHER],
    ...                     columns=[*_CELL, "measure"])
    >>> list(labelled(rows)["label"])
    ['図表3-2 A署 2022（検挙人員）', '図表3-2 A署 2022（再犯者）']
    """
    shared = rows.duplicated(_CELL, keep=False)
    table = rows["table"].astype(str)
    named = table.where(~table.str[:1].str.isdigit(), "図表" + table)
    measure = rows["measure"].map(PRINTED_TOGETHER).fillna(rows["measure"])
    return rows.assign(
        address=rows["source_id"] + "/" + table + "!" + rows["row"] + "!" + rows["column"],
        label=named
        + " "
        + rows["row"]
        + " "
        + rows["column"]
        + ("（" + measure + "）").where(shared, ""),
    )
