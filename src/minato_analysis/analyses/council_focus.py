"""The council report, page on the plan's focus areas: cannabis, and leaving prison with nowhere to go.

In: what :mod:`~minato_analysis.analyses.cannabis` and its companions computed. Out: figures and tables
in which no cell counts fewer than :data:`SMALLEST` persons: years, stations and ages are pooled.
"""

from __future__ import annotations

import pandas as pd

from minato_analysis.analyses.cannabis import OFFENCE
from minato_analysis.analyses.cannabis_breakdown import Stations
from minato_analysis.analyses.cannabis_shown import OFFENCES, PERCENT, PERSONS, ranges
from minato_analysis.analyses.council import BESIDE, GROUPS_PERIOD, INTERVAL, span
from minato_analysis.analyses.trends_shown import year_label
from minato_analysis.figures import (
    Caption,
    Figure,
    Row,
    ShareSeries,
    interval_rows,
    share_over_time,
)
from minato_analysis.study import Study
from minato_analysis.tables import Table, from_frame

SMALLEST = 10
"""A cell with fewer persons, but not none, is pooled with its neighbours."""


def cannabis_beside(study: Study, pooled: pd.DataFrame) -> Figure:
    """Figure: the pooled shares of cannabis, of all else, and of two other offences, row by row."""
    order = ["cannabis", "other", "violent", "larceny"]
    table = pooled.loc[order]
    shown = table[["persons_arrested", "reoffenders", "share"]].copy()
    shown.columns = pd.Index(["検挙人員", "再犯者", "割合"])
    shown[INTERVAL] = ranges(table["low"], table["high"])
    shown.index = pd.Index([OFFENCES[name] for name in order], name="罪種")
    place = study.area.name_ja
    title = (
        "大麻の区間は長く、ほかの罪種と重なる"
        if overlaps(table)
        else "大麻の割合は、ほかの罪種と離れている"
    )
    caption = Caption(
        id="council-cannabis",
        title=title,
        subtitle=f"検挙人員に占める再犯者の割合、{place}内の警察署、{GROUPS_PERIOD}の合計",
        alt_title=f"罪種別の再犯者の割合、{place}内の警察署、すべての年の合計",
        desc="罪種ごとに、割合の点と区間を一行ずつ並べた図。大麻は人数が少ないので区間が長くなっています。",
        notes=(
            f"単位：人、%。nは検挙人員、横の線は{INTERVAL}（ウィルソン法）。粗暴犯と窃盗犯は「大麻以外のすべて」の一部です。",
            "注：成人に限ることが注にあるのは指標だけです。資料：計画（素案）図表2-10、図表3-2、図表3-4、図表3-5から作成。",
        ),
        table=from_frame(
            shown,
            "罪種別の再犯者の割合（年の合計）",
            {"検挙人員": PERSONS, "再犯者": PERSONS, "割合": PERCENT},
            id="council-cannabis-table",
        ),
        **BESIDE,
    )
    rows = [
        Row(
            OFFENCES[str(name)],
            float(one["share"]),
            float(one["low"]),
            float(one["high"]),
            int(one["persons_arrested"]),
            strong=name == OFFENCE,
        )
        for name, one in table.iterrows()
    ]
    return interval_rows(caption, rows)


def overlaps(table: pd.DataFrame) -> bool:
    """Return whether the interval of cannabis shares a value with that of any other row."""
    one, rest = table.loc[OFFENCE], table.drop(OFFENCE)
    return bool(((rest["low"] <= one["high"]) & (rest["high"] >= one["low"])).any())


