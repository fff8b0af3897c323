"""Notebook 02: how the reoffender share moved, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from minato_analysis import data
from minato_analysis.analyses import series
from minato_analysis.statistics import comparison, decomposition, shares, trends
from minato_analysis.study import Study

SHARE = "100 * reoffenders / persons_arrested"
GROUPS = ("violent", "larceny", "cannabis")
"""Offence groups whose reoffenders are printed; what remains of the indicator is ``rest``."""


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
    ``<area>.change.<y0>_<y1>.p``, ``<area>.<count>.fall.<y0>_<y1>`` in percent and in persons.
    """
    (y0, first), (y1, last) = _ends(area)
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


def record_trend(study: Study, area: series.Counts) -> pd.DataFrame:
    """Fit the straight line three ways, test homogeneity and trend, and record the results.

    Returns
    -------
    pandas.DataFrame
        One row a model: ``slope``, ``low``, ``high`` (logit per year), ``p``, ``dispersion``, ``fell_back``.
    """
    years, k, n = _arrays(area)
    confidence = study.parameters.confidence
    fits = {
        "binomial": trends.logit_trend(years, k, n, "binomial", confidence),
        "quasi": trends.logit_trend(years, k, n, "quasi", confidence),
        "beta-binomial": trends.beta_binomial_trend(years, k, n, confidence),
    }
    book, key, rows = study.facts, study.area.key, area.rows
    main = fits["binomial"]
    glm = "binomial GLM, logit link, linear in the year"
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
    equal, linear = trends.homogeneity(k, n), trends.cochran_armitage(k, n, years)
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
    return pd.DataFrame(
        {
            "slope": [one.slope for one in fits.values()],
            "low": [one.low for one in fits.values()],
            "high": [one.high for one in fits.values()],
            "p": [one.p for one in fits.values()],
            "dispersion": [one.dispersion for one in fits.values()],
            "fell_back": [one.fell_back for one in fits.values()],
        },
        index=list(fits),
    )


def record_leave_one_out(study: Study, area: series.Counts) -> pd.DataFrame:
    """Refit the line without each year in turn; record the p values and how many are below 0.05.

    Returns
    -------
    pandas.DataFrame
        Index: the year left out. Columns ``slope``, ``low``, ``high``, ``p``.
    """
    found = trends.leave_one_out(*_arrays(area), "binomial", study.parameters.confidence)
    table = pd.DataFrame(
        {"slope": found.slope, "low": found.low, "high": found.high, "p": found.p},
        index=found.left_out.astype(int),
    )
    for year, row in table.iterrows():
        study.facts.record(
            f"{study.area.key}.trend.without_{year}.p",
            row["p"],
            unit="p_value",
            digits=4,
            from_=area.rows[area.rows["year"] != year],
            formula=f"p of the slope, binomial GLM without {year}",
        )
    for part, year in (("strongest", table["p"].idxmin()), ("weakest", table["p"].idxmax())):
        study.facts.record(
            f"{study.area.key}.trend.without_{part}.year",
            int(year),
            unit="year",
            digits=0,
            from_=area.rows,
            formula=f"year without which the slope of the line has the {part} evidence",
        )
        study.facts.record(
            f"{study.area.key}.trend.without_{part}.p",
            table.loc[year, "p"],
            unit="p_value",
            digits=4,
            from_=area.rows,
            formula="p of the slope without that year",
        )
    study.facts.record(
        f"{study.area.key}.trend.without_one.significant",
        int((table["p"] < 0.05).sum()),
        unit="cases",
        digits=0,
        from_=area.rows,
        formula="number of years without which the slope has p < 0.05",
    )
    return table


@dataclass(frozen=True)
class Why:
    """Decompositions of the change between two years, in share points."""

    shapley: pd.DataFrame
    kitagawa: pd.DataFrame


def record_why(study: Study, area: series.Counts) -> Why:
    """Split the change of the share by counts and by offence groups, and record the parts.

    Facts: ``<area>.shapley.<y0>_<y1>.reoffenders|first_time``, ``<area>.dlog.<y0>_<y1>.…``,
    ``<area>.kitagawa.<g0>_<y1>.composition|rate|rate.<group>|composition.<group>`` (g0 the first year
    for which offence groups are printed).
    """
    (y0, first), (y1, last) = _ends(area)
    pair = (
        first["reoffenders"],
        first["persons_arrested"],
        last["reoffenders"],
        last["persons_arrested"],
    )
    rows = [area.of(y0), area.of(y1)]
    book, key = study.facts, study.area.key
    points, logs = decomposition.shapley_change(*pair), decomposition.logit_change(*pair)
    for part in ("reoffenders", "first_time"):
        book.record(
            f"{key}.shapley.{y0}_{y1}.{part}",
            100 * float(getattr(points, part)),
            unit="points",
            digits=1,
            from_=rows,
            formula=f"Shapley contribution of the change in {part} to the change of {SHARE}",
        )
        book.record(
            f"{key}.dlog.{y0}_{y1}.{part}",
            float(getattr(logs, part)),
            unit="number",
            digits=3,
            from_=rows,
            formula=f"part of the change of the logit share due to ln {part}",
        )
    book.record(
        f"{key}.dlog.{y0}_{y1}.total",
        float(logs.total),
        unit="number",
        digits=3,
        from_=rows,
        formula="change of the logit of the share",
    )
    return Why(
        shapley=pd.DataFrame(
            {
                "first": [first["reoffenders"], first["first_time"]],
                "last": [last["reoffenders"], last["first_time"]],
                "points": [100 * float(points.reoffenders), 100 * float(points.first_time)],
                "logit": [float(logs.reoffenders), float(logs.first_time)],
            },
            index=["reoffenders", "first_time"],
        ),
        kitagawa=_record_kitagawa(study, area),
    )


