"""Notebook 02: what the change of the share is made of, and how the prefecture moved beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from minato_analysis import breaks, data
from minato_analysis.analyses import known, series
from minato_analysis.analyses.series import SHARE
from minato_analysis.statistics import decomposition
from minato_analysis.statistics import joint as joint_trends
from minato_analysis.study import Study

GROUPS = ("violent", "larceny", "cannabis")
"""Offence groups whose reoffenders are printed; what remains of the indicator is ``rest``."""


@dataclass(frozen=True)
class Why:
    """Decompositions of the change between two years, in share points.

    `kitagawa` is none where the source does not print the reoffenders of every group.
    """

    shapley: pd.DataFrame
    kitagawa: pd.DataFrame | None


def record_why(study: Study, area: series.Counts) -> Why:
    """Split the change of the share by counts and by offence groups, and record the parts.

    Facts: ``<area>.shapley.<y0>_<y1>.reoffenders|first_time``, ``<area>.dlog.<y0>_<y1>.…``,
    ``<area>.kitagawa.<g0>_<y1>.composition|rate|rate.<group>|composition.<group>`` (g0 the first year
    for which offence groups are printed).
    """
    (y0, first), (y1, last) = series.ends(area)
    series.require_one_law(study, area, "割合の変化の内訳")
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
        kitagawa=_record_kitagawa(study, area) if _printed(study) else None,
    )


def _printed(study: Study) -> bool:
    """Return whether the source prints reoffenders of every group in both years that are compared."""
    ends = {study.parameters.groups_first_year, study.parameters.last_year}
    rows = study.rows[
        (study.rows["series_id"] == study.parameters.source_id)
        & (study.rows["area_code"] == study.area.code)
        & (study.rows["station"] == "all")
        & (study.rows["measure"] == "reoffenders")
    ]
    years = {name: set(rows[rows["offence"] == name]["year"]) for name in GROUPS}
    return all(ends <= found for found in years.values())


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
        series_id=study.parameters.source_id,
        area_code=study.area.code,
        station="all",
        age_band="all",
        offence=list(GROUPS),
        measure=["persons_arrested", "reoffenders"],
    )
    rows = rows[rows["table"].isin(data.select(rows, measure="reoffenders")["table"].unique())]
    table = known.wide(rows, ["year", "offence"])
    whole = area.table.loc[sorted(set(rows["year"].astype(int)) & set(area.table.index))]
    for year, total in whole.iterrows():
        named = known.total(table.loc[year])
        table.loc[(year, "rest"), :] = [total[column] - named[column] for column in table.columns]
    return table.sort_index(), rows


def _record_kitagawa(study: Study, area: series.Counts) -> pd.DataFrame:
    table, rows = offence_groups(study, area)
    g0, g1 = study.parameters.groups_first_year, study.parameters.last_year
    groups = [*GROUPS, "rest"]
    start, end = table.loc[g0].loc[groups], table.loc[g1].loc[groups]
    counts = [one[name] for one in (start, end) for name in ("reoffenders", "persons_arrested")]
    if any(one.isna().any() for one in counts):
        blank = np.full(len(groups), np.nan)
        found = decomposition.KitagawaChange(blank[0], blank, blank, blank)
    else:
        found = decomposition.kitagawa(*counts)
    origin = [rows[rows["year"].isin([g0, g1])], area.of(g0), area.of(g1)]
    breaks.require_unbroken(rows, [g0, g1], study.breaks, "罪種による変化の内訳")
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


def record_joint(
    study: Study, area: series.Counts, parent: series.Counts
) -> joint_trends.JointTrend:
    """Fit area and prefecture together, each within one law; record the difference of their slopes.

    Facts: ``<area>.joint.difference|difference.p|common|common.p|offset``, in logits.
    """
    area, parent = series.one_law(study, area), series.one_law(study, parent)
    known_years = parent.table.index[parent.table["reoffenders"].notna()]
    years = sorted(set(area.table.index) & set(known_years))
    for counts in (area, parent):
        breaks.require_unbroken(counts.rows, years, study.breaks, "二つの地域の傾きの差")
    one, two = area.table.loc[years], parent.table.loc[years]
    joint = joint_trends.joint_trend(
        joint_trends.CountSeries(years, one["reoffenders"], one["persons_arrested"]),
        joint_trends.CountSeries(years, two["reoffenders"], two["persons_arrested"]),
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
