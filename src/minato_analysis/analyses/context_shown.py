"""Notebook 06: the figures and tables of :mod:`minato_analysis.analyses.context`, in Japanese."""

from __future__ import annotations

import pandas as pd

from minato_analysis.analyses import context, directions, known, law_changes, sources
from minato_analysis.analyses.context import Stations
from minato_analysis.analyses.trends_shown import NOTE_AREA, PERCENT, PERSONS, POINTS, year_label
from minato_analysis.data.study import Study
from minato_analysis.figures import (
    Caption,
    CountSeries,
    Figure,
    Row,
    ShareSeries,
    counts_by_group,
    interval_rows,
    share_over_time,
)
from minato_analysis.figures.labels import Level
from minato_analysis.numbers.remarks import Remark
from minato_analysis.numbers.tables import Table, from_frame

GROUPS = {
    "felonious": "凶悪犯",
    "violent": "粗暴犯",
    "larceny": "窃盗犯",
    "intellectual": "知能犯",
    "moral": "風俗犯",
    "other_penal_code": "その他の刑法犯",
    "stimulants": "覚醒剤取締法",
    "cannabis": "大麻取締法",
    "narcotics": "麻薬等取締法",
}
PERIOD = "{{ groups_first_label }}から{{ last_label }}まで"
BY_STATION = "注：検挙した警察署。署の受け持ちの広さや人出は違い、住所では数えていません。"


def groups(study: Study, table: pd.DataFrame) -> Figure:
    """Figure: persons arrested by offence group and year."""
    years = [int(year) for year in table.columns]
    names = GROUPS | {"cannabis": law_changes.cannabis_name(study)}
    shown = table.rename(index=names)
    shown.loc["計"] = known.total(shown)
    shown.columns = pd.Index([year_label(year) for year in years])
    shown.index.name = "罪種"
    rows = {str(name): context.rows_of(study, str(name)) for name in table.index}
    place = study.area.name_ja
    first, second = directions.top_two(table[years[-1]].rename(index=GROUPS))
    largest = f"最も多いのは{first}、次いで{second}" if second else f"最も多いのは{first}"
    caption = Caption(
        id="context-groups",
        title=f"{{{{ last_label }}}}に{largest}" if first else directions.NO_LARGEST,
        subtitle=f"罪種別の検挙人員、{place}内の警察署、{PERIOD}",
        alt_title=f"罪種別の検挙人員、{place}内の警察署、{year_label(years[0])}から",
        desc=(
            "罪種ごとの年の棒グラフを、同じ目盛りで並べた図。"
            f"{largest if first else directions.NO_LARGEST}。値は下の表にあります。"
        ),
        notes=(
            "単位：人。",
            NOTE_AREA,
            sources.line(
                study, *(one.drop_duplicates("year") for one in rows.values()), years=years
            ),
            *law_changes.notes(study, years, *rows.values()),
        ),
        table=from_frame(
            shown,
            f"{place}内の警察署の罪種別検挙人員",
            dict.fromkeys(shown.columns, PERSONS),
            id="context-groups-table",
        ),
    )
    return counts_by_group(
        caption,
        [
            CountSeries(names[name], years, table.loc[name], law_changes.lines(study, own))
            for name, own in rows.items()
        ],
    )


def stations(study: Study, found: Stations) -> Figure | Remark:
    """Figure: each station's share with its interval, all years together."""
    name, place = GROUPS[found.offence], study.area.name_ja
    pooled = found.pooled
    whole = 100 * found.whole["reoffenders"] / found.whole["persons_arrested"]
    ordered = pooled.dropna(subset="share")
    if ordered.empty:
        return known.instead(f"context-stations-{found.offence}", found.rows)
    ordered = ordered.sort_values("persons_arrested", ascending=False, kind="stable")
    table = ordered[["persons_arrested", "reoffenders", "share", "low", "high"]].copy()
    table.columns = pd.Index(["検挙人員", "再犯者", "割合", "区間の下限", "区間の上限"])
    table.index.name = "警察署"
    caption = Caption(
        id=f"context-stations-{found.offence}",
        title=f"{name}の再犯者の割合と、その不確かさ",
        subtitle=f"{name}の検挙人員に占める再犯者の割合、{place}内の警察署、{PERIOD}の合計",
        alt_title=f"{name}の検挙人員に占める再犯者の割合、{place}内の警察署",
        desc=(
            f"警察署を{name}の検挙人員の多い順に並べ、再犯者の割合を点、区間を横線で示した図。"
            "縦の点線は全署の割合。値は下の表にあります。"
        ),
        notes=(
            "単位：人、%。",
            BY_STATION,
            f"{sources.line(study, found.rows)}横の線は95%信頼区間（ウィルソン法）。",
        ),
        table=from_frame(
            table,
            f"{name}の検挙人員に占める再犯者の割合（年の合計）",
            dict.fromkeys(["検挙人員", "再犯者"], PERSONS)
            | dict.fromkeys(["割合", "区間の下限", "区間の上限"], PERCENT),
            id=f"context-stations-{found.offence}-table",
        ),
    )
    largest = pooled["persons_arrested"].idxmax()
    rows = [
        Row(
            str(station),
            float(row["share"]),
            float(row["low"]),
            float(row["high"]),
            int(row["persons_arrested"]),
            strong=station == largest,
        )
        for station, row in ordered.iterrows()
    ]
    return interval_rows(
        caption, rows, reference=None if pd.isna(whole) else Level(float(whole), "全署")
    )


