"""Notebook 03: is the reoffender share among persons arrested under the cannabis law higher?

In: the study. Out: tables by year, station and age, with their facts recorded. Compared are the area's
other offences and, through the comparator slot, the prefecture and the nation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from minato_analysis import comparators, data
from minato_analysis.analyses import series
from minato_analysis.statistics import comparison, shares, shrinkage, strata, threshold, trends
from minato_analysis.study import Study

OFFENCE = "cannabis"
BESIDE = ("violent", "larceny")
"""Other offences whose reoffenders are printed."""
COUNTS = ["persons_arrested", "reoffenders"]
SHARE = "100 * reoffenders / persons_arrested"


def offence_counts(study: Study, offence: str) -> series.Counts:
    """Return persons and reoffenders of one offence in the area, by year, share with its interval.

    Returns
    -------
    Counts
        The years for which the source prints reoffenders by offence; the table has ``low`` and
        ``high`` besides (Wilson, percent).

    Raises
    ------
    DataError
        A year is missing, or the values have more than one definition.
    """
    p = study.parameters
    years = range(p.groups_first_year, p.last_year + 1)
    rows = study.select(
        source_id=p.source_id,
        area_code=study.area.code,
        station="all",
        age_band="all",
        offence=offence,
        year=years,
    )
    source = data.select(rows, measure="reoffenders")["table"].unique()
    rows = data.select(rows, table=list(source), measure=COUNTS)
    definitions = rows["definition"].unique()
    table = rows.pivot_table(index="year", columns="measure", values="value").astype(float)
    table.index = table.index.astype(int)
    if len(source) != 1 or len(definitions) != 1 or list(table.index) != list(years):
        raise data.DataError(
            f"E0-SERIES {offence}: {years[0]}年から{years[-1]}年までの、一つの表の一つの定義の値が"
            f"必要です（表{', '.join(source)}、定義{', '.join(definitions)}、年{list(table.index)}）。"
        )
    return series.Counts(_with_interval(table, study), rows, str(definitions[0]))


def record_shares(study: Study) -> series.Counts:
    """Record persons, reoffenders and share of the cannabis law by year and pooled.

    Facts: ``<area>.cannabis.persons|reoffenders|share.<year>`` and ``.pooled``, the shares with ``.low``
    and ``.high``; ``<area>.cannabis.homogeneity.p`` (all years have one share); ``<area>.cannabis.level``.
    """
    own, book, key = offence_counts(study, OFFENCE), study.facts, f"{study.area.key}.{OFFENCE}"
    by_year = {str(year): (own.of(int(str(year))), row) for year, row in own.table.iterrows()}
    for name, (rows, row) in {**by_year, "pooled": (own.rows, _pooled(own.table, study))}.items():
        for fact, column in (("persons", "persons_arrested"), ("reoffenders", "reoffenders")):
            book.record(
                f"{key}.{fact}.{name}",
                row[column],
                unit="persons",
                digits=0,
                from_=rows[rows["measure"] == column],
                formula=f"{column}, {'sum of the years' if name == 'pooled' else 'as printed'}",
            )
        _record_share(study, f"{key}.share.{name}", row, rows)
    p = float(trends.homogeneity(own.table["reoffenders"], own.table["persons_arrested"]).p)
    _p_value(study, f"{key}.homogeneity.p", p, own.rows, "chi-squared test: one share in all years")
    _p_value(
        study,
        f"{key}.level",
        1 - study.parameters.confidence,
        own.rows,
        "level of significance: 1 - confidence of the edition",
        digits=2,
    )
    return own


@dataclass(frozen=True)
class Against:
    """Cannabis against all other offences of the area.

    Attributes
    ----------
    other : Counts
        The other offences: the indicator's persons without the cannabis ones.
    by_year : pandas.DataFrame
        Index: year. ``own``, ``other`` (percent), ``points``, ``low``, ``high``, ``p``, ``p_holm``.
    pooled : pandas.DataFrame
        Index ``all``, ``without_last``. ``ratio``, ``low``, ``high`` (Mantel-Haenszel odds ratio),
        ``cmh``, ``breslow_day``, ``tarone`` (p values).
    """

    other: series.Counts
    by_year: pd.DataFrame
    pooled: pd.DataFrame


def record_against_other(
    study: Study, own: series.Counts, whole: series.Counts, *, difference: str
) -> Against:
    """Compare the cannabis share with the share of the area's other offences, by year and pooled.

    Parameters
    ----------
    study : Study
    own, whole : Counts
        The cannabis persons and the indicator, of which they are a part.
    difference : str
        How the two definitions differ, for the reader; needed because they have different names.

    Raises
    ------
    DataError
        ``E0-DEFINITION``: the definitions differ and `difference` is empty.

    Notes
    -----
    Facts: ``<area>.cannabis.vs_other.<year>.points|low|high|p|p_holm``, ``.vs_other.apart`` (years
    with an adjusted p below the level), ``.vs_other.apart.before`` (the same without the last year),
    ``.other.share.<year>`` and ``.pooled``, ``.mh_or`` with ``.low|high``, ``.cmh.p``,
    ``.breslow_day.p`` and ``.tarone.p``, and the tests ``.without_last``.
    """
    if own.definition != whole.definition and not difference.strip():
        raise data.DataError(
            f"E0-DEFINITION {own.definition}、{whole.definition}: "
            "定義の違う値を比べるには、違いを言葉で示してください。"
        )
    other = _others(study, own, whole)
    groups = (
        own.table["reoffenders"],
        own.table["persons_arrested"],
        other.table["reoffenders"],
        other.table["persons_arrested"],
    )
    key = f"{study.area.key}.{OFFENCE}"
    between = comparison.compare_shares(*groups, confidence=study.parameters.confidence)
    p = comparison.equality_p_value(*groups)
    by_year = pd.DataFrame(
        {
            "own": own.table["share"],
            "other": other.table["share"],
            "points": 100 * between.estimate,
            "low": 100 * between.low,
            "high": 100 * between.high,
            "p": p,
            "p_holm": strata.holm(p),
        },
        index=own.table.index,
    )
    _record_differences(study, f"{key}.vs_other", by_year, _rows_by_year(own, other))
    origin = [own.rows, other.rows]
    _record_apart(study, f"{key}.vs_other", by_year, origin)
    for year, row in other.table.iterrows():
        _record_share(study, f"{key}.other.share.{year}", row, _rows_by_year(own, other)[year])
    _record_share(study, f"{key}.other.share.pooled", _pooled(other.table, study), origin)
    pooled = pd.DataFrame(
        [_pooled_tests(study, *groups), _pooled_tests(study, *(one.iloc[:-1] for one in groups))],
        index=["all", "without_last"],
    )
    for name, what in (("all", "the years as strata"), ("without_last", "without the last year")):
        end = "" if name == "all" else f".{name}"
        for part, column in (("", "ratio"), (".low", "low"), (".high", "high")):
            study.facts.record(
                f"{key}.mh_or{end}{part}",
                pooled.loc[name, column],
                unit="number",
                digits=2,
                from_=origin,
                formula=f"Mantel-Haenszel odds ratio, cannabis against other offences, {what}{part}",
            )
        for fact, column in (
            ("cmh", "cmh"),
            ("breslow_day", "breslow_day"),
            ("breslow_day.tarone", "tarone"),
        ):
            formula = f"p of the {column.replace('_', ' ')} test, {what}"
            _p_value(study, f"{key}.{fact}{end}.p", pooled.loc[name, column], origin, formula)
    return Against(other, by_year, pooled)


def record_beside(study: Study, own: series.Counts, against: Against) -> pd.DataFrame:
    """Return the pooled shares of cannabis, all other offences, and the other printed offences.

    Facts: ``<area>.cannabis.beside.<offence>`` with ``.low`` and ``.high``.
    """
    found = {OFFENCE: _pooled(own.table, study), "other": _pooled(against.other.table, study)}
    for offence in BESIDE:
        counts = offence_counts(study, offence)
        found[offence] = _pooled(counts.table, study)
        name = f"{study.area.key}.{OFFENCE}.beside.{offence}"
        _record_share(study, name, found[offence], counts.rows)
    return pd.DataFrame(found).T


@dataclass(frozen=True)
class Stations:
    """Cannabis by police station.

    Attributes
    ----------
    cells : pandas.DataFrame
        Index (station, year) as printed: ``persons_arrested``, ``reoffenders``.
    pooled : pandas.DataFrame
        Index: station. Counts and ``share`` over all years; ``mean``, ``shrunk_low``, ``shrunk_high``,
        ``own_weight`` (shrinkage); ``points``, ``low``, ``high``, ``p``, ``p_holm`` against all other
        stations. nan where there were no persons.
    largest : str
        The station with most persons.
    """

    cells: pd.DataFrame
    pooled: pd.DataFrame
    largest: str


def record_stations(study: Study, own: series.Counts) -> Stations:
    """Compare the police stations, and the largest of them with all the others.

    Facts under ``<area>.cannabis.station``: ``largest.persons|weight|share`` (with ``low|high``),
    ``largest.shrunk``, ``others.share``, ``largest.vs_others.points|low|high|p|p_holm``, ``overall``,
    ``p_holm.least`` and ``cells.small`` (station-years with fewer than ten persons).
    """
    rows = data.select(
        study.rows,
        source_id=study.parameters.source_id,
        table=list(own.rows["table"].unique()),
        area_code=study.area.code,
        offence=OFFENCE,
        measure=COUNTS,
        year=list(own.table.index),
    )
    rows = rows[rows["station"] != "all"]
    order = list(dict.fromkeys(rows["station"]))
    cells = rows.pivot_table(index=["station", "year"], columns="measure", values="value")
    cells = cells.astype(float).reindex(order, level="station")
    pooled = cells.groupby(level="station", sort=False).sum()
    k, n = pooled["reoffenders"].to_numpy(), pooled["persons_arrested"].to_numpy()
    confidence = study.parameters.confidence
    shrunk = shrinkage.shrink(k, n, confidence)
    others = shrinkage.compare_with_others(k, n, confidence)
    for column, value in (
        ("share", shrunk.share),
        ("mean", shrunk.mean),
        ("shrunk_low", shrunk.low),
        ("shrunk_high", shrunk.high),
        ("own_weight", shrunk.own_weight),
        ("points", others.difference),
        ("low", others.low),
        ("high", others.high),
    ):
        pooled[column] = 100 * value
    pooled["p"], pooled["p_holm"] = others.p_value, others.p_holm
    largest = str(pooled["persons_arrested"].idxmax())
    at = order.index(largest)
    key, origin, row = f"{study.area.key}.{OFFENCE}.station", rows, pooled.loc[largest]
    study.facts.record(
        f"{key}.largest.persons",
        row["persons_arrested"],
        unit="persons",
        digits=0,
        from_=origin,
        formula="persons of the station with most persons, sum of the years",
    )
    for name, value, what in (
        ("largest.weight", 100 * n[at] / n.sum(), "persons of the largest station / all persons"),
        ("others.share", 100 * others.k_others[at] / others.n_others[at], "share, other stations"),
        ("largest.shrunk", row["mean"], "posterior mean share of the largest station"),
        ("largest.shrunk.low", row["shrunk_low"], "lower credible limit of that share"),
        ("largest.shrunk.high", row["shrunk_high"], "upper credible limit of that share"),
        ("overall", 100 * shrunk.overall, "posterior mean of the share around which stations lie"),
    ):
        study.facts.record(
            f"{key}.{name}", value, unit="percent", digits=1, from_=origin, formula=what
        )
    _record_share(study, f"{key}.largest.share", _interval_of(row, study), origin)
    for part in ("points", "low", "high"):
        study.facts.record(
            f"{key}.largest.vs_others.{part}",
            row[part],
            unit="points",
            digits=1,
            from_=origin,
            formula=f"{part}: largest station minus all others, Miettinen-Nurminen",
        )
    for part, value, what in (
        ("largest.vs_others.p", row["p"], "Fisher's exact p, largest station against all others"),
        (
            "largest.vs_others.p_holm",
            row["p_holm"],
            "the same p adjusted by Holm over the stations",
        ),
        ("p_holm.least", pooled["p_holm"].min(), "smallest adjusted p of all stations"),
    ):
        _p_value(study, f"{key}.{part}", float(value), origin, what)
    for name, value, what in (
        ("cells", len(cells), "station-years"),
        ("cells.small", int((cells["persons_arrested"] < 10).sum()), "those of under ten persons"),
    ):
        study.facts.record(
            f"{key}.{name}",
            value,
            unit="number",
            digits=0,
            from_=origin,
            formula=f"count of {what}",
        )
    return Stations(cells, pooled, largest)


def record_ages(study: Study) -> pd.DataFrame:
    """Return persons by age band and year; record the share of the youngest band.

    Returns
    -------
    pandas.DataFrame
        Index: the age band as in the observations (``20-29``). Columns: the years, ``pooled`` and
        ``weight`` (percent of the pooled persons).

    Notes
    -----
    Facts under ``<area>.cannabis.age.youngest``: ``from``, ``to`` (ends of the band), ``persons.pooled``,
    ``share.pooled`` (with ``low|high``) and ``share.<last year>``. Reoffenders are not printed by age.
    """
    p = study.parameters
    rows = study.select(
        source_id=p.source_id,
        area_code=study.area.code,
        station="all",
        offence=OFFENCE,
        measure="persons_arrested",
        year=range(p.groups_first_year, p.last_year + 1),
    )
    rows = rows[rows["table"].isin(rows.loc[rows["age_band"] != "all", "table"])]
    bands = rows[rows["age_band"] != "all"]
    order = list(dict.fromkeys(bands["age_band"]))
    table = bands.pivot_table(index="age_band", columns="year", values="value", sort=False)
    table = table.astype(float).loc[order]
    table.columns = pd.Index([int(year) for year in table.columns])
    last = table[p.last_year].copy()
    table["pooled"] = table.sum(axis=1)
    table["weight"] = 100 * table["pooled"] / table["pooled"].sum()
    youngest = min(order, key=lambda band: int(band.split("-")[0].rstrip("+")))
    key = f"{study.area.key}.{OFFENCE}.age.youngest"
    for end, text in zip(("from", "to"), youngest.split("-"), strict=True):
        study.facts.record(
            f"{key}.{end}",
            int(text),
            unit="number",
            digits=0,
            from_=bands[bands["age_band"] == youngest],
            formula=f"{end}: end of the youngest age band as printed",
        )
    study.facts.record(
        f"{key}.persons.pooled",
        table.loc[youngest, "pooled"],
        unit="persons",
        digits=0,
        from_=bands[bands["age_band"] == youngest],
        formula="persons of the youngest age band, sum of the years",
    )
    for name, k, n, origin in (
        ("pooled", table.loc[youngest, "pooled"], table["pooled"].sum(), bands),
        (p.last_year, last[youngest], last.sum(), bands[bands["year"] == p.last_year]),
    ):
        row = pd.Series({"reoffenders": k, "persons_arrested": n, "share": 100 * k / n})
        what = "100 * persons of the youngest age band / persons of all ages"
        _record_share(study, f"{key}.share.{name}", _interval_of(row, study), origin, what)
    return table


def record_thresholds(study: Study, own: series.Counts) -> pd.DataFrame:
    """Return the comparator share at which "the area is higher" stops holding, by year and pooled.

    Returns
    -------
    pandas.DataFrame
        Index: year and ``pooled``. Counts and ``share``; ``threshold`` (Wilson) and ``exact``
        (Clopper-Pearson), percent, unrounded.

    Notes
    -----
    Facts: ``<area>.cannabis.threshold.latest|pooled``; ``.printed`` (rounded down to one decimal, so that
    the statement holds at the printed value) and ``.exact`` of each.
    """
    level = study.parameters.confidence
    table = own.table[[*COUNTS, "share"]].copy()
    table.loc["pooled"] = _pooled(own.table, study)[[*COUNTS, "share"]]
    counts = table["reoffenders"], table["persons_arrested"]
    table["threshold"] = 100 * threshold.largest_comparator(*counts, level)
    table["exact"] = 100 * threshold.largest_comparator(*counts, level, "clopper_pearson")
    last = study.parameters.last_year
    for name, at, rows in (("latest", last, own.of(last)), ("pooled", "pooled", own.rows)):
        key = f"{study.area.key}.{OFFENCE}.threshold.{name}"
        value = float(table.loc[at, "threshold"])
        limit = "lower Wilson limit of the share: the largest comparator, taken as exact, below it"
        for end, shown, what in (
            ("", value, limit),
            (".printed", float(threshold.printed_percent(value / 100)), f"{limit}, rounded down"),
            (".exact", float(table.loc[at, "exact"]), "the same by Clopper and Pearson"),
        ):
            study.facts.record(
                f"{key}{end}", shown, unit="percent", digits=1, from_=rows, formula=what
            )
    return table


@dataclass(frozen=True)
class Outside:
    """What the comparator slot gives for the prefecture and the nation.

    Attributes
    ----------
    compared : dict of str to pandas.DataFrame
        By area key: see :func:`minato_analysis.comparators.compare`. Only areas with values of the same
        definition.
    refused : dict of (str, str) to list of FieldPair
        By area name and definition: every field of the two definitions.
    sources : dict of str to tuple of str
        By area key: the sources of what was compared.
    unused : tuple of str
        Names of areas with values that do not contain the area studied.
    """

    compared: dict[str, pd.DataFrame]
    refused: dict[tuple[str, str], list[comparators.FieldPair]]
    sources: dict[str, tuple[str, ...]]
    unused: tuple[str, ...]


def record_outside(study: Study, own: series.Counts) -> Outside:
    """Compare with the prefecture and the nation where the comparator slot has the same definition.

    Facts: ``<area>.cannabis.comparators.<key>.years|higher|lower`` for prefecture and nation (0 without
    comparators), ``<area>.cannabis.comparators.refused``, and for each compared year
    ``<area>.cannabis.vs_<key>.<year>.points|low|high|p|p_holm``.
    """
    found = comparators.sort_out(
        comparators.read(study.folder), offence=OFFENCE, definition=own.definition
    )
    above = {one.code: one for one in (study.parent, study.nation)}
    areas, definitions = data.areas(study.folder), data.definitions(study.folder)
    level = 1 - study.parameters.confidence
    key = f"{study.area.key}.{OFFENCE}"
    compared: dict[str, pd.DataFrame] = {}
    sources: dict[str, tuple[str, ...]] = {}
    for code, one in above.items():
        rows = found.same.get(code, ())
        table = comparators.compare(own.table, rows, study.parameters.confidence)
        if len(table):
            compared[one.key] = table
            sources[one.key] = tuple(dict.fromkeys(row.source for row in rows))
        used = {row.year: row.addresses for row in rows if row.year in table.index}
        origin = {year: [own.of(year), *cells] for year, cells in used.items()}
        _record_differences(study, f"{key}.vs_{one.key}", table, origin)
        apart = table["p_holm"] < level
        for name, value, what in (
            ("years", len(table), "years compared like for like"),
            ("higher", int((apart & (table["points"] > 0)).sum()), "years the area is higher in"),
            ("lower", int((apart & (table["points"] < 0)).sum()), "years the area is lower in"),
        ):
            study.facts.record(
                f"{key}.comparators.{one.key}.{name}",
                value,
                unit="number",
                digits=0,
                from_=[own.rows, *(cell for cells in used.values() for cell in cells)],
                formula=f"count of {what} (p adjusted by Holm)",
            )
    refused = {
        (areas[code].name_ja, name): comparators.difference(
            definitions[own.definition], definitions[name]
        )
        for code, name in found.other
        if code in above
    }
    study.facts.record(
        f"{key}.comparators.refused",
        len(refused),
        unit="number",
        digits=0,
        from_=own.rows,
        formula="count of comparator series with another definition, which are not compared",
    )
    codes = {*found.same, *(code for code, _ in found.other)} - set(above)
    return Outside(compared, refused, sources, tuple(areas[code].name_ja for code in sorted(codes)))


def _others(study: Study, own: series.Counts, whole: series.Counts) -> series.Counts:
    years = own.table.index
    k, n = comparison.subtract_part(
        own.table["reoffenders"],
        own.table["persons_arrested"],
        whole.table.loc[years, "reoffenders"],
        whole.table.loc[years, "persons_arrested"],
    )
    table = pd.DataFrame({"persons_arrested": n, "reoffenders": k}, index=years)
    rows = whole.rows[whole.rows["year"].isin(years) & whole.rows["measure"].isin(COUNTS)]
    return series.Counts(_with_interval(table, study), rows, whole.definition)


def _with_interval(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    found = shares.wilson(
        table["reoffenders"], table["persons_arrested"], study.parameters.confidence
    )
    return table.assign(share=100 * found.share, low=100 * found.low, high=100 * found.high)


def _interval_of(row: pd.Series, study: Study) -> pd.Series:
    return _with_interval(row.to_frame().T.astype(float), study).iloc[0]


def _pooled(table: pd.DataFrame, study: Study) -> pd.Series:
    return _interval_of(table[COUNTS].sum(), study)


def _pooled_tests(study: Study, *groups: Any) -> dict[str, float]:
    ratio = strata.mantel_haenszel_odds_ratio(*groups, confidence=study.parameters.confidence)
    return {
        "ratio": ratio.estimate,
        "low": ratio.low,
        "high": ratio.high,
        "cmh": strata.cochran_mantel_haenszel(*groups).p_value,
        "breslow_day": strata.breslow_day(*groups).p_value,
        "tarone": strata.breslow_day(*groups, tarone=True).p_value,
    }


def _rows_by_year(*counts: series.Counts) -> dict[Any, list[pd.DataFrame]]:
    return {year: [one.of(year) for one in counts] for year in counts[0].table.index}


def _record_share(study: Study, name: str, row: pd.Series, rows: Any, formula: str = SHARE) -> None:
    percent = f"{100 * study.parameters.confidence:g} %"
    for end, column, what in (
        ("", "share", formula),
        (".low", "low", f"lower end of the {percent} Wilson interval of {formula}"),
        (".high", "high", f"upper end of the {percent} Wilson interval of {formula}"),
    ):
        study.facts.record(
            f"{name}{end}", row[column], unit="percent", digits=1, from_=rows, formula=what
        )


def _record_differences(
    study: Study, name: str, table: pd.DataFrame, rows: Mapping[Any, Any]
) -> None:
    """Record each year of a comparison."""
    for year, row in table.iterrows():
        for part, what in (
            ("points", "share of the cannabis law minus the other share"),
            ("low", "lower limit of the difference (Newcombe, or Wilson where one is exact)"),
            ("high", "upper limit of the difference (Newcombe, or Wilson where one is exact)"),
        ):
            study.facts.record(
                f"{name}.{year}.{part}",
                row[part],
                unit="points",
                digits=1,
                from_=rows[year],
                formula=what,
            )
        _p_value(study, f"{name}.{year}.p", row["p"], rows[year], "two-sided p of equal shares")
        every = [part for one in rows.values() for part in one]
        _p_value(study, f"{name}.{year}.p_holm", row["p_holm"], every, "p adjusted by Holm")


def _record_apart(study: Study, name: str, table: pd.DataFrame, rows: Any) -> None:
    apart = table["p_holm"] < 1 - study.parameters.confidence
    before = table.index != study.parameters.last_year
    for part, value, what in (
        ("apart", apart.sum(), "years with an adjusted p below the level"),
        ("apart.before", (apart & before).sum(), "such years before the last one"),
    ):
        study.facts.record(
            f"{name}.{part}",
            int(value),
            unit="number",
            digits=0,
            from_=rows,
            formula=f"count of {what}",
        )


def _p_value(
    study: Study, name: str, value: float, rows: Any, formula: str, digits: int = 3
) -> None:
    study.facts.record(
        name, float(value), unit="p_value", digits=digits, from_=rows, formula=formula
    )
