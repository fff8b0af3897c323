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
from minato_analysis.analyses.outlook_shown import NOTE_PERSONS, least, most
from minato_analysis.analyses.trends_shown import year_label
from minato_analysis.facts import display
from minato_analysis.figures import (
    Caption,
    Fan,
    Figure,
    Level,
    ShareSeries,
    projection_fan,
    quantile_dots,
)
from minato_analysis.figures.changes import between, room_above
from minato_analysis.levers import Lever, Levers, course, told
from minato_analysis.statistics import target
from minato_analysis.study import Study
from minato_analysis.tables import Table, from_frame

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
        notes=(
            "注：「これまでどおり」は、{{ first_label }}から{{ last_label }}までの平均の増減。"
            "どの動き方が起こりやすいかは分かりません。",
        ),
    )


def levers(base: Base, found: Scenarios) -> Levers:
    """Return the two levers for the screen; they start where nothing changes."""
    lowest = min(LOW, found.first_time["recent"])
    return Levers(
        id="levers",
        title="二つのつまみで確かめる",
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
            Lever("first_time", "初犯者の人数", lowest, max(HIGH, GROWTH)),
        ),
        result=outcome(base, 0, 0),
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
            "中央（%）": ahead["median"],
            "内側の帯（%）": ranges(ahead["low80"], ahead["high80"]),
            "外側の帯（%）": ranges(ahead["low95"], ahead["high95"]),
        }
    )
    shown.index = pd.Index([year_label(year) for year in years], name="年")
    laws = law_changes.remark(study, [*table.index, *years], base.area.rows)
    low, high = (f'{{{{ fact("projection.{{target}}.pool.{end}95") }}}}' for end in ("low", "high"))
    median = '{{ fact("projection.{target}.pool.median") }}'
    caption = Caption(
        id="council-fan",
        title=f"見込みの中央は{median}、幅は{low}から{high}",
        subtitle=f"検挙人員に占める再犯者の割合、{place}内の警察署、{{{{ target_label }}}}までの見込み",
        alt_title=f"再犯者の割合の値と見込み、{place}内の警察署、{span(years)}",
        desc=(
            "{{ last_label }}までの値と区間の右に、見込みの中央の線と二つの帯。帯は先の年ほど広がります。"
            f"{{{{ target_label }}}}は中央{median}、外側の帯が{low}から{high}。"
            '目標は{{ fact("target.share") }}の横線です。'
        ),
        notes=(
            '単位：%。内側の帯は{{ fact("projection.{target}.inner") }}区間、外側の帯は95%区間。'
            f"{NOTE_PERSONS}{laws}"
            + sources.line(
                study,
                *(base.area.rows, base.parent.rows, base.nation.rows),
                besides="と目標値",
                end="から計算。",
                per_year=False,
            ),
        ),
        table=from_frame(
            shown, "公表される割合の見込み", {"中央（%）": TENTHS}, id="council-fan-table"
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
            "中央",
            "内側の帯",
            "外側の帯",
        ),
        target=goal(base),
        changes=changes,
        # The labels of the law changes take part of their room from the drawing, not from the sheet.
        height=104.0 - room_above(between(changes, [*table.index, *years])) / 2,
    )


def dots(study: Study, base: Base, projected: Projection) -> Figure:
    """Figure: twenty equally likely values of the target year, narrow: a box stands beside it on paper."""
    total, met = len(projected.met), int(projected.met.sum())
    counted = "届く{count}回", "届かない{count}回"
    caption = Caption(
        id="council-dots",
        title=(
            '目標に届くのは、{{ fact("projection.{target}.pool.dots.total") }}回のうち'
            '{{ fact("projection.{target}.pool.dots.met") }}回ほど'
            '（見方により{{ fact("projection.{target}.members.dots.low") }}～'
            '{{ fact("projection.{target}.members.dots.high") }}回）'
        ),
        subtitle=f"{{{{ target_label }}}}に公表される割合の見込み、{study.area.name_ja}内の警察署",
        alt_title=f"{year_label(study.parameters.target_year)}の割合の見込み、同じ起こりやすさの点{total}個",
        desc=(
            "同じように起こり得る結果を一つずつ点で示した図。目標の線から左の塗った点が"
            '{{ fact("projection.{target}.pool.dots.met") }}個、右の白い点が残りです。見方により、左の点は'
            '{{ fact("projection.{target}.members.dots.low") }}個から'
            '{{ fact("projection.{target}.members.dots.high") }}個になります。'
        ),
        alt_desc=(
            f"点{total}個のうち、目標の線から左の塗った点が{met}個、右の白い点が{total - met}個。"
            f"見方により、左の点は{least(projected)}個から{most(projected)}個。"
        ),
        notes=("単位：%。一つの点は、同じように起こり得る結果の一つ。資料は上の図と同じ。",),
        width=BESIDE["width"],
    )
    return quantile_dots(
        caption,
        projected.dots,
        goal(base),
        met=projected.met,
        met_label=counted[0],
        missed_label=counted[1],
        note=f"見方により、届くのは{least(projected)}回から{most(projected)}回",
        dot=14.0,
    )


def goal(base: Base) -> Level:
    """Return the target's line."""
    return Level(base.tenths / 10, "目標")


def _cell(grid: target.ScenarioGrid, row: int, column: int) -> str:
    again, first = int(grid.reoffenders[row, column]), int(grid.first_time[row, column])
    share = display(float(grid.tenths[row, column]) / 10, "percent", 1)
    met = "届く" if grid.met[row, column] else "届かない"
    return f"{share}　{met}（{again:,}人／{again + first:,}人）"
