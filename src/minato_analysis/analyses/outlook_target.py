"""Notebook 04: what would reach the target, and how one would notice.

In: the counts and the target of :class:`~minato_analysis.analyses.outlook.Base`. Out: data frames
(shares and chances in percent), their numbers recorded as facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from minato_analysis.analyses.outlook import BINOMIAL, DEFAULT, Base, Projection
from minato_analysis.statistics import shares, target
from minato_analysis.study import Study

POOL = 3
"""Years taken together beside single years."""


@dataclass(frozen=True)
class Needed:
    """What would reach the target.

    Attributes
    ----------
    first_time : pandas.DataFrame
        Index: change of first-time offenders in percent. ``first_time``, ``fewer`` (prevented
        arrests of reoffenders that then meet the target).
    levels : pandas.DataFrame
        Index: chance in percent. ``level``: true share that gives it, percent; ``below``: points
        below the target.
    power : pandas.DataFrame
        Index: true fall in points. ``single``, ``pooled``: chance in percent that a test of two
        years, or of two pools of three years, shows it.
    """

    first_time: pd.DataFrame
    levels: pd.DataFrame
    power: pd.DataFrame


def record_needed(
    study: Study,
    base: Base,
    *,
    changes: Sequence[int] = (-20, -10, 0, 10, 20),
    chances: Sequence[int] = (50, 80, 90),
    falls: Sequence[float] = (1.0, 2.0, 5.0),
) -> Needed:
    """Record what the target asks for, in persons, as a true level, and as something one can see.

    Notes
    -----
    Facts: ``target.fewer_reoffenders.fixed_denominator|prevented``,
    ``target.true_level.p<chance>``, ``target.chance_at_target``, ``target.power.single|pooled``.
    """
    book, origin = study.facts, [base.last, base.goal]
    rule = "published value (one decimal, half up) of the last year at most the target"
    for part, value, what in (
        (
            "fixed_denominator",
            target.fewer_fixed_denominator(base.reoffenders, base.persons, base.tenths),
            "with the number of persons arrested kept",
        ),
        (
            "prevented",
            target.fewer_prevented(base.reoffenders, base.persons, base.tenths),
            "with the prevented persons out of the denominator too",
        ),
    ):
        book.record(
            f"target.fewer_reoffenders.{part}",
            value,
            unit="persons",
            digits=0,
            from_=origin,
            formula=f"fewer reoffenders that make the {rule}, {what}",
        )
    levels = 100 * target.true_level_needed(base.persons, base.tenths, np.array(chances) / 100)
    for chance, level in zip(chances, levels, strict=True):
        book.record(
            f"target.true_level.p{chance}",
            float(level),
            unit="percent",
            digits=1,
            from_=origin,
            formula=f"true share at which the target is met with probability {chance} % ({BINOMIAL})",
        )
    met = int(target.largest_meeting(base.persons, base.tenths))
    book.record(
        "target.chance_at_target",
        100 * float(stats.binom.cdf(met, base.persons, base.tenths / 1000)),
        unit="percent",
        digits=0,
        from_=origin,
        formula=f"probability that the target is met if the true share equals it ({BINOMIAL})",
    )
    gap = 100 * base.share - base.tenths / 10
    first = np.floor(base.first_time * (1 + np.array(changes) / 100) + 0.5).astype(int)
    return Needed(
        first_time=pd.DataFrame(
            {
                "first_time": first,
                "fewer": target.fewer_by_first_time(base.reoffenders, first, base.tenths),
            },
            index=list(changes),
        ),
        levels=pd.DataFrame(
            {"level": levels, "below": base.tenths / 10 - levels}, index=list(chances)
        ),
        power=_record_power(study, base, sorted({*falls, gap} if gap > 0 else falls), gap),
    )


def record_scenarios(study: Study, base: Base) -> pd.DataFrame:
    """Carry yearly changes of both counts to the target year: continued, halved, none.

    Returns
    -------
    pandas.DataFrame
        Index (reoffenders, first_time) of ``continued``, ``halved``, ``none``. Columns
        ``reoffenders``, ``first_time``, ``share`` (percent), ``met``, ``chance`` (percent).

    Notes
    -----
    Facts: ``scenario.change.reoffenders|first_time`` (percent a year),
    ``scenario.<reoffenders>.<first_time>.share``, ``scenario.met``.
    """
    book, table = study.facts, base.area.table
    span = len(table) - 1
    yearly = {
        name: target.yearly_change(table[name], span) for name in ("reoffenders", "first_time")
    }
    for name, change in yearly.items():
        book.record(
            f"scenario.change.{name}",
            100 * change,
            unit="percent",
            digits=1,
            from_=base.counts[base.counts["measure"] == name],
            formula=f"mean yearly change of {name} from the first to the last year, geometric",
        )
    parts = {"continued": 1.0, "halved": 0.5, "none": 0.0}
    grid = target.scenario_grid(
        base.reoffenders,
        base.first_time,
        base.years,
        base.tenths,
        *([part * change for part in parts.values()] for change in yearly.values()),
    )
    result = pd.DataFrame(
        {
            "reoffenders": grid.reoffenders.ravel(),
            "first_time": grid.first_time.ravel(),
            "share": 100 * grid.share.ravel(),
            "met": grid.met.ravel(),
            "chance": 100 * grid.chance.ravel(),
        },
        index=pd.MultiIndex.from_product([parts, parts], names=list(yearly)),
    )
    for (again, first), row in result.iterrows():
        book.record(
            f"scenario.{again}.{first}.share",
            row["share"],
            unit="percent",
            digits=1,
            from_=base.counts,
            formula=f"share in the target year; yearly change of reoffenders {again}, of first_time {first}",
        )
    book.record(
        "scenario.met",
        int(result["met"].sum()),
        unit="number",
        digits=0,
        from_=[base.counts, base.goal],
        formula="number of the nine scenarios whose share publishes as at most the target",
    )
    return result


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
    Facts: ``monitor.<truth>.<verdict>.<year>``, ``monitor.alarm.unchanged``, ``monitor.factor``,
    ``<area>.share.pooled.<first>_<last>`` with ``.low`` and ``.high`` for the last pool.
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
    for (truth, year), row in verdicts.iterrows():
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


def _record_power(study: Study, base: Base, falls: Sequence[float], gap: float) -> pd.DataFrame:
    sizes = {"single": base.persons, "pooled": 3 * base.persons}
    found = target.power_table(base.share, np.array(falls) / 100, list(sizes.values()))
    table = pd.DataFrame(100 * found, index=list(falls), columns=list(sizes))
    for name, size in sizes.items() if gap > 0 else ():
        study.facts.record(
            f"target.power.{name}",
            float(table.loc[gap, name]),
            unit="percent",
            digits=0,
            from_=[base.last, base.goal],
            formula=f"power of a two-sided 5 % test of two shares, {size} persons each, "
            "if the true share falls to the target",
        )
    return table
