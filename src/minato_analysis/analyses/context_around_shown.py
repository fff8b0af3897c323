"""Notebook 06: the figures and tables of :mod:`minato_analysis.analyses.context_around`, in Japanese."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from minato_analysis import data
from minato_analysis.analyses import context_around, sources
from minato_analysis.analyses.context_around import Released
from minato_analysis.analyses.series import INDICATOR_OFFENCE
from minato_analysis.analyses.trends_shown import PERCENT, PERSONS, POINTS, year_label
from minato_analysis.data.study import Study
from minato_analysis.figures import Caption, Figure, ShareSeries, share_over_time
from minato_analysis.numbers.tables import Table, from_frame

Role = Literal["area", "parent", "nation"]
FIELDS = {
    "population": "対象となる人",
    "age": "年齢",
    "offences": "罪種",
    "reoffender": "再犯者の意味",
}


def probation_officers(study: Study, table: pd.DataFrame) -> Figure:
    """Figure: the share of filled posts of the three areas."""
    roles: tuple[tuple[data.Area, Role], ...] = (
        (study.area, "area"),
        (study.parent, "parent"),
        (study.nation, "nation"),
    )
    parts = {one.name_ja: table.loc[one.key] for one, _ in roles}
    years = [int(year) for year in parts[study.area.name_ja].index]
    columns = {"current": "現員数", "quota": "定数", "fill_share": "充足率"}
    shown = pd.concat(
        [
            rows.set_axis([f"{name} {year_label(year)}" for year in years])
            for name, rows in parts.items()
        ]
    )[list(columns)]
    shown.columns = pd.Index(columns.values())
    shown.index.name = "地域と年"
    definition = data.definitions(study.folder)["probation-officers"]
    place = study.area.name_ja
    rises = bool((parts[place]["fill_share"].diff().dropna() > 0).all())
    caption = Caption(
        id="context-probation-officers",
        title=(
            "{{ area_name }}の充足率は、年ごとに高くなった"
            if rises
            else "{{ area_name }}の充足率の動き"
        ),
        subtitle=f"保護司の充足率、{'・'.join(parts)}",
        desc=f"{'、'.join(parts)}の充足率の線。値は下の表にあります。",
        notes=(
            "単位：人、%。充足率は、現員数を定数で割ったもの。",
            f"{sources.line(study, context_around.officer_rows(study))}"
            "すべての人を数えた値なので、区間は付けていません。",
        ),
        table=from_frame(
            shown,
            "保護司の現員数・定数・充足率",
            {"現員数": PERSONS, "定数": PERSONS, "充足率": PERCENT},
            id="context-probation-officers-table",
        ),
    )
    series = [
        ShareSeries(one.name_ja, role, years, parts[one.name_ja]["fill_share"])
        for one, role in roles
    ]
    return share_over_time(
        caption, series, difference=f"{definition['year_basis']}。同じ日の比較ではありません。"
    )


def released(study: Study, found: Released) -> Figure:
    """Figure: the share of persons leaving prison with nowhere to go."""
    parent, nation = study.parent, study.nation
    years = [int(year) for year in found.shares.index]
    rest = f"{parent.name_ja}を除く{nation.name_ja}"
    last = found.changes.iloc[-1]
    jumped = last["p_holm"] < 1 - study.parameters.confidence
    way = "上がった" if last["points"] > 0 else "下がった"
    title = f"最後の年に大きく{way}" if jumped else "年によって上下している"
    note = f"注：最後の年の{parent.name_ja}の値は、前の年からの動きが目立って大きい値です（本文参照）。"
    shown = pd.DataFrame(
        {
            f"{parent.name_ja} 出所人員": found.counts[parent.key]["released"],
            f"{parent.name_ja} 帰住先がない者": found.counts[parent.key]["without_home"],
            f"{parent.name_ja} 割合": found.shares[parent.key],
            f"{nation.name_ja} 割合": found.shares[nation.key],
            f"{rest} 割合": found.shares["rest"],
        }
    )
    shown.index = pd.Index([year_label(year) for year in years], name="年")
    caption = Caption(
        id="context-released",
        title=f"{{{{ parent_name }}}}の割合は、{title}",
        subtitle=f"刑務所出所時に帰住先がない者の割合、{parent.name_ja}と{rest}",
        desc=f"{parent.name_ja}の割合の線と区間、{rest}の割合の線。値は下の表にあります。",
        notes=(
            "単位：人、%。",
            *([note] if jumped else []),
            f"{sources.line(study, context_around.released_rows(study))}"
            "縦の線は95%信頼区間（ウィルソン法）。",
        ),
        table=from_frame(
            shown,
            "刑務所を出た人と、帰住先がない者",
            {name: PERCENT if name.endswith("割合") else PERSONS for name in shown.columns},
            id="context-released-table",
        ),
    )
    mine = ShareSeries(
        parent.name_ja,
        "parent",
        years,
        found.shares[parent.key],
        found.shares["low"],
        found.shares["high"],
    )
    other = ShareSeries(rest, "nation", years, found.shares["rest"])
    return share_over_time(
        caption, [mine, other], difference="二つの線の数え方は同じで、重なる人はいません。"
    )


def changes(study: Study, found: Released) -> Table:
    """Table: every change between neighbouring years of the prefecture, tested."""
    shown = found.changes[["points", "low", "high", "p", "p_holm", "rest"]].copy()
    shown.columns = pd.Index(
        ["前の年との差", "区間の下限", "区間の上限", "p値", "補正p値", "除いた残りの差"]
    )
    shown.index = pd.Index([year_label(year) for year in shown.index], name="年")
    points = ["前の年との差", "区間の下限", "区間の上限", "除いた残りの差"]
    return from_frame(
        shown,
        f"{study.parent.name_ja}の帰住先がない者の割合　前の年との差",
        dict.fromkeys(points, POINTS) | dict.fromkeys(["p値", "補正p値"], ("p_value", 3)),
        id="context-released-changes",
        notes=(
            "区間は95%信頼区間（ニューカム法）。補正p値は、年の数についてホルムの方法で補正したもの。",
            f"「除いた残りの差」は、{study.parent.name_ja}を除く{study.nation.name_ja}の差。",
        ),
    )


def special_law(study: Study, table: pd.DataFrame) -> Table:
    """Table: the nation's special-law offences, for reference."""
    shown = table[["persons_arrested", "reoffenders", "share"]].copy()
    shown.columns = pd.Index(["検挙人員", "前歴がある人", "割合"])
    shown.index = pd.Index([year_label(year) for year in shown.index], name="年")
    return from_frame(
        shown,
        f"参考　{study.nation.name_ja}の特別法犯（罪名を問わない前歴）",
        {"検挙人員": PERSONS, "前歴がある人": PERSONS, "割合": PERCENT},
        id="context-special-law",
        notes=(
            "指標とは対象が違うので、並べて高い低いをいうことはできません。",
            "資料：年ごとの出典と、計算で求めた値の別は data/published/national-special-law にあります。",
        ),
    )


def special_law_difference(study: Study) -> Table:
    """Table: the definition of the special-law series beside the indicator's."""
    known = data.definitions(study.folder)
    pairs = {
        f"{study.area.name_ja}の指標": study.select(
            series_id=study.parameters.source_id,
            offence=INDICATOR_OFFENCE,
            measure="reoffenders",
        ),
        f"{study.nation.name_ja}の特別法犯": study.select(series_id="national-special-law"),
    }
    shown = pd.DataFrame(
        {
            name: [known[rows["definition"].iloc[0]][field] for field in FIELDS]
            for name, rows in pairs.items()
        },
        index=pd.Index(list(FIELDS.values()), name="項目"),
    )
    return from_frame(shown, "二つの系列の定義の違い", id="context-special-law-definition")
