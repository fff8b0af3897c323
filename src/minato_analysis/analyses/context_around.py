"""Notebook 06: the numbers around the indicator, none of which counts the persons it counts.

In: the study. Out: tables by year, with their facts recorded: probation officers and how far their posts
are filled, persons leaving prison with nowhere to go, the nation's special-law offences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from minato_analysis.analyses import known
from minato_analysis.analyses.context import COUNTS, SHARE, record
from minato_analysis.data.study import Study
from minato_analysis.statistics import comparison, shares, strata

HOMELESS = "released_without_home"
"""Measure of persons who leave prison without a suitable place to return to."""

OFFICERS = {"probation_officers": "current", "probation_officer_quota": "quota"}
LEAVING = {"released": "released", HOMELESS: "without_home"}
"""Measures, and what the columns of a table of them are called."""


def officer_rows(study: Study) -> pd.DataFrame:
    """Return the rows on probation officers of the three areas."""
    codes = [one.code for one in (study.area, study.parent, study.nation)]
    source = study.parameters.source_id
    return study.select(series_id=source, area_code=codes, measure=list(OFFICERS))


def released_rows(study: Study) -> pd.DataFrame:
    """Return the rows on persons leaving prison of the prefecture and the nation."""
    codes = [one.code for one in (study.parent, study.nation)]
    return study.select(area_code=codes, measure=list(LEAVING))


def record_probation_officers(study: Study) -> pd.DataFrame:
    """Return probation officers, their quota and the share filled, by area and year.

    Returns
    -------
    pandas.DataFrame
        Index (area key, year): ``current``, ``quota``, ``fill_share`` (percent, from the counts).

    Notes
    -----
    Facts below ``<key>.probation_officers`` for the three areas: ``current|quota|fill_share.<year>``;
    for the area also ``fill_share.first|latest``, ``first.year``, ``latest.year``, ``vacant.latest``,
    ``one_person`` (what one person moves the share), ``years`` and ``years_above.<other key>``.
    """
    areas = study.area, study.parent, study.nation
    columns, rows = OFFICERS, officer_rows(study)
    table = known.wide(rows, ["area_code", "year"]).rename(columns=columns)
    table = table.rename(index={one.code: one.key for one in areas}, level=0)
    table["fill_share"] = 100 * table["current"] / table["quota"]
    formula = {
        "fill_share": "100 * current / quota",
        "current": "as printed",
        "quota": "as printed",
    }
    for one in areas:
        for year, row in table.loc[one.key].iterrows():
            cells = rows[(rows["area_code"] == one.code) & (rows["year"] == year)]
            for name, what in formula.items():
                unit = "percent" if name == "fill_share" else "persons"
                fact = f"{one.key}.probation_officers.{name}.{year}"
                record(study, fact, row[name], unit, cells, what)
    own = table.loc[study.area.key]
    mine = rows[rows["area_code"] == study.area.code]
    first, latest = own.iloc[0], own.iloc[-1]
    place = f"{study.area.key}.probation_officers"
    for name, value, unit, what in (
        ("fill_share.first", first["fill_share"], "percent", "100 * current / quota, first year"),
        ("fill_share.latest", latest["fill_share"], "percent", "100 * current / quota, last year"),
        ("first.year", own.index[0], "year", "first year printed"),
        ("latest.year", own.index[-1], "year", "last year printed"),
        ("vacant.latest", latest["quota"] - latest["current"], "persons", "quota - current"),
        ("one_person", 100 / latest["quota"], "points", "100 / quota"),
        ("years", len(own), "number", "years printed"),
    ):
        record(study, f"{place}.{name}", value, unit, mine, what)
    for other in (study.parent, study.nation):
        theirs = table.loc[other.key]["fill_share"]
        above = known.count(own["fill_share"] > theirs, own["fill_share"] - theirs)
        what = f"years with a share above {other.key}"
        record(study, f"{place}.years_above.{other.key}", above, "number", rows, what)
    return table


@dataclass(frozen=True)
class Released:
    """Persons leaving prison, and those with nowhere to go.

    Attributes
    ----------
    shares : pandas.DataFrame
        Index: year. ``<parent>``, ``<nation>`` and ``rest`` (nation without the prefecture), percent;
        ``low``, ``high``: Wilson interval of the prefecture.
    counts : pandas.DataFrame
        Index: year; columns (area key, ``released`` or ``without_home``).
    changes : pandas.DataFrame
        Index: the later of two neighbouring years. ``points``, ``low``, ``high`` (Newcombe), ``p`` and
        ``p_holm`` (Holm over the years) of the prefecture's share; ``rest`` (points) beside it.
    """

    shares: pd.DataFrame
    counts: pd.DataFrame
    changes: pd.DataFrame


def record_released(study: Study) -> Released:
    """Compare neighbouring years of the prefecture, and the last change with what years usually do.

    Facts below ``<key>.released_without_home``: ``share|count|released.<year>`` for prefecture and nation;
    for the prefecture ``share.latest|before``, ``count.latest``, ``released.latest``, ``latest.year``,
    ``jump.points|low|high|p|p_holm|walk_p`` (last year against the year before; ``walk_p`` takes the
    spread of the earlier changes as the measure, for the largest of ``jump.changes`` changes),
    ``jump.earlier.apart`` (earlier changes with p_holm below the level); for the nation
    ``rest.latest|before``, ``rest.jump.points|p`` (without the prefecture) and
    ``parent_weight.latest|before``.
    """
    pair = (study.parent, study.nation)
    columns, rows = LEAVING, released_rows(study)
    counts = pd.concat(
        {
            one.key: known.wide(rows[rows["area_code"] == one.code], "year")[list(columns)]
            for one in pair
        },
        axis=1,
    ).rename(columns=columns)
    for one in pair:
        for year, row in counts[one.key].iterrows():
            cells = rows[(rows["area_code"] == one.code) & (rows["year"] == year)]
            share = 100 * row["without_home"] / row["released"]
            place = f"{one.key}.{HOMELESS}"
            what = "100 * without_home / released"
            record(study, f"{place}.share.{year}", share, "percent", cells, what)
            for name, column in (("count", "without_home"), ("released", "released")):
                fact = f"{place}.{name}.{year}"
                record(study, fact, row[column], "persons", cells, f"{column} as printed")
    k, n = (counts[study.parent.key][name] for name in ("without_home", "released"))
    whole = (counts[study.nation.key][name] for name in ("without_home", "released"))
    k_rest, n_rest = known.each(comparison.subtract_part, k, n, *whole)
    confidence = study.parameters.confidence
    interval = known.each(shares.wilson, k, n, confidence=confidence)
    table = pd.DataFrame(
        {
            one.key: 100 * counts[one.key]["without_home"] / counts[one.key]["released"]
            for one in pair
        }
    ).assign(rest=100 * k_rest / n_rest, low=100 * interval.low, high=100 * interval.high)
    later = (k.iloc[1:].to_numpy(), n.iloc[1:].to_numpy())
    earlier = (k.iloc[:-1].to_numpy(), n.iloc[:-1].to_numpy())
    between = known.each(comparison.compare_shares, *later, *earlier, confidence=confidence)
    p = known.each(comparison.equality_p_value, *later, *earlier)
    changes = pd.DataFrame(
        {
            "points": 100 * between.estimate,
            "low": 100 * between.low,
            "high": 100 * between.high,
            "p": p,
            "p_holm": strata.holm(p),
            "rest": np.diff(table["rest"]),
        },
        index=k.index[1:],
    )
    found = Released(table, counts, changes)
    _record_jump(study, found, rows)
    ends = k_rest[-1:], n_rest[-1:], k_rest[-2:-1], n_rest[-2:-1]
    rest = known.each(comparison.equality_p_value, *ends)[0]
    place = f"{study.nation.key}.{HOMELESS}"
    what = "p of equal shares in the last two years, nation without the prefecture"
    record(study, f"{place}.rest.jump.p", rest, "p_value", rows, what)
    return found


def _record_jump(study: Study, found: Released, rows: pd.DataFrame) -> None:
    """Record the last change of the prefecture and what the nation's rest did meanwhile."""
    key, nation = study.parent.key, study.nation.key
    table, last = found.shares, found.changes.iloc[-1]
    level = 1 - study.parameters.confidence
    homeless = found.counts[key]["without_home"]
    weight = 100 * homeless / found.counts[nation]["without_home"]
    mine, place = rows[rows["area_code"] == study.parent.code], f"{key}.{HOMELESS}"
    for name, value, unit, what in (
        (
            "share.latest",
            table[key].iloc[-1],
            "percent",
            "100 * without_home / released, last year",
        ),
        ("share.before", table[key].iloc[-2], "percent", "the same, the year before"),
        ("count.latest", homeless.iloc[-1], "persons", "without_home as printed, last year"),
        ("count.before", homeless.iloc[-2], "persons", "without_home as printed, the year before"),
        (
            "released.latest",
            found.counts[key]["released"].iloc[-1],
            "persons",
            "released as printed",
        ),
        ("latest.year", table.index[-1], "year", "last year printed"),
        ("jump.points", last["points"], "points", "share of the last year minus the year before"),
        ("jump.low", last["low"], "points", "lower Newcombe limit of the difference"),
        ("jump.high", last["high"], "points", "upper Newcombe limit of the difference"),
        ("jump.p", last["p"], "p_value", "p of equal shares in the two years"),
        ("jump.p_holm", last["p_holm"], "p_value", "the same, Holm over all neighbouring years"),
        (
            "jump.walk_p",
            walk_p(table[key]),
            "p_value",
            "t test, last logit change, earlier as scale, times the number of changes",
        ),
        ("jump.changes", len(found.changes), "number", "changes between neighbouring years"),
        (
            "jump.earlier.apart",
            known.count(found.changes["p_holm"].iloc[:-1] < level, found.changes["p"].iloc[:-1]),
            "number",
            "earlier changes with p_holm below the level",
        ),
    ):
        record(study, f"{place}.{name}", value, unit, mine, what)
    whole = f"{nation}.{HOMELESS}"
    for name, value, unit, what in (
        (
            "rest.latest",
            table["rest"].iloc[-1],
            "percent",
            "nation without the prefecture, last year",
        ),
        ("rest.before", table["rest"].iloc[-2], "percent", "the same, the year before"),
        ("rest.jump.points", last["rest"], "points", "rest of the last year minus the year before"),
        ("parent_weight.latest", weight.iloc[-1], "percent", "prefecture's part, last year"),
        ("parent_weight.before", weight.iloc[-2], "percent", "prefecture's part, the year before"),
    ):
        record(study, f"{whole}.{name}", value, unit, rows, what)


