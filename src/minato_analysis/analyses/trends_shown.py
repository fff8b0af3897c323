"""Notebook 02: the figures and tables of :mod:`minato_analysis.analyses.trends`, in Japanese."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pandas as pd

from minato_analysis.analyses import directions, goals, law_changes, series, sources
from minato_analysis.analyses.series import Counts
from minato_analysis.cleaning.years import Year, format_year
from minato_analysis.data.study import Study
from minato_analysis.figures import (
    Caption,
    Figure,
    Level,
    Persons,
    ShareSeries,
    share_over_time,
)
from minato_analysis.figures import (
    persons_and_share as draw_persons_and_share,
)
from minato_analysis.numbers.tables import Table, from_frame

GROUPS = {
    "violent": "粗暴犯",
    "larceny": "窃盗犯",
    "cannabis": "大麻取締法",
    "rest": "その他すべて",
}
NOTE_AREA = (
    "注：{{ area_unit }}内の警察署が検挙した20歳以上の人"
    "（刑法犯、覚醒剤取締法、麻薬等取締法、{{ cannabis_law }}）。暦年。"
)
PERIOD = "{{ first_label }}から{{ last_label }}まで"
ROLES: tuple[Literal["area", "parent", "nation"], ...] = ("area", "parent", "nation")
PERSONS = ("persons", 0)
PERCENT = ("percent", 1)
POINTS = ("points", 1)
P_VALUE = ("p_value", 3)


def year_label(year: int) -> str:
    """Return 「令和4(2022)年」."""
    return format_year(Year(int(year), "calendar"))


def target_level(study: Study) -> Level | None:
    """Return the target's reference line; none where the plan's target is not among the data."""
    target = goals.asked(study, series.indicator(study))
    return None if target is None else Level(target.tenths / 10, "目標")


def persons_and_share(study: Study, area: Counts) -> Figure:
    """Figure: persons above, share below, on one time axis."""
    table = area.table
    years = [int(year) for year in table.index]
    shown = table[["persons_arrested", "first_time", "reoffenders", "share", "low", "high"]].copy()
    shown.columns = pd.Index(
        ["検挙人員", "初犯者", "再犯者", "再犯者の割合", "区間の下限", "区間の上限"]
    )
    shown.index = pd.Index([year_label(year) + area.mark(year) for year in years], name="年")
    place = study.area.name_ja
    caption = Caption(
        id="persons-and-share",
        title=directions.title(table),
        subtitle=f"検挙人員（初犯者・再犯者）と再犯者の割合、{place}内の警察署、{PERIOD}",
        alt_title=f"検挙人員と再犯者の割合、{place}内の警察署、{_span(years)}",
        desc=(
            f"上の図は検挙された人数の棒グラフで、{directions.bars(table)}。下の図は再犯者の割合で、"
            '{{ first_label }}の{{ fact("{area}.share.{first}") }}から'
            '{{ last_label }}の{{ fact("{area}.share.{last}") }}まで、'
            + (
                "区間が互いに重なっています。"
                if directions.overlap(table)
                else "区間の重ならない年があります。"
            )
        ),
        notes=(
            "単位：人、%。",
            NOTE_AREA,
            f"{sources.line(study, area.rows)}縦の線は95%信頼区間（ウィルソン法）。",
            *law_changes.notes(study, years, area.rows),
            *area.mark_note,
        ),
        table=from_frame(
            shown,
            f"{place}内の警察署の検挙人員と再犯者の割合",
            dict.fromkeys(["検挙人員", "初犯者", "再犯者"], PERSONS)
            | dict.fromkeys(["再犯者の割合", "区間の下限", "区間の上限"], PERCENT),
            id="persons-and-share-table",
        ),
    )
    return draw_persons_and_share(
        caption,
        Persons(years, table["first_time"], table["reoffenders"], "初犯者", "再犯者"),
        ShareSeries(place, "area", years, table["share"], table["low"], table["high"]),
        headings=("検挙人員（人）", "再犯者の割合（%）"),
        target=target_level(study),
        changes=law_changes.lines(study, area.rows),
    )


def three_areas(study: Study, area: Counts, parent: Counts, nation: Counts) -> Figure:
    """Figure: the three shares over time, their differing definitions printed in it."""
    start = study.parameters.first_year
    table = {
        one.name_ja: counts.table.loc[counts.table.index >= start]
        for one, counts in ((study.area, area), (study.parent, parent), (study.nation, nation))
    }
    mine, above, whole = (
        ShareSeries(name, role, [int(year) for year in rows.index], rows["share"])
        for (name, rows), role in zip(table.items(), ROLES, strict=True)
    )
    mine = replace(mine, low=area.table["low"], high=area.table["high"])
    columns = {name: rows["share"] for name, rows in table.items()}
    shown = pd.DataFrame(columns).sort_index()
    years = [int(year) for year in shown.index]
    shown.index = pd.Index([year_label(year) for year in years], name="年")
    place = study.area.name_ja
    others = f"{study.parent.name_ja}と{study.nation.name_ja}"
    frames = [counts.rows for counts in (area, parent, nation)]
    difference = (
        f"{place}は刑法犯と薬物の三つの法律・20歳以上、{others}は刑法犯・全年齢。"
        "高い低いは比べられません"
    )
    caption = Caption(
        id="three-areas",
        title="三つの地域の割合は、対象が違うので高低を比べられない",
        subtitle=(
            f"検挙人員に占める再犯者の割合、{place}・{study.parent.name_ja}・{study.nation.name_ja}、"
            "{{ first_label }}から"
        ),
        alt_title=f"検挙人員に占める再犯者の割合、三つの地域、{_span(years)}",
        desc=(
            f"{place}の割合の線と区間、{study.parent.name_ja}と{study.nation.name_ja}の割合の線。"
            f"{difference}。値は下の表にあります。"
        ),
        notes=(
            "単位：%。",
            f"注：{difference}。",
            sources.line(study, *frames, years=years, end="。"),
            *law_changes.notes(study, years, *frames),
        ),
        table=from_frame(
            shown,
            "検挙人員に占める再犯者の割合（地域により対象が違う）",
            dict.fromkeys(shown.columns, PERCENT),
            id="three-areas-table",
        ),
    )
    return share_over_time(
        caption,
        [mine, above, whole],
        difference=f"{difference}。",
        changes=law_changes.lines(study, *frames),
    )


def kitagawa(study: Study, groups: pd.DataFrame | None) -> Table | None:
    """Table: composition and rate effects by offence group; none where there are no groups."""
    if groups is None:
        return None
    shown = groups.copy()
    shown.columns = pd.Index(
        [
            "検挙人員（初め）",
            "検挙人員（終わり）",
            "割合（初め）",
            "割合（終わり）",
            "構成の変化による分",
            "割合の変化による分",
            "割合の分の下限",
            "割合の分の上限",
        ]
    )
    names = GROUPS | {"cannabis": law_changes.cannabis_name(study)}
    shown.index = pd.Index([names[str(name)] for name in groups.index], name="罪種")
    return from_frame(
        shown,
        "割合の変化の内訳（罪種による）",
        {
            "検挙人員（初め）": PERSONS,
            "検挙人員（終わり）": PERSONS,
            "割合（初め）": PERCENT,
            "割合（終わり）": PERCENT,
            **dict.fromkeys(shown.columns[4:], POINTS),
        },
        id="kitagawa",
    )


def without(study: Study, area: Counts, found: pd.DataFrame) -> Table:
    """Table: the indicator without each offence group and each station."""
    years = sorted({int(year) for year in found.index.get_level_values("year")})
    last = found.xs(years[-1], level="year")
    shown = found["share"].unstack("year").loc[last.index, years]  # noqa: PD010
    shown.columns = pd.Index([year_label(year) for year in years])
    shown["差（最後の年）"], shown["除いた人"] = last["points"], last["persons"]
    names = GROUPS | {"cannabis": law_changes.cannabis_name(study)}
    shown.index = pd.Index([f"{names.get(str(part), part)}を除く" for _, part in shown.index])
    whole = area.table.loc[years, "share"].to_numpy()
    shown = pd.concat([pd.DataFrame([[*whole, 0.0, 0.0]], ["指標"], shown.columns), shown])
    shown.index.name = "除くもの"
    return from_frame(
        shown,
        "一つの罪種、一つの署を除いた再犯者の割合",
        {
            **dict.fromkeys(shown.columns[:-2], PERCENT),
            "差（最後の年）": POINTS,
            "除いた人": PERSONS,
        },
        id="without-one-part",
    )


def _span(years: list[int]) -> str:
    return f"{year_label(years[0])}から{year_label(years[-1])}まで"
