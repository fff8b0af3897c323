"""The table of areas is read exactly, and every problem is told with its line and the way out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.areas.world import HEADER, rows
from tests.areas.world import table as written

from minato_analysis.areas import table
from minato_analysis.areas.errors import AreasError

GOOD = [*rows("01100", (100, 50), (90, 40)), *rows("13103", (80, 30), (70, 20), name="架空区")]


def refused(folder: Path, *lines: str, header: str = HEADER) -> list[str]:
    with pytest.raises(AreasError) as error:
        table.read(written(folder, *lines, header=header))
    return str(error.value).splitlines()


def test_a_good_table_becomes_arrays_in_the_order_of_codes_and_years(tmp_path: Path) -> None:
    areas = table.read(written(tmp_path, *reversed(GOOD)))
    assert areas.codes == ("01100", "13103")
    assert areas.names == ("架空市", "架空区")
    assert areas.years == (2020, 2021)
    np.testing.assert_array_equal(areas.persons, [[100, 90], [80, 70]])
    np.testing.assert_array_equal(areas.reoffenders, [[50, 40], [30, 20]])


def test_columns_may_stand_in_any_order_beside_others_and_after_a_mark(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    header = "note,year,area_code,reoffenders,area_name,persons_arrested"
    lines = [header, "x,2020,01100,5,市,9", "y,2021,01100,6,市,9"]
    file.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    assert table.read(file).reoffenders.tolist() == [[5, 6]]


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("1100,市,2020,9,5", "E8-CODE", "01100 のことですか"),
        ("131032,市,2020,9,5", "E8-CODE", "13103"),
        ("13-03,市,2020,9,5", "E8-CODE", "数字5桁"),
        ("13103,,2020,9,5", "E8-NAME", "area_name が空"),
        ("13103,市,令和2,9,5", "E8-YEAR", "西暦4桁"),
        ("13103,市,2020,9,10", "E8-EXCEEDS", "再犯者 10人 が検挙人員 9人 より多く"),
        ("13103,市,2020,,5", "E8-COUNT", "人数として読めません"),
        ("13103,市,2020,-9,5", "E8-COUNT", "0以上の整数"),
        ("13103,市,2020,９,5", "E8-COUNT", "半角の数字だけで 9"),
        ('13103,市,2020,"1,053",516', "E8-COUNT", "半角の数字だけで 1053"),
        ("01100,架空市,2020,100,50", "E8-DUPLICATE", "2行目にもあります"),
        ("01100,別の市,2022,100,50", "E8-NAME", "2通り"),
        ("47201,市,2020,9,5", "E8-YEARS", "2021年 の行がありません"),
    ],
)
def test_each_problem_has_its_code_its_line_and_a_way_out(
    tmp_path: Path, line: str, code: str, words: str
) -> None:
    said = refused(tmp_path, *GOOD, line)
    assert any(one.startswith(f"{code} areas.csv 6行目: ") and words in one for one in said), said


def test_all_problems_are_told_at_once_but_not_endlessly(tmp_path: Path) -> None:
    said = refused(tmp_path, *(f"{number},市,2020,9,5" for number in range(100, 130)))
    assert len(said) == table.TOLD + 1
    assert said[-1] == "ほかに10か所あります。"


def test_a_gap_between_years_is_missing_for_every_area(tmp_path: Path) -> None:
    assert (
        "2021年 の行がありません" in refused(tmp_path, "01100,市,2020,9,5", "01100,市,2022,9,5")[0]
    )


def test_one_year_is_not_enough(tmp_path: Path) -> None:
    assert "2年以上" in refused(tmp_path, "01100,市,2020,9,5")[0]


def test_a_missing_column_is_named_with_the_one_that_was_meant(tmp_path: Path) -> None:
    (said,) = refused(tmp_path, header=HEADER.replace("reoffenders", "reofenders"))
    assert said.startswith("E8-COLUMNS areas.csv: 列 reoffenders がありません。")
    assert "「reofenders」は「reoffenders」のことですか。" in said


def test_a_row_of_another_length_is_refused_with_its_line(tmp_path: Path) -> None:
    (said,) = refused(tmp_path, GOOD[0], "01100,市,2021,1,053,516")
    assert said.startswith("E8-COLUMNS areas.csv 3行目")


def test_a_file_that_is_not_there_or_not_utf8_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AreasError, match=r"E8-FILE .*ファイルがありません"):
        table.read(tmp_path / "none.csv")
    file = tmp_path / "sjis.csv"
    file.write_bytes(f"{HEADER}\n01100,札幌市,2020,9,5\n".encode("cp932"))
    with pytest.raises(AreasError, match="CSV UTF-8"):
        table.read(file)
    assert "行がありません" in refused(tmp_path)[0]
