"""Notebook 03: is the reoffender share among persons arrested under the cannabis law higher?

In: the study. Out: the shares by year and in sum, compared with the area's other offences, with
their facts recorded below ``<area>.cannabis``. The parts are in ``cannabis_breakdown`` (police
stations, ages) and ``cannabis_outside`` (prefecture and nation).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from minato_analysis import data
from minato_analysis.analyses import known, series
from minato_analysis.analyses.series import SHARE
from minato_analysis.data import breaks
from minato_analysis.data.study import Study
from minato_analysis.statistics import comparison, shares, strata, trends

OFFENCE = "cannabis"
OTHER_SHARE = (
    "100 * (all reoffenders - cannabis reoffenders)"
    " / (all persons arrested - cannabis persons arrested)"
)
BESIDE = ("violent", "larceny")
"""Other offences whose reoffenders are printed."""
COUNTS = ["persons_arrested", "reoffenders"]
CONFIRM_YEARS = 3
"""Coming years to be pooled and held against the answer of one year, fixed before they are known."""
DIGITS = {"percent": 1, "points": 1, "persons": 0, "number": 0, "p_value": 3}


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
        ``E0-SERIES``: a year is missing, or the values have more than one table or definition.
    """
    years = _years(study)
    rows = select(study, offence=offence, station="all", age_band="all")
    source = data.select(rows, measure="reoffenders")["table"].unique()
    rows = data.select(rows, table=list(source), measure=COUNTS)
    definitions = rows["definition"].unique()
    table = known.wide(rows, "year")
    if len(source) != 1 or len(definitions) != 1 or list(table.index) != list(years):
        raise data.DataError(
            f"E0-SERIES {offence}: {years[0]}年から{years[-1]}年までの、一つの表の一つの定義の値が"
            f"必要です（表{', '.join(source)}、定義{', '.join(definitions)}、年{list(table.index)}）。"
        )
    return series.Counts(_with_interval(table, study), rows, str(definitions[0]))


def record_shares(study: Study) -> series.Counts:
    """Record persons, reoffenders and share by year and pooled.

    Facts: ``persons|reoffenders|share.<year>`` and ``.pooled``, the shares with ``.low`` and
    ``.high``; ``share.least`` and ``share.most`` of the years; ``one_person.<last year>`` (by how
    much one reoffender more moves the share); ``homogeneity.p`` (do all years have one share);
    ``dispersion`` (variance of the years in units of chance); ``level`` of significance.
    """
    own = offence_counts(study, OFFENCE)
    by_year = {str(year): (own.of(int(str(year))), row) for year, row in own.table.iterrows()}
    for name, (rows, row) in {**by_year, "pooled": (own.rows, all_years(own.table, study))}.items():
        for fact, column in (("persons", "persons_arrested"), ("reoffenders", "reoffenders")):
            cells = rows[rows["measure"] == column]
            how = "sum of the years" if name == "pooled" else "as printed"
            record(study, f"{fact}.{name}", row[column], "persons", cells, f"{column}, {how}")
        record_share(study, f"share.{name}", row, rows)
    shares_ = own.table["share"]
    for name, value in (("least", shares_.min(skipna=False)), ("most", shares_.max(skipna=False))):
        record(study, f"share.{name}", value, "percent", own.rows, f"{name} of the years: {SHARE}")
    last = study.parameters.last_year
    step = 100 / own.table.loc[last, "persons_arrested"]
    what = "100 * 1 / persons_arrested"
    record(study, f"one_person.{last}", step, "points", own.of(last), what)
    equal = known.p_value(
        trends.homogeneity, own.table["reoffenders"], own.table["persons_arrested"]
    )
    record(study, "homogeneity.p", equal, "p_value", own.rows, "chi-squared test: equal years")
    spread = dispersion(own.table)
    what = "chi-squared of equal years / degrees of freedom"
    record(study, "dispersion", spread, "number", own.rows, what, digits=1)
    level = 1 - study.parameters.confidence
    record(study, "level", level, "p_value", own.rows, "1 - confidence of the edition", digits=2)
    return own


