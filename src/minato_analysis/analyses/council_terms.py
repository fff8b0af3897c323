"""The council report, page on how to read the numbers.

In: the study and the indicator's series. Out: what the share is and is not, and whom it counts.
"""

from __future__ import annotations

import pandas as pd

from minato_analysis import data
from minato_analysis.analyses import sources
from minato_analysis.analyses.council import BESIDE
from minato_analysis.analyses.series import SHARE, Counts
from minato_analysis.data.study import Study
from minato_analysis.figures import Caption, Figure, Hundred, hundreds
from minato_analysis.numbers.facts import display
from minato_analysis.numbers.tables import Table, from_frame

FIELDS = {
    "population": "場所",
    "age": "年齢",
    "offences": "罪",
    "reoffender": "再犯者",
    "year_basis": "年",
}
"""Fields of a definition, and what they answer."""


def two_shares(study: Study, area: Counts) -> Figure:
    """Figure: the share that looks back, as persons of a hundred; how it differs from one that looks forward.

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
    facts = {
        "hundred": '{{ fact("council.hundred") }}',
        "back": '{{ fact("council.of_a_hundred") }}',
    }
    shown = pd.DataFrame(
        {
            "再犯者率（この資料）": ["過去を振り返る", "検挙された人", "前にも経歴がある人"],
            "再犯率": ["その後を追う", "出所した人など", "再び罪を犯した人"],
        },
        index=pd.Index(["向き", "全体", "数える人"], name=""),
    )
    caption = Caption(
        id="two-shares",
        title="再犯者率は振り返り、再犯率は先を追う",
        subtitle=(
            f"{place}内の警察署が{{{{ last_label }}}}に検挙した人を{facts['hundred']}に置き換えたもの"
        ),
        alt_title="検挙された人のうち、前にも検挙などの経歴がある人を示した図",
        desc=(
            "人の形を並べた図。{hundred}のうち{back}が塗られ、前にも検挙などの経歴がある人を表す。"
        ).format(**facts),
        alt_desc=f"{hundred}のうち{back}が塗られ、前にも検挙などの経歴がある人を表す。",
        notes=(f"人数は四捨五入したもの。{sources.line(study, area.of(last))}",),
        table=from_frame(shown, "再犯者率と再犯率の違い", id="two-shares-table"),
        **BESIDE,
    )
    group = Hundred(
        f"検挙された{hundred}",
        (f"● 経歴がある　{back}　　○ 初めて　{others}",),
        int(back.removesuffix("人")),
    )
    return hundreds(caption, [group], row_height=11.5)


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
