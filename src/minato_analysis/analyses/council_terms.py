"""The council report, page on how to read the numbers.

In: the study and the indicator's series. Out: what the share is and is not, whom it counts, and which
years each source reaches.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from minato_analysis import data
from minato_analysis.analyses import sources
from minato_analysis.analyses.council import BESIDE
from minato_analysis.analyses.series import SHARE, Counts
from minato_analysis.analyses.trends_shown import year_label
from minato_analysis.facts import display
from minato_analysis.figures import Caption, Figure, Hundred, Span, hundreds, year_spans
from minato_analysis.study import Study
from minato_analysis.tables import Table, from_frame

FIELDS = {
    "population": "場所",
    "age": "年齢",
    "offences": "罪",
    "reoffender": "再犯者",
    "year_basis": "年",
}
"""Fields of a definition, and what they answer."""


def two_shares(study: Study, area: Counts) -> Figure:
    """Figure: the share that looks back, as persons of a hundred, and the one that looks forward.

    The second has no number: the sources of the study do not follow anybody. Facts:
    ``council.hundred|of_a_hundred``.
    """
    last = int(area.table.index[-1])
    drawn = {"hundred": 100.0, "of_a_hundred": float(area.table.loc[last, "share"])}
    for name, value in drawn.items():
        study.facts.record(
            f"council.{name}",
            value,
            unit="persons",
            digits=0,
            from_=area.of(last),
            formula="persons drawn" if name == "hundred" else f"{SHARE}, as persons of a hundred",
        )
    hundred, back = (study.facts.get(f"council.{name}").display for name in drawn)
    others = display(100.0 - float(back.removesuffix("人")), "persons", 0)
    place = study.area.name_ja
    seen = (
        "左の{hundred}のうち{back}が塗られ、以前にも検挙などの経歴がある人を表します。"
        "右の{hundred}は、人数が分からないので白いままです。"
    )
    facts = {
        "hundred": '{{ fact("council.hundred") }}',
        "back": '{{ fact("council.of_a_hundred") }}',
    }
    caption = Caption(
        id="two-shares",
        title="再犯者率は振り返り、再犯率は先を追う",
        subtitle=(
            f"左は、{place}内の警察署が{{{{ last_label }}}}に検挙した人を"
            f"{facts['hundred']}に置き換えたもの"
        ),
        alt_title="再犯者率と再犯率の違いを、それぞれ人の形で示した図",
        desc=seen.format(**facts),
        alt_desc=seen.format(hundred=hundred, back=back),
        notes=(f"注：左の人数は四捨五入したもの。{sources.line(study, area.of(last))}",),
    )
    groups = [
        Hundred(
            "再犯者率　← 過去を振り返る",
            (
                "検挙された人のうち、以前にも検挙などの経歴がある人",
                f"● 経歴がある　{back}　　○ 初めて　{others}",
            ),
            int(back.removesuffix("人")),
        ),
        Hundred(
            "再犯率　→ その後を追う",
            (
                "刑務所を出た人などのうち、再び罪を犯した人",
                "○ 人数は、計画の数値からは分からない",
            ),
        ),
    ]
    return hundreds(caption, groups, row_height=11.5)


def scope(study: Study, area: Counts) -> Table:
    """Table: whom the indicator counts, field by field, as its definition says."""
    definition = data.definitions(study.folder)[area.definition]
    rows = study.select(series_id=study.parameters.source_id, area_code=study.area.code)
    stations = [one for one in dict.fromkeys(rows["station"]) if one != "all"]
    texts = {name: definition[field] for field, name in FIELDS.items()}
    texts["場所"] += f"。{'、'.join(stations)}の{len(stations)}署"
    texts["再犯者"] += "。罪の種類が同じとは限らない"
    texts["年"] += "（1月から12月まで）。計画の期間は年度（4月から翌年3月まで）"
    shown = pd.DataFrame({"指標が数えるもの": texts})
    shown.index.name = "項目"
    return from_frame(shown, "何を数えているか（指標の範囲）", id="council-scope")


def data_years(study: Study) -> Figure:
    """Figure: a time line of the years each source has values for."""
    area, parent, nation = (one.name_ja for one in (study.area, study.parent, study.nation))
    source = study.parameters.source_id
    parts = {
        f"{area}の指標": {
            "series_id": source,
            "area_code": study.area.code,
            "offence": "penal_code_and_drugs",
            "measure": "reoffenders",
        },
        f"{area}の大麻": {
            "series_id": source,
            "area_code": study.area.code,
            "offence": "cannabis",
            "measure": "reoffenders",
        },
        f"{parent}の再犯者": {
            "series_id": source,
            "area_code": study.parent.code,
            "offence": "penal_code",
            "measure": "reoffenders",
        },
        f"{nation}の再犯者": {
            "series_id": "national-penal-code",
            "measure": "reoffender_share",
        },
        "出所者の帰住先": {
            "series_id": source,
            "measure": "released_without_home",
        },
    }
    spans, lines, frames = [], {}, []
    for name, where in parts.items():
        rows = _known(study, where)
        years = sorted({int(year) for year in rows["year"]})
        if not years:
            continue
        frames.append(rows)
        # Older years of the nation would only make the recent ones small.
        recent = tuple(year for year in years if year > study.parameters.last_year - 10)
        spans.append(Span(name, recent))
        lines[name] = [year_label(years[0]), year_label(years[-1])]
    shown = pd.DataFrame.from_dict(lines, orient="index", columns=["最初", "最後"])
    shown.index.name = "数値"
    caption = Caption(
        id="council-years",
        title="{{ area_name }}の検挙の数値は{{ last_label }}まで",
        subtitle="資料ごとに、値のある年（近い年だけを図にしています）",
        alt_title="資料ごとの、値のある年の帯",
        desc="資料ごとに、値のある年を横の帯で示した図。値は表にあります。",
        notes=(
            f"単位：年（いずれも暦年）。{sources.line(study, *frames, end='。', per_year=False)}",
        ),
        table=from_frame(shown, "値のある年", id="council-years-table"),
        **BESIDE,
    )
    return year_spans(caption, spans, row_height=13.0)


def _known(study: Study, where: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of a selection that have a value; none where the data have none."""
    rows = study.rows[study.rows["value"].notna()]
    for column, value in where.items():
        rows = rows[rows[column] == value]
    return rows
