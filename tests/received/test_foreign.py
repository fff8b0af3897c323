"""Files of clerks who never saw the plan: their own titles, headings and order; the figures are made up.

What is clear is read without a question, every real ambiguity asked once; values are as written.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from tests.drafts.letter import LABELS, STATIONS, TITLES
from tests.drafts.year_2023 import BODIES, PREFECTURE

from minato_analysis import data
from minato_analysis.received.reading import Received, read

YEAR = 2023
OFFENCES = {"t3-02": "大麻取締法", "t3-04": "粗暴犯", "t3-05": "窃盗犯"}
TABLES = {"刑法犯!A3": "2-4", "薬物!A3": "2-6", "再犯者!A3": "2-10", "東京都!A3": "2-8"}


def same(ours: str) -> dict[str, str]:
    return {"to": ours, "kind": "exact", "reason": "提供元の回答"}


NAMES = {
    "2-4": {"総数": same("刑法犯総数"), "その他": same("その他の刑法犯")},
    "2-6": {"麻薬及び向精神薬取締法違反": same("麻薬等取締法")},
    "2-8": {"刑法犯検挙人員": same("刑法犯検挙人数(人)")},
    "2-10": {"刑法犯検挙人員": same("検挙人員")},
}


WORDS = {"表2 薬物事犯の検挙人員(港区)": "三つの法律だけ（提供元の回答）"}


def digits(text: str) -> str:
    return text.replace(",", "").removesuffix(" 人").removesuffix("%")


def pair(text: str) -> list[int]:
    return [int(one) for one in text.removesuffix(")").split(" (")]


def own_titles(file: Path) -> None:
    """One row a year; the stations' three offences side by side under merged headings."""
    book = Workbook()
    book.remove(book.active)

    def sheet(name: str, title: str, unit: str, *rows: list[object]) -> Any:
        made = book.create_sheet(name)
        made["A1"], made["E2"] = title, unit
        for row in rows:
            made.append(row)
        return made

    share = ["年次", "刑法犯検挙人員", "うち初犯者", "うち再犯者", "再犯者率"]
    kinds = ["総数", "凶悪犯", "粗暴犯", "窃盗犯", "知能犯", "風俗犯", "その他"]
    title = "表１　港区内の警察署における刑法犯検挙人員の推移（令和５年）"
    body = ["令和５年", *map(int, BODIES["t2-04"])]
    sheet("刑法犯", title, "（単位：人）", ["年次", *kinds], body)
    drugs = ["年次", "覚醒剤取締法違反", "大麻取締法違反", "麻薬及び向精神薬取締法違反", "合計"]
    body = ["令和５年", *map(int, BODIES["t2-06"])]
    sheet("薬物", "表２　薬物事犯の検挙人員（港区）", "単位：人", drugs, body)
    body = ["令和５年", *(float(digits(one)) for one in BODIES["t2-10"])]
    sheet("再犯者", "表３　刑法犯検挙人員中の再犯者（港区）", "単位：人、％", share, body)
    title = "表４　警察署別・罪種別検挙人員及び再犯者数（令和５年）"
    above = ["警察署", "大麻取締法違反", None, "粗暴犯", None, "窃盗犯", None]
    below = [None, *["検挙人員", "うち再犯者"] * 3]
    bodies = [
        [f"{one}警察署" if one != "計" else one]
        + [number for name in OFFENCES for number in pair(BODIES[name][at])]
        for at, one in enumerate(STATIONS)
    ]
    made = sheet("警察署別", title, "単位：人", above, below, *bodies)
    for cells in ("A3:A4", "B3:C3", "D3:E3", "F3:G3"):
        made.merge_cells(cells)
    title = "表５　大麻取締法違反の年齢層別検挙人員（令和５年・港区）"
    ages = [[name, int(text)] for name, text in zip(LABELS["t3-03"], BODIES["t3-03"], strict=True)]
    sheet("年齢別", title, "単位：人", ["年齢層", "検挙人員"], *ages)
    body = ["令和５年", *(float(digits(one)) for one in PREFECTURE)]
    sheet("東京都", "表６　刑法犯検挙人員中の再犯者（東京都）", "単位：人、％", share, body)
    book.save(file)


