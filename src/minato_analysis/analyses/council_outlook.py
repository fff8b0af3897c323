"""The council report, page on the target year: projection, twenty dots, scenarios, levers.

In: what :mod:`~minato_analysis.analyses.outlook` computed. Out: figures, the printed three by three
table, and the levers that compute the same numbers on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from minato_analysis.analyses import law_changes, sources
from minato_analysis.analyses.council import BESIDE, TENTHS, ranges, span
from minato_analysis.analyses.outlook import Base, Projection
from minato_analysis.analyses.outlook_shown import NOTE_PERSONS
from minato_analysis.analyses.trends_shown import year_label
from minato_analysis.data.study import Study
from minato_analysis.figures import (
    Caption,
    Fan,
    Figure,
    Level,
    ShareSeries,
    projection_fan,
)
from minato_analysis.numbers.facts import display
from minato_analysis.numbers.levers import Lever, Levers, Member, Preset, course, told
from minato_analysis.numbers.tables import Table, from_frame
from minato_analysis.statistics import target

REOFFENDERS = {"down1": -10, "down2": -20, "down3": -30}
"""Yearly changes of reoffenders, tenths of a percent."""

GROWTH = 20
"""Yearly growth of first-time offenders in the scenario beside flat and recent ones, tenths of a percent."""

LOW, HIGH = -100, 50
"""Ends of the levers, tenths of a percent a year."""


@dataclass(frozen=True, eq=False)
class Scenarios:
    """Steady yearly changes of both counts, carried to the target year.

    Attributes
    ----------
    first_time : dict of str to int
        ``flat``, ``recent``, ``growth``: yearly changes of first-time offenders, tenths of a percent;
        ``recent`` is the mean of the years observed, rounded as printed.
    grid : ScenarioGrid
        Rows: :data:`REOFFENDERS`; columns: `first_time`.
    """

    first_time: dict[str, int]
    grid: target.ScenarioGrid


def record_scenarios(study: Study, base: Base) -> Scenarios:
    """Compute the three by three scenarios.

    Facts below ``council.scenario``: ``recent`` (percent a year), ``met`` (scenarios that meet the
    target), ``<reoffenders>.<first_time>.share|reoffenders``, and ``<reoffenders>.fall``.
    """
    table, book = base.area.table, study.facts
    recent = 1000 * target.yearly_change(table["first_time"], len(table) - 1)
    first_time = {"flat": 0, "recent": int(np.floor(recent + 0.5)), "growth": GROWTH}
    grid = target.scenario_grid(
        base.reoffenders,
        base.first_time,
        base.years,
        base.tenths,
        [rate / 1000 for rate in REOFFENDERS.values()],
        [rate / 1000 for rate in first_time.values()],
    )
    first_counts = base.counts[base.counts["measure"] == "first_time"]
    book.record(
        "council.scenario.recent",
        first_time["recent"] / 10,
        unit="percent",
        digits=1,
        from_=first_counts,
        formula="mean yearly change of first_time from the first to the last year, geometric, rounded",
    )
    for row, (again, rate) in enumerate(REOFFENDERS.items()):
        book.record(
            f"council.scenario.{again}.fall",
            -rate / 10,
            unit="percent",
            digits=0,
            from_=base.counts,
            formula="yearly fall of reoffenders assumed in the scenario",
        )
        for column, first in enumerate(first_time):
            how = (
                f"steady yearly changes to the target year: reoffenders {again}, first_time {first}"
            )
            for name, value, unit, digits in (
                ("share", 100 * grid.share[row, column], "percent", 1),
                ("reoffenders", grid.reoffenders[row, column], "persons", 0),
            ):
                book.record(
                    f"council.scenario.{again}.{first}.{name}",
                    value,
                    unit=unit,
                    digits=digits,
                    from_=base.counts,
                    formula=how,
                )
    book.record(
        "council.scenario.met",
        int(grid.met.sum()),
        unit="number",
        digits=0,
        from_=[base.counts, base.goal],
        formula="number of the nine scenarios whose share publishes as at most the target",
    )
    return Scenarios(first_time, grid)


def scenarios(found: Scenarios) -> Table:
    """Table: three by three, reoffenders down the side, first-time offenders across."""
    grid = found.grid
    heads = {"flat": "変わらない", "recent": "これまでどおり", "growth": "増える"}
    columns = {
        f"初犯者が{heads[name]}" + (f"（{course(rate)}）" if rate else ""): [
            _cell(grid, row, column) for row in range(len(REOFFENDERS))
        ]
        for column, (name, rate) in enumerate(found.first_time.items())
    }
    shown = pd.DataFrame(columns, index=[course(rate) for rate in REOFFENDERS.values()])
    shown.index.name = "再犯者が"
    return from_frame(
        shown,
        "人数の動き方による{{ target_label }}の割合（括弧内は再犯者／検挙人員）",
        id="council-scenarios",
        notes=("どの動き方が起こりやすいかは分かりません。",),
    )


def levers(base: Base, found: Scenarios, members: tuple[Member, ...] = ()) -> Levers:
    """Return the two levers for the screen; they start where nothing changes."""
    recent = found.first_time["recent"]
    fall = REOFFENDERS["down2"]
    return Levers(
        id="levers",
        title="つまみと見方で確かめる",
        lead=(
            "再犯者と初犯者の毎年の増減を動かすと、{{ target_label }}の値を上の表と同じ式で計算します。"
            "矢印キーでも動かせます。"
        ),
        reoffenders=base.reoffenders,
        first_time=base.first_time,
        years=base.years,
        target=base.tenths,
        levers=(
            Lever("reoffenders", "再犯者の人数", LOW, HIGH),
            Lever("first_time", "初犯者の人数", min(LOW, recent), max(HIGH, GROWTH)),
        ),
        result=outcome(base, 0, 0),
        presets=(
            Preset("どちらも変わらない", 0, 0),
            Preset(f"再犯者だけ{course(fall)}", fall, 0),
            Preset(f"再犯者が{course(fall)}、初犯者はこれまでどおり{course(recent)}", fall, recent),
        ),
        members=members,
    )


def outcome(base: Base, reoffenders: int, first_time: int) -> str:
    """Return what two yearly changes (tenths of a percent) come to in the target year, in words."""
    grid = target.scenario_grid(
        base.reoffenders,
        base.first_time,
        base.years,
        base.tenths,
        [reoffenders / 1000],
        [first_time / 1000],
    )
    again, first, tenths = (
        int(one[0, 0]) for one in (grid.reoffenders, grid.first_time, grid.tenths)
    )
    return told(again, first, tenths, base.tenths)


def fan(study: Study, base: Base, projected: Projection) -> Figure:
    """Figure: observed shares, then the middle value and two bands to the target year."""
    years = [int(year) for year in projected.years.index]
    table, ahead, place = base.area.table, projected.years, study.area.name_ja
    shown = pd.DataFrame(
        {
            "中央の値（%）": ahead["median"],
            "80%の範囲（%）": ranges(ahead["low80"], ahead["high80"]),
            "95%の範囲（%）": ranges(ahead["low95"], ahead["high95"]),
        }
    )
    shown.index = pd.Index([year_label(year) for year in years], name="年")
    low, high = (f'{{{{ fact("projection.{{target}}.pool.{end}95") }}}}' for end in ("low", "high"))
    median = '{{ fact("projection.{target}.pool.median") }}'
    caption = Caption(
        id="council-fan",
        title=f"見込みは{median}、95%の範囲は{low}から{high}",
        subtitle=f"検挙人員に占める再犯者の割合、{place}内の警察署、{{{{ target_label }}}}までの見込み",
        alt_title=f"再犯者の割合の値と見込み、{place}内の警察署、{span(years)}",
        desc=(
            "{{ last_label }}までの値と区間の右に、見込みの中央の線と二つの範囲の帯。先の年ほど広い。"
            f"{{{{ target_label }}}}は中央の値が{median}、95%の範囲が{low}から{high}。"
            '目標は{{ fact("target.share") }}の横線です。'
        ),
        notes=(
            NOTE_PERSONS
            + sources.line(
                study,
                *(base.area.rows, base.parent.rows, base.nation.rows),
                besides="と目標値",
                end="から計算。",
                per_year=False,
            ),
        ),
        table=from_frame(
            shown, "公表される割合の見込み", {"中央の値（%）": TENTHS}, id="council-fan-table"
        ),
        **BESIDE,
    )
    changes = law_changes.lines(study, base.area.rows)
    return projection_fan(
        caption,
        ShareSeries(
            place,
            "area",
            [int(year) for year in table.index],
            *(table[name] for name in ("share", "low", "high")),
        ),
        Fan(
            years,
            ahead["median"],
            ahead["low80"],
            ahead["high80"],
            ahead["low95"],
            ahead["high95"],
            "中央の値",
            "80%の範囲",
            "95%の範囲",
        ),
        target=goal(base),
        changes=changes,
        height=92.0,
    )


def goal(base: Base) -> Level:
    """Return the target's line."""
    return Level(base.tenths / 10, "目標")


def _cell(grid: target.ScenarioGrid, row: int, column: int) -> str:
    again, first = int(grid.reoffenders[row, column]), int(grid.first_time[row, column])
    share = display(float(grid.tenths[row, column]) / 10, "percent", 1)
    met = "届く" if grid.met[row, column] else "届かない"
    return f"{share}　{met}（{again:,}人／{again + first:,}人）"
