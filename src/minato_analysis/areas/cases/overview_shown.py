"""Figures and tables of the overview of counts, in Japanese: the study in, figures and tables out."""

from __future__ import annotations

from collections.abc import Callable

from minato_analysis.areas.cases.records import Area, Overview
from minato_analysis.areas.cases.study import OverviewStudy
from minato_analysis.areas.funnel import NAMED_NOTE, FloatArray, IntArray, Point, funnel, marks
from minato_analysis.areas.overview import FUNNEL
from minato_analysis.areas.records import Verdict
from minato_analysis.areas.sortable import Series, SortableTable, lines_of
from minato_analysis.areas.study import year_label
from minato_analysis.figures import Caption, Figure, Level
from minato_analysis.figures.axes import share_limits
from minato_analysis.numbers.facts import display
from minato_analysis.numbers.tables import SIGNS, Table
from minato_analysis.statistics.counts import Dispersion, ratio_limits

MISSING = SIGNS["missing"][0]
NOT_APPLICABLE = SIGNS["not_applicable"][0]
SOURCE = "資料：{{ source }}。"
UNCLEAR = "どちらとも言えない"
SAYS = {
    "change": {"higher": "増えた", "lower": "減った", "unclear": UNCLEAR},
    "against_all": {"higher": "全体より上", "lower": "全体より下", "unclear": UNCLEAR},
}
TEXTS = ("地域", "期間の変化", "全体の動きと比べて")


def funnel_plot(study: OverviewStudy) -> Figure | None:
    """Figure: the index of every area against its cases, between limits; none without areas."""
    points, run = _points(study), study.overview.run
    if not points:
        return None
    scatter, overall = Dispersion(run.dispersion, run.freedom), run.index[-1]

    def limits(sizes: IntArray, level: float) -> tuple[FloatArray, FloatArray]:
        low, high = ratio_limits(sizes, overall / 100, scatter.reach(level))
        return 100 * low, 100 * high

    inner, outer = (f"outside{1000 * level:.0f}" for level in FUNNEL)
    caption = Caption(
        id="funnel",
        title=(
            "全体と違う動きといえるのは、"
            '上に{{ fact("areas.against_all.higher") }}地域、'
            '下に{{ fact("areas.against_all.lower") }}地域'
        ),
        subtitle=(
            "{{ population }}、地域ごと、{{ first_label }}を百とした{{ last_label }}の指数と、"
            "二つの年の件数の計"
        ),
        alt_title=f"地域ごとの指数と件数、{len(points)}地域",
        desc=(
            "横軸は初めの年と終わりの年の件数の計（対数目盛）、縦軸は終わりの年の指数。点は地域で、全体の指数の横線を囲む"
            "限界線は、件数が多いほど狭くなります。地域ごとの値は下の一覧表にあります。"
        ),
        notes=(
            "単位：指数、件。限界線は、どの地域も全体と同じ動きだったときに、値の入る範囲。"
            f'内側が{{{{ fact("areas.{inner}.limit") }}}}、外側が{{{{ fact("areas.{outer}.limit") }}}}。'
            "件数の散らばりは、一件ずつ別に起きる場合（ポアソン分布）の"
            '{{ fact("areas.dispersion") }}倍とした（スピーゲルホルターの方法）。',
            "注：初めか終わりの年が{{ least_compared }}件未満の地域と、値のない地域は描いていない。",
            NAMED_NOTE,
            SOURCE,
        ),
    )
    return funnel(
        caption,
        points,
        Level(overall, "全体"),
        levels=FUNNEL,
        limits=limits,
        axis=share_limits([*(one.value for one in points), overall], most=float("inf"), unit=""),
        across="初めと終わりの年の件数の計（件、対数目盛）",
        words={
            "higher": "全体より上といえる地域",
            "lower": "全体より下といえる地域",
            "unclear": "どちらとも言えない地域",
        },
        shown=_index,
    )


def listed(study: OverviewStudy, what: str, says: str) -> Table | None:
    """Table: the areas of which the data say something, the clearest first; none where there is none."""
    rows = study.saying(what, says)
    if not rows:
        return None
    word = SAYS[what][says]
    title = {
        "change": f"件数が{word}といえる地域",
        "against_all": f"件数の動きが{word}といえる地域",
    }[what]
    run = study.overview.run
    return Table(
        f"{what.replace('_', '-')}-{says}",
        title,
        ("地域", *_ends(run.first_year, run.last_year), "増減", "増減の95%区間"),
        tuple(
            (row.name, *(_cases(row, at) for at in (0, -1)), _change(row), _range(row))
            for row in rows
        ),
        notes=("注：はっきりしている順。", SOURCE),
    )


def all_areas(study: OverviewStudy) -> SortableTable:
    """Table: all areas, sortable."""
    run, rows = study.overview.run, study.overview.rows
    indices = {row.code: [_index(one) for one in row.index] for row in rows if row.index}
    return SortableTable(
        "all-areas",
        "すべての地域、{{ first_label }}から{{ last_label }}まで",
        _columns(study.overview),
        TEXTS,
        rows,
        Series("指数", range(run.first_year, run.last_year + 1), indices, marks(_points(study))),
        (
            f"「{MISSING}」は資料に値のないもの、「{NOT_APPLICABLE}」は件数が少ないか値がなく、比べないもの。"
            "指数は{{ first_label }}を百とした値、下限と上限は偶然だけでも動く幅（95%区間）。",
            SOURCE,
        ),
    )


def lines(overview: Overview) -> list[tuple[str, ...]]:
    """Return header and cells of all areas as texts, for the CSV beside the page."""
    return lines_of(_columns(overview), overview.rows)


def _columns(overview: Overview) -> dict[str, Callable[[Area], str]]:
    first, last = _ends(overview.run.first_year, overview.run.last_year)
    return {
        "地域": lambda row: row.name,
        "コード": lambda row: row.code,
        first: lambda row: _cases(row, 0),
        last: lambda row: _cases(row, -1),
        "増減": _change,
        "指数": lambda row: _index(row.index[-1] if row.index else None),
        "指数の下限": lambda row: _index(row.change and 100 + row.change.low),
        "指数の上限": lambda row: _index(row.change and 100 + row.change.high),
        "期間の変化": lambda row: _says("change", row.change),
        "全体の動きと比べて": lambda row: _says("against_all", row.against_all),
    }


def _points(study: OverviewStudy) -> list[Point]:
    return [
        Point(row.code, row.name, row.both, row.index[-1], row.against_all.says, row.against_all.p)
        for row in study.overview.rows
        if row.against_all and row.index[-1] is not None
    ]


def _ends(first: int, last: int) -> tuple[str, str]:
    return f"{year_label(first)}（件）", f"{year_label(last)}（件）"


def _cases(row: Area, at: int) -> str:
    count = row.cases[at]
    return MISSING if count is None else display(count, "number", 0)


def _change(row: Area) -> str:
    return display(row.change.points, "percent", 1) if row.change else NOT_APPLICABLE


def _range(row: Area) -> str:
    if not row.change:
        return NOT_APPLICABLE
    return "から".join(display(one, "percent", 1) for one in (row.change.low, row.change.high))


def _index(value: float | None) -> str:
    return NOT_APPLICABLE if value is None else display(value, "number", 1)


def _says(what: str, verdict: Verdict | None) -> str:
    return SAYS[what][verdict.says] if verdict else NOT_APPLICABLE
