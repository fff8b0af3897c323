"""The printed cells behind the observations: from an address to file, line, column and printed text.

In: the published CSV files and the descriptor that says how they are read. Out: :class:`Cell` by address
``<source>/<table>!<row>!<column>``, and what differs between the cells and ``data/tidy/observations.csv``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from minato_analysis.cleaning import tables

OBSERVATIONS = "data/tidy/observations.csv"


@dataclass(frozen=True)
class Cell:
    """One printed cell.

    Parameters
    ----------
    address : str
    file : str
        The published CSV, relative to the project folder.
    line, column : int
        Counted from one, as a spreadsheet counts.
    printed : str
        The text as it stands there.
    values : tuple of Observation
        What was read from it; two for a cell like ``28 (15)``.
    """

    address: str
    file: str
    line: int
    column: int
    printed: str
    values: tuple[tables.Observation, ...]


@dataclass(frozen=True)
class Difference:
    """An observation that is not what its cell prints; an empty side is absent."""

    address: str
    file: str
    measure: str
    in_tidy: str
    in_cell: str


def resources(root: Path) -> list[dict[str, Any]]:
    """Return the descriptor's published files: tables of numbers, and registers of words."""
    package = json.loads((root / "data/datapackage.json").read_text(encoding="utf-8"))
    return [
        one
        for one in package["resources"]
        if not one.get("generated") and not one.get("not_public")
    ]


def numeric(root: Path) -> list[dict[str, Any]]:
    """Return the published files that are tables of numbers."""
    return [one for one in resources(root) if "reading" in one]


def table(resource: Mapping[str, Any]) -> str:
    """Return the table's short name in addresses: its 図表 number, or the end of its name."""
    name: str = resource["figure"] or resource["name"].rsplit("-", 1)[-1]
    return name


def grid(root: Path, resource: Mapping[str, Any]) -> list[list[str]]:
    """Return the cells of one published CSV as they stand, whatever its checksum."""
    with (root / "data" / resource["path"]).open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def of_table(rows: Sequence[Sequence[str]], resource: Mapping[str, Any]) -> list[Cell]:
    """Return the cells of one table with the values read from them.

    Raises
    ------
    CleaningError
        A cell that cannot be read with certainty.
    """
    layout, file = resource["reading"], f"data/{resource['path']}"
    read = tables.observations(
        rows,
        layout,
        source_id=resource["source_id"],
        series_id=resource.get("series_id", ""),
        as_of=resource["date"],
        table=table(resource),
        file=file,
    )
    places = _places(rows, layout)
    per_cell = max(1, len(layout.get("values") or []))
    found = []
    for number, (line, column) in enumerate(places):
        values = tuple(read[number * per_cell : (number + 1) * per_cell])
        first = values[0]
        address = f"{first.source_id}/{first.table}!{first.row}!{first.column}"
        found.append(Cell(address, file, line + 1, column + 1, rows[line][column], values))
    for one in read[len(places) * per_cell :]:
        found.append(_sum(one, layout, found))
    return found


def _sum(one: tables.Observation, layout: Mapping[str, Any], found: Sequence[Cell]) -> Cell:
    """Return the sum of several cells as one; it stands where the first of them does."""
    across = layout["rows"] == "year"
    name, other = (one.column, one.row) if across else (one.row, one.column)
    parts = [
        cell
        for cell in found
        for value in cell.values[:1]
        if ((value.column, value.row) if across else (value.row, value.column))
        in [(part, other) for part in layout["sums"][name]["of"]]
    ]
    first = parts[0]
    address = f"{one.source_id}/{one.table}!{one.row}!{one.column}"
    text = "＋".join(cell.printed for cell in parts)
    return Cell(address, first.file, first.line, first.column, text, (one,))


def _places(rows: Sequence[Sequence[str]], layout: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Return line and column of every value, in the order in which a table is read."""
    if layout["kind"] == "long":
        value = rows[0].index(layout["value"])
        return [(line, value) for line in range(1, len(rows))]
    head, side = layout["header_rows"], layout["label_columns"]
    return [
        (line, column) for line in range(head, len(rows)) for column in range(side, len(rows[0]))
    ]


def all_cells(root: Path) -> dict[str, Cell]:
    """Return every printed cell by address."""
    return {cell.address: cell for one in numeric(root) for cell in of_table(grid(root, one), one)}


def differences(root: Path, files: Iterable[str]) -> list[Difference]:
    """Return where the observations are not what the cells of these published files print.

    Raises
    ------
    CleaningError
        A cell that cannot be read with certainty.
    """
    wanted = set(files)
    found = []
    with (root / OBSERVATIONS).open(encoding="utf-8", newline="") as stream:
        _, *lines = csv.reader(stream)
    width = len(tables.COLUMNS)
    tidy = {_key(line): line for line in lines if len(line) == width}
    for one in numeric(root):
        file = f"data/{one['path']}"
        prefix = (one["source_id"], table(one))
        before = {key: line for key, line in tidy.items() if key[:2] == prefix}
        if file not in wanted:
            continue
        now = {
            _key(line): line
            for cell in of_table(grid(root, one), one)
            for line in (
                ["" if part is None else str(part) for part in astuple(value)]
                for value in cell.values
            )
        }
        for key in dict.fromkeys([*now, *before]):
            if now.get(key) != before.get(key):
                source, name, row, column, measure = key
                found.append(
                    Difference(
                        f"{source}/{name}!{row}!{column}",
                        file,
                        measure,
                        _told(before.get(key), now.get(key)),
                        _told(now.get(key), before.get(key)),
                    )
                )
    return found


_VALUE = tables.COLUMNS.index("value")


def _key(line: Sequence[str]) -> tuple[str, ...]:
    return (*line[:4], line[tables.COLUMNS.index("measure")])


def _told(line: Sequence[str] | None, other: Sequence[str] | None) -> str:
    """Return the value of a line; where both lines have the same value, the columns that differ."""
    if line is None:
        return ""
    if other is None or line[_VALUE] != other[_VALUE]:
        return line[_VALUE] or line[tables.COLUMNS.index("status")]
    return ", ".join(
        f"{name}={mine}"
        for name, mine, its in zip(tables.COLUMNS, line, other, strict=True)
        if mine != its
    )
