"""Notebook 04: how one would notice whether the target is coming nearer, by a plan that is fixed in advance.

In: :class:`~minato_analysis.analyses.outlook.Base`, the projection, ``data/monitoring_plan.yaml``. Out:
data frames (shares and chances in percent), their numbers recorded as facts. Every edition evaluates the same
plan; nothing starts anew from the newest value, and there is no verdict before the years of the comparison
are known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict
from scipy import stats

from minato_analysis import data
from minato_analysis.analyses.outlook import BINOMIAL, DEFAULT, Base, Projection
from minato_analysis.data.study import Study
from minato_analysis.project import editions, yamls
from minato_analysis.statistics import shares, target

FILE = "data/monitoring_plan.yaml"
POOL = 3
"""Years taken together where single years say too little."""

LEVELS = (45.0, 46.0, 47.0, 48.0, 49.0)
"""True levels, percent, for which the error rates of a plan nobody has fixed are computed."""


class Plan(BaseModel):
    """One entry of the file: what is compared with what, when, and how.

    Attributes
    ----------
    area_code, definition, target
        The indicator it is for; `target` in percent.
    decided_on : date
        Day from which it does not change.
    baseline, comparison : tuple of int
        Years pooled before and after.
    alpha, power : float
        Level of the two-sided test; power at which the smallest fall it can show is stated.
    levels : tuple of float
        True levels for which the error rates are printed, percent.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    area_code: editions.AreaCode
    definition: str
    target: float
    decided_on: editions.Date | None
    baseline: tuple[int, ...]
    comparison: tuple[int, ...]
    alpha: float
    power: float
    levels: tuple[float, ...]


@dataclass(frozen=True)
class Monitoring:
    """What the plan can show and what it has shown.

    Attributes
    ----------
    plan : Plan
    known : int
        Years of the comparison that are known.
    errors : pandas.DataFrame
        Index: true level that does not change, percent. ``fall``, ``rise``: chance in percent that the
        comparison calls a fall, a rise.
    moving : tuple of float or None
        The same two chances if the share moves on as the pool expects, whatever is done; None once the
        middle year of the comparison is known.
    result : str
        ``fall``, ``rise``, ``neither``; empty until all years of the comparison are known.
    pooled : pandas.DataFrame
        Index: last year of the pool. ``share``, ``low``, ``high`` of the single year and ``pooled``,
        ``pooled_low``, ``pooled_high``, percent, ``reoffenders``, ``persons``; nan where it is not full.
    """

    plan: Plan
    known: int
    errors: pd.DataFrame
    moving: tuple[float, float] | None
    result: str
    pooled: pd.DataFrame


def plan_of(folder: Path, base: Base, area_code: str) -> Plan:
    """Return the plan of an area, or, where none is fixed, the one that the same rule makes.

    The rule: the last three years known against the three years up to the target year.

    Raises
    ------
    DataError
        ``E0-PLAN``: the file cannot be read, or has more than one plan for the indicator.
    """
    file = folder / FILE
    entries = yamls.read(file) if file.exists() else []
    try:
        plans = [Plan.model_validate(one) for one in entries]
    except ValueError as error:
        first = str(error).splitlines()
        raise data.DataError(
            f"E0-PLAN {FILE}: 点検の計画として読めません: {' '.join(first[1:3])}"
        ) from None
    own = [
        one
        for one in plans
        if (one.area_code, one.definition, round(10 * one.target))
        == (area_code, base.area.definition, base.tenths)
    ]
    if len(own) > 1:
        raise data.DataError(
            f"E0-PLAN {FILE}: {area_code}の計画が{len(own)}つあります。最初に決めた1つだけを残してください。"
        )
    last = int(base.area.table.index[-1])
    return (
        own[0]
        if own
        else Plan(
            area_code=area_code,
            definition=base.area.definition,
            target=base.tenths / 10,
            decided_on=None,
            baseline=tuple(int(year) for year in base.area.table.index[-POOL:]),
            comparison=tuple(range(last + base.years - POOL + 1, last + base.years + 1)),
            alpha=0.05,
            power=0.80,
            levels=LEVELS,
        )
    )


