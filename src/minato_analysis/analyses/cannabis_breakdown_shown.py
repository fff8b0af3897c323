"""Notebook 03: the figures and tables of ``cannabis_breakdown``, in Japanese."""

from __future__ import annotations

import numpy as np
import pandas as pd

from minato_analysis.analyses import cannabis_breakdown, known, sources
from minato_analysis.analyses.cannabis_breakdown import Stations
from minato_analysis.analyses.cannabis_shown import (
    P_VALUE,
    PERCENT,
    PERIOD,
    PERSONS,
    POINTS,
    ranges,
)
from minato_analysis.analyses.series import Counts
from minato_analysis.analyses.trends_shown import year_label
from minato_analysis.data.study import Study
from minato_analysis.figures import Caption, Figure, FunnelLimits, Level, Point
from minato_analysis.figures import funnel as draw_funnel
from minato_analysis.figures.text import percent
from minato_analysis.numbers.remarks import Remark
from minato_analysis.numbers.tables import Table, from_frame
from minato_analysis.statistics.shrinkage import funnel_limits

OUTER = 0.998
"""Level of the outer pair of funnel limits, as in Spiegelhalter (2005)."""


def station_cells(study: Study, stations: Stations) -> Table:
    """Table: the printed cells by station and year, persons with reoffenders in brackets."""
    shown = known.pairs(stations.rows, stations.cells).loc[stations.pooled.index]
    shown.columns = pd.Index([year_label(year) for year in shown.columns])
    shown["計"] = [known.pair(row) for _, row in stations.pooled.iterrows()]
    shown.index.name = "警察署"
    return from_frame(
        shown,
        "警察署ごとの大麻による検挙人員（括弧内は再犯者数）",
        id="cannabis-station-cells",
        notes=(f"単位：人。{sources.line(study, stations.rows, end='。')}",),
    )


def station_shares(stations: Stations) -> Table:
    """Table: observed and shrunk shares of the stations, each against all the others."""
    pooled = stations.pooled
    shown = pd.DataFrame(
        {
            "検挙人員": pooled["persons_arrested"],
            "割合": [_percent(value) for value in pooled["share"]],
            "推定": pooled["mean"],
            "推定の区間": ranges(pooled["shrunk_low"], pooled["shrunk_high"]),
            "差": pooled["points"],
            "差の区間": ranges(pooled["low"], pooled["high"], "number"),
            "p値": pooled["p"],
            "p値（補正）": pooled["p_holm"],
        }
    )
    shown.index.name = "警察署"
    return from_frame(
        shown,
        "警察署ごとの再犯者の割合（年の合計）",
        {
            "検挙人員": PERSONS,
            "推定": PERCENT,
            "差": POINTS,
            "p値": P_VALUE,
            "p値（補正）": P_VALUE,
        },
        id="cannabis-station-shares",
        notes=(
            "単位：人、%。差と区間はポイント。",
            "注：推定は、人数の少ない署ほど全体に近づけた値（ベータ二項モデル、格子上の完全ベイズ）と"
            "その95%区間。差は、その署の割合からほかの署の合計の割合を引いた値（ミエッティネン・ヌルミネン法）、"
            "p値はフィッシャーの正確検定、補正は署の数だけ検定したことを見込んだ値（ホルム法）です。",
        ),
    )


def funnel(study: Study, own: Counts, stations: Stations) -> Figure | Remark:
    """Figure: the stations' shares against their persons, between limits of chance."""
    some = stations.pooled[stations.pooled["persons_arrested"] > 0].dropna(subset="share")
    whole = known.total(own.table)
    if some.empty or whole.isna().any():
        return known.instead("cannabis-funnel", pd.concat([own.rows, stations.rows]))
    centre = 100 * whole["reoffenders"] / whole["persons_arrested"]
    over = np.arange(1, int(np.ceil(some["persons_arrested"].max() * 1.1)) + 1)
    confidence = study.parameters.confidence
    inner, outer = (funnel_limits(over, centre / 100, level) for level in (confidence, OUTER))
    shown = some[["persons_arrested", "reoffenders", "share"]].copy()
    at = some["persons_arrested"]
    for level, name in ((confidence, "内側"), (OUTER, "外側")):
        limits = funnel_limits(at, centre / 100, level)
        shown[f"{name}の下限"], shown[f"{name}の上限"] = 100 * limits.low, 100 * limits.high
    shown.columns = pd.Index(["検挙人員", "再犯者", "割合", *shown.columns[3:]])
    shown.index.name = "警察署"
    place = study.area.name_ja
    caption = Caption(
        id="cannabis-funnel",
        title="人数の少ない警察署の割合は、偶然だけでも大きく散らばる",
        subtitle=f"大麻による検挙人員と再犯者の割合、{place}内の警察署、{PERIOD}の合計",
        alt_title=f"大麻による検挙人員と再犯者の割合、{place}内の警察署",
        desc=(
            "横に検挙人員、縦に再犯者の割合をとり、警察署を点で示した図。"
            "全署の割合を中心に、偶然の範囲が左ほど広い漏斗の形に描かれています。"
        ),
        notes=(
            "単位：人、%。",
            "注：範囲は、真の割合がどの署も全署の割合と同じとしたときに、"
            "二項分布で見込まれる範囲です。人数の最も多い署は、中心そのものを引き寄せています。",
            sources.line(study, stations.rows),
        ),
        table=from_frame(
            shown,
            "警察署ごとの割合と偶然の範囲",
            {name: PERSONS if name in ("検挙人員", "再犯者") else PERCENT for name in shown},
            id="cannabis-funnel-table",
        ),
    )
    points = [
        Point(str(name), int(row["persons_arrested"]), float(row["share"]))
        for name, row in some.iterrows()
    ]
    return draw_funnel(
        caption,
        points,
        FunnelLimits(
            over,
            inner_low=100 * inner.low,
            inner_high=100 * inner.high,
            outer_low=100 * outer.low,
            outer_high=100 * outer.high,
            inner_label=f"{100 * confidence:g}%の範囲",
            outer_label=f"{100 * OUTER:g}%の範囲",
        ),
        Level(float(centre), "全署"),
        persons_label="検挙人員（人）",
    )


def ages(study: Study, table: pd.DataFrame) -> Table:
    """Table: persons by age band and year."""
    shown = table.copy()
    years = [year_label(year) for year in shown.columns[:-2]]
    shown.columns = pd.Index([*years, "計", "構成比"])
    shown.index = pd.Index([_age(str(band)) for band in table.index], name="年齢層")
    shown.loc["計"] = known.total(shown)
    return from_frame(
        shown,
        "年齢層別の大麻による検挙人員",
        dict.fromkeys([*years, "計"], PERSONS) | {"構成比": PERCENT},
        id="cannabis-ages",
        notes=(
            f"単位：人、%。{sources.line(study, cannabis_breakdown.age_rows(study), end='。')}"
            "年齢層別の再犯者数は印刷されていません。",
        ),
    )


def _percent(value: float) -> str:
    return "n=0" if np.isnan(value) else percent(value)


def _age(band: str) -> str:
    return f"{band.rstrip('+')}歳以上" if band.endswith("+") else f"{band.replace('-', '〜')}歳"
