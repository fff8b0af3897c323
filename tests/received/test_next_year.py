"""Answers of one year hold for the files of the next, in other layouts; every figure is invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from minato_analysis import data, received
from minato_analysis.received import store

from .files import xlsx

SERIES = "minato-plan-draft-2024-12"
NOTE = ["注 集計方法は前年と同じ。"]
STATIONS = ["愛宕", "三田", "高輪中央", "麻布", "赤坂", "東京湾岸"]
VIOLENT = list(
    zip(
        [*STATIONS, "合計"],
        [66, 31, 33, 121, 36, 43, 330],
        [33, 14, 10, 66, 13, 20, 156],
        strict=True,
    )
)
CANNABIS = ["3 (1)", "x", "5 (2)", "29 (18)", "9 (5)", "8 (4)", "58 (32)"]
PARTS = ["うち凶悪犯", "うち粗暴犯", "うち窃盗犯", "うち知能犯", "うち風俗犯", "その他の刑法犯"]
FIRST = {
    "送付状": [["令和9年3月5日"], ["区長 殿"], ["下記のとおり送付します。"]],
    "図表3-4": [
        ["図表3-4　警察署ごとの刑法犯（粗暴犯）検挙人員及び再犯者数"],
        ["", "令和5年", "令和5年"],
        ["警察署", "検挙人員", "うち再犯者"],
        *VIOLENT,
        NOTE,
    ],
    "図表2-4": [
        ["図表2-4　区内の刑法犯検挙人員の推移（港区）"],
        ["", "令和5年"],
        ["刑法犯総数", 968],
        *zip(PARTS, [37, 330, 268, 112, 49, 172], strict=True),
        NOTE,
    ],
    "図表2-10": [
        ["図表2-10　再犯者の割合の推移（港区）"],
        ["年次", "検挙人員", "初犯者数", "再犯者数", "再犯者の割合"],
        ["令和5年", 1102, 568, 534, "48.5%"],
    ],
}
TITLE = "図表3-2　警察署ごとの大麻取締法による検挙人員及び再犯者数"
HEAD = [[TITLE], ["", "令和6年"]]
TABLE = list(zip([*STATIONS, "計"], CANNABIS, strict=True))
SECOND = {
    "検挙状況": [
        ["年次", "警察署", "罪種", "検挙人員", "うち再犯者"],
        *(["令和6年", station, "粗暴犯", *pair] for station, *pair in VIOLENT),
        [],
        NOTE,
    ],
    "図表3-2(1)": [*HEAD, *TABLE[:4]],
    "図表3-2(2)": [*HEAD, *TABLE[4:], NOTE],
}
ANSWERS = {
    "words": {NOTE[0]: "変わらない"},
    "labels": {"3-4": {"高輪中央": {"to": "高輪", "kind": "exact", "reason": "署名の変更"}}},
}
LAW = {"laws": {"cannabis-law-2024": {"kind": "exact", "reason": "提供元の回答"}}}


@pytest.fixture
def read(repository: Path, tmp_path: Path) -> Any:
    def one(sheets: Any, year: int, answers: Any = None) -> received.Received:
        file = tmp_path / f"letter-{year}.xlsx"
        file.write_bytes(xlsx(**sheets))
        package = data.descriptor(repository)
        before = store.answered(tmp_path)
        found = received.read(
            file, package, repository, year, answers, source=SERIES, before=before
        )
        if not found.refused:
            entry = store.keep(file, tmp_path, source=f"pref-{year}", received=date(2027, 3, 5))
            store.record(tmp_path, entry, found.confirmation_csv())
        return found

    (tmp_path / "data").mkdir()
    return one


def codes(found: received.Received) -> list[str]:
    return [one.split()[0] for one in found.refused]


def test_one_question_for_each_real_ambiguity_and_none_twice(read: Any) -> None:
    asked = read(FIRST, 2023)
    assert codes(asked) == ["E6-AROUND-UNKNOWN", "E6-LABEL-ABSENT"]
    # A new name of a station is named, with the answer for it, not only what is missing.
    assert "「高輪中央: {to: 高輪, kind: exact, reason: 理由}」" in asked.refused[1]
    assert read(FIRST, 2023, ANSWERS).refused == ()
    found = read(SECOND, 2024)
    assert codes(found) == ["E6-LAW"]
    found = read(SECOND, 2024, LAW)
    assert found.refused == ()
    # Two sheets are one table, and its new station the one that was answered for another table.
    _, *rows = found.tables["3-2"]
    assert [row[-1] for row in rows] == CANNABIS
    assert found.notes == ()
    reasons = [one.meaning for one in found.confirmation if one.printed == "高輪中央"]
    assert len(reasons) == 2
    assert all(
        "署名の変更" in one and "pref-2023/letter-2023.xlsx への答え" in one for one in reasons
    )


def test_two_sheets_that_are_no_whole_stay_refused(read: Any) -> None:
    read(FIRST, 2023, ANSWERS)
    for second in ([*HEAD, *TABLE[5:]], [*HEAD, *TABLE[3:]]):  # a station is lost, or there twice
        found = read({"図表3-2(1)": [*HEAD, *TABLE[:4]], "図表3-2(2)": second}, 2024, LAW)
        assert "E6-TABLE-TWICE" in codes(found)
        assert found.tables == {}
