"""Received files read into the tables they continue: every layout, and what must not be guessed."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from minato_analysis import data, received
from minato_analysis.cleaning import tables
from minato_analysis.received import confirmation

from .files import saved, workbook, xlsx
from .world import CANNABIS, NATION, NEW, SHARES, TAKEN, TITLE, as_csv, codes, project, read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project(tmp_path)
    return tmp_path


def lines(found: received.Received) -> list[tuple[str, ...]]:
    return [line.texts for line in found.confirmation]


def test_a_workbook_with_title_unit_and_notes(folder: Path) -> None:
    book = workbook(
        表=[[TITLE], ["", "", "（単位：人、％）"], *NEW, [], ["※ 架空の数です。"], ["資料：架空"]]
    )
    book["表"].merge_cells("A1:C1")
    asked = read(folder, saved(book), "received.xlsx")
    assert (codes(asked), asked.tables) == (["E6-AROUND-UNKNOWN"], {})
    answers = {"words": {"※ 架空の数です。": "すべて架空"}}
    found = read(folder, saved(book), "received.xlsx", answers=answers)
    assert found.refused == ()
    assert found.tables == {"1-1": TAKEN}
    same, alike = "同じ", "表記をそろえると同じ"
    title = "図表1-1 再犯者の割合の推移"
    meaning = "作り物、架空市、measure="
    assert lines(found)[:3] == [
        ("表!A1", f"{title}(架空市)", "1-1", "", "", f"{title}（架空市）", same),
        ("表!A4", "検挙人員", "1-1", "検挙人員", "", f"{meaning}persons_arrested、人", alike),
        ("表!A5", "初犯者数", "1-1", "初犯者数", "", f"{meaning}first_time、人", alike),
    ]
    assert lines(found)[-2:] == [
        ("表!B3", "令和2年", "1-1", "", "令和2(2020)年", "再掲の年", alike),
        ("表!C3", "Ｒ３", "1-1", "", "令和3(2021)年", "新しい年", alike),
    ]
    assert "表!C3  " in found.confirmation_text()
    assert found.confirmation_csv().startswith(
        "受領したセル,受領した見出し,図表,行,列,意味,確かさ\n"
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_csv_named_like_its_table(folder: Path, encoding: str) -> None:
    content = as_csv(NEW).encode(encoding)
    assert read(folder, content, "t1-1.csv").tables == {"1-1": TAKEN}


def test_every_table_of_one_workbook_both_ways_round(folder: Path) -> None:
    package = data.descriptor(folder)
    wide = [one for one in package["resources"] if one["figure"]]
    upright, turned = {}, {}
    for one in wide:
        cells = data.read_cells(one, folder)
        upright[f"図表{one['figure']}"] = [[one["title"]], *cells]
        width = max(map(len, cells))
        turned[f"図表{one['figure']}"] = [
            [one["title"]],
            *([row[column] for row in cells] for column in range(width)),
        ]
    for sheets in (upright, turned):
        found = read(folder, xlsx(**sheets), "all.xlsx", 2020)
        assert found.refused == ()
        assert set(found.tables) == {one["figure"] for one in wide}
        for one in wide:
            given = {"source_id": "x", "table": "x", "as_of": "", "file": "x"}
            before = tables.observations(data.read_cells(one, folder), one["reading"], **given)
            after = tables.observations(found.tables[one["figure"]], one["reading"], **given)
            assert after == before


def test_the_published_tables_come_back_unchanged(repository: Path, tmp_path: Path) -> None:
    package = data.descriptor(repository)
    wide = [one for one in data.published(package) if one["figure"]]
    sheets = {
        f"t{one['figure']}": [[one["title"]], *data.read_cells(one, repository)] for one in wide
    }
    file = tmp_path / "all.xlsx"
    file.write_bytes(xlsx(**sheets))
    found = received.read(file, package, repository, 2022)
    assert found.refused == ()
    assert found.notes == ()
    for one in wide:
        given = {"source_id": "x", "table": "x", "as_of": "", "file": "x"}
        layout = one["reading"]
        assert tables.observations(found.tables[one["figure"]], layout, **given) == (
            tables.observations(data.read_cells(one, repository), layout, **given)
        )


def test_two_header_rows_merged_or_blank(folder: Path) -> None:
    new = [*NATION[:2], ["令和３年", 568104, 175041, 7788, 2026]]
    taken = [*NATION[:2], ["令和3(2021)年", "568104", "175041", "7788", "2026"]]
    book = workbook(S=[["図表2-1"], *new])
    for cells in ("B2:C2", "D2:E2", "A2:A3"):
        book["S"].merge_cells(cells)
    assert read(folder, saved(book), "merged.xlsx").tables == {"2-1": taken}
    text = as_csv([["図表2-1", "", "", "", ""], *new])
    assert read(folder, text, "blank.csv").tables == {"2-1": taken}


def test_values_printed_otherwise_before_are_said(folder: Path) -> None:
    revised = [row[:] for row in NEW]
    revised[3][1] = "460人"
    found = read(folder, as_csv(revised), "t1-1.csv")
    assert found.tables["1-1"][3] == ["うち) 再犯者数", "460人", "481"]
    assert found.notes == (
        "図表1-1 再犯者数 2020年: これまで「459 人」、受領したファイルでは「460人」です。"
        "改定か、どちらかの写し誤りかを確かめてください。",
    )


def test_the_newest_delivery_counts_as_known(tmp_path: Path) -> None:
    later = [[row[0], row[2]] for row in SHARES]
    later[3][1] = "460 人"
    project(tmp_path, later=later)
    new = [row[:] for row in NEW]
    new[3][1] = "460"
    assert read(tmp_path, as_csv(new), "t1-1.csv").notes == ()


CHANGES: dict[str, tuple[Any, str, str]] = {
    "unknown label": ((2, 0, "初反者数"), "E6-LABEL-UNKNOWN", "「初犯者数」のことですか"),
    "blank label": ((2, 0, ""), "E6-LABEL-BLANK", "結合されたセルの続き"),
    "label twice": ((2, 0, "再犯者数"), "E6-LABEL-TWICE", "1回目は"),
    "wrong unit": ((4, 0, "再犯者数割合（人）"), "E6-UNIT", "単位は「人」"),
    "era typo": ((0, 2, "令和27年"), "E1-YEAR-IMPOSSIBLE", "誤植"),
    "era and year differ": ((0, 2, "令和3(2022)年"), "E1-YEAR-ERA", "一致しない"),
    "fiscal year": ((0, 2, "令和3年度"), "E1-YEAR-KIND", "暦年"),
    "year twice": ((0, 1, "R3"), "E6-LABEL-TWICE", "令和3(2021)年"),
    "no year": ((0, 2, "前年比"), "E6-LABEL-UNKNOWN", "kind: none"),
    "blank value": ((2, 2, ""), "E1-NUMBER-BLANK", "0か、該当なしか"),
    "unit of a value": ((3, 2, "47.5%"), "E1-UNIT", "列のずれ"),
    "pair": ((3, 2, "481 (3)"), "E1-CELL-VALUES", "2個"),
    "letter": ((3, 2, "48l"), "E1-NUMBER-CHARACTER", "数字の0か1"),
    "fraction for a share": ((4, 2, "0.475"), "E6-DECIMALS", "小数3桁"),
    "unrounded share": ((4, 2, "47.52"), "E6-DECIMALS", "これまでの1桁"),
    "error": ((3, 2, "#DIV/0!"), "E6-CELL-ERROR", "#DIV/0!"),
    "prose": ((3, 2, "四百八十一" * 50), "E6-CELL-LONG", "250個"),
}


@pytest.mark.parametrize(("change", "code", "words"), CHANGES.values(), ids=CHANGES)
def test_one_unclear_cell_refuses_the_table(
    folder: Path, change: tuple[int, int, str], code: str, words: str
) -> None:
    row, column, text = change
    rows = [list(one) for one in NEW]
    rows[row][column] = text
    found = read(folder, xlsx(S=[[TITLE], *rows]), "a.xlsx")
    assert found.tables == {}
    assert code in codes(found)
    sentence = next(one for one in found.refused if one.startswith(code))
    assert words in sentence
    assert "S!" in sentence
    # What to check first, and the way out; sentences of E1 are shared with tables typed in by hand.
    assert "まず" in sentence or code.startswith("E1-")
    assert sentence.endswith("ください。")


def test_a_missing_station_names_it_and_the_way_out(folder: Path) -> None:
    rows = [["図表1-2", ""], ["", "R3"], ["北", "1 (0)"], ["南", "2 (1)"], ["計", "3 (1)"]]
    found = read(folder, as_csv(rows), "a.csv")
    assert codes(found) == ["E6-LABEL-ABSENT"]
    assert "「東」がありません（4個のうち1個）" in found.refused[0]
    answers = {"absent": {"1-2": {"東": "提供に含まれない"}}}
    assert read(folder, as_csv(rows), "a.csv", answers=answers).tables == {
        "1-2": [
            ["", "令和3(2021)年"],
            ["北", "1 (0)"],
            ["<b>南</b>", "2 (1)"],
            ["東", "…"],
            ["計", "3 (1)"],
        ]
    }


def test_answers_exact_partial_none(folder: Path) -> None:
    rows = [["図表1-2", "", ""], ["", "R3", "前年比"], ["北署", "1 (0)", "1"], ["南", "2 (1)", "1"]]
    rows += [["東・西", "0 (0)", "1"], ["不詳", "5 (5)", "1"], ["計", "3 (1)", "1"]]
    answers = {
        "labels": {
            "1-2": {
                "北署": {"to": "北", "kind": "exact", "reason": "表記の違い"},
                "東・西": {"to": "東", "kind": "partial", "reason": "管轄が広がった"},
                "不詳": {"kind": "none", "reason": "新しい区分"},
                "前年比": {"kind": "none", "reason": "計算できる"},
                "西": {"kind": "none", "reason": "つづり違い"},
            }
        }
    }
    found = read(folder, as_csv(rows), "a.csv", answers=answers)
    assert found.refused == ()
    assert [row[1] for row in found.tables["1-2"]] == [
        "令和3(2021)年",
        "1 (0)",
        "2 (1)",
        "…",
        "3 (1)",
    ]
    certainty = {line.printed: (line.certainty, line.meaning) for line in found.confirmation}
    assert certainty["北署"][0] == confirmation.ANSWERED
    assert certainty["東・西"] == (confirmation.NOT_TAKEN, "東の一部: mapping.yaml: 管轄が広がった")
    assert certainty["不詳"] == (confirmation.NOT_TAKEN, "mapping.yaml: 新しい区分")
    assert certainty["前年比"][0] == confirmation.NOT_TAKEN
    assert any("1-2「西」は、このファイルでは使われませんでした" in one for one in found.notes)
    wrong = {"labels": {"1-2": {"北署": {"to": "南署", "kind": "exact", "reason": "x"}}}}
    assert "E6-ANSWER-TO" in codes(read(folder, as_csv(rows), "a.csv", answers=wrong))


def test_the_year_asked_for(folder: Path) -> None:
    found = read(folder, as_csv(NEW), "t1-1.csv", 2022)
    assert codes(found) == ["E6-YEAR-ABSENT"]
    assert "令和4(2022)年がありません（最後の年は令和3(2021)年）" in found.refused[0]
    answers = {"absent": {"1-1": {"令和4(2022)年": "まだ出ていない"}}}
    left_out = read(folder, as_csv(NEW), "t1-1.csv", 2022, answers)
    assert (left_out.refused, left_out.tables) == ((), {})
    assert "この表は下書きに入れません" in left_out.notes[-1]
    # A later year is not taken before its turn, and is listed.
    early = read(folder, as_csv(NEW), "t1-1.csv", 2020)
    assert early.tables["1-1"][0] == ["", "令和2(2020)年"]
    assert [line.certainty for line in early.confirmation if line.printed == "Ｒ３"] == [
        "取り込まない"
    ]


def test_bare_years_only_where_a_whole_header_is_years(folder: Path) -> None:
    rows = [
        ["", 2020, 2021],
        ["検挙人員", 983, 2012],
        ["初犯者数", 524, 1531],
        ["再犯者数", 459, 481],
    ]
    rows += [["再犯者数割合", "46.7%", "23.9%"]]
    found = read(folder, xlsx(**{"図表1-1": rows}), "a.xlsx")
    assert found.tables["1-1"][1] == ["検挙人員※", "983", "2012"]
    turned = [list(row) for row in zip(*rows, strict=True)]
    assert read(folder, xlsx(**{"図表1-1": turned}), "a.xlsx").tables == found.tables
    both = [["R3", "R3", "R4"], ["R2", 1, 2], ["R1", 1, 2]]
    assert codes(read(folder, xlsx(**{"図表1-1": both}), "a.xlsx")) == ["E6-TABLE-AXES"]


def test_a_unit_line_that_differs(folder: Path) -> None:
    rows = [
        ["図表1-2", ""],
        ["（単位：千人）", ""],
        ["", "R3"],
        *([one[0], "1 (0)"] for one in CANNABIS[1:]),
    ]
    found = read(folder, as_csv(rows), "a.csv")
    assert codes(found) == ["E6-AROUND-UNIT"]
    assert "「単位:千人」" in found.refused[0]


def test_ragged_rows_are_said_with_their_line(folder: Path) -> None:
    text = as_csv([["図表1-1"], *NEW]).replace("再犯者数,459,481", "再犯者数,459")
    found = read(folder, text, "a.csv")
    assert codes(found) == ["E6-CSV-RAGGED"]
    assert "5行目のセルは2個ですが、この表の最初の行（2行目）は3個" in found.refused[0]


def test_merged_values_are_not_copied(folder: Path) -> None:
    book = workbook(S=[["図表1-1"], *NEW])
    book["S"].merge_cells("B4:C4")
    found = read(folder, saved(book), "a.xlsx")
    assert codes(found) == ["E6-CELL-MERGED", "E6-CELL-MERGED"]


def test_a_long_table(folder: Path) -> None:
    rows = [
        ["measure", "year", "value"],
        ["reoffenders", "令和３年", "26,000"],
        ["reoffenders", "R4", "1"],
    ]
    found = read(folder, as_csv(rows), "series.csv")
    assert found.tables == {
        "series": [["year", "measure", "value", "note"], ["令和3年", "reoffenders", "26,000", ""]]
    }
    unknown = [*rows, ["suspects", "R3", "5"]]
    assert codes(read(folder, as_csv(unknown), "series.csv")) == ["E6-LABEL-UNKNOWN"]
    assert codes(read(folder, as_csv([*rows, rows[1]]), "series.csv")) == ["E6-LABEL-TWICE"]
    assert codes(read(folder, as_csv(rows), "a.csv")) == ["E6-TABLE-TWO"]


def test_hostile_labels_end_as_text(folder: Path) -> None:
    rows = [list(one) for one in NEW]
    rows[2][0] = '=HYPERLINK("http://x","y")'
    rows[3][0] = "\x1b[2J<script>alert(1)</script>"
    found = read(folder, as_csv(rows), "t1-1.csv")
    assert found.tables == {}
    assert "'=HYPERLINK" in found.confirmation_csv()
    assert "\x1b" not in "".join((found.confirmation_text(), *found.refused, *found.notes))


def test_a_header_that_is_no_certain_text(folder: Path) -> None:
    book = workbook(S=[[TITLE], *NEW])
    book["S"]["C2"] = datetime.date(2021, 1, 1)
    book["S"]["A4"] = "=A3"
    found = read(folder, saved(book), "a.xlsx")
    assert found.tables == {}
    assert codes(found)[:1] == ["E6-CELL-FORMULA"]
    assert "E6-CELL-DATE S!C2" in " ".join(found.refused)


def test_a_comma_without_quotes_in_a_long_table_is_refused(folder: Path) -> None:
    text = as_csv(
        [["measure", "year", "value"], ["reoffenders", "R4", "1"], ["reoffenders", "R3", "9"]]
    )
    found = read(folder, text.replace("R4,1", "R4,26,000"), "series.csv")
    assert codes(found) == ["E6-CSV-RAGGED"]
    assert found.tables == {}
