"""The council report's own tables and figures; everything else it shows comes from the notebooks before."""

from __future__ import annotations

import pandas as pd

from minato_analysis import data
from minato_analysis.analyses.trends_shown import NOTE_AREA, year_label
from minato_analysis.figures import Caption, CountSeries, Figure, counts_by_group
from minato_analysis.study import Study
from minato_analysis.tables import Table, from_frame

PERIOD = "{{ groups_first_label }}から{{ last_label }}まで"
OFFENCES = {
    "violent": "粗暴犯",
    "larceny": "窃盗犯",
    "intellectual": "知能犯",
    "moral": "風俗犯",
    "felonious": "凶悪犯",
    "other_penal_code": "その他の刑法犯",
    "drugs": "薬物（三つの法律）",
}
"""Offence groups in the order shown."""


def data_years(study: Study) -> Table:
    """Table: which years each source of the report reaches."""
    parts = {
        f"{study.area.name_ja}の検挙人員と再犯者": {
            "area_code": study.area.code,
            "measure": "reoffenders",
            "offence": "penal_code_and_drugs",
        },
        f"{study.area.name_ja}の大麻取締法の検挙人員と再犯者": {
            "area_code": study.area.code,
            "measure": "reoffenders",
            "offence": "cannabis",
        },
        f"{study.parent.name_ja}の刑法犯の再犯者": {
            "area_code": study.parent.code,
            "measure": "reoffenders",
            "offence": "penal_code",
        },
        f"{study.nation.name_ja}の刑法犯の再犯者": {
            "area_code": study.nation.code,
            "measure": "reoffenders",
            "offence": "penal_code",
        },
        "刑務所を出た人と帰住先がない人": {"measure": "released_without_home"},
    }
    lines = []
    for name, where in parts.items():
        rows = study.select(**where)
        years = rows.loc[rows["value"].notna(), "year"]
        lines.append(
            {"数値": name, "最初の年": year_label(years.min()), "最後の年": year_label(years.max())}
        )
    shown = pd.DataFrame(lines).set_index("数値")
    return from_frame(shown, "資料ごとの年の範囲", id="data-years")


def offence_groups(study: Study) -> Figure:
    """Figure: persons arrested by offence group and year."""
    rows = study.select(
        source_id=study.parameters.source_id,
        area_code=study.area.code,
        station="all",
        age_band="all",
        measure="persons_arrested",
        offence=list(OFFENCES),
    )
    # A group printed in two tables (its own and by station) is taken from the one with most groups.
    groups = {name: rows[rows["offence"] == name].drop_duplicates(["year"]) for name in OFFENCES}
    table = pd.DataFrame(
        {OFFENCES[name]: data.series(one, measure="persons_arrested") for name, one in groups.items()}
    )
    years = [int(year) for year in table.index]
    shown = table.copy()
    shown.index = pd.Index([year_label(year) for year in years], name="年")
    place = study.area.name_ja
    caption = Caption(
        id="offence-groups",
        title="最も多いのは粗暴犯、次いで窃盗犯",
        subtitle=f"罪種別の検挙人員、{place}内の警察署、" + PERIOD,
        alt_title=f"罪種別の検挙人員、{place}内の警察署、{year_label(years[0])}から{year_label(years[-1])}まで",
        desc="罪種ごとの棒グラフ。粗暴犯と窃盗犯が多く、ほかの罪種は少ない。値は下の表にあります。",
        notes=("単位：人。", NOTE_AREA, "資料：計画（素案）図表2-4、図表2-6から作成。"),
        table=from_frame(
            shown,
            f"{place}内の警察署の罪種別検挙人員",
            dict.fromkeys(shown.columns, ("persons", 0)),
            id="offence-groups-table",
        ),
    )
    series = [CountSeries(name, years, table[name]) for name in table.columns]
    return counts_by_group(caption, series)
