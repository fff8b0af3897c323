"""Notebook 02: what the change of the share is made of, and how the prefecture moved beside it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from minato_analysis import data
from minato_analysis.analyses import context, known, series
from minato_analysis.analyses.series import SHARE
from minato_analysis.data import breaks
from minato_analysis.data.study import Study
from minato_analysis.statistics import comparison, decomposition, trends
from minato_analysis.statistics.decomposition import TwoPartChange
from minato_analysis.statistics.joint import JointTrend

GROUPS = ("violent", "larceny", "cannabis")
"""Offence groups whose reoffenders are printed; what remains of the indicator is ``rest``."""


def record_shapley(
    study: Study, area: series.Counts, points: TwoPartChange, logs: TwoPartChange
) -> pd.DataFrame:
    """Record what the change of each count did to the share between the first and the last year.

    Parameters
    ----------
    study, area
    points, logs : TwoPartChange
        Of the share and of its logit (:func:`minato_analysis.statistics.decomposition.shapley_change`).

    Returns
    -------
    pandas.DataFrame
        Index: ``reoffenders``, ``first_time``. Columns ``first``, ``last``, ``points``, ``logit``.

    Notes
    -----
    Facts: ``<area>.shapley.<y0>_<y1>.reoffenders|first_time``, ``<area>.dlog.<y0>_<y1>.…``.
    """
    (y0, first), (y1, last) = series.ends(area)
    series.require_one_law(study, area, "割合の変化の内訳")
    rows = [area.of(y0), area.of(y1)]
    book, key = study.facts, study.area.key
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
    parts = ["reoffenders", "first_time"]
    return pd.DataFrame(
        {
            "first": [first[one] for one in parts],
            "last": [last[one] for one in parts],
            "points": [100 * float(getattr(points, one)) for one in parts],
            "logit": [float(getattr(logs, one)) for one in parts],
        },
        index=parts,
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
        year=study.years,  # an edition begun before a new year was accepted does not know it
    )
    rows = rows[rows["table"].isin(data.select(rows, measure="reoffenders")["table"].unique())]
    table = known.wide(rows, ["year", "offence"])
    whole = area.table.loc[sorted(set(rows["year"].astype(int)) & set(area.table.index))]
    for year, total in whole.iterrows():
        named = known.total(table.loc[year])
        table.loc[(year, "rest"), :] = [total[column] - named[column] for column in table.columns]
    return table.sort_index(), rows


def record_kitagawa(study: Study, area: series.Counts) -> pd.DataFrame | None:
    """Split the change of the share by offence groups, and record the parts.

    Returns
    -------
    pandas.DataFrame or None
        One row a group, ``rest`` last; none where the source does not print the reoffenders of every group.

    Notes
    -----
    Facts: ``<area>.kitagawa.<g0>_<g1>.composition|rate|rate.<group>`` with ``.low|high`` (for the persons
    arrested as they were), ``.composition.<group>`` and ``.composition|rate.least|most`` (g0 the first year
    for which offence groups are printed).
    """
    if not _printed(study):
        return None
    table, rows = offence_groups(study, area)
    g0, g1 = study.parameters.groups_first_year, study.parameters.last_year
    groups = [*GROUPS, "rest"]
    start, end = table.loc[g0].loc[groups], table.loc[g1].loc[groups]
    counts = [one[name] for one in (start, end) for name in ("reoffenders", "persons_arrested")]
    there = not any(one.isna().any() for one in counts)
    found = decomposition.kitagawa(*counts) if there else _unknown(len(groups))
    origin = [rows[rows["year"].isin([g0, g1])], area.of(g0), area.of(g1)]
    breaks.require_unbroken(rows, [g0, g1], study.breaks, "罪種による変化の内訳")
    name = f"{study.area.key}.kitagawa.{g0}_{g1}"

    def record(part: str, value: float, formula: str, cells: list[pd.DataFrame] = origin) -> None:
        study.facts.record(
            f"{name}.{part}", 100 * value, unit="points", digits=1, from_=cells, formula=formula
        )

    total = float(found.total)
    record("total", total, "change of the share between the two years")
    weight = [one["persons_arrested"] / one["persons_arrested"].sum() for one in (start, end)]
    middle, change = (weight[0] + weight[1]) / 2, (weight[1] - weight[0]) / 2
    four = "groups violent, larceny, cannabis, rest"
    low, high = {}, {}
    for part, value, what, weights in (
        (
            "composition",
            float(found.composition.sum()),
            f"Kitagawa: change of the groups' weights, {four}",
            (change, change),
        ),
        (
            "rate",
            float(found.rate.sum()),
            f"Kitagawa: change of the groups' shares, {four}",
            (-middle, middle),
        ),
        *(
            (
                f"rate.{one}",
                float(found.rate[at]),
                f"Kitagawa rate effect of {one}",
                (-middle[[one]], middle[[one]]),
            )
            for at, one in enumerate(groups)
        ),
    ):
        k, n = (
            np.concatenate([one.loc[weights[0].index, column] for one in (start, end)])
            for column in ("reoffenders", "persons_arrested")
        )
        _, low[part], high[part] = (
            comparison.weighted_sum(k, n, np.concatenate(weights), study.parameters.confidence)
            if there
            else [float("nan")] * 3
        )
        record(part, value, what)
        for side, end_ in (("low", low[part]), ("high", high[part])):
            record(f"{part}.{side}", end_, f"{side} end of the interval (MOVER) of {what}")
    for at, group in enumerate(groups):
        record(
            f"composition.{group}",
            float(found.composition_relative[at]),
            f"Kitagawa composition effect of {group}, share measured from the overall one",
        )
    _record_bounds(study, record, origin, start, end, total)
    return pd.DataFrame(
        {
            "persons_first": start["persons_arrested"],
            "persons_last": end["persons_arrested"],
            "share_first": 100 * start["reoffenders"] / start["persons_arrested"],
            "share_last": 100 * end["reoffenders"] / end["persons_arrested"],
            "composition": 100 * found.composition_relative,
            "rate": 100 * found.rate,
            "low": [100 * low[f"rate.{one}"] for one in groups],
            "high": [100 * high[f"rate.{one}"] for one in groups],
        },
        index=groups,
    )


def _unknown(groups: int) -> decomposition.KitagawaChange:
    blank = np.full(groups, np.nan)
    return decomposition.KitagawaChange(blank[0], blank, blank, blank)


def _record_bounds(
    study: Study,
    record: Callable[..., None],
    origin: list[pd.DataFrame],
    start: pd.DataFrame,
    end: pd.DataFrame,
    total: float,
) -> None:
    """Record between what the composition effect lies when ``rest`` is taken apart into its groups.

    The persons of these groups are printed, their reoffenders only in sum. Nothing is recorded where the
    source does not print the persons.
    """
    if not context.printed(study):
        return
    names = [name for name in context.GROUPS if name not in GROUPS]
    g0, g1 = study.parameters.groups_first_year, study.parameters.last_year
    persons, cells = context.group_persons(study, names)
    ends = float("nan"), float("nan")
    rest = [(one.loc["rest"], one["persons_arrested"].sum()) for one in (start, end)]
    apart = persons.reindex(columns=[g0, g1])
    if not pd.isna(total) and (apart > 0).all(axis=None):
        bounds = decomposition.composition_bounds(
            apart[g0],
            apart[g1],
            [float(one["reoffenders"]) for one, _ in rest],
            [float(whole) for _, whole in rest],
        )
        weight = [one["persons_arrested"] / one["persons_arrested"].sum() for one in (start, end)]
        share = [one["reoffenders"] / one["persons_arrested"] for one in (start, end)]
        named = float(((weight[1] - weight[0]) * (share[0] + share[1]) / 2)[list(GROUPS)].sum())
        ends = named + bounds[0], named + bounds[1]
    cells = [*origin, *(one[one["year"].isin([g0, g1])] for one in cells)]
    what = "over all counts of reoffenders by group that fit the printed totals"
    for side, value in zip(("least", "most"), ends, strict=True):
        record(f"composition.{side}", value, f"{side} composition effect {what}", cells)
        other = "most" if side == "least" else "least"
        record(f"rate.{other}", total - value, f"{other} rate effect {what}", cells)


def record_joint(
    study: Study, area: series.Counts, parent: series.Counts, joint: JointTrend
) -> None:
    """Record the difference of the slopes of area and prefecture, fitted together within one law each.

    Facts: ``<area>.joint.difference|common|offset`` in logits with ``.p``; of each area's own line
    ``<key>.joint.own.p``, ``.quasi.p`` and ``.dispersion``: years of many persons differ by more than chance.
    """
    years = [int(year) for year in joint.years]
    for counts in (area, parent):
        breaks.require_unbroken(counts.rows, years, study.breaks, "二つの地域の傾きの差")
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
    for one, counts, coefficient in (
        (study.area, area, joint.area),
        (study.parent, parent, joint.comparator),
    ):
        table = counts.table.loc[years]
        own = trends.logit_trend(years, table["reoffenders"], table["persons_arrested"], "quasi")
        origin = counts.rows[counts.rows["year"].isin(years)]
        for name, value, unit, digits, what in (
            ("p", coefficient.p, "p_value", 3, f"p of the slope of {one.key}, {model}"),
            ("quasi.p", own.p, "p_value", 3, "p of the slope, its own dispersion estimated"),
            ("dispersion", own.dispersion, "number", 2, "Pearson chi-squared / degrees of freedom"),
        ):
            study.facts.record(
                f"{one.key}.joint.own.{name}",
                value,
                unit=unit,
                digits=digits,
                from_=origin,
                formula=what,
            )
