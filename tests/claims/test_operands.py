"""Operands: what each kind stands for, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from minato_analysis.claims.errors import NotPublished, StatementError
from minato_analysis.claims.operands import resolve
from minato_analysis.claims.series import Recorded, World
from minato_analysis.numbers.facts import Fact, FactError
from tests.claims.worlds import frame, rows

N, K = [100, 200, 400], [40, 60, 200]


@pytest.fixture
def world() -> World:
    return World(
        rows=frame(
            rows("1", N),
            rows("1", K, measure="reoffenders"),
            rows("2", [10, 20, 30], station="東"),
            rows("2", [1, 2, 3], station="西"),
            rows("2", [11, 22, 33], station="all"),
        ),
        named={
            "all": {"cells": {"table": "1", "measure": "persons_arrested"}, "label": "全員"},
            "re": {"cells": {"table": "1", "measure": "reoffenders"}, "label": "再犯者"},
            "share": {"share": {"of": "re", "in": "all"}},
        },
        document={
            "first": Recorded("first", 2025, "最初", "第1章", "doc/text!1", "fiscal_year"),
            "last": Recorded("last", 2029, "最後", "第1章", "doc/text!1", "fiscal_year"),
            "from": Recorded("from", "2017-12", "第一次", "第1章", "doc/text!2"),
            "to": Recorded("to", "2023-03", "第二次", "第1章", "doc/text!3"),
        },
        facts={
            f"city.share.{year}": Fact(f"city.share.{year}", 40.0 + year - 2018, "", "percent", 1,
                                       "", ("a",), "n")
            for year in (2018, 2019)
        },
        names={"area": "city", "last": "2019"},
    )  # fmt: skip


def values(spec: Any, world: World) -> list[float]:
    return [point.value for point in resolve(spec, world).points]


def test_cells_are_summed_by_year_and_keep_their_addresses(world: World) -> None:
    stations = resolve({"cells": {"table": "2", "station": {"not": "all"}}}, world)
    assert [point.value for point in stations.points] == [11, 22, 33]
    assert len(stations.points[0].cells) == 2
    assert stations.cells[0] == "made-up/2!persons_arrested 東 all all!2018"


def test_shares_keep_both_counts(world: World) -> None:
    share = resolve("share", world)
    assert [point.value for point in share.points] == [40, 30, 50]
    assert share.last.pair == (200, 400)
    assert share.label == "全員に占める再犯者の割合"


def test_pooled_shares_add_the_counts_not_the_shares(world: World) -> None:
    (point,) = resolve({"pooled": "share"}, world).points
    assert point.value == pytest.approx(100 * 300 / 700)
    assert point.when == "平成30(2018)年から令和2(2020)年までの合計"
    assert values({"pooled": "all"}, world) == [700]


def test_less_and_sum_work_by_year(world: World) -> None:
    assert values({"less": {"of": "all", "without": "re"}}, world) == [60, 140, 200]
    assert values({"sum": ["all", "re"]}, world) == [140, 260, 600]
    with pytest.raises(StatementError, match="一部が全体を超え"):
        resolve({"less": {"of": "re", "without": "all"}}, world)


def test_years_narrow_a_series_and_its_cells(world: World) -> None:
    assert values({"of": "all", "years": [2019, 2020]}, world) == [200, 400]
    assert values({"of": "all", "years": "first"}, world) == [100]
    last = resolve({"of": "share", "years": 2020}, world)
    assert {cell.rsplit("!", 1)[1] for cell in last.cells} == {"2020"}
    with pytest.raises(NotPublished):
        resolve({"of": "all", "years": 2050}, world)


def test_numbers_of_the_document(world: World) -> None:
    first, last = {"document": "first"}, {"document": "last"}
    assert values({"span": [first, last]}, world) == [5]
    middle = resolve({"middle": [first, last]}, world)
    assert middle.text(middle.last) == "令和9(2027)年度"
    assert values({"months": ["from", "to"]}, world) == [63]
    assert values({"remainder": [2006, 2024, 3]}, world) == [0]
    assert values({"fall": [200, 50]}, world) == [75]
    with pytest.raises(StatementError, match="数ではありません"):
        resolve({"document": "from"}, world)


def test_facts_by_year_and_one_by_one(world: World) -> None:
    every = resolve({"facts": "{area}.share.*"}, world)
    assert [point.year for point in every.points] == [2018, 2019]
    assert values({"facts": "{area}.share.{last}"}, world) == [41.0]
    with pytest.raises(StatementError, match="当たる数値がありません"):
        resolve({"facts": "{area}.nothing.*"}, world)
    with pytest.raises(FactError):
        resolve({"facts": "{area}.nothing"}, world)


def test_a_selector_that_finds_nothing_is_not_published(world: World) -> None:
    with pytest.raises(NotPublished):
        resolve({"cells": {"table": "9"}}, world)


@pytest.mark.parametrize(
    "spec",
    ["nobody", {"cells": {"no_column": "1"}}, {"total": "all"}, {"of": "all", "year": 2018}, [1],
     {"cells": {"table": "1"}, "share": {"of": "re", "in": "all"}}],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused(spec: Any, world: World) -> None:
    with pytest.raises(StatementError):
        resolve(spec, world)


def test_values_that_cannot_be_added_are_refused(world: World) -> None:
    assert world.rows is not None
    mixed = World(rows=frame(rows("1", N), rows("1", [4.0], measure="share", unit="percent")))
    with pytest.raises(StatementError, match="単位の違う"):
        resolve({"cells": {"table": "1"}}, mixed)
    twice = World(rows=frame(rows("1", N), rows("1", N, source_id="second")))
    with pytest.raises(StatementError, match="重複"):
        resolve({"cells": {"table": "1"}}, twice)
