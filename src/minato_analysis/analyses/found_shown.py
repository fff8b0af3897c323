"""The tables of :mod:`minato_analysis.analyses.found`, in Japanese, each value with its kind of source."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from minato_analysis import data
from minato_analysis.analyses import found
from minato_analysis.analyses.trends_shown import PERCENT, PERSONS, year_label
from minato_analysis.data.study import Study
from minato_analysis.numbers.facts import display
from minato_analysis.numbers.tables import Table, from_frame

CASES = ("cases", 0)
INDEX = ("number", 0)
GRADES = {
    "official": "◎ 公式の資料の本文",
    "official, read through a public copy": "○ 公式の表の写し",
    "official series, address not stated": "○ 公式の系列（所在の記載なし）",
    "derived": "△ ほかの値から計算",
}
"""Grade of a line to how its source is shown; any other grade is a page that quotes an official number."""
QUOTED = "△ 報道などの引用"
OFFENCES = {
    "penal_code": "総数",
    "felonious": "凶悪犯",
    "violent": "粗暴犯",
    "burglary": "侵入窃盗",
    "larceny_without_entry": "非侵入窃盗",
    "other_recognised": "その他",
}
PRINTED = {
    "persons_arrested": "検挙人員",
    "reoffenders": "再犯者",
    "reoffenders_least": "少なくとも",
    "reoffenders_most": "多くとも",
    "reoffender_share": "再犯者の割合",
}
"""Measure to heading, of what is printed of the nation's reoffenders elsewhere."""
CATEGORY = {
    "0-29": "29歳以下",
    "30-64": "30~64歳",
    "0-64": "65歳未満",
    "65+": "65歳以上",
    "all": "総数",
}
"""Age band to how the collected series writes it."""
BANDS = {
    "0-29": "29歳以下",
    "30-64": "30〜64歳",
    "0-64": "64歳以下",
    "65+": "65歳以上",
    "all": "総数",
}

CANNABIS, STIMULANTS = "大麻取締法", "覚醒剤取締法"
LADDERS = {
    CANNABIS: ("大麻など", "found-ladder"),
    STIMULANTS: ("覚醒剤", "found-ladder-stimulants"),
}
"""Of a law: what its table is about, and the table's id."""


def recognised(study: Study, table: pd.DataFrame) -> Table:
    """Table: recognised cases of the area by group, and its index beside the prefecture's."""
    shown = table[[*OFFENCES, "index", "parent_index", "higher"]].copy()
    own, parent = f"{study.area.name_ja}の指数", f"{study.parent.name_ja}の指数"
    shown.columns = pd.Index([*OFFENCES.values(), own, parent, "指数が上の区市町村"])
    shown.index = pd.Index([year_label(int(year)) for year in table.index], name="年")
    return from_frame(
        shown,
        f"{study.area.name_ja}で起きた刑法犯の認知件数",
        dict.fromkeys(OFFENCES.values(), CASES)
        | dict.fromkeys([own, parent], INDEX)
        | {"指数が上の区市町村": ("number", 0)},
        id="found-recognised",
        notes=(
            f"単位：件。指数は最初の年を百とした値。「指数が上の区市町村」は、指数が{study.area.name_ja}より高い区市町村の数。",
            "資料：警視庁 区市町村の町丁別、罪種別及び手口別認知件数（公開された写しで読んだ公式の表。"
            "年ごとの所在は data/published/ward-recognised にあります）。",
            "起きた場所で数えた件数で、検挙ではありません。",
        ),
    )


def places(study: Study) -> Table:
    """Table: first and last year and the change in every municipality, the one with most cases first."""
    table, rows = found.places(study), study.select(series_id=found.BY_PLACE)
    first, last = (year_label(int(one)) for one in (rows["year"].min(), rows["year"].max()))
    shown = table[["first", "last", "change", "low", "high"]].copy()
    shown.insert(2, "index", 100 + table["change"])
    shown.columns = pd.Index([first, last, "指数", "増減", "偶然の幅の下限", "偶然の幅の上限"])
    shown.index.name = "区市町村"
    return from_frame(
        shown,
        f"{study.parent.name_ja}の区市町村の認知件数と、その間の増減",
        {first: CASES, last: CASES, "指数": INDEX}
        | dict.fromkeys(shown.columns[3:], ("percent", 1)),
        id="found-places",
        notes=(
            "単位：件、%。指数は初めの年を百とした値。偶然の幅は、一件ずつ別に起きたとした場合の95%区間で、"
            "同じ人や集団による続けての事件があれば、実際はこれより広い。件数の少ないところほど広い。",
            "どちらかの年に件数のない村は載せていない。昼と夜の人口が大きく違うところがあり、"
            "件数の多い少ないは暮らしの安全の順位ではない。",
        ),
    )


def adults(study: Study, table: pd.DataFrame) -> Table:
    """Table: the nation's share of all ages and of adults."""
    shown = table[["all", "share", "low", "high"]].copy()
    shown.columns = pd.Index(["全年齢", "20歳以上（計算）", "下の端", "上の端"])
    shown.index = pd.Index([year_label(int(year)) for year in table.index], name="年")
    return from_frame(
        shown,
        f"{study.nation.name_ja}の刑法犯の再犯者の割合　全年齢と、少年を除いた値",
        dict.fromkeys(shown.columns, PERCENT),
        id="found-adults",
        notes=(
            "△ 少年を除いた値は計算による。両端は、前にも検挙又は補導された少年の割合を大きく動かしたもの。",
        ),
    )


