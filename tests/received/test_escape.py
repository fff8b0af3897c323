"""Received text in CSV: never a formula, and the same text when we read it back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from minato_analysis.received.confirmation import SAME, Line, csv_text
from minato_analysis.received.escape import escape, unescape

STARTS = tuple("=+-@\t\r\n＝＋－−＠")


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://x","y")', "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1",
        "-2+3+cmd|' /C calc'!A0", " =1+1", "\u00a0=1", "\ufeff=1", "\u200b@x", "- 1 - 1", "-3 (=1)", "+cmd",
    ],
)  # fmt: skip
def test_formulas_get_an_apostrophe(text: str) -> None:
    assert escape(text) == "'" + text


@pytest.mark.parametrize(
    "text",
    [
        "-12",
        "-3.5%",
        "−12",
        "−",
        "-",
        "－",
        "+5",
        "-1,234 人",
        "－１２",
        "△12",
        "46.2%",
        "検挙人員",
        "",
        "'98年",
        "a=b",
    ],
)
def test_numbers_marks_and_words_stay(text: str) -> None:
    assert escape(text) == text


@given(st.text() | st.text(st.sampled_from("'=+-@\t\r\n＝−19.%人 \ufeff"), max_size=8))
@example("'=1")
@example("''=1")
@example("'-3")
def test_any_text_comes_back_and_starts_harmlessly(text: str) -> None:
    safe = escape(text)
    assert unescape(safe) == text
    if safe.startswith(STARTS):
        # Only a number or a mark may begin like this, and it holds nothing a formula is made of.
        assert set(safe) <= set("+-＋－−0123456789０１２３４５６７８９,，.． %％人件")


@given(st.text())
def test_a_confirmation_is_safe_cell_by_cell(text: str) -> None:
    line = Line(text, text, text, text, text, text, SAME)
    rows = list(csv.reader(io.StringIO(csv_text([line]), newline="")))
    assert len(rows) == 2
    for cell in rows[1]:
        assert escape(unescape(cell)) == cell
