"""The answer file: plain YAML, every answer with its reason, nothing that grows or runs."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis.received.answers import Answer, checked, loads, read_answers
from minato_analysis.received.errors import ReceivedError

GOOD = """
tables:
  "Sheet1!A1": 2-10
labels:
  2-10:
    再犯者: {to: 再犯者数, kind: exact, reason: 名称の変更}
    不詳: {kind: none, reason: 新しい区分}
absent:
  3-2:
    東京湾岸: 今回の提供に含まれない
"""


def test_a_good_file(tmp_path: Path) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(GOOD, encoding="utf-8")
    answers = checked(read_answers(file))
    # 2-10 stays text: never a date, never a subtraction.
    assert answers.tables == {"Sheet1!A1": "2-10"}
    assert answers.labels["2-10"]["再犯者"] == Answer("exact", "再犯者数", "名称の変更")
    assert answers.labels["2-10"]["不詳"].to == ""
    assert answers.absent == {"3-2": {"東京湾岸": "今回の提供に含まれない"}}
    assert checked(None) == checked({})


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [1]\nb: *a",
        "a: !!python/object/apply:os.system ['true']\nb: *c",
        "tables: {a: b, a: c}",
        "- a",
        "a: [[[[[[[[]]]]]]]]",
        "? [a]\n: b",
        "a: b: c",
        "\t",
        "a: \x00",
        "{" * 100_000,
    ],
)
def test_what_is_refused_as_yaml(text: str) -> None:
    with pytest.raises(ReceivedError, match="E6-ANSWER-YAML"):
        loads(text)


def test_tags_are_text() -> None:
    found = loads('labels: !!python/object/apply:os.system {x: "import os"}\nn: !!int "7"')
    assert found == {"labels": {"x": "import os"}, "n": "7"}


def test_a_file_over_the_limit_or_in_another_encoding(tmp_path: Path) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_bytes(b"#" * 100_001)
    with pytest.raises(
        ReceivedError, match=r"E6-ANSWER-SIZE mapping.yaml: 大きさが100,001バイト.*100,000"
    ):
        read_answers(file)
    file.write_bytes("tables: {市: 1-1}".encode("cp932"))
    with pytest.raises(ReceivedError, match=r"E6-ANSWER-YAML mapping\.yaml: 文字コード"):
        read_answers(file)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"table": {}}, "tables、labels、absent、cells、words、laws"),
        ({"tables": ["a"]}, "名前: 値"),
        ({"labels": {"2-10": {"a": "b"}}}, "{to: …, kind: …, reason: …}"),
        ({"labels": {"2-10": {"a": {"kind": "same", "to": "b", "reason": "c"}}}}, "kind は"),
        ({"labels": {"2-10": {"a": {"kind": "exact", "reason": "c"}}}}, "to が要ります"),
        (
            {"labels": {"2-10": {"a": {"kind": "none", "to": "b", "reason": "c"}}}},
            "to は書きません",
        ),
        ({"labels": {"2-10": {"a": {"kind": "none", "reason": " "}}}}, "理由が空"),
        ({"labels": {"2-10": {"a": {"kind": "none"}}}}, "理由が空"),
        ({"absent": {"2-10": {"a": ""}}}, "理由が空"),
        ({"tables": {"x" * 201: "2-10"}}, "200字まで"),
    ],
)
def test_what_is_refused_as_an_answer(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ReceivedError, match=r"E6-ANSWER mapping\.yaml") as refused:
        checked(values)
    assert words in str(refused.value)
    assert "まず" in str(refused.value)


@given(st.text(st.sampled_from("ab:-[]{}&*!'\"|>%@`#?, \n\t\x85\u2028表"), max_size=60))
def test_any_text_is_answers_or_a_refusal(text: str) -> None:
    with suppress(ReceivedError):
        checked(loads(text))
