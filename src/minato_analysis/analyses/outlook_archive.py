"""Notebook 04: the projections as they are archived with the edition.

In: what :mod:`~minato_analysis.analyses.outlook` projected. Out: a
:class:`~minato_analysis.project.projections.Archive` that travels in the notebook's output, beside a table
of the year that will be known first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from minato_analysis.analyses.outlook import DEFAULT, Base, Projection
from minato_analysis.analyses.outlook_shown import (
    NOTE_PERSONS,
    NUMBERS,
    PERCENT,
    chance,
    model_names,
)
from minato_analysis.analyses.series import Counts
from minato_analysis.data.study import Study
from minato_analysis.numbers.tables import Table, from_frame
from minato_analysis.project import projections
from minato_analysis.project.projections import PROBABILITIES, Ahead, Archive, Known, Last, Model
from minato_analysis.statistics import target
from minato_analysis.statistics.projection import Forecast

ABOUT = {
    DEFAULT: "mean of the members' distributions in equal parts",
    "damped": "damped local trend on the logit, stationary slope, own series",
    "level": "local level on the logit without drift, own series",
    "three_level_damped": "damped local trend of the largest region, each further one the region above it "
    "plus a slowly moving deviation; regions known up to the forecast year",
    "three_level_level": "the same with a local level without drift",
    "last_value": "random walk of the logit from the last value",
    "linear_glm": "line of a binomial logit regression on the year: a scenario, not a forecast",
    "mean": "precision-weighted mean of the logits of all years, Student t",
}
"""What each model is; every one of them ends in binomial counts."""


@dataclass(frozen=True)
class Kept:
    """The archive, shown as a table of its first year."""

    archive: Archive
    table: Table

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {**self.table._repr_mimebundle_(), projections.MIME: projections.shown(self.archive)}


def archive(study: Study, base: Base, projected: Projection) -> Archive:
    """Return the distributions of every model for every year to the target year."""
    own = _known(study.area.code, base.area)
    larger = [(study.nation.code, base.nation), (study.parent.code, base.parent)]
    regions = [_known(code, one) for code, one in larger if not one.table.empty]
    settings: dict[str, int | float] = dict(vars(projected.settings))
    models = [
        Model(
            name=name,
            about=ABOUT[name],
            settings=settings if name in (DEFAULT, *projected.members) else {},
            data=(own, *(regions if name == DEFAULT or name.startswith("three") else ())),
            years=_years(base, projected, name),
        )
        for name in projected.forecasts
    ]
    return Archive(
        edition=study.parameters.edition,
        as_of=study.parameters.as_of,
        area_code=study.area.code,
        definition=base.area.definition,
        target_year=study.parameters.target_year,
        target=base.tenths / 10,
        last=Last(
            year=study.parameters.last_year,
            reoffenders=base.reoffenders,
            persons=base.persons,
            published=int(target.published_tenths(base.reoffenders, base.persons)) / 10,
        ),
        probabilities=PROBABILITIES,
        default=DEFAULT,
        models=tuple(models),
    )


def kept(study: Study, base: Base, projected: Projection) -> Kept:
    """Return the archive with a table of the year after the last one, by model."""
    whole = archive(study, base, projected)
    names = model_names(study)
    rows = {}
    for model in whole.models:
        first = model.years[0]
        (low80, high80), (low95, high95) = (
            projections.interval(first, level) for level in (0.80, 0.95)
        )
        rows[names[model.name]] = {
            "median": projections.quantile(first, 0.5),
            "low80": low80,
            "high80": high80,
            "low95": low95,
            "high95": high95,
            "p_target": 100 * first.p_target,
        }
    shown = pd.DataFrame.from_dict(rows, orient="index").rename(columns=NUMBERS)
    shown.index.name = "見方"
    table = from_frame(
        shown,
        "記録した見込み（{{ next_label }}に公表される割合）",
        {**dict.fromkeys(shown.columns, PERCENT), NUMBERS["p_target"]: chance},
        id="projection-archive",
        notes=(NOTE_PERSONS,),
    )
    return Kept(whole, table)


def _known(code: str, counts: Counts) -> Known:
    index = counts.table.index
    return Known(area_code=code, first_year=int(index.min()), last_year=int(index.max()))


def _years(base: Base, projected: Projection, name: str) -> tuple[Ahead, ...]:
    found = projected.forecasts[name]
    return tuple(
        _ahead(int(year), found.at([0], [step]), base.tenths)
        for step, year in enumerate(projected.years.index)
    )


def _ahead(year: int, forecast: Forecast, tenths: int) -> Ahead:
    persons = int(forecast.persons[0, 0])
    published = target.published_tenths(forecast.quantile(PROBABILITIES)[0, 0], persons)
    return Ahead(
        year=year,
        persons=persons,
        p_target=round(float(target.p_target(forecast, tenths)[0, 0]), 4),
        quantiles=tuple(int(one) / 10 for one in published),
    )
