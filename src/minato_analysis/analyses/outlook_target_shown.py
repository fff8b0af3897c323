"""Notebook 04: the tables of what would reach the target and of the yearly check, in Japanese.

In: what :mod:`~minato_analysis.analyses.outlook_target` and
:mod:`~minato_analysis.analyses.outlook_monitoring` computed. Out: tables.
"""

from __future__ import annotations

import pandas as pd

from minato_analysis.analyses.outlook import Base
from minato_analysis.analyses.outlook_monitoring import Monitoring
from minato_analysis.analyses.outlook_shown import (
    NOTE_AREA,
    NOTE_PERSONS,
    PERCENT,
    PERSONS,
    chance,
    source,
    year_label,
)
from minato_analysis.analyses.outlook_target import POOL, Needed
from minato_analysis.facts import display
from minato_analysis.study import Study
from minato_analysis.tables import Table, from_frame

COURSES = {"continued": "これまでどおり", "halved": "半分", "none": "横ばい"}
TRUTHS = {"path": "目標へ直線で下がる", "flat": "変わらない"}
VERDICTS = {
    "on_track": "順調と判定",
    "off_track": "順調でないと判定",
    "cannot_tell": "まだ分からない",
}


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


def levels(needed: Needed) -> Table:
    """Table: the true level that gives a chance of meeting the target."""
    shown = needed.levels.rename(columns={"level": "必要な真の水準", "distance": "目標との差"})
    shown.index = pd.Index([f"確率{chance}%" for chance in shown.index], name="届く確率")
    return from_frame(
        shown,
        "目標に届く確率と、そのために必要な真の水準",
        {"必要な真の水準": PERCENT, "目標との差": ("points", 1)},
        id="target-levels",
        notes=(NOTE_PERSONS,),
    )


def power(needed: Needed) -> Table:
    """Table: the chance that a test shows a fall."""
    shown = needed.power.rename(columns={"single": "一年どうし", "pooled": f"{POOL}年まとめどうし"})
    shown.index = pd.Index(
        [f"{display(fall, 'points', 1)}下がる" for fall in shown.index], name="真の低下"
    )
    return from_frame(
        shown,
        "本当に下がったときに、検定で低下と示せる確率",
        dict.fromkeys(shown.columns, chance),
        id="target-power",
        notes=("注：割合の差の両側検定。各年の検挙人員は{{ last_label }}と同じとした。",),
    )


def scenarios(table: pd.DataFrame) -> Table:
    """Table: three courses of the reoffenders by three of the first-time offenders."""
    shown = pd.DataFrame(
        {
            "初犯者の増減": [COURSES[first] for _, first in table.index],
            "再犯者": table["reoffenders"].to_numpy(),
            "初犯者": table["first_time"].to_numpy(),
            "割合": table["share"].to_numpy(),
            "目標": ["届く" if met else "届かない" for met in table["met"]],
            "偶然を含めて届く確率": table["chance"].to_numpy(),
        },
        index=pd.Index([COURSES[again] for again, _ in table.index], name="再犯者の増減"),
    )
    return from_frame(
        shown,
        "人数の動き方による{{ target_label }}の割合",
        {"再犯者": PERSONS, "初犯者": PERSONS, "割合": PERCENT, "偶然を含めて届く確率": chance},
        id="scenarios",
        notes=(
            "注：「これまでどおり」は{{ first_label }}から{{ last_label }}までの平均の増減率"
            '（再犯者は年{{ fact("scenario.change.reoffenders") }}、'
            '初犯者は年{{ fact("scenario.change.first_time") }}）が続く場合。',
            "注：それぞれの道筋がどのくらい起こりやすいかは、この表からは分からない。",
        ),
    )


def verdicts(found: Monitoring) -> Table:
    """Table: the chance of each verdict by year and truth."""
    shown = found.verdicts.rename(columns=VERDICTS)
    truths = [TRUTHS[truth] for truth, _ in shown.index]
    shown.insert(0, "年", [year_label(year) for _, year in shown.index])
    shown.index = pd.Index(truths, name="本当の動き")
    return from_frame(
        shown,
        "毎年の点検で何がいえるか",
        dict.fromkeys(VERDICTS.values(), chance),
        id="monitoring-verdicts",
        notes=(NOTE_PERSONS,),
    )


def alarm(found: Monitoring) -> Table:
    """Table: the chance of an alarm by the true share of the next year."""
    shown = found.alarm.rename(columns={"chance": "範囲の外に出る確率"})
    shown.index = pd.Index(
        [_signed(shift, "ポイント") for shift in shown.index], name="真の水準の変化"
    )
    return from_frame(
        shown,
        "{{ next_label }}の値が予測の範囲の外に出る確率",
        {"範囲の外に出る確率": chance},
        id="monitoring-alarm",
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