def others(
    study: Study, own: series.Counts, whole: series.Counts, *, difference: str
) -> series.Counts:
    """Return the area's other offences: the indicator's persons without the cannabis ones.

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
    """
    if own.definition != whole.definition and not difference.strip():
        raise data.DataError(
            f"E0-DEFINITION {own.definition}、{whole.definition}: "
            "定義の違う値を比べるには、違いを言葉で示してください。"
        )
    years = own.table.index
    part, total = own.table, whole.table.loc[years]
    k, n = known.each(
        comparison.subtract_part,
        part["reoffenders"],
        part["persons_arrested"],
        total["reoffenders"],
        total["persons_arrested"],
    )
    table = pd.DataFrame({"persons_arrested": n, "reoffenders": k}, index=years)
    rows = whole.rows[whole.rows["year"].isin(years) & whole.rows["measure"].isin(COUNTS)]
    rows = pd.concat([rows, own.rows[own.rows["value"].isna()]])
    breaks.require_unbroken(rows, years, study.breaks, "ほかの罪種の割合の年どうしの比較")
    return series.Counts(_with_interval(table, study), rows, whole.definition)


def record_against_other(
    study: Study, own: series.Counts, other: series.Counts, by_year: pd.DataFrame
) -> pd.DataFrame:
    """Record the cannabis share beside that of the area's other offences, by year and pooled.

    Parameters
    ----------
    study : Study
    own, other : Counts
        See :func:`others`.
    by_year : pandas.DataFrame
        Index: year. ``own``, ``other`` (percent), ``points``, ``low``, ``high``, ``p``, ``p_holm``.

    Returns
    -------
    pandas.DataFrame
        Index ``all``, ``without_last``. ``ratio``, ``low``, ``high`` (Mantel-Haenszel odds ratio),
        ``cmh``, ``breslow_day``, ``tarone`` (p values).

    Notes
    -----
    Facts: ``vs_other.<year>.points|low|high|p|p_holm``; ``vs_other.apart`` (years with an adjusted
    p below the level) and ``vs_other.apart.before`` (the same without the last year); what the last year's
    answer rests on, see :func:`_record_firmness`;
    ``other.share.<year>`` and ``.pooled``; ``mh_or`` with ``.low|high``, ``cmh.p``,
    ``breslow_day.p``, ``breslow_day.tarone.p``, and all of these ``.without_last`` year.
    """
    groups = [one.table[name] for one in (own, other) for name in reversed(COUNTS)]
    origin = {year: [own.of(year), other.of(year)] for year in own.table.index}
    record_differences(study, "vs_other", by_year, origin)
    every = [own.rows, other.rows]
    apart = by_year["p_holm"] < 1 - study.parameters.confidence
    before = by_year.index != study.parameters.last_year
    what = "count of years with p (Holm) below the level"
    record(study, "vs_other.apart", known.count(apart, by_year["p"]), "number", every, what)
    what += ", the last year left out"
    record(
        study,
        "vs_other.apart.before",
        known.count(apart & before, by_year["p"]),
        "number",
        every,
        what,
    )
    _record_firmness(study, by_year, origin, every)
    for year, row in other.table.iterrows():
        record_share(study, f"other.share.{year}", row, origin[year], OTHER_SHARE)
    pooled = all_years(other.table, study)
    what = f"{OTHER_SHARE}, sum of the years"
    record_share(study, "other.share.pooled", pooled, every, what)
    tests = {"": _pooled_tests(study, groups)}
    tests[".without_last"] = _pooled_tests(study, [one.iloc[:-1] for one in groups])
    for end, found in tests.items():
        for part, name in (("ratio", ""), ("low", ".low"), ("high", ".high")):
            what = f"Mantel-Haenszel odds ratio over the years{end}: {part}"
            record(study, f"mh_or{end}{name}", found[part], "number", every, what, digits=2)
        for part, name in (
            ("cmh", "cmh"),
            ("breslow_day", "breslow_day"),
            ("tarone", "breslow_day.tarone"),
        ):
            what = f"p of the test over the years{end}: {part}"
            record(study, f"{name}{end}.p", found[part], "p_value", every, what)
    return pd.DataFrame(tests.values(), index=["all", "without_last"])


