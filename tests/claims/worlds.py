"""Made-up observations and documents for tests of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from minato_analysis.claims.series import Point, Series
from minato_analysis.claims.words import year_label
from minato_analysis.cleaning.tables import COLUMNS

START = 2018


def persons(*values: float, label: str = "検挙人員", unit: str = "persons") -> Series:
    """Return a count series from 2018 on."""
    points = [_point(at, value) for at, value in enumerate(values)]
    return Series(label, unit, tuple(points))


def shares(*pairs: tuple[float, float], label: str = "再犯者の割合") -> Series:
    """Return a series of shares from (part, whole) pairs, from 2018 on."""
    points = [
        _point(at, 100 * part / whole, part=part, whole=whole)
        for at, (part, whole) in enumerate(pairs)
    ]
    return Series(label, "percent", tuple(points))


def percents(*values: float) -> Series:
    """Return printed shares without their counts."""
    return Series("割合", "percent", tuple(_point(at, value) for at, value in enumerate(values)))


def _point(at: int, value: float, **counts: float) -> Point:
    return Point(year_label(START + at), value, (f"cell{at}",), START + at, **counts)


def rows(
    table: str, values: Mapping[int, float] | Sequence[float], **dims: Any
) -> list[dict[str, Any]]:
    """Return observations of one series by year."""
    by_year = values if isinstance(values, Mapping) else dict(enumerate(values, START))
    base = {
        "source_id": "made-up",
        "series_id": "made-up",
        "as_of": "2024-12",
        "table": table,
        "area_code": "99001",
        "station": "all",
        "offence": "all",
        "age_band": "all",
        "measure": "persons_arrested",
        "unit": "persons",
        "definition": "city",
        "status": "ok",
    } | dims
    name = f"{base['measure']} {base['station']} {base['offence']} {base['age_band']}"
    return [
        base | {"row": name, "column": str(year), "year": year, "value": value}
        for year, value in by_year.items()
    ]


def frame(*groups: list[dict[str, Any]]) -> pd.DataFrame:
    """Return observations as the data frame statements are held against."""
    every = [row for group in groups for row in group]
    return pd.DataFrame(every, columns=list(COLUMNS)).astype({"year": "Int64", "value": float})