def one_sheet(file: Path) -> None:
    """All tables one below the other; the place stands in the sheet's name, not in the titles."""
    book = Workbook()
    book.active.title = "港区"
    years = dict.fromkeys(OFFENCES, "令和５年中") | {"t3-03": "2023年"}
    for name, body in BODIES.items():
        book.active.append([TITLES[name].removesuffix("（港区）")])
        book.active.append(["", years.get(name, "R5")])
        for line in zip(LABELS[name], body, strict=True):
            book.active.append(list(line))
        book.active.append([])
        book.active.append([])
    book.save(file)


def one_a_row(file: Path) -> None:
    """A CSV of the old Windows encoding with one station, offence and year a row."""
    lines = ["年,地域,警察署,罪種,検挙人員,うち再犯者"]
    for name, offence in OFFENCES.items():
        for station, text in zip(STATIONS, BODIES[name], strict=True):
            persons, again = pair(text)
            full = station if station == "計" else f"{station}警察署"
            lines.append(f"2023,港区,{full},{offence},{persons},{again}")
    file.write_text("\r\n".join(lines) + "\r\n", encoding="cp932")


def reading(repository: Path, file: Path, answers: Mapping[str, Any] | None = None) -> Received:
    return read(file, data.descriptor(repository), repository, YEAR, answers)


def last(found: Received, name: str) -> list[str]:
    cells = found.tables[name.removeprefix("t").replace("-0", "-")]
    return [digits(row[-1]) for row in cells[1:]]


def test_own_titles_and_headings_are_asked_about_once(repository: Path, tmp_path: Path) -> None:
    own_titles(file := tmp_path / "own.xlsx")
    first = reading(repository, file)
    assert [one.split(":")[0] for one in first.refused] == [
        f"E6-TABLE-UNSURE {place}" for place in TABLES
    ]
    for sentence, (place, key) in zip(first.refused, TABLES.items(), strict=True):
        assert f'「"{place}": "{key}"」' in sentence  # the answer it proposes is the right one
    assert {*first.tables} == {"3-2", "3-3", "3-4", "3-5"}
    assert not first.notes

    second = reading(repository, file, {"tables": TABLES})
    asked = [one for key in NAMES for one in NAMES[key]]
    assert len(second.refused) == len(asked) + len(WORDS)
    # 薬物事犯 may count more laws than our three.
    assert any(one.startswith("E6-AROUND-UNKNOWN 薬物!A1: ") for one in second.refused)
    for key, names in NAMES.items():
        for name, answer in names.items():
            (sentence,) = (one for one in second.refused if f"「{name}」は図表{key}の" in one)
            assert f"「{name}: {{to: {answer['to']}, kind: exact" in sentence

    third = reading(repository, file, {"tables": TABLES, "labels": NAMES, "words": WORDS})
    assert third.refused == ()
    for name, body in BODIES.items():
        assert last(third, name) == [digits(one) for one in body], name
    prefecture = third.tables["2-8"]
    assert [digits(one) for one in prefecture[-1][1:]] == [digits(one) for one in PREFECTURE]


@pytest.mark.parametrize(
    ("write", "tables"), [(one_sheet, tuple(BODIES)), (one_a_row, tuple(OFFENCES))]
)
def test_what_is_clear_is_read_without_a_question(
    repository: Path, tmp_path: Path, write: Any, tables: tuple[str, ...]
) -> None:
    write(file := tmp_path / ("clear.csv" if write is one_a_row else "clear.xlsx"))
    found = reading(repository, file)
    assert found.refused == ()
    assert {*found.tables} == {one.removeprefix("t").replace("-0", "-") for one in tables}
    for name in tables:
        assert last(found, name) == [digits(one) for one in BODIES[name]], name


@pytest.mark.parametrize("place", ["東京都", "渋谷区"])
def test_a_title_without_its_place_does_not_hide_another_one(
    repository: Path, tmp_path: Path, place: str
) -> None:
    one_sheet(file := tmp_path / "clear.xlsx")
    book = load_workbook(file)
    book.active.title = place
    book.save(file)
    found = reading(repository, file)
    assert found.tables == {}
    assert found.refused[0].startswith(f"E6-AROUND-PLACE {place}!")


def test_cells_of_a_table_are_not_said_to_be_left_aside(repository: Path, tmp_path: Path) -> None:
    one_a_row(file := tmp_path / "clear.csv")
    found = reading(repository, file)
    assert [one for one in found.understood if "登録された図表ではない" in one.meaning] == []