def cannabis_parts(stations: Stations, ages: pd.DataFrame) -> Table:
    """Table: the largest station and all the others, and the ages, all years pooled.

    Parameters
    ----------
    stations : Stations
    ages : pandas.DataFrame
        Index: age band, ascending; column ``pooled``.
    """
    pooled = stations.pooled[["persons_arrested", "reoffenders"]]
    largest = pooled.loc[stations.largest]
    others = pooled.drop(stations.largest)
    parts = {
        f"{stations.largest}署": largest,
        f"ほかの{len(others)}署": others.sum(),
    }
    rows = [
        ("警察署", name, one["persons_arrested"], one["reoffenders"]) for name, one in parts.items()
    ]
    bands = pool_ages(ages["pooled"])
    rows += [("年齢", name, persons, float("nan")) for name, persons in bands.items()]
    shown = pd.DataFrame(rows, columns=["区分", "内訳", "検挙人員", "再犯者"]).set_index("内訳")
    shown["構成比"] = 100 * shown["検挙人員"] / shown.groupby("区分")["検挙人員"].transform("sum")
    shown["再犯者の割合"] = 100 * shown["再犯者"] / shown["検挙人員"]
    return from_frame(
        shown[["区分", "検挙人員", "構成比", "再犯者", "再犯者の割合"]],
        "大麻による検挙人員の内訳（{{ groups_first_label }}から{{ last_label }}までの合計）",
        {"検挙人員": PERSONS, "構成比": PERCENT, "再犯者": PERSONS, "再犯者の割合": PERCENT},
        id="council-cannabis-parts",
        notes=(
            "単位：人、%。「…」は数値が得られないもの（年齢別の再犯者数は印刷されていません）。"
            "人数の少ない署と年齢はまとめました。資料：計画（素案）図表3-2、図表3-3から作成。",
        ),
    )


def pool_ages(persons: pd.Series) -> pd.Series:
    """Return age bands, the oldest of which are pooled until no cell is small.

    >>> pool_ages(pd.Series({"20-29": 156, "30-39": 65, "40-49": 33, "50-59": 9, "60+": 0})).to_dict()
    {'20～29歳': 156, '30～39歳': 65, '40歳以上': 42}
    """
    bands = list(persons.index)
    # A band is kept while it and all that is older are large enough.
    large = [
        one >= SMALLEST and persons.iloc[at:].sum() - one >= SMALLEST
        for at, one in enumerate(persons)
    ]
    keep = large.index(False) if False in large else len(bands) - 1
    labels = [f"{band.replace('-', '～')}歳" for band in bands[:keep]]
    oldest = f"{bands[keep].split('-')[0].rstrip('+')}歳以上"
    return pd.Series([*persons.iloc[:keep], persons.iloc[keep:].sum()], index=[*labels, oldest])


def nowhere_to_go(study: Study) -> Figure:
    """Figure: the share of persons leaving prison without a place to return to, by year."""
    areas = study.parent, study.nation
    measures = ["released", "released_without_home"]
    rows = study.select(
        source_id=study.parameters.source_id,
        area_code=[one.code for one in areas],
        measure=measures,
    )
    columns = {}
    for one in areas:
        own = rows[rows["area_code"] == one.code]
        counts = own.pivot_table(index="year", columns="measure", values="value").astype(float)
        columns[f"{one.name_ja}の人数"] = counts["released_without_home"]
        columns[f"{one.name_ja}の割合"] = 100 * counts["released_without_home"] / counts["released"]
    shown = pd.DataFrame(columns)
    years = [int(year) for year in shown.index]
    above, whole = (one.name_ja for one in areas)
    series = [
        ShareSeries(name, role, years, shown[f"{name}の割合"])
        for name, role in ((above, "parent"), (whole, "nation"))
    ]
    always = bool((shown[f"{above}の割合"] > shown[f"{whole}の割合"]).all())
    title = (
        f"どの年も{above}の割合は{whole}より高い"
        if always
        else f"帰る場所のない人の割合、{above}と{whole}"
    )
    shown.index = pd.Index([year_label(year) for year in years], name="年")
    same = f"{above}と{whole}の定義は同じです。{above}は{whole}の一部です。"
    caption = Caption(
        id="council-home",
        title=title,
        subtitle=f"刑務所を出た人のうち帰住先がない人の割合、{above}・{whole}",
        alt_title=f"刑務所を出た人のうち帰住先がない人の割合、{above}と{whole}、{span(years)}",
        desc=f"{above}と{whole}の割合の線。{title}。値は表にあります。",
        notes=("単位：人、%。暦年。資料：計画（素案）図表3-8から作成。",),
        table=from_frame(
            shown,
            "刑務所を出た時に帰住先がない人",
            {name: PERSONS if name.endswith("人数") else PERCENT for name in shown},
            id="council-home-table",
        ),
        **BESIDE,
    )
    return share_over_time(caption, series, difference=same, height=105.0)
