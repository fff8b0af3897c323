"""Notebook 04: how the projections would have done in the past.

In: the series of :class:`~minato_analysis.analyses.outlook.Base`. Out: scores by model and years ahead,
in points of the share and percent, recorded as facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from minato_analysis.analyses import outlook, series
from minato_analysis.analyses.outlook import Base
from minato_analysis.analyses.series import Counts
from minato_analysis.data.study import Study
from minato_analysis.statistics import backtest, scores

MIN_YEARS = 6
"""Years a model sees at least before its first forecast: as many as the area has."""

OWN_YEARS = 3
"""The same for the area itself, which has no more."""

REPLICATES = 200
"""Small series drawn from each large one."""

SEED = 1

DRAWN = ("thinned", "levels")
"""Kinds of series that are drawn."""

FITTED_DECIMALS = 6
"""Of the scores of models fitted by an optimiser: where it stops depends on the processor, by less than
1e-9 of a point between the processors tried."""

SCORES = {
    "crps": ("points", 2, "mean continuous ranked probability score, in points of the share"),
    "wis": ("points", 2, "mean weighted interval score (80 % and 95 %), in points of the share"),
    "coverage80": ("percent", 0, "part of the observed values inside the 80 % interval"),
    "coverage95": ("percent", 0, "part of the observed values inside the 95 % interval"),
}
"""Score: unit, digits, formula."""


@dataclass(frozen=True)
class Backtests:
    """Scores of past projections.

    Attributes
    ----------
    scores : pandas.DataFrame
        Index (kind, model, years ahead; 0 years stands for all). Columns ``forecasts`` and those of
        :data:`SCORES`. Kinds: ``published``, ``thinned``: both larger regions by themselves; ``levels``: the
        thinned parent with the nation above it; ``ward``: the area itself with both above it.
    against : pandas.DataFrame
        Index (kind, model). ``crps`` minus that of the kind's model with the smallest one, ``se`` its
        standard error over the origins, ``drawn`` that of the crps over the replicates (nan: none drawn).
    cautionary : pandas.DataFrame
        Index: model (two members and the two automatic ones). The scores, all years ahead.
    """

    scores: pd.DataFrame
    against: pd.DataFrame
    cautionary: pd.DataFrame


def record_backtests(study: Study, base: Base) -> Backtests:
    """Backtest the models on the larger regions and the area, as published and thinned to its size.

    Notes
    -----
    Facts: ``backtest.<kind>.<model>.<score>``, ``….against``, ``….se`` (points),
    ``backtest.<kind>.forecasts``, ``backtest.<kind>.drawn`` (points; the largest of the models),
    ``backtest.<kind>.nominal80``; ``backtest.<kind>.clear``, 1 where the smallest crps lies below every other
    by more than two standard errors; ``backtest.<region>.forecasts`` of each series; the scores for
    ``cautionary`` as kind, ``backtest.cautionary.noise_zero|level_zero`` (percent),
    ``backtest.replicates|min_years|own_years``.
    """
    for one in _regions(base):
        series.require_one_law(study, one, "過去の年での検証")
    again, first = _stacked(base)
    rng = np.random.default_rng(SEED)
    drawn = [
        backtest.thin(*pair, base.persons, rng, REPLICATES)
        for pair in zip(again, first, strict=True)
    ]
    seen = _seen(MIN_YEARS, base.parent)
    seen_own = _seen(OWN_YEARS, base.area)
    small = backtest.own_members(backtest.SMALL)
    thinned = (np.concatenate(part) for part in zip(*drawn, strict=True))
    z, v, _ = outlook.observed(base)
    own = base.area.table[["reoffenders", "first_time"]].reindex(_years(base)).to_numpy().T
    made = {
        "published": backtest.rolling_origin(again, first, min_years=seen),
        "thinned": backtest.rolling_origin(
            *thinned,
            min_years=seen,
            models={**small, **backtest.COMPANIONS},
            scoring=scores.score_many,
        ),
        "levels": backtest.rolling_origin(
            *drawn[0],
            min_years=seen,
            models=small,
            above=(z[0], v[0]),
            settings=backtest.BELOW,
            scoring=scores.score_many,
        ),
        "ward": backtest.rolling_origin(
            *own, min_years=seen_own, above=(z[:-1, 0], v[:-1, 0]), settings=backtest.BELOW
        ),
    }
    origin = [one.rows[one.rows["value"].notna()] for one in _regions(base)]
    tables = pd.concat({kind: _table(one) for kind, one in made.items()}, names=["data"])
    against = pd.concat(
        {kind: _against(one, drawn=kind in DRAWN) for kind, one in made.items()}, names=["data"]
    )
    for kind in made:
        _record(study, f"backtest.{kind}", tables.loc[kind].xs(0, level="step"), origin)
        _record_against(study, kind, against.loc[kind], origin)
    numbers = {"replicates": REPLICATES, "min_years": seen, "own_years": seen_own}
    each = np.bincount(made["published"].series, minlength=2)
    for region, count in zip((study.parent, study.nation), each.tolist(), strict=True):
        numbers[f"{region.key}.forecasts"] = count
    for name, number in numbers.items():
        study.facts.record(
            f"backtest.{name}",
            number,
            unit="number",
            digits=0,
            from_=origin,
            formula=f"how the backtests were made: {name} (hypergeometric draws, seed {SEED})",
        )
    return Backtests(tables, against, _record_cautionary(study, base))


def _against(found: backtest.Backtest, *, drawn: bool) -> pd.DataFrame:
    """Hold each model's crps against the smallest, in points."""
    each = [100 * one.crps for one in found.scores]
    best = each[int(np.argmin([one.mean() for one in each]))]
    rows = []
    for one in each:
        difference, se = backtest.clustered_mean(one - best, found.origin)
        replicates = backtest.clustered_mean(one, found.series)[1] if drawn else np.nan
        rows.append((difference, se, replicates))
    return pd.DataFrame(rows, index=list(found.models), columns=["crps", "se", "drawn"])


