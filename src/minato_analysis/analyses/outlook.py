"""Notebook 04: where the indicator will be in the target year, and what would reach the target.

In: a :class:`~minato_analysis.data.study.Study`. Out: frozen dataclasses and data frames (shares in
percent), their numbers recorded as facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from minato_analysis.analyses import goals, series
from minato_analysis.analyses.series import Counts, without_years
from minato_analysis.data.study import Study
from minato_analysis.data.target_forms import FORMS, MEASURES
from minato_analysis.numbers.facts import Fact
from minato_analysis.statistics import backtest, pool, projection, shares, target

DEFAULT = pool.POOL
DOTS = 20
"""Equally likely outcomes drawn as dots."""

INNER = 80
"""Part of the outcomes inside the inner band, percent."""

LIKELY = 66
"""Probability in percent from which something is called likely."""

_NEVER = 1e-4, 100 - 1e-4
"""A level may be anything: its probability is never 0 or 1, whatever the last digits say."""

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
        Counts by year; the area's table has ``low`` and ``high`` besides (percent). A larger region may have
        years missing, and years of which only the share is printed.
    goal : pandas.DataFrame
        The observations the target's share comes from.
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
    def regions(self) -> list[Counts]:
        """The series of nation, parent and area, as far as they have one."""
        return [one for one in (self.nation, self.parent, self.area) if not one.table.empty]

    @property
    def known(self) -> list[pd.DataFrame]:
        """The printed values of all regions, shares without counts included."""
        return [one.rows[one.rows["value"].notna()] for one in self.regions]

    @property
    def counts(self) -> pd.DataFrame:
        """The printed counts of the area."""
        return _counts(self.area)

    def without(self, years: Iterable[int]) -> Base:
        """Return the same without some years of the area's series; they are skipped, not filled."""
        table = without_years(self.area.table, years)
        return replace(self, area=replace(self.area, table=table))

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
        By model: the pool, its members, the scenarios beside it; the last step is the target year.
    members : tuple of str
        Names of the members.
    models : pandas.DataFrame
        Index: model. The target year's columns of :data:`NUMBERS`, percent.
    years : pandas.DataFrame
        Index: year. The default's columns of :data:`NUMBERS`, percent.
    dots : ndarray, shape (DOTS,)
        Equally likely shares of the target year by the default, percent.
    met : ndarray of bool, shape (DOTS,)
        Whether each publishes as at most the target.
    settings : TrendSettings
    """

    forecasts: dict[str, projection.Forecast]
    members: tuple[str, ...]
    models: pd.DataFrame
    years: pd.DataFrame
    dots: NDArray[np.float64]
    met: NDArray[np.bool_]
    settings: projection.TrendSettings


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
    Facts: ``target.share`` (percent), ``target.gap`` (points), ``target.years``; of a target that is printed
    in another form (see :mod:`minato_analysis.analyses.goals`) ``target.printed`` and ``target.base.year``
    besides.
    """
    end = study.parameters.target_year
    area, parent, nation = (
        series.one_law(study, one)
        for one in (
            series.indicator(study),
            series.parent_penal(study),
            series.nation_penal(study),
        )
    )
    for one in (area, parent, nation):
        series.require_one_law(study, one, f"{end}年までの見込み", until=end)
    interval = shares.wilson(
        area.table["reoffenders"], area.table["persons_arrested"], study.parameters.confidence
    )
    area.table["low"], area.table["high"] = 100 * interval.low, 100 * interval.high
    aim, last = goals.goal(study, area), area.table.iloc[-1]
    base = Base(
        area,
        parent,
        nation,
        goal=aim.rows,
        tenths=aim.tenths,
        reoffenders=int(last["reoffenders"]),
        first_time=int(last["first_time"]),
        persons=int(last["persons_arrested"]),
        years=end - study.parameters.last_year,
    )
    value = aim.printed if aim.form == "share" else aim.tenths / 10
    book = study.facts
    book.record(
        "target.share", value, unit="percent", digits=1, from_=aim.rows, formula=aim.formula
    )
    if aim.form != "share":
        unit = FORMS[aim.form][1]
        digits = 0 if unit == "persons" else 1
        printed = aim.rows[aim.rows["measure"].isin(MEASURES)]
        for name, number, kind, places in (
            ("printed", aim.printed, unit, digits),
            ("base.year", aim.base, "year", 0),
            ("persons", aim.persons, "persons", 0),
        ):
            if number is not None:
                book.record(
                    f"target.{name}",
                    number,
                    unit=kind,
                    digits=places,
                    from_=aim.rows if name == "persons" else printed,
                    formula="reoffenders it allows" if name == "persons" else "target as printed",
                )
    book.record(
        "target.gap",
        100 * base.share - value,
        unit="points",
        digits=1,
        from_=[base.goal, base.last],
        formula="100 * reoffenders / persons arrested of the last year - target",
    )
    book.record(
        "target.years",
        base.years,
        unit="number",
        digits=0,
        from_=[base.goal, base.last],
        formula="target year - last observed year",
    )
    return base


