"""The council report, page on the plan's focus areas: cannabis, and leaving prison with nowhere to go.

In: what :mod:`~minato_analysis.analyses.cannabis` and its companions computed. Out: figures with their
tables; years and stations are pooled, so that no cell counts few persons.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from minato_analysis.analyses import few, known, sources
from minato_analysis.analyses.cannabis import BESIDE as PRINTED
from minato_analysis.analyses.cannabis import COUNTS, OFFENCE, interval_of
from minato_analysis.analyses.cannabis_breakdown import Stations
from minato_analysis.analyses.cannabis_shown import OFFENCES, beside_sources, offences
from minato_analysis.analyses.council import (
    BESIDE,
    GROUPS_PERIOD,
    INTERVAL,
    TENTHS,
    WHOLE,
    ranges,
    span,
)
from minato_analysis.analyses.series import Counts
from minato_analysis.analyses.trends_shown import year_label
from minato_analysis.data.study import Study
from minato_analysis.figures import (
    Caption,
    Figure,
    Row,
    ShareSeries,
    interval_rows,
    share_over_time,
)
from minato_analysis.numbers.remarks import Remark
from minato_analysis.numbers.tables import FOLDED, from_frame


def record_others(study: Study, other: Counts) -> None:
    """Record the persons of all other offences in the last year, of which the share is quoted.

    Facts: ``council.others.persons|reoffenders``.
    """
    last = study.parameters.last_year
    for name, column in (("persons", "persons_arrested"), ("reoffenders", "reoffenders")):
        study.facts.record(
            f"council.others.{name}",
            other.table.loc[last, column],
            unit="persons",
            digits=0,
            from_=other.of(last),
            formula=f"{column} of the indicator minus those of cannabis, last year",
        )


def cannabis_rows(study: Study, pooled: pd.DataFrame, stations: Stations) -> pd.DataFrame:
    """Return the pooled shares of cannabis, its two groups of stations, and other offences.

    The stations are left out where one of the two groups counts few persons.

    Parameters
    ----------
    study : Study
    pooled : pandas.DataFrame
        Index: ``cannabis``, ``other`` and, where printed, ``violent`` and ``larceny``; counts, ``share``,
        ``low``, ``high``.
    stations : Stations
        Of cannabis; the largest is told apart from all the others.

    Returns
    -------
    pandas.DataFrame
        Index: the row's label. Columns of `pooled`.
    """
    counts = stations.pooled[COUNTS]
    others = counts.drop(stations.largest)
    there = counts.notna().all(axis=None)
    rows = {offences(study)[OFFENCE]: pooled.loc[OFFENCE]}
    if there and not few.any_few([counts.loc[stations.largest], others.sum()]):
        rows |= {
            f"うち{stations.largest}署": interval_of(counts.loc[stations.largest], study),
            f"うちほかの{len(others)}署": interval_of(others.sum(), study),
        }
    rows |= {OFFENCES[name]: pooled.loc[name] for name in ("other", *_beside(pooled))}
    return pd.DataFrame(rows).T


def _beside(pooled: pd.DataFrame) -> list[str]:
    return [name for name in PRINTED if name in pooled.index]


def cannabis_beside(
    study: Study, own: Counts, other: Counts, pooled: pd.DataFrame, stations: Stations
) -> Figure | Remark:
    """Figure: the rows of :func:`cannabis_rows` with their intervals."""
    table = cannabis_rows(study, pooled, stations).dropna(subset="share")
    if len(table) < 2:
        return known.instead("council-cannabis", pd.concat([own.rows, other.rows]))
    if few.any_few(table[COUNTS]):
        return Remark("council-cannabis", (f"{offences(study)[OFFENCE]}{few.NOT_SHOWN}",))
    shown = table[["persons_arrested", "reoffenders", "share"]].copy()
    shown.columns = pd.Index(["検挙人員", "再犯者", "割合"])
    shown[INTERVAL] = ranges(table["low"], table["high"])
    shown.index.name = "罪種"
    place, beside = study.area.name_ja, _beside(pooled)
    apart = _stations(stations) if f"うち{stations.largest}署" in table.index else ""
    caption = Caption(
        id="council-cannabis",
        title=against_others(study),
        subtitle=f"検挙人員に占める再犯者の割合、{place}内の警察署、{GROUPS_PERIOD}の合計",
        alt_title=f"罪種別の再犯者の割合、{place}内の警察署、すべての年の合計",
        desc=(
            "罪種ごとに、割合の点と偶然の幅を一行ずつ並べた図。"
            '大麻は{{ fact("{area}.cannabis.share.pooled") }}、'
            'ほかの罪種は{{ fact("{area}.cannabis.other.share.pooled") }}。大麻は人数が少なく、幅が広い。'
        ),
        notes=(
            f"横の線は偶然の幅。{_parts(beside)}{apart}{beside_sources(study, own, other, pooled)}",
        ),
        table=from_frame(
            shown,
            "罪種別の再犯者の割合（年の合計）",
            {"検挙人員": WHOLE, "再犯者": WHOLE, "割合": TENTHS},
            id="council-cannabis-table",
        ),
        **BESIDE,
    )
    rows = [
        Row(
            str(name),
            float(one["share"]),
            float(one["low"]),
            float(one["high"]),
            int(one["persons_arrested"]),
            strong=name == offences(study)[OFFENCE],
        )
        for name, one in table.iterrows()
    ]
    return interval_rows(caption, rows, sizes=False, padding=1.5)


def _parts(beside: Sequence[str]) -> str:
    """Return which rows are parts of another row, where there are any."""
    names = "と".join(OFFENCES[name] for name in beside)
    return f"{names}は「{OFFENCES['other']}」の一部です。" if names else ""


def _stations(stations: Stations, level: float = 0.05) -> str:
    """Return what can be said of the largest station against all the others."""
    if stations.pooled.loc[stations.largest, "p"] < level:
        return f"{stations.largest}署とほかの署の差は、偶然だけでは起こりにくい大きさです。"
    if pd.isna(stations.pooled.loc[stations.largest, "p"]):
        return "署の間の差は、公表されていない値があるので調べられません。"
    return "署の間に差があるかどうかは、まだ分かりません。"


def against_others(study: Study) -> str:
    """Return whether cannabis is higher than all other offences, over the years, as a title.

    Reads the test notebook 03 recorded: of equal odds in every year (Cochran, Mantel, Haenszel).
    """
    known = f"{study.area.key}.cannabis"
    if study.facts.get(f"{known}.cmh.p").value >= 1 - study.parameters.confidence:
        return "大麻がほかの罪種より高いかは、まだ分からない"
    above = study.facts.get(f"{known}.mh_or").value > 1
    return f"大麻の割合は、年を合わせるとほかの罪種より{'高い' if above else '低い'}"


def nowhere_to_go(study: Study) -> Figure:
    """Figure: the share of persons leaving prison without a place to return to, by year."""
    areas = study.parent, study.nation
    measures = ["released", "released_without_home"]
    rows = study.select(
        series_id=study.parameters.source_id,
        area_code=[one.code for one in areas],
        measure=measures,
    )
    columns = {}
    for one in areas:
        own = rows[rows["area_code"] == one.code]
        counts = known.wide(own, "year")
        columns[f"{one.name_ja}（人）"] = counts["released_without_home"]
        columns[f"{one.name_ja}（%）"] = 100 * counts["released_without_home"] / counts["released"]
    shown = pd.DataFrame(columns)
    years = [int(year) for year in shown.index]
    above, whole = (one.name_ja for one in areas)
    series = [
        ShareSeries(above, "parent", years, shown[f"{above}（%）"]),
        ShareSeries(whole, "nation", years, shown[f"{whole}（%）"]),
    ]
    always = bool((shown[f"{above}（%）"] > shown[f"{whole}（%）"]).all())
    title = (
        "どの年も{{ parent_name }}の割合は{{ nation_name }}より高い"
        if always
        else "帰る場所のない人の割合、{{ parent_name }}と{{ nation_name }}"
    )
    shown.index = pd.Index([year_label(year) for year in years], name="年")
    same = f"数え方は同じです。{above}は{whole}の一部です。"
    caption = Caption(
        id="council-home",
        title=title,
        subtitle=f"刑務所を出た人のうち帰住先がない人の割合、{above}・{whole}",
        alt_title=f"刑務所を出た人のうち帰住先がない人の割合、{above}と{whole}、{span(years)}",
        desc=f"{above}と{whole}の割合の線。{title}。値は表にあります。",
        notes=(f"暦年。{sources.line(study, rows, end='。')}",),
        table=from_frame(
            shown,
            "刑務所を出た時に帰住先がない人",
            {name: WHOLE if "人" in name else TENTHS for name in shown},
            id="council-home-table",
            fold=FOLDED,
        ),
        **BESIDE,
    )
    return share_over_time(caption, series, difference=same, height=46.0)
