"""Source lines name the documents and tables of the rows drawn, whatever the series began with."""

from __future__ import annotations

import pandas as pd

from minato_analysis.analyses import series, sources
from minato_analysis.data.study import Study

PLAN = '{{ document("minato-plan-draft-2024-12") }}'
LATER = '{{ document("made-up-delivery") }}'


def revised(study: Study, year: int) -> pd.DataFrame:
    """Return the indicator's rows with those of one year taken from a later document."""
    rows = series.indicator(study).rows.copy()
    at = rows["year"] == year
    rows.loc[at, "source_id"], rows.loc[at, "as_of"] = "made-up-delivery", "2027-03"
    return rows


def test_a_line_of_one_document_reads_as_before(published: Study) -> None:
    rows = series.indicator(published).rows
    assert sources.line(published, rows) == f"資料：{PLAN}図表2-10から作成。"
    assert (
        sources.line(published, rows, besides="と目標値")
        == f"資料：{PLAN}図表2-10と目標値から作成。"
    )


def test_a_value_of_a_later_document_is_not_ascribed_to_the_plan(published: Study) -> None:
    rows = revised(published, 2022)
    assert sources.line(published, rows) == f"資料：{PLAN}・{LATER}の図表2-10から作成。"
    assert sources.line(published, rows, years=[2022]) == f"資料：{LATER}図表2-10から作成。"
    assert sources.line(published, rows, years=[2018]) == f"資料：{PLAN}図表2-10から作成。"


def test_a_document_comes_once_with_its_tables_in_the_order_given(published: Study) -> None:
    area, parent, nation = (
        series.indicator(published).rows,
        series.parent_penal(published).rows,
        series.nation_penal(published).rows,
    )
    said = sources.line(published, parent, area, nation)
    assert said.startswith(f"資料：{PLAN}図表2-8、図表2-10、{sources.ELSEWHERE}")
    assert sources.PER_YEAR in said
    assert sources.PER_YEAR not in sources.line(published, nation, per_year=False)


def test_an_english_line_says_which_words_are_japanese(published: Study) -> None:
    said = sources.cited(published, [series.indicator(published).rows], "en")
    assert said.startswith('<span lang="ja">図表2-10</span> of the {{ document_en(')
