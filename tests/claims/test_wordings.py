"""One sentence, several wordings: the one that stands on the page must hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from minato_analysis.claims.errors import StatementError
from minato_analysis.claims.sentences import (
    FIGURE,
    check_sentences,
    loads,
    shown_messages,
    shown_titles,
    verify_sentences,
)
from minato_analysis.claims.series import World
from minato_analysis.claims.wordings import holding, standing
from minato_analysis.numbers.facts import Fact, FactError
from tests.claims.worlds import frame, rows

TEXT = """
series:
  re: {label: 再犯者, facts: "{area}.re.*"}
  a: {label: 甲, facts: "{area}.a.*"}
  b: {label: 乙, facts: "{area}.b.*"}
  c: {label: 丙, facts: "{area}.c.*"}
sentences:
- id: S001
  page: p
  figure: f
  text: 再犯者は減った
  test: [{strictly_decreasing: {of: re}}]
  otherwise:
  - text: 再犯者は増えた
    test: [{strictly_increasing: {of: re}}]
- id: S002
  page: p
  figure: g
  slots: {first: [a, b, c], second: [a, b, c]}
  text: 最も多いのは<first>、次いで<second>
  test:
  - {largest_every_year: {of: <first>, among: [<second>, <others>]}, as: first}
  - {largest_every_year: {of: <second>, among: [<others>]}, as: second}
  otherwise:
  - text: 最も多いのは<first>
    test: [{largest_every_year: {of: <first>, among: [<others>]}}]
- id: S003
  page: p
  needs: ["3-4"]
  text: 署の間に差があります。
  test: [{exceeds: {of: {facts: "{area}.gap"}, than: 0}}]
"""
NAMES = {"area": "city"}


def facts(**series: list[float]) -> dict[str, Fact]:
    made = {}
    for name, values in series.items():
        for year, value in enumerate(values, 2018):
            id = f"city.{name}.{year}" if len(values) > 1 else f"city.{name}"
            made[id] = Fact(id, value, f"{value:g}", "persons", 0, "printed", ("s/t!r!c",), "n")
    return made


def world(**series: list[float]) -> World:
    return World(named=loads(TEXT).series, facts=facts(**series), names=NAMES)


def test_the_wording_that_holds_is_found() -> None:
    one = loads(TEXT).items[0]
    assert holding(one, world(re=[3, 2])).wording.text == "再犯者は減った"
    assert holding(one, world(re=[2, 3])).wording.text == "再犯者は増えた"
    assert holding(one, world(re=[2, 2])).holds is False


def test_open_words_are_read_off_the_title_and_tested() -> None:
    sentences = loads(TEXT)
    two = sentences.items[1]
    found = standing(two, "最も多いのは乙、次いで丙", sentences.series)
    assert found
    assert standing(two, "最も多いのは丁、次いで丙", sentences.series) is None
    holds = world(a=[1, 1], b=[3, 3], c=[2, 2])
    assert holding(two, holds).holds
    level = world(a=[1, 1], b=[3, 3], c=[1, 1])
    assert holding(two, level).wording.text == "最も多いのは<first>"


def test_a_page_that_shows_the_wrong_wording_is_stopped() -> None:
    sentences = loads(TEXT)
    shown = shown_titles(sentences, {"p": {"f": "再犯者は減った", "g": "最も多いのは甲"}})
    rising = facts(re=[2, 3], a=[5, 5], b=[3, 3], c=[2, 2], gap=[1])
    with pytest.raises(StatementError, match="「再犯者は減った」は成り立ちません"):
        check_sentences(sentences, rising, NAMES, shown=shown)
    told = check_sentences(sentences, rising, NAMES)
    assert told[0].startswith("S001（p 図 f）「再犯者は増えた」")


def test_of_several_messages_the_one_a_reader_sees_counts() -> None:
    text = TEXT.replace("  figure: f\n", "")
    prose = {"p": "だから再犯者は増えた。署の間に差があります。"}
    found = shown_messages(loads(text), prose)
    assert found["S001"].text == "再犯者は増えた"


def test_a_wording_whose_facts_are_not_there_is_not_the_one_that_stands() -> None:
    def render(text: str) -> str:
        if "減った" in text:
            raise FactError("not recorded")
        return text

    text = TEXT.replace("  figure: f\n", "")
    prose = {"p": "再犯者は減った。再犯者は増えた。署の間に差があります。"}
    assert shown_messages(loads(text), prose, render)["S001"].text == "再犯者は増えた"


def project(root: Path, prose: str) -> tuple[Path, Path]:
    (root / "data/tidy").mkdir(parents=True)
    (root / "data/sentences.yaml").write_text(TEXT, encoding="utf-8")
    frame(rows("1", [5])).to_csv(root / "data/tidy/observations.csv", index=False)
    titles = {"f": "再犯者は減った", "g": "最も多いのは甲、次いで乙"}
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "source": [],
            "outputs": [{"data": {FIGURE: {"id": id, "title": one}}}],
        }
        for id, one in titles.items()
    ]
    page = root / "p.ipynb"
    page.write_text(
        json.dumps({"cells": [*cells, {"cell_type": "markdown", "source": [prose]}]}),
        encoding="utf-8",
    )
    return root, page


EVERY = facts(re=[3, 2], a=[5, 5], b=[3, 3], c=[2, 2], gap=[1])


def test_a_sentence_of_a_section_left_out_is_told_as_not_applicable(tmp_path: Path) -> None:
    root, page = project(tmp_path, "文")
    told = verify_sentences(root, EVERY, NAMES, [page], there=())
    assert [line.split("（")[0] for line in told.splitlines()] == [
        "成立 S001",
        "成立 S002",
        "該当なし S003",
    ]
    assert "図表3-4（警察署ごとの粗暴犯）がありません" in told


def test_it_is_never_left_out_in_silence(tmp_path: Path) -> None:
    root, page = project(tmp_path, "文")
    with pytest.raises(
        StatementError, match="S003: 「署の間に差があります。」が p の本文にありません"
    ):
        verify_sentences(root, EVERY, NAMES, [page], there=("3-4",))


def test_nor_shown_where_it_does_not_apply(tmp_path: Path) -> None:
    root, page = project(tmp_path, "署の間に差があります。")
    with pytest.raises(StatementError, match="必要な資料（3-4）がないのに、ページにあります"):
        verify_sentences(root, EVERY, NAMES, [page], there=())
    assert "成立 S003" in verify_sentences(root, EVERY, NAMES, [page], there=("3-4",))
