"""Notebook 06: the offence groups, police stations and ages behind the indicator.

In: the study. Out: tables by year or station, with their facts recorded. Stations: the offences whose
reoffenders are printed by station besides cannabis, which has its own notebook. What lies around the
indicator is in :mod:`minato_analysis.analyses.context_around`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from minato_analysis import data
from minato_analysis.analyses import known
from minato_analysis.data import breaks
from minato_analysis.data.study import Study
from minato_analysis.statistics import comparison, shares, trends

GROUPS = (
    "felonious", "violent", "larceny", "intellectual", "moral", "other_penal_code",
    "stimulants", "cannabis", "narcotics",
)  # fmt: skip
"""Groups that add up to the indicator's persons, in printed order."""

BY_STATION = ("violent", "larceny")
COUNTS = ["persons_arrested", "reoffenders"]
SHARE = "100 * reoffenders / persons_arrested"
DIGITS = {"percent": 1, "points": 1, "persons": 0, "number": 0, "cases": 0, "p_value": 3, "year": 0}


def record_groups(study: Study) -> pd.DataFrame:
    """Return persons arrested by offence group and year.

    Returns
    -------
    pandas.DataFrame
        Index: :data:`GROUPS`; columns: the years.

    Notes
    -----
    Facts: ``<area>.offence.<group>.<year>``, ``.change`` (percent, first to last year; negative: fewer)
    and ``.weight`` (percent of all in the last year); ``<area>.offences.composition.p`` (chi-squared
    test that all years have one composition), ``.groups`` and ``.fewer`` (groups with fewer persons in
    the last year than in the first); ``<area>.context.level`` of significance.

    Groups that a change of law without a bridge divides are not compared: they have no ``.change``, are
    not among ``.groups``, and ``<area>.offences.not_compared`` counts them. The composition is tested over
    the latest years under one law, ``<area>.offences.composition.first_year|last_year``.

    Where a group is not printed the table is empty and only the level is recorded.
    """
    if not printed(study):
        _record_level(study, study.rows.head(1))
        return pd.DataFrame(index=pd.Index(GROUPS))
    table, every = group_persons(study)
    groups = dict(zip(GROUPS, every, strict=True))
    first, last = table.columns[0], table.columns[-1]
    place = f"{study.area.key}.offence"
    divided = [name for name, one in groups.items() if _cuts(study, one, (first, last))]
    compared = table.drop(index=divided)
    for name, one in groups.items():
        for year in table.columns:
            cell = one[one["year"] == year]
            record(
                study,
                f"{place}.{name}.{year}",
                table.loc[name, year],
                "persons",
                cell,
                "as printed",
            )
        if name in compared.index:
            change = 100 * (table.loc[name, last] / table.loc[name, first] - 1)
            what = f"100 * ({last} / {first} - 1)"
            record(study, f"{place}.{name}.change", change, "percent", one, what, digits=0)
        weight = 100 * table.loc[name, last] / known.total(table[last])
        what = f"100 * persons of the group / persons of all groups, {last}"
        record(study, f"{place}.{name}.weight", weight, "percent", every, what)
    fewer = known.count(compared[last] < compared[first], compared[last] - compared[first])
    for fact, value, what in (
        ("groups", len(compared), "groups"),
        ("fewer", fewer, "groups, fewer"),
        ("not_compared", len(table) - len(compared), "groups a change of law divides"),
    ):
        record(
            study, f"{study.area.key}.offences.{fact}", value, "number", every, f"count of {what}"
        )
    _record_composition(study, table, every)
    _record_level(study, every)
    return table


