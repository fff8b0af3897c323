"""The table of areas is read exactly, and every problem is told with its line and the way out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.areas.world import HEADER, rows
from tests.areas.world import table as written

from minato_analysis.areas import table
from minato_analysis.areas.errors import AreasError, MachineError
from minato_analysis.areas.measure import CASES as CASES_MEASURE

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


def test_codes_may_have_their_check_digit(tmp_path: Path) -> None:
    six = [line.replace("13103", "131032").replace("01100", "011002") for line in GOOD]
    mixed = [*six[:1], *GOOD[1:3], *six[3:]]
    for lines in (six, mixed):
        assert table.read(written(tmp_path, *lines)).codes == ("01100", "13103")


ACROSS = (
    "area_name,reoffenders 2020,reoffenders_2021,area_code,persons_arrested 2021年,"
    "persons_arrested2020"
)


def test_a_table_with_the_years_across_is_the_same(tmp_path: Path) -> None:
    lines = ["架空市,50,40,01100,90,100", "架空区,30,20,131032,70,80"]
    wide, usual = (
        table.read(written(tmp_path, *rows, header=head))
        for rows, head in ((lines, ACROSS), (GOOD, HEADER))
    )
    assert (wide.codes, wide.names, wide.years) == (usual.codes, usual.names, usual.years)
    np.testing.assert_array_equal(wide.persons, usual.persons)
    np.testing.assert_array_equal(wide.reoffenders, usual.reoffenders)
    said = refused(tmp_path, "架空市,50,x,01100,90,100", header=ACROSS)[0]
    assert said.startswith("E8-COUNT areas.csv 2行目: reoffenders「x」")
    short = ACROSS.replace("reoffenders_2021,", "")
    said = refused(tmp_path, "架空市,50,01100,90,100", header=short)[0]
    assert said.startswith("E8-COUNT areas.csv 2行目: reoffenders（空）")


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("1100,市,2020,9,5", "E8-CODE", "01100 のことですか"),
        ("131039,市,2020,9,5", "E8-CODE", "末尾が 13103 の検査数字（2）と違います"),
        ("13-03,市,2020,9,5", "E8-CODE", "半角の数字5桁"),
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


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("=HYPERLINK(1)", "="), ("+市", "+"), ("@市", "@"), ("{{ area }}", "{"), ("{% if %}", "{"),
        ("[市](https://example.org)", "["), ("架\u202e空市", "U+202E"), ("架\u200b空市", "U+200B"),
        ("架\x00空市", "U+0000"), ("架\x1b空市", "U+001B"), ("架\u2028空市", "U+2028"), ("<b>市", "<"),
        ("市`x`", "`"), ("../市", "."),
    ],
)  # fmt: skip
def test_names_are_held_to_the_rule_of_new_projects(tmp_path: Path, name: str, seen: str) -> None:
    said = refused(tmp_path, *GOOD, f"47201,{name},2020,90,50", f"47201,{name},2021,90,50")
    assert [one.partition(": ")[0] for one in said] == [
        "E8-NAME areas.csv 6行目", "E8-NAME areas.csv 7行目",
    ]  # fmt: skip
    assert f"使えない文字「{seen}」があります" in said[0]
    assert all(one.isprintable() for one in said)


def test_a_line_break_in_a_quoted_name_is_seen_as_one(tmp_path: Path) -> None:
    (said,) = refused(tmp_path, *GOOD, '47201,"架空\n市",2020,90,50')
    assert "使えない文字「U+000A」" in said


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("131039,市,2020,9,5", "E8-CODE", "検査数字（2）と違います"),
        ("55201,市,2020,9,5", "E8-CODE", "都道府県の番号「55」はありません"),
        ("00201,市,2020,9,5", "E8-CODE", "都道府県の番号「00」はありません"),
        ("１３１０３,市,2020,9,5", "E8-CODE", "半角の数字5桁"),
        ("=13103,市,2020,9,5", "E8-CODE", "半角の数字5桁"),
        ("13103,架空町,2020,9,5", "E8-NAME", "コード 13103 と合いません"),
        ("47201,架空区,2020,9,5", "E8-NAME", "コード 47201 と合いません"),
        ("47301,架空市,2020,9,5", "E8-NAME", "コード 47301 と合いません"),
        ("01202,架空市,2020,=1+1,5", "E8-COUNT", "「=1+1」は人数として読めません"),
        ("01202,架空市,2020,9,\x005", "E8-COUNT", "「U+00005」は人数として読めません"),
        ("13104,架空区,2020,9,5", "E8-NAME", "コードが 13104 と 13103"),
        (f"47201,{'長' * 31}市,2020,9,5", "E8-NAME", "30字まで"),
    ],
)
def test_rows_that_do_not_fit_are_told_in_one_sentence(
    tmp_path: Path, line: str, code: str, words: str
) -> None:
    said = refused(tmp_path, *GOOD, line)
    assert any(one.startswith(f"{code} areas.csv 6行目: ") and words in one for one in said), said


def test_names_that_fit_their_codes_are_taken(tmp_path: Path) -> None:
    names = {"01100": "札幌市", "14131": "川崎市川崎区", "13201": "八王子市", "13303": "瑞穂町"}
    lines = [
        one for code, name in names.items() for one in rows(code, (90, 40), (80, 30), name=name)
    ]
    assert table.read(written(tmp_path, *lines)).names == tuple(
        names[code] for code in sorted(names)
    )


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (said,) = refused(tmp_path, "01100,市,2020,9,5,6", header=f"{HEADER},reoffenders")
    assert said.startswith("E8-COLUMNS areas.csv: 列 reoffenders が2つ以上あります。")


def test_all_rows_of_another_length_are_told_at_once(tmp_path: Path) -> None:
    said = refused(tmp_path, GOOD[0], "01100,市,2021,1,053,516", "01100,市,2022,1")
    assert [one.partition(": ")[0] for one in said] == [
        "E8-COLUMNS areas.csv 3行目", "E8-COLUMNS areas.csv 4行目",
    ]  # fmt: skip


def test_a_quotation_mark_that_is_not_closed_is_told(tmp_path: Path) -> None:
    (said,) = refused(tmp_path, f'01100,"{"市" * 140_000},2020,9,5')
    assert said.startswith("E8-FILE areas.csv ")
    assert "閉じていない引用符" in said


def test_a_folder_is_no_table_and_what_cannot_be_read_is_the_machines_fault(tmp_path: Path) -> None:
    with pytest.raises(AreasError, match=r"E8-FILE .*フォルダーです") as folder:
        table.read(tmp_path)
    assert folder.value.exit_code == 1
    with pytest.raises(MachineError, match="E8-MACHINE") as disk:
        table.read(Path("/proc/self/mem"))  # is there, and an error of the device when it is read
    assert disk.value.exit_code == 2


@pytest.mark.parametrize("said", ["令和5年1月〜6月", "上半期", "千人", "単位：千人", "令和5年度"])
def test_a_column_that_speaks_of_another_period_or_unit_is_refused(
    tmp_path: Path, said: str
) -> None:
    lines = [f"{line},{said}" for line in GOOD]
    (told,) = refused(tmp_path, *lines, header=f"{HEADER},備考")
    assert told.startswith("E8-AROUND")
    assert "列 備考" in told
    named = tmp_path / "2021年上半期.csv"
    named.write_text("\n".join([HEADER, *GOOD]), encoding="utf-8")
    with pytest.raises(AreasError, match=r"E8-AROUND .*ファイルの名前"):
        table.read(named)


CASES = "area_code,area_name,year,recognised_cases"


def test_a_table_of_cases_may_have_years_without_a_count_but_no_empty_cell(tmp_path: Path) -> None:
    lines = [
        "131032,港区,2020,50",
        "13103,港区,2021,…",
        "13104,新宿区,2020,7",
        "13104,新宿区,2021,0",
    ]
    areas = table.read(written(tmp_path, *lines, header=CASES))
    assert areas.measure is CASES_MEASURE
    np.testing.assert_array_equal(areas.cases, [[50, np.nan], [7, 0]])
    wide = "area_code,area_name,recognised_cases 2020,recognised_cases 2021"
    across = table.read(written(tmp_path, "13103,港区,50,…", "13104,新宿区,7,0", header=wide))
    np.testing.assert_array_equal(across.counts, areas.counts)
    (said,) = refused(tmp_path, "13103,港区,50,", "13104,新宿区,7,0", header=wide)
    assert "資料に値のない年なら … と書いてください" in said
    (said,) = refused(tmp_path, "13103,市,2020,…,5", "13103,市,2021,9,5")
    assert "persons_arrested「…」は人数として読めません" in said


def test_the_columns_of_the_measure_that_is_meant_are_asked_for(tmp_path: Path) -> None:
    (said,) = refused(tmp_path, header=CASES.replace("recognised", "recognized"))
    assert "「recognized_cases」は「recognised_cases」のことですか。" in said
    assert "reoffenders" not in said
    (said,) = refused(tmp_path, header="area_code,year,recognised_cases")
    assert "列 area_name がありません。1行目に" in said


def test_a_year_that_stands_twice_across_is_refused(tmp_path: Path) -> None:
    head = "area_code,area_name,recognised_cases 2020,recognised_cases_2020年,recognised_cases 2021"
    (said,) = refused(tmp_path, "13103,港区,5,6,7", header=head)
    assert said.startswith("E8-COLUMNS areas.csv: 列 recognised_cases 2020 が2つ以上あります。")


def test_rows_of_another_length_hide_no_other_problem_and_make_none(tmp_path: Path) -> None:
    said = refused(tmp_path, "13103,港区,2020", "1,{{,20x1,x", "13104,新宿区,2021,5", header=CASES)
    assert [one.partition(" ")[0] for one in said] == [
        "E8-COLUMNS", "E8-CODE", "E8-NAME", "E8-YEAR", "E8-COUNT",
    ]  # fmt: skip
