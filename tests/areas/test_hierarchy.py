"""Totals among the areas are found by code, by name and by their numbers; nothing else is taken for one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.areas import world

from minato_analysis.areas import hierarchy, table
from minato_analysis.areas.errors import AreasError

WARDS = [
    *world.rows("99101", (200, 92), (210, 96), name="架空市第1区", first=2021),
    *world.rows("99102", (100, 47), (110, 50), name="架空市第2区", first=2021),
    *world.rows("99201", (60, 27), (64, 30), name="乙町", first=2021),
]


def refused(folder: Path, *rows: str) -> list[str]:
    with pytest.raises(AreasError) as error:
        table.read(world.table(folder, *rows))
    return str(error.value).splitlines()


def test_a_prefecture_and_a_city_beside_their_parts_are_refused_by_name(tmp_path: Path) -> None:
    city = world.rows("99100", (300, 139), (320, 146), name="架空市", first=2021)
    prefecture = world.rows("99000", (360, 166), (384, 176), name="架空県", first=2021)
    first, second = refused(tmp_path, *city, *prefecture, *WARDS)
    assert first.startswith("E8-TOTAL areas.csv 4行目: 99000 架空県 は")
    assert second.startswith("E8-TOTAL areas.csv 2行目: 99100 架空市 は")
    assert "99101 架空市第1区、99102 架空市第2区の計" in second
    assert "99100 の行をすべて除いてください" in second
    areas = table.read(world.table(tmp_path, *WARDS))
    assert (len(areas.codes), int(areas.persons.sum())) == (3, 744)


@pytest.mark.parametrize(
    ("total", "part"),
    [("14130", "14137"), ("14100", "14118"), ("27140", "27141"), ("13100", "13103"), ("13000", "13103"),
     ("00000", "47201")],
)  # fmt: skip
def test_codes_of_totals_are_those_of_the_standard_area_code(total: str, part: str) -> None:
    counts = np.array([[500, 200], [30, 10]])
    found = hierarchy.totals((total, part), ("甲", "乙"), counts, np.arange(2))
    assert [(one.at, one.parts) for one in found] == [(0, (1,))]


@pytest.mark.parametrize(
    "codes",
    [("13110", "13120"), ("14100", "14131"), ("01400", "01401"), ("13000", "14000"), ("90100", "90101")],
)  # fmt: skip
def test_other_codes_that_end_in_zero_are_areas(codes: tuple[str, str]) -> None:
    counts = np.array([[500, 200], [30, 10]])
    assert not hierarchy.totals(codes, ("甲", "乙"), counts, np.arange(2))


@pytest.mark.parametrize("name", ["合計", "市部", "架空郡", "総数", "架空県計"])
def test_a_name_that_only_totals_have_is_refused(tmp_path: Path, name: str) -> None:
    rows = world.rows("99999", (70, 33), (74, 31), name=name, first=2021)
    (said,) = refused(tmp_path, *WARDS, *rows)
    assert said.startswith(f"E8-TOTAL areas.csv 8行目: 99999 {name} は")


def test_a_total_is_told_together_with_what_else_is_wrong(tmp_path: Path) -> None:
    city = world.rows("99100", (300, 139), (320, 146), name="架空市", first=2021)
    *rows, last = [*WARDS, *world.rows("99202", (80, 20), (81, 30), name="丙町", first=2021)]
    count, total = refused(tmp_path, *city, *rows, last.replace("81", "多数"))
    assert count.startswith("E8-COUNT areas.csv 11行目")
    assert total.startswith("E8-TOTAL areas.csv 2行目: 99100 架空市 は")


def test_a_row_whose_numbers_are_a_sum_of_others_is_refused(tmp_path: Path) -> None:
    total = world.rows("99301", (160, 74), (174, 80), name="丙", first=2021)
    (said,) = refused(tmp_path, *WARDS, *total)
    assert "99301 丙 は99102 架空市第2区、99201 乙町の計です（数による）" in said


@pytest.mark.parametrize("count", [12, 40, 300])
@pytest.mark.parametrize("parts", [2, 7])
def test_sums_are_found_in_tables_of_every_size(count: int, parts: int) -> None:
    rng = np.random.default_rng(count + parts)
    n = rng.poisson(rng.lognormal(4, 1, (count, 1)), (count, 6))
    counts = np.hstack([n, rng.binomial(n, 0.45)])
    codes = [f"{90001 + at}" for at in range(count + 1)]
    with_total = np.vstack([counts, counts[3 : 3 + parts].sum(axis=0)])
    # In the file the total stands before its parts, as printed tables have it.
    order = np.array([*range(3), count, *range(3, count)])
    found = hierarchy.totals(codes, codes, with_total, order)
    assert [(one.at, one.parts) for one in found] == [(count, tuple(range(3, 3 + parts)))]
    assert not hierarchy.totals(codes[:-1], codes[:-1], counts, np.arange(count))


def test_small_numbers_that_agree_by_accident_are_no_sum() -> None:
    counts = np.array([[2, 1, 1, 0], [1, 1, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0]])
    codes = ("90001", "90002", "90003", "90004")
    assert not hierarchy.totals(codes, codes, counts, np.arange(4))
