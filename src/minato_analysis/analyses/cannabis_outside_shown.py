"""Notebook 03: the tables of ``cannabis_outside``, in Japanese."""

from __future__ import annotations

import numpy as np
import pandas as pd

from minato_analysis.analyses.cannabis_outside import Outside
from minato_analysis.analyses.cannabis_shown import (
    P_VALUE,
    PERCENT,
    PERSONS,
    POINTS,
    field_rows,
    ranges,
)
from minato_analysis.analyses.trends_shown import year_label
from minato_analysis.data.study import Study
from minato_analysis.figures.text import percent
from minato_analysis.numbers.facts import display
from minato_analysis.numbers.tables import Table, from_frame
from minato_analysis.statistics.threshold import printed_percent


def thresholds(table: pd.DataFrame) -> Table:
    """Table: the comparator share at which "higher" stops holding, by year and pooled."""
    shown = table[["persons_arrested", "reoffenders", "share", "threshold", "exact"]].copy()
    shown.columns = pd.Index(
        ["検挙人員", "再犯者", "割合", "境目（ウィルソン法）", "境目（正確法）"]
    )
    shown.index = pd.Index(
        ["計" if year == "pooled" else year_label(year) for year in table.index], name="年"
    )
    return from_frame(
        shown,
        "比べる相手の割合がここに達すると「高い」といえなくなる境目",
        {
            "検挙人員": PERSONS,
            "再犯者": PERSONS,
            "割合": PERCENT,
            "境目（ウィルソン法）": _rounded_down,
            "境目（正確法）": _rounded_down,
        },
        id="cannabis-thresholds",
        notes=(
            "境目は95%信頼区間の下限に当たり、小数第一位までに切り捨てました"
            "（四捨五入した下限とは末尾が違うことがあります）。",
            "正確法は、二項分布から直接求めたもの（クロッパー・ピアソン法）で、より慎重な値です。",
        ),
    )


def status(study: Study, outside: Outside) -> Table:
    """Table: what the comparator slot holds for the prefecture and the nation."""
    rows = []
    for one in (study.parent, study.nation):
        refused = [title for name, title in outside.refused if name == one.name_ja]
        compared = outside.compared.get(one.name_ja)
        rows.append(
            {
                "地域": one.name_ja,
                "同じ定義の値": "なし" if compared is None else f"あり（{len(compared)}か年）",
                "扱い": "比べられない" if compared is None else "下の表で比較",
                "定義が違うため比べない値": "、".join(refused) or "なし",
            }
        )
    shown = pd.DataFrame(rows).set_index("地域")
    notes = [
        f"{name}の値は、{study.area.name_ja}を含む地域ではないので使いません。"
        for name in outside.unused
    ]
    return from_frame(shown, "比べる相手の値", id="cannabis-comparators", notes=notes)


def compared(study: Study, outside: Outside) -> Table | None:
    """Table: the like-for-like comparisons; None where there is nothing to compare."""
    if not outside.compared:
        return None
    rows = []
    for name, table in outside.compared.items():
        parts = [(year_label(int(str(year))), row) for year, row in table.iterrows()]
        if name in outside.together:
            basis = {"basis": "together", "source": "", "p_holm": np.nan}
            parts.append(("計", pd.concat([outside.together[name], pd.Series(basis)])))
        rows += [
            {
                "相手": name,
                "年": year,
                "相手の割合": row["share"],
                "差": row["points"],
                "差の区間": ranges([row["low"]], [row["high"]], "number")[0],
                "p値": row["p"],
                "p値（補正）": row["p_holm"],
                "もとにした値": _basis(row),
                "出典": row["source"],
            }
            for year, row in parts
        ]
    return from_frame(
        pd.DataFrame(rows),
        f"同じ定義で比べた{study.area.name_ja}の大麻の再犯者の割合",
        {"相手の割合": PERCENT, "差": POINTS, "p値": P_VALUE, "p値（補正）": P_VALUE},
        id="cannabis-outside",
        notes=(
            "単位：%。差と区間はポイント。補正は年の数だけ検定したことを見込んだ値（ホルム法）。",
            "注：人数がある相手は、全体から{{ area_unit }}の分を引いた残りと比べています（ニューカム法）。"
            "割合だけの相手は、{{ area_unit }}の分を含んだまま、"
            "誤差がないものとして比べています（ウィルソン法）。"
            "{{ area_unit }}の分を含むことで、差は実際より小さめに出ます。",
        ),
    )


def refused(outside: Outside) -> Table | None:
    """Table: the fields in which refused comparators differ; None where none was refused."""
    if not outside.refused:
        return None
    rows = [
        {"相手": name, **row}
        for (name, _), pairs in outside.refused.items()
        for row in field_rows(pairs, "大麻の表", "相手の値")
    ]
    return from_frame(pd.DataFrame(rows), "比べない理由となる定義の違い", id="cannabis-refused")


def _rounded_down(value: float) -> str:
    return percent(float(printed_percent(value / 100)))


def _basis(row: pd.Series) -> str:
    if row["basis"] == "together":
        return "人数がある年の合計"
    if row["basis"] == "counts":
        return "人数"
    ends = "〜".join(display(row[end], "p_value", 3) for end in ("p_least", "p_most"))
    return f"割合だけ（端数により、p値は{ends}）"