def offence_groups(study: Study, area: series.Counts) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return persons and reoffenders by offence group and year, ``rest`` included, and their rows.

    Returns
    -------
    table : pandas.DataFrame
        Index (year, group); columns ``persons_arrested``, ``reoffenders``. The groups of a year share no
        person and sum to the indicator.
    rows : pandas.DataFrame
    """
    rows = study.select(
        source_id=study.parameters.source_id,
        area_code=study.area.code,
        station="all",
        age_band="all",
        offence=list(GROUPS),
        measure=["persons_arrested", "reoffenders"],
    )
    rows = rows[rows["table"].isin(data.select(rows, measure="reoffenders")["table"].unique())]
    table = rows.pivot_table(index=["year", "offence"], columns="measure", values="value").astype(
        float
    )
    whole = area.table.loc[sorted(set(rows["year"].astype(int)) & set(area.table.index))]
    for year, total in whole.iterrows():
        known = table.loc[year].sum()
        table.loc[(year, "rest"), :] = [total[column] - known[column] for column in table.columns]
    return table.sort_index(), rows


def _record_kitagawa(study: Study, area: series.Counts) -> pd.DataFrame:
    table, rows = offence_groups(study, area)
    g0, g1 = study.parameters.groups_first_year, study.parameters.last_year
    groups = [*GROUPS, "rest"]
    start, end = table.loc[g0].loc[groups], table.loc[g1].loc[groups]
    found = decomposition.kitagawa(
        start["reoffenders"], start["persons_arrested"], end["reoffenders"], end["persons_arrested"]
    )
    origin = [rows[rows["year"].isin([g0, g1])], area.of(g0), area.of(g1)]
    name = f"{study.area.key}.kitagawa.{g0}_{g1}"

    def record(part: str, value: float, formula: str) -> None:
        study.facts.record(
            f"{name}.{part}", 100 * value, unit="points", digits=1, from_=origin, formula=formula
        )

    record("total", float(found.total), "change of the share between the two years")
    record(
        "composition",
        float(found.composition.sum()),
        "Kitagawa: change of the groups' weights, groups violent, larceny, cannabis, rest",
    )
    record(
        "rate",
        float(found.rate.sum()),
        "Kitagawa: change of the groups' shares, groups violent, larceny, cannabis, rest",
    )
    for at, group in enumerate(groups):
        record(f"rate.{group}", float(found.rate[at]), f"Kitagawa rate effect of {group}")
        record(
            f"composition.{group}",
            float(found.composition_relative[at]),
            f"Kitagawa composition effect of {group}, share measured from the overall one",
        )
    return pd.DataFrame(
        {
            "persons_first": start["persons_arrested"],
            "persons_last": end["persons_arrested"],
            "share_first": 100 * start["reoffenders"] / start["persons_arrested"],
            "share_last": 100 * end["reoffenders"] / end["persons_arrested"],
            "composition": 100 * found.composition_relative,
            "rate": 100 * found.rate,
        },
        index=groups,
    )


def record_joint(study: Study, area: series.Counts, parent: series.Counts) -> trends.JointTrend:
    """Fit area and prefecture together; record the difference of their slopes.

    Facts: ``<area>.joint.difference|difference.p|common|common.p|offset``, in logits.
    """
    years = sorted(set(area.table.index) & set(parent.table.index))
    one, two = area.table.loc[years], parent.table.loc[years]
    joint = trends.joint_trend(
        trends.CountSeries(years, one["reoffenders"], one["persons_arrested"]),
        trends.CountSeries(years, two["reoffenders"], two["persons_arrested"]),
        same_definition=area.definition == parent.definition,
        confidence=study.parameters.confidence,
    )
    rows = [area.rows, parent.rows[parent.rows["year"].isin(years)]]
    model = "joint binomial GLM of area and prefecture with an offset for the differing definitions"
    for name, coefficient in (
        ("difference", joint.difference),
        ("common", joint.common),
        ("offset", joint.offset),
    ):
        study.facts.record(
            f"{study.area.key}.joint.{name}",
            coefficient.value,
            unit="number",
            digits=4,
            from_=rows,
            formula=f"{name} of the slopes, {model}",
        )
        study.facts.record(
            f"{study.area.key}.joint.{name}.p",
            coefficient.p,
            unit="p_value",
            digits=3,
            from_=rows,
            formula=f"p of {name}, {model}",
        )
    return joint


def _arrays(area: series.Counts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = area.table
    return (
        table.index.to_numpy(float),
        table["reoffenders"].to_numpy(),
        table["persons_arrested"].to_numpy(),
    )


def _ends(area: series.Counts) -> tuple[tuple[int, pd.Series], tuple[int, pd.Series]]:
    table = area.table
    return (int(table.index[0]), table.iloc[0]), (int(table.index[-1]), table.iloc[-1])
