"""Notebook 04: where the indicator will be in the target year, and what would reach the target.

In: a :class:`~minato_analysis.study.Study`. Out: frozen dataclasses and data frames (shares in
percent), their numbers recorded as facts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from minato_analysis import data
from minato_analysis.analyses import series
from minato_analysis.analyses.series import Counts
from minato_analysis.facts import Fact
from minato_analysis.statistics import backtest, companions, projection, shares, target
from minato_analysis.study import Study

RUN = 5
"""Years without a gap that a larger region's series needs at least to be compared over time."""

DEFAULT = "damped_trend"
DOTS = 20
"""Equally likely outcomes drawn as dots."""

BINOMIAL = "binomial at the last observed number of persons arrested"
NUMBERS = {
    "mean": "mean of the share",
    "median": "median of the share",
    "low80": "lower end of the central 80 % interval of the share",
    "high80": "upper end of the central 80 % interval of the share",
    "low95": "lower end of the central 95 % interval of the share",
    "high95": "upper end of the central 95 % interval of the share",
    "p_target": "probability in percent that the published value is at most the target",
}
"""What is recorded of a forecast, and how a formula says it."""


@dataclass(frozen=True)
class Base:
    """What every answer starts from.

    Attributes
    ----------
    area, parent, nation : Counts
        Counts by year without a gap; the area's table has ``low`` and ``high`` besides (percent).
    goal : pandas.DataFrame
        The observation of the target.
    tenths : int
        Target in tenths of a percent.
    reoffenders, first_time, persons : int
        Counts of the area's last year; `persons` is the future denominator too.
    years : int
        Years from the last year to the target year.
    """

    area: Counts
    parent: Counts
    nation: Counts
    goal: pd.DataFrame
    tenths: int
    reoffenders: int
    first_time: int
    persons: int
    years: int

    @property
    def share(self) -> float:
        """Share of the area's last year, as a proportion."""
        return self.reoffenders / self.persons

    @property
    def counts(self) -> pd.DataFrame:
        """The printed counts of the area."""
        return _counts(self.area)

    @property
    def last(self) -> pd.DataFrame:
        """The printed counts of the area's last year."""
        return self.counts[self.counts["year"] == int(self.area.table.index[-1])]


@dataclass(frozen=True, eq=False)
class Projection:
    """The projection of the area.

    Attributes
    ----------
    forecasts : dict of str to Forecast
        By model, the default first; the last step is the target year.
    models : pandas.DataFrame
        Index: model. The target year's columns of :data:`NUMBERS`, percent.
    years : pandas.DataFrame
        Index: year. The default's columns of :data:`NUMBERS`, percent.
    dots : ndarray, shape (DOTS,)
        Equally likely shares of the target year by the default, percent.
    met : ndarray of bool, shape (DOTS,)
        Whether each publishes as at most the target.
    """

    forecasts: dict[str, projection.Forecast]
    models: pd.DataFrame
    years: pd.DataFrame
    dots: NDArray[np.float64]
    met: NDArray[np.bool_]


def start(study: Study) -> Base:
    """Return the series and the target, and record how far apart they are.

    All three series end up within one law (see :func:`minato_analysis.analyses.series.one_law`), and so
    do the years to the target year.

    Raises
    ------
    BreakError
        ``E4-BREAK``: a change of law that nothing bridges falls between the years known and the target
        year, or leaves too few years under one law.

    Notes
    -----
    Facts: ``target.share`` (percent), ``target.gap`` (points), ``target.years``.
    """
    end = study.parameters.target_year
    area, parent, nation = (
        series.one_law(study, one)
        for one in (
            series.indicator(study),
            _contiguous(series.parent_penal(study)),
            _contiguous(series.nation_penal(study)),
        )
    )
    for one in (area, parent, nation):
        series.require_one_law(study, one, f"{end}年までの見込み", until=end)
    interval = shares.wilson(
        area.table["reoffenders"], area.table["persons_arrested"], study.parameters.confidence
    )
    area.table["low"], area.table["high"] = 100 * interval.low, 100 * interval.high
    goal = study.select(
        series_id=study.parameters.source_id,
        area_code=study.area.code,
        table="prose",
        measure="target_share",
        year=end,
    )
    if len(goal) != 1:
        raise data.DataError(f"E0-TARGET {study.area.code}: 目標値が{len(goal)}つあります。")
    value, last = float(goal["value"].iloc[0]), area.table.iloc[-1]
    base = Base(
        area,
        parent,
        nation,
        goal=goal,
        tenths=round(10 * value),
        reoffenders=int(last["reoffenders"]),
        first_time=int(last["first_time"]),
        persons=int(last["persons_arrested"]),
        years=end - study.parameters.last_year,
    )
    book = study.facts
    book.record(
        "target.share", value, unit="percent", digits=1, from_=goal, formula="target as printed"
    )
    book.record(
        "target.gap",
        100 * base.share - value,
        unit="points",
        digits=1,
        from_=[goal, base.last],
        formula="100 * reoffenders / persons arrested of the last year - target",
    )
    book.record(
        "target.years",
        base.years,
        unit="number",
        digits=0,
        from_=[goal, base.last],
        formula="target year - last observed year",
    )
    return base


