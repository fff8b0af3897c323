"""Notebook 07's counts and tables on a made-up register."""

from __future__ import annotations

from dataclasses import replace

import pytest

from minato_analysis.analyses import measures, measures_shown
from minato_analysis.analyses.measures import Register
from minato_analysis.data import measures as registers
from minato_analysis.data.measures import Link, Links, Measure, Number, Status
from minato_analysis.data.study import Study
from tests.analyses import worlds


def measure(number: str, name: str, flag: str = "", department: str = "安全課") -> Measure:
    policy = number[1]
    return Measure(
        number,
        "1",
        policy,
        f"施策{policy}の名",
        name,
        name,
        name,
        flag,
        flag,
        flag,
        "7",
        department,
        "計画",
    )


def register(status: tuple[Status, ...] = ()) -> Register:
    every = (
        measure("01-01", "見回り", "新規"),
        replace(measure("01-02", "相談", "拡充", "安全課／福祉課"), flag_at_measure=""),
        replace(measure("02-01", "住まい", department=""), name_at_measure=""),
    )
    numbers = (
        Number("share", "再犯者の割合", "指標", "indicator", "2-10", "02"),
        Number("hidden", "図だけの数値", "図", "chart", "3-9", "01"),
    )
    links = (
        Link("01-01", "share", "direct", "その人への取組です。"),
        Link("01-01", "hidden", "indirect", "関わります。"),
        Link("01-02", "hidden", "indirect", "関わります。"),
    )
    found = registers.differences(every)
    return Register(every, found, Links(numbers, links, {"02-01": "数値がありません。"}), status)


@pytest.fixture
def study() -> Study:
    study = worlds.study(worlds.rows("1-1", {2022: 1.0}, measure="persons_arrested"))
    found = register()
    measures.record_register(study, found)
    measures.record_links(study, found)
    measures.record_status(study, found)
    return study


def test_counts_are_those_of_the_register(study: Study) -> None:
    counted = {one.id.removeprefix("measures."): one.value for one in study.facts}
    assert counted == {
        "total": 3, "policy_1": 2, "policy_2": 1, "new": 1, "expanded": 1, "policies": 2,
        "departments": 2, "plans": 1, "differences.name": 0, "differences.flag": 1,
        "differences.heading": 1, "linked": 1, "charts_only": 1, "unlinked": 1, "direct": 1,
        "indicator": 1, "numbers": 2, "numbers.printed": 1,
        "status.rows": 0, "status.measures": 0, "status.years": 0,
    }  # fmt: skip


def test_facts_name_the_measures_they_count(study: Study) -> None:
    assert study.facts.get("measures.new").observations == ("made-up/measures!01-01!flag",)
    assert study.facts.get("measures.unlinked").observations == ("made-up/measures!02-01!number",)
    assert study.facts.get("measures.total").display == "3件"


def test_status_is_empty_until_the_ward_fills_it_in() -> None:
    empty = measures_shown.policy(register(), "1")
    assert empty.columns[-1] == "状況"
    assert {row[-1] for row in empty.rows} == {"未記入"}
    filled = register(
        (Status("01-01", 2025, "実施", ""), Status("01-02", 2026, "準備中", "人員の調整"))
    )
    table = measures_shown.policy(filled, "1")
    assert table.columns[-2:] == ("令和7(2025)年度", "令和8(2026)年度")
    assert [row[-2:] for row in table.rows] == [
        ("実施", "未記入"),
        ("未記入", "準備中（人員の調整）"),
    ]
    facts = worlds.study(worlds.rows("1-1", {2022: 1.0}, measure="persons_arrested"))
    measures.record_status(facts, filled)
    assert [one.value for one in facts.facts] == [2, 2, 2]


def test_a_policy_lists_names_marks_departments_and_numbers() -> None:
    rows = measures_shown.policy(register(), "1").rows
    assert rows[0][:5] == ("01-01", "見回り【新規】", "安全課", "計画", "指標、図")
    assert rows[1][:5] == ("01-02", "相談【拡充】", "安全課、福祉課", "計画", "図")
    unknown = measures_shown.policy(register(), "2")
    assert unknown.rows[0][2:5] == ("不明", "計画", "なし")
    assert any("所管課がない" in note for note in unknown.notes)


def test_numbers_and_reasons_show_every_link_once() -> None:
    found = register()
    assert measures_shown.numbers(found).rows == (
        ("再犯者の割合", "図表2-10", "計画の指標", "01-01", "なし"),
        ("図だけの数値", "図表3-9", "図だけで数値なし", "なし", "01-01、01-02"),
    )
    assert [row[:3] for row in measures_shown.reasons(found).rows] == [
        ("01-01", "再犯者の割合", "直接"),
        ("01-01", "図だけの数値", "間接"),
        ("01-02", "図だけの数値", "間接"),
        ("02-01", "なし", "なし"),
    ]


def test_differences_show_both_forms_and_vanish_when_there_are_none() -> None:
    table = measures_shown.differences(register())
    assert table is not None
    assert [row[:4] for row in table.rows] == [
        ("01-02", "新規・拡充", "拡充", "（印なし）"),
        ("02-01", "見出し", "住まい", "（見出しなし）"),
    ]
    assert measures_shown.differences(replace(register(), differences=())) is None


def test_counts_add_up() -> None:
    rows = measures_shown.counts(register()).rows
    assert [row[1:] for row in rows] == [("2", "1", "1"), ("1", "0", "0"), ("3", "1", "1")]


def test_the_published_plan(published: Study) -> None:
    """44 measures; the three groups of links leave none out."""
    found = measures.read(published)
    measures.record_register(published, found)
    measures.record_links(published, found)
    value = {one.id.removeprefix("measures."): one.value for one in published.facts}
    assert value["total"] == 44 == value["linked"] + value["charts_only"] + value["unlinked"]
    assert (value["new"], value["expanded"]) == (6, 2)
    assert [value[f"policy_{policy}"] for policy in found.policies] == [8, 8, 10, 12, 6]
