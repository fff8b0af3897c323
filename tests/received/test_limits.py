"""What a received file may be: every refusal names both numbers, the first thing to check, the way out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from minato_analysis.received.errors import ReceivedError, has_hidden, visible
from minato_analysis.received.limits import LIMITS, Limits, check_used, kind, read_bytes

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    file.write_bytes(b"a" * 101)
    with pytest.raises(ReceivedError) as refused:
        read_bytes(file, Limits(file_bytes=100))
    assert str(refused.value).startswith("E6-SIZE large.csv: 大きさが101バイトで、上限の100バイト")
    assert "まず" in str(refused.value)
    assert str(refused.value).endswith("ください。")
    file.write_bytes(b"a" * 100)
    assert len(read_bytes(file, Limits(file_bytes=100))) == 100


def test_a_sparse_file_of_any_size_costs_nothing(tmp_path: Path) -> None:
    file = tmp_path / "huge.xlsx"
    with file.open("wb") as stream:
        stream.truncate(10**12)
    with pytest.raises(ReceivedError, match=r"1,000,000,000,000バイトで、上限の20,000,000"):
        read_bytes(file)


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "nowhere.csv")
    for name in ("pipe.csv", "folder.csv", "link.csv", "absent.csv"):
        with pytest.raises(ReceivedError, match=f"E6-FILE {name}"):
            read_bytes(tmp_path / name)
    (tmp_path / "empty.csv").touch()
    with pytest.raises(ReceivedError, match=r"E6-SIZE empty.csv: 大きさが0バイト"):
        read_bytes(tmp_path / "empty.csv")


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (OLE, "t.xlsx", "E6-ENCRYPTED"),
        (OLE, "t.csv", "E6-ENCRYPTED"),
        (b"PK\x03\x04", "t.xlsm", "E6-MACRO"),
        (b"PK\x03\x04", "t.XLSB", "E6-MACRO"),
        (b"PK\x03\x04", "t.csv", "E6-TYPE"),
        (b"a,b", "t.xlsx", "E6-TYPE"),
        (b"a,b", "t.pdf", "E6-TYPE"),
        (b"a,b", "t", "E6-TYPE"),
    ],
)
def test_the_bytes_say_what_a_file_is(content: bytes, name: str, code: str) -> None:
    with pytest.raises(ReceivedError, match=code) as refused:
        kind(content, name)
    assert "保存し直してください" in str(refused.value)


def test_kinds_that_are_read() -> None:
    assert kind(b"PK\x03\x04", "T.XLSX") == "xlsx"
    assert kind(b"\xef\xbb\xbfa,b", "t.csv") == "csv"


@pytest.mark.parametrize(
    ("used", "characters", "what"),
    [
        ([(20_001, 1)], 0, "行の数が20,001で、上限の20,000"),
        ([(1, 1_001)], 0, "列の数が1,001で、上限の1,000"),
        ([(1_000, 60), (1_000, 60)], 0, "セルの数が120,000で、上限の100,000"),
        ([(1, 1)], 5_000_001, "文字の数が5,000,001で、上限の5,000,000"),
    ],
)
def test_cells_are_counted_before_they_are_filled(
    used: list[tuple[int, int]], characters: int, what: str
) -> None:
    with pytest.raises(ReceivedError, match=f"E6-CELLS t.xlsx: {what}"):
        check_used(used, characters, "t.xlsx", LIMITS)
    check_used([(20_000, 5)], 5_000_000, "t.xlsx", LIMITS)


def test_a_message_cannot_write_to_the_terminal() -> None:
    error = ReceivedError("E6-TYPE", "a\x1b[2J\u202e.csv", "文\x07です。")
    assert str(error) == "E6-TYPE a<U+001B>[2J<U+202E>.csv: 文<U+0007>です。"
    assert visible("港区\n") == "港区<U+000A>"
    assert has_hidden("\ud800")
    assert not has_hidden("刑法犯\r\n\t総数")
