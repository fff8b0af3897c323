"""Notebook 07: the tables of :mod:`minato_analysis.analyses.measures`, in Japanese."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from minato_analysis.analyses.measures import Register
from minato_analysis.cleaning.years import Year, format_year
from minato_analysis.data.measures import EXPANDED, NEW, STATUSES, Difference, Link, Measure
from minato_analysis.numbers.tables import Table, from_frame

NOT_FILLED_IN = "未記入"
NONE = "なし"
UNKNOWN = "不明"
KINDS = {"indicator": "計画の指標", "table": "数値あり", "chart": "図だけで数値なし"}
RELATIONS = {"direct": "直接", "indirect": "間接"}
DIFFERENCES = {
    "name": ("名称", "一覧と見出しで名称が違う"),
    "flag": ("新規・拡充", "一覧と見出しで印が違う"),
    "heading": ("見出し", "手元の本文テキストに見出しと所管課がない"),
}


def counts(register: Register) -> Table:
    """Table: measures, new and expanded ones, by policy."""
    rows = pd.DataFrame(
        {
            "policy": [one.policy for one in register.measures],
            "取組": 1,
            "うち新規": [one.flag == NEW for one in register.measures],
            "うち拡充": [one.flag == EXPANDED for one in register.measures],
        }
    )
    shown = rows.groupby("policy", sort=False).sum().astype(int)
    shown.loc["計"] = shown.sum()
    names = {number: f"{number} {name}" for number, name in register.policies.items()}
    shown.index = pd.Index([names.get(str(one), str(one)) for one in shown.index], name="施策")
    return from_frame(
        shown,
        "施策ごとの取組の数",
        dict.fromkeys(shown.columns, ("number", 0)),
        id="measures-counts",
    )


def policy(register: Register, number: str) -> Table:
    """Table: the measures of one policy with what they answer to and their status by fiscal year."""
    measures = [one for one in register.measures if one.policy == number]
    titles = {one.id: one.short for one in register.links.numbers}
    shown = pd.DataFrame(
        {
            "番号": [one.number for one in measures],
            "取組": [f"{one.name}【{one.flag}】" if one.flag else one.name for one in measures],
            "所管課": ["、".join(one.departments) or UNKNOWN for one in measures],
            "関連する計画": [one.related_plan for one in measures],
            "結び付く数値": [
                "、".join(titles[link.number] for link in register.links.of(one.number)) or NONE
                for one in measures
            ],
            **_status(register, measures),
        }
    ).set_index("番号")
    notes = ["「結び付く数値」はこの分析で付けたもの。資料：{{ plan }}第4章。"]
    if UNKNOWN in set(shown["所管課"]):
        notes.append(f"「{UNKNOWN}」は、手元の本文テキストに所管課がないもの。")
    title = f"「{register.policies[number]}」の取組"
    return from_frame(shown, title, id=f"measures-policy-{number}", notes=notes)


def differences(register: Register) -> Table | None:
    """Table: measures the plan prints in two forms; None where there is none."""
    if not register.differences:
        return None
    shown = pd.DataFrame(
        [
            {
                "番号": one.number,
                "項目": DIFFERENCES[one.what][0],
                "一覧": one.listed or "（印なし）",
                "取組の見出し": one.at_measure or _absent(one),
                "内容": DIFFERENCES[one.what][1],
            }
            for one in register.differences
        ]
    ).set_index("番号")
    return from_frame(
        shown,
        "一覧と取組の見出しとで形が違う取組",
        id="measures-differences",
        notes=("全角と半角の違いは数えていません。",),
    )


def numbers(register: Register) -> Table:
    """Table: every number with the measures that answer to it."""
    shown = pd.DataFrame(
        [
            {
                "数値": one.title,
                "図表": f"図表{one.figure}",
                "公表": KINDS[one.kind],
                "直接": _listed(register.links.to(one.id), "direct"),
                "間接": _listed(register.links.to(one.id), "indirect"),
            }
            for one in register.links.numbers
        ]
    ).set_index("数値")
    return from_frame(
        shown,
        "数値ごとの取組の番号",
        id="measures-numbers",
        notes=(
            "「直接」は、その数値が数えている人に向けた取組。"
            "「間接」は、その数値を動かし得ることに働きかける取組。",
        ),
    )


def reasons(register: Register) -> Table:
    """Table: every link, and every measure without one, with its reason."""
    titles = {one.id: one.title for one in register.links.numbers}
    lines = []
    for one in register.measures:
        found = register.links.of(one.number)
        lines += [(one.number, titles[x.number], RELATIONS[x.relation], x.reason) for x in found]
        if not found:
            lines.append((one.number, NONE, NONE, register.links.none[one.number]))
    columns = ["番号", "結び付く数値", "関係", "理由"]
    shown = pd.DataFrame(lines, columns=columns).set_index("番号")
    return from_frame(shown, "結び付けた理由", id="measures-reasons")


def status_words() -> Table:
    """Table: the words for the status and their meaning."""
    shown = pd.DataFrame({"意味": list(STATUSES.values())}, index=pd.Index(STATUSES, name="状況"))
    return from_frame(shown, "状況の書き方", id="measures-status-words")


def _absent(one: Difference) -> str:
    return "（見出しなし）" if one.what == "heading" else "（印なし）"


def _status(register: Register, measures: Sequence[Measure]) -> dict[str, list[str]]:
    years = sorted({one.year for one in register.status})
    if not years:
        return {"状況": [NOT_FILLED_IN] * len(measures)}
    known = {(one.number, one.year): one for one in register.status}
    found = {}
    for year in years:
        entries = [known.get((one.number, year)) for one in measures]
        found[format_year(Year(year, "fiscal"))] = [
            NOT_FILLED_IN
            if one is None
            else f"{one.status}（{one.note}）"
            if one.note
            else one.status
            for one in entries
        ]
    return found


def _listed(links: Sequence[Link], relation: str) -> str:
    return "、".join(one.measure for one in links if one.relation == relation) or NONE
