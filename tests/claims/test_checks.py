"""Identities between tables: they hold today, and every one of them can fail."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from minato_analysis import data
from minato_analysis.claims import checks


@pytest.fixture(scope="module")
def world(repository: Path) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    return data.observations(repository), checks.load(repository)[0]


def test_all_identities_hold_on_the_published_tables(world: Any) -> None:
    results = checks.evaluate(*world)
    assert len(results) > 200
    assert [one.identity for one in results if not one.holds] == []


def test_each_identity_fails_when_one_of_its_cells_changes(world: Any) -> None:
    rows, identities = world
    results = checks.evaluate(rows, identities)
    for identity in identities:
        one = next(result for result in results if result.identity == identity["id"])
        source, rest = one.left_cells[0].address.split("/", 1)
        table, row, column = rest.split("!")
        here = (
            (rows["source_id"] == source)
            & (rows["table"] == table)
            & (rows["row"] == row)
            & (rows["column"] == column)
            & (rows["value"] == float(one.left_cells[0].value))
        )
        damaged = rows.copy()
        # Enough to lift any part above its whole, and any share by more than rounding.
        damaged.loc[here, "value"] += 10**7
        broken = [result for result in checks.evaluate(damaged, [identity]) if not result.holds]
        assert broken, identity["id"]


def change(rows: pd.DataFrame, value: float, **where: Any) -> pd.DataFrame:
    damaged = rows.copy()
    here = pd.Series(data=True, index=rows.index)
    for column, wanted in where.items():
        here &= rows[column] == wanted
    assert here.sum() == 1
    damaged.loc[here, "value"] = value
    return damaged


CELL = {"table": "3-2", "station": "東京湾岸", "year": 2022, "measure": "persons_arrested"}


def test_the_sentence_names_file_numbers_first_cells_and_the_way_out(
    world: Any, repository: Path
) -> None:
    rows, identities = world
    results = checks.evaluate(change(rows, 9, **CELL), identities)
    assert {one.identity for one in results if not one.holds} == {"E2-103", "E2-104"}
    with pytest.raises(checks.BrokenIdentity) as stopped:
        checks.enforce(results, data.files(repository))
    sentence = next(line for line in str(stopped.value).splitlines() if line.startswith("E2-104"))
    assert "data/published/minato-plan-draft-2024-12/t3-02.csv 2022" in sentence
    assert "47 ≠ 右辺 46（差 +1）" in sentence
    # No single slip turns 0 into -1, so the station with 0 is not among the cells to look at first.
    assert "愛宕" not in sentence
    assert "まず 三田 令和4(2022)年（2）、高輪 令和4(2022)年（8）" in sentence
    assert "known_discrepancies.yaml" in sentence


def test_a_known_discrepancy_is_a_warning_until_the_source_is_corrected(world: Any) -> None:
    rows, identities = world
    damaged = change(rows, 9, **CELL)
    known = [
        {
            "identity": "E2-104",
            "key": {"year": 2022},
            "expect": {"left": 47, "right": 46},
            "reason": "照会済み",
        },
        {
            "identity": "E2-103",
            "key": {"year": 2022, "measure": "persons_arrested"},
            "expect": {"left": 47, "right": 46},
            "reason": "照会済み",
        },
    ]
    results = checks.evaluate(damaged, identities, known)
    assert sum(one.known for one in results) == 2
    checks.enforce(results, {})
    with pytest.raises(checks.BrokenIdentity, match="E2-EXPECT"):
        checks.evaluate(rows, identities, known)


def test_an_identity_that_meets_no_data_is_refused(world: Any) -> None:
    rows, _ = world
    orphan = {"id": "E2-999", "kind": "equal", "by": ["year"], "title": "x",
              "left": {"table": "9-9"}, "right": {"table": "2-4"}}  # fmt: skip
    with pytest.raises(checks.BrokenIdentity, match="E2-EMPTY E2-999"):
        checks.evaluate(rows, [orphan])


def test_suspects_prefer_the_cell_that_breaks_most_and_one_slip_explains(world: Any) -> None:
    rows, identities = world
    where = {"table": "2-10", "measure": "reoffenders", "year": 2020}
    results = checks.evaluate(change(rows, 418, **where), identities)
    broken = [one for one in results if not one.holds]
    assert {one.identity for one in broken} == {"E2-111", "E2-202"}
    for one in broken:
        assert checks.suspects(one, results)[0].value == Decimal(418)
