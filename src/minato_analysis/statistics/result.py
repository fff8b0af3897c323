"""What every result can do in a notebook: show itself as a table and as a few lines.

A result is a frozen dataclass of numbers and arrays. ``to_frame()`` is the table, one row for each area, year
or interval; ``summary()`` says besides what it is. Methods whose table has another shape write their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any

import numpy as np
import pandas as pd


class Result:
    """A result that can be looked at.

    Examples
    --------
    >>> from minato_analysis.statistics.comparison import compare_shares
    >>> found = compare_shares(56, 100, 500, 1000)
    >>> found.to_frame().shape[0]
    1
    >>> print(found.summary().splitlines()[0])
    Comparison: First share against second share.
    """

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each entry; single numbers are repeated, tables inside are left out."""
        found = dict(_columns(self))
        rows = max((one.size for one in found.values()), default=1)
        return pd.DataFrame(
            {
                name: np.broadcast_to(one, (rows,))
                for name, one in found.items()
                if one.size in {1, rows}
            }
        )

    def summary(self) -> str:
        """Return as text what this is, its single numbers one below the other, and its table."""
        what = (type(self).__doc__ or "").strip().partition("\n")[0]
        once = {name: one[0] for name, one in _columns(self) if one.size == 1}
        table = self.to_frame().drop(columns=list(once), errors="ignore")
        parts = [f"{type(self).__name__}: {what}"]
        parts += [pd.Series(once).to_string()] * bool(once)
        parts += [table.to_string()] * bool(table.shape[1])
        return "\n".join(parts)


def _columns(result: Any, prefix: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """Yield the fields that fit in a table, those of a result inside with its name before theirs."""
    for name, value in vars(result).items():
        if is_dataclass(value):
            yield from _columns(value, f"{prefix}{name}.")
        elif value is not None and np.ndim(value) <= 1:
            yield f"{prefix}{name}", np.atleast_1d(value)
