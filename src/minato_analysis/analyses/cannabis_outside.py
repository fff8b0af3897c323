"""Notebook 03: the cannabis share against the prefecture and the nation, as far as that can be said.

In: the study and the counts of the area. Out: the comparator share at which "higher" stops
holding, and the like-for-like comparison where the comparator slot has the same definition, with
their facts recorded below ``<area>.cannabis``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from minato_analysis import data
from minato_analysis.analyses import cannabis, known
from minato_analysis.analyses.cannabis import COUNTS, OFFENCE
from minato_analysis.analyses.series import Counts
from minato_analysis.data import comparators
from minato_analysis.data.comparators import Comparator
from minato_analysis.data.study import Study
from minato_analysis.statistics import comparison, threshold
from minato_analysis.statistics.strata import holm


def record_thresholds(study: Study, own: Counts) -> pd.DataFrame:
    """Return the comparator share at which "the area is higher" stops holding, by year and pooled.

    Returns
    -------
    pandas.DataFrame
        Index: year and ``pooled``. Counts and ``share``; ``threshold`` (Wilson) and ``exact``
        (Clopper-Pearson), percent, unrounded.

    Notes
    -----
    Facts: ``threshold.latest|pooled``; ``.printed`` (rounded down to one decimal, so that the
    statement holds at the printed value) and ``.exact`` of each.
    """
    level = study.parameters.confidence
    table = own.table[[*COUNTS, "share"]].copy()
    table.loc["pooled"] = cannabis.all_years(own.table, study)[[*COUNTS, "share"]]
    counts = table["reoffenders"], table["persons_arrested"]
    limits = threshold.largest_comparator
    table["threshold"] = 100 * known.each(limits, *counts, confidence=level)
    exact = {"confidence": level, "method": "clopper_pearson"}
    table["exact"] = 100 * known.each(limits, *counts, **exact)
    last = study.parameters.last_year
    limit = "lower Wilson limit of the share: any smaller comparator, taken as exact, is exceeded"
    for name, at, rows in (("latest", last, own.of(last)), ("pooled", "pooled", own.rows)):
        value = float(table.loc[at, "threshold"])
        printed = value if np.isnan(value) else float(threshold.printed_percent(value / 100))
        cannabis.record(study, f"threshold.{name}", value, "percent", rows, limit)
        what = f"{limit}; rounded down"
        cannabis.record(study, f"threshold.{name}.printed", printed, "percent", rows, what)
    return table


@dataclass(frozen=True)
class Outside:
    """What the comparator slot gives for the prefecture and the nation.

    Attributes
    ----------
    compared : dict of str to pandas.DataFrame
        By name of the area: see :func:`compare`; only areas with values of the same definition.
    together : dict of str to pandas.Series
        By name of the area: see :func:`compare_sums`; only areas with counts.
    refused : dict of (str, str) to list of FieldPair
        By name of the area and title of the definition: every field of the two definitions.
    unused : tuple of str
        Names of areas that have values but do not contain the area studied.
    """

    compared: dict[str, pd.DataFrame]
    together: dict[str, pd.Series]
    refused: dict[tuple[str, str], list[comparators.FieldPair]]
    unused: tuple[str, ...]


def record_outside(study: Study, own: Counts) -> Outside:
    """Compare with prefecture and nation where the comparator slot has the same definition.

    Facts: ``comparators.<key>.years|higher|lower|undecided`` for prefecture and nation (0 without values),
    ``comparators.<key>.counts`` (years with counts), ``comparators.refused``; for each compared year
    ``vs_<key>.<year>.points|low|high|p|p_holm``; for the sum of the years with counts
    ``vs_<key>.pooled.points|low|high|p``.
    """
    found = comparators.sort_out(
        comparators.read(study.folder, study.parameters.as_of),
        offence=OFFENCE,
        definition=own.definition,
    )
    above = {one.code: one for one in (study.parent, study.nation)}
    areas, definitions = data.areas(study.folder), data.definitions(study.folder)
    confidence = study.parameters.confidence
    compared, together = {}, {}
    for code, one in above.items():
        rows = found.same.get(code, ())
        table = compare(own.table, rows, confidence)
        used = {row.year: row.addresses for row in rows if row.year in table.index}
        origin = {year: [own.of(year), *cells] for year, cells in used.items()}
        cannabis.record_differences(study, f"vs_{one.key}", table, origin)
        apart = table["p_holm"] < 1 - confidence
        every = [own.rows, *(cell for cells in used.values() for cell in cells)]
        higher, lower = apart & (table["points"] > 0), apart & (table["points"] < 0)
        counted = int((table["basis"] == "counts").sum())
        for name, value, what in (
            ("years", len(table), "years compared like for like"),
            ("counts", counted, "such years with counts of the comparator"),
            ("higher", higher.sum(), "such years: higher, p (Holm) below the level"),
            ("lower", lower.sum(), "such years: lower, p (Holm) below the level"),
            ("undecided", (~apart).sum(), "such years: p (Holm) not below the level"),
        ):
            cannabis.record(study, f"comparators.{one.key}.{name}", value, "number", every, what)
        if len(table):
            compared[one.name_ja] = table
        if counted:
            together[one.name_ja] = row = compare_sums(own.table, table, confidence)
            summed = [origin[year] for year in table.index[table["basis"] == "counts"]]
            for part in ("points", "low", "high"):
                what = f"cannabis share minus that of the rest, sum of years: {part} (Newcombe)"
                name = f"vs_{one.key}.pooled.{part}"
                cannabis.record(study, name, row[part], "points", summed, what)
            what = "p of equal shares in the sum of the years"
            cannabis.record(study, f"vs_{one.key}.pooled.p", row["p"], "p_value", summed, what)
    refused = {
        (areas[code].name_ja, definitions[name]["title"]): comparators.difference(
            definitions[own.definition], definitions[name]
        )
        for code, name in found.other
        if code in above
    }
    what = "count of comparator series with another definition, which are not compared"
    cannabis.record(study, "comparators.refused", len(refused), "number", own.rows, what)
    codes = {*found.same, *(code for code, _ in found.other)} - set(above)
    return Outside(
        compared, together, refused, tuple(areas[code].name_ja for code in sorted(codes))
    )


def compare(
    own: pd.DataFrame, whole: Sequence[Comparator], confidence: float = 0.95
) -> pd.DataFrame:
    """Compare a part with comparators of the larger area that contains it, year by year.

    With counts, the part is subtracted from the whole and two independent shares are compared
    (Newcombe's interval, score test). With a printed share alone, it is taken as exact (Wilson
    limits, score test); the whole then contains the part, which understates the gap.

    Parameters
    ----------
    own : pandas.DataFrame
        Index: year; columns ``persons_arrested``, ``reoffenders`` of the part.
    whole : sequence of Comparator
        Of one area and the definition of `own`.
    confidence : float
        Two-sided confidence level.

    Returns
    -------
    pandas.DataFrame
        Index: the years both have. ``basis`` (counts or share); ``reoffenders`` and
        ``persons_arrested`` of the rest (nan with a share); ``share`` of the rest, or as printed;
        ``points``, ``low``, ``high``: share of the part minus that share; ``p``; ``p_holm`` over
        the years; ``p_least``, ``p_most``: the range of p over all shares that are printed alike;
        ``source``.

    Raises
    ------
    DataError
        ``E0-COMPARATOR``: the part has more persons than the whole.
    """
    rows = {
        one.year: [*_compare_year(own.loc[one.year], one, confidence), one.source]
        for one in whole
        if one.year in own.index
    }
    columns = ["basis", "reoffenders", "persons_arrested", "share", "points", "low", "high", "p"]
    columns += ["p_least", "p_most", "source"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).sort_index()
    table["p_holm"] = holm(table["p"].to_numpy(float))
    return table


def compare_sums(own: pd.DataFrame, table: pd.DataFrame, confidence: float = 0.95) -> pd.Series:
    """Compare the sums of the years for which the comparator has counts.

    Parameters
    ----------
    own : pandas.DataFrame
        As for :func:`compare`.
    table : pandas.DataFrame
        What :func:`compare` returns, with at least one year of counts.
    confidence : float
        Two-sided confidence level.

    Returns
    -------
    pandas.Series
        ``years`` summed, ``share`` of the rest, ``points``, ``low``, ``high`` and ``p``.
    """
    rest = table[table["basis"] == "counts"]
    part = own.loc[rest.index]
    k, n, k_rest, n_rest = (
        float(one[name].sum())
        for one in (part, rest)
        for name in ("reoffenders", "persons_arrested")
    )
    found = _independent(k, n, k_rest, n_rest, confidence)
    names = ["share", "points", "low", "high", "p"]
    return pd.Series({"years": len(rest), **dict(zip(names, found, strict=True))})


def _independent(
    k: float, n: float, k_rest: float, n_rest: float, confidence: float
) -> list[float]:
    """Return share of the rest, difference with both limits (points), and p."""
    between = comparison.compare_shares(k, n, k_rest, n_rest, confidence=confidence)
    points = [100 * float(one) for one in (between.estimate, between.low, between.high)]
    p = float(comparison.equality_p_value(k, n, k_rest, n_rest))
    return [100 * k_rest / n_rest, *points, p]


def _compare_year(part: pd.Series, whole: Comparator, confidence: float) -> list[object]:
    k, n = float(part["reoffenders"]), float(part["persons_arrested"])
    if whole.persons is None or whole.reoffenders is None:
        steps = np.array([0.0, -whole.half_step, whole.half_step])
        exact = comparison.compare_with_exact(
            k, n, np.clip((whole.share + steps) / 100, 0, 1), "wilson", confidence
        )
        points = 100 * np.array([exact.difference[0], exact.low[0], exact.high[0]])
        # Between the two ends the p value has its maximum where the shares are equal.
        inside = abs(points[0]) <= whole.half_step
        most = 1.0 if inside else float(exact.p_value.max())
        least = float(exact.p_value.min())
        return ["share", np.nan, np.nan, whole.share, *points, float(exact.p_value[0]), least, most]
    try:
        rest = comparison.subtract_part(k, n, whole.reoffenders, whole.persons)
    except ValueError as error:
        raise comparators.refused(
            whole.file,
            whole.line,
            f"{whole.year}年の人数から地域の分（再犯者{k:.0f}人、検挙人員{n:.0f}人）を引けません（{error}）。"
            "その地域を含む、同じ定義の人数かどうかを確かめてください。",
        ) from None
    k_rest, n_rest = (float(count) for count in rest)
    if not n_rest:
        raise comparators.refused(
            whole.file,
            whole.line,
            "地域の分を引くと検挙人員が残りません。地域コードを確かめてください。",
        )
    found = _independent(k, n, k_rest, n_rest, confidence)
    return ["counts", k_rest, n_rest, *found, found[-1], found[-1]]
