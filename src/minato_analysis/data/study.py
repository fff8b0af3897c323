"""What a notebook starts with: its validated parameters, its data, its facts.

``study = begin("02_reoffender_trends", globals())`` in the cell after the parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from minato_analysis import data
from minato_analysis.cleaning.years import Year, format_year
from minato_analysis.data import breaks
from minato_analysis.numbers.facts import FactBook, loads
from minato_analysis.project.editions import Parameters, newest, validate
from minato_analysis.project.prose_cells import attended


@dataclass(frozen=True)
class Study:
    """One notebook's run: who is studied, over which years, with which numbers."""

    notebook: str
    parameters: Parameters
    folder: Path
    rows: pd.DataFrame
    area: data.Area
    parent: data.Area
    nation: data.Area
    facts: FactBook
    breaks: tuple[breaks.Break, ...] = ()
    """Changes of law that may cut a series."""

    @property
    def years(self) -> list[int]:
        """Calendar years of the indicator series."""
        return list(range(self.parameters.first_year, self.parameters.last_year + 1))

    def unrecorded(self) -> Study:
        """Return the same study with an empty registry that nobody reads.

        For a document that shows what other notebooks computed: the numbers are computed again by the
        same functions, and the published facts stay those of their notebook.
        """
        return replace(self, facts=replace(self.facts, facts={}, known=None))

    def select(self, **wanted: Any) -> pd.DataFrame:
        """Return observations; see :func:`minato_analysis.data.select`."""
        return data.select(self.rows, **wanted)

    def series(self, **wanted: Any) -> pd.Series:
        """Return values by year; see :func:`minato_analysis.data.series`."""
        return data.series(self.rows, **wanted)


def latest() -> dict[str, Any]:
    """Return the parameters of the newest edition, for a notebook that is no page of one."""
    return newest(data.root()).parameters()


def begin(notebook: str, names: Mapping[str, Any], *, known_facts: bool = False) -> Study:
    """Validate the parameters and load what the notebook may use.

    Parameters
    ----------
    notebook : str
        The notebook's name, noted in every fact.
    known_facts : bool
        Whether the notebook reads the facts of those that ran before it.
    names : mapping
        Names and values of the parameters cell (see :class:`minato_analysis.project.editions.Parameters`),
        others besides: a notebook passes ``globals()``.

    Raises
    ------
    EditionError
        Missing or wrongly typed parameters.
    DataError
        Unknown area, or data that do not validate.
    """
    given = {name: names[name] for name in Parameters.model_fields if name in names}
    values = validate(Parameters, given, f"notebooks/{notebook}.ipynb", strict=True)
    folder = data.root()
    known = None
    if known_facts:
        known = loads(
            (folder / "build" / values.edition / "analysis_facts.json").read_text(encoding="utf-8")
        )
    area, parent, nation = chain(folder, values.area_code)
    rows = data.observations(folder, values.as_of)
    stations = set(rows.loc[rows["series_id"] == values.source_id, "station"]) - {"all"}
    return Study(
        notebook=notebook,
        parameters=values,
        folder=folder,
        rows=rows,
        area=area,
        parent=parent,
        nation=nation,
        facts=FactBook(
            notebook,
            known=known,
            closed=frozenset(data.closed_sources(data.descriptor(folder))),
            alone=len(stations) == 1,
            again=attended(),
        ),
        breaks=breaks.load(folder),
    )


def chain(folder: Path, area_code: str) -> tuple[data.Area, data.Area, data.Area]:
    """Return the area, its prefecture and the nation."""
    areas = data.areas(folder)
    if area_code not in areas:
        raise data.DataError(
            f"E0-AREA data/areas.csv: 地域コード「{area_code}」がありません（ある地域: {'、'.join(areas)}）。"
        )
    area = areas[area_code]
    parent = areas[area.parent_code]
    return area, parent, areas[parent.parent_code]


def names(folder: Path, parameters: Parameters) -> dict[str, str]:
    """Return the words prose may use in place of names and years, e.g. ``{{ area_name }}``."""
    area, parent, nation = chain(folder, parameters.area_code)
    found = {"edition": parameters.edition, "area_unit": unit(area.name_ja)}
    for role, one in {"area": area, "parent": parent, "nation": nation}.items():
        found |= {role: one.key, f"{role}_name": one.name_ja, f"{role}_name_en": one.name_en}
    years = {
        "first": parameters.first_year,
        "last": parameters.last_year,
        "groups_first": parameters.groups_first_year,
        "next": parameters.last_year + 1,
        "target": parameters.target_year,
    }
    for role, year in years.items():
        found |= {role: str(year), f"{role}_label": format_year(Year(year, "calendar", None))}
    return found


def unit(name: str) -> str:
    """Return what kind of municipality a name says it is, as prose calls it.

    >>> unit("架空市"), unit("架空地方")
    ('市', '地域')
    """
    return name[-1] if name[-1:] in ("区", "市", "町", "村") else "地域"
