"""Notebook 04: the tables of what would reach the target and of the yearly check, in Japanese.

In: what :mod:`~minato_analysis.analyses.outlook_target` and
:mod:`~minato_analysis.analyses.outlook_monitoring` computed. Out: tables.
"""

from __future__ import annotations

import pandas as pd

from minato_analysis.analyses.outlook import Base
from minato_analysis.analyses.outlook_monitoring import POOL, Monitoring
from minato_analysis.analyses.outlook_shown import (
    NOTE_AREA,
    PERSONS,
    source,
    year_label,
)
from minato_analysis.analyses.outlook_target import Needed
from minato_analysis.data.study import Study
from minato_analysis.numbers.facts import display
from minato_analysis.numbers.remarks import Remark
from minato_analysis.numbers.tables import Table, from_frame


def first_time(needed: Needed) -> Table:
    """Table: prevented arrests of reoffenders by the number of first-time offenders."""
    shown = needed.first_time.rename(
        columns={"first_time": "初犯者", "fewer": "減らす必要のある再犯者"}
    )
    shown.index = pd.Index([_signed(change, "%") for change in shown.index], name="初犯者の増減")
    return from_frame(
        shown,
        "初犯者の人数によって、必要な人数は変わる",
        dict.fromkeys(shown.columns, PERSONS),
        id="target-first-time",
        notes=(
            "注：防がれた再犯者は、分母の検挙人員からも除いた。{{ last_label }}の人数を基準とする。",
        ),
    )


def critique(needed: Needed) -> Remark:
    """Return what a reader should know of the target as a number, in words."""
    said = []
    if needed.same is not None:
        said.append(
            'この目標は、{{ fact("target.same.year") }}の一年の値と同じです。その値にも一年の偶然の幅があり、'
            '95%信頼区間は{{ fact("target.same.low") }}から{{ fact("target.same.high") }}です。'
        )
    if needed.met and needed.met[-1] < needed.last:
        said.append(
            '公表された値がすでに目標以下だった年が{{ fact("target.met.years") }}年あり、最も新しいのは'
            '{{ fact("target.met.last") }}です。目標以下が続いたわけではありません。'
        )
    said.append(
        '本当の水準が{{ fact("target.by_luck.level") }}のまま変わらなくても、'
        '公表される値が目標以下になる確率は{{ fact("target.by_luck.chance") }}あります。'
        "一年の値が目標以下になったことだけでは、水準が下がったとは読めません。"
        "数年をまとめた値と、人数を並べて見る必要があります（第4節）。"
    )
    return Remark("target-critique", ("".join(said),))


def evaluated(found: Monitoring) -> Remark:
    """Return what the plan says at this edition, in words; no verdict before its years are known."""
    fixed = "" if found.plan.decided_on else "この計画は、まだ記録として定められていません。"
    years = (
        '計画で決めた比較の年（{{ fact("monitor.plan.comparison.first") }}から'
        '{{ fact("monitor.plan.comparison.last") }}）のうち、値が分かっているのは'
        '{{ fact("monitor.plan.comparison.known") }}年です。'
    )
    if not found.result:
        said = (
            "すべてそろうまで、下がったかどうかを判定しません。"
            "途中の年の上がり下がりに意味を付けません。"
        )
        return Remark("monitoring-evaluated", (f"{fixed}{years}{said}",))
    words = {
        "fall": "比較は、基準より下がったことを示しました。",
        "rise": "比較は、基準より上がったことを示しました。",
        "neither": "比較は、変化を示しませんでした（変わっていないという意味ではありません）。",
    }
    cause = "この比較からは、変化の理由は分かりません。"
    return Remark("monitoring-evaluated", (f"{fixed}{years}{words[found.result]}{cause}",))


def moving(found: Monitoring) -> Remark:
    """Return how often the comparison shows a change that nobody brought about, in words."""
    if found.moving is None:
        return Remark(
            "monitoring-moving", ("比較の年が近づいたため、この見込みは計算していません。",)
        )
    return Remark(
        "monitoring-moving",
        (
            "割合は、取組がなくても年とともに動きます。これまでのような動きが続くとすると（見込みのまとめ）、"
            'この比較は{{ fact("monitor.plan.moving.fall") }}の確率で「下がった」、'
            '{{ fact("monitor.plan.moving.rise") }}の確率で「上がった」と示します。'
            "「下がった」と示されても、それが取組の成果だとはいえません。",
        ),
    )


def pooled(study: Study, base: Base, found: Monitoring) -> Table:
    """Table: single years beside pools."""
    names = {
        "share": "その年",
        "low": "区間の下限",
        "high": "区間の上限",
        "pooled": f"{POOL}年まとめ",
        "pooled_low": "まとめた区間の下限",
        "pooled_high": "まとめた区間の上限",
    }
    shown = found.pooled[list(names)].rename(columns=names).map(_percent_or_dash)
    for column, name in (("reoffenders", "まとめた再犯者"), ("persons", "まとめた検挙人員")):
        shown[name] = [
            "-" if pd.isna(one) else display(one, "persons", 0) for one in found.pooled[column]
        ]
    shown.index = pd.Index([year_label(year) for year in shown.index], name="年")
    return from_frame(
        shown,
        "その年だけの割合と、前の年までをまとめた割合",
        id="monitoring-pooled",
        notes=(
            "注：区間は95%信頼区間（ウィルソン法）。「-」は年の数が足りない年。",
            NOTE_AREA,
            source(study, base),
        ),
    )


def _percent_or_dash(value: float) -> str:
    return "-" if pd.isna(value) else display(value, "percent", 1)


def _signed(value: float, unit: str) -> str:
    """Return a change with its sign.

    >>> _signed(-10, "%"), _signed(0, "%"), _signed(3, "ポイント")
    ('△10%', '変わらない', '+3ポイント')
    """
    if value == 0:
        return "変わらない"
    return f"{'△' if value < 0 else '+'}{abs(value):g}{unit}"
