"""A draft: the tables of one year in ``data/drafts/<year>/``, not yet part of the data.

A draft that must not be published lies in ``data/not-public/drafts/<year>/``, which version control ignores.

In: a project folder. Out: for each draft its tables as resources of the data package, its values, and a
sentence for everything that cannot be read with certainty. Nothing is written here.

``draft.yaml`` in the folder names the year and the series that is continued::

    year: 2023
    series_id: plan-draft-2024-12
    received: moj-2027-03/letter.xlsx

``received`` is there when the tables were read from a received file. Headings of a new law are read as
``data/categories.yaml`` declares them; what a document was answered to count (``laws`` of ``mapping.yaml``
beside it) is taken along.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minato_analysis import data
from minato_analysis.cleaning import tables
from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.data import categories
from minato_analysis.drafts import shape
from minato_analysis.project import yamls
from minato_analysis.project.files import NOT_PUBLIC
from minato_analysis.received.answers import Laws, checked, read_answers
from minato_analysis.received.refusal import ANSWERS

FOLDER = "data/drafts"
CLOSED_FOLDER = f"data/{NOT_PUBLIC}/drafts"
FILE = "draft.yaml"
NOT_YET = "9999-12-31"
"""Date of a draft: what it says counts as newer than everything accepted."""


@dataclass(frozen=True)
class Draft:
    """The tables of one year, described as the resources they may become."""

    year: int
    series_id: str
    folder: Path
    tables: tuple[Mapping[str, Any], ...]
    laws: Laws
    received: str = ""
    """Source and name of the file its tables were read from."""

    @property
    def source_id(self) -> str:
        """Name of the draft in addresses."""
        return name_of(self.year)


def name_of(year: int) -> str:
    """Return the name of a year's draft in addresses, where a document has its ``source_id``."""
    return f"draft-{year}"


def folder_of(root: Path, year: int, *, public: bool) -> Path:
    """Return the folder of a year's draft."""
    return root / (FOLDER if public else CLOSED_FOLDER) / str(year)


def continued(package: Mapping[str, Any], series_id: str) -> list[dict[str, Any]]:
    """Return the wide tables that begin a series: those a new year continues."""
    return [
        one
        for one in data.published(package)
        if one["source_id"] == series_id
        and "series_id" not in one
        and one["reading"]["kind"] == "wide"
    ]


def drafts(folder: Path) -> list[Draft]:
    """Return the drafts of a project, by year.

    Raises
    ------
    DataError
        ``E6-DRAFT``: a folder without a readable ``draft.yaml``, or a table that continues none.
    """
    files = [file for one in (FOLDER, CLOSED_FOLDER) for file in (folder / one).glob(f"*/{FILE}")]
    return [_draft(folder, file) for file in sorted(files, key=lambda one: one.parent.name)]


def _draft(folder: Path, file: Path) -> Draft:
    where = file.relative_to(folder).as_posix()
    about = yamls.read(file)
    if not isinstance(about, dict) or sorted({*about, "received"}) != [
        "received",
        "series_id",
        "year",
    ]:
        raise data.DataError(f"E6-DRAFT {where}: year と series_id の2つを書いてください。")
    known = {
        Path(one["path"]).name: one
        for one in continued(data.descriptor(folder), about["series_id"])
    }
    answers = file.with_name(ANSWERS)
    laws = checked(read_answers(answers)).laws if answers.is_file() else {}
    year = int(about["year"])
    mappings = categories.answered(categories.load(folder), {name_of(year): laws})
    found = []
    for table in sorted(file.parent.glob("*.csv")):
        if table.name not in known:
            raise data.DataError(
                f"E6-DRAFT {table.relative_to(folder).as_posix()}: "
                f"続ける表がありません（ある表: {'、'.join(known)}）。ファイル名を確かめてください。"
            )
        base = known[table.name]
        printed = _labels(table, base["reading"])
        found.append(
            {
                **base,
                "path": table.relative_to(folder / "data").as_posix(),
                "source_id": name_of(year),
                "series_id": about["series_id"],
                "date": NOT_YET,
                "reading": categories.adapted(base["reading"], printed, mappings, name_of(year)),
            }
        )
    received = str(about.get("received", ""))
    return Draft(year, about["series_id"], file.parent, tuple(found), laws, received)


def _labels(table: Path, layout: Mapping[str, Any]) -> list[str]:
    """Return the labels a table prints; none of one that is refused anyway when its cells are read."""
    cells = read_cells(table)
    whole = len({len(row) for row in cells}) == 1
    return tables.printed_labels(cells, layout) if whole else []


def read(draft: Draft) -> tuple[list[tables.Observation], list[str]]:
    """Return the values of a draft and a sentence for each thing that stops it.

    A table with a problem gives no values; all problems of all tables are told at once.
    """
    found: list[tables.Observation] = []
    wrong: list[str] = []
    for one in draft.tables:
        cells = read_cells(draft.folder / Path(one["path"]).name)
        problems = [str(error) for error in _problems(cells, one, draft.year)]
        wrong += problems
        if not problems:
            found += tables.observations(
                cells,
                one["reading"],
                source_id=one["source_id"],
                series_id=one["series_id"],
                as_of=one["date"],
                table=data.table_id(one),
                file=f"data/{one['path']}",
            )
    return found, wrong


def read_cells(file: Path) -> list[list[str]]:
    """Return the cells of a draft's table, which a spreadsheet may have begun with a byte-order mark.

    Raises
    ------
    DataError
        ``E6-TEXT``: not UTF-8.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.reader(stream))
    except UnicodeDecodeError:
        raise data.DataError(
            f"E6-TEXT {file.name}: UTF-8 の文字として読めません。"
            "表計算ソフトでは「CSV UTF-8」で保存してください。"
        ) from None


def _problems(
    cells: Sequence[Sequence[str]], resource: Mapping[str, Any], year: int
) -> Iterator[ValueError]:
    layout, file = resource["reading"], f"data/{resource['path']}"
    if len({len(row) for row in cells}) != 1:
        yield data.DataError(
            f"E6-SHAPE {file}: 行によって列の数が違います。コンマと引用符を確かめてください。"
        )
        return
    if blank := shape.empty_cells(cells, layout):
        first = "、".join(blank[:3]) + ("など" if len(blank) > 3 else "")
        yield data.DataError(
            f"E6-EMPTY {file}: {len(blank)}個のセルが空です（{first}）。値を書いてください。"
            "公表されない値は、資料の記号（－、…、x）をそのまま書きます。届かない表はファイルごと消してください。"
        )
    try:
        known = shape.years(cells, layout)
        body = tables.wide_cells(cells, layout, file)
    except CleaningError as error:
        yield error.at(file=file)
        return
    if year not in known:
        yield data.DataError(
            f"E6-YEAR {file}: {year}年がありません（ある年: {'、'.join(map(str, known))}）。"
            "元号と年の書き間違いを確かめてください。"
        )
    for cell in body:
        if cell.text.strip():
            try:
                tables.read_cell(cell, layout, file)
            except CleaningError as error:
                yield error
