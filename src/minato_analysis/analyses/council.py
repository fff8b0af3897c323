"""The council report, pages on the key messages and on the area: its own figures of known numbers.

In: the study and the series of :mod:`~minato_analysis.analyses.trends`. Out: figures narrow enough to
stand beside their tables, so that a page of the report is one sheet of paper. The other pages are in
``council_terms``, ``council_focus``, ``council_outlook`` and ``council_closing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from minato_analysis.analyses import directions, few, law_changes, sources
from minato_analysis.analyses.series import Counts
from minato_analysis.analyses.trends_shown import (
    NOTE_AREA,
    PERIOD,
    PERSONS,
    ROLES,
    target_level,
    year_label,
)
from minato_analysis.facts import display
from minato_analysis.figures import (
    Caption,
    CountSeries,
    Figure,
    Persons,
    ShareSeries,
    counts_by_group,
    persons_and_share,
    share_over_time,
)
from minato_analysis.figures.changes import between, room_above
from minato_analysis.study import Study
from minato_analysis.tables import FOLDED, PRINTED_ROWS, from_frame

BESIDE: Any = {"width": 290.0, "layout": "beside"}
"""A drawing that leaves room for its table on an A4 page."""

WHOLE, TENTHS = ("number", 0), ("number", 1)
"""Cells whose unit stands in the heading, so that the table fits beside its drawing."""

INTERVAL = "95%信頼区間"
GROUPS_PERIOD = "{{ groups_first_label }}から{{ last_label }}まで"
OFFENCES = {
    "violent": "粗暴犯",
    "larceny": "窃盗犯",
    "other_penal_code": "その他の刑法犯",
    "drugs": "薬物（三つの法律）",
    "intellectual": "知能犯",
    "moral": "風俗犯",
    "felonious": "凶悪犯",
}
"""Offence groups in the order shown; together they are the persons of the indicator."""

TOGETHER = "そのほかの合計"


def key_figure(study: Study, area: Counts) -> Figure:
    """Figure: persons above, share with interval and target below, on one time axis."""
    table = area.table
    years = [int(year) for year in table.index]
    shown = table[["first_time", "reoffenders", "share"]].copy()
    shown.columns = pd.Index(["初犯者（人）", "再犯者（人）", "割合（%）"])
    shown[INTERVAL] = ranges(table["low"], table["high"])
    shown.index = pd.Index([year_label(year) + area.mark(year) for year in years], name="年")
    place, target = study.area.name_ja, target_level(study)
    caption = Caption(
        id="key-figure",
        title=directions.title(table),
        subtitle=f"検挙人員（初犯者と再犯者）と再犯者の割合、{place}内の警察署、{PERIOD}",
        alt_title=f"検挙人員と再犯者の割合、{place}内の警察署、{span(years)}",
        desc=(
            f"上は検挙された人数の棒グラフで、{directions.bars(table)}。下は再犯者の割合で、"
            '{{ first_label }}の{{ fact("{area}.share.{first}") }}から'
            '{{ last_label }}の{{ fact("{area}.share.{last}") }}まで。'
            + ('目標は{{ fact("target.share") }}の横線です。' if target else "")
        ),
        notes=(
            f"単位：人、%。割合は、検挙人員に占める再犯者の割合。縦の線は{INTERVAL}（ウィルソン法）。",
            f"{NOTE_AREA}{sources.line(study, area.rows)}",
            *area.mark_note,
        ),
        table=from_frame(
            shown,
            "検挙人員と再犯者の割合",
            {"初犯者（人）": WHOLE, "再犯者（人）": WHOLE, "割合（%）": TENTHS},
            id="key-figure-table",
            fold=FOLDED,
        ),
        **BESIDE,
    )
    changes = law_changes.lines(study, area.rows)
    # The labels of the law changes take their room from the drawing, not from the sheet.
    room = room_above(between(changes, years)) / 2
    return persons_and_share(
        caption,
        Persons(years, table["first_time"], table["reoffenders"], "初犯者", "再犯者"),
        ShareSeries(place, "area", years, *(table[name] for name in ("share", "low", "high"))),
        headings=("検挙人員（人）", "再犯者の割合（%）"),
        target=target,
        changes=changes,
        heights=(68.0 - room, 62.0 - room),
        years_once=True,
    )


def record_above(study: Study, parent: Counts, nation: Counts) -> None:
    """Record the reoffenders of the prefecture and the nation in the area's last year.

    Facts: ``council.parent.reoffenders``, ``council.nation.reoffenders``. The shares are recorded with
    the trends; a share is never quoted without its persons. A value that is not out yet is not recorded.
    """
    last = study.parameters.last_year
    for name, counts in (("parent", parent), ("nation", nation)):
        if last not in counts.table.index:
            continue
        study.facts.record(
            f"council.{name}.reoffenders",
            counts.table.loc[last, "reoffenders"],
            unit="persons",
            digits=0,
            from_=counts.of(last),
            formula="reoffenders as printed, last year of the area",
        )


def areas(study: Study, area: Counts, parent: Counts, nation: Counts) -> Figure:
    """Figure: the shares of the area, its prefecture and the nation, their difference printed in it."""
    start = study.parameters.first_year
    names = [one.name_ja for one in (study.area, study.parent, study.nation)]
    tables = [one.table.loc[one.table.index >= start] for one in (area, parent, nation)]
    lines = [
        ShareSeries(name, role, [int(year) for year in table.index], table["share"])
        for name, role, table in zip(names, ROLES, tables, strict=True)
    ]
    lines[0] = replace(lines[0], low=area.table["low"], high=area.table["high"])
    shown = pd.DataFrame({f"{names[0]}の再犯者（人）": tables[0]["reoffenders"]})
    shown = shown.join(
        [table["share"].rename(f"{name}（%）") for name, table in zip(names, tables, strict=True)],
        how="outer",
    )
    years = [int(year) for year in shown.index]
    shown.index = pd.Index([year_label(year) for year in years], name="年")
    place, others = names[0], f"{names[1]}と{names[2]}"
    frames = [one.rows for one in (area, parent, nation)]
    laws = law_changes.remark(study, years, *frames)
    difference = (
        f"{place}は刑法犯と薬物三法・成人、{others}は刑法犯・全年齢。高い低いは比べられません。"
    )
    caption = Caption(
        id="council-areas",
        title="対象が違うため、高い低いは比べられない",
        subtitle=f"検挙人員に占める再犯者の割合、{place}・{'・'.join(names[1:])}、{{{{ first_label }}}}から",
        alt_title=f"検挙人員に占める再犯者の割合、三つの地域、{span(years)}",
        desc=f"{place}の割合の線と区間、{others}の割合の線。{difference}値は表にあります。",
        notes=(
            f"単位：人、%。暦年。「…」は数値が得られないもの。縦の線は{INTERVAL}（ウィルソン法）。{laws}"
            f"{sources.line(study, *frames, years=years)}",
        ),
        table=from_frame(
            shown,
            "再犯者の割合（地域により対象が違う）",
            {shown.columns[0]: WHOLE} | dict.fromkeys(shown.columns[1:], TENTHS),
            id="council-areas-table",
            fold=FOLDED,
        ),
        **BESIDE,
    )
    changes = law_changes.lines(study, *frames)
    height = 90.0 - room_above(between(changes, years))
    return share_over_time(caption, lines, difference=difference, changes=changes, height=height)


def offence_groups(study: Study) -> Figure:
    """Figure: persons arrested by offence group and year; groups of few persons are put together."""
    rows = study.select(
        series_id=study.parameters.source_id,
        area_code=study.area.code,
        station="all",
        age_band="all",
        measure="persons_arrested",
        offence=list(OFFENCES),
    )
    # A group printed in two tables (its own and by station) is taken from the first.
    table = pd.DataFrame(
        {
            name: rows[rows["offence"] == key].drop_duplicates("year").set_index("year")["value"]
            for key, name in OFFENCES.items()
        }
    ).sort_index()
    years = [int(year) for year in table.index]
    counts, together = few.pooled(table)
    counts = counts.rename(columns={"": TOGETHER})
    parts = {name: together if name == TOGETHER else [name] for name in counts}
    shown = counts.copy()
    shown.index = pd.Index([year_label(year) for year in years], name="年")
    place = study.area.name_ja
    joined = f"「{TOGETHER}」は、人数の少ない{'、'.join(together)}の合計です。" if together else ""
    caption = Caption(
        id="offence-groups",
        title=largest_groups(table),
        subtitle=f"罪種別の検挙人員、{place}内の警察署、{GROUPS_PERIOD}",
        alt_title=f"罪種別の検挙人員、{place}内の警察署、{span(years)}",
        desc=f"罪種ごとの棒グラフ。{largest_groups(table)}。値は下の表にあります。",
        notes=(
            "単位：人。暦年。対象は指標と同じ。人数の少ない種類は、年による増減が大きくなります。"
            f"{joined}{sources.line(study, rows, years=years)}",
        ),
        table=from_frame(
            shown,
            f"{place}内の警察署の罪種別検挙人員",
            dict.fromkeys(shown.columns, PERSONS),
            id="offence-groups-table",
            fold=FOLDED,
        ),
    )
    keys = {name: key for key, name in OFFENCES.items()}
    series = [
        CountSeries(
            name,
            years,
            counts[name],
            law_changes.lines(
                study, rows[rows["offence"].isin([keys[one] for one in parts[name]])]
            ),
        )
        for name in counts
    ]
    height = 36.0 if len(years) < PRINTED_ROWS else 22.0  # the table below is at its full length
    return counts_by_group(caption, series, height=height, columns=4)


def largest_groups(table: pd.DataFrame) -> str:
    """Return which groups (columns) are largest, as far as that is so in every year (row).

    >>> largest_groups(pd.DataFrame({"甲": [9, 8], "乙": [5, 6], "丙": [1, 2]}))
    'どの年も甲が最も多く、次が乙'
    >>> largest_groups(pd.DataFrame({"甲": [9, 8], "乙": [5, 1], "丙": [1, 2]}))
    'どの年も甲が最も多い'
    >>> largest_groups(pd.DataFrame({"甲": [9, 1], "乙": [5, 6]}))
    '最後の年に最も多いのは乙'
    """
    ranked = [directions.top_two(row) for _, row in table.iterrows()]
    first, second = ranked[-1]
    if second and all(one == ranked[-1] for one in ranked):
        return f"どの年も{first}が最も多く、次が{second}"
    if first and all(one[0] == first for one in ranked):
        return f"どの年も{first}が最も多い"
    return f"最後の年に最も多いのは{first}" if first else directions.NO_LARGEST


def ranges(low: Iterable[float], high: Iterable[float]) -> list[str]:
    """Return intervals as short texts; the unit stands in the heading.

    >>> ranges([43.71], [48.64])
    ['43.7～48.6']
    """
    return [
        f"{display(start, 'number', 1)}～{display(end, 'number', 1)}"
        for start, end in zip(low, high, strict=True)
    ]


def span(years: Sequence[int]) -> str:
    """Return 「…年から…年まで」."""
    return f"{year_label(years[0])}から{year_label(years[-1])}まで"
