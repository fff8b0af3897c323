"""Layouts ministries send, and what stands around a table; every figure is invented."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from tests.received.files import saved, workbook

from minato_analysis import data, received
from minato_analysis.cleaning import tables
from minato_analysis.received import confirmation
from minato_analysis.received.answers import loads

FILES = Path(__file__).parent / "year"
SERIES = "minato-plan-draft-2024-12"
WITHHELD = {"absent": {"3-2": {"三田": {"as": "x", "reason": "少数のため秘匿"}}}}
NOTES = {
    "words": {
        "注 性的姿態撮影等処罰法は、令和5年7月13日に施行された。合計には含まない。": "計の外",
        "注 性的姿態撮影等処罰法は、令和5年7月13日施行。計に含まない。": "計の外",
        "注 三田警察署は、少数のため秘匿した。": "x で答えた",
        "※刑法犯、覚醒剤取締法、麻薬等取締法、大麻取締法の合計": "計画の注と同じ",
        "※※令和4年の再犯者数は、再集計により訂正した。": "訂正として記録する",
    }
}
LAW = {"laws": {"cannabis-law-2024": {"kind": "exact", "reason": "提供元の回答"}}}
TITLE = "図表2-6 主な薬物犯罪の検挙人員の推移（港区）"
BODY = [["覚醒剤取締法", 61], ["大麻取締法", 52], ["麻薬等取締法", 25], ["計", 138]]
TAKEN = ["令和5(2023)年", "61", "52", "25", "138"]


def read(
    root: Path, file: Path, year: int, answers: dict[str, Any] | None = None
) -> received.Received:
    return received.read(file, data.descriptor(root), root, year, answers, source=SERIES)


def given(
    root: Path, folder: Path, book: Workbook, answers: dict[str, Any] | None = None
) -> received.Received:
    file = folder / "letter.xlsx"
    file.write_bytes(saved(book))
    return read(root, file, 2023, answers)


def codes(found: received.Received) -> list[str]:
    return [one.split()[0] for one in found.refused]


def values(root: Path, found: received.Received, key: str) -> dict[tuple[Any, ...], Any]:
    """Return the values of one table read, by what they count."""
    (one,) = [each for each in data.published(data.descriptor(root)) if each["figure"] == key]
    read = tables.observations(
        found.tables[key], one["reading"], source_id="x", table=key, as_of="", file="x"
    )
    return {(one.year, one.row, one.column, one.measure): one.value for one in read}


def test_the_ministrys_layout_gives_the_numbers_of_the_plans(repository: Path) -> None:
    asked = read(repository, FILES / "2023_ministry_layout.xlsx", 2023)
    assert codes(asked) == ["E6-AROUND-UNKNOWN", "E6-LABEL-ABSENT"]
    assert "「三田」" in asked.refused[1]
    answers = WITHHELD | NOTES
    ministry = read(repository, FILES / "2023_ministry_layout.xlsx", 2023, answers)
    reference = {
        "labels": {"2-6": {"（参考）性的姿態撮影等処罰法": {"kind": "none", "reason": "計の外"}}}
    }
    plan = read(repository, FILES / "2023_plan_layout.xlsx", 2023, answers | reference)
    assert (ministry.refused, plan.refused) == ((), ())
    shared = {"2-4", "2-6", "2-10", "3-2", "3-4", "3-5"}
    assert set(ministry.tables) == shared
    for key in shared:
        assert values(repository, ministry, key) == values(repository, plan, key)
    computed = [one.row for one in ministry.confirmation if one.certainty == confirmation.COMPUTED]
    assert set(computed) == {"計", "初犯者数", "再犯者数割合"}
    assert any(
        "「性的姿態撮影等処罰法」" in one and "読んでいません" in one for one in ministry.notes
    )
    # The withheld station is there with its sign, and nothing printed before is lost.
    assert [row[-1] for row in ministry.tables["3-2"]][2] == "x"
    assert ministry.tables["3-2"][0] == ["", "令和5(2023)年"]


def test_the_tidy_layout_gives_three_tables(repository: Path) -> None:
    found = read(repository, FILES / "2023_tidy_layout.xlsx", 2023)
    assert found.refused == ()
    assert {key: cells[-1] for key, cells in found.tables.items()} == {
        "3-2": ["計", "46 (32)", "58 (32)"],
        "3-4": ["計", "321 (154)", "330 (156)"],
        "3-5": ["計", "254 (125)", "268 (129)"],
    }


@pytest.mark.parametrize(
    ("file", "rows"),
    [
        (
            "2024_law_as_own_rows",
            ["覚醒剤取締法", "大麻草の栽培の規制に関する法律", "麻薬等取締法（大麻に係る違反）"],
        ),
        ("2024_law_in_heading", ["覚醒剤取締法", "大麻取締法（大麻に係る麻薬等取締法違反を含む）"]),
    ],
)
def test_the_law_of_2024_takes_one_answer_and_keeps_the_headings(
    repository: Path, file: str, rows: list[str]
) -> None:
    asked = read(repository, FILES / f"{file}.xlsx", 2024)
    assert codes(asked) == ["E6-LAW"]
    assert "図表3-2、3-3" in asked.refused[0]
    found = read(repository, FILES / f"{file}.xlsx", 2024, LAW)
    assert found.refused == ()
    printed = [row[0] for row in found.tables["2-6"]][1:]
    assert printed == [*rows, "麻薬等取締法（大麻に係る違反を除く）", "計"]


def test_cannabis_is_never_proposed_into_narcotics(repository: Path, tmp_path: Path) -> None:
    rows = [[TITLE], ["", "令和5年"], ["覚醒剤取締法", 1], ["麻薬取締法（大麻）", 2], ["計", 3]]
    found = given(repository, tmp_path, workbook(S=rows))
    (sentence,) = [one for one in found.refused if one.startswith("E6-LABEL-UNKNOWN")]
    assert "to: 麻薬等取締法" not in sentence


def test_persons_and_reoffenders_in_two_columns_or_two_rows(
    repository: Path, tmp_path: Path
) -> None:
    pairs = {"愛宕": (5, 2), "三田警察署": (4, 1), "高輪": (6, 3), "麻布署": (20, 11), "赤坂": (7, 3),
             "東京湾岸": (8, 4), "合計": (50, 24)}  # fmt: skip
    title = ["図表3-2 警察署ごとの大麻取締法による検挙人員及び再犯者数"]
    across = [title, ["", "令和5年", None], ["", "検挙人員", "うち再犯者"]]
    across += [[name, *both] for name, both in pairs.items()]
    down = [title, ["", "", "令和5年"]]
    for name, both in pairs.items():
        down += [[name, "検挙人員", both[0]], [None, "うち再犯者", both[1]]]
    for rows in (across, down):
        found = given(repository, tmp_path, workbook(S=rows))
        assert found.refused == ()
        assert [row[1] for row in found.tables["3-2"]][1:] == [
            f"{persons} ({again})" for persons, again in pairs.values()
        ]


AROUND = {
    "half a year": (["（令和5年1月～6月）"], "E6-AROUND-PERIOD"),
    "a half of the fiscal year": (["（上半期）"], "E6-AROUND-PERIOD"),
    "fiscal years": (["（年度）"], "E6-AROUND-PERIOD"),
    "another place": (["主な薬物犯罪の検挙人員の推移（架空区）"], "E6-AROUND-PLACE"),
    "thousands": (["（千人）"], "E6-AROUND-UNIT"),
    "a rate": (["人口10万人当たり"], "E6-AROUND-UNIT"),
    "cases": (["検挙件数"], "E6-AROUND-MEASURE"),
    "a part of the people": (["うち少年"], "E6-AROUND-POPULATION"),
}


@pytest.mark.parametrize(("line", "code"), AROUND.values(), ids=AROUND)
def test_a_caption_that_contradicts_the_table_is_refused_and_can_be_answered(
    repository: Path, tmp_path: Path, line: list[str], code: str
) -> None:
    book = workbook(S=[["図表2-6"], line, [None, "令和5年"], *BODY])
    found = given(repository, tmp_path, book)
    assert (codes(found), found.tables) == ([code], {})
    assert "S!A2" in found.refused[0]
    place = re.findall(r'「"(S!A2)": \{value', found.refused[0])
    for answer in (
        {"cells": {place[0]: {"value": "", "reason": "表を作る人の書き誤り（回答）"}}},
        {"words": {line[0]: "表を作る人の書き誤り（回答）"}},
    ):
        settled = given(repository, tmp_path, book, answer)
        assert settled.refused == ()
        assert [row[1] for row in settled.tables["2-6"]] == TAKEN


@pytest.mark.parametrize(
    "lines",
    [
        ["（令和5年1月～12月）"],
        ["（港区）"],
        ["（東京都港区）"],
        ["少年を除く"],
        ["注 令和5年7月13日の改正法による"],
    ],
)
def test_a_caption_that_agrees_is_no_question(
    repository: Path, tmp_path: Path, lines: list[str]
) -> None:
    found = given(repository, tmp_path, workbook(S=[["図表2-6"], lines, [None, "令和5年"], *BODY]))
    assert found.refused == ()


NOTE = (
    '注1: "新方式" による集計である。'
    + "旧方式の値とは、数え方の細かな点でいくつかの違いがある。" * 3
)


@pytest.mark.parametrize("line", [NOTE, "新方式", "注 {新方式: b} # c", "- 新方式\\"])
def test_a_line_nobody_knows_is_asked_about_once_for_the_whole_file(
    repository: Path, tmp_path: Path, line: str
) -> None:
    other = [["図表3-3 年齢層別の大麻取締法による検挙人員"], ["", "令和5年"]]
    other += [[f"{age}歳", 1] for age in ("20～29", "30～39", "40～49", "50～59", "60～64")]
    book = workbook(
        A=[[TITLE], ["", "令和5年"], *BODY, [line]], B=[*other, ["65歳以上", 1], ["計", 6], [line]]
    )
    found = given(repository, tmp_path, book)
    assert (codes(found), found.tables) == (["E6-AROUND-UNKNOWN"], {})
    (entry,) = re.findall(r"words に「(.*?): 理由」の形", found.refused[0])
    answers = loads(f"words:\n  {entry}: 集計の機械が変わっただけ\n")
    settled = given(repository, tmp_path, book, answers)
    assert settled.refused == ()
    assert set(settled.tables) == {"2-6", "3-3"}
    assert not any("使われませんでした" in one for one in settled.notes)
    assert sum(one.certainty == confirmation.ANSWERED for one in settled.understood) == 2


def test_an_answer_that_settles_nothing_is_named(repository: Path, tmp_path: Path) -> None:
    answers = {"words": {"旧方式": "理由"}, "tables": {"Z!A1": "none"}, "laws": LAW["laws"]}
    book = workbook(S=[[TITLE], ["", "令和5年"], *BODY])
    notes = given(repository, tmp_path, book, answers).notes
    unused = [one for one in notes if "使われませんでした" in one]
    assert [one.split("「")[1].split("」")[0] for one in unused] == ["Z!A1", "旧方式"]


def test_a_note_below_and_a_cover_are_read_for_the_period(repository: Path, tmp_path: Path) -> None:
    table = [[TITLE], ["", "令和5年"], *BODY]
    below = given(repository, tmp_path, workbook(S=[*table, [], ["注 1月～6月の暫定値"]]))
    assert codes(below) == ["E6-AROUND-PERIOD"]
    cover = given(repository, tmp_path, workbook(表紙=[["令和5年上半期の数値"]], S=table))
    assert codes(cover) == ["E6-AROUND-PERIOD"]
    assert "表紙!A1" in cover.refused[0]


def test_a_sheet_named_like_a_part_of_a_table_is_not_that_table(
    repository: Path, tmp_path: Path
) -> None:
    rows = [["", "令和5年"], *BODY]
    named = {"図表2-6-2": rows}
    assert given(repository, tmp_path, workbook(**named)).tables == {}


HEADINGS = {
    "downwards": [["年", "令和"], ["", "5年"], ["法律", "(2023)"]],
    "footnote": [["", "令和5年※1"]],
    "within": [["", "令和5年中"]],
    "western first": [["", "2023年（令和5年）"]],
    "kanji": [["", "令和五年"]],
    "named western": [["", "西暦2023年"]],
}


@pytest.mark.parametrize("head", HEADINGS.values(), ids=HEADINGS)
def test_years_as_official_tables_write_them(
    repository: Path, tmp_path: Path, head: list[list[str]]
) -> None:
    found = given(repository, tmp_path, workbook(S=[[TITLE], *head, *BODY]))
    assert found.refused == ()
    assert [row[1] for row in found.tables["2-6"]] == TAKEN


def test_an_era_named_once_runs_on_as_long_as_the_years_do(
    repository: Path, tmp_path: Path
) -> None:
    known = [[84, 63, 53], [60, 67, 44], [54, 42, 42], [198, 172, 139]]
    rows = [[name, *line, value] for (name, value), line in zip(BODY, known, strict=True)]
    book = workbook(S=[[TITLE], ["", "30", "令和元", "2", "令和5年"], *rows])
    found = given(repository, tmp_path, book)
    assert found.refused == ()
    assert [one.split("(")[1][:4] for one in found.tables["2-6"][0][1:]] == [
        "2018", "2019", "2020", "2023",
    ]  # fmt: skip
    broken = workbook(S=[[TITLE], ["", "29", "令和元", "2", "令和5年"], *rows])
    assert "E6-LABEL-UNKNOWN" in codes(given(repository, tmp_path, broken))


def test_provisional_years_mark_their_values(repository: Path, tmp_path: Path) -> None:
    found = given(repository, tmp_path, workbook(S=[[TITLE], ["", "令和5年（速報値）"], *BODY]))
    assert [row[1] for row in found.tables["2-6"]][1:] == ["61p", "52p", "25p", "138p"]


def test_looks_that_change_the_meaning(repository: Path, tmp_path: Path) -> None:
    book = workbook(S=[[TITLE], ["", "令和5年"], *BODY])
    sheet = book["S"]
    raised = TextBlock(InlineFont(vertAlign="superscript"), "1")
    sheet["B4"] = CellRichText("52", raised)
    found = given(repository, tmp_path, book)
    assert [row[1] for row in found.tables["2-6"]] == TAKEN
    assert any("S: 上に小さく付いた注の印" in one and "B4「1」" in one for one in found.notes)
    sheet["B4"] = CellRichText(TextBlock(InlineFont(strike=True), "50"), "52")
    found = given(repository, tmp_path, book)
    assert [row[1] for row in found.tables["2-6"]] == TAKEN
    assert any("取り消し線" in one and "B4「50」" in one for one in found.notes)
    sheet["B4"] = 52
    sheet["B4"].font = Font(strike=True)
    found = given(repository, tmp_path, book)
    assert codes(found) == ["E6-CELL-STRUCK"]


@pytest.mark.parametrize(("form", "shown"), [("\\-", "-"), ('#,##0;-#,##0;"-"', "-"), ("0", "0")])
def test_the_sheets_own_sign_for_zero_is_what_was_printed(
    repository: Path, tmp_path: Path, form: str, shown: str
) -> None:
    book = workbook(S=[[TITLE], ["", "令和5年"], *BODY])
    book["S"]["B4"] = 0
    book["S"]["B4"].number_format = form
    found = given(repository, tmp_path, book)
    assert found.tables["2-6"][2] == ["大麻取締法", shown]


CELLS = {
    "below zero": ("△52", "E1-NEGATIVE"),
    "blank": (None, "E1-NUMBER-BLANK"),
    "a letter": ("5l", "E1-NUMBER-CHARACTER"),
    "an error": ("#REF!", "E6-CELL-ERROR"),
}


@pytest.mark.parametrize("corrected", ["52", "x", "…"])
@pytest.mark.parametrize(("cell", "code"), CELLS.values(), ids=CELLS)
def test_every_refused_cell_names_the_answer_that_settles_it(
    repository: Path, tmp_path: Path, cell: str | None, code: str, corrected: str
) -> None:
    book = workbook(S=[[TITLE], ["", "令和5年"], *BODY])
    book["S"]["B4"] = cell
    found = given(repository, tmp_path, book)
    assert codes(found) == [code]
    (place,) = re.findall(r'cells に「"([^"]+)"', found.refused[0])
    answers = {"cells": {place: {"value": corrected, "reason": "原本で確かめた"}}}
    settled = given(repository, tmp_path, book, answers)
    assert settled.refused == ()
    assert settled.tables["2-6"][2][1] == corrected.replace("…", "...")
    assert any("mapping.yaml のとおり" in one for one in settled.notes)


def test_all_refusals_of_a_file_come_at_once_and_each_way_out_works(
    repository: Path, tmp_path: Path
) -> None:
    rows = [list(row) for row in BODY]
    rows[0][0], rows[1][1] = "覚醒剤", "52?"
    again = [["図表3-3 年齢層別の大麻取締法による検挙人員"], ["", "令和5年"]]
    again += [[f"{age}歳", 1] for age in ("20～29", "30～39", "40～49", "50～59", "60～64")]
    book = workbook(
        A=[[TITLE], ["", "令和5年"], *rows], B=[*again, ["計", 5]], C=[*again, ["計", 5]]
    )
    found = given(repository, tmp_path, book)
    assert sorted(codes(found)) == [
        "E1-NUMBER-CHARACTER",
        "E6-LABEL-ABSENT",  # not for table 2-6: the unknown label is asked about already
        "E6-LABEL-ABSENT",
        "E6-LABEL-UNKNOWN",
        "E6-TABLE-TWICE",
    ]
    assert all("mapping.yaml" in one for one in found.refused)
    answers = {
        "labels": {"2-6": {"覚醒剤": {"to": "覚醒剤取締法", "kind": "exact", "reason": "略称"}}},
        "cells": {"A!B4": {"value": "52", "reason": "原本"}},
        "absent": {"3-3": {"65歳以上": "提供に含まれない"}},
        "tables": {"C!A1": "none"},
    }
    settled = given(repository, tmp_path, book, answers)
    assert settled.refused == ()
    assert [row[1] for row in settled.tables["2-6"]] == TAKEN
    assert [row[1] for row in settled.tables["3-3"]][-2:] == ["…", "5"]


def test_an_answer_for_a_cell_that_is_not_there_is_named(repository: Path, tmp_path: Path) -> None:
    book = workbook(S=[[TITLE], ["", "令和5年"], *BODY])
    found = given(repository, tmp_path, book, {"cells": {"S!Z99": {"value": "1", "reason": "a"}}})
    assert any("cells「S!Z99」というセルはありません" in one for one in found.notes)