def record_projection(
    study: Study,
    base: Base,
    members: Mapping[str, projection.Forecast],
    settings: projection.TrendSettings = projection.DEFAULT_SETTINGS,
) -> Projection:
    """Pool the members, project the scenarios beside them, and record the results.

    Parameters
    ----------
    study, base
    members : mapping of str to Forecast
        For the area's last year and every year to the target year, see :func:`project`.
    settings : TrendSettings
        What the members were projected with; the record for later editions says it.

    Notes
    -----
    Facts: ``projection.<target year>.<model>.<number>`` for ``pool``, the members (see
    :func:`minato_analysis.statistics.pool.members`), ``last_value``, ``linear_glm``, ``mean``;
    ``projection.<year>.pool.<number>`` for every year; numbers see :data:`NUMBERS`.
    ``projection.<target year>.members.p_target|dots.low|high``, the smallest and the largest answer of the
    members, in percent and in outcomes of :data:`DOTS`; ``projection.<target year>.pool.dots.total|met``;
    ``projection.<target year>.inner``, ``projection.<target year>.base.last_year``,
    ``projection.<target year>.nation.last_year``;
    ``target.level_above`` with ``.low`` and ``.high``, see :func:`_record_level`.
    """
    counts = base.area.table["reoffenders"], base.area.table["first_time"]
    end = study.parameters.target_year
    ahead = range(end - base.years + 1, end + 1)
    _record_level(study, base, members)
    members = {name: _later(one) for name, one in members.items()}
    found = {DEFAULT: pool.pooled(members), **members}
    for name, model in backtest.COMPANIONS.items():
        found[name] = model(*counts, np.full((1, base.years), base.persons), base.years)
    models = pd.DataFrame({name: _numbers(one, base)[-1] for name, one in found.items()}).T
    models.columns = pd.Index(list(NUMBERS))
    years = pd.DataFrame(_numbers(found[DEFAULT], base), index=ahead, columns=list(NUMBERS))
    for year, row in years.iterrows():
        _record_forecast(study, base, f"projection.{year}.{DEFAULT}", row, base.known)
    for name, row in models.drop(index=DEFAULT).iterrows():
        origin = base.known if str(name).startswith("three") else [base.counts]
        _record_forecast(study, base, f"projection.{end}.{name}", row, origin)
    chances = models.loc[list(members), "p_target"]
    _record_ends(study, base, f"projection.{end}.members.p_target", chances, 0, "members")
    record = study.facts.record
    known = {"base": (base.last, study.parameters.last_year)}
    if not base.nation.table.empty:
        last = int(base.nation.table.index[-1])
        known["nation"] = (base.nation.of(last), last)
    for name, (rows, year) in known.items():
        record(
            f"projection.{end}.{name}.last_year",
            year,
            unit="year",
            digits=0,
            from_=rows,
            formula="last year with a value that is used",
        )
    record(
        f"projection.{end}.inner",
        INNER,
        unit="percent",
        digits=0,
        from_=base.known,
        formula="part of the outcomes the inner interval contains",
    )
    middle = (np.arange(DOTS) + 0.5) / DOTS
    outcomes = found[DEFAULT].quantile(middle)[0, -1]
    met = target.meets_target(outcomes, np.full(DOTS, base.persons), base.tenths)
    for part, number, formula in (
        (f"{DEFAULT}.dots.total", DOTS, "number of equally likely outcomes of the pool"),
        (f"{DEFAULT}.dots.met", met.sum(), "how many of them publish as at most the target"),
        ("members.dots.low", twentieths(chances.min()), "the same of the lowest member"),
        ("members.dots.high", twentieths(chances.max()), "the same of the highest member"),
    ):
        record(
            f"projection.{end}.{part}",
            int(number),
            unit="number",
            digits=0,
            from_=[*base.known, base.goal],
            formula=formula,
        )
    return Projection(
        found, tuple(members), models, years, 100 * outcomes / base.persons, met, settings
    )


def twentieths(percent: float) -> int:
    """Return a probability as so many of :data:`DOTS` outcomes, rounded half up."""
    return int(np.floor(percent / 100 * DOTS + 0.5))


def project(
    base: Base,
    years: Sequence[int] | None = None,
    settings: projection.TrendSettings | None = None,
) -> dict[str, projection.Forecast]:
    """Project the area by each member; of no region a year after the projected one is used.

    Without `years`, those from the area's last year to the target year.
    """
    if years is None:
        last_year = int(base.area.table.index[-1])
        years = range(last_year, last_year + base.years + 1)
    z, v, last = observed(base)
    steps = np.array(years) - last
    return pool.members(z, v, base.persons, steps, settings or projection.DEFAULT_SETTINGS)


def observed(base: Base) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """Return logits and variances ``(levels, 1, T)`` of nation, parent and area, and the last year."""
    tables = [one.table for one in base.regions]
    years = range(
        int(min(one.index.min() for one in tables)), int(max(one.index.max() for one in tables)) + 1
    )
    pairs = []
    for table in (one.reindex(years) for one in tables):
        z, v = projection.logit_observations(table["reoffenders"], table["first_time"])
        share, sampled = projection.rounded_observations(table["share"], table["persons_arrested"])
        known = ~np.isnan(z)
        pairs.append((np.where(known, z, share), np.where(known, v, sampled)))
    return np.stack([z for z, _ in pairs]), np.stack([v for _, v in pairs]), years[-1]