def _record_firmness(study: Study, by_year: pd.DataFrame, origin: Any, every: Any) -> None:
    """Record how little it takes for the last year's answer not to hold.

    Facts below ``vs_other``: ``<last>.design_effect`` (of the adjusted p), ``candidates`` (offences with
    printed reoffenders times years) and ``<last>.p_picked`` (p times these); ``confirm.years``,
    ``confirm.persons`` and ``confirm.share`` (least share of as many persons as in the last year over so
    many coming years that would exceed the other offences by more than chance).
    """
    last, level = study.parameters.last_year, 1 - study.parameters.confidence
    row = by_year.loc[last]
    effect = comparison.overturning_design_effect(row["p"], level * row["p"] / row["p_holm"])
    what = "chi-squared of equal shares / critical value at the level, Holm over the years"
    record(study, f"vs_other.{last}.design_effect", effect, "number", origin[last], what, digits=2)
    printed = set(_selected(study, measure="reoffenders", station="all")["offence"])
    candidates = len(by_year) * len(printed & {OFFENCE, *BESIDE})
    what = "years times offences whose reoffenders are printed"
    record(study, "vs_other.candidates", candidates, "number", every, what)
    what = f"p of equal shares {last}, times the number of candidates (Bonferroni)"
    picked = np.minimum(1.0, candidates * row["p"])
    record(study, f"vs_other.{last}.p_picked", picked, "p_value", origin[last], what)
    persons, reoffenders = (
        [
            float(one["value"].sum())
            for one in (rows[rows["measure"] == name] for rows in origin[last])
        ]
        for name in COUNTS
    )
    n = CONFIRM_YEARS * persons[0]
    rest = [CONFIRM_YEARS * (total[1] - total[0]) for total in (reoffenders, persons)]
    share = float("nan")
    if not pd.isna(row["p"]):
        k = np.arange(int(n) + 1)
        p = comparison.equality_p_value(k, n, *rest)
        share = 100 * k[(p < level) & (k / n > rest[0] / rest[1])].min(initial=int(n)) / n
    what = f"persons of {last} times {CONFIRM_YEARS}"
    record(study, "vs_other.confirm.years", CONFIRM_YEARS, "number", origin[last], "years ahead")
    record(study, "vs_other.confirm.persons", n, "persons", origin[last], what)
    what = (
        f"least share with p of equal shares below the level, {what}, other offences as in {last}"
    )
    record(study, "vs_other.confirm.share", share, "percent", origin[last], what)


def dispersion(counts: pd.DataFrame) -> float:
    """Return the variance of the years' shares in units of chance; nan where a count is not known."""
    if counts[COUNTS].isna().any(axis=None):
        return float("nan")
    found = trends.homogeneity(counts["reoffenders"], counts["persons_arrested"])
    return float(found.statistic / found.df)


def record_beside(study: Study, own: series.Counts, other: series.Counts) -> pd.DataFrame:
    """Return the pooled shares of cannabis, all other offences, and the other printed offences.

    Facts: ``beside.<offence>`` with ``.low`` and ``.high``. An offence whose reoffenders the source does not
    print has no row.
    """
    found = {OFFENCE: all_years(own.table, study), "other": all_years(other.table, study)}
    printed = set(_selected(study, measure="reoffenders")["offence"])
    for offence in (name for name in BESIDE if name in printed):
        counts = offence_counts(study, offence)
        found[offence] = all_years(counts.table, study)
        record_share(study, f"beside.{offence}", found[offence], counts.rows)
    return pd.DataFrame(found).T


