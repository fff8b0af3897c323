"""The data folder as published: descriptor, checksums, observations."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import frictionless
import pandas as pd
import pytest

from minato_analysis import data
from minato_analysis.data import revisions
from minato_analysis.project import earlier
from minato_analysis.project.checksums import checksum

ELEVEN = ("2-1", "2-4", "2-6", "2-8", "2-10", "3-2", "3-3", "3-4", "3-5", "3-7", "3-8")


def test_descriptor_is_a_valid_data_package(repository: Path) -> None:
    report = frictionless.Package(str(repository / data.DESCRIPTOR)).validate()
    assert report.valid, report.flatten(["title", "message"])


def test_every_published_table_says_what_it_is(repository: Path) -> None:
    package = data.descriptor(repository)
    for one in data.published(package):
        for name in (
            "title",
            "title_en",
            "sources",
            "date",
            "terms",
            "hash",
            "definition",
            "schema",
            "reading",
        ):
            assert one.get(name), (one["name"], name)
    assert {one["figure"] for one in data.published(package)} >= set(ELEVEN)
    missing = {"2-2", "2-7", "2-●", "2-11", "2-12", "2-13", "3-9", "3-10"}
    assert {one["figure"] for one in package["missing"]} == missing
    assert all(one["elsewhere"] for one in package["missing"])


def test_every_printed_cell_is_an_observation(repository: Path) -> None:
    """Count cells without the reader: every non-blank cell outside headers, two where brackets stand."""
    rows = data.observations(repository)
    for one in data.published(data.descriptor(repository)):
        with (repository / "data" / one["path"]).open(encoding="utf-8", newline="") as stream:
            cells = list(csv.reader(stream))
        if one["reading"]["kind"] == "wide":
            body = [
                cell
                for line in cells[one["reading"]["header_rows"] :]
                for cell in line[one["reading"]["label_columns"] :]
            ]
            expected = sum(2 if "(" in cell else 1 for cell in body)
        else:
            expected = len(cells) - 1
        mine = rows[(rows["source_id"] == one["source_id"]) & (rows["table"] == data.table_id(one))]
        assert len(mine) == expected, one["name"]


def test_printed_values_arrive_unchanged(repository: Path) -> None:
    rows = data.observations(repository)
    indicator = data.series(rows, table="2-10", measure="reoffenders")
    assert indicator.to_dict() == {2017: 730, 2018: 705, 2019: 634, 2020: 481, 2021: 499, 2022: 516}
    assert (
        data.series(rows, table="2-1", area_code="00000", measure="recognised_cases")[2002]
        == 2853739
    )
    assert data.series(rows, table="3-2", station="麻布", measure="reoffenders")[2022] == 18
    assert data.series(rows, table="prose", measure="target_share").tolist() == [46.2]


def test_observations_file_is_what_the_tables_give(repository: Path) -> None:
    text = (repository / data.OBSERVATIONS).read_text(encoding="utf-8")
    assert text == data.dumps(data.read_published(repository))


def test_a_changed_table_is_refused_until_it_is_sealed(scratch: Path) -> None:
    table = scratch / "data/published/minato-plan-draft-2024-12/t2-10.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("730 人", "731 人"), encoding="utf-8"
    )
    with pytest.raises(data.DataError, match=r"E0-CHECKSUM data/published/.*t2-10\.csv"):
        data.read_published(scratch)
    assert data.seal(scratch) == ["published/minato-plan-draft-2024-12/t2-10.csv"]
    assert data.seal(scratch) == []
    assert len(data.read_published(scratch)) == 1248


def test_an_undeclared_definition_is_refused(scratch: Path) -> None:
    file = scratch / "data/definitions.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("ward-drugs:", "ward-drug:"), encoding="utf-8"
    )
    with pytest.raises(data.DataError, match="E0-DEFINITION"):
        data.read_published(scratch)


def test_reading_observations_validates_them(repository: Path) -> None:
    text = (repository / data.OBSERVATIONS).read_text(encoding="utf-8")
    assert data.loads(text)["area_code"].str.len().isin([0, 5]).all()
    for good, bad in ((",ok,", ",fine,"), (",zero,", ",missing,"), ("13103", "1310")):
        with pytest.raises(Exception, match=r"Column|[Cc]heck|disagree"):
            data.loads(text.replace(good, bad, 1))


def test_selections_that_find_nothing_or_too_much_are_refused() -> None:
    rows = pd.DataFrame({"year": [2020, 2020], "table": ["a", "a"], "value": [1.0, 2.0]})
    with pytest.raises(data.DataError, match="E0-SELECT"):
        data.select(rows, table="b")
    with pytest.raises(data.DataError, match="E0-SERIES"):
        data.series(rows, table="a")


def test_transcription_record_is_of_the_present_tables(repository: Path) -> None:
    folder = repository / "data/published/minato-plan-draft-2024-12"
    record = json.loads((folder / "transcription.json").read_text(encoding="utf-8"))
    assert record["differences"] == 0
    assert set(record["compared"]) == {file.name for file in folder.glob("*.csv")} - {
        "measures.csv"
    }
    for name, one in record["compared"].items():
        assert checksum(folder / name, repository) == one["sha256"], name


def test_transcription_comparison_notices_one_digit(repository: Path, tmp_path: Path) -> None:
    """The comparison, run on an invented text and table."""
    text = tmp_path / "text.txt"
    text.write_text(
        "【図表 1 - 2】 表題\n\t平成 30 (2018)年\n東\t<b>28 (15)</b>\n計 は10,189件\n",
        encoding="utf-8",
    )
    source = tmp_path / "source"
    source.mkdir()
    (source / "prose.csv").write_text('id,value,qualifier\na,"10,189 件",\n', encoding="utf-8")

    def compare(cell: str) -> subprocess.CompletedProcess[str]:
        (source / "t1-02.csv").write_text(f",平成 30 (2018)年\n東,{cell}\n", encoding="utf-8")
        tool = repository / "tools/compare_transcription.py"
        return subprocess.run(
            [sys.executable, str(tool), str(text), str(source)],
            capture_output=True,
            text=True,
            check=False,
        )

    assert compare("28 (15)").returncode == 0
    wrong = compare("28 (16)")
    assert wrong.returncode == 1
    assert "(16)" in wrong.stdout
    (source / "prose.csv").write_text('id,value,qualifier\na,"0,189 件",\n', encoding="utf-8")
    assert "prose.csv a" in compare("28 (15)").stdout


def test_a_later_line_of_an_outside_series_is_not_seen_by_an_earlier_edition(
    scratch: Path, repository: Path
) -> None:
    file = scratch / "data/published/national-penal-code/series.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    assert all(re.search(r",\d{4}-\d{2}-\d{2}$", line) for line in lines[1:])
    before = data.frame(data.read_published(scratch))
    with file.open("a", encoding="utf-8") as stream:
        # One value that was not out, one that is revised, one of a new year.
        for year, measure, value in (
            ("2025", "reoffenders", "90,000"),
            ("2023", "reoffenders", "90,001"),
            ("2026", "persons_arrested", "200,002"),
        ):
            stream.write(f'{year},{measure},"{value}",架空の白書,,official,,2027-12-10\n')
    data.seal(scratch)
    after = data.frame(data.read_published(scratch))
    assert len(after) == len(before) + 3
    then = revisions.current(after, "2027-12-09")
    pd.testing.assert_frame_equal(
        then.reset_index(drop=True), revisions.current(before, "2027-12-09").reset_index(drop=True)
    )
    now = data.select(
        revisions.current(after),
        source_id="national-penal-code",
        measure="reoffenders",
        as_of="2027-12-10",
    )
    assert list(now.sort_values("year")["status"]) == ["revised", "ok"]
    assert earlier.newest_value(scratch) == "2027-12-10"
    assert earlier.newest_value(repository) == "2026-11-30"


@pytest.mark.parametrize(("old", "new"), [("港区", "港区".encode("cp932")), ("name_ja", b"name")])
def test_a_list_of_areas_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, old: str, new: bytes
) -> None:
    file = tmp_path / data.AREAS
    file.parent.mkdir()
    kept = (data.root() / data.AREAS).read_bytes()
    file.write_bytes(kept.replace(old.encode(), new))
    with pytest.raises(data.DataError, match=r"^E0-AREAS data/areas\.csv: .*code,key,name_ja"):
        data.areas(tmp_path)
    file.write_bytes(kept)
    assert data.areas(tmp_path) == data.areas()
