"""The pack to take away: what is in it, that it is the pages' own, and the rules its tables keep.

The rules are those of 総務省「統計表における機械判読可能なデータの表記方法の統一ルール」 (2020), in short:

1-1  the file is CSV or a workbook                  1-2  one value a cell
1-3  numbers are numbers, without letters           1-4  no merged cells
1-5  no spaces or line breaks to lay a table out    1-6  every column has a heading
1-7  no formulas where a value is meant             1-8  no pictures or shapes in a table's sheet
1-9  the unit is given                              1-10 no characters of one machine only
2-1  a Western year stands beside a Japanese one    2-3  one table a sheet, none cut in two
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from minato_analysis.audit import compare, take_away
from minato_analysis.audit.comparison import Comparison
from minato_analysis.audit.take_away import Taken
from minato_analysis.published import manifest, page

EDITION = "2024"
UNIT = re.compile(r"△?\d[\d,.]*(?:人|件|%|ポイント)")
JAPANESE_YEAR = re.compile(r"(?:昭和|平成|令和)(?:元|\d+)\((\d{4})\)年")
OF_A_MACHINE = re.compile(r"[①-⑳Ⅰ-ⅹ㈱㍉㌔㎜㎝㎞㎡№℡]")


@pytest.fixture(scope="module")
def folder(complete: Path) -> Path:
    return complete / "reports" / EDITION


@pytest.fixture(scope="module")
def pack(folder: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(folder / take_away.FILE) as opened:
        return {one: opened.read(one) for one in opened.namelist()}


@pytest.fixture(scope="module")
def tables(folder: Path) -> list[Taken]:
    return take_away.tables(folder)


@pytest.fixture(scope="module")
def book(pack: dict[str, bytes]) -> Any:
    return load_workbook(io.BytesIO(pack[take_away.WORKBOOK]))


def test_it_holds_every_table_and_figure_of_the_pages_and_is_small(
    folder: Path, pack: dict[str, bytes]
) -> None:
    html = {one.stem: one.read_text(encoding="utf-8") for one in folder.glob("*.html")}
    wanted = {f"figures/{name}/{id}.svg" for name, one in html.items() for id in page.figures(one)}
    wanted |= {f"tables/{name}/{id}" for name, one in html.items() for id in page.downloads(one)}
    # The table of the files' hashes would make every change of code a change of data.
    assert wanted - {one for one in pack if "/" in one} == {"tables/audit_report/sources.csv"}
    assert {one for one in pack if "/" in one} <= wanted
    assert len(wanted) > 100
    for drawing in (ElementTree.fromstring(pack[one]) for one in pack if one.endswith(".svg")):
        assert drawing[0].text.startswith(("図", "Figure"))  # drawn in as well: it lies alone
    assert (folder / take_away.FILE).stat().st_size < 3_000_000
    assert 'href="take-away.zip"' in html["index"]


def test_the_same_pages_give_the_same_bytes(complete: Path, folder: Path) -> None:
    made = take_away.content(complete, EDITION, folder)
    assert made == (folder / take_away.FILE).read_bytes()


def test_a_changed_number_is_named(copied: Path) -> None:
    assert take_away.differences(copied, EDITION) == []
    file = copied / "reports" / EDITION / take_away.FILE
    with zipfile.ZipFile(file) as opened:
        held = {one: opened.read(one) for one in opened.namelist()}
    held["numbers.csv"] = held["numbers.csv"].replace(b"49.0%", b"48.0%")
    file.write_bytes(take_away.packed(held, "2026-01-01"))
    assert "numbers.csv" in take_away.differences(copied, EDITION)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("numbers.csv", bytes(take_away.LARGEST + 1))
    for content in (b"no pack", bomb.getvalue()):
        file.write_bytes(content)
        assert take_away.differences(copied, EDITION) == [take_away.FILE]


def test_the_readme_invents_no_publisher(pack: dict[str, bytes]) -> None:
    text = pack[take_away.README].decode()
    assert "公式の資料ではありません" in text
    assert "発行者：" not in text
    assert "引用のしかた：" in text


def test_one_value_a_cell_and_numbers_without_letters(tables: list[Taken]) -> None:
    for one in tables:
        for at, head in enumerate(one.rows[0]):
            column = [row[at] for row in one.rows[1:] if row[at]]
            numbers = [cell for cell in column if re.fullmatch(r"-?\d+(\.\d+)?", cell)]
            units = [cell for cell in column if UNIT.fullmatch(cell)]
            # A column is of numbers or of words; no number carries its unit along.
            assert not (units and len(units) == len(column)), (one.path, head, units[:3])
            assert not (numbers and units), (one.path, head, units[:3])


def test_every_column_has_a_heading_of_its_own(tables: list[Taken]) -> None:
    for one in tables:
        assert all(one.rows[0]), one.path
        assert len(set(one.rows[0])) == len(one.rows[0]), one.path
        assert {len(row) for row in one.rows} == {len(one.rows[0])}, one.path


def test_nothing_is_laid_out_with_spaces_and_no_character_is_of_one_machine(
    tables: list[Taken],
) -> None:
    for one in tables:
        for row in one.rows:
            for cell in row:
                assert cell == cell.strip() or cell.strip() == "", (one.path, cell)
                assert "\n" not in cell, (one.path, cell)
                assert not OF_A_MACHINE.search(cell), (one.path, cell)


def test_a_western_year_stands_beside_a_japanese_one(tables: list[Taken]) -> None:
    for one in tables:
        for row in one.rows[1:]:
            for cell in row:
                found = JAPANESE_YEAR.fullmatch(cell)
                assert not found or found[1] in row, (one.path, row)


def test_each_sheet_holds_one_table_of_numbers_that_are_numbers(
    book: Any, tables: list[Taken]
) -> None:
    assert book.sheetnames[:3] == ["表紙", "目次", "注"]
    sheets = book.worksheets[3:]
    assert len(sheets) == len(tables)
    for sheet, one in zip(sheets, tables, strict=True):
        assert not sheet.merged_cells.ranges
        assert not sheet._images
        assert not sheet._charts
        assert len(sheet.tables) == (len(one.rows) > 1)
        values = list(sheet.iter_rows(min_row=4, values_only=True))
        for cells, row in zip(values, one.rows, strict=True):
            for cell, text in zip(cells, row, strict=True):
                if row is not one.rows[0] and re.fullmatch(r"-?\d+(\.\d+)?", text):
                    assert isinstance(cell, (int, float)), (one.path, text)
                    assert float(text) == cell
        assert not any(cell.data_type == "f" for line in sheet.iter_rows() for cell in line)


def test_numbers_have_japanese_and_english_headings(pack: dict[str, bytes]) -> None:
    heads = {
        name: next(csv.reader(io.StringIO(pack[name].decode("utf-8-sig"))))
        for name in pack
        if re.fullmatch(r"(?:numbers|observations)(?:_ja)?\.csv", name)
    }
    assert all(one.isascii() for one in heads["numbers.csv"] + heads["observations.csv"])
    assert not any(one.isascii() for one in heads["numbers_ja.csv"] + heads["observations_ja.csv"])
    assert len(heads["numbers.csv"]) == len(heads["numbers_ja.csv"])


def test_other_bytes_of_the_same_content_are_no_difference(copied: Path, tmp_path: Path) -> None:
    path = f"reports/{EDITION}/{take_away.FILE}"
    file, rebuilt = copied / path, tmp_path / "rebuilt"
    with zipfile.ZipFile(file) as opened:
        held = {one: opened.read(one) for one in opened.namelist()}
    (rebuilt / path).parent.mkdir(parents=True)
    (rebuilt / path).write_bytes(take_away.packed(held, "2026-01-02"))
    found = Comparison()
    compare._one_file(found, copied, rebuilt, path)
    assert (found.findings, found.other_bytes) == ([], [path])
    held["numbers.csv"] = held["numbers.csv"].replace(b"49.0%", b"48.0%")
    file.write_bytes(take_away.packed(held, manifest.load(copied, EDITION).date))
    compare._one_file(found, copied, rebuilt, path)
    assert [(one.code, one.place) for one in found.findings] == [("E5-PACK", f"{path} numbers.csv")]


def test_what_hides_in_the_frame_of_a_pack_is_a_difference(copied: Path) -> None:
    file = copied / "reports" / EDITION / take_away.FILE
    own = file.read_bytes()
    with zipfile.ZipFile(file) as opened:
        held = [(one, opened.read(one)) for one in opened.infolist()]
    commented, twice, linked = io.BytesIO(own), io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(commented, "a") as opened:
        opened.comment = b"9"
    with zipfile.ZipFile(twice, "w", zipfile.ZIP_DEFLATED) as opened, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for one, content in [(zipfile.ZipInfo("numbers.csv"), b"9"), *held]:
            opened.writestr(one, content)
    with zipfile.ZipFile(linked, "w", zipfile.ZIP_DEFLATED) as opened:
        for one, content in held:
            one.external_attr = 0o120777 << 16
            opened.writestr(one, content)
    contents = (
        b"program" + own,
        own + b"9",
        *(one.getvalue() for one in (commented, twice, linked)),
    )
    for content in contents:
        file.write_bytes(content)
        assert take_away.differences(copied, EDITION) == [take_away.FRAME]
