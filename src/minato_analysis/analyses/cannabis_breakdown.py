"""Notebook 03: persons arrested under the cannabis law by police station and by age.

In: the study and the counts of the area. Out: tables of stations and ages, with their facts
recorded below ``<area>.cannabis.station`` and ``<area>.cannabis.age``. Cells are small: stations are
summed over the years, shrunk towards each other, and compared with all the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from minato_analysis.analyses import cannabis, known
from minato_analysis.analyses.cannabis import COUNTS, OFFENCE
from minato_analysis.analyses.series import Counts
from minato_analysis.data.study import Study
from minato_analysis.statistics import shrinkage

SMALL_CELL = 10
"""Persons below which a station's year is called a small cell."""


@dataclass(frozen=True)
class Stations:
    """Cannabis by police station.

    Attributes
    ----------
    rows : pandas.DataFrame
        The observations behind all of it.
    cells : pandas.DataFrame
        Index (station, year) as printed: ``persons_arrested``, ``reoffenders``.
    pooled : pandas.DataFrame
        Index: station. Counts and ``share`` over all years; ``mean``, ``shrunk_low``,
        ``shrunk_high``, ``own_weight`` (shrinkage, percent); ``points``, ``low``, ``high``, ``p``,
        ``p_holm`` against all other stations. nan where there were no persons.
    largest : str
        The station with most persons.
    """

    rows: pd.DataFrame
    cells: pd.DataFrame
    pooled: pd.DataFrame
    largest: str


def record_stations(study: Study, own: Counts) -> Stations:
    """Compare the police stations, and the largest of them with all the others.

    Facts below ``station``: ``largest.persons|weight|share|shrunk`` (the last two with
    ``.low|high``), ``others.share``, ``largest.vs_others.points|low|high|p|p_holm`` and
    ``largest.vs_others.<last year>.points|low|high|p``, ``overall``, ``p_holm.least``, ``outside``
    (stations beyond the funnel limits around the area's share), ``cells``
    (station-years), ``cells.small`` and ``cells.limit``.
    """
    rows = cannabis.select(
        study, offence=OFFENCE, table=list(own.rows["table"].unique()), measure=COUNTS
    )
    rows = rows[rows["station"] != "all"]
    order = list(dict.fromkeys(rows["station"]))
    cells = known.wide(rows, ["station", "year"]).reindex(order, level="station")
    pooled = cells.groupby(level="station", sort=False).agg(known.total)
    k, n = pooled["reoffenders"].to_numpy(float), pooled["persons_arrested"].to_numpy(float)
    confidence = study.parameters.confidence
    whole = known.total(own.table[COUNTS]).fillna(known.total(pooled[COUNTS]))
    there = pooled.notna().all(axis=1)
    shrunk = shrinkage.shrink(k[there], n[there], confidence)
    others = known.against_others(pooled, whole, confidence)
    for column, percent in (
        ("share", shrunk.share),
        ("mean", shrunk.mean),
        ("shrunk_low", shrunk.low),
        ("shrunk_high", shrunk.high),
        ("own_weight", shrunk.own_weight),
    ):
        pooled.loc[there, column] = 100 * percent
    pooled["points"] = 100 * others.difference
    pooled["low"], pooled["high"] = 100 * others.low, 100 * others.high
    pooled["p"], pooled["p_holm"] = others.p_value, others.p_holm
    centre = whole["reoffenders"] / whole["persons_arrested"]
    funnel = known.each(shrinkage.funnel_limits, n, centre, confidence=confidence)
    share = pooled["share"].to_numpy() / 100
    outside = pd.Series((share < funnel.low) | (share > funnel.high))
    beyond = known.count(outside, known.total(pooled[COUNTS], axis=1))
    weight = 100 * pooled["persons_arrested"] / whole["persons_arrested"]
    largest = str(cells["persons_arrested"].groupby(level="station", sort=False).sum().idxmax())
    at, row = order.index(largest), pooled.loc[largest]
    for name, value, unit, what in (
        ("largest.persons", n[at], "persons", "persons of the largest station, sum of the years"),
        (
            "largest.weight",
            weight[largest],
            "percent",
            "its part of the persons of all",
        ),
        ("largest.shrunk", row["mean"], "percent", "its posterior mean share"),
        ("largest.shrunk.low", row["shrunk_low"], "percent", "lower credible limit of its share"),
        ("largest.shrunk.high", row["shrunk_high"], "percent", "upper credible limit of its share"),
        (
            "others.share",
            100 * others.k_others[at] / others.n_others[at],
            "percent",
            "share of all other stations together",
        ),
        ("overall", 100 * shrunk.overall, "percent", "posterior mean around which stations lie"),
        ("p_holm.least", pooled["p_holm"].min(), "p_value", "smallest p (Holm) of all stations"),
        ("outside", beyond, "number", "count of stations outside the exact funnel limits"),
        ("cells", len(cells), "number", "count of station-years"),
        ("cells.limit", SMALL_CELL, "persons", "persons below which a cell is called small"),
        (
            "cells.small",
            (cells["persons_arrested"] < SMALL_CELL).sum(),
            "number",
            f"count of station-years with fewer than {SMALL_CELL} persons",
        ),
    ):
        cannabis.record(study, f"station.{name}", value, unit, rows, what)
    cannabis.record_share(study, "station.largest.share", cannabis.interval_of(row, study), rows)
    _record_against_others(study, "station.largest.vs_others", row, rows)
    how = "Fisher's exact p, largest station, adjusted by Holm over the stations"
    cannabis.record(study, "station.largest.vs_others.p_holm", row["p_holm"], "p_value", rows, how)
    last = study.parameters.last_year
    now = cells.xs(last, level="year").loc[order]
    found = known.against_others(now, own.table.loc[last], confidence)
    latest = pd.Series(
        {
            "points": 100 * found.difference[at],
            "low": 100 * found.low[at],
            "high": 100 * found.high[at],
            "p": found.p_value[at],
        }
    )
    cells_now = rows[rows["year"] == last]
    _record_against_others(study, f"station.largest.vs_others.{last}", latest, cells_now)
    return Stations(rows, cells, pooled, largest)


