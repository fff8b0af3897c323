"""Our own sentences: a false one stops the build and says why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from minato_analysis import data
from minato_analysis.claims.errors import StatementError
from minato_analysis.claims.sentences import (
    FIGURE,
    check_sentences,
    load_sentences,
    shown_messages,
    shown_titles,
    titles,
    uncovered,
    verify_sentences,
)
from minato_analysis.claims.sentences import loads as sentences_loads
from minato_analysis.data import study
from minato_analysis.numbers.facts import Fact, loads
from minato_analysis.project import editions
from tests.claims.worlds import frame, rows

TEXT = """
series:
  re: {label: 再犯者, facts: "{area}.re.*"}
sentences:
- id: S001
  page: p
  figure: f
  text: '再犯者は{{ fact("{area}.re.{last}") }}に減った（{{ place }}）'
  test: [{strictly_decreasing: {of: re}}]
- id: S002
  page: p
  text: 比べられない
  test: [{unequal_definitions: {facts: ["{area}.re.2018", "other.re.2018"]}}]
"""
NAMES = {"area": "city", "last": "2019", "place": "架空市"}
ROWS = frame(rows("1", [5]), rows("2", [5], definition="other"))


def facts(last: float = 4.0) -> dict[str, Fact]:
    def fact(id: str, value: float, table: str) -> Fact:
        cell = f"made-up/{table}!persons_arrested all all all!2018"
        return Fact(id, value, f"{value:g}人", "persons", 0, "printed", (cell,), "n")

    every = [
        fact("city.re.2018", 5, "1"),
        fact("city.re.2019", last, "1"),
        fact("other.re.2018", 5, "2"),
    ]
    return {one.id: one for one in every}


def test_true_sentences_are_told_with_their_numbers() -> None:
    told = check_sentences(sentences_loads(TEXT), facts(), NAMES, ROWS)
    assert told[0].startswith("S001（p 図 f）「再犯者は4人に減った（架空市）」再犯者：")
    assert "定義はcity" in told[1]


def test_a_false_sentence_stops_and_names_sentence_and_numbers() -> None:
    with pytest.raises(StatementError) as stopped:
        check_sentences(sentences_loads(TEXT), facts(last=6.0), NAMES, ROWS)
    (line,) = str(stopped.value).splitlines()
    assert line.startswith(
        "E4-SENTENCE S001（p 図 f）: 「再犯者は6人に減った（架空市）」は成り立ちません。"
    )
    assert "6人" in line
    assert "S002" not in line


def test_all_false_sentences_are_reported_at_once() -> None:
    alike = ROWS.assign(definition="city")
    with pytest.raises(StatementError) as stopped:
        check_sentences(sentences_loads(TEXT), facts(last=6.0), NAMES, alike)
    assert [line.split("（")[0] for line in str(stopped.value).splitlines()] == [
        "E4-SENTENCE S001",
        "E4-SENTENCE S002",
    ]


def test_a_sentence_that_rests_on_nothing_stops_too() -> None:
    without = {id: one for id, one in facts().items() if id != "other.re.2018"}
    with pytest.raises(
        StatementError, match=r"E4-SENTENCE S002（p）: 確かめられません.*other\.re\.2018"
    ):
        check_sentences(sentences_loads(TEXT), without, NAMES, ROWS)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(StatementError, match=r"E4-READ data/sentences\.yaml S001"):
        sentences_loads(TEXT.replace("  figure: f", "  chart: f"))


def notebook(**titles: str) -> dict[str, Any]:
    def cell(id: str, title: str) -> dict[str, Any]:
        figure = {FIGURE: {"id": id, "title": title}}
        return {
            "cell_type": "code",
            "source": [],
            "outputs": [{"data": figure}, {"data": {}}],
        }

    prose = {"cell_type": "markdown", "source": ["# 見出し\n", "だから比べられない。"]}
    return {"cells": [*(cell(id, title) for id, title in titles.items()), prose]}


def test_a_title_reworded_without_its_predicate_stops() -> None:
    sentences = sentences_loads(TEXT)
    same = sentences.items[0].text
    assert shown_titles(sentences, {"p": titles(notebook(f=same))})["S001"].text == same
    assert uncovered(sentences, {"p": titles(notebook(f=same))}) == []
    assert uncovered(sentences, {"p": {"f": same, "g": "別"}}) == ["p 図 g「別」"]
    for shown in ({"f": "言い換え"}, {}):
        with pytest.raises(StatementError, match="E4-SENTENCE S001"):
            shown_titles(sentences, {"p": shown})


def test_a_message_reworded_on_its_page_stops() -> None:
    sentences = sentences_loads(TEXT)
    shown_messages(sentences, {"p": "だから比べられない。"})
    shown_messages(sentences, {"another page": ""})
    with pytest.raises(StatementError, match="E4-SENTENCE S002: 「比べられない」が p の本文に"):
        shown_messages(sentences, {"p": "だから比べられる。"})


def test_a_whole_edition_is_told_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "data/tidy").mkdir(parents=True)
    (tmp_path / "data/sentences.yaml").write_text(TEXT, encoding="utf-8")
    ROWS.to_csv(tmp_path / "data/tidy/observations.csv", index=False)
    page = tmp_path / "p.ipynb"
    same = sentences_loads(TEXT).items[0].text
    page.write_text(json.dumps(notebook(f=same, g="別")), encoding="utf-8")
    told = verify_sentences(tmp_path, facts(), NAMES, [page])
    assert [line.split("（")[0] for line in told.splitlines()] == [
        "成立 S001",
        "成立 S002",
        "述語なし p 図 g「別」",
    ]


def test_the_sentences_of_this_repository_hold(complete: Path) -> None:
    edition = editions.load(complete, editions.names(complete)[-1])
    file = complete / "reports" / edition.edition / "facts.json"
    book = loads(file.read_text(encoding="utf-8"))
    sentences = load_sentences(complete)
    told = check_sentences(
        sentences, book.facts, study.names(complete, edition), data.observations(complete)
    )
    assert len(told) == len(sentences.items) >= 2