def record_monitoring(study: Study, base: Base, projected: Projection) -> Monitoring:
    """Record what the plan's comparison can show, how often it errs, and what it has shown.

    Notes
    -----
    Facts below ``monitor.plan``: ``frozen`` (1 or 0), ``baseline.share`` with ``.low`` and ``.high``,
    ``baseline.reoffenders|persons|first|last``, ``comparison.first|last|years|known``, ``detectable.points``,
    ``shown.share`` (the largest later share that is called a fall), ``false.fall|rise`` (percent, level
    integrated over its posterior), ``errors.low|high`` (the extremes of ``fall`` over the plan's levels) and
    ``moving.fall|rise``; ``target.power.single|pooled|path``; ``<area>.share.pooled.<first>_<last>`` with
    ``.low`` and ``.high`` for the last pool.
    """
    plan = plan_of(study.folder, base, study.area.code)
    table = base.area.table[["reoffenders", "persons_arrested"]]
    missing = sorted(set(plan.baseline) - set(table.index))
    if missing:
        raise data.DataError(f"E0-PLAN {FILE}: 基準の{missing}年の値が、この版の年にありません。")
    k, n = (int(one) for one in table.loc[list(plan.baseline)].sum())
    later = len(plan.comparison) * base.persons
    ends = (
        target.largest_showing_fall(k, n, later, plan.alpha),
        target.smallest_showing_rise(k, n, later, plan.alpha),
    )
    levels = target.posterior_levels(k, n)
    errors = pd.DataFrame(
        [_rates(ends, later, np.array([level / 100])) for level in plan.levels],
        index=list(plan.levels),
        columns=["fall", "rise"],
    )
    years = [year for year in plan.comparison if year in table.index]
    found = Monitoring(
        plan,
        len(years),
        errors,
        _moving(projected, plan, ends, later),
        _result(table.loc[years], k, n, plan) if len(years) == len(plan.comparison) else "",
        _record_pooled(study, base),
    )
    _record_plan(study, base, found, (k, n), (ends[0], later), levels)
    return found


def _rates(ends: tuple[int, int], later: int, levels: np.ndarray) -> tuple[float, float]:
    """Return the chances in percent that the later count is called a fall, a rise."""
    return (
        100 * float(stats.binom.cdf(ends[0], later, levels).mean()),
        100 * float(stats.binom.sf(ends[1] - 1, later, levels).mean()),
    )


