"""Names from outside cannot leave their folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis.received.errors import ReceivedError
from minato_analysis.received.names import file_name, source_name


@pytest.mark.parametrize(
    "name",
    [
        "図表2-10（令和5年）.xlsx",
        "2-10.CSV",
        "a b.csv",
        "..a.csv"[2:],
        "第１表：大麻.xlsx",
        "console.csv",
    ],
)
def test_ordinary_names(name: str) -> None:
    assert file_name(name) == name


def test_letters_are_composed() -> None:
    assert file_name("か\u3099.csv") == "が.csv"


@pytest.mark.parametrize(
    "name",
    [
        "", "..", ".", "../a.csv", "a/b.csv", "a\\b.csv", "/etc/passwd", "C:a.csv", "a.csv:s", "~/.csv",
        "a\n.csv", "a\x00.csv", "a\x1b[2J.csv", "\u202evsc.exe.csv", "a\u200b.csv", "\ufeffa.csv",
        "a\ud800.csv", ".hidden.csv", "a.csv ", "a.csv.", " a.csv", "CON.csv", "nul.xlsx", "com1.csv",
        "LPT\u00b9.csv", "aux .csv", "a*.csv", "a?.csv", 'a".csv', "a|b.csv", "<a>.csv", "a.xlsm", "a.exe",
        "a", "あ" * 60 + ".csv",
    ],
)  # fmt: skip
def test_names_that_are_refused(name: str) -> None:
    with pytest.raises(ReceivedError, match="E6-NAME") as refused:
        file_name(name)
    assert "\x1b" not in str(refused.value)
    assert "\u202e" not in str(refused.value)


@pytest.mark.parametrize(
    "name", ["", "..", "a/b", "not-public", "con", "A", "-a", "港区", "a" * 61, "a.b", "a b", "a\n"]
)
def test_sources_that_are_refused(name: str) -> None:
    with pytest.raises(ReceivedError, match="E6-NAME"):
        source_name(name)


@given(
    st.text(max_size=40)
    | st.text(st.sampled_from("./\\:a\u202e "), max_size=20).map(lambda t: t + ".csv")
)
def test_a_name_that_is_taken_stays_in_its_folder(name: str) -> None:
    try:
        taken = file_name(name)
    except ReceivedError:
        return
    base = Path("/data/received/source")
    assert (base / taken).parent == base
    assert (base / taken).resolve() == base / taken


@pytest.mark.parametrize("name", ["letter.xls", "表.ODS"])
def test_another_spreadsheets_file_is_said_to_be_saved_again(name: str) -> None:
    with pytest.raises(ReceivedError, match=r"E6-TYPE .*保存して") as refused:
        file_name(name)
    assert "中身は変えずに" not in str(refused.value)
