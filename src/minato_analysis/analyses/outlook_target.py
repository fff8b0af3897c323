"""Notebook 04: what would reach the target.

In: the counts and the target of :class:`~minato_analysis.analyses.outlook.Base`. Out: data frames
(shares and chances in percent), their numbers recorded as facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from minato_analysis.analyses.outlook import BINOMIAL, Base
from minato_analysis.analyses.outlook_monitoring import POOL
from minato_analysis.data.study import Study
from minato_analysis.statistics import target

LUCK = (0, 3, 6, 10, 20, 30)
"""Distances of a constant true level from the target, tenths of a percent."""

SHOWN = 6
"""The one the text speaks of."""


@dataclass(frozen=True)
class Needed:
    """What would reach the target.

    Attributes
    ----------
    first_time : pandas.DataFrame
        Index: change of first-time offenders in percent. ``first_time``, ``fewer`` (prevented
        arrests of reoffenders that then meet the target).
    levels : pandas.DataFrame
        Index: chance in percent. ``level``: true share that gives it, percent; ``distance``:
        level minus target, points.
    luck : pandas.DataFrame
        Index: true level that does not change, percent. ``chance`` that the target is met all the same.
    power : pandas.DataFrame
        Index: true fall in points. ``single``, ``pooled``: chance in percent that a test of two
        years, or of two pools of years, shows it.
    met : tuple of int
        Years whose published share is at most the target.
    same : int or None
        The first year that was published exactly as the target.
    last : int
        The last year known.
    """

    first_time: pd.DataFrame
    levels: pd.DataFrame
    luck: pd.DataFrame
    power: pd.DataFrame
    met: tuple[int, ...]
    same: int | None
    last: int


def record_needed(
    study: Study,
    base: Base,
    *,
    changes: Sequence[int] = (-20, -10, 0, 10, 20),
    chances: Sequence[int] = (50, 80, 90),
    falls: Sequence[float] = (1.0, 2.0, 3.0, 5.0),
) -> Needed:
    """Record what the target asks for, in persons, as a true level, and as something one can see.

    Notes
    -----
    Facts: ``target.fewer_reoffenders.fixed_denominator|prevented``,
    ``target.true_level.p<chance>``, ``target.chance.p<chance>``, ``target.chance_at_target``;
    ``target.by_luck.<level>`` for a constant level of :data:`SHOWN` above the target, the same as
    ``target.by_luck.chance`` with ``target.by_luck.level``; ``target.met.years``, how many years met the
    target, ``target.met.last``, the last of them, and of the year published exactly as the target
    ``target.same.year|low|high``.
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
        book.record(
            f"target.chance.p{chance}",
            chance,
            unit="percent",
            digits=0,
            from_=base.goal,
            formula="probability asked for",
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
    first = np.floor(base.first_time * (1 + np.array(changes) / 100) + 0.5).astype(int)
    years, same = _record_met(study, base)
    return Needed(
        first_time=pd.DataFrame(
            {
                "first_time": first,
                "fewer": target.fewer_by_first_time(base.reoffenders, first, base.tenths),
            },
            index=list(changes),
        ),
        levels=pd.DataFrame(
            {"level": levels, "distance": levels - base.tenths / 10}, index=list(chances)
        ),
        luck=_record_luck(study, base, met),
        power=_power(base, falls),
        met=years,
        same=same,
        last=study.parameters.last_year,
    )


def _record_luck(study: Study, base: Base, met: int) -> pd.DataFrame:
    levels = (base.tenths + np.array(LUCK)) / 10
    chances = 100 * stats.binom.cdf(met, base.persons, levels / 100)
    shown = LUCK.index(SHOWN)
    level, chance = float(levels[shown]), float(chances[shown])
    formula = f"probability that the target is met if the true share stays {level:g} % ({BINOMIAL})"
    for name, value, digits in (
        (f"{level:.1f}".replace(".", "_"), chance, 0),
        ("chance", chance, 0),
        ("level", level, 1),
    ):
        study.facts.record(
            f"target.by_luck.{name}",
            value,
            unit="percent",
            digits=digits,
            from_=[base.last, base.goal],
            formula=formula if value == chance else "constant true share that is looked at",
        )
    return pd.DataFrame({"chance": chances}, index=levels)


def _record_met(study: Study, base: Base) -> tuple[tuple[int, ...], int | None]:
    table = base.area.table
    tenths = target.published_tenths(table["reoffenders"], table["persons_arrested"])
    met = tuple(int(year) for year in table.index[tenths <= base.tenths])
    study.facts.record(
        "target.met.years",
        len(met),
        unit="number",
        digits=0,
        from_=[base.counts, base.goal],
        formula="number of years whose published share is at most the target",
    )
    if met:
        study.facts.record(
            "target.met.last",
            met[-1],
            unit="year",
            digits=0,
            from_=[base.counts, base.goal],
            formula="last year whose published share is at most the target",
        )
    same = next((int(year) for year in table.index[tenths == base.tenths]), None)
    if same is not None:
        rows = base.counts[base.counts["year"] == same]
        for name, value, unit in (
            ("year", same, "year"),
            ("low", table.loc[same, "low"], "percent"),
            ("high", table.loc[same, "high"], "percent"),
        ):
            study.facts.record(
                f"target.same.{name}",
                float(value),
                unit=unit,
                digits=0 if name == "year" else 1,
                from_=[rows, base.goal],
                formula=f"{name} of the first year published exactly as the target, Wilson interval",
            )
    return met, same


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
    ``scenario.<reoffenders>.<first_time>.share``, ``scenario.continued.continued.over`` (points),
    ``scenario.met``.
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
    both = result.loc[("continued", "continued")]
    published = target.published_tenths(
        both["reoffenders"], both["reoffenders"] + both["first_time"]
    )
    book.record(
        "scenario.continued.continued.over",
        (int(published) - base.tenths) / 10,
        unit="points",
        digits=1,
        from_=[base.counts, base.goal],
        formula="published share if both changes continue, minus the target",
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


def _power(base: Base, falls: Sequence[float]) -> pd.DataFrame:
    """Power of two single years and of two pools, from the level of the last years pooled."""
    last = base.area.table.iloc[-POOL:]
    share = float(last["reoffenders"].sum() / last["persons_arrested"].sum())
    gap = 100 * share - base.tenths / 10
    shown = sorted({*falls, gap} if gap > 0 else falls)
    sizes = {"single": base.persons, "pooled": POOL * base.persons}
    found = target.power_table(share, np.array(shown) / 100, list(sizes.values()))
    return pd.DataFrame(100 * found, index=shown, columns=list(sizes))
