"""Notebook 01's facts and tables on the published data."""

from __future__ import annotations

from decimal import Decimal

import pytest

from minato_analysis.analyses import quality, quality_shown
from minato_analysis.claims import mutation
from minato_analysis.data.study import Study
from tests import specimen


@pytest.fixture(scope="module")
def study() -> Study:
    return specimen.study()


def test_counts_of_identities_and_values_agree_with_the_tables(study: Study) -> None:
    results = quality.record_identities(study)
    facts = study.facts
    assert facts.get("data.values.total").value == len(study.rows)
    assert facts.get("data.identities.held").value + facts.get(
        "data.identities.broken"
    ).value == len(results)
    table = quality_shown.identities(results)
    assert sum(int(row[3]) for row in table.rows) == len(results)
    coverage = quality_shown.coverage(study, results)
    assert sum(int(row[3]) for row in coverage.rows) == len(study.rows)
    protected = sum(int(row[5]) for row in coverage.rows)
    assert protected == facts.get("data.values.in_identities").value


def test_a_cell_of_two_values_is_covered_value_by_value(study: Study) -> None:
    results = quality.checks.evaluate(study.rows, *quality.checks.load(study.folder))
    only = [one for one in results if one.identity == "E2-104"]
    covered = {row[0]: row for row in quality_shown.coverage(study, only).rows}
    cannabis = next(row for title, row in covered.items() if title.startswith("図表3-2"))
    # 6 stations in 5 years stand in that identity with their persons; their reoffenders do not.
    assert int(cannabis[5]) == 30


def test_the_one_jump_is_shown_with_its_values_and_reason(study: Study) -> None:
    found = quality.record_plausibility(study)
    facts = study.facts
    assert facts.get("data.plausibility.errors").value == 0
    assert facts.get("data.plausibility.warnings").value == len(found.findings) == 1
    assert facts.get("data.plausibility.unexplained").value == 0
    shown = quality_shown.findings(found)
    assert shown.rows[0][0] == "E2-453"
    assert "437／1,087" in shown.rows[0][2]
    assert "照会が必要" in shown.rows[0][4]
    rules = quality_shown.rules(found)
    assert sum(int(row[3]) for row in rules.rows) == len(found.changes)


def number(text: str) -> int:
    return int(text.replace(",", ""))


def test_slips_are_counted_alike_by_table_and_by_kind(study: Study) -> None:
    found = quality.record_mutation(study)
    total = study.facts.get("data.mutation.total").value
    by_table = quality_shown.slips_by_table(study, found)
    assert len(by_table.rows) == 12
    assert sum(number(row[1]) for row in by_table.rows[:-1]) == total
    assert number(by_table.rows[-1][1]) == total
    by_kind = quality_shown.slips_by_kind(found)
    assert sum(number(row[1]) for row in by_kind.rows) == total
    for row in (*by_table.rows, *by_kind.rows):
        tried, *stopped, missed = map(number, row[1:6])
        assert tried == sum(stopped) + missed
    share = study.facts.get("data.mutation.share").value
    assert share == pytest.approx(mutation.stopped(found), rel=1e-9)


def test_every_loosely_checked_cell_is_named(study: Study) -> None:
    found = mutation.load(study.folder)
    shown = quality_shown.loose_cells(study, found)
    cells = found[~found["exact"]].drop_duplicates(["table", "row", "column"])
    assert sum(int(row[2]) for row in shown.rows) == len(cells)
    unprotected = [row[0] for row in shown.rows if row[3] == "なし"]
    assert unprotected == ["図表2-1 東京都/刑法犯認知件数(件)", "図表2-1 東京都/刑法犯検挙人員(人)"]


def test_values_printed_elsewhere_are_all_held_against_the_plan(study: Study) -> None:
    rows = quality.record_second_prints(study)
    shown = quality_shown.second_prints(rows)
    assert sum(int(row[2]) for row in shown.rows) == len(rows)
    results = quality.checks.evaluate(study.rows, *quality.checks.load(study.folder))
    compared = [one for one in results if one.identity in ("E2-120", "E2-121")]
    assert len(compared) == len(rows)
    assert all(one.left == one.right > Decimal(0) for one in compared)


def test_every_definition_and_missing_chart_is_listed(study: Study) -> None:
    assert len(quality_shown.definitions(study).rows) == study.rows["definition"].nunique()
    reach = {row[0]: row for row in quality_shown.reach(study).rows}
    assert reach["区内警察署の検挙人員（刑法犯と薬物の三つの法律）"][3] == "2017〜2022年"
    missing = quality.missing(study)
    assert [row[0] for row in missing.rows][:3] == ["図表2-2", "図表2-7", "図表2-●"]
    assert study.facts.get("data.charts_without_numbers.total").value == len(missing.rows)
