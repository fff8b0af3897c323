"""What is made of each measure: its notebooks, what they know, the words their prose may use, its table.

A measure more is one entry more here, and its columns in :mod:`minato_analysis.areas.measure`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from minato_analysis.areas import overview, overview_shown, records, study
from minato_analysis.areas.cases import overview_shown as cases_shown
from minato_analysis.areas.cases import records as cases_records
from minato_analysis.areas.cases import study as cases_study
from minato_analysis.areas.measure import CASES, SHARE


@dataclass(frozen=True)
class Kind:
    """The pages of one measure.

    Attributes
    ----------
    area_notebook, overview_notebook : str
        Relative to the project folder.
    area, overview : type
        Models of the inputs.
    area_names, overview_names : callable
        Return what the prose may use, of an input.
    lines : callable
        Returns header and cells of all areas as texts, for the CSV beside the overview.
    persons : bool
        Whether persons are counted, and small numbers of them withheld.
    """

    area_notebook: str
    overview_notebook: str
    area: Any
    overview: Any
    area_names: Callable[[Any], dict[str, object]]
    overview_names: Callable[[Any], dict[str, object]]
    lines: Callable[[Any], list[tuple[str, ...]]]
    persons: bool


KINDS = {
    SHARE.name: Kind(
        area_notebook="notebooks/areas/area_page.ipynb",
        overview_notebook="notebooks/areas/overview.ipynb",
        area=records.Record,
        overview=overview.Overview,
        area_names=study.names,
        overview_names=overview.names,
        lines=overview_shown.lines,
        persons=True,
    ),
    CASES.name: Kind(
        area_notebook="notebooks/areas/cases_area.ipynb",
        overview_notebook="notebooks/areas/cases_overview.ipynb",
        area=cases_records.Record,
        overview=cases_records.Overview,
        area_names=cases_study.names,
        overview_names=cases_study.overview_names,
        lines=cases_shown.lines,
        persons=False,
    ),
}

NOTEBOOKS = tuple(
    one for kind in KINDS.values() for one in (kind.area_notebook, kind.overview_notebook)
)


def of(text: str) -> Kind:
    """Return what is made of the measure of an input."""
    return KINDS[json.loads(text)["run"]["measure"]]
