"""Notebook 02: how much one offence group or one police station weighs in the indicator.

In: the study and the indicator. Out: the indicator without each part, with the facts recorded.
"""

from __future__ import annotations

import pandas as pd

from minato_analysis import data
from minato_analysis.analyses import causes, known, series
from minato_analysis.data.study import Study

COUNTS = ["persons_arrested", "reoffenders"]


def record_without(study: Study, area: series.Counts) -> pd.DataFrame:
    """Return the indicator without each part that the source prints, by year.

    Parts: the offence groups whose reoffenders are printed, and each police station with the persons of
    these groups it arrested (a station's other arrests are not printed).

    Returns
    -------
    pandas.DataFrame
        Index (``offence`` or ``station``, part, year): ``persons``, ``reoffenders`` taken out, ``share``
        without them (percent) and ``points``, the indicator minus that share.

    Notes
    -----
    Facts, by offence group and year: ``<area>.without_<group>.share|points|persons|reoffenders.<year>``;
    ``<area>.without_station.points.most`` of the last year, the largest in size of the stations.
    """
    groups, rows = causes.offence_groups(study, area)
    groups = groups.drop("rest", level=1).swaplevel().rename_axis(["part", "year"])
    stations, cells = _stations(study)
    parts = pd.concat({"offence": groups, "station": stations}, names=["kind"]).sort_index()
    whole = area.table.loc[parts.index.get_level_values("year"), COUNTS].to_numpy()
    left = whole - parts[COUNTS].to_numpy()
    share = 100 * left[:, 1] / left[:, 0]
    found = pd.DataFrame(
        {
            "persons": parts["persons_arrested"],
            "reoffenders": parts["reoffenders"],
            "share": share,
            "points": 100 * whole[:, 1] / whole[:, 0] - share,
        },
        index=parts.index,
    )
    for (group, year), row in found.loc["offence"].iterrows():
        own = rows[(rows["offence"] == group) & (rows["year"] == year)]
        for name, unit, digits, what in (
            ("share", "percent", 1, f"100 * (reoffenders - {group}) / (persons - {group})"),
            ("points", "points", 1, f"indicator minus the indicator without {group}"),
            ("persons", "persons", 0, f"persons arrested, {group}, as printed"),
            ("reoffenders", "persons", 0, f"reoffenders, {group}, as printed"),
        ):
            study.facts.record(
                f"{study.area.key}.without_{group}.{name}.{year}",
                row[name],
                unit=unit,
                digits=digits,
                from_=[own] if unit == "persons" else [own, area.of(int(year))],
                formula=what,
            )
    last = study.parameters.last_year
    points = found.loc["station"].xs(last, level="year")["points"]
    study.facts.record(
        f"{study.area.key}.without_station.points.most",
        points.abs().max(skipna=False),
        unit="points",
        digits=1,
        from_=[cells[cells["year"] == last], area.of(last)],
        formula=f"largest size of the indicator minus the indicator without one station, {last}",
    )
    _record_widening(study, area, groups.loc["cannabis"], rows[rows["offence"] == "cannabis"])
    return found


def _record_widening(
    study: Study, area: series.Counts, cannabis: pd.DataFrame, rows: pd.DataFrame
) -> None:
    """Record what half as many cannabis arrests more would move the indicator, whoever they are.

    The law of 2024 made the use of cannabis an offence; how many persons that adds is not known. Assumed:
    half as many as were arrested under the old law in the last year, with a reoffender share between the
    lowest and the highest year of the persons counted so far.

    Facts below ``<area>.widening``: ``persons``, ``share.low|high``, ``points.low|high``.
    """
    last = study.parameters.last_year
    whole = area.table.loc[last]
    more = cannabis.loc[last, "persons_arrested"] / 2
    shares = 100 * cannabis["reoffenders"] / cannabis["persons_arrested"]
    cells = [rows, area.of(last)]
    place = f"{study.area.key}.widening"
    study.facts.record(
        f"{place}.persons",
        more,
        unit="persons",
        digits=0,
        from_=rows[rows["year"] == last],
        formula=f"half of the persons arrested, cannabis, {last}",
    )
    for side, share in (("low", shares.min(skipna=False)), ("high", shares.max(skipna=False))):
        new = (whole["reoffenders"] + more * share / 100) / (whole["persons_arrested"] + more)
        now = whole["reoffenders"] / whole["persons_arrested"]
        for name, value, unit, what in (
            ("share", share, "percent", "of the cannabis shares by year"),
            ("points", 100 * (new - now), "points", "indicator with so many more, minus as it is"),
        ):
            study.facts.record(
                f"{place}.{name}.{side}",
                value,
                unit=unit,
                digits=1,
                from_=cells,
                formula=f"{side}: {what}",
            )


def _stations(study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the counts by station and year over the printed offence groups, and their rows."""
    years = range(study.parameters.groups_first_year, study.parameters.last_year + 1)
    rows = study.select(
        series_id=study.parameters.source_id,
        area_code=study.area.code,
        offence=list(causes.GROUPS),
        measure=COUNTS,
        age_band="all",
        year=years,
    )
    rows = data.select(rows, station=[one for one in rows["station"].unique() if one != "all"])
    table = known.wide(rows, ["station", "year", "offence"])
    both = table.groupby(level=["station", "year"]).agg(known.total)
    return both.rename_axis(["part", "year"]), rows
