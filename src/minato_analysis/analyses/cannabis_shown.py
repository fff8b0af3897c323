"""Notebook 03: the figures and tables of :mod:`minato_analysis.analyses.cannabis`, in Japanese."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from minato_analysis import data
from minato_analysis.analyses import cannabis, law_changes, sources
from minato_analysis.analyses.series import Counts
from minato_analysis.analyses.trends_shown import year_label
from minato_analysis.data import comparators
from minato_analysis.data.study import Study
from minato_analysis.figures import (
    Caption,
    Figure,
    Row,
    ShareSeries,
    interval_rows,
    share_over_time,
)
from minato_analysis.numbers.facts import display
from minato_analysis.numbers.tables import Table, from_frame

OFFENCES = {
    "cannabis": "大麻取締法",
    "other": "大麻以外のすべて",
    "violent": "粗暴犯",
    "larceny": "窃盗犯",
}
FIELDS = {
    "title": "定義",
    "population": "対象",
    "age": "年齢",
    "offences": "罪種",
    "reoffender": "再犯者の意味",
    "year_basis": "年の基準",
}
DIFFERENCE = (
    "大麻は薬物の表から、ほかの罪種は指標から大麻を引いた値。"
    "20歳以上に限ることは、指標は注に、大麻は推定によります"
)
"""How the definitions of the two series differ; printed wherever they stand side by side."""
WILSON = "縦の線は95%信頼区間（ウィルソン法）。"
PERIOD = "{{ groups_first_label }}から{{ last_label }}まで"
PERSONS = ("persons", 0)
PERCENT = ("percent", 1)
POINTS = ("number", 1)
"""Differences in tables; the unit stands in the notes."""
P_VALUE = ("p_value", 3)


def definitions(study: Study, own: Counts, whole: Counts) -> Table:
    """Table: every field of the two definitions side by side."""
    known = data.definitions(study.folder)
    pairs = comparators.difference(known[own.definition], known[whole.definition])
    rows = field_rows(pairs, "大麻の値", "指標の値（ほかの罪種のもと）")
    shown = pd.DataFrame(rows).set_index("項目")
    return from_frame(shown, "二つの値の定義の違い", id="cannabis-definitions")


def by_year(study: Study, own: Counts, other: Counts) -> Figure:
    """Figure: the shares of cannabis and of the other offences by year."""
    years = [int(year) for year in own.table.index]
    others = other.table
    shown = pd.DataFrame(
        {
            "大麻": own.table["persons_arrested"],
            "大麻・再犯者": own.table["reoffenders"],
            "大麻・割合": own.table["share"],
            "大麻・区間": ranges(own.table["low"], own.table["high"]),
            "ほか": others["persons_arrested"],
            "ほか・再犯者": others["reoffenders"],
            "ほか・割合": others["share"],
        }
    )
    shown.index = pd.Index(list(map(year_label, years)), name="年")
    place = study.area.name_ja
    caption = Caption(
        id="cannabis-by-year",
        title=(
            '{{ last_label }}の大麻の再犯者の割合は{{ fact("{area}.cannabis.share.{last}") }}、'
            'ほかの罪種は{{ fact("{area}.cannabis.other.share.{last}") }}'
        ),
        subtitle=f"検挙人員に占める再犯者の割合、{place}内の警察署、{PERIOD}",
        alt_title=f"大麻とほかの罪種の再犯者の割合、{place}、{year_label(years[0])}から",
        desc=(
            "大麻の割合の線は年によって大きく上下し、区間も長くなっています。ほかの罪種の線は"
            "ほぼ平らで、区間は短くなっています。値は下の表にあります。"
            if np.ptp(own.table["share"]) > 2 * np.ptp(others["share"])
            else "大麻の割合の線と、ほかの罪種の割合の線。それぞれの年の区間を縦の線で示しています。"
            "値は下の表にあります。"
        ),
        notes=(
            "単位：人、%。",
            f"注：{DIFFERENCE}。",
            f"{WILSON}{sources.line(study, own.rows, other.rows)}",
            *law_changes.notes(study, years, own.rows, other.rows),
        ),
        table=from_frame(
            shown,
            f"大麻とほかの罪種の再犯者の割合（{place}内の警察署）",
            dict.fromkeys(["大麻", "大麻・再犯者", "ほか", "ほか・再犯者"], PERSONS)
            | dict.fromkeys(["大麻・割合", "ほか・割合"], PERCENT),
            id="cannabis-by-year-table",
        ),
    )
    lines = [
        ShareSeries(
            offences(study)["cannabis"],
            "area",
            years,
            *(own.table[c] for c in ("share", "low", "high")),
        ),
        ShareSeries(
            OFFENCES["other"], "nation", years, *(others[c] for c in ("share", "low", "high"))
        ),
    ]
    return share_over_time(
        caption,
        lines,
        difference=f"{DIFFERENCE}。",
        changes=law_changes.lines(study, own.rows, other.rows),
    )


def beside(study: Study, own: Counts, other: Counts, pooled: pd.DataFrame) -> Figure:
    """Figure: the pooled shares of the offence groups, row by row."""
    order = ["cannabis", "other", "violent", "larceny"]
    rows = [
        Row(
            offences(study)[name],
            float(one["share"]),
            float(one["low"]),
            float(one["high"]),
            int(one["persons_arrested"]),
            strong=name == "cannabis",
        )
        for name, one in pooled.loc[order].iterrows()
    ]
    shown = pooled.loc[order, ["persons_arrested", "reoffenders", "share", "low", "high"]].copy()
    shown.columns = pd.Index(["検挙人員", "再犯者", "割合", "区間の下限", "区間の上限"])
    shown.index = pd.Index([offences(study)[name] for name in order], name="罪種")
    place = study.area.name_ja
    caption = Caption(
        id="cannabis-beside",
        title=(
            '年を合わせた割合は、大麻が{{ fact("{area}.cannabis.share.pooled") }}、'
            'ほかの罪種が{{ fact("{area}.cannabis.other.share.pooled") }}'
        ),
        subtitle=f"検挙人員に占める再犯者の割合、{place}内の警察署、{PERIOD}の合計",
        alt_title=f"罪種別の再犯者の割合、{place}内の警察署、全期間の合計",
        desc="罪種ごとに割合の点と区間を一行ずつ並べた図。大麻は人数が少ないので区間が長い。",
        notes=(
            "単位：%。n は検挙人員。",
            "注：粗暴犯と窃盗犯は「大麻以外のすべて」の一部です。定義は表によって違い、"
            "20歳以上に限ることが注にあるのは指標だけです。",
            f"横の線は95%信頼区間（ウィルソン法）。{beside_sources(study, own, other, pooled)}",
        ),
        table=from_frame(
            shown,
            "罪種別の再犯者の割合（年の合計）",
            {name: PERSONS if name in ("検挙人員", "再犯者") else PERCENT for name in shown},
            id="cannabis-beside-table",
        ),
    )
    return interval_rows(caption, rows, note=f"{DIFFERENCE}。")


def offences(study: Study) -> dict[str, str]:
    """Return what the offence groups are called in the edition's years."""
    return OFFENCES | {"cannabis": law_changes.cannabis_name(study)}


def beside_sources(study: Study, own: Counts, other: Counts, pooled: pd.DataFrame) -> str:
    """Return the source line of the pooled shares: cannabis, all others, and the printed offences."""
    printed = [cannabis.offence_counts(study, name).rows for name in pooled.index[2:]]
    return sources.line(study, own.rows, other.rows, *printed)


def field_rows(pairs: list[comparators.FieldPair], own: str, other: str) -> list[dict[str, str]]:
    """Return the fields of two definitions as rows of a table."""
    return [
        {
            "項目": FIELDS.get(pair.field, pair.field),
            own: pair.own,
            other: pair.other,
            "判定": "違う" if pair.differs else "同じ",
        }
        for pair in pairs
    ]


def ranges(low: Iterable[float], high: Iterable[float], unit: str = "percent") -> list[str]:
    """Return intervals as texts, … where there is none."""
    return [
        "…" if np.isnan(start) else "〜".join(display(one, unit, 1) for one in (start, end))
        for start, end in zip(low, high, strict=True)
    ]