def group_persons(
    study: Study, names: Sequence[str] = GROUPS
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return persons arrested by offence group (index) and year (columns), and the rows of each group."""
    rows = _ward(study, station="all", age_band="all", measure="persons_arrested")
    # A group may stand in two tables (its own and the sum of its stations): the first one counts.
    groups = {name: data.select(rows, offence=name).drop_duplicates("year") for name in names}
    table = pd.DataFrame({name: one.set_index("year")["value"] for name, one in groups.items()}).T
    table = table.sort_index(axis=1).astype(float)
    table.columns = pd.Index([int(year) for year in table.columns])
    return table, list(groups.values())


def _record_level(study: Study, rows: Any) -> None:
    level, what = 1 - study.parameters.confidence, "1 - confidence of the edition"
    record(study, f"{study.area.key}.context.level", level, "p_value", rows, what, digits=2)


def printed(study: Study) -> bool:
    """Return whether the source prints persons of every group for the whole of the area."""
    rows = study.rows[study.rows["series_id"] == study.parameters.source_id]
    whole = rows[(rows["station"] == "all") & (rows["area_code"] == study.area.code)]
    return set(GROUPS) <= set(whole["offence"])


def _cuts(study: Study, rows: pd.DataFrame, years: Iterable[int]) -> list[breaks.Break]:
    """Return the changes of law that nothing bridges between the years of some rows."""
    return [one for one in breaks.crossing(rows, years, study.breaks) if one.bridge is None]


def _record_composition(study: Study, table: pd.DataFrame, every: list[pd.DataFrame]) -> None:
    """Test that the latest years under one law have one composition by offence group."""
    cuts = [cut for one in every for cut in _cuts(study, one, table.columns)]
    runs = [run for run in breaks.segments(table.columns, cuts) if len(run) > 1]
    if not runs:
        raise breaks.refusal(cuts[-1], list(table.columns), "罪種の構成の年どうしの比較")
    years = runs[-1]
    counts = table[years].to_numpy()
    counts = counts[counts.any(axis=1)][:, counts.any(axis=0)]  # of nobody nothing is expected
    p = known.p_value(lambda cells: stats.chi2_contingency(cells).pvalue, counts)
    origin = [one[one["year"].isin(years)] for one in every]
    place = f"{study.area.key}.offences.composition"
    what = "chi-squared test: all years have one composition by offence group"
    record(study, f"{place}.p", p, "p_value", origin, what)
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    effect = comparison.overturning_design_effect(p, 1 - study.parameters.confidence, df)
    what = f"{what}: statistic / critical value at the level"
    record(study, f"{place}.design_effect", effect, "number", origin, what, digits=2)
    for fact, value in (("first_year", years[0]), ("last_year", years[-1])):
        record(study, f"{place}.{fact}", value, "year", origin, f"{fact} of that test")


@dataclass(frozen=True)
class Stations:
    """One offence by police station.

    Attributes
    ----------
    offence : str
    rows : pandas.DataFrame
        The observations behind all of it.
    cells : pandas.DataFrame
        Index (station, year) as printed: ``persons_arrested``, ``reoffenders``.
    whole : pandas.Series
        Counts of all stations together, all years.
    pooled, last : pandas.DataFrame
        Index: station; all years together, the last year alone. Counts, ``share`` with ``low`` and
        ``high`` (Wilson); ``points``, ``points_low``, ``points_high`` (Miettinen-Nurminen) and
        ``p``, ``p_holm`` (Fisher, Holm over the stations) against all other stations.
    """

    offence: str
    rows: pd.DataFrame
    cells: pd.DataFrame
    whole: pd.Series
    pooled: pd.DataFrame
    last: pd.DataFrame


def record_stations(study: Study, offence: str) -> Stations:
    """Compare every station with all the others, all years together and in the last year alone.

    Facts below ``<area>.<offence>.station``: ``higher``, ``lower`` (stations apart from the others, all
    years together), ``design_effect`` (that would overturn the clearest of them), ``dispersion`` (of the
    years within stations), ``apart.<last year>``, ``p_holm.least.<last year>``; ``largest.persons``,
    ``.weight``, ``.share``, ``.points`` with ``.low|high``, ``.p_holm``, and ``largest.persons``,
    ``.share``, ``.p_holm`` ``.<last year>``.

    Raises
    ------
    DataError
        ``E0-SELECT``: the offence is not printed by station.
    """
    rows = _ward(study, offence=offence, measure=COUNTS, age_band="all")
    breaks.require_unbroken(rows, rows["year"], study.breaks, "署ごとの年の合計")
    order = [name for name in dict.fromkeys(rows["station"]) if name != "all"]
    rows = data.select(rows, station=order)
    cells = known.wide(rows, ["station", "year"]).reindex(order, level="station")
    last = study.parameters.last_year
    every = _whole(study, offence, rows)
    whole = known.total(every)
    pooled = _against_others(
        cells.groupby(level="station", sort=False).agg(known.total), whole, study
    )
    latest = _against_others(cells.xs(last, level="year").loc[order], every.loc[last], study)
    now = rows[rows["year"] == last]
    level = 1 - study.parameters.confidence
    apart = pooled["p_holm"] < level
    clearest = pooled.loc[pooled["p_holm"].fillna(1.0).idxmin()]
    effect = comparison.overturning_design_effect(
        clearest["p"], level * clearest["p"] / clearest["p_holm"]
    )
    least = latest["p_holm"].min() if latest[COUNTS].notna().all(axis=None) else float("nan")
    largest = cells["persons_arrested"].groupby(level="station", sort=False).sum().idxmax()
    one, then = pooled.loc[largest], latest.loc[largest]
    against = "largest station minus all others, Miettinen-Nurminen"
    fisher = "Fisher's exact p against all others, Holm over the stations"
    for name, value, unit, origin, what in (
        (
            "higher",
            known.count(apart & (pooled["points"] > 0), known.total(pooled[COUNTS], axis=1)),
            "number",
            rows,
            "stations, p_holm < level",
        ),
        (
            "lower",
            known.count(apart & (pooled["points"] < 0), known.total(pooled[COUNTS], axis=1)),
            "number",
            rows,
            "stations, p_holm < level",
        ),
        (
            f"apart.{last}",
            known.count(latest["p_holm"] < level, known.total(latest[COUNTS], axis=1)),
            "number",
            now,
            "stations, p_holm < level",
        ),
        (
            f"p_holm.least.{last}",
            least,
            "p_value",
            now,
            f"least {fisher}",
        ),
        (
            "design_effect",
            effect,
            "number",
            rows,
            "chi-squared of the clearest station / critical value at the level, Holm",
        ),
        (
            "dispersion",
            _dispersion(cells),
            "number",
            rows,
            "chi-squared of equal years within stations / degrees of freedom",
        ),
        ("largest.persons", one["persons_arrested"], "persons", rows, "most persons, all years"),
        (
            "largest.weight",
            100 * one["persons_arrested"] / whole["persons_arrested"],
            "percent",
            rows,
            "100 * persons of the largest station / persons of all",
        ),
        ("largest.share", one["share"], "percent", rows, f"{SHARE}, largest station, all years"),
        ("largest.points", one["points"], "points", rows, against),
        ("largest.points.low", one["points_low"], "points", rows, f"lower limit of {against}"),
        ("largest.points.high", one["points_high"], "points", rows, f"upper limit of {against}"),
        ("largest.p_holm", one["p_holm"], "p_value", rows, fisher),
        (f"largest.persons.{last}", then["persons_arrested"], "persons", now, "same station"),
        (f"largest.share.{last}", then["share"], "percent", now, f"{SHARE}, same station"),
        (f"largest.p_holm.{last}", then["p_holm"], "p_value", now, fisher),
    ):
        digits = 2 if name in ("design_effect", "dispersion") else None
        fact = f"{study.area.key}.{offence}.station.{name}"
        record(study, fact, value, unit, origin, what, digits=digits)
    return Stations(offence, rows, cells, whole, pooled, latest)


def _dispersion(cells: pd.DataFrame) -> float:
    """Return how much the years of the stations vary, in units of chance; nan where a count is not known."""
    if cells[COUNTS].isna().any(axis=None):
        return float("nan")
    k, n = (cells[name].unstack("year").to_numpy() for name in reversed(COUNTS))  # noqa: PD010
    found = trends.homogeneity(k, n)
    return float(np.nansum(found.statistic) / np.sum(found.df[np.isfinite(found.statistic)]))


def record_ages(study: Study) -> pd.DataFrame:
    """Return the share of the youngest age band among persons arrested under the cannabis law, by year.

    Returns
    -------
    pandas.DataFrame
        Index: year. ``youngest``, ``persons_arrested``, ``share``, ``low``, ``high`` (percent).

    Notes
    -----
    Facts below ``<area>.cannabis.youngest``: ``share.<year>``, ``homogeneity.p``, ``trend.p``
    (Cochran-Armitage).
    """
    rows = _ward(study, offence="cannabis", station="all", measure="persons_arrested")
    breaks.require_unbroken(rows, rows["year"], study.breaks, "年齢層の割合の動き")
    bands = rows[rows["age_band"] != "all"]
    first = min(bands["age_band"].unique(), key=lambda band: int(band.split("-")[0].rstrip("+")))
    by_band = known.wide(bands, "year", "age_band")
    young, total = by_band[first], known.total(by_band, axis=1)
    found = known.each(shares.wilson, young, total, confidence=study.parameters.confidence)
    table = pd.DataFrame({"youngest": young, "persons_arrested": total}).astype(float)
    table["share"], table["low"], table["high"] = (
        100 * one for one in (found.share, found.low, found.high)
    )
    table.index = table.index.astype(int)
    place = f"{study.area.key}.cannabis.youngest"
    what = "100 * persons of the youngest age band / persons of all ages"
    for year, row in table.iterrows():
        of_year = bands[bands["year"] == year]
        record(study, f"{place}.share.{year}", row["share"], "percent", of_year, what)
    equal = known.p_value(trends.homogeneity, young, total)
    record(study, f"{place}.homogeneity.p", equal, "p_value", bands, "chi-squared: equal years")
    years = table.index.to_numpy(float)
    linear = known.p_value(trends.cochran_armitage, young, total, years)
    record(study, f"{place}.trend.p", linear, "p_value", bands, "Cochran-Armitage, scores = years")
    return table


def rows_of(study: Study, offence: str) -> pd.DataFrame:
    """Return the area's rows of one offence group."""
    return _ward(study, offence=offence, station="all")


def _ward(study: Study, **wanted: Any) -> pd.DataFrame:
    years = range(study.parameters.groups_first_year, study.parameters.last_year + 1)
    source, area = study.parameters.source_id, study.area.code
    return study.select(series_id=source, area_code=area, year=years, **wanted)


def _whole(study: Study, offence: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of all stations by year: their sum, or the printed total where one is not known."""
    table = known.wide(rows, ["year", "station"]).groupby(level="year").agg(known.total)
    if table.notna().all(axis=None):
        return table
    printed = _ward(study, offence=offence, measure=COUNTS, age_band="all", station="all")
    own = printed[printed["table"].isin(rows["table"].unique())]
    return table if own.empty else table.fillna(known.wide(own, "year"))


def _against_others(counts: pd.DataFrame, whole: pd.Series, study: Study) -> pd.DataFrame:
    k, n = counts["reoffenders"].to_numpy(), counts["persons_arrested"].to_numpy()
    own = known.each(shares.wilson, k, n, confidence=study.parameters.confidence)
    others = known.against_others(counts, whole, study.parameters.confidence)
    return counts.assign(
        share=100 * own.share,
        low=100 * own.low,
        high=100 * own.high,
        points=100 * others.difference,
        points_low=100 * others.low,
        points_high=100 * others.high,
        p=others.p_value,
        p_holm=others.p_holm,
    )


def record(
    study: Study,
    name: str,
    value: Any,
    unit: str,
    rows: Any,
    formula: str,
    *,
    digits: int | None = None,
) -> None:
    """Record one fact with the digits this notebook prints for its unit."""
    study.facts.record(
        name,
        float(value),
        unit=unit,
        digits=DIGITS[unit] if digits is None else digits,
        from_=rows,
        formula=formula,
    )
