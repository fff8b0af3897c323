"""A csv as a sheet of text: encodings, quotes, rows of unequal length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis.received.errors import ReceivedError
from minato_analysis.received.limits import Limits
from minato_analysis.received.text_file import decoded, read_text

TEXT = '区分,令和４年\r\n検挙人員,"1,053 人"\r\n再犯者〜①,△12\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_encodings_of_japanese_csv(encoding: str) -> None:
    text = TEXT.replace("〜", "～")  # Windows' wave dash
    sheet = read_text(text.encode(encoding), "t.csv")[0]
    assert sheet.cells == [["区分", "令和４年"], ["検挙人員", "1,053 人"], ["再犯者～①", "△12"]]
    assert sheet.name == "t"
    assert (sheet.widths, sheet.lines) == ((2, 2, 2), (1, 2, 3))


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("区分,R4".encode("utf-16"), "E6-CSV-NUL", "UTF-16"),
        (b"a\0b", "E6-CSV-NUL", "1個"),
        ("区分,検挙人員".encode("euc-jp"), "E6-CSV-ENCODING", "UTF-8 でも Shift_JIS"),
        ("区分".encode() + "人員".encode("cp932"), "E6-CSV-ENCODING", "途中で切れて"),
        ("区分,検挙人員".encode()[:-1], "E6-CSV-ENCODING", "途中で切れて"),
        ("ﾃﾞｰﾀ".encode("cp932") + b"\xf0\x40", "E6-CSV-ENCODING", "Shift_JIS"),
        (b"\xc3\xb1,\xc3\xb1", "E6-CSV-ENCODING-TWO", "ñ,ñ / ﾃｱ,ﾃｱ"),
        (b'a,"b\nc,d', "E6-CSV-QUOTE", "1行目から"),
        (b'a,b\nc,"d"e', "E6-CSV-QUOTE", "2行目から"),
        ("区分\tR4\n人員\t1".encode(), "E6-CSV-DELIMITER", "タブ"),
    ],
)
def test_what_is_refused(content: bytes, code: str, words: str) -> None:
    with pytest.raises(ReceivedError, match=code) as refused:
        read_text(content, "t.csv")
    assert words in str(refused.value)
    assert "まず" in str(refused.value)
    assert str(refused.value).endswith("ください。")


def test_rows_of_unequal_length_keep_their_lines() -> None:
    sheet = read_text(b'title\n,"a\nb",c\n\nx,1,2,3\n\n\n', "t.csv")[0]
    assert sheet.cells == [
        ["title", "", "", ""],
        ["", "a\nb", "c", ""],
        ["", "", "", ""],
        ["x", "1", "2", "3"],
    ]
    assert sheet.widths == (1, 3, 0, 4)
    assert sheet.lines == (1, 2, 4, 5)


def test_one_far_comma_does_not_fill_a_plane() -> None:
    wide = b"," * 900 + b"\n" + b"x\n" * 10_000
    with pytest.raises(ReceivedError, match=r"E6-CELLS t\.csv: セルの数が9,0"):
        read_text(wide, "t.csv")
    with pytest.raises(ReceivedError, match=r"E6-CELLS t\.csv: 文字の数が11で、上限の10"):
        read_text(b"a" * 11, "t.csv", Limits(characters=10))


def test_cells_nobody_sees_all_of() -> None:
    sheet = read_text("a,\u202e21\nb,\x1b[31m".encode(), "t.csv")[0]
    codes = {position: one.code for position, one in sheet.doubts.items()}
    assert codes == {(0, 1): "E6-CELL-HIDDEN-CHARACTER", (1, 1): "E6-CELL-HIDDEN-CHARACTER"}
    long = read_text(b"a," + b"x" * 40_000, "t.csv")[0]
    assert long.doubts[0, 1].code == "E6-CELL-LONG"


japanese = st.text(
    st.sampled_from("検挙人員再犯者令和元年０１２％（）～①Ⅳあア、。1,%\n"), min_size=1
)


@given(japanese)
def test_japanese_text_survives_both_encodings(text: str) -> None:
    assert decoded(text.encode(), "t.csv") == text
    assert decoded(text.encode("cp932"), "t.csv") == text
    assert decoded(text.encode("utf-8-sig"), "t.csv") == text


def test_jis_is_named() -> None:
    with pytest.raises(ReceivedError, match=r"E6-CSV-ENCODING .*ISO-2022-JP"):
        decoded("年,人\n".encode("iso2022_jp"), "t.csv")
