"""Tables: HTML a screen reader can read, CSV a spreadsheet cannot run, signs of official tables."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis.numbers import tables
from minato_analysis.numbers.tables import (
    MIME,
    SIGNS,
    Table,
    from_frame,
    harmless,
    is_number,
    number_cell,
    signs_note,
)

REFERENCE = '{{ fact("area.share.2022") }}'
TABLE = Table(
    id="share",
    caption=f"割合（最新 {REFERENCE}）",
    columns=("", "人員", "割合", "備考"),
    rows=(("令和3(2021)年", "1,014", "49.2%", "a<b"), ("令和4(2022)年", "p 1,053", "…", "=1+1")),
    notes=("注",),
)


def test_html_has_caption_headers_with_scope_and_no_ids():
    root = ET.fromstring(TABLE.html())
    assert root.tag == "table"
    assert [one.tag for one in root] == ["caption", "thead", "tbody"]
    assert root.find("caption").text == TABLE.caption
    head = list(root.find("thead/tr"))
    assert [(one.tag, one.get("scope")) for one in head] == [("td", None), *[("th", "col")] * 3]
    for row in root.find("tbody"):
        assert [(one.tag, one.get("scope")) for one in row] == [("th", "row"), *[("td", None)] * 3]
    assert not any(one.get("id") for one in root.iter())


def test_cells_are_escaped_and_references_in_the_caption_are_not_touched():
    html = TABLE.html()
    assert "a&lt;b" in html
    assert REFERENCE in html


def test_numbers_are_marked_for_the_right_edge():
    root = ET.fromstring(TABLE.html())
    marked = [one.text for one in root.iter() if one.get("class") == "num"]
    assert marked == ["人員", "割合", "1,014", "49.2%", "p 1,053", "…"]


def test_short_columns_stay_on_one_line_and_long_words_may_break():
    digest = "d66e114caa940bbc32e93b99a8bed0d2"
    rows = (("C013", "不一致", "見直しの年度", digest), ("C023", "要限定", "短い", "別の文の中"))
    table = Table("t", "c", ("番号", "判定", "内容は長い見出し", "識別"), rows)
    cells = [one for row in ET.fromstring(table.html()).find("tbody") for one in row]
    assert [one.get("class") for one in cells] == [
        "short", "short", "short", "long", "short", "short", "short", None,
    ]  # fmt: skip
    wide = Table("t", "c", ("番号", "内容"), (("C013", "八文字を超える言葉"), ("C023", "短い")))
    assert 'class="short">C013' in wide.html()
    assert "<td>短い</td>" in wide.html()


def test_without_row_headers_the_first_cell_is_data():
    root = ET.fromstring(Table("t", "c", ("a",), (("1",),), row_headers=False).html())
    assert root.find("tbody/tr/td").text == "1"


def test_a_table_without_rows_still_has_its_headers():
    root = ET.fromstring(Table("t", "c", ("a", "b"), ()).html())
    assert [one.text for one in root.iter("th")] == ["a", "b"]


def test_rows_of_another_length_and_references_in_cells_are_refused():
    with pytest.raises(ValueError, match="row 1: 1 cells under 2 columns"):
        Table("t", "c", ("a", "b"), (("1",),))
    with pytest.raises(ValueError, match="holds a reference"):
        Table("t", "c", ("a",), ((REFERENCE,),))
    with pytest.raises(ValueError, match="row 0"):
        Table("t", "c", (REFERENCE,), ())


def test_csv_reads_back_and_runs_no_formula():
    text = TABLE.csv()
    assert "\r" not in text
    assert text.endswith("\n")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[2][0] == "令和4(2022)年"
    assert rows[2][-1] == "'=1+1"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-1+1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "＝1+1",
        "－1+1",
        "＠A",
        "--1",
    ],
)
def test_formula_starts_are_made_harmless(text):
    assert harmless(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["-3.5", "+2", "-1,234", "-5%", "-", "", "1=1", "△2.8", "港", "2022-03"]
)
def test_numbers_and_ordinary_text_stay(text):
    assert harmless(text) == text


@given(st.text())
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(text):
    cell = harmless(text)
    if cell.startswith(("=", "+", "-", "@")):
        assert cell == "-" or float(cell.replace(",", "").rstrip("%")) is not None


@given(
    st.lists(st.lists(st.text("abc,\"'\n港=+-", max_size=5), min_size=2, max_size=2), max_size=4)
)
def test_csv_keeps_every_cell(cells):
    rows = tuple(tuple(row) for row in cells)
    read = list(csv.reader(io.StringIO(Table("t", "c", ("a", "b"), rows).csv())))
    assert read[1:] == [[harmless(cell) for cell in row] for row in rows]


def test_the_bundle():
    bundle = TABLE._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {MIME, "text/html", "text/plain"}
    assert json.loads(json.dumps(bundle[MIME])) == {
        "id": "share",
        "caption": TABLE.caption,
        "html": TABLE.html(),
        "csv": TABLE.csv(),
        "notes": ["注"],
    }
    assert bundle["text/html"] == TABLE.html()
    assert bundle["text/plain"].splitlines()[1] == "\t人員\t割合\t備考"


def test_from_frame_formats_rounds_half_up_and_keeps_the_order():
    frame = pd.DataFrame(
        {"人員": [1014.0, 1053.0], "変化": [0.25, -2.75], "注": ["甲", None]},
        index=pd.Index([2021, 2022], name="年"),
    )
    formats = {"年": str, "人員": ("number", 0), "変化": ("number", 1)}
    table = from_frame(frame, "表", formats, id="t", notes=["n"])
    assert table.columns == ("年", "人員", "変化", "注")
    assert table.rows == (("2021", "1,014", "0.3", "甲"), ("2022", "1,053", "△2.8", "…"))
    assert table.notes == ("n",)


def test_from_frame_leaves_an_unnamed_index_out():
    assert from_frame(pd.DataFrame({"a": ["x"]}), "c", id="t").rows == (("x",),)


def test_from_frame_refuses_numbers_without_a_format_and_unknown_columns():
    with pytest.raises(ValueError, match="say how it is printed"):
        from_frame(pd.DataFrame({"a": [1.5]}), "c", id="t")
    with pytest.raises(ValueError, match="formats for b"):
        from_frame(pd.DataFrame({"a": [1.5]}), "c", {"b": str}, id="t")


@pytest.mark.parametrize(
    ("value", "status", "shown"),
    [
        (0.0, "zero", "0"),
        (None, "not_applicable", "-"),
        (None, "missing", "…"),
        (7.0, "suppressed", "x"),
        (1053, "provisional", "p 1,053"),
        (1053, "revised", "r 1,053"),
        (1053, "ok", "1,053"),
        (-2.0, "ok", "△2"),
    ],
)
def test_signs(value, status, shown):
    cell = number_cell(value, status, digits=0)
    assert cell == shown
    assert is_number(cell)


def test_a_status_is_known_and_a_value_is_there():
    with pytest.raises(ValueError, match="is not one of"):
        number_cell(1, "estimated", digits=0)
    for none in (None, float("nan")):
        with pytest.raises(ValueError, match="needs a value"):
            number_cell(none, "revised", digits=0)


def test_the_legend_names_exactly_the_signs_in_use():
    assert signs_note([["1,053", "10"]]) == ""
    cells = [["0", "-", "…"], ["x", "p 1", "r 2"]]
    note = signs_note(cells)
    assert note.count("」は") == len(SIGNS)
    assert signs_note([["r 2"]]) == "「r」は訂正値。"
    assert signs_note([["port", "x-ray"]]) == ""


def test_older_years_are_left_out_on_paper_only() -> None:
    rows = tuple((f"{year}年", str(year)) for year in range(2017, 2027))
    html = Table("t", "c", ("年", "人"), rows, fold=tables.FOLDED).html()
    assert html.count('<tr class="earlier">') == 5
    assert (
        '<tr class="elided"><td colspan="2">2018年から2022年までは、画面とCSVにあります</td></tr>'
        in html
    )
    assert html.index("2017年") < html.index('class="elided"') < html.index('class="earlier"')
    few = Table("t", "c", ("年", "人"), rows[:6], fold=tables.FOLDED).html()
    assert "elided" not in few
    assert "earlier" not in few


def test_a_negative_is_spoken_and_english_is_marked() -> None:
    html = Table("t", "題", ("名", "値"), (("minato.share.2022", "△2.8"),)).html()
    assert 'lang="en">minato.share.2022' in html
    assert '<span role="img" aria-label="マイナス">△</span>2.8' in html


def test_a_hash_is_no_english_whatever_letters_it_has() -> None:
    rows = (("ab12", "6835fe735aa6bb9cefff"), ("cd34", "8b7bbf68181e6d296f07"))
    made = Table("hashes", "題", ("印", "識別"), rows).html()
    assert "lang=" not in made
    assert 'lang="en"' in Table("names", "題", ("印", "名"), (("a", "two_year_return"),)).html()
