"""Invented figures of every kind for the tests, ordinary and difficult ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from minato_analysis import figures as f
from minato_analysis.figures.theme import NARROW

YEARS = (2017, 2018, 2019, 2020, 2021, 2022)
SHARES = np.array([46.2, 46.4, 46.5, 44.0, 49.2, 49.0])
LIMITS = f.FunnelLimits(
    np.arange(5, 101),
    50 - 90 / np.sqrt(np.arange(5, 101)),
    50 + 90 / np.sqrt(np.arange(5, 101)),
    50 - 110 / np.sqrt(np.arange(5, 101)),
    50 + 110 / np.sqrt(np.arange(5, 101)),
    "95%の範囲",
    "99.8%の範囲",
)
TARGET = f.Level(46.2, "目標（令和11年度）")
REFERENCE = '{{ fact("area.share.2022") }}'


def caption(id: str, **words: Any) -> f.Caption:
    return f.Caption(
        id=id,
        title=f"割合は{REFERENCE}",
        subtitle="検挙人員に占める再犯者の割合",
        desc=f"最新は{REFERENCE}です。",
        notes=(f"注 {REFERENCE}",),
        **words,
    )


def area(shares=SHARES, years=YEARS, spread=2.5, label="甲市") -> f.ShareSeries:
    values = np.asarray(shares, float)
    return f.ShareSeries(
        label, "area", years, values, np.maximum(values - spread, 0), values + spread
    )


def shares(id: str) -> f.Figure:
    parent = f.ShareSeries("乙県（刑法犯・全年齢）", "parent", YEARS, SHARES + 1)
    nation = f.ShareSeries("全国（刑法犯・全年齢）", "nation", (*YEARS, 2023), np.full(7, 48.5))
    return f.share_over_time(
        caption(id), [area(), parent, nation], target=TARGET, difference="定義が異なります。" * 8
    )


def one_line(id: str) -> f.Figure:
    return f.share_over_time(caption(id), [area()], target=f.Level(49.0, "目標"))


def crowded(id: str) -> f.Figure:
    same = [
        area([49.1] * 6),
        f.ShareSeries("乙", "parent", YEARS, [49.0] * 6),
        f.ShareSeries("丙", "nation", YEARS, [49.05] * 6),
    ]
    return f.share_over_time(caption(id), same, target=TARGET, difference="定義は同じです。")


def small_town(id: str) -> f.Figure:
    series = area([3.0, float("nan"), 5.0], YEARS[:3], spread=9.0)
    return f.share_over_time(caption(id), [series], target=f.Level(2.0, "目標"))


def persons(id: str, years=YEARS, scale: int = 1) -> f.Figure:
    first = scale * (900 - 60 * (np.arange(len(years)) % 7))
    again = scale * (700 - 40 * (np.arange(len(years)) % 5))
    return f.persons_and_share(
        caption(id),
        f.Persons(years, first, again, "初犯者", "再犯者"),
        area(100 * again / (first + again), years),
        target=TARGET,
        headings=("検挙人員（人）", "再犯者の割合（%）"),
        note="ひげは95%信頼区間。",
    )


def fan(id: str, horizon: int = 7) -> f.Figure:
    wide = np.sqrt(np.arange(1, horizon + 1))
    middle = np.full(horizon, 48.8)
    years = range(2023, 2023 + horizon)
    bands = (middle - 2 * wide, middle + 2 * wide, middle - 3 * wide, middle + 3 * wide)
    projection = f.Fan(years, middle, *bands, "見込みの中央", "8割が入る範囲", "95%が入る範囲")
    return f.projection_fan(caption(id), area(), projection, target=TARGET)


def rows(id: str) -> f.Figure:
    return f.interval_rows(
        caption(id),
        [
            f.Row("大麻取締法", 52.5, 46.4, 58.4, 263, strong=True),
            f.Row("上記以外（凶悪犯、知能犯、風俗犯、その他の刑法犯）", 47.0, 45.0, 49.0, 234567),
            f.Row("全員", 100.0, 70.0, 100.0, 9),
            f.Row("なし", float("nan"), float("nan"), float("nan"), 0),
        ],
        reference=f.Level(97.0, "5年間の全体"),
        note="5年間の合計。",
    )


def counts(id: str, years=YEARS, scale: int = 1) -> f.Figure:
    names = ("凶悪犯", "粗暴犯", "窃盗犯", "その他の刑法犯")
    falling = scale * (480 - 30 * (np.arange(len(years)) % 6))
    return f.counts_by_group(
        caption(id),
        [f.CountSeries(name, years, falling // (at + 1)) for at, name in enumerate(names)],
        note="単位：人。",
    )


def dots(id: str, shift: float = 0.0) -> f.Figure:
    quantiles = np.linspace(42.0, 55.0, 20) + shift
    return f.quantile_dots(
        caption(id),
        quantiles,
        TARGET,
        met=quantiles < 46.25,
        met_label="公表値が目標以下になる場合：{total}回中{count}回",
        missed_label="目標に届かない場合：{total}回中{count}回",
    )


def funnel(id: str) -> f.Figure:
    near = [
        ("東警察署", 40, 52.0),
        ("西警察署", 41, 52.5),
        ("南警察署", 39, 51.0),
        ("北", 40, 50.0),
    ]
    return f.funnel(
        caption(id),
        [f.Point(*one) for one in (*near, ("湾岸警察署", 98, 55.0), ("山", 6, 30.0))],
        LIMITS,
        f.Level(50.0, "計"),
        persons_label="検挙人員（人）",
    )


def hundreds(id: str) -> f.Figure:
    known = f.Hundred("再犯者率　← 過去を振り返る", ("● 経歴がある　49人", "○ 初めて　51人"), 49)
    unknown = f.Hundred("再犯率　→ その後を追う", ("○ 人数は分からない",))
    return f.hundreds(caption(id), [known, unknown])


def outcomes(id: str) -> f.Figure:
    rows = [f.Outcomes("まとめると", 9, 20, "20回に9回", strong=True)]
    rows += [
        f.Outcomes("ある見方で、名前がとても長いもの" * 2, met, 20, f"20回に{met}回")
        for met in (0, 20)
    ]
    return f.outcome_rows(caption(id, width=NARROW), rows)


def dates(id: str) -> f.Figure:
    points = [
        f.Milestone(year, f"令和{year - 2018}({year})年　{label}", come=year < 2027)
        for year, label in (
            (2022, "最新の値"),
            (2026, "この版"),
            (2029, "目標の年"),
            (2030, "分かる"),
        )
    ]
    return f.milestones(caption(id), points)


def sloping(id: str) -> f.Figure:
    rows = [
        f.Slope(f"罪種{n}", float(first), float(last), joined=n != 2)
        for n, (first, last) in enumerate(((479, 321), (335, 254), (60, 47), (42, 35)))
    ]
    return f.slopes(caption(id, width=NARROW), rows, (2018, 2022))


def apart(id: str) -> f.Figure:
    parent = f.ShareSeries("乙県", "parent", YEARS, SHARES + 1)
    nation = f.ShareSeries("全国", "nation", (*YEARS, 2023), np.full(7, 48.5))
    change = f.LawChange(2023, "2023年7月 甲の改正", bridged=False)
    scopes = ("刑法犯と薬物の三つの法律、20歳以上", "刑法犯、全年齢", "刑法犯、全年齢")
    parts = [
        f.Scoped(one, scope, (change,))
        for one, scope in zip((area(), parent, nation), scopes, strict=True)
    ]
    return f.share_panels(caption(id), parts)


def changed(id: str, kind: str) -> f.Figure:
    """Figures that a change of law runs through, near each other, at the edge, in a narrow drawing."""
    near = (
        f.LawChange(2023, "2023年7月 甲の改正", bridged=False),
        f.LawChange(2024, "2024年12月 乙法の改正"),
        f.LawChange(2012, "2012年4月 よその改正"),
    )
    words = caption(id, width=290.0, layout="beside") if kind != "wide" else caption(id)
    if kind == "persons":
        years, again = range(2019, 2025), np.array([730, 705, 634, 481, 499, 516])
        return f.persons_and_share(
            words,
            f.Persons(years, again + 90, again, "初犯者", "再犯者"),
            area(years=years),
            target=f.Level(46.2, "目標"),
            headings=("検挙人員（人）", "再犯者の割合（%）"),
            changes=near,
            heights=(68.0, 62.0),
            years_once=True,
        )
    if kind == "edge":
        late = (
            f.LawChange(2021, "2021年7月 甲乙丙丁法の改正"),
            f.LawChange(2022, "2022年12月 甲乙丙法の改正"),
        )
        return f.share_over_time(words, [area()], changes=late)
    if kind == "counts":
        years = range(2019, 2025)
        groups = [
            f.CountSeries(name, years, [480, 1450, 420, 390, 360, 30], near[at:])
            for at, name in enumerate(("凶悪犯", "粗暴犯", "窃盗犯"))
        ]
        return f.counts_by_group(caption(id), groups, note="単位：人。")
    if kind == "shares":
        nation = f.ShareSeries("全国", "nation", (*YEARS, 2023), np.full(7, 48.5))
        return f.share_over_time(
            words, [area(), nation], difference="定義が異なります。", changes=near, height=96.0
        )
    wide, years = np.sqrt(np.arange(1, 8)), range(2023, 2030)
    bands = (48.8 - 2 * wide, 48.8 + 2 * wide, 48.8 - 3 * wide, 48.8 + 3 * wide)
    projection = f.Fan(years, np.full(7, 48.8), *bands, "中央", "内側の帯", "外側の帯")
    return f.projection_fan(
        words, area(), projection, target=f.Level(46.2, "目標"), changes=near, height=104.0
    )


def beside(id: str, kind: str) -> f.Figure:
    """The narrow drawings that stand beside their tables."""
    narrow = caption(id, width=290.0, layout="beside")
    again = np.array([730, 705, 634, 481, 499, 516])
    first = np.array([851, 816, 728, 611, 515, 537])
    if kind == "persons":
        return f.persons_and_share(
            narrow,
            f.Persons(YEARS, first, again, "初犯者", "再犯者"),
            area(),
            target=f.Level(46.2, "目標"),
            headings=("検挙人員（人）", "再犯者の割合（%）"),
            heights=(68.0, 62.0),
            years_once=True,
        )
    rows = [
        f.Row("大麻取締法", 52.5, 46.4, 58.4, 263, strong=True),
        f.Row("うちほかの5署", 48.8, 40.4, 57.4, 129),
        f.Row("大麻以外のすべて", 46.7, 45.4, 48.0, 5779),
    ]
    return f.interval_rows(narrow, rows, sizes=False, padding=6.5)


def every() -> list[f.Figure]:
    """Return one figure of every kind and the difficult ones."""
    long = tuple(range(2004, 2024))
    return [
        shares("shares"),
        one_line("one-line"),
        crowded("crowded"),
        small_town("small-town"),
        persons("persons"),
        persons("persons-long", long, scale=37),
        fan("fan"),
        fan("fan-last-year", horizon=1),
        rows("rows"),
        counts("counts"),
        counts("counts-long", long, scale=400),
        counts("counts-none", scale=0),
        dots("dots"),
        dots("dots-all-missed", shift=9.0),
        dots("dots-all-met", shift=-15.0),
        funnel("funnel"),
        hundreds("hundreds"),
        outcomes("outcomes"),
        dates("dates"),
        sloping("sloping"),
        apart("apart"),
        beside("beside-persons", "persons"),
        beside("beside-rows", "rows"),
        changed("changed-wide", "wide"),
        changed("changed-narrow", "narrow"),
        changed("changed-shares", "shares"),
        changed("changed-persons", "persons"),
        changed("changed-edge", "edge"),
        changed("changed-counts", "counts"),
    ]
