"""A miniature world: a made-up city, its prefecture and nation, with invented counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from minato_analysis.cleaning.tables import COLUMNS
from minato_analysis.data import Area
from minato_analysis.data.study import Study
from minato_analysis.numbers.facts import FactBook
from minato_analysis.project.editions import Parameters

YEARS = (2017, 2018, 2019, 2020, 2021, 2022)
GROUP_YEARS = YEARS[1:]
CITY, PREFECTURE, NATION = "99001", "99000", "00000"
SOURCE = "made-up"
REPOSITORY = Path(__file__).resolve().parents[2]
"""Only the documents it describes are asked for; none is of the made-up city."""


ASKING: dict[str, Any] = {
    "has": lambda id: True,
    "lacking": lambda *_: "",
    "left_out": lambda *_: "",
    "needing": str.split,
    "unprinted": lambda figure: True,
    "beyond": True,
    "level": 0.05,
    "plan": "計画",
    "plan_en": "plan",
    "area_unit": "市",
    "document": lambda id: "計画",
    "cannabis_law": "大麻取締法",
}
"""What prose may ask besides (minato_analysis.reporting.asking), where nothing is missing."""


def rows(table: str, values: dict[int, float], **dims: str) -> list[dict[str, Any]]:
    """Return observation rows of one series by year."""
    base = {
        "source_id": SOURCE,
        "as_of": "2023-12",
        "table": table,
        "area_code": CITY,
        "station": "all",
        "offence": "penal_code_and_drugs",
        "age_band": "all",
        "unit": "persons",
        "definition": "city",
    }
    return [
        base
        | {"series_id": dims.get("source_id", SOURCE)}
        | dims
        | {
            "row": f"{dims['measure']}{dims.get('offence', '')}",
            "column": str(year),
            "year": year,
            "value": value,
            "status": "ok",
        }
        for year, value in values.items()
    ]


def counts(
    table: str, persons: dict[int, float], reoffenders: dict[int, float], **dims: str
) -> list[dict[str, Any]]:
    """Return persons arrested and reoffenders of one group by year."""
    return [
        *rows(table, persons, measure="persons_arrested", **dims),
        *rows(table, reoffenders, measure="reoffenders", **dims),
    ]


def city(persons: dict[int, float], reoffenders: dict[int, float]) -> list[dict[str, Any]]:
    """Return the indicator's table: persons, first-time and reoffenders."""
    first = {year: persons[year] - reoffenders[year] for year in persons}
    return [
        *counts("1-1", persons, reoffenders),
        *rows("1-1", first, measure="first_time"),
    ]


def study(observations: list[dict[str, Any]], **changes: Any) -> Study:
    """Return a study of the made-up city over the given observations."""
    frame = pd.DataFrame(observations, columns=list(COLUMNS)).astype(
        {"year": "Int64", "value": float}
    )
    parameters = {
        "edition": "test",
        "area_code": CITY,
        "source_id": SOURCE,
        "first_year": YEARS[0],
        "last_year": YEARS[-1],
        "groups_first_year": GROUP_YEARS[0],
        "target_year": 2029,
        "confidence": 0.95,
        "as_of": "2025-01-31",
    }
    return Study(
        notebook="test",
        parameters=Parameters(**(parameters | changes)),
        folder=REPOSITORY,
        rows=frame,
        area=Area(CITY, "city", "架空市", "Made-up City", "municipality", PREFECTURE),
        parent=Area(PREFECTURE, "prefecture", "架空県", "Made-up Prefecture", "prefecture", NATION),
        nation=Area(NATION, "nation", "全国", "Japan", "nation", ""),
        facts=FactBook("test"),
    )
