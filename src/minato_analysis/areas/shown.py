"""Figures and tables of an area's page, in Japanese: an :class:`AreaStudy` in, figures and tables out.

Nothing is shown where the record has nothing: a function then returns none, and the page goes on.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from minato_analysis.areas.records import Record
from minato_analysis.areas.study import AreaStudy, year_label
from minato_analysis.figures import Caption, Fan, Figure, Level, Persons, ShareSeries
from minato_analysis.figures import persons_and_share as draw_persons_and_share
from minato_analysis.figures import projection_fan as draw_projection_fan
from minato_analysis.numbers.facts import display
from minato_analysis.numbers.tables import SIGNS, Table, signs_note

PERIOD = "{{ first_label }}から{{ last_label }}まで"
MISSING = SIGNS["missing"][0]
NOT_APPLICABLE = SIGNS["not_applicable"][0]
PANELS = (74.0, 78.0)
FAN = 96.0
"""Heights of the panels in points: the page is two sheets of paper."""

HEADERS = ("年", "検挙人員", "初犯者", "再犯者", "再犯者の割合", "区間の下限", "区間の上限")


def persons_and_share(study: AreaStudy) -> Figure | Table | None:
    """Figure: persons above, share below; only the sums where single years may not be shown."""
    record = study.record
    if record.yearly is None:
        return _sums(record)
    if not any(record.yearly.persons):
        return None
    yearly = record.yearly
    series, persons = _series(study), np.array(yearly.persons, float)
    again = np.array(yearly.reoffenders, float)
    rows = [
        (year_label(year), *_counts(n, k), *_shares(share, low, high))
        for year, n, k, share, low, high in zip(
            study.years,
            yearly.persons,
            yearly.reoffenders,
            yearly.share,
            yearly.low,
            yearly.high,
            strict=True,
        )
    ]
    caption = Caption(
        apart=False,
        id="persons-and-share",
        title=f"{PERIOD}の検挙人員と再犯者の割合",
        subtitle="検挙人員（初犯者・再犯者）と再犯者の割合、{{ area_name }}、{{ population }}",
        alt_title=f"検挙人員と再犯者の割合、{record.name}、{_span(study)}",
        desc=(
            "上の図は検挙された人数の棒グラフ、下の図は再犯者の割合と95%信頼区間。"
            "年ごとの値は、図のあとの表にあります。"
        ),
        notes=(
            "単位：人、%。縦の線は95%信頼区間（クロッパー・ピアソン法）。暦年。",
            "資料：{{ source }}。",
        ),
        table=_table("persons-and-share-table", "年ごとの検挙人員と再犯者の割合", HEADERS, rows),
    )
    return draw_persons_and_share(
        caption,
        Persons(study.years, persons - again, again, "初犯者", "再犯者"),
        series,
        headings=("検挙人員（人）", "再犯者の割合（%）"),
        target=_target(record),
        heights=PANELS,
        years_once=True,
        span=record.run.span,
    )


def projection(study: AreaStudy) -> Figure | None:
    """Figure: observed shares, then median and bands of the projection to the target year."""
    record, ahead = study.record, study.record.ahead
    if ahead is None:
        return None
    rows = [
        (year_label(year), *(display(value, "percent", 1) for value in values))
        for year, *values in zip(
            ahead.years,
            ahead.median,
            ahead.low80,
            ahead.high80,
            ahead.low95,
            ahead.high95,
            strict=True,
        )
    ]
    headers = ("年", "中央の値", "80%の下限", "80%の上限", "95%の下限", "95%の上限")
    caption = Caption(
        apart=False,
        id="projection",
        title=(
            "同じ動き方が続けば、{{ target_label }}は"
            '{{ fact("{area}.ahead.low95") }}から{{ fact("{area}.ahead.high95") }}'
        ),
        subtitle=(
            "検挙人員に占める再犯者の割合、{{ area_name }}、"
            "{{ last_label }}までの値と{{ target_label }}までの見込み"
        ),
        alt_title=f"再犯者の割合の値と見込み、{record.name}、{year_label(ahead.years[-1])}まで",
        desc=(
            "公表された値と区間の右に、見込みの中央の値と二つの帯。帯は年とともに広がります。"
            "値は、図のあとの表にあります。"
        ),
        notes=(
            "単位：%。値の縦の線は95%信頼区間。帯は、公表される値が入る範囲。",
            '注：検挙人員は{{ last_label }}と同じ{{ fact("{area}.persons.{last}") }}が続くとした。',
            "資料：{{ source }}。",
        ),
        table=_table("projection-table", "公表される割合の見込み", headers, rows),
    )
    return draw_projection_fan(
        caption,
        _series(study),
        Fan(
            ahead.years,
            ahead.median,
            ahead.low80,
            ahead.high80,
            ahead.low95,
            ahead.high95,
            "見込みの中央の値",
            "80%の範囲",
            "95%の範囲",
        ),
        target=_target(record),
        height=FAN,
        span=record.run.span,
    )


def _sums(record: Record) -> Table | None:
    """Table: all years together."""
    pooled = record.pooled
    if pooled is None:
        return None
    period = f"{year_label(record.run.first_year)}から{year_label(record.run.last_year)}までの計"
    row = (
        period,
        *_counts(pooled.persons, pooled.reoffenders),
        *_shares(pooled.share, pooled.low, pooled.high),
    )
    title = "検挙人員と再犯者の割合（すべての年の計）"
    return _table("sums", title, ("期間", *HEADERS[1:]), [row], "資料：{{ source }}。")


def _table(
    id: str, caption: str, headers: Iterable[str], rows: list[tuple[str, ...]], *notes: str
) -> Table:
    signs = signs_note(rows)
    return Table(
        id, caption, tuple(headers), tuple(rows), notes=(*notes, *([signs] if signs else []))
    )


def _counts(persons: int, reoffenders: int) -> tuple[str, ...]:
    counts = persons, persons - reoffenders, reoffenders
    return tuple(display(count, "persons", 0) for count in counts)


def _shares(*values: float | None) -> tuple[str, ...]:
    return tuple(
        NOT_APPLICABLE if value is None else display(value, "percent", 1) for value in values
    )


def _series(study: AreaStudy) -> ShareSeries:
    yearly = study.record.yearly
    if yearly is None:
        raise ValueError(f"{study.record.code}: no single years in the record")
    share, low, high = (
        np.array(values, float) for values in (yearly.share, yearly.low, yearly.high)
    )
    return ShareSeries(study.record.name, "area", study.years, share, low, high)


def _target(record: Record) -> Level | None:
    return None if record.run.target is None else Level(record.run.target, "目標")


def _span(study: AreaStudy) -> str:
    return f"{year_label(study.years[0])}から{year_label(study.years[-1])}まで"
