"""Notebook 04: how one would notice whether the target is coming nearer.

In: :class:`~minato_analysis.analyses.outlook.Base` and the projection. Out: data frames (shares and
chances in percent), their numbers recorded as facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from minato_analysis.analyses.outlook import DEFAULT, Base, Projection
from minato_analysis.analyses.outlook_target import POOL
from minato_analysis.statistics import shares, target
from minato_analysis.study import Study


@dataclass(frozen=True)
class Monitoring:
    """What the next years can say.

    Attributes
    ----------
    verdicts : pandas.DataFrame
        Index (truth ``path`` or ``flat``, year). ``on_track``, ``off_track``, ``cannot_tell``:
        chance of each verdict in percent.
    alarm : pandas.DataFrame
        Index: true share of the next year minus the last observed share, in points. ``chance`` of a
        value outside the 95 % band of the next year, percent.
    pooled : pandas.DataFrame
        Index: last year of the pool. ``share``, ``low``, ``high`` of the single year and
        ``pooled``, ``pooled_low``, ``pooled_high``, percent; nan where the pool is not full.
    """

    verdicts: pd.DataFrame
    alarm: pd.DataFrame
    pooled: pd.DataFrame


def record_monitoring(
    study: Study,
    base: Base,
    projected: Projection,
    *,
    shifts: Sequence[int] = (-6, -3, 0, 3, 6),
) -> Monitoring:
    """Record how often the yearly check would be right, cannot tell, or raises an alarm.

    The check: likelihood ratio of the straight path to the target against no change, cumulated over
    the years; alarm outside the one-step 95 % band only.

    Notes
    -----
    Facts: ``monitor.<truth>.<verdict>.<year>`` for the next and the target year,
    ``monitor.alarm.unchanged``, ``monitor.factor``, ``<area>.share.pooled.<first>_<last>``
    with ``.low`` and ``.high`` for the last pool.
    """
    book, origin = study.facts, [base.counts, base.goal]
    path = target.straight_path(base.share, base.tenths / 1000, base.years)
    years = range(study.parameters.last_year + 1, study.parameters.target_year + 1)
    truths = {"path": path, "flat": np.full(base.years, base.share)}
    found = {
        name: target.operating_characteristics(truth, base.persons, path, base.share)
        for name, truth in truths.items()
    }
    verdicts = pd.concat(
        {
            name: pd.DataFrame({part: 100 * chance for part, chance in vars(one).items()}, years)
            for name, one in found.items()
        },
        names=["truth", "year"],
    )
    ends = verdicts[verdicts.index.isin([years[0], years[-1]], level="year")]
    for (truth, year), row in ends.iterrows():
        for verdict, chance in row.items():
            book.record(
                f"monitor.{truth}.{verdict}.{year}",
                chance,
                unit="percent",
                digits=0,
                from_=origin,
                formula=f"probability of the verdict {verdict} in {year} if the true share follows the "
                f"{truth} course; cumulated binomial likelihood ratio",
            )
    book.record(
        "monitor.factor",
        target.ON_TRACK,
        unit="number",
        digits=0,
        from_=origin,
        formula="likelihood ratio from which the check decides for one of the two courses",
    )
    following = projected.forecasts[DEFAULT].at([0], [0])
    alarm = pd.DataFrame(
        {
            "chance": [
                100 * float(target.alarm_probability(following, base.share + shift / 100)[0, 0])
                for shift in shifts
            ]
        },
        index=list(shifts),
    )
    book.record(
        "monitor.alarm.unchanged",
        float(alarm.loc[0, "chance"]),
        unit="percent",
        digits=1,
        from_=origin,
        formula="probability of a value outside the next year's 95 % interval if the true share "
        "equals the last observed one",
    )
    return Monitoring(verdicts, alarm, _record_pooled(study, base))


def _record_pooled(study: Study, base: Base) -> pd.DataFrame:
    table = base.area.table
    counts = table[["reoffenders", "persons_arrested"]]
    again, persons = (counts[name] for name in counts)
    pools = counts.rolling(POOL).sum()
    known = pools["reoffenders"].notna()
    interval = shares.wilson(
        pools.loc[known, "reoffenders"],
        pools.loc[known, "persons_arrested"],
        study.parameters.confidence,
    )
    result = table[["share", "low", "high"]].copy()
    result["pooled"] = 100 * target.pooled_shares(again, persons, POOL)
    result.loc[known, "pooled_low"] = 100 * interval.low
    result.loc[known, "pooled_high"] = 100 * interval.high
    years = [int(year) for year in table.index[-POOL:]]
    rows = base.counts[base.counts["year"].isin(years)]
    name = f"{study.area.key}.share.pooled.{years[0]}_{years[-1]}"
    for suffix, column in (("", "pooled"), (".low", "pooled_low"), (".high", "pooled_high")):
        study.facts.record(
            name + suffix,
            float(result[column].iloc[-1]),
            unit="percent",
            digits=1,
            from_=rows,
            formula=f"100 * reoffenders / persons arrested of {POOL} years together"
            + (f", {suffix[1:]} end of the Wilson interval" if suffix else ""),
        )
    return result
