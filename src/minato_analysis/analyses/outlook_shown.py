"""Notebook 04: the figures and tables of the outlook, in Japanese.

In: what :mod:`~minato_analysis.analyses.outlook` and its companions computed. Out: figures and tables.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from minato_analysis.analyses import law_changes, sources
from minato_analysis.analyses.outlook import DEFAULT, Base, Projection, twentieths
from minato_analysis.analyses.outlook_backtest import SCORES, Backtests
from minato_analysis.cleaning.years import Year, format_year
from minato_analysis.data.study import Study
from minato_analysis.figures import (
    Caption,
    Fan,
    Figure,
    Level,
    Row,
    ShareSeries,
    interval_rows,
    projection_fan,
    quantile_dots,
)
from minato_analysis.numbers.facts import display
from minato_analysis.numbers.tables import Format, Table, from_frame

NUMBERS = {
    "mean": "平均",
    "median": "中央の値",
    "low80": "80%の下限",
    "high80": "80%の上限",
    "low95": "95%の下限",
    "high95": "95%の上限",
    "p_target": "目標に届く確率",
}
SPREAD = (
    '（見方により{{ fact("projection.{target}.members.p_target.low") }}から'
    '{{ fact("projection.{target}.members.p_target.high") }}）'
)
"""Stands beside the chance of the target wherever it is quoted; the build holds it to that."""
SCORE_NAMES = {
    "crps": "CRPS",
    "wis": "WIS",
    "coverage80": "80%区間",
    "coverage95": "95%区間",
}
PERSONS = ("persons", 0)
PERCENT = ("percent", 1)
NOTE_AREA = (
    "注：{{ area_name }}内の警察署が検挙した20歳以上の人"
    "（刑法犯、覚醒剤取締法、麻薬等取締法、{{ cannabis_law }}）。暦年。"
)
NOTE_PERSONS = (
    '注：見込む年の検挙人員は、{{ last_label }}と同じ{{ fact("{area}.persons.{last}") }}とした。'
)


def fan(study: Study, base: Base, projected: Projection) -> Figure:
    """Figure: observed shares, then median and bands to the target year."""
    years = [int(year) for year in projected.years.index]
    table, ahead, place = base.area.table, projected.years, study.area.name_ja
    shown = ahead.rename(columns=NUMBERS).drop(columns="平均")
    shown.index = pd.Index([year_label(year) for year in years], name="年")
    caption = Caption(
        id="projection-fan",
        title=(
            '{{ target_label }}の見込みは{{ fact("projection.{target}.pool.low95") }}から'
            '{{ fact("projection.{target}.pool.high95") }}、目標に届く確率は'
            f'{{{{ fact("projection.{{target}}.pool.p_target") }}}}{SPREAD}'
        ),
        subtitle=(
            f"検挙人員に占める再犯者の割合、{place}内の警察署、"
            "{{ last_label }}までの値と{{ target_label }}までの見込み（見込みのまとめ）"
        ),
        alt_title=f"再犯者の割合の値と見込み、{place}内の警察署、{year_label(years[-1])}まで",
        desc=(
            "{{ last_label }}までの値と区間の右に、見込みの中央の値と二つの帯。帯は年とともに広がり、"
            '{{ target_label }}には中央の値{{ fact("projection.{target}.pool.median") }}、'
            '95%の範囲が{{ fact("projection.{target}.pool.low95") }}から'
            '{{ fact("projection.{target}.pool.high95") }}。目標は{{ fact("target.share") }}の横線。'
        ),
        notes=(
            "単位：%。値の縦の線は95%信頼区間（ウィルソン法）。見込みの帯は、公表される値が入る範囲。",
            NOTE_AREA,
            NOTE_PERSONS,
            source(study, base),
            *law_changes.notes(study, [*table.index, *years], base.area.rows),
        ),
        table=from_frame(
            shown,
            "公表される割合の見込み（見込みのまとめ）",
            {**dict.fromkeys(shown.columns, PERCENT), "目標に届く確率": chance},
            id="projection-fan-table",
        ),
    )
    return projection_fan(
        caption,
        ShareSeries(
            place,
            "area",
            [int(y) for y in table.index],
            table["share"],
            table["low"],
            table["high"],
        ),
        Fan(
            years,
            ahead["median"],
            ahead["low80"],
            ahead["high80"],
            ahead["low95"],
            ahead["high95"],
            "見込みの中央の値",
            "80%の範囲",
            "95%の範囲",
        ),
        target=_target(base),
        changes=law_changes.lines(study, base.area.rows),
    )


def dots(study: Study, base: Base, projected: Projection) -> Figure:
    """Figure: equally likely values of the target year as dots."""
    total, met = len(projected.met), int(projected.met.sum())
    place = study.area.name_ja
    caption = Caption(
        id="projection-dots",
        title=(
            '目標に届くのは、{{ fact("projection.{target}.pool.dots.total") }}回中'
            '{{ fact("projection.{target}.pool.dots.met") }}回程度'
            '（見方により{{ fact("projection.{target}.members.dots.low") }}回から'
            '{{ fact("projection.{target}.members.dots.high") }}回）'
        ),
        subtitle=f"{{{{ target_label }}}}に公表される割合の見込み、{place}内の警察署、見込みのまとめ",
        alt_title=f"{year_label(study.parameters.target_year)}の割合の見込み、同じ確からしさの点{total}個",
        desc=(
            "同じ確からしさの値を一つずつ点で示した図。目標の線から左の塗った点が"
            '{{ fact("projection.{target}.pool.dots.met") }}個、右の白い点が残り。見方により、左の点は'
            '{{ fact("projection.{target}.members.dots.low") }}個から'
            '{{ fact("projection.{target}.members.dots.high") }}個。'
        ),
        alt_desc=(
            f"点{total}個のうち、目標の線から左の塗った点が{met}個、右の白い点が{total - met}個。"
            f"見方により、左の点は{least(projected)}個から{most(projected)}個。"
        ),
        notes=(
            "単位：%。一つの点は、同じように起こり得る結果の一つ。",
            NOTE_AREA,
            NOTE_PERSONS,
            source(study, base),
        ),
    )
    return quantile_dots(
        caption,
        projected.dots,
        _target(base),
        met=projected.met,
        met_label="届く {count}個",
        missed_label="届かない {count}個",
        note=f"見方により、届くのは{least(projected)}個から{most(projected)}個",
    )


def changed(study: Study, table: pd.DataFrame, projected: Projection) -> list[str]:
    """Return in words what each row of the sensitivity changed."""
    usual = vars(projected.settings)
    first, last = (year_label(study.years[end]) for end in (0, -1))
    nation = {
        "until": f"{last}まで",
        "counts": "人数のある年だけ",
        "recent": f"{first}より後",
        "none": "使わない",
    }
    return [
        f"{usual[kind]:g} → {value}" if kind in usual else nation.get(value) or _years(value)
        for kind, value in zip(table["change"], table["value"], strict=True)
    ]


def _years(value: str) -> str:
    return "、".join(year_label(int(one)) for one in value.split())


def coverage(study: Study, base: Base, found: Backtests) -> Figure:
    """Figure: how often the 80 % intervals of past projections held."""
    names = model_names(study)
    kinds = _kinds(study)
    rows = []
    tested = found.scores.drop(index="ward", level="data")  # too few forecasts for a part
    for (kind, model), part in tested.groupby(level=["data", "model"], sort=False):
        by_step = part.droplevel(["data", "model"])
        each = by_step["coverage80"].drop(index=0)
        rows.append(
            Row(
                f"{kinds[kind]}・{names[model]}",
                float(by_step.loc[0, "coverage80"]),
                float(each.min()),
                float(each.max()),
                int(by_step.loc[0, "forecasts"]),
                strong=model in (DEFAULT, "level", "damped"),
            )
        )
    regions = f"{study.parent.name_ja}と{study.nation.name_ja}"
    caption = Caption(
        id="backtest-coverage",
        title=(
            "過去に当てはめると、見込みのまとめの80%の範囲に実際の値の"
            '{{ fact("backtest.levels.pool.coverage80") }}が入った'
            "（{{ parent_name }}、{{ area_name }}の規模）"
        ),
        subtitle=f"実際の値が見込みの80%の範囲に入った割合、{regions}の系列",
        alt_title=f"実際の値が見込みの80%区間に入った割合、{regions}の系列",
        desc="モデルごとに、実際の値が見込みの80%の範囲に入った割合を点で、何年先かによる最小と最大を線で示した図。",
        alt_desc="; ".join(f"{row.label}: {row.share:.0f}%" for row in rows),
        notes=(
            "単位：%。点は全部の見込み、横線は何年先の見込みかによる最小から最大まで。nは見込みの数（互いに独立ではない）。",
            f"注：{regions}の刑法犯・全年齢の系列による。{study.area.name_ja}の指標とは対象が違う。"
            f"つないだ{study.parent.name_ja}も{study.area.name_ja}の規模にした。",
            source_regions(study, base),
        ),
    )
    return interval_rows(caption, rows, reference=Level(80.0, "目安"))


def backtests(study: Study, found: Backtests) -> Table:
    """Table: average scores by data and model, held against the smallest of each kind."""
    names = model_names(study)
    whole = found.scores.xs(0, level="step")
    shown = _scores(whole)
    against = found.against.loc[whole.index]
    shown["最小との差"] = [
        "最小" if row.crps == 0 else f"{row.crps:.2f}（±{row.se:.2f}）"
        for row in against.itertuples()
    ]
    shown.insert(0, "見方", [names[model] for _, model in whole.index])
    shown.index = pd.Index([_kinds(study)[kind] for kind, _ in whole.index], name="系列")
    return from_frame(
        shown,
        "過去の見込みの成績（全部の見込み）",
        _score_formats(),
        id="backtest-all",
        notes=(_reading(),),
    )


def backtests_by_step(study: Study, found: Backtests, kind: str) -> Table:
    """Table: scores by model and years ahead."""
    names = model_names(study)
    part = found.scores.loc[kind].drop(index=0, level="step")
    shown = _scores(part)
    shown.insert(0, "何年先", [int(step) for _, step in part.index])
    shown.index = pd.Index([names[model] for model, _ in part.index], name="見方")
    return from_frame(
        shown,
        f"過去の見込みの成績（何年先かによる、{_kinds(study)[kind]}）",
        {**_score_formats(), "何年先": lambda value: f"{value}年先"},
        id=f"backtest-{kind}",
    )


def cautionary(study: Study, found: Backtests) -> Table:
    """Table: the automatic models beside two members."""
    names = model_names(study) | {
        "unobserved_components": "状態空間モデルの自動推定",
        "ets": "指数平滑法の自動推定",
    }
    shown = _scores(found.cautionary)
    shown.index = pd.Index([names[str(model)] for model in found.cautionary.index], name="見方")
    return from_frame(
        shown,
        f"よく使われる自動推定の成績（{study.parent.name_ja}の公表値）",
        _score_formats(),
        id="backtest-cautionary",
        notes=(
            "注：statsmodels の UnobservedComponents と ETSModel を既定の推定方法で当てはめた。",
        ),
    )


def source(study: Study, base: Base) -> str:
    """Return the source line of what rests on the pool, which uses all three series, and on the target."""
    series = base.area.rows, base.parent.rows, base.nation.rows
    return sources.line(study, *series, besides="と目標値")


def source_regions(study: Study, base: Base) -> str:
    """Return the source line of what rests on all three series."""
    return sources.line(study, base.parent.rows, base.area.rows, base.nation.rows)


def model_names(study: Study) -> dict[str, str]:
    """Return what the models are called on the pages."""
    return {
        DEFAULT: "見込みのまとめ",
        "damped": "弱まる傾き",
        "level": "傾きなし",
        "three_level_damped": "上の地域とつなぐ・弱まる傾き",
        "three_level_level": "上の地域とつなぐ・傾きなし",
        "last_value": "直近の値のまま",
        "linear_glm": "直線の延長",
        "mean": "平均に戻る",
        # what archives of earlier editions hold besides
        "damped_trend": "基本モデル（前の版）",
        f"{study.parent.key}_anchored": f"{study.parent.name_ja}に連動（前の版）",
        f"{study.nation.key}_anchored": f"{study.nation.name_ja}に連動（前の版）",
    }


def _kinds(study: Study) -> dict[str, str]:
    return {
        "published": "公表値",
        "thinned": f"{study.area.name_ja}の規模",
        "levels": f"{study.nation.name_ja}とつないだ{study.parent.name_ja}",
        "ward": study.area.name_ja,
    }


def least(projected: Projection) -> int:
    """Return the outcomes of :data:`~minato_analysis.analyses.outlook.DOTS` that the lowest member meets."""
    return twentieths(projected.models.loc[list(projected.members), "p_target"].min())


def most(projected: Projection) -> int:
    """Return the same of the highest member."""
    return twentieths(projected.models.loc[list(projected.members), "p_target"].max())


def _target(base: Base) -> Level:
    return Level(base.tenths / 10, "目標")


def _scores(table: pd.DataFrame) -> pd.DataFrame:
    return table[["forecasts", *SCORES]].rename(columns=SCORE_NAMES | {"forecasts": "見込みの数"})


def _score_formats() -> dict[str, Format]:
    found: dict[str, Format] = {"見込みの数": ("number", 0)}
    for name, (unit, digits, _) in SCORES.items():
        found[SCORE_NAMES[name]] = ("percent" if unit == "percent" else "number", digits)
    return found


def _reading() -> str:
    return (
        "注：CRPSとWIS（単位：ポイント）は、見込みの分布と実際の値との隔たりで、小さいほどよい。区間の欄は、"
        "実際の値がその区間に入った割合。「最小との差」は、系列ごとに最も小さいCRPSとの差（±は標準誤差。"
        "見込みを始めた年を一まとまりとした）で、偶然の範囲を超えない差は、優劣とは読まない。"
    )


def chance(value: Any) -> str:
    """Return a probability in whole percent; one near the ends is not printed as 0 or 100.

    >>> chance(0.3), chance(20.8), chance(99.7)
    ('1%未満', '21%', '99%超')
    """
    if value < 0.5:
        return "1%未満"
    return "99%超" if value >= 99.5 else display(float(value), "percent", 0)


def year_label(year: int) -> str:
    """Return 「令和4(2022)年」."""
    return format_year(Year(int(year), "calendar"))