def record_projection(study: Study, base: Base) -> Projection:
    """Project the share by every model and record the results.

    Notes
    -----
    Facts: ``projection.<target year>.<model>.<number>`` for the models ``damped_trend``,
    ``last_value``, ``linear_glm``, ``mean``, ``<parent>_anchored``, ``<nation>_anchored``;
    ``projection.<year>.damped_trend.<number>`` for every year; numbers see :data:`NUMBERS`.
    ``projection.<target year>.damped_trend.dots.total|met``;
    ``projection.<target year>.models.p_target.low|high``, the range over all models;
    ``projection.<target year>.base.last_year``;
    ``projection.<target year>.<parent or nation>_anchored.last_year`` and ``.same_years.p_target``,
    the answer without the years after the area's last one.
    """
    counts = base.area.table["reoffenders"], base.area.table["first_time"]
    end = study.parameters.target_year
    found = {
        name: model(*counts, np.full((1, base.years), base.persons), base.years)
        for name, model in backtest.MODELS.items()
    }
    relatives = larger_regions(study, base)
    study.facts.record(
        f"projection.{end}.base.last_year",
        study.parameters.last_year,
        unit="year",
        digits=0,
        from_=base.last,
        formula="last observed year of the area",
    )
    for name, relative in relatives.items():
        found[name] = anchored(base, relative, name, end)
        _record_same_years(study, base, relative, name)
    models = pd.DataFrame({name: _numbers(one, base)[-1] for name, one in found.items()}).T
    models.columns = pd.Index(list(NUMBERS))
    years = pd.DataFrame(
        _numbers(found[DEFAULT], base),
        index=range(end - base.years + 1, end + 1),
        columns=list(NUMBERS),
    )
    for year, row in years.iterrows():
        _record_forecast(study, base, f"projection.{year}.{DEFAULT}", row, [base.counts])
    for name, row in models.drop(index=DEFAULT).iterrows():
        origin = [base.counts, *([_counts(relatives[name])] if name in relatives else [])]
        _record_forecast(study, base, f"projection.{end}.{name}", row, origin)
    _record_ends(
        study,
        base,
        f"projection.{end}.models.p_target",
        models["p_target"],
        0,
        "models of the table",
    )
    middle = (np.arange(DOTS) + 0.5) / DOTS
    outcomes = found[DEFAULT].quantile(middle)[0, -1]
    met = target.meets_target(outcomes, np.full(DOTS, base.persons), base.tenths)
    for part, number, formula in (
        ("total", DOTS, "number of equally likely outcomes drawn from the default projection"),
        ("met", met.sum(), "how many of the outcomes drawn publish as at most the target"),
    ):
        study.facts.record(
            f"projection.{end}.{DEFAULT}.dots.{part}",
            int(number),
            unit="number",
            digits=0,
            from_=[base.counts, base.goal],
            formula=formula,
        )
    return Projection(found, models, years, 100 * outcomes / base.persons, met)


def larger_regions(study: Study, base: Base) -> dict[str, Counts]:
    """Return the series of the larger regions that have one, by the name of the model anchored to each."""
    found = {
        f"{study.parent.key}_anchored": base.parent,
        f"{study.nation.key}_anchored": base.nation,
    }
    return {name: one for name, one in found.items() if not one.table.empty}


def record_sensitivity(study: Study, base: Base) -> pd.DataFrame:
    """Project under settings changed one at a time, and record the range of the answers.

    Returns
    -------
    pandas.DataFrame
        Columns ``setting``, ``value`` and those of :data:`NUMBERS`, percent; the first row is the default.

    Notes
    -----
    Facts: ``projection.<target year>.damped_trend.sensitivity.<number>.low|high`` for
    ``mean`` and ``p_target``; ``….sensitivity.<setting>.points``, by how much the chance of the
    target moves with that setting.
    """
    rows = backtest.sensitivity(
        base.area.table["reoffenders"],
        base.area.table["first_time"],
        base.persons,
        base.years,
        base.tenths,
    )
    table = pd.DataFrame([vars(row) for row in rows])
    table[list(NUMBERS)] *= 100
    name = f"projection.{study.parameters.target_year}.{DEFAULT}.sensitivity"
    for number, digits in (("mean", 1), ("p_target", 0)):
        _record_ends(
            study, base, f"{name}.{number}", table[number], digits, "settings of the table"
        )
    for setting, part in table.drop(index=0).groupby("setting"):
        chances = [*part["p_target"], table.loc[0, "p_target"]]
        study.facts.record(
            f"{name}.{setting}.points",
            max(chances) - min(chances),
            unit="points",
            digits=0,
            from_=[base.counts, base.goal],
            formula=f"largest minus smallest probability of meeting the target, {setting} varied",
        )
    return table