def _moving(
    projected: Projection, plan: Plan, ends: tuple[int, int], later: int
) -> tuple[float, float] | None:
    middle = plan.comparison[len(plan.comparison) // 2]
    if middle not in projected.years.index:
        return None
    one = projected.forecasts[DEFAULT].at([0], [projected.years.index.get_loc(middle)])
    together = replace(one, persons=np.full((1, 1), later))
    return (
        100 * float(together.cdf(ends[0])[0, 0]),
        100 * (1.0 - float(together.cdf(ends[1] - 1)[0, 0])),
    )


def _result(after: pd.DataFrame, k: int, n: int, plan: Plan) -> str:
    count, persons = (int(one) for one in after.sum())
    if count <= target.largest_showing_fall(k, n, persons, plan.alpha):
        return "fall"
    return "rise" if count >= target.smallest_showing_rise(k, n, persons, plan.alpha) else "neither"


def _record_plan(
    study: Study,
    base: Base,
    found: Monitoring,
    baseline: tuple[int, int],
    shown: tuple[int, int],
    levels: np.ndarray,
) -> None:
    book, plan, (k, n), (most, later) = study.facts, found.plan, baseline, shown
    rows = base.counts[base.counts["year"].isin(plan.baseline)]
    interval = shares.wilson(k, n, study.parameters.confidence)
    fall = target.detectable_fall(k, n, later, plan.power, plan.alpha)
    false = _rates((most, target.smallest_showing_rise(k, n, later, plan.alpha)), later, levels)
    own = [
        ("frozen", int(plan.decided_on is not None), "number", 0, f"1 where {FILE} fixes the plan"),
        (
            "baseline.share",
            100 * k / n,
            "percent",
            1,
            "100 * reoffenders / persons of the baseline years",
        ),
        ("baseline.share.low", 100 * float(interval.low), "percent", 1, "its Wilson interval, low"),
        (
            "baseline.share.high",
            100 * float(interval.high),
            "percent",
            1,
            "its Wilson interval, high",
        ),
        ("baseline.reoffenders", k, "persons", 0, "reoffenders of the baseline years"),
        ("baseline.persons", n, "persons", 0, "persons arrested of the baseline years"),
        ("baseline.first", plan.baseline[0], "year", 0, "first year of the baseline"),
        ("baseline.last", plan.baseline[-1], "year", 0, "last year of the baseline"),
        ("comparison.first", plan.comparison[0], "year", 0, "first year of the comparison"),
        ("comparison.last", plan.comparison[-1], "year", 0, "last year of the comparison"),
        ("comparison.years", len(plan.comparison), "number", 0, "years of the comparison"),
        ("comparison.known", found.known, "number", 0, "years of the comparison that are known"),
        ("power", 100 * plan.power, "percent", 0, "power at which the smallest fall is stated"),
        (
            "detectable.points",
            100 * fall,
            "points",
            1,
            f"smallest true fall shown with power {plan.power:g}, two-sided test at {plan.alpha:g}, level of "
            f"the baseline integrated over its posterior (Jeffreys), {later} persons afterwards",
        ),
        (
            "shown.share",
            100 * most / later,
            "percent",
            1,
            "largest later share that is called a fall",
        ),
        ("false.fall", false[0], "percent", 1, "chance of calling a fall if nothing changes"),
        ("false.rise", false[1], "percent", 1, "chance of calling a rise if nothing changes"),
        (
            "errors.low",
            found.errors["fall"].min(),
            "percent",
            1,
            "least chance of a fall over the levels",
        ),
        (
            "errors.high",
            found.errors["fall"].max(),
            "percent",
            1,
            "largest chance of a fall over the levels",
        ),
    ]
    if found.moving:
        how = "if the share moves on as the pool expects in the middle year (persons of all years)"
        own += [
            (f"moving.{name}", one, "percent", 0, f"chance of calling a {name} {how}")
            for name, one in zip(("fall", "rise"), found.moving, strict=True)
        ]
    for name, value, unit, digits, formula in own:
        origin = base.known if name.startswith("moving") else [rows, base.last, base.goal]
        book.record(
            f"monitor.plan.{name}",
            float(value),
            unit=unit,
            digits=digits,
            from_=origin,
            formula=formula,
        )
    gap = k / n - base.tenths / 1000
    steps = np.array(plan.comparison) - max(plan.baseline)
    path = gap * float(np.clip(steps / base.years, 0.0, 1.0).mean())
    for name, one, size in (
        ("single", gap, base.persons),
        ("pooled", gap, later),
        ("path", path, later),
    ):
        if one > 0:
            book.record(
                f"target.power.{name}",
                100 * float(target.power_table(k / n, [one], [size], plan.alpha)[0, 0]),
                unit="percent",
                digits=0,
                from_=[rows, base.last, base.goal],
                formula=f"power of a two-sided test of two shares, {size} persons each, if the true share "
                "falls from that of the baseline to the target"
                f"{' by steady steps' if name == 'path' else ''}; {BINOMIAL}",
            )


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
    result["reoffenders"], result["persons"] = (pools[name] for name in counts)
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
