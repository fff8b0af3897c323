"""One value a cell: what the cells of each kind become."""

from __future__ import annotations

import pytest

from minato_analysis.numbers import one_value


@pytest.mark.parametrize(
    ("head", "cells", "heads", "rows"),
    [
        ("人員", ["1,053人", "35人"], ["人員（人）"], [["1053"], ["35"]]),
        ("差", ["△2.8ポイント", "△ 13.8ポイント"], ["差（ポイント）"], [["-2.8"], ["-13.8"]]),
        ("割合（%）", ["49.0%", "46.2%"], ["割合（%）"], [["49.0"], ["46.2"]]),
        ("割合", ["p 49.0%", "46.2%"], ["割合（%）", "割合（注記）"], [["49.0", "p"], ["46.2", ""]]),
        ("区間", ["△13.6～18.4", "1.0～2.0"], ["区間（下限）", "区間（上限）"],
         [["-13.6", "18.4"], ["1.0", "2.0"]]),
        ("署", ["56 (31)", "28 (15)"], ["署", "署（括弧内）"], [["56", "31"], ["28", "15"]]),
        ("差", ["0.21（±0.16）"], ["差", "差（±）"], [["0.21", "0.16"]]),
        ("年", ["令和元(2019)年", "平成30(2018)年"], ["年", "年（西暦）"],
         [["令和元(2019)年", "2019"], ["平成30(2018)年", "2018"]]),
        ("期間", ["平成12(2000)年〜令和4(2022)年"],
         ["期間", "期間（下限）（西暦）", "期間（上限）（西暦）"],
         [["平成12(2000)年〜令和4(2022)年", "2000", "2022"]]),
        ("時", ["令和4(2022)年", "表の全体"], ["時", "時（西暦）"],
         [["令和4(2022)年", "2022"], ["表の全体", ""]]),
        ("p値", ["0.120", "0.001未満"], ["p値", "p値（注記）"], [["0.120", ""], ["", "0.001未満"]]),
        ("値", ["3人", "4%"], ["値", "値（単位）"], [["3", "人"], ["4", "%"]]),
        ("番号", ["C059", "E2-302"], ["番号"], [["C059"], ["E2-302"]]),
        ("人員", ["…", "x"], ["人員"], [["…"], ["x"]]),
        ("", ["甲", "乙"], ["項目"], [["甲"], ["乙"]]),
    ],
)  # fmt: skip
def test_a_column(head: str, cells: list[str], heads: list[str], rows: list[list[str]]) -> None:
    found, values = one_value.columns((head, "語"), [(one, "語") for one in cells])
    assert found[:-1] == heads
    assert [one[:-1] for one in values] == rows


def test_english_headings_and_headings_alike() -> None:
    heads, rows = one_value.columns(("Share", "Share"), [("49.0%", "1–2")])
    assert heads == ["Share (%)", "Share, low", "Share, high"]
    assert rows == [["49.0", "1", "2"]]
    assert one_value.columns(("a", "a"), [("x1", "y")])[0] == ["a", "a 2"]


def test_no_number_is_lost() -> None:
    cells = ["1,053人", "…", "10人未満", "p 516人"]
    _, rows = one_value.columns(("n",), [(one,) for one in cells])
    assert ["".join(one) for one in rows] == ["1053", "…", "10人未満", "516p"]