def _record_against(
    study: Study, kind: str, table: pd.DataFrame, origin: list[pd.DataFrame]
) -> None:
    record: Any = study.facts.record
    others = table[table["crps"] > 0]
    clear = int((others["crps"] > 2 * others["se"]).all())
    record(
        f"backtest.{kind}.clear",
        clear,
        unit="number",
        digits=0,
        from_=origin,
        formula="1 where the smallest crps lies below every other by more than two standard errors, else 0",
    )
    for model, row in table.iterrows():
        for name, column, formula in (
            ("against", "crps", "crps minus the smallest of the models"),
            (
                "se",
                "se",
                "standard error of that difference, origins as clusters (Liang and Zeger 1986)",
            ),
        ):
            record(
                f"backtest.{kind}.{model}.{name}",
                row[column],
                unit="points",
                digits=2,
                from_=origin,
                formula=formula,
            )
    if table["drawn"].notna().all():
        record(
            f"backtest.{kind}.drawn",
            table["drawn"].max(),
            unit="points",
            digits=2,
            from_=origin,
            formula="standard error of a mean crps over the replicates, the largest of the models",
        )


def _record_cautionary(study: Study, base: Base) -> pd.DataFrame:
    """Hold the automatic models against the default, once as many years are known as for the area.

    In time the area has as many years as its parent; then two of these are left to be forecast.

    Facts: ``backtest.cautionary.years``, besides those of :func:`record_backtests`.
    """
    table = base.parent.table
    pair = table["reoffenders"], table["first_time"]
    seen = min(len(base.area.table), len(table.dropna(subset=["reoffenders", "first_time"])) - 2)
    own = backtest.rolling_origin(*pair, min_years=seen, models=backtest.own_members())
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
    for name, share in (("noise_zero", automatic.noise_zero), ("level_zero", automatic.level_zero)):
        study.facts.record(
            f"backtest.cautionary.{name}",
            100 * share,
            unit="percent",
            digits=0,
            from_=origin,
            formula="part of the unobserved-components fits whose variance of the "
            f"{'one-year noise' if name == 'noise_zero' else 'yearly movement of the level'} is zero",
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


def _regions(base: Base) -> tuple[Any, Any]:
    return base.parent, base.nation


def _seen(wanted: int, counts: Counts) -> int:
    """Return the years seen before the first forecast: one at least is left to be forecast."""
    return min(wanted, int(counts.table["share"].notna().sum()) - 1)


def _years(base: Base) -> range:
    tables = [one.table for one in base.regions]
    first, last = min(one.index.min() for one in tables), max(one.index.max() for one in tables)
    return range(int(first), int(last) + 1)


def _stacked(base: Base) -> tuple[np.ndarray, np.ndarray]:
    """Return reoffenders and first-time offenders of both regions on one axis of years, (2, T).

    Where only the share is printed, it stands for the count; rounding moves it by less than a tenth of
    what chance does in the smallest series drawn.
    """
    again, persons = [], []
    for one in _regions(base):
        table = one.table.reindex(_years(base))
        implied = (table["share"] / 100 * table["persons_arrested"]).round()
        again.append(table["reoffenders"].fillna(implied))
        persons.append(table["persons_arrested"].where(again[-1].notna()))
    return np.stack(again), np.stack(persons) - np.stack(again)


def _table(found: backtest.Backtest) -> pd.DataFrame:
    """Return the summary in points and percent, index (model, step)."""
    table = pd.DataFrame([vars(row) for row in found.summary()]).set_index(["model", "step"])
    table[list(SCORES)] *= 100
    return table
