"""Tables that wait for their numbers: described, in the layout of the printed ones, still empty.

In: a project folder whose descriptor lists such tables under ``waiting``. Out: those that are filled in move
to the descriptor's ``resources`` and are data from then on. A table nobody fills in stays where it is; the
pages say that it is missing. A table whose numbers are all taken out again goes back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from minato_analysis import data
from minato_analysis.drafts import draft, shape
from minato_analysis.project.checksums import checksum
from minato_analysis.project.files import write_text

WAITING = "waiting"


def admit(root: Path) -> tuple[list[str], list[str], list[str]]:
    """Take the tables that are filled in into the data, and those that are empty again out of them.

    Raises
    ------
    DataError
        ``E6-TEXT``: a table that is not UTF-8.

    Returns
    -------
    taken, gone : list of str
        Their paths below ``data/``.
    problems : list of str
        A sentence for each table that is filled in only in part.
    """
    package = data.descriptor(root)
    gone = [one for one in package["resources"] if _withdrawn(root, one)]
    waiting = package.get(WAITING, [])
    taken: list[dict[str, Any]] = []
    left: list[dict[str, Any]] = []
    problems = []
    for one in waiting:
        empty, cells = _empty(root, one)
        if empty and len(empty) < cells:
            problems.append(
                f"E8-PARTLY data/{one['path']}: {len(empty)}個のセルが空です"
                f"（{'、'.join(empty[:3])}{'など' if len(empty) > 3 else ''}）。"
                "公表されない値は、資料の記号（－、…、x）をそのまま書きます。"
            )
        (left if empty else taken).append(one)
    if taken or gone:
        file = root / data.DESCRIPTOR
        kept = [one for one in package["resources"] if one not in gone]
        package["resources"] = _in_order(root, kept, taken) if taken else kept
        back = [{key: one[key] for key in one if key not in ("hash", "bytes")} for one in gone]
        package[WAITING] = sorted([*left, *back], key=lambda one: str(one["path"]))
        if not package[WAITING]:
            del package[WAITING]
        write_text(file, json.dumps(package, ensure_ascii=False, indent=1) + "\n")
    return [one["path"] for one in taken], [one["path"] for one in gone], problems


def notes(root: Path) -> list[str]:
    """Return a sentence for each table that waits."""
    return [
        f"{one['title']}（data/{one['path']}）は、まだ記入されていません。"
        if len(empty) == cells
        else f"{one['title']}（data/{one['path']}）は、空のセルが{len(empty)}個あります。"
        if empty
        else f"{one['title']}（data/{one['path']}）は記入されています。minato seal で加えてください。"
        for one in data.descriptor(root).get(WAITING, [])
        for empty, cells in [_empty(root, one)]
    ]


def _in_order(
    root: Path, resources: Sequence[Mapping[str, Any]], taken: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the resources with those taken in, tables of one source side by side, by their path."""
    described = []
    for one in taken:
        file = root / "data" / one["path"]
        # A spreadsheet may have saved it with a byte-order mark and other line ends.
        write_text(file, file.read_text(encoding="utf-8-sig"))
        described.append({**one, **data.described(file, root)})
    sources = {one["source_id"] for one in taken}
    own = [one for one in resources if one.get("source_id") in sources]
    rest = [dict(one) for one in resources if one.get("source_id") not in sources]
    return [*sorted([*map(dict, own), *described], key=lambda one: str(one["path"])), *rest]


def _withdrawn(root: Path, resource: Mapping[str, Any]) -> bool:
    """Return whether a table of the data has no number left, though its labels stand."""
    if resource.get("generated") or "reading" not in resource or resource.get("series_id"):
        return False
    file = root / "data" / resource["path"]
    if not file.is_file() or checksum(file, root) == resource.get("hash"):
        return False
    try:
        empty, cells = _empty(root, resource)
    except ValueError:  # cannot be read: the checks say why
        return False
    return 0 < cells == len(empty)


def _empty(root: Path, resource: Mapping[str, Any]) -> tuple[list[str], int]:
    """Return the places of a table's empty cells, and how many cells for numbers it has."""
    file = root / "data" / resource["path"]
    if not file.is_file():
        return ["ファイル"], 1
    cells, layout = draft.read_cells(file), resource["reading"]
    if layout["kind"] == "long":
        at = cells[0].index(layout["value"])
        return [row[0] for row in cells[1:] if not row[at].strip()], len(cells) - 1
    body = sum(len(row) - layout["label_columns"] for row in cells[layout["header_rows"] :])
    return shape.empty_cells(cells, layout), body
