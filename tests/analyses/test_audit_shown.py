"""The audit report's tables: what stops the build, and what the big table says of a number."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from minato_analysis.analyses import audit_shown
from minato_analysis.analyses.audit_shown import Contradicted
from minato_analysis.audit import formulas
from minato_analysis.data.study import Study
from minato_analysis.numbers import facts
from minato_analysis.numbers.facts import MIME, FactBook
from minato_analysis.project.editions import Correction, corrected

CELLS = [
    "minato-plan-draft-2024-12/2-10!検挙人員!令和4(2022)年",
    "minato-plan-draft-2024-12/2-10!再犯者数!令和4(2022)年",
]


@pytest.fixture
def study(published: Study, scratch: Path, live: Path) -> Study:
    """A study in a scratch folder with one executed notebook, which prints one share."""
    (scratch / "notebooks").mkdir()
    (scratch / "notebooks/02_trends.ipynb").write_text("{}", encoding="utf-8")
    (scratch / "notebooks/audit_report.ipynb").write_text("{}", encoding="utf-8")
    shutil.copy(live / "notebooks/formulas.yaml", scratch / "notebooks")
    (scratch / "reports/2024").mkdir(parents=True)
    shutil.copy(live / "reports/2024/edition.yaml", scratch / "reports/2024")
    (scratch / "notebooks/pages.yaml").write_text("02_trends: {label: 推移}\n", encoding="utf-8")
    found = replace(
        published, folder=scratch, notebook="audit_report", facts=FactBook("audit_report")
    )
    executed(found, 49.0028490028)
    return found


def executed(of: Study, value: float) -> None:
    book = FactBook("02_trends")
    share = "100 * reoffenders / persons_arrested"
    book.record("a.share", value, unit="percent", digits=1, from_=CELLS, formula=share)
    book.record("a.p", 0.12, unit="p_value", digits=3, from_=CELLS, formula="p of the slope")
    rows = [facts.entry(one) for one in book]
    notebook = {
        "cells": [
            {"cell_type": "markdown", "source": '割合は{{ fact("a.share") }}です。'},
            {"cell_type": "code", "source": "", "outputs": [{"data": {MIME: rows}}]},
        ]
    }
    folder = of.folder / "build" / of.parameters.edition / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "02_trends.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def test_each_number_has_its_row(study: Study) -> None:
    table = audit_shown.numbers(study, audit_shown.reckon(study))
    rows = {row[0]: row for row in table.rows}
    assert rows["a.share"][1:3] == ("49.0%", "推移")
    assert rows["a.share"][4:6] == ("一致 49.0%（0）", "最新")
    assert rows["a.p"][2] == "表・一覧のみ"
    assert rows["a.p"][4:6] == ("再実行で照合", "最新")
    assert {one.id for one in study.facts} < set(rows)


def test_a_row_says_the_formula_in_japanese_and_links_each_printed_cell(study: Study) -> None:
    table = audit_shown.numbers(study, audit_shown.reckon(study))
    formula = next(row[3] for row in table.rows if row[0] == "a.share")
    assert formula.startswith("100 × 再犯者数 ÷ 検挙人員 ← 図表2-10 ")
    assert "「1,053 人」" in formula
    assert "「516 人」" in formula
    html = table.html()
    assert '<code id="n-a.share">a.share</code>' in html
    links = re.findall(r'href="printed_tables\.html#2-10\.(\d+)\.(\d+)"', html)
    with (study.folder / "data/published/minato-plan-draft-2024-12/t2-10.csv").open() as stream:
        grid = list(csv.reader(stream))
    assert {grid[int(line) - 1][int(column) - 1] for line, column in links} == {
        "1,053 人",
        "516 人",
    }


def test_a_row_can_be_cited_and_the_list_is_not_carried_twice(study: Study) -> None:
    table = audit_shown.numbers(study, audit_shown.reckon(study))
    cited = next(row[6] for row in table.rows if row[0] == "a.share")
    assert cited.startswith("49.0%（「港区の再犯者の割合」2024年度版、")
    assert cited.endswith("、audit_report.html#n-a.share）")
    assert table.json()["csv"] == ""


def test_a_row_tells_what_a_correction_changed_or_took_back(study: Study) -> None:
    file = study.folder / "reports/2024/edition.yaml"
    one = Correction(
        date="2027-01-09", why="b", changed={"a.share": "48.9%"}, withdrawn={"a.gone": "7人"}
    )
    file.write_text(corrected(file.read_text(encoding="utf-8"), one), encoding="utf-8")
    table = audit_shown.numbers(study, audit_shown.reckon(study))
    states = {row[0]: row[5] for row in table.rows}
    assert states["a.share"] == "訂正あり（2027-01-09、訂正前 48.9%）"
    assert states["a.gone"] == "取り下げ（2027-01-09、それまで 7人）"
    assert states["a.p"] == "最新"
    assert '<code id="n-a.gone">' in table.html()


def test_every_formula_of_the_edition_is_said_in_japanese_with_its_numbers(complete: Path) -> None:
    said = formulas.load(complete)
    recorded = facts.loads((complete / "reports/2024/facts.json").read_text(encoding="utf-8"))
    told = {one.formula: said.japanese(one.formula) for one in recorded}
    assert [formula for formula, japanese in told.items() if japanese is None] == []
    for formula, japanese in told.items():
        assert set(re.findall(r"\d+", formula)) <= set(re.findall(r"\d+", japanese or "")), formula


def test_the_counts_are_facts(study: Study) -> None:
    audit_shown.reckon(study)
    found = {one.id: one.value for one in study.facts}
    assert (found["audit.numbers.total"], found["audit.numbers.in_prose"]) == (2, 1)
    assert (found["audit.numbers.recomputed"], found["audit.numbers.rerun"]) == (1, 1)


def test_a_number_its_own_formula_contradicts_stops_the_build(study: Study) -> None:
    executed(study, 48.0)
    with pytest.raises(Contradicted, match=r"E5-RECOMPUTE a\.share: 掲載値 48\.0%"):
        audit_shown.reckon(study)


def test_exceptions_are_listed_or_said_to_be_none(study: Study) -> None:
    kinds = {row[0]: row for row in audit_shown.exceptions(study).rows}
    assert kinds["宣言した許容差"][1:] == ("なし", "公表の桁で比べる")
    entry = '- {fact: "a.*", tolerance: 0.5, reason: r}\n'
    (study.folder / "data/tolerances.yaml").write_text(entry, encoding="utf-8")
    kinds = {row[0]: row for row in audit_shown.exceptions(study).rows}
    assert kinds["宣言した許容差"][1:] == ("a.*", "0.5")


def test_the_tables_that_tell_how_to_repeat_it_are_complete(study: Study) -> None:
    assert [row[0] for row in audit_shown.verdicts().rows] == ["0", "1", "2"]
    assert [row[0] for row in audit_shown.levels().rows] == ["L1", "L2", "L3", "L4"]
    assert any("--tamper-test" in row[0] for row in audit_shown.commands(study).rows)
    assert len(audit_shown.tampering().rows) >= 26
    assert sum(int(row[2]) for row in audit_shown.identities(study).rows) > 300
    assert all(row[1].strip("　") == "" for row in audit_shown.signature().rows)
