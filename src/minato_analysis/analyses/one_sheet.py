"""The sheet to hand out: persons and share by year, narrow enough to stand beside another figure."""

from __future__ import annotations

from minato_analysis.analyses import directions, law_changes, sources
from minato_analysis.analyses.chances import HALF
from minato_analysis.analyses.council import span
from minato_analysis.analyses.series import Counts
from minato_analysis.analyses.trends_shown import target_level
from minato_analysis.data.study import Study
from minato_analysis.figures import Caption, Figure, Persons, ShareSeries, persons_and_share


def persons_and_their_share(study: Study, area: Counts) -> Figure:
    """Figure: persons above, share with intervals and target below."""
    table = area.table
    years = [int(year) for year in table.index]
    place, target = study.area.name_ja, target_level(study)
    caption = Caption(
        id="sheet-figure",
        title=directions.title(table),
        subtitle=f"検挙人員と再犯者の割合、{place}内の警察署、20歳以上",
        alt_title=f"検挙人員と再犯者の割合、{place}内の警察署、{span(years)}",
        desc=(
            f"上は検挙された人数の棒グラフで、{directions.bars(table)}。下は再犯者の割合で、"
            '{{ first_label }}の{{ fact("{area}.share.{first}") }}から'
            '{{ last_label }}の{{ fact("{area}.share.{last}") }}まで。'
        ),
        notes=(f"縦の線は偶然の幅。{sources.line(study, area.rows, end='。')}",),
        cut="",
        **HALF,
    )
    return persons_and_share(
        caption,
        Persons(years, table["first_time"], table["reoffenders"], "初犯", "再犯"),
        ShareSeries("割合", "area", years, *(table[name] for name in ("share", "low", "high"))),
        headings=("検挙人員（人）", "再犯者の割合（%、縦軸は途中から）"),
        target=target,
        changes=law_changes.lines(study, area.rows),
        heights=(56.0, 44.0),
        years_once=True,
    )