def against_others(found: Stations) -> Table:
    """Table: each station against all the others, all years together and in the last year alone."""
    shown = pd.DataFrame(
        {
            "差（年の合計）": found.pooled["points"],
            "区間の下限": found.pooled["points_low"],
            "区間の上限": found.pooled["points_high"],
            "補正p値": found.pooled["p_holm"],
            "補正p値（最後の年）": found.last["p_holm"],
        }
    )
    shown.index.name = "警察署"
    formats = dict.fromkeys(["差（年の合計）", "区間の下限", "区間の上限"], POINTS)
    formats |= dict.fromkeys(["補正p値", "補正p値（最後の年）"], ("p_value", 3))
    return from_frame(
        shown,
        f"{GROUPS[found.offence]}　ほかの署の合計との差",
        formats,
        id=f"context-others-{found.offence}",
        notes=(
            "差は、その署の割合からほかの署の合計の割合を引いた値。"
            "p値はフィッシャーの正確検定を、署の数についてホルムの方法で補正したもの。",
        ),
    )


def cells(study: Study, found: Stations) -> Table:
    """Table: persons and reoffenders by station and year, as printed."""
    shown = known.pairs(found.rows, found.cells).loc[found.pooled.index]
    shown.columns = pd.Index([year_label(year) for year in shown.columns])
    shown.index.name = "警察署"
    return from_frame(
        shown,
        f"{GROUPS[found.offence]}の検挙人員と再犯者（署と年ごと）",
        id=f"context-cells-{found.offence}",
        notes=(f"単位：人。( )内は再犯者。{sources.line(study, found.rows, end='。')}",),
    )


def ages(study: Study, table: pd.DataFrame) -> Figure:
    """Figure: the share of the youngest age band among persons arrested under the cannabis law."""
    years = [int(year) for year in table.index]
    rows = context.rows_of(study, "cannabis")
    law = law_changes.cannabis_name(study)
    shown = table.copy()
    shown.columns = pd.Index(
        ["最も若い層", "全年齢層", "最も若い層の割合", "区間の下限", "区間の上限"]
    )
    shown.index = pd.Index([year_label(year) for year in years], name="年")
    place = study.area.name_ja
    caption = Caption(
        id="context-ages",
        title="最も若い層の割合は、人数が少なく区間が広い",
        subtitle=f"{law}による検挙人員に占める最も若い年齢層の割合、{place}内の警察署、{PERIOD}",
        alt_title=f"{law}による検挙人員に占める最も若い年齢層の割合、{place}内の警察署",
        desc="年ごとの割合の線と区間。値は下の表にあります。",
        notes=(
            "単位：人、%。",
            "注：再犯者の割合ではなく、検挙された人の年齢の割合です。最も若い層の年齢は本文にあります。",
            f"{sources.line(study, rows[rows['age_band'] != 'all'])}縦の線は95%信頼区間（ウィルソン法）。",
            *law_changes.notes(study, years, rows),
        ),
        table=from_frame(
            shown,
            f"{law}による検挙人員に占める最も若い年齢層",
            dict.fromkeys(["最も若い層", "全年齢層"], PERSONS)
            | dict.fromkeys(["最も若い層の割合", "区間の下限", "区間の上限"], PERCENT),
            id="context-ages-table",
        ),
    )
    series = ShareSeries(place, "area", years, table["share"], table["low"], table["high"])
    changes = law_changes.lines(study, rows)
    return share_over_time(caption, [series], changes=changes)
