"""Numbers printed elsewhere that stand beside those of the plan (notebooks 02, 03 and 06).

In: the study. Out: tables with their facts recorded. None of these series has the indicator's definition;
each is set beside it for what it can say, and none decides a verdict by itself.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from minato_analysis import data
from minato_analysis.analyses import cannabis, known
from minato_analysis.analyses.context import record
from minato_analysis.analyses.series import Counts
from minato_analysis.data.study import Study
from minato_analysis.statistics import comparison, shares

RECOGNISED, BY_PLACE = "ward-recognised", "recognised-by-municipality"
BY_AGE, SAME_LAW, CANNABIS_AGES = "national-penal-additions", "drug-same-law", "cannabis-by-age"
RETURN = "two-year-return"
JUVENILE_SHARES = (25.0, 40.0)
"""Percent: between these the share of juveniles with an earlier arrest is varied."""
OLDER = ("50-59", "60-64", "65+")
"""Age bands of the ward's table that the nation's takes together."""


def record_recognised(study: Study) -> pd.DataFrame:
    """Return the recognised cases of the area beside its neighbours and the prefecture, by year.

    Returns
    -------
    pandas.DataFrame
        Index: year. The area's offence groups and ``penal_code``, its total; ``index`` of it and
        ``parent_index`` of the prefecture (first year = 100); ``higher``: municipalities with a higher
        index.

    Notes
    -----
    Facts below ``<area>.recognised``: ``<year>``, ``first.year``, ``latest.year``, ``lowest.year``, ``index``
    (of the latest year), ``places`` with a value in both years and ``places.higher``;
    ``<parent>.recognised.index`` and ``<parent>.recognised.apart`` (largest difference from the
    prefecture's printed total).
    """
    rows = study.select(series_id=RECOGNISED, area_code=study.area.code)
    every = study.select(series_id=BY_PLACE)
    table = known.wide(rows, "year", "offence")
    places = known.wide(every, "year", "area_code").reindex(table.index)
    index = 100 * places / places.iloc[0]
    own, parent = index[study.area.code], index.pop(study.parent.code)
    table["index"], table["parent_index"] = own, parent
    table["higher"] = index.gt(own, axis=0).sum(axis=1).where(own.notna())
    place = f"{study.area.key}.recognised"
    for year, value in table["penal_code"].items():
        cell = rows[(rows["year"] == year) & (rows["offence"] == "penal_code")]
        record(study, f"{place}.{year}", value, "cases", cell, "as printed", digits=0)
    both_known = table[table["index"].notna()]
    last, end = both_known.iloc[-1], both_known.index[-1]
    for name, value, unit, what in (
        ("first.year", table.index[0], "year", "first year of the series"),
        ("latest.year", end, "year", "last year known of the municipalities"),
        ("lowest.year", table["penal_code"].idxmin(), "year", "year with the fewest cases"),
    ):
        record(study, f"{place}.{name}", value, unit, rows, what)
    now = every[every["year"].isin([table.index[0], end])]
    what = "100 * last year / first year"
    for key, value in ((study.area.key, last["index"]), (study.parent.key, last["parent_index"])):
        record(study, f"{key}.recognised.index", value, "number", now, what)
    both_ends = int(index.loc[end].notna().sum())
    what = "municipalities with a value in the first and the last year"
    record(study, f"{place}.places", both_ends, "number", now, what)
    what = "municipalities with a higher index in the last year"
    record(study, f"{place}.places.higher", last["higher"], "number", now, what)
    total = every[every["area_code"] == study.parent.code]
    printed = study.rows[
        (study.rows["table"] == "2-1")
        & (study.rows["area_code"] == study.parent.code)
        & (study.rows["measure"] == "recognised_cases")
    ]
    both = total.merge(printed, on="year", suffixes=("", "_printed"))
    apart = (both["value"] - both["value_printed"]).abs()
    what = "largest difference of the police table's total from table 2-1"
    cells = [total[total["year"].isin(both["year"])], printed[printed["year"].isin(both["year"])]]
    value = float(apart.max()) if len(both) else float("nan")
    record(study, f"{study.parent.key}.recognised.apart", value, "cases", cells, what, digits=0)
    return table


def places(study: Study) -> pd.DataFrame:
    """Return the change of recognised cases in every municipality, the largest first.

    Returns
    -------
    pandas.DataFrame
        Index: name as printed. ``area_code``, ``first``, ``last`` (cases), ``change``, ``low``, ``high``
        (percent): the interval holds the change that chance leaves open if each case came by itself,
        from Wilson's interval of the last year's part of both years. Places without cases in one of
        the years are left out.
    """
    rows = study.select(series_id=BY_PLACE)
    rows = rows[rows["area_code"] != study.parent.code]
    names = rows.drop_duplicates("area_code", keep="last").set_index("area_code")["row"]
    table = known.wide(rows, "area_code", "year")[[rows["year"].min(), rows["year"].max()]]
    table = table[(table > 0).all(axis=1)].set_axis(["first", "last"], axis=1)
    part = shares.wilson(table["last"], table.sum(axis=1), study.parameters.confidence)
    for name, one in (("change", part.share), ("low", part.low), ("high", part.high)):
        table[name] = 100 * (one / (1 - one) - 1)
    table = table.reset_index().set_index(names.str.rpartition("/")[2].loc[table.index].to_numpy())
    return table.sort_values(["last", "area_code"], ascending=[False, True])


def record_adults(study: Study) -> pd.DataFrame:
    """Return the nation's reoffender share of adults, the persons of 14 to 19 years taken out.

    Persons arrested are printed by age, juveniles with an earlier arrest only as a share of one year; it is
    applied to every year, and :data:`JUVENILE_SHARES` show what it moves.

    Returns
    -------
    pandas.DataFrame
        Index: year. ``all``, ``share``, ``low``, ``high`` (percent).

    Notes
    -----
    Facts: ``<nation>.penal.adult.share.<year>`` with ``.low|high``; ``<nation>.penal.adult.latest`` with
    ``.year|low|high``; ``<nation>.penal.juvenile.share`` with ``.year``.
    """
    rows = study.select(series_id=BY_AGE)
    counted = study.select(
        series_id="national-penal-code", measure=["reoffenders", "persons_arrested"]
    )
    young = rows[(rows["age_band"] == "14-19") & (rows["measure"] == "reoffender_share")]
    young = young[young["year"] == young["year"].max()]
    persons = known.wide(
        rows[(rows["measure"] == "persons_arrested") & (rows["age_band"] != "all")],
        "year",
        "age_band",
    )
    whole = known.wide(counted[counted["value"].notna()], "year").dropna()
    years = whole.index.intersection(persons.dropna().index)
    years = years[years <= study.parameters.last_year]
    whole, persons = whole.loc[years], persons.loc[years]
    assumed = float(young["value"].iloc[0])
    shares = {
        name: 100 * (whole["reoffenders"] - persons["14-19"] * juvenile / 100) / persons["20+"]
        for name, juvenile in zip(
            ("share", "high", "low"), (assumed, *JUVENILE_SHARES), strict=True
        )
    }
    table = pd.DataFrame(
        {"all": 100 * whole["reoffenders"] / whole["persons_arrested"], **shares}, index=years
    )
    place = f"{study.nation.key}.penal"
    of = "reoffenders of all ages - persons of 14 to 19 * their share with an earlier arrest"
    for year, row in table.iterrows():
        cells = [
            rows[(rows["year"] == year) & (rows["measure"] == "persons_arrested")],
            counted[(counted["year"] == year) & (counted["measure"] == "reoffenders")],
            young,
        ]
        names = {"share": ""} | {name: f".{name}" for name in ("low", "high")}
        for name, end in names.items():
            what = f"100 * ({of}) / persons of 20 and over{end and f', {end[1:]} end'}"
            record(study, f"{place}.adult.share.{year}{end}", row[name], "percent", cells, what)
            if year == years[-1]:
                record(study, f"{place}.adult.latest{end}", row[name], "percent", cells, what)
    record(study, f"{place}.adult.latest.year", years[-1], "year", rows, "last year known")
    record(study, f"{place}.juvenile.share", assumed, "percent", young, "as printed")
    record(study, f"{place}.juvenile.share.year", young["year"].iloc[0], "year", young, "its year")
    return table


def record_floor(study: Study, own: Counts, thresholds: pd.DataFrame) -> None:
    """Record from which share of other records on "higher than the nation" stops holding.

    Of the nation's adults a share s had an earlier arrest under the same law. If of the rest a share a has
    any other record, the share with any record is s + (1 - s) a (partial identification).

    Facts: ``<nation>.cannabis.same_law.share.<year>`` and ``.year``; below ``<area>.cannabis.floor``:
    ``latest``, ``pooled`` and ``process``, the a at which the comparator meets the threshold of the last
    year, of all years, and of all years whose level moves as theirs did (``process.threshold``).

    References
    ----------
    C. F. Manski (2003), Partial Identification of Probability Distributions, chapter 1.
    """
    rows = study.select(
        series_id=SAME_LAW,
        offence="cannabis",
        age_band="20+",
        measure="reoffender_share",
        area_code=study.nation.code,
    )
    for row in rows.itertuples():
        name = f"{study.nation.key}.cannabis.same_law.share.{row.year}"
        record(study, name, row.value, "percent", rows[rows["year"] == row.year], "as printed")
    rows = rows[rows["year"] == rows["year"].max()]
    same = float(rows["value"].iloc[0])
    year = float(rows["year"].iloc[0])
    place = f"{study.nation.key}.cannabis.same_law"
    record(study, f"{place}.latest", same, "percent", rows, "as printed, last year")
    record(study, f"{place}.year", year, "year", rows, "its year")
    pooled = thresholds.loc["pooled"]
    spread = max(1.0, cannabis.dispersion(own.table))
    level = (
        2 * stats.norm.cdf(stats.norm.isf((1 - study.parameters.confidence) / 2) * np.sqrt(spread))
        - 1
    )
    process = comparison.weighted_sum(
        [pooled["reoffenders"]], [pooled["persons_arrested"]], [1.0], float(level)
    )[1]
    what = "lower Wilson limit of the pooled share, variance times the dispersion of the years"
    cannabis.record(study, "floor.process.threshold", 100 * process, "percent", own.rows, what)
    for name, limit in (
        ("latest", thresholds.loc[study.parameters.last_year, "threshold"]),
        ("pooled", pooled["threshold"]),
        ("process", 100 * process),
    ):
        other = 100 * (limit - same) / (100 - same)
        what = f"100 * (threshold {name} - s) / (100 - s), s the nation's share of the same law"
        cannabis.record(study, f"floor.{name}", max(0.0, other), "percent", [own.rows, rows], what)


def record_age_mix(study: Study) -> pd.DataFrame:
    """Compare the ages of persons arrested under the cannabis law, 20 and over, with the rest of the nation.

    Years for which the nation prints every age band.

    Returns
    -------
    pandas.DataFrame
        Index: age band; ``area`` and ``nation`` (without the area), persons of all years, and the shares
        ``area_share`` and ``nation_share`` (percent).

    Notes
    -----
    Facts: ``<nation>.cannabis.age.youngest.share.pooled`` (without the area) and
    ``<area>.cannabis.age.mix.p`` (chi-squared: one mix).
    """
    years = range(study.parameters.groups_first_year, study.parameters.last_year + 1)
    where = {"offence": "cannabis", "measure": "persons_arrested", "year": years}
    theirs = study.select(series_id=CANNABIS_AGES, **where)
    theirs = theirs[~theirs["age_band"].isin(["all", "0-19"])]
    complete = known.wide(theirs, "year", "age_band").dropna().index
    source = study.parameters.source_id
    mine = study.select(series_id=source, area_code=study.area.code, station="all", **where)
    mine = mine[(mine["age_band"] != "all") & mine["year"].isin(complete)]
    theirs = theirs[theirs["year"].isin(mine["year"])]
    bands = mine.assign(age_band=mine["age_band"].replace(dict.fromkeys(OLDER, "50+")))
    area, nation = (one.groupby("age_band")["value"].sum(min_count=1) for one in (bands, theirs))
    table = pd.DataFrame({"area": area, "nation": nation - area})
    for name in ("area", "nation"):
        table[f"{name}_share"] = 100 * table[name] / table[name].sum()
    what = (
        f"100 * persons of {table.index[0]} / persons of 20 and over, without the area, all years"
    )
    name = f"{study.nation.key}.cannabis.age.youngest.share.pooled"
    record(study, name, table["nation_share"].iloc[0], "percent", [theirs, mine], what)
    p = known.p_value(
        lambda counts: stats.chi2_contingency(counts).pvalue, table[["area", "nation"]].to_numpy()
    )
    record(study, f"{study.area.key}.cannabis.age.mix.p", p, "p_value", [theirs, mine], "one mix")
    return table


def record_return(study: Study) -> pd.DataFrame:
    """Return the share of released prisoners back within two years, by year and age band, as printed.

    Facts: ``<nation>.two_year_return.latest|first`` with ``.year`` (all ages).
    """
    rows = study.select(series_id=RETURN)
    table = known.wide(rows, "year", "age_band")
    whole = table["all"].dropna()
    for name, at in (("first", 0), ("latest", -1)):
        cell = rows[(rows["year"] == whole.index[at]) & (rows["age_band"] == "all")]
        place = f"{study.nation.key}.two_year_return.{name}"
        record(study, place, whole.iloc[at], "percent", cell, "as printed")
        record(study, f"{place}.year", whole.index[at], "year", cell, f"{name} year known")
    return table


def graded(study: Study, name: str) -> list[dict[str, str]]:
    """Return the lines of a collected series that were known at the edition's date, with their grades."""
    return data.lines(name, study.folder, study.parameters.as_of)