def other_years(study: Study) -> Table:
    """Table: the nation's reoffenders of years outside its series, or between what they must lie."""
    years: dict[str, dict[str, str]] = {}
    for one in found.graded(study, found.BY_AGE):
        if one["category"] == "総数" and one["measure"] in PRINTED:
            value = one["value"]
            shown_value = value if value.endswith("%") else display(float(value), *PERSONS)
            years.setdefault(one["year"], {})[PRINTED[one["measure"]]] = shown_value
            years[one["year"]]["資料の種類"] = _grade(one["grade"])
    shown = pd.DataFrame.from_dict(years, orient="index").fillna("…")
    shown = shown.reindex(columns=[*PRINTED.values(), "資料の種類"])
    shown.index = pd.Index([year_label(int(year)) for year in years], name="年")
    return from_frame(
        shown,
        f"{study.nation.name_ja}の刑法犯の再犯者　ほかの資料にある年の値",
        id="found-other-years",
        notes=(
            "「少なくとも」と「多くとも」は、印刷された増減率や割合から求めた両端。",
            "△ の値は、見込みや判定には使っていません。値ごとの出典は data/published にあります。",
        ),
    )


def ladder(study: Study, law: str = CANNABIS) -> Table:
    """Table: a drug law and records, from the narrowest definition to the widest."""
    definitions = data.definitions(study.folder)
    kinds = {
        name: definitions[name]["title"]
        for name in ("same-law-under-20", "same-law-all-ages", "same-law-adults")
    } | {"prosecuted-with-conviction": definitions["prosecuted-with-conviction"]["title"]}
    rows = [
        (kinds[one["kind"]], one)
        for kind in kinds
        for one in found.graded(study, found.SAME_LAW)
        if one["kind"] == kind and one["category"] == law and "share" in one["measure"]
    ]
    rows += [
        (definitions["special-law-any-prior"]["title"], one | {"area": study.nation.name_ja})
        for one in found.graded(study, "national-special-law")
        if one["measure"] == "reoffender_share" and law == CANNABIS
    ]
    rows += [
        (definitions["reoffender-not-stated"]["title"], one)
        for one in found.graded(study, "drug-reoffenders-elsewhere")
        if one["category"] == law and one["measure"] == "reoffender_share"
    ]
    shown = pd.DataFrame(
        [
            (
                title,
                one["area"],
                _when(one),
                one["value"],
                _grade(one["grade"]),
            )
            for title, one in rows
        ],
        columns=["数え方", "地域", "年", "割合", "資料の種類"],
    ).set_index("数え方")
    return from_frame(
        shown,
        f"数え方の違う、{LADDERS[law][0]}の再犯者の割合（狭い数え方から順に）",
        id=LADDERS[law][1],
        notes=(
            "数え方がそれぞれ違うので、互いに、また区の割合と、並べて高い低いをいうことはできません。",
            "△ は、公式の資料そのものではない値です。値ごとの出典は data/published にあります。",
        ),
    )


def age_mix(study: Study, table: pd.DataFrame) -> Table:
    """Table: the ages of persons arrested under the cannabis law, the area and the rest of the nation."""
    rest = f"{study.area.name_ja}を除く{study.nation.name_ja}"
    shown = table[["area", "area_share", "nation", "nation_share"]].copy()
    shown.columns = pd.Index(
        [f"{study.area.name_ja}（人）", study.area.name_ja, f"{rest}（人）", rest]
    )
    shown.index = pd.Index(
        [
            f"{one[:-1]}歳以上" if one.endswith("+") else f"{one.replace('-', '〜')}歳"
            for one in table.index
        ],
        name="年齢層",
    )
    return from_frame(
        shown,
        "大麻の検挙人員の年齢の内訳（どちらも同じ年齢層、年の合計）",
        {name: PERSONS if name.endswith("（人）") else PERCENT for name in shown.columns},
        id="found-age-mix",
        notes=(
            "資料：図表3-3と、警察庁の統計の写し（○ 公式の表の写し）。"
            f"{study.nation.name_ja}は、同じ年齢層だけを合わせました。",
        ),
    )


def two_year_return(study: Study, table: pd.DataFrame) -> Table:
    """Table: back in prison within two years, as far as it is printed elsewhere."""
    quoted = {
        (int(one["year"]), one["category"])
        for one in found.graded(study, found.RETURN)
        if _grade(one["grade"]) == QUOTED
    }
    bands = {name: label for name, label in BANDS.items() if name in table}
    shown = pd.DataFrame(
        {
            label: [
                "…"
                if pd.isna(value)
                else ("△ " if (year, CATEGORY[name]) in quoted else "") + display(value, *PERCENT)
                for year, value in table[name].items()
            ]
            for name, label in bands.items()
        },
        index=pd.Index([year_label(int(year)) for year in table.index], name="出所の年"),
    )
    return from_frame(
        shown,
        f"刑務所を出た人の再入率（{study.nation.name_ja}。図表3-9の一部）",
        id="found-two-year-return",
        notes=(
            "「…」は、調べた資料に印刷された値が見つからなかったもの、△ は報道などの引用によるもの。",
            "図表3-9の数値は印刷されていません。値ごとの出典は data/published/two-year-return にあります。",
        ),
    )


def _when(one: Mapping[str, str]) -> str:
    """Return the year of a line; of one for several years, which of them it is."""
    if one["year"]:
        return year_label(int(one["year"]))
    end = "最低" if one["measure"].endswith("_least") else "最高"
    return f"{one['note'].partition(',')[0]}の{end}"


def _grade(grade: str) -> str:
    return GRADES.get(grade, QUOTED)
