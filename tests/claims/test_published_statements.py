"""``data/statements.yaml``: complete, readable, and resting on the cells it names."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from minato_analysis import data
from minato_analysis.claims.evaluate import VERDICTS, Result, evaluate, world_of
from minato_analysis.claims.operands import resolve
from minato_analysis.claims.read import Statements, load
from minato_analysis.cleaning.text import label


@pytest.fixture(scope="module")
def statements(repository: Path) -> Statements:
    return load(repository)


@pytest.fixture(scope="module")
def rows(repository: Path) -> pd.DataFrame:
    return data.observations(repository)


@pytest.fixture(scope="module")
def results(statements: Statements, rows: pd.DataFrame, repository: Path) -> dict[str, Result]:
    return {one.id: one for one in evaluate(statements, world_of(statements, rows, repository))}


def test_the_first_eighty_two_are_there_once_each(statements: Statements) -> None:
    ids = [one.id for one in statements.items]
    assert ids[:82] == [f"C{number:03}" for number in range(1, 83)]
    assert ids == sorted(set(ids))


def test_every_statement_has_a_verdict_with_its_computation(results: dict[str, Result]) -> None:
    for one in results.values():
        assert one.verdict in VERDICTS
        assert one.cells, one.id
        if one.statement.test or one.statement.why:
            assert one.computed, one.id
        if one.verdict != "一致":
            assert one.suggestion, one.id
        assert "{" not in one.computed + one.suggestion + one.reading


def test_what_the_printed_tables_decide_is_decided_so(results: dict[str, Result]) -> None:
    def verdict(id: str) -> str:
        return results[id].verdict

    # Checked by hand against the printed tables.
    assert [verdict(id) for id in ("C001", "C014", "C015", "C016", "C020", "C030", "C040")] == (
        ["一致"] * 7
    )
    assert "前の年より高くなっていない年：令和2(2020)年、令和4(2022)年" in results["C029"].strict
    assert verdict("C029") == verdict("C023") == verdict("C039") == verdict("C045") == "要限定"
    assert verdict("C013") == verdict("C059") == "不一致"
    assert verdict("C033") == "検証不能（数値未掲載）"
    # Of the police table: fewest in 2021, every year since above the one before, 2,980 of 3,474 (86 %).
    assert [verdict(id) for id in ("C007", "C008", "C017")] == ["要限定", "一致", "要限定"]
    assert "0.86倍" in results["C017"].strict
    # The national share fell from 2020 to 2023; two of six stations and one of 15 cells were picked.
    assert [verdict(id) for id in ("C003", "C036", "C041")] == ["要限定"] * 3
    assert "15通りから選んだことを見込むとp値0.2" in results["C041"].strict
    assert "15通りから選んだことを見込むとp値0.065" in results["C036"].strict
    assert "41個" in results["C043"].computed
    assert "78%" in results["C006"].computed


def test_few_statements_are_marked_as_important(statements: Statements) -> None:
    assert sum(one.important for one in statements.items) == 8


def test_every_series_and_record_is_used(statements: Statements) -> None:
    text = repr([(one.test, one.weaker, one.show) for one in statements.items])
    named = text + repr(statements.series)
    for name in statements.series:
        assert f"'{name}'" in named, name
    for name in statements.document:
        assert f"'{name}'" in text, name


def test_every_address_of_a_value_is_that_of_a_printed_cell(
    results: dict[str, Result], rows: pd.DataFrame, statements: Statements
) -> None:
    printed = set(
        rows["source_id"] + "/" + rows["table"] + "!" + rows["row"] + "!" + rows["column"]
    )
    for one in results.values():
        for cell in one.cells:
            assert cell in printed or cell.startswith(f"{statements.source}/text!"), (one.id, cell)


CASES, CAUGHT = "recognised_cases", "persons_arrested"
MUTATIONS: list[tuple[str, dict[str, Any], float, str]] = [
    ("C001", {"table": "2-1", "area_code": "00000", "year": 2022, "measure": CASES}, 568104, "不一致"),
    ("C002", {"table": "2-1", "area_code": "13000", "year": 2020, "measure": CASES}, 75000, "不一致"),
    ("C006", {"table": "prose", "year": 2021, "measure": CASES}, 3328, "不一致"),
    ("C014", {"table": "2-1", "area_code": "00000", "year": 2010, "measure": CAUGHT}, 332888, "不一致"),
    ("C016", {"table": "2-1", "area_code": "13000", "year": 2006, "measure": CAUGHT}, 58837, "不一致"),
    ("C019", {"table": "2-4", "offence": "penal_code", "year": 2022}, 862, "不一致"),
    ("C020", {"table": "2-4", "offence": "violent", "year": 2019}, 373, "不一致"),
    ("C021", {"table": "3-2", "station": "麻布", "year": 2022, "measure": CAUGHT}, 23, "不一致"),
    ("C022", {"table": "2-6", "offence": "drugs", "year": 2022}, 173, "要限定"),
    ("C023", {"table": "2-6", "offence": "cannabis", "year": 2020}, 60, "不一致"),
    ("C028", {"table": "2-10", "measure": CAUGHT, "year": 2022}, 1700, "不一致"),
    ("C030", {"table": "2-10", "measure": "reoffenders", "year": 2022}, 510, "不一致"),
    ("C037", {"table": "3-2", "station": "麻布", "year": 2022, "measure": CAUGHT}, 40, "不一致"),
    ("C039", {"table": "3-3", "age_band": "20-29", "year": 2022}, 20, "不一致"),
    ("C040", {"table": "3-4", "station": "東京湾岸", "year": 2022, "measure": CAUGHT}, 64, "不一致"),
    ("C041", {"table": "3-4", "station": "三田", "year": 2022, "measure": "reoffenders"}, 12, "一致"),
    ("C045", {"table": "3-7", "area_code": "13103", "year": 2024, "measure": "probation_officers"}, 77,
     "不一致"),
    ("C046", {"table": "3-7", "area_code": "13103", "year": 2024, "measure": "probation_officers"}, 78,
     "不一致"),
    ("C049", {"table": "3-8", "area_code": "13000", "year": 2023, "measure": "released_without_home"}, 300,
     "不一致"),
    ("C056", {"table": "2-10", "measure": "reoffenders", "year": 2017}, 740, "不一致"),
    ("C057", {"table": "2-10", "measure": "reoffenders", "year": 2022}, 530, "一致"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("id", "where", "value", "verdict"), MUTATIONS, ids=[one[0] for one in MUTATIONS]
)
def test_changing_a_cell_a_statement_rests_on_flips_its_verdict(
    id: str,
    where: dict[str, Any],
    value: float,
    verdict: str,
    statements: Statements,
    rows: pd.DataFrame,
    results: dict[str, Result],
    repository: Path,
) -> None:
    here = pd.Series(data=True, index=rows.index)
    for column, wanted in where.items():
        here &= (rows[column] == wanted).fillna(value=False)
    assert here.sum() == 1
    damaged = rows.copy()
    damaged.loc[here, "value"] = value
    only = Statements(
        statements.source,
        statements.sources,
        statements.series,
        statements.document,
        tuple(one for one in statements.items if one.id == id),
    )
    (changed,) = evaluate(only, world_of(statements, damaged, repository))
    assert results[id].verdict != verdict
    assert changed.verdict == verdict, changed.computed


def test_the_document_records_stand_where_the_text_is(statements: Statements) -> None:
    for one in statements.document.values():
        assert one.place, one.id
        assert one.address.rpartition("!")[2][:1].isdigit(), one.id


def test_named_operands_resolve_or_wait_for_numbers(
    statements: Statements, rows: pd.DataFrame, repository: Path
) -> None:
    world = world_of(statements, rows, repository)
    waiting = Counter()
    for name in statements.series:
        try:
            assert label(resolve(name, world).label), name
        except LookupError:
            waiting[name] += 1
    assert set(waiting) == {
        "ward.penal.reoffenders",
        "ward.penal.share",
        "ward.drugs.reoffenders",
        "ward.drugs.share",
        "tokyo.cannabis.share",
        "nation.cannabis.share",
        "ward.stimulants.share",
    }