def _later(forecast: projection.Forecast) -> projection.Forecast:
    """Leave out the first step."""
    return replace(
        forecast,
        steps=forecast.steps[:, 1:],
        persons=forecast.persons[:, 1:],
        weights=forecast.weights[:, 1:],
        means=forecast.means[:, 1:],
        variances=forecast.variances[:, 1:],
    )


def _record_level(study: Study, base: Base, members: Mapping[str, projection.Forecast]) -> None:
    """Record the probability that the level of the area's last year lies above the target.

    Above what publishes as the target: 46.25 % for 46.2. The level is the share without the chance of
    one year; ``low`` and ``high`` are the smallest and the largest answer of the members.
    """
    limit = special.logit((base.tenths + 0.5) / 1000)
    each = [
        100
        * float(
            (one.weights * special.ndtr((one.means - limit) / np.sqrt(one.variances)))[0, 0].sum()
        )
        for one in members.values()
    ]
    for part, value in (
        ("", np.mean(each)),
        (".low", min(each)),
        (".high", max(each)),
        (".likely", LIKELY),
        (".unlikely", 100 - LIKELY),
    ):
        study.facts.record(
            f"target.level_above{part}",
            float(np.clip(value, *_NEVER)),
            unit="percent",
            digits=0,
            from_=[*base.known, base.goal],
            formula="probability that the share without the chance of one year lies above the target in "
            f"the last year: {part[1:] or 'pool'} of the members (likely from {LIKELY} % on, as the IPCC)",
        )


def record_sensitivity(study: Study, base: Base, projected: Projection) -> pd.DataFrame:
    """Project under changes made one at a time, and record how far the answers move.

    Parameters
    ----------
    study : Study
    base : Base
        The years the projection used.
    projected : Projection
        Its settings and members are what is changed from.

    Returns
    -------
    pandas.DataFrame
        Columns ``change`` (kind), ``value``, those of :data:`NUMBERS` of the pool, and ``low``, ``high``: the
        chance of the target by the lowest and the highest member, percent; the first row is unchanged.

    Notes
    -----
    Facts: ``projection.<target year>.pool.sensitivity.p_target.low|high``, and
    ``….sensitivity.<kind>.low|high``, the chance of the target by the pool over the changes of one kind.
    """
    end = study.parameters.target_year
    rows = []
    for kind, value, changed, settings in _changes(base, projected.settings):
        made = project(changed, [end], settings)
        members = {name: one for name, one in made.items() if name in projected.members}
        one = pool.pooled(members).merged(12)
        chances = [
            100 * float(target.p_target(each, base.tenths)[0, 0]) for each in members.values()
        ]
        numbers = dict(zip(NUMBERS, _numbers(one, base)[0], strict=True))
        rows.append(
            {"change": kind, "value": value, **numbers, "low": min(chances), "high": max(chances)}
        )
    table = pd.DataFrame(rows)
    name = f"projection.{end}.{DEFAULT}.sensitivity"
    _record_ends(study, base, f"{name}.p_target", table["p_target"], 0, "changes of the table")
    for kind, part in table.groupby("change", sort=False):
        _record_ends(study, base, f"{name}.{kind}", part["p_target"], 0, f"changes: {kind}")
    return table


_GRID: Any = {"sigma_nodes": 41, "deviation_nodes": 9}
"""For the many projections of the sensitivity; a chance differs by less than 0.2 points."""

Change = tuple[str, str, Base, projection.TrendSettings]


def _changes(base: Base, settings: projection.TrendSettings) -> list[Change]:
    """Return what is changed, by kind and value."""
    usual = replace(settings, **_GRID)
    found: list[Change] = [("default", "", base, usual)]
    years = [int(year) for year in base.area.table.index]
    found += [("year", str(year), base.without([year]), usual) for year in years]
    apart = [year for year in (2020, 2021) if year in years]
    if len(apart) > 1:
        found.append(("pandemic", " ".join(map(str, apart)), base.without(apart), usual))
    found += [("phi", f"{one:g}", base, replace(usual, phi=one)) for one in (0.8, 0.95, 1.0)]
    for name in ("slope_sd", "sigma_scale", "deviation_scale"):
        for factor in (0.5, 2.0):
            value: Any = getattr(usual, name) * factor
            found.append((name, f"{value:g}", base, replace(usual, **{name: value})))
    nation = base.nation.table
    if not nation.empty:
        counted = nation[nation["reoffenders"].notna()]
        for value, kept in (
            ("until", nation[nation.index <= years[-1]]),
            ("counts", counted),
            ("recent", nation[nation.index > years[0]]),
            ("none", nation.iloc[:0]),
        ):
            changed = replace(base, nation=replace(base.nation, table=kept))
            found.append(("nation", value, changed, usual))
    return found


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


def _counts(found: Counts) -> pd.DataFrame:
    return found.rows[found.rows["measure"].isin(series.COUNTS)]
