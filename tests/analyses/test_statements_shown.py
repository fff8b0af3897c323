"""Notebook 05: counts, links and groups of the checked statements."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from minato_analysis import data
from minato_analysis.analyses import statements_shown as shown
from minato_analysis.claims.evaluate import Result
from minato_analysis.data import study
from minato_analysis.data.study import Study
from minato_analysis.numbers.facts import FactBook
from minato_analysis.numbers.tables import MIME
from minato_analysis.project import editions


@pytest.fixture(scope="module")
def plan(repository: Path) -> Study:
    edition = editions.load(repository, editions.names(repository)[0])
    area, parent, nation = study.chain(repository, edition.area_code)
    parameters = editions.Parameters(**edition.parameters())
    rows = data.observations(repository)
    book = FactBook("test")
    return Study("test", parameters, repository, rows, area, parent, nation, book)


@pytest.fixture(scope="module")
def results(plan: Study) -> list[Result]:
    return shown.record_verdicts(plan)


def test_the_counts_add_up_and_are_facts(plan: Study, results: list[Result]) -> None:
    value = {one.id: one.value for one in plan.facts}
    assert value["statements.total"] == len(results)
    assert sum(value[f"statements.{key}"] for key in shown.KEYS) == len(results)
    assert [row[1] for row in shown.verdicts(results).rows] == [
        f"{value[f'statements.{key}']:g}件" for key in shown.KEYS
    ]


def test_every_statement_stands_in_one_group_and_every_link_finds_it(
    plan: Study, results: list[Result]
) -> None:
    groups = "".join(shown.group(plan, results, key).html() for key in shown.KEYS)
    there = re.findall(r'<tr id="(C\d+)">', groups)
    assert sorted(there) == sorted(one.id for one in results)
    lists = shown.in_order(results).html() + shown.important(results).html()
    assert set(re.findall(r'href="#(C\d+)"', lists)) == set(there)


def test_a_card_shows_reading_numbers_wording_and_cells(plan: Study, results: list[Result]) -> None:
    html = shown.group(plan, results, "qualified").html()
    for label in ("読み方", "計算", "限定した読み方", "合う表現", "元のセル"):
        assert f">{label}</dt>" in html
    assert "図表2-10</span>　行：再犯者数・検挙人員" in html


def test_the_tables_travel_as_tables_and_texts_are_escaped(
    plan: Study, results: list[Result]
) -> None:
    payload = shown.group(plan, results, "disagree")._repr_mimebundle_()[MIME]
    assert set(payload) == {"id", "caption", "html", "csv", "notes"}
    assert payload["csv"].startswith("番号,判定,箇所")
    assert shown._text("<b>令和4(2022)年") == '&lt;b&gt;<span class="whole">令和4(2022)年</span>'
