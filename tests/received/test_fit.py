"""Which table a received one is about: number, title and labels together, and nothing guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from minato_analysis import data, received

from .files import xlsx
from .world import CANNABIS, LARCENY, NEW, SHARES, TAKEN, TITLE, as_csv, codes, project, read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project(tmp_path)
    return tmp_path


def test_station_tables_are_told_apart_by_title_only(folder: Path) -> None:
    rows = [["", "R3"], ["北", "1 (0)"], ["南", "2 (1)"], ["東", "0 (0)"], ["計", "3 (1)"]]
    assert codes(read(folder, as_csv(rows), "a.csv")) == ["E6-TABLE-TWO"]
    titled = as_csv([["警察署ごとの窃盗の検挙人員", ""], *rows])
    assert list(read(folder, titled, "a.csv").tables) == ["1-3"]
    answered = read(folder, as_csv(rows), "a.csv", answers={"tables": {"a!A1": "1-2"}})
    assert list(answered.tables) == ["1-2"]


def test_number_and_title_must_not_contradict_each_other(folder: Path) -> None:
    rows = [["", "R3"], *([name, "1 (0)"] for name in ("北", "南", "東", "計"))]
    renumbered = as_csv([["図表1-2 警察署ごとの窃盗の検挙人員", ""], *rows])
    found = read(folder, renumbered, "a.csv")
    assert codes(found) == ["E6-TABLE-NUMBER"]
    assert "題「警察署ごとの窃盗の検挙人員」は登録では図表1-3です" in found.refused[0]
    other_area = as_csv([["図表1-2 警察署ごとの大麻の検挙人員（別の市）", ""], *rows])
    assert codes(read(folder, other_area, "a.csv")) == ["E6-TABLE-TITLE"]
    unknown = as_csv([["図表9-9", ""], *rows])
    assert codes(read(folder, unknown, "a.csv")) == ["E6-TABLE-NUMBER"]
    answer = {"tables": {"a!A1": "1-3"}}
    for text in (renumbered, other_area, unknown):
        assert list(read(folder, text, "a.csv", answers=answer).tables) == ["1-3"]


def test_labels_alone_are_enough_only_with_the_values_printed_before(folder: Path) -> None:
    assert list(read(folder, as_csv(NEW), "a.csv").tables) == ["1-1"]
    revised = [row[:] for row in NEW]
    revised[3][1] = "460"
    assert codes(read(folder, as_csv(revised), "a.csv")) == ["E6-TABLE-UNSURE"]
    only_new = [[row[0], row[2]] for row in NEW]
    assert codes(read(folder, as_csv(only_new), "a.csv")) == ["E6-TABLE-UNSURE"]
    assert list(read(folder, as_csv(only_new), "図表1-1.csv").tables) == ["1-1"]


def test_what_is_no_table_of_ours_is_noted(folder: Path) -> None:
    other = [["区分", "R3"], ["世帯数", 5], ["人口", 9]]
    found = read(folder, xlsx(表紙=[["架空の統計"]], 人口=other, 表=[[TITLE], *NEW]), "a.xlsx")
    assert found.refused == ()
    assert list(found.tables) == ["1-1"]
    assert [one for one in found.notes if "人口!A1" in one]
    nothing = read(folder, xlsx(人口=other), "a.xlsx")
    assert codes(nothing) == ["E6-TABLE-NONE"]


def test_an_answer_leaves_a_table_out(folder: Path) -> None:
    accidents = [["", "R3"], *([name, "5 (5)"] for name in ("北", "南", "東", "計"))]
    sheet = [["図表1-1"], *NEW, [], *accidents]
    assert codes(read(folder, xlsx(S=sheet), "a.xlsx")) == ["E6-TABLE-TWO"]
    found = read(folder, xlsx(S=sheet), "a.xlsx", answers={"tables": {"S!A8": "none"}})
    assert found.refused == ()
    assert list(found.tables) == ["1-1"]
    wrong = read(folder, xlsx(S=sheet), "a.xlsx", answers={"tables": {"S!A8": "9-9"}})
    assert codes(wrong) == ["E6-TABLE-ANSWER"]


def test_a_table_that_stands_twice(folder: Path) -> None:
    found = read(folder, xlsx(A=[["図表1-1"], *NEW], B=[["図表1-1"], *NEW]), "a.xlsx")
    assert codes(found) == ["E6-TABLE-TWICE"]
    assert found.tables == {}


def test_a_numbered_table_without_years(folder: Path) -> None:
    found = read(folder, as_csv([["図表1-1", ""], ["検挙人員", "5"], ["初犯者数", "3"]]), "a.csv")
    assert codes(found) == ["E6-TABLE-YEARS"]


def test_several_tables_on_one_sheet(folder: Path) -> None:
    cannabis = [
        ["図表1-2 警察署ごとの大麻の検挙人員"],
        ["", "R3"],
        *([one[0], "1 (0)"] for one in CANNABIS[1:]),
    ]
    larceny = [
        ["図表1-3 警察署ごとの窃盗の検挙人員"],
        ["", "R3"],
        *([one[0], "2 (0)"] for one in LARCENY[1:]),
    ]
    sheet = [*cannabis, ["資料：架空"], [], ["図表1-9 グラフだけ"], [], *larceny]
    found = read(folder, xlsx(S=sheet), "a.xlsx")
    assert found.refused == ()
    assert [row[1] for row in found.tables["1-2"][1:]] == ["1 (0)"] * 4
    assert [row[1] for row in found.tables["1-3"][1:]] == ["2 (0)"] * 4


def test_a_table_too_large_to_be_ours(folder: Path) -> None:
    rows = [["", "R3"], *([f"市{n}", n] for n in range(1_500))]
    assert codes(read(folder, as_csv(rows), "t1-1.csv")) == ["E6-TABLE-LARGE"]
    assert codes(read(folder, as_csv(rows), "a.csv")) == ["E6-TABLE-NONE"]


def test_two_series_with_one_number_are_told_apart_by_their_source(tmp_path: Path) -> None:
    package = project(tmp_path, other=SHARES)
    package["resources"][-1]["series_id"] = "other"
    file = tmp_path / "t1-1.csv"
    file.write_text(as_csv(NEW), encoding="utf-8")
    assert codes(received.read(file, package, tmp_path, 2021)) == ["E6-TABLE-TWO"]
    assert received.read(file, package, tmp_path, 2021, source="other").tables == {"1-1": TAKEN}


def test_only_one_series_when_asked(folder: Path) -> None:
    file = folder / "t1-1.csv"
    file.write_text(as_csv(NEW), encoding="utf-8")
    package = data.descriptor(folder)
    assert received.read(file, package, folder, 2021, source="plan").tables == {"1-1": TAKEN}
    assert codes(received.read(file, package, folder, 2021, source="other")) == ["E6-TABLE-NONE"]