def walk_p(percent: ArrayLike) -> float:
    """p of the last yearly change as the largest of all of them, by the measure of the others.

    On the logit, yearly changes are taken as normal around 0 with one variance; the last one divided by
    the root mean square of the others has Student's t distribution with as many degrees of freedom as
    there are others (Student, 1908, Biometrika 6, 1-25). Of m changes one is always the largest: the
    two-sided p counts m times (Bonferroni). That is exact, not a bound, where the ratio exceeds the root of
    the degrees of freedom, as no two changes can be so large at once (E. S. Pearson and C. Chandra Sekar,
    1936, Biometrika 28, 308-320).

    >>> round(walk_p([30.0, 31.0, 30.0, 31.0, 30.0, 45.0]), 5)
    0.00082
    """
    share = np.asarray(percent, float) / 100
    changes = np.diff(np.log(share / (1 - share)))
    usual = np.sqrt(np.mean(changes[:-1] ** 2))
    alone = 2 * stats.t.sf(abs(changes[-1]) / usual, changes.size - 1)
    return float(np.minimum(1.0, changes.size * alone))


def record_special_law(study: Study) -> pd.DataFrame:
    """Return the nation's persons arrested for special-law offences and those with any prior record.

    Returns
    -------
    pandas.DataFrame
        Index: year. ``persons_arrested``, ``reoffenders``, ``share`` (percent).

    Notes
    -----
    Facts: ``<nation>.special_law.share.<year>``. Another definition than the indicator's: for reference.
    """
    rows = study.select(
        series_id="national-special-law", area_code=study.nation.code, measure=COUNTS
    )
    table = known.wide(rows, "year")
    table["share"] = 100 * table["reoffenders"] / table["persons_arrested"]
    for year, row in table.iterrows():
        cells = rows[rows["year"] == year]
        fact = f"{study.nation.key}.special_law.share.{year}"
        record(study, fact, row["share"], "percent", cells, SHARE)
    return table
