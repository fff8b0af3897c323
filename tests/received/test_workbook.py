"""An xlsx as sheets of text: merged cells, formulas, dates, errors, what is hidden."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any

import pytest

from minato_analysis.received.errors import ReceivedError
from minato_analysis.received.sheet import Sheet
from minato_analysis.received.workbook import read_workbook

from .files import MAIN, ONE_CELL, packed, parts, saved, sheet, workbook, xlsx


def only(data: bytes) -> Sheet:
    sheets = read_workbook(data, "t.xlsx")
    assert len(sheets) == 1
    return sheets[0]


def test_several_sheets_in_order() -> None:
    sheets = read_workbook(xlsx(表1=[["a"]], 表2=[["b", 1]]), "t.xlsx")
    assert [(one.name, one.cells) for one in sheets] == [("表1", [["a"]]), ("表2", [["b", "1"]])]


def test_merged_cells_are_filled_and_remembered() -> None:
    book = workbook(S=[["", "人数", "", "割合"], ["", "市", "県", ""]])
    book["S"].merge_cells("B1:C1")
    book["S"].merge_cells("D1:D2")
    found = only(saved(book))
    assert found.cells == [["", "人数", "人数", "割合"], ["", "市", "県", "割合"]]
    assert found.anchor((0, 2)) == (0, 1)
    assert found.anchor((1, 3)) == (0, 3)
    assert found.texts(0) == [(1, "人数"), (3, "割合")]


def test_a_merge_of_whole_columns_fills_only_what_is_used() -> None:
    merge = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    row = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>'
    assert only(packed(parts(sheet(row, merge)))).cells == [["1", "1"], ["1", "1"]]
    twice = merge.replace("</mergeCells>", '<mergeCell ref="B2:C3"/></mergeCells>')
    with pytest.raises(ReceivedError, match=r"E6-XLSX-MERGED t.xlsx S!B2"):
        only(packed(parts(sheet(row, twice))))


def test_formulas_are_read_as_their_saved_values() -> None:
    cells = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"a"</f><v>a</v></c>'
        '<c r="C1"><f>HYPERLINK("http://x")</f></c><c r="D1" t="str"><f>""</f><v></v></c>'
        '<c r="E1"><f>X</f><v></v></c></row>'
    )
    found = only(packed(parts(sheet(cells))))
    assert found.cells == [["2", "a", "", "", ""]]
    assert {position: one.code for position, one in found.doubts.items()} == {
        (0, 2): "E6-CELL-FORMULA",
        (0, 4): "E6-CELL-FORMULA",
    }
    assert "S!C1: 数式の計算結果が保存されていない" in str(found.doubts[0, 2])
    assert any("数式のセルが3個" in remark for remark in found.remarks)
    # A workbook written by a program has no saved values at all.
    assert set(only(xlsx(S=[["=1+1"]])).doubts) == {(0, 0)}


@pytest.mark.parametrize(
    ("value", "number_format", "code"),
    [
        (datetime.date(2023, 1, 1), None, "E6-CELL-DATE"),
        (datetime.time(1, 2), None, "E6-CELL-DATE"),
        (44927, 'ggge"年"', "E6-CELL-DATE"),
        ("#REF!", None, "E6-CELL-ERROR"),
        ("#N/A", None, "E6-CELL-ERROR"),
        (1581600, "#,##0,", "E6-CELL-FORMAT"),
        ("検挙\u202e人員", None, "E6-CELL-HIDDEN-CHARACTER"),
        ("x_x001B_[31m", None, "E6-CELL-HIDDEN-CHARACTER"),
    ],
)
def test_cells_that_cannot_be_taken(value: Any, number_format: str | None, code: str) -> None:
    book = workbook(S=[[None, "見出し"], [value]])
    if number_format:
        book["S"]["A2"].number_format = number_format
    found = only(saved(book))
    assert [(position, one.code) for position, one in found.doubts.items()] == [((1, 0), code)]
    assert re.search("S!A2: .*まず.*ください。", str(found.doubts[1, 0]))


USES = {
    "its formula": "<f>[1]Sheet1!A1</f>",
    "a name of it": "<f>Outside*2</f>",
    "a shared formula": '<f t="shared" si="0" ref="A1:B1">[1]Sheet1!A1</f>',
}


@pytest.mark.parametrize("formula", USES.values(), ids=USES)
def test_a_value_from_another_workbook_is_a_doubt_of_its_cell_only(formula: str) -> None:
    follower = '<f t="shared" si="0"/>' if "shared" in formula else "<f>A9*2</f>"
    rows = f'<row r="1"><c r="A1">{formula}<v>1</v></c><c r="B1">{follower}<v>2</v></c></row>'
    names = '<definedNames><definedName name="Outside">[1]Sheet1!$A$1</definedName></definedNames>'
    made = parts(sheet(rows))
    made["xl/workbook.xml"] = made["xl/workbook.xml"].replace("</sheets>", f"</sheets>{names}")
    doubts = only(packed(made)).doubts
    assert doubts[0, 0].code == "E6-CELL-LINK"
    assert ((0, 1) in doubts) == ("shared" in formula)


def test_japanese_date_formats_that_no_file_spells_out() -> None:
    # 27–36 and 50–58 are dates in Japanese Excel; the library knows them as plain numbers.
    for number in (27, 31, 36, 50, 57, 58):
        styles = (
            f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/>'
            "</cellXfs></styleSheet>"
        )
        row = '<row r="1"><c r="A1" s="1"><v>44927</v></c></row>'
        found = only(packed(parts(sheet(row), styles=styles)))
        assert found.doubts[0, 0].code == "E6-CELL-DATE"


def test_hidden_rows_columns_and_sheets_are_not_read_and_reported() -> None:
    book = workbook(S=[["a", 1], ["b", 2]], 隠し=[["x"]])
    book["S"].row_dimensions[2].hidden = True
    book["S"].column_dimensions["B"].hidden = True
    book["隠し"].sheet_state = "veryHidden"
    found = only(saved(book))
    assert found.cells == [["a", ""], ["", ""]]
    assert found.hidden == {1}
    assert any("非表示の行（2）は読んでいません" in one for one in found.remarks)
    assert any("非表示の列（B）は読んでいません" in one for one in found.remarks)
    assert any("非表示のシート「隠し」は読んでいません" in one for one in found.remarks)


def test_a_workbook_with_nothing_to_see() -> None:
    one = '<sheet name="S" sheetId="1" r:id="r1"/>'
    hidden = parts(ONE_CELL)
    hidden["xl/workbook.xml"] = hidden["xl/workbook.xml"].replace(
        one, one.replace("/>", ' state="hidden"/>')
    )
    with pytest.raises(ReceivedError, match=r"E6-XLSX-SHEETS t.xlsx: .*0枚です（全部で1枚"):
        read_workbook(packed(hidden), "t.xlsx")


def test_texts_without_their_looks_and_reading_aids() -> None:
    strings = (
        f'<sst xmlns="{MAIN}"><si><r><t>検挙</t></r><r><rPr><b/></rPr><t>人員</t></r>'
        '<rPh sb="0" eb="2"><t>ケンキョ</t></rPh></si></sst>'
    )
    row = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
    )
    assert only(packed(parts(sheet(row), strings=strings))).cells == [["検挙人員", "b"]]
    for wrong in ("-1", "1", "x", ""):
        hostile = row.replace("<v>0</v>", f"<v>{wrong}</v>")
        if wrong:
            with pytest.raises(ReceivedError, match="E6-XLSX-BROKEN"):
                only(packed(parts(sheet(hostile), strings=strings)))
        else:
            assert only(packed(parts(sheet(hostile), strings=strings))).cells == [["", "b"]]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>one</v></c></row>',
        '<row r="1"><c r="A1" s="9"><v>1</v></c></row>',
        '<row r="x"><c r="A1"><v>1</v></c></row>',
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="0"><c r="A0"><v>2</v></c></row>',
        '<row r="-1"><c><v>1</v></c></row>',
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
    ],
)
def test_cells_that_contradict_each_other(rows: str) -> None:
    with pytest.raises(ReceivedError, match="E6-XLSX-BROKEN"):
        only(packed(parts(sheet(rows))))


def test_rows_and_cells_without_addresses_stand_where_they_are() -> None:
    rows = '<row><c><v>1</v></c><c><v>2</v></c></row><row r="3"><c r="B3"><v>3</v></c></row>'
    assert only(packed(parts(sheet(rows)))).cells == [["1", "2"], ["", ""], ["", "3"]]


def test_values_of_other_kinds() -> None:
    rows = '<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1"><v>1e999</v></c>'
    rows += '<c r="C1" t="d"><v>2023-01-01</v></c>'
    rows += f'<c r="D1" t="str"><v>{"x" * 40_000}</v></c><c r="E1" s="0"><v>12</v></c></row>'
    found = only(packed(parts(sheet(rows))))
    assert [found.cells[0][column] for column in (0, 4)] == ["TRUE", "12"]
    assert {position[1]: one.code for position, one in found.doubts.items()} == {
        1: "E6-CELL-FORMAT",
        2: "E6-CELL-DATE",
        3: "E6-CELL-LONG",
    }


def test_a_doubt_of_a_merged_cell_is_that_of_its_range() -> None:
    merge = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    rows = '<row r="1"><c r="A1"><f>X</f></c></row><row r="2"><c r="B2"><v>1</v></c></row>'
    found = only(packed(parts(sheet(rows, merge))))
    assert found.doubts[0, 1] is found.doubts[0, 0]


def test_a_value_far_away_is_refused_before_the_rectangle_is_filled() -> None:
    far = sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with pytest.raises(ReceivedError, match=r"E6-CELLS t\.xlsx: 行の数が1,048,576で、上限の20,000"):
        only(packed(parts(far)))
    # Styles without values count for nothing: spreadsheets leave them everywhere.
    styled = sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"/></row>'
    )
    assert only(packed(parts(styled))).cells == [["1"]]


def test_a_cell_that_names_no_style_has_the_first_one() -> None:
    """Which is not General where somebody changed the normal style."""
    book = workbook(S=[["割合"], [0.5]])
    plain = saved(book)
    book["S"]["A2"].number_format = "0.0%"
    styled = only(saved(book)).cells
    assert only(plain).cells == [["割合"], ["0.5"]]
    content = {
        one: zipfile.ZipFile(io.BytesIO(saved(book))).read(one) for one in _names(saved(book))
    }
    styles = content["xl/styles.xml"].decode()
    number = re.findall(r"<cellXfs.*?</cellXfs>", styles, re.S)[0]
    own = re.findall(r'numFmtId="(\d+)"', number)[-1]
    assert own != "0"
    content["xl/styles.xml"] = styles.replace(
        number, re.sub('numFmtId="0"', f'numFmtId="{own}"', number, count=1)
    ).encode()
    bare = re.sub(rb'(<c r="A2")[^>]*?( t="n")?>', rb"\1>", content["xl/worksheets/sheet1.xml"])
    assert bare != content["xl/worksheets/sheet1.xml"]
    content["xl/worksheets/sheet1.xml"] = bare
    assert only(packed(content)).cells == styled


def _names(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).namelist()
