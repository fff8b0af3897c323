"""Figure and table of an area's counts, in Japanese: an :class:`AreaStudy` in, a figure out."""

from __future__ import annotations

import numpy as np

from minato_analysis.areas.cases.drawn import counts_and_index
from minato_analysis.areas.cases.study import AreaStudy
from minato_analysis.areas.study import year_label
from minato_analysis.figures import Caption, Figure, ShareSeries
from minato_analysis.numbers.facts import display
from minato_analysis.numbers.tables import SIGNS, Table, signs_note

MISSING = SIGNS["missing"][0]
NOT_APPLICABLE = SIGNS["not_applicable"][0]
HEADERS = ("年", "件数（件）", "指数", "全地域の指数")
WIDTH = 350.0
"""Of the drawing in points: the table stands beside it."""


def counts(study: AreaStudy) -> Figure:
    """Figure: cases above, index with limits and that of all areas below; its table."""
    record, years = study.record, study.years
    run, area = record.run, record.area
    nothing: tuple[None, ...] = (None,) * len(years)
    columns = area.index or nothing, run.index or nothing
    rows = [
        (
            year_label(year),
            MISSING if count is None else display(count, "number", 0),
            *(_index(one, MISSING if count is None else NOT_APPLICABLE) for one in values),
        )
        for year, count, *values in zip(years, area.cases, *columns, strict=True)
    ]
    signs = signs_note(rows)
    notes = ("指数は{{ first_label }}を百とした値。", *([signs] if signs else []))
    period = f"{year_label(years[0])}から{year_label(years[-1])}まで"
    caption = Caption(
        apart=False,
        width=WIDTH,
        layout="beside",
        id="counts",
        title="{{ first_label }}から{{ last_label }}までの件数と指数",
        subtitle="{{ population }}、{{ area_name }}、件数と、{{ first_label }}を百とした指数",
        alt_title=f"件数と指数、{area.name}、{period}",
        desc=(
            "上の図は件数の棒グラフ、下の図は指数と、全地域を合わせた指数。"
            "年ごとの値は、図のあとの表にあります。"
        ),
        notes=(
            "単位：件、指数。縦の線は、初めの年との比が偶然だけでも動く幅（95%区間）。暦年。"
            "指数の縦軸は、どの地域のページでも同じ。"
            "全地域の指数は、年ごとに、その年と初めの年の両方の件数がある地域の合計の比。",
            "資料：{{ source }}。",
        ),
        table=Table("counts-table", "年ごとの件数と指数", HEADERS, tuple(rows), notes=notes),
    )
    return counts_and_index(
        caption,
        years,
        area.cases,
        _series(study),
        headings=("件数（件）", "指数"),
        span=run.span,
    )


def _series(study: AreaStudy) -> list[ShareSeries]:
    run, area, years = study.record.run, study.record.area, study.years
    if not area.index:
        return []
    index = np.array(area.index, float)
    low, high = index.copy(), index.copy()
    if area.change:
        low[-1], high[-1] = 100 + area.change.low, 100 + area.change.high
    own = ShareSeries(area.name, "area", years, index, low, high, shown=_index)
    return [own, ShareSeries("全地域", "parent", years, run.index, shown=_index)]


def _index(value: float | None, instead: str = NOT_APPLICABLE) -> str:
    return instead if value is None else display(value, "number", 1)
