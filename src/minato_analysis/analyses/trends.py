"""Notebook 02: how the reoffender share moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from minato_analysis.analyses import series
from minato_analysis.analyses.series import SHARE
from minato_analysis.data.study import Study
from minato_analysis.numbers.turning import turning
from minato_analysis.statistics import comparison, shares
from minato_analysis.statistics.trends import ChiSquared, LeaveOneOut, LogitTrend, TrendTest


def record_shares(study: Study) -> tuple[series.Counts, series.Counts, series.Counts]:
    """Record persons, shares and intervals of the area, and the shares of prefecture and nation.

    Returns
    -------
    area, parent, nation : Counts
        The area's table has the columns ``low`` and ``high`` besides: Wilson interval, percent.

    Notes
    -----
    Facts: ``<area>.persons|first_time|reoffenders|share.<year>``, ``<area>.share.<year>.low|high``,
    ``<parent>.penal.share.<year>``, ``<nation>.penal.share.<year>``.
    """
    area = with_interval(study, series.indicator(study))
    book, key = study.facts, study.area.key
    percent = f"{100 * study.parameters.confidence:g} %"
    for year, row in area.table.iterrows():
        rows = area.of(int(str(year)))
        printed = area.rows[area.rows["year"] == year]
        for name, column in (
            ("persons", "persons_arrested"),
            ("first_time", "first_time"),
            ("reoffenders", "reoffenders"),
        ):
            cell = printed[printed["measure"] == column]
            book.record(
                f"{key}.{name}.{year}",
                row[column],
                unit="persons",
                digits=0,
                from_=cell,
                formula=f"{column} as printed",
            )
        book.record(
            f"{key}.share.{year}", row["share"], unit="percent", digits=1, from_=rows, formula=SHARE
        )
        for side in ("low", "high"):
            book.record(
                f"{key}.share.{year}.{side}",
                row[side],
                unit="percent",
                digits=1,
                from_=rows,
                formula=f"{side} end of the {percent} Wilson interval of {SHARE}",
            )
    last = area.table.iloc[-1]
    book.record(
        f"{key}.chance.{study.parameters.last_year}",
        (last["high"] - last["low"]) / 2,
        unit="points",
        digits=0,
        from_=area.of(study.parameters.last_year),
        formula=f"half the width of the {percent} Wilson interval of {SHARE}",
    )
    others = series.parent_penal(study), series.nation_penal(study)
    for role, counts in zip((study.parent, study.nation), others, strict=True):
        for year, row in counts.table.iterrows():
            known = pd.notna(row["reoffenders"])
            book.record(
                f"{role.key}.penal.share.{year}",
                row["share"],
                unit="percent",
                digits=1,
                from_=counts.of(int(str(year))),
                formula=SHARE if known else "share as printed (counts not printed)",
            )
    return area, *others


def with_interval(study: Study, counts: series.Counts) -> series.Counts:
    """Return the counts with ``low`` and ``high``: the Wilson interval of each share, percent."""
    interval = shares.wilson(
        counts.table["reoffenders"], counts.table["persons_arrested"], study.parameters.confidence
    )
    table = counts.table.assign(low=100 * interval.low, high=100 * interval.high)
    return replace(counts, table=table)


def record_change(study: Study, area: series.Counts) -> None:
    """Record the change of share and persons between the first and the last year.

    Facts (``<y0>_<y1>`` the two years): ``<area>.change.<y0>_<y1>.points|low|high`` (Newcombe),
    ``<area>.change.<y0>_<y1>.p``, ``<area>.<count>.fall.<y0>_<y1>`` in percent and in persons;
    ``<area>.<count>.lowest|highest`` with ``.year``, ``<area>.<count>.run`` (years).
    """
    (y0, first), (y1, last) = series.ends(area)
    series.require_one_law(study, area, "二つの年の差")
    rows = [area.of(y0), area.of(y1)]
    counts = (
        last["reoffenders"],
        last["persons_arrested"],
        first["reoffenders"],
        first["persons_arrested"],
    )
    change = comparison.compare_shares(*counts, confidence=study.parameters.confidence)
    name = f"{study.area.key}.change.{y0}_{y1}"
    for part, value, what in (
        ("points", change.estimate, "share of the last year minus share of the first"),
        ("low", change.low, "lower Newcombe limit of the difference of the two shares"),
        ("high", change.high, "upper Newcombe limit of the difference of the two shares"),
    ):
        study.facts.record(
            f"{name}.{part}", 100 * float(value), unit="points", digits=1, from_=rows, formula=what
        )
    study.facts.record(
        f"{name}.p",
        float(comparison.equality_p_value(*counts)),
        unit="p_value",
        digits=2,
        from_=rows,
        formula="two-sided p of equal shares in the two years",
    )
    for label, column in (
        ("persons", "persons_arrested"),
        ("first_time", "first_time"),
        ("reoffenders", "reoffenders"),
    ):
        cells = area.rows[(area.rows["measure"] == column) & area.rows["year"].isin([y0, y1])]
        study.facts.record(
            f"{study.area.key}.{label}.fall.{y0}_{y1}",
            100 * (1 - last[column] / first[column]),
            unit="percent",
            digits=0,
            from_=cells,
            formula=f"100 * (1 - {column} {y1} / {column} {y0})",
        )
        study.facts.record(
            f"{study.area.key}.{label}.fewer.{y0}_{y1}",
            first[column] - last[column],
            unit="persons",
            digits=0,
            from_=cells,
            formula=f"{column} {y0} - {column} {y1}",
        )
        _record_turning(study, area, label, column)


def _record_turning(study: Study, area: series.Counts, label: str, column: str) -> None:
    """Record where a count was lowest and highest, and for how many years it has moved one way."""
    counts = {int(str(year)): float(one) for year, one in area.table[column].items()}
    found, cells = turning(counts), area.rows[area.rows["measure"] == column]
    for end, year in (("lowest", found.lowest), ("highest", found.highest)):
        for name, value, unit, origin, formula in (
            (end, counts[year], "persons", cells[cells["year"] == year], f"{column} as printed"),
            (
                f"{end}.year",
                year,
                "year",
                cells,
                f"year of the {end} {column}, the last of several",
            ),
        ):
            study.facts.record(
                f"{study.area.key}.{label}.{name}",
                value,
                unit=unit,
                digits=0,
                from_=origin,
                formula=formula,
            )
    study.facts.record(
        f"{study.area.key}.{label}.run",
        found.run,
        unit="number",
        digits=0,
        from_=cells,
        formula=f"years up to the last in which {column} moved one way",
    )


def record_trend(
    study: Study,
    area: series.Counts,
    fitted: series.Counts,
    fits: Mapping[str, LogitTrend],
    equal: ChiSquared,
    linear: TrendTest,
    link: str = "logit",
) -> pd.DataFrame:
    """Record the straight line fitted several ways, and the tests of homogeneity and trend.

    Parameters
    ----------
    study : Study
    area, fitted : Counts
        The series, and the years of it the line is fitted to: where a change of law that nothing bridges
        divides them, the latest under one law (:func:`minato_analysis.analyses.series.one_law`).
    fits : mapping of str to LogitTrend
        ``binomial``, ``quasi`` and ``beta-binomial``.
    equal, linear
        The tests over the years of `fitted`.
    link : str
        Link function of the binomial fit.

    Returns
    -------
    pandas.DataFrame
        One row a model: ``slope``, ``low``, ``high`` (logit per year), ``p``, ``dispersion``, ``fell_back``.

    Raises
    ------
    BreakError
        ``E4-BREAK``: the years of `fitted` stand under two laws.

    Notes
    -----
    Facts besides those of the models: ``<area>.trend.first_year|last_year``, the years of the line, and
    ``<area>.trend.years_left_out``, the years of the series that are not among them.
    """
    series.require_one_law(study, fitted, "割合の傾き")
    _record_years(study, area, fitted)
    book, key, rows = study.facts, study.area.key, fitted.rows
    main = fits["binomial"]
    glm = f"binomial GLM, {link.lower()} link, linear in the year"
    for name, value in (
        ("logit_slope", main.slope),
        ("se", main.se),
        ("slope_low", main.low),
        ("slope_high", main.high),
    ):
        book.record(
            f"{key}.trend.{name}",
            value,
            unit="number",
            digits=4,
            from_=rows,
            formula=f"{name} of the slope, {glm}",
        )
    book.record(
        f"{key}.trend.p",
        main.p,
        unit="p_value",
        digits=3,
        from_=rows,
        formula=f"Wald p of the slope, {glm}",
    )
    for name in ("quasi", "beta-binomial"):
        book.record(
            f"{key}.trend.{name.replace('-', '_')}.p",
            fits[name].p,
            unit="p_value",
            digits=3,
            from_=rows,
            formula=f"p of the slope, {name} model",
        )
    book.record(
        f"{key}.trend.dispersion",
        fits["quasi"].dispersion,
        unit="number",
        digits=2,
        from_=rows,
        formula="Pearson chi-squared / degrees of freedom of the linear model",
    )
    book.record(
        f"{key}.trend.homogeneity.p",
        float(equal.p),
        unit="p_value",
        digits=3,
        from_=rows,
        formula="chi-squared test that all years have one share",
    )
    book.record(
        f"{key}.trend.homogeneity.chi2",
        float(equal.statistic),
        unit="number",
        digits=2,
        from_=rows,
        formula="chi-squared statistic of equal shares",
    )
    book.record(
        f"{key}.trend.cochran_armitage.chi2",
        float(linear.chi2),
        unit="number",
        digits=2,
        from_=rows,
        formula="Cochran-Armitage trend statistic, scores = years",
    )
    book.record(
        f"{key}.trend.cochran_armitage.p",
        float(linear.p),
        unit="p_value",
        digits=3,
        from_=rows,
        formula="p of the Cochran-Armitage statistic, 1 df",
    )
    columns = ("slope", "low", "high", "p", "dispersion", "fell_back")
    return pd.DataFrame(
        [{name: getattr(one, name) for name in columns} for one in fits.values()], index=list(fits)
    )


def record_leave_one_out(study: Study, fitted: series.Counts, found: LeaveOneOut) -> None:
    """Record the p values of the line without each year in turn, and how many are below 0.05.

    The years are those of :func:`record_trend`.
    """
    series.require_one_law(study, fitted, "割合の傾き")
    table, rows = found.to_frame(), fitted.rows
    for year, row in table.iterrows():
        study.facts.record(
            f"{study.area.key}.trend.without_{year}.p",
            row["p"],
            unit="p_value",
            digits=4,
            from_=rows[rows["year"] != year],
            formula=f"p of the slope, binomial GLM without {year}",
        )
    for part, year in (("strongest", table["p"].idxmin()), ("weakest", table["p"].idxmax())):
        study.facts.record(
            f"{study.area.key}.trend.without_{part}.year",
            int(year),
            unit="year",
            digits=0,
            from_=rows,
            formula=f"year without which the slope of the line has the {part} evidence",
        )
        study.facts.record(
            f"{study.area.key}.trend.without_{part}.p",
            table.loc[year, "p"],
            unit="p_value",
            digits=4,
            from_=rows,
            formula="p of the slope without that year",
        )
    study.facts.record(
        f"{study.area.key}.trend.without_one.significant",
        int((table["p"] < 0.05).sum()),
        unit="cases",
        digits=0,
        from_=rows,
        formula="number of years without which the slope has p < 0.05",
    )


def _record_years(study: Study, whole: series.Counts, fitted: series.Counts) -> None:
    left_out = len(whole.table) - len(fitted.table)
    for name, value, unit, formula in (
        ("first_year", int(fitted.table.index[0]), "year", "first year the line is fitted to"),
        ("last_year", int(fitted.table.index[-1]), "year", "last year the line is fitted to"),
        ("years_left_out", left_out, "number", "years not fitted: other side of a change of law"),
    ):
        study.facts.record(
            f"{study.area.key}.trend.{name}",
            value,
            unit=unit,
            digits=0,
            from_=whole.rows,
            formula=formula,
        )
