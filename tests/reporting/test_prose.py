from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from minato_analysis.numbers.facts import FactBook, FactError
from minato_analysis.reporting.errors import ReportError
from minato_analysis.reporting.prose import check_digits, plain, resolve

from .world import NAMES, facts

SHARE = '{{ fact("{area}.share.{last}") }}'


def test_a_fact_is_printed_as_data_that_names_it() -> None:
    assert resolve(SHARE, facts(), NAMES) == (
        '<data class="fact" data-fact="town.share.2022" value="49.002849">49.0%</data>'
    )


def test_text_mode_has_no_markup_and_no_entities() -> None:
    source = f"{{{{ area_name }}}}の<b>割合</b>は{SHARE}"
    assert resolve(source, facts(), NAMES, text=True) == "A市&Bの割合は49.0%"


def test_names_are_escaped_and_prose_is_not() -> None:
    assert resolve("<b>{{ area_name }}</b>", facts(), NAMES) == "<b>A市&amp;B</b>"


def test_facts_used_are_reported_once_in_order() -> None:
    used: list[str] = []
    resolve(f'{{{{ fact("town.reoffenders.2022") }}}}{SHARE}{SHARE}', facts(), NAMES, used=used)
    assert used == ["town.reoffenders.2022", "town.share.2022"]


def test_facts_of_earlier_notebooks_are_found() -> None:
    later = type(facts())("council_report", known=facts())
    assert "49.0%" in resolve(SHARE, later, NAMES)


def test_wording_may_follow_the_sign_of_a_fact() -> None:
    source = '{% if fact("town.share.2022").value > 0 %}上昇{% else %}低下{% endif %}'
    assert resolve(source, facts(), NAMES) == "上昇"


def test_an_unknown_fact_names_cell_and_nearest() -> None:
    with pytest.raises(FactError, match=r"E3-FACT 02 セル3: .*'town.shares.2022'.*town.share.2022"):
        resolve('{{ fact("town.shares.2022") }}', facts(), NAMES, place="02 セル3")


def test_an_unknown_key_in_an_id_is_refused() -> None:
    with pytest.raises(FactError, match="'city' is not a name; known: area,"):
        resolve('{{ fact("{city}.share") }}', facts(), NAMES)


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(ReportError, match=r"E3-NAME 02 セル3: .*nearest: area_name") as error:
        resolve("{{ area_nam }}", facts(), NAMES, place="02 セル3")
    assert error.value.code == "E3-NAME"


@pytest.mark.parametrize(
    "source",
    [
        "{{ area_name",
        "{{ area_name.__class__.__mro__ }}",
        '{{ fact("town.share.2022").value }}',
    ],
)
def test_what_is_no_reference_is_refused(source: str) -> None:
    with pytest.raises(ReportError, match="E3-"):
        resolve(source, facts(), NAMES)


def test_a_digit_is_refused_with_the_way_out() -> None:
    (sentence,) = check_digits("割合は49.0%でした。", place="02 セル3")
    assert sentence.startswith("E3-LOOSE-DIGIT 02 セル3: 本文に数「49.0」")
    assert "「割合は49.0%でした。」" in sentence
    assert "facts.record" in sentence


def test_an_expression_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ReportError, match="E3-PROSE 02 セル3"):
        check_digits('{{ "area }}', place="02 セル3")


def test_plain_keeps_a_lone_less_than_sign() -> None:
    assert plain("p < 0.05 <!-- x --><b>a</b>") == "p < 0.05 a"


def unknown() -> FactBook:
    """Return the facts with one more, whose cell holds no number."""
    book = facts()
    rows = pd.DataFrame(
        {"source_id": "s", "table": "3-2", "row": ["三田"], "column": ["2022年"]}
    ).assign(value=np.nan, status="missing")
    book.record("town.gap", float("nan"), unit="points", digits=1, from_=rows, formula="a - b")
    return book


def test_a_number_that_is_not_published_is_said_in_its_place() -> None:
    said = resolve('差は{{ fact("town.gap") }}です。', unknown(), NAMES)
    assert said == '差は<span class="fact" data-fact="town.gap">未公表</span>です。'
    assert resolve('{{ fact_en("town.gap") }}', unknown(), NAMES, text=True) == "not published"


def test_a_paragraph_that_asks_for_it_gives_way_and_the_others_stay() -> None:
    asks = '{% if value("town.gap") > 0 %}高い{% else %}低い{% endif %}。'
    source = f"初め{SHARE}。\n\n{asks}\n\n- 終わり"
    said = resolve(source, unknown(), NAMES, text=True)
    assert said == (
        "初め49.0%。\n\n"
        "ここに書く内容には図表3-2「三田 2022年」が必要ですが、まだ公表されていません。\n\n- 終わり"
    )
    assert "高い" not in said
    assert "低い" not in said


def test_a_condition_over_several_paragraphs_gives_way_as_a_whole() -> None:
    source = '{% if value("town.gap") > 0 %}高い。\n\nとても。{% endif %}'
    assert resolve(source, unknown(), NAMES, text=True).count("まだ公表されていません") == 1


def test_prose_may_ask_before() -> None:
    source = '{% if known("town.gap") %}差{% elif known("town.nothing") %}無{% else %}未{% endif %}'
    assert resolve(source, unknown(), NAMES) == "未"


def test_a_name_given_in_one_paragraph_holds_below_where_another_is_not_known() -> None:
    made = FactBook("n")
    rows = pd.DataFrame(
        {"source_id": ["s"], "table": ["1"], "row": ["計"], "column": ["2020"], "value": [0.0]}
    )
    made.record("a.x", math.nan, unit="percent", digits=1, from_=[rows], formula="k / n")
    source = '{% set far = 1 > 0 %}前\n\n{{ value("a.x") }}\n\n{% if far %}後{% endif %}'
    said = resolve(source, made, {}, text=True)
    assert said.startswith("前\n\n")
    assert said.endswith("\n\n後")
    assert "0人なので" in said