def record_ages(study: Study) -> pd.DataFrame:
    """Return persons by age band and year; record the share of the youngest band.

    Returns
    -------
    pandas.DataFrame
        Index: the age band as in the observations (``20-29``). Columns: the years, ``pooled`` and
        ``weight`` (percent of the pooled persons).

    Notes
    -----
    Facts below ``age.youngest``: ``from``, ``to`` (ends of the band), ``persons.pooled``,
    ``share.pooled`` and ``share.<last year>`` with ``.low|high``. Reoffenders are not printed by age.
    """
    bands = age_rows(study)
    order = list(dict.fromkeys(bands["age_band"]))
    table = known.wide(bands, "age_band", "year").loc[order]
    table.columns = pd.Index([int(year) for year in table.columns])
    youngest = min(order, key=lambda band: int(band.split("-")[0].rstrip("+")))
    one = bands[bands["age_band"] == youngest]
    for end, text in zip(("from", "to"), youngest.split("-"), strict=True):
        what = f"{end}: end of the youngest age band as printed"
        cannabis.record(study, f"age.youngest.{end}", int(text), "number", one, what)
    last = study.parameters.last_year
    pooled = known.total(table, axis=1)
    what = "persons of the youngest age band, sum of the years"
    cannabis.record(study, "age.youngest.persons.pooled", pooled[youngest], "persons", one, what)
    what = "100 * persons of the youngest age band / persons of all ages"
    for name, persons, origin in (
        ("pooled", pooled, bands),
        (str(last), table[last], bands[bands["year"] == last]),
    ):
        counts = pd.Series(
            {"reoffenders": persons[youngest], "persons_arrested": known.total(persons)}
        )
        row = cannabis.interval_of(counts, study)
        cannabis.record_share(study, f"age.youngest.share.{name}", row, origin, what)
    return table.assign(pooled=pooled, weight=100 * pooled / known.total(pooled))


def age_rows(study: Study) -> pd.DataFrame:
    """Return the persons by age band and year."""
    rows = cannabis.select(study, offence=OFFENCE, station="all", measure="persons_arrested")
    return rows[rows["age_band"] != "all"]


def _record_against_others(study: Study, name: str, row: pd.Series, rows: Any) -> None:
    for part in ("points", "low", "high"):
        what = f"largest station minus all others: {part} (Miettinen-Nurminen)"
        cannabis.record(study, f"{name}.{part}", row[part], "points", rows, what)
    what = "Fisher's exact p, largest station against all others"
    cannabis.record(study, f"{name}.p", row["p"], "p_value", rows, what)
