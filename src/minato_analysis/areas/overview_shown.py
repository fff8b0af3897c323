"""Figures and tables of the overview, in Japanese: an :class:`OverviewStudy` in, figures and tables out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from minato_analysis.areas.funnel import NAMED_NOTE, Point, funnel, limits, marks
from minato_analysis.areas.overview import FUNNEL, Overview, OverviewStudy, Row
from minato_analysis.areas.records import Verdict
from minato_analysis.areas.sortable import Series, SortableTable, lines_of
from minato_analysis.figures import Caption, Figure, Level
from minato_analysis.figures.axes import share_limits
from minato_analysis.numbers.facts import display
from minato_analysis.numbers.tables import SIGNS, Table

WITHHELD = SIGNS["suppressed"][0]
NOT_APPLICABLE = SIGNS["not_applicable"][0]
SAYS = {
    "against_all": {"higher": "高い", "lower": "低い", "unclear": "どちらとも言えない"},
    "change": {"higher": "上がった", "lower": "下がった", "unclear": "どちらとも言えない"},
    "trend": {"higher": "上がる傾向", "lower": "下がる傾向", "unclear": "どちらとも言えない"},
}
PERIOD = "{{ first_label }}から{{ last_label }}までの計"
SOURCE = "資料：{{ source }}。"


CHANCE = ("目標に届く確率", "見方による最小", "見方による最大")
"""A chance is not given without what the models make of it."""


def _chance(at: int, row: Row) -> str:
    return _maybe(row.chance and row.chance[at], "percent", 0)


COLUMNS: dict[str, Callable[[Row], str]] = {
    "地域": lambda row: row.name,
    "コード": lambda row: row.code,
    "検挙人員（人）": lambda row: _maybe(row.persons, "number", 0, WITHHELD),
    "再犯者の割合": lambda row: _share(row, row.share),
    "95%区間の下限": lambda row: _share(row, row.low),
    "95%区間の上限": lambda row: _share(row, row.high),
    "近づけて読んだ割合": lambda row: _maybe(row.shrunk, "percent", 1),
    "全体と比べて": lambda row: _says("against_all", row.against_all),
    "期間の変化": lambda row: _says("change", row.change),
    "年を追った傾向": lambda row: _says("trend", row.trend),
    "見込みの中央の値": lambda row: _maybe(row.median, "percent", 1),
    **{name: partial(_chance, at) for at, name in enumerate(CHANCE)},
}
"""Header → cell."""

TEXTS = ("地域", "全体と比べて", "期間の変化", "年を追った傾向")
"""Columns that are not numbers."""


def funnel_plot(study: OverviewStudy) -> Figure | None:
    """Figure: the share of every area against its persons, between exact limits; none without areas."""
    points = _points(study)
    if not points:
        return None
    overall = study.overview.run.overall
    inner, outer = (f"outside{1000 * level:.0f}" for level in FUNNEL)
    caption = Caption(
        id="funnel",
        title=(
            "全体と違うといえるのは、"
            '高い方に{{ fact("areas.against_all.higher") }}地域、'
            '低い方に{{ fact("areas.against_all.lower") }}地域'
        ),
        subtitle=f"検挙人員に占める再犯者の割合と検挙人員、地域ごと、{PERIOD}、{{{{ population }}}}",
        alt_title=f"地域ごとの再犯者の割合と検挙人員、{len(points)}地域",
        desc=(
            "横軸は検挙人員（対数目盛）、縦軸は再犯者の割合。点は地域で、全体の割合の横線を囲む限界線は、"
            "人数が多いほど狭くなります。地域ごとの値は下の一覧表にあります。"
        ),
        notes=(
            "単位：%、人。限界線は、どの地域も全体と同じ割合だったときに、二項分布によって値の入る範囲。"
            f'内側が{{{{ fact("areas.{inner}.limit") }}}}、外側が{{{{ fact("areas.{outer}.limit") }}}}。'
            "人数ごとに正確に計算し、隣の人数との間はなめらかにつないだ（スピーゲルホルターの方法）。",
            "注：検挙人員が{{ least_compared }}人未満の地域と、示せない数を含む地域は描いていない。",
            NAMED_NOTE,
            SOURCE,
        ),
    )
    return funnel(
        caption,
        points,
        Level(overall, "全体"),
        levels=FUNNEL,
        limits=lambda persons, level: limits(persons, overall, level),
        axis=share_limits([*(one.value for one in points), overall]),
        across="検挙人員（人、対数目盛）",
        words={
            "higher": "全体より高いといえる地域",
            "lower": "全体より低いといえる地域",
            "unclear": "どちらとも言えない地域",
        },
    )


def listed(study: OverviewStudy, what: str, says: str) -> Table | None:
    """Table: the areas of which the data say something, the clearest first; none where there is none."""
    rows = study.saying(what, says)
    if not rows:
        return None
    word = SAYS[what][says]
    title = {
        "against_all": f"割合が全体より{word}といえる地域",
        "change": f"{{{{ first_label }}}}から{{{{ last_label }}}}までに割合が{word}といえる地域",
    }[what]
    difference = {"against_all": "全体との差", "change": "期間の変化"}[what]
    return Table(
        f"{what.replace('_', '-')}-{says}",
        title,
        ("地域", "検挙人員", "再犯者の割合", "95%区間", difference),
        tuple(_line(row, getattr(row, what)) for row in rows),
        notes=(f"注：割合と検挙人員は{PERIOD}。はっきりしている順。", SOURCE),
    )


def all_areas(study: OverviewStudy) -> SortableTable:
    """Table: all areas, sortable."""
    overview = study.overview
    run, rows = overview.run, overview.rows
    shares = {
        row.code: [_maybe(one, "percent", 1) for one in row.shares] for row in rows if row.shares
    }
    return SortableTable(
        "all-areas",
        f"すべての地域、{PERIOD}",
        _columns(overview),
        TEXTS,
        rows,
        Series(
            "再犯者の割合", range(run.first_year, run.last_year + 1), shares, marks(_points(study))
        ),
        (
            f"「{WITHHELD}」は秘匿したもの、「{NOT_APPLICABLE}」は人数が少なく、比べたり見込みたりしないもの。"
            "見込みは{{ target_label }}のもの。",
            SOURCE,
        ),
    )


def lines(overview: Overview) -> list[tuple[str, ...]]:
    """Return header and cells of all areas as texts, for the CSV beside the page."""
    return lines_of(_columns(overview), overview.rows)


def _columns(overview: Overview) -> dict[str, Callable[[Row], str]]:
    target = overview.run.target is not None
    return {name: cell for name, cell in COLUMNS.items() if target or name not in CHANCE}


def _points(study: OverviewStudy) -> list[Point]:
    """Return the areas that are drawn."""
    return [
        Point(row.code, row.name, row.persons, row.share, row.against_all.says, row.against_all.p)
        for row in study.overview.rows
        if row.against_all and row.persons is not None and row.share is not None
    ]


def _line(row: Row, verdict: Verdict) -> tuple[str, ...]:
    limits = f"{_maybe(row.low, 'percent', 1)}–{_maybe(row.high, 'percent', 1)}"
    persons, share = _maybe(row.persons, "persons", 0), _maybe(row.share, "percent", 1)
    return (row.name, persons, share, limits, display(verdict.points, "points", 1))


def _maybe(value: float | None, unit: str, digits: int, instead: str = NOT_APPLICABLE) -> str:
    return instead if value is None else display(value, unit, digits)


def _share(row: Row, value: float | None) -> str:
    return _maybe(value, "percent", 1, WITHHELD if row.persons is None else NOT_APPLICABLE)


def _says(what: str, verdict: Verdict | None) -> str:
    return SAYS[what][verdict.says] if verdict else NOT_APPLICABLE
