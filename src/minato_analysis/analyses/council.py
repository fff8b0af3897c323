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
    PERIOD,
    ROLES,
    target_level,
    year_label,
)
from minato_analysis.data.study import Study
from minato_analysis.figures import (
    Caption,
    Figure,
    Persons,
    Scoped,
    ShareSeries,
    Slope,
    persons_and_share,
    share_panels,
    slopes,
)
from minato_analysis.figures.changes import between
from minato_analysis.figures.text import year_lines
from minato_analysis.figures.theme import NARROW
from minato_analysis.numbers.facts import display
from minato_analysis.numbers.tables import FOLDED, from_frame

BESIDE: Any = {"width": NARROW, "layout": "beside"}
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
            f"縦の線は偶然の幅（{INTERVAL}）。20歳以上。刑法犯と薬物の三つの法律。暦年。"
            f"{sources.line(study, area.rows, end='。')}",
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
    return persons_and_share(
        caption,
        Persons(years, table["first_time"], table["reoffenders"], "初犯者", "再犯者"),
        ShareSeries(place, "area", years, *(table[name] for name in ("share", "low", "high"))),
        headings=("検挙人員（人）", "再犯者の割合（%）"),
        target=target,
        changes=changes,
        heights=(46.0, 42.0),
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


def record_sizes(study: Study) -> None:
    """Record the sizes of changes, so that a sentence says 下げた and not △.

    Facts below ``council.size``: ``share.low|high`` (ends of the change's interval), ``again|first_time``
    (what the two counts did to the share), ``share`` (the change itself). And ``council.years``, from the
    first to the last year.
    """
    book, key = study.facts, study.area.key
    first, last = study.parameters.first_year, study.parameters.last_year
    change, parts = f"{key}.change.{first}_{last}", f"{key}.shapley.{first}_{last}"
    for name, id in {
        "share": f"{change}.points",
        "share.low": f"{change}.low",
        "share.high": f"{change}.high",
        "again": f"{parts}.reoffenders",
        "first_time": f"{parts}.first_time",
    }.items():
        fact = book.get(id)
        book.record(
            f"council.size.{name}",
            abs(fact.value),
            unit=fact.unit,
            digits=fact.digits,
            from_=fact,
            formula=f"size of {id}",
        )
    origin = book.get(f"{change}.points")
    how = "last year - first year"
    book.record("council.years", last - first, unit="number", digits=0, from_=origin, formula=how)


def areas(study: Study, area: Counts, parent: Counts, nation: Counts) -> Figure:
    """Figure: the shares of the area, its prefecture and the nation, a panel each with what it counts."""
    start = study.parameters.first_year
    counted = (area, parent, nation)
    names = [one.name_ja for one in (study.area, study.parent, study.nation)]
    tables = [one.table.loc[one.table.index >= start] for one in counted]
    lines = [
        ShareSeries(name, role, [int(year) for year in table.index], table["share"])
        for name, role, table in zip(names, ROLES, tables, strict=True)
    ]
    lines[0] = replace(lines[0], low=area.table["low"], high=area.table["high"])
    shown = pd.DataFrame(
        {name: table["share"] for name, table in zip(names[1:], tables[1:], strict=True)}
    ).T
    years = [int(year) for year in shown.columns]
    shown = shown.set_axis([year_lines(year)[0] for year in years], axis=1).rename_axis("地域")
    place, others = names[0], f"{names[1]}と{names[2]}"
    frames = [one.rows for one in counted]
    scopes = ("刑法犯と薬物の三つの法律、20歳以上", *["刑法犯、全年齢"] * 2)
    caption = Caption(
        id="council-areas",
        title="対象が違うため、高い低いは比べられない",
        subtitle=f"検挙人員に占める再犯者の割合、{place}・{'・'.join(names[1:])}、{{{{ first_label }}}}から",
        alt_title=f"検挙人員に占める再犯者の割合、三つの地域、{span(years)}",
        desc=(
            f"三つの地域を一つずつの枠に描いた折れ線。数え方が違い、高い低いは比べられない。{place}は"
            '{{ first_label }}の{{ fact("{area}.share.{first}") }}から{{ last_label }}の'
            f'{{{{ fact("{{area}}.share.{{last}}") }}}}まで。{others}の値は表にある。'
        ),
        notes=(
            f"縦の線は偶然の幅。{place}の値は{{{{ ref('key-figure-table') }}}}。"
            f"{sources.line(study, *frames, years=years, end='。', per_year=False)}",
        ),
        table=from_frame(
            shown,
            f"{others}の再犯者の割合（%）",
            dict.fromkeys(shown.columns, TENTHS),
            id="council-areas-table",
        ),
    )
    parts = [
        Scoped(line, scope, law_changes.lines(study, rows))
        for line, scope, rows in zip(lines, scopes, frames, strict=True)
    ]
    return share_panels(caption, parts)


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
    shown = counts.T.rename_axis("罪種")
    shown.columns = pd.Index([year_lines(year)[0] for year in years])
    place = study.area.name_ja
    joined = f"「{TOGETHER}」は、人数の少ない{'、'.join(together)}の合計です。" if together else ""
    caption = Caption(
        id="offence-groups",
        title=largest_groups(table),
        subtitle=f"罪種別の検挙人員、{place}内の警察署、{GROUPS_PERIOD}",
        alt_title=f"罪種別の検挙人員、{place}内の警察署、{span(years)}",
        desc=f"最初の年と最後の年を罪種ごとに線で結んだ図。{largest_groups(table)}。間の年は表にある。",
        notes=(
            f"暦年。数え方は指標と同じ。{joined}{sources.line(study, rows, years=years, end='。')}",
        ),
        table=from_frame(
            shown,
            f"{place}内の警察署の罪種別検挙人員（人）",
            dict.fromkeys(shown.columns, WHOLE),
            id="offence-groups-table",
        ),
        **BESIDE,
    )
    keys = {name: key for key, name in OFFENCES.items()}
    touching = {
        name: between(
            law_changes.lines(
                study, rows[rows["offence"].isin([keys[one] for one in parts[name]])]
            ),
            years,
        )
        for name in counts
    }
    slope = [
        Slope(
            name,
            float(counts[name].iloc[0]),
            float(counts[name].iloc[-1]),
            all(one.bridged for one in touching[name]),
        )
        for name in counts
    ]
    return slopes(caption, slope, (years[0], years[-1]), height=150.0)


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
    ['43.7〜48.6']
    """
    return [
        f"{display(start, 'number', 1)}〜{display(end, 'number', 1)}"
        for start, end in zip(low, high, strict=True)
    ]


def span(years: Sequence[int]) -> str:
    """Return 「…年から…年まで」."""
    return f"{year_label(years[0])}から{year_label(years[-1])}まで"
