"""Notebook 01's tables on the published data."""

from __future__ import annotations

import pytest

from minato_analysis.analyses import quality
from minato_analysis.study import Study, begin


@pytest.fixture(scope="module")
def study() -> Study:
    return begin("test", edition="2024", area_code="13103", source_id="minato-plan-draft-2024-12", first_year=2017,
                 last_year=2022, groups_first_year=2018, target_year=2029, confidence=0.95)  # fmt: skip


def test_counts_of_identities_and_values_agree_with_the_tables(study: Study) -> None:
    results = quality.record_identities(study)
    facts = study.facts
    assert facts.get("data.values.total").value == len(study.rows)
    assert facts.get("data.identities.held").value + facts.get(
        "data.identities.broken"
    ).value == len(results)
    table = quality.identities(results)
    assert sum(int(row[3]) for row in table.rows) == len(results)
    coverage = quality.coverage(study, results)
    assert sum(int(row[3]) for row in coverage.rows) == len(study.rows)
    protected = sum(int(row[4]) for row in coverage.rows)
    assert protected == facts.get("data.values.in_identities").value


def test_a_cell_of_two_values_is_covered_value_by_value(study: Study) -> None:
    results = [
        one for one in quality.checks.evaluate(study.rows, *quality.checks.load(study.folder))
    ]
    only = [one for one in results if one.identity == "E2-104"]
    covered = {row[0]: row for row in quality.coverage(study, only).rows}
    cannabis = next(row for title, row in covered.items() if title.startswith("図表3-2"))
    # 6 stations in 5 years stand in that identity with their persons; their reoffenders do not
    # (except where both numbers of a cell are the same).
    same = study.rows[(study.rows["table"] == "3-2") & (study.rows["station"] != "all")]
    pairs = same.pivot_table(index=["year", "station"], columns="measure", values="value")
    assert int(cannabis[4]) == 30 + int((pairs["persons_arrested"] == pairs["reoffenders"]).sum())


def test_every_definition_and_missing_chart_is_listed(study: Study) -> None:
    assert len(quality.definitions(study).rows) == study.rows["definition"].nunique()
    missing = quality.missing(study)
    assert [row[0] for row in missing.rows][:3] == ["図表2-2", "図表2-7", "図表2-●"]
    assert study.facts.get("data.charts_without_numbers.total").value == len(missing.rows)