def _record_ends(
    study: Study, base: Base, name: str, values: pd.Series, digits: int, over: str
) -> None:
    for side, value in (("low", values.min()), ("high", values.max())):
        study.facts.record(
            f"{name}.{side}",
            float(value),
            unit="percent",
            digits=digits,
            from_=[base.counts, base.goal],
            formula=f"{side}est {values.name} of the target year over the {over}",
        )


def _record_forecast(
    study: Study, base: Base, name: str, row: pd.Series, origin: list[pd.DataFrame]
) -> list[Fact]:
    model = name.rpartition(".")[2]
    scenario = "; a scenario, not a forecast" if model == "linear_glm" else ""
    return [
        study.facts.record(
            f"{name}.{number}",
            row[number],
            unit="percent",
            digits=0 if number == "p_target" else 1,
            from_=[*origin, base.goal] if number == "p_target" else origin,
            formula=f"{what}; model {model}, {BINOMIAL}{scenario}",
        )
        for number, what in NUMBERS.items()
    ]


def _numbers(forecast: projection.Forecast, base: Base) -> NDArray[np.float64]:
    """Return the columns of :data:`NUMBERS` for every step, percent."""
    columns = (
        forecast.mean(),
        forecast.median(),
        *forecast.interval(0.80),
        *forecast.interval(0.95),
        target.p_target(forecast, base.tenths),
    )
    return 100 * np.stack([column[0] for column in columns], axis=1)


def anchored(base: Base, relative: Counts, name: str, year: int) -> projection.Forecast:
    """Project one year from the area and a larger region, whose series may end later.

    Of the larger region only the years up to `year` are used.
    """
    relative = _until(relative, year)
    known = [base.area.table, relative.table]
    years = range(
        int(min(one.index.min() for one in known)), int(max(one.index.max() for one in known)) + 1
    )
    own, large = (
        (one["reoffenders"], one["first_time"]) for one in (table.reindex(years) for table in known)
    )
    return companions.anchored(own, large, base.persons, [year - years[-1]], model=name)


def _record_same_years(study: Study, base: Base, relative: Counts, name: str) -> None:
    """Record to which year the larger region is known, and the answer without its newer years."""
    last, end = study.parameters.last_year, study.parameters.target_year
    known = _until(relative, last)
    chance = target.p_target(anchored(base, known, name, end), base.tenths)
    study.facts.record(
        f"projection.{end}.{name}.last_year",
        int(relative.table.index[-1]),
        unit="year",
        digits=0,
        from_=_counts(relative),
        formula="last year with counts of the larger region",
    )
    study.facts.record(
        f"projection.{end}.{name}.same_years.p_target",
        100 * float(chance[0, -1]),
        unit="percent",
        digits=0,
        from_=[base.counts, base.goal, _counts(known)],
        formula=f"{NUMBERS['p_target']}; model {name} without the years after {last}",
    )


def _until(counts: Counts, year: int) -> Counts:
    """Keep the years up to `year`."""
    return Counts(
        counts.table[counts.table.index <= year],
        counts.rows[counts.rows["year"] <= year],
        counts.definition,
    )


def _contiguous(counts: Counts) -> Counts:
    """Keep the latest years with counts that follow each other without a gap, at least :data:`RUN` of them.

    A single year after a gap (a table that did not arrive in between) does not stand for the series; where
    no run is that long, the longest does.
    """
    if counts.table.empty:
        return counts
    years = counts.table.index[counts.table["reoffenders"].notna()].to_numpy(int)
    runs = np.split(years, np.nonzero(np.diff(years) > 1)[0] + 1)
    long = [run for run in runs if len(run) >= RUN]
    kept = long[-1] if long else max(runs, key=len)
    return Counts(
        counts.table.loc[kept], counts.rows[counts.rows["year"].isin(kept)], counts.definition
    )


def _counts(found: Counts) -> pd.DataFrame:
    return found.rows[found.rows["measure"].isin(series.COUNTS)]