def _years(study: Study) -> range:
    return range(study.parameters.groups_first_year, study.parameters.last_year + 1)


def select(study: Study, **wanted: Any) -> pd.DataFrame:
    """Return the source's rows of the area for the years with offence groups, to be used together.

    Raises
    ------
    BreakError
        ``E4-BREAK``: a change of law that nothing bridges falls between the years.
    """
    rows = _selected(study, **wanted)
    breaks.require_unbroken(rows, _years(study), study.breaks, "罪種ごとの割合の年どうしの比較")
    return rows


def _selected(study: Study, **wanted: Any) -> pd.DataFrame:
    source, area = study.parameters.source_id, study.area.code
    return study.select(series_id=source, area_code=area, year=_years(study), **wanted)


def _with_interval(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    counts = table["reoffenders"], table["persons_arrested"]
    found = known.each(shares.wilson, *counts, confidence=study.parameters.confidence)
    return table.assign(share=100 * found.share, low=100 * found.low, high=100 * found.high)


def interval_of(row: pd.Series, study: Study) -> pd.Series:
    """Return one row of counts with ``share``, ``low`` and ``high`` (Wilson, percent)."""
    return _with_interval(row.to_frame().T.astype(float), study).iloc[0]


def all_years(table: pd.DataFrame, study: Study) -> pd.Series:
    """Return the sum of the years' counts with its share and interval."""
    return interval_of(known.total(table[COUNTS]), study)


def _pooled_tests(study: Study, groups: list[pd.Series]) -> dict[str, float]:
    k1, n1, k2, n2 = groups
    if any(one.isna().any() for one in groups):
        parts = ("ratio", "low", "high", "cmh", "breslow_day", "tarone")
        return dict.fromkeys(parts, float("nan"))
    ratio = strata.mantel_haenszel_odds_ratio(k1, n1, k2, n2, study.parameters.confidence)
    return {
        "ratio": ratio.estimate,
        "low": ratio.low,
        "high": ratio.high,
        "cmh": strata.cochran_mantel_haenszel(k1, n1, k2, n2).p_value,
        "breslow_day": strata.breslow_day(k1, n1, k2, n2).p_value,
        "tarone": strata.breslow_day(k1, n1, k2, n2, tarone=True).p_value,
    }


def record(
    study: Study,
    name: str,
    value: ArrayLike,
    unit: str,
    rows: Any,
    formula: str,
    *,
    digits: int | None = None,
) -> None:
    """Record one number of the cannabis law; its unit says how it is rounded unless `digits` does."""
    study.facts.record(
        f"{study.area.key}.{OFFENCE}.{name}",
        float(value),  # type: ignore[arg-type]
        unit=unit,
        digits=DIGITS[unit] if digits is None else digits,
        from_=rows,
        formula=formula,
    )


def record_share(study: Study, name: str, row: pd.Series, rows: Any, formula: str = SHARE) -> None:
    """Record a share and both ends of its interval."""
    record(study, name, row["share"], "percent", rows, formula)
    for end in ("low", "high"):
        limit = f"{end} end of the Wilson interval of {formula}"
        record(study, f"{name}.{end}", row[end], "percent", rows, limit)


def record_differences(
    study: Study, name: str, table: pd.DataFrame, rows: Mapping[Any, Any]
) -> None:
    """Record each year of a comparison: ``points``, ``low``, ``high``, ``p`` and ``p_holm``."""
    every = [part for one in rows.values() for part in one]
    for year, row in table.iterrows():
        for part in ("points", "low", "high"):
            what = (
                f"cannabis share minus the other share: {part} (Newcombe; Wilson if one is exact)"
            )
            record(study, f"{name}.{year}.{part}", row[part], "points", rows[year], what)
        record(study, f"{name}.{year}.p", row["p"], "p_value", rows[year], "p of equal shares")
        what = "p of equal shares, adjusted by Holm over the years"
        record(study, f"{name}.{year}.p_holm", row["p_holm"], "p_value", every, what)
