"""Notebook 04: how the projections would have done in the past.

In: the series of :class:`~minato_analysis.analyses.outlook.Base`. Out: scores by model and years ahead,
in points of the share and percent, recorded as facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from minato_analysis.analyses import series
from minato_analysis.analyses.outlook import DEFAULT, Base
from minato_analysis.statistics import backtest
from minato_analysis.study import Study

MIN_YEARS = 3
"""Years a model sees at least before its first forecast."""

REPLICATES = 10
"""Small series drawn from each large one."""

SEED = 1

FITTED_DECIMALS = 6
"""Of the scores of models fitted by an optimiser: where it stops depends on the processor, by less than
1e-9 of a point between the processors tried."""

SCORES = {
    "crps": ("points", 2, "mean continuous ranked probability score, in points of the share"),
    "wis": ("points", 2, "mean weighted interval score (80 % and 95 %), in points of the share"),
    "coverage80": ("percent", 0, "part of the observed values inside the 80 % interval"),
    "coverage95": ("percent", 0, "part of the observed values inside the 95 % interval"),
    "miscalibration": (
        "points",
        1,
        "mean absolute distance of the two coverages from 80 % and 95 %",
    ),
}
"""Score: unit, digits, formula."""


@dataclass(frozen=True)
class Backtests:
    """Scores of past projections.

    Attributes
    ----------
    scores : pandas.DataFrame
        Index (``published`` or ``thinned``, model, years ahead; 0 years stands for all). Columns
        ``forecasts`` and those of :data:`SCORES`.
    cautionary : pandas.DataFrame
        Index: model (the default and the two automatic ones). The same columns, all years ahead.
    """

    scores: pd.DataFrame
    cautionary: pd.DataFrame


def record_backtests(study: Study, base: Base) -> Backtests:
    """Backtest the models on the larger regions, as published and thinned to the area's size.

    Notes
    -----
    Facts: ``backtest.<data>.<model>.<score>``; ``backtest.<data>.forecasts``;
    ``backtest.<data>.margin.miscalibration|crps``, the best other model's score minus the default's,
    not below 0 where no other model is better; ``.behind.…``, its negative where it is not;
    ``backtest.<data>.nominal80``; the same for ``cautionary`` as data;
    ``backtest.cautionary.at_boundary`` (percent), ``backtest.replicates``.
    """
    for one in _regions(base):
        series.require_one_law(study, one, "過去の年での検証")
    again, first = _stacked(base)
    rng = np.random.default_rng(SEED)
    drawn = [
        backtest.thin(*pair, base.persons, rng, REPLICATES)
        for pair in zip(again, first, strict=True)
    ]
    thinned = (np.concatenate(part) for part in zip(*drawn, strict=True))
    scores = pd.concat(
        {
            "published": _table(backtest.rolling_origin(again, first, min_years=MIN_YEARS)),
            "thinned": _table(backtest.rolling_origin(*thinned, min_years=MIN_YEARS)),
        },
        names=["data"],
    )
    origin = [one.rows[one.rows["measure"] != "reoffender_share"] for one in _regions(base)]
    for name in ("published", "thinned"):
        _record(study, f"backtest.{name}", scores.loc[name].xs(0, level="step"), origin)
    study.facts.record(
        "backtest.replicates",
        REPLICATES,
        unit="number",
        digits=0,
        from_=origin,
        formula=f"series drawn from each region (hypergeometric, seed {SEED})",
    )
    return Backtests(scores, _record_cautionary(study, base))


def _record_cautionary(study: Study, base: Base) -> pd.DataFrame:
    """Hold the automatic models against the default, once as many years are known as for the area.

    In time the area has as many years as its parent; then two of these are left to be forecast.

    Facts: ``backtest.cautionary.years``, besides those of :func:`record_backtests`.
    """
    table = base.parent.table
    pair = table["reoffenders"], table["first_time"]
    seen = min(len(base.area.table), len(table.dropna(subset=["reoffenders", "first_time"])) - 2)
    own = backtest.rolling_origin(*pair, min_years=seen, models={DEFAULT: backtest.MODELS[DEFAULT]})
    automatic = backtest.cautionary(*pair, min_years=seen)
    fitted = _table(automatic.backtest).round(FITTED_DECIMALS)
    found = pd.concat([_table(own), fitted]).xs(0, level="step")
    origin = [base.parent.rows[base.parent.rows["measure"] != "reoffender_share"]]
    _record(study, "backtest.cautionary", found, origin)
    study.facts.record(
        "backtest.cautionary.years",
        seen,
        unit="number",
        digits=0,
        from_=origin,
        formula="years known before the first forecast: as many as of the area, and two to forecast left",
    )
    study.facts.record(
        "backtest.cautionary.at_boundary",
        100 * automatic.at_boundary,
        unit="percent",
        digits=0,
        from_=origin,
        formula="part of the unobserved-components fits with a variance estimated as zero",
    )
    return found


def _record(study: Study, name: str, scores: pd.DataFrame, origin: list[pd.DataFrame]) -> None:
    record: Any = study.facts.record
    record(
        f"{name}.forecasts",
        int(scores["forecasts"].iloc[0]),
        unit="number",
        digits=0,
        from_=origin,
        formula="number of past forecasts scored, for each model",
    )
    for model, row in scores.iterrows():
        for score, (unit, digits, formula) in SCORES.items():
            record(
                f"{name}.{model}.{score}",
                row[score],
                unit=unit,
                digits=digits,
                from_=origin,
                formula=formula,
            )
    record(
        f"{name}.nominal80",
        80,
        unit="percent",
        digits=0,
        from_=origin,
        formula="part of the observed values the 80 % interval should contain",
    )
    for score in ("miscalibration", "crps"):
        margin = scores[score].drop(index=DEFAULT).min() - scores.loc[DEFAULT, score]
        least = f"smallest {score} of the other models"
        for part, value, formula in (
            ("margin", margin, f"{least} minus that of {DEFAULT}"),
            ("behind", max(-margin, 0.0), f"{score} of {DEFAULT} minus the {least}, not below 0"),
        ):
            record(
                f"{name}.{part}.{score}",
                value,
                unit="points",
                digits=SCORES[score][1],
                from_=origin,
                formula=formula,
            )


def _regions(base: Base) -> tuple[Any, Any]:
    return base.parent, base.nation


def _stacked(base: Base) -> tuple[np.ndarray, np.ndarray]:
    """Return reoffenders and first-time offenders of both regions on one axis of years, (2, T)."""
    tables = [one.table for one in _regions(base)]
    ends = [int(one.index.min()) for one in tables], [int(one.index.max()) for one in tables]
    aligned = [one.reindex(range(min(ends[0]), max(ends[1]) + 1)) for one in tables]
    return (
        np.stack([one["reoffenders"] for one in aligned]),
        np.stack([one["first_time"] for one in aligned]),
    )


def _table(found: backtest.Backtest) -> pd.DataFrame:
    """Return the summary in points and percent, index (model, step)."""
    table = pd.DataFrame([vars(row) for row in found.summary()]).set_index(["model", "step"])
    table[list(SCORES)] *= 100
    return table
