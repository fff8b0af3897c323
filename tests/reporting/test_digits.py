from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis.reporting.digits import ALLOWED, loose_digits

ONE_EXAMPLE_EACH = [
    "図表2-10と表3と図1を見る",
    "第3章、第8条第1項",
    "（平成28年法律第104号）",
    "注1、※2",
    "JIS X 8341-3:2016、ISO 8601、UTF-8、A4の紙",
    "80%の範囲と95%の範囲",
    "20歳以上、20歳未満、persons aged 20 or over",
    "95%信頼区間と95％の区間",
    "## 2.1 推移",
    "1. はじめに",
]


def found(source: str) -> list[str]:
    return [one.digits for one in loose_digits(source)]


@pytest.mark.parametrize(
    ("source", "digits"),
    [
        ("再犯者は1,581人", ["1,581"]),
        ("割合は49.0%", ["49.0"]),
        ("６署と４６．２％", ["６", "４６．２"]),
        ("½に減った", ["½"]),
        ("約三割、二十人、五年連続、令和四年", ["三", "二十", "五", "四"]),
        ("一割、一倍、一ポイント", ["一", "一", "一"]),
        ("三分の一", ["三"]),
        ("## 2022年の状況", ["2022"]),
        ("## 15 人が減った", ["15"]),
        ("10. 件数", ["10"]),
        ("H30年とR4年", ["30", "4"]),
        ("95%が減った", ["95"]),
        ("<b>49</b>", ["49"]),
        ("[49人](#a)", ["49"]),
        ("&#53;&#x34;人", ["5", "4"]),
        ("{{ 49 }}", ["49"]),
        ('{{ "49%" }}', ['"49%"']),
        ("{% set share = 49.0 %}", ["49.0"]),
        ('{% if fact("a.share").value > 45 %}高い{% endif %}', ["45"]),
    ],
)
def test_a_typed_number_is_found(source: str, digits: list[str]) -> None:
    assert [digit.strip() for digit in found(source)] == digits


@pytest.mark.parametrize(
    "source",
    [
        *ONE_EXAMPLE_EACH,
        '{{ fact("{area}.share.2022") }}',
        "{{ fact('a.share.2022') }}と{{ last_label }}",
        '{% if fact("a.change.2022").value < 0 %}減った{% endif %}',
        "一人ひとり、一人でも多く、第三者、第二次計画、数十年、三つの要点、三田、約半数",
        "`shares(2022)`は\n```python\nx = 49\n```\n式です",
        "~~~\n49\n~~~",
        '<td colspan="2" data-x="5">なし</td><!-- 49 -->',
        "[資料](https://example.org/2022/a.pdf) <https://example.org/9> https://example.org/2022?x=1",
        "①から⑤まで",
        "",
    ],
)
def test_what_is_not_a_measurement_passes(source: str) -> None:
    assert found(source) == []


def test_every_allowed_pattern_has_an_example_that_needs_it() -> None:
    assert len(ONE_EXAMPLE_EACH) == len(ALLOWED)
    digits_inside = [sum(char.isdecimal() for char in text) for text in ONE_EXAMPLE_EACH]
    assert all(digits_inside)


@given(
    before=st.text(alphabet="再犯者の割合は、。\n *_「」", max_size=30),
    number=st.integers(0, 10**9),
    after=st.text(alphabet="でした、。\n 「」", max_size=30),
)
def test_a_number_between_words_is_found_where_it_stands(
    before: str, number: int, after: str
) -> None:
    # Behind "の" no pattern of a heading, list or figure applies.
    source = f"{before}の{number}人{after}"
    (one,) = loose_digits(source)
    assert source[one.offset : one.offset + len(one.digits)] == str(number)
    assert one.digits in one.around
