"""The way from an observation to the printed cell and back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from minato_analysis import data
from minato_analysis.published import cells


def test_every_observation_has_its_printed_cell(repository: Path) -> None:
    known = cells.all_cells(repository)
    rows = data.read_published(repository)
    assert sum(len(one.values) for one in known.values()) == len(rows)
    for row in rows:
        assert row in known[f"{row.source_id}/{row.table}!{row.row}!{row.column}"].values


def test_line_and_column_are_where_the_text_stands(repository: Path) -> None:
    for cell in cells.all_cells(repository).values():
        with (repository / cell.file).open(encoding="utf-8", newline="") as stream:
            assert list(csv.reader(stream))[cell.line - 1][cell.column - 1] == cell.printed


def test_a_known_cell(repository: Path) -> None:
    cell = cells.all_cells(repository)["minato-plan-draft-2024-12/2-10!再犯者数!令和4(2022)年"]
    assert (cell.printed, [int(one.value or 0) for one in cell.values]) == ("516 人", [516])
    both = cells.all_cells(repository)["minato-plan-draft-2024-12/3-2!麻布!令和4(2022)年"]
    assert [int(one.value or 0) for one in both.values] == [22, 18]


def test_a_table_has_the_same_short_name_as_in_the_observations(repository: Path) -> None:
    for one in cells.numeric(repository):
        assert cells.table(one) == data.table_id(one)


def test_a_changed_cell_is_named_with_both_values(scratch: Path) -> None:
    file = "data/published/minato-plan-draft-2024-12/t2-10.csv"
    path = scratch / file
    assert cells.differences(scratch, [file]) == []
    path.write_text(path.read_text(encoding="utf-8").replace("516 人", "517 人"), encoding="utf-8")
    (found,) = cells.differences(scratch, [file])
    assert found.address.endswith("2-10!再犯者数!令和4(2022)年")
    assert (found.in_tidy, found.in_cell, found.measure) == ("516", "517", "reoffenders")


@pytest.mark.parametrize("line", [1, -1])
def test_a_missing_observation_is_named(scratch: Path, line: int) -> None:
    tidy = scratch / cells.OBSERVATIONS
    lines = tidy.read_text(encoding="utf-8").splitlines(keepends=True)
    gone = next(csv.reader([lines.pop(line)]))
    tidy.write_text("".join(lines), encoding="utf-8")
    files = [f"data/{one['path']}" for one in cells.numeric(scratch)]
    (found,) = cells.differences(scratch, files)
    assert found.address == f"{gone[0]}/{gone[1]}!{gone[2]}!{gone[3]}"
    assert (found.in_tidy, found.in_cell) == ("", gone[10])
