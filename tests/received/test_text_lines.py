"""A table that lost its columns is put together again, or refused with the row that does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from minato_analysis.received.errors import ReceivedError
from minato_analysis.received.text_lines import read_lines

from .world import NEW, TAKEN, TITLE, project, read

LINES = [TITLE, *(str(cell) for cell in NEW[0][1:]), *(str(c) for row in NEW[1:] for c in row)]
TOGETHER = [TITLE, *(" ".join(map(str, row[row is NEW[0] :])) for row in NEW)]
TABS = [TITLE, *("\t".join(map(str, row)) for row in NEW)]
FORMS = {"one cell a line": LINES, "run together": TOGETHER, "tabs": TABS}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_seen_in_public_becomes_the_table(tmp_path: Path, form: str) -> None:
    project(tmp_path)
    found = read(tmp_path, "\n".join(FORMS[form]) + "\n", "received.txt")
    assert found.refused == ()
    assert found.tables == {"1-1": TAKEN}


@pytest.mark.parametrize("form", ["one cell a line", "run together"])
def test_a_cell_that_is_lost_is_refused_and_never_guessed(form: str) -> None:
    text = "\n".join(FORMS[form]).replace("\n983", "").replace(" 983", "")
    with pytest.raises(ReceivedError, match=r"E6-TXT-COUNT .*検挙人員.*1個.*年は2個"):
        read_lines(text.encode(), "t.txt")


def test_blanks_inside_a_cell_and_words_around_a_table_stay(tmp_path: Path) -> None:
    text = "図表1-1\n平成 30 年 令和 元 年\n粗暴犯 計 1,079 (40) 64 (22)\n資料：架空\n"
    assert read_lines(text.encode(), "t.txt")[0].cells == [
        ["図表1-1", "", ""],
        ["", "平成30年", "令和元年"],
        ["粗暴犯 計", "1,079(40)", "64(22)"],
        ["資料：架空", "", ""],
    ]


@pytest.mark.parametrize("text", ["", "計\n12\n15\n", "本文だけ。\n"])
def test_a_text_without_a_row_of_years_is_refused(text: str) -> None:
    with pytest.raises(ReceivedError, match="E6-TXT-HEADER"):
        read_lines(text.encode(), "t.txt")
