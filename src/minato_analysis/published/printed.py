"""The printed tables on one page, every cell with an address: where a number's way back ends.

In: the published CSV files. Out: the rows of each for the page :data:`PAGE`, and the place on it of each cell
that a fact names. An address is ``<table>.<line>.<column>`` as a spreadsheet counts, e.g. ``2-10.4.7``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from minato_analysis.published import cells, manifest

PAGE = "printed_tables"
FEW = 4
"""A number with at most so many cells has each linked with its text; one with more has a link a line."""

LINES = 6
"""Lines of printed tables that are named for one number; of more only their count."""


@dataclass(frozen=True)
class Place:
    """Where a printed cell stands: its table on the page, the table's name, line, column, text."""

    table: str
    name: str
    line: int
    column: int
    text: str


@dataclass(frozen=True)
class Shown:
    """One printed table for the page."""

    id: str
    title: str
    source: str
    file: str
    sha256: str
    head: int
    side: int
    rows: tuple[tuple[str, ...], ...]


def ids(root: Path) -> dict[str, str]:
    """Return the short name of each printed table by the name in the descriptor, no two alike."""
    resources = cells.numeric(root)
    figures = Counter(one["figure"] for one in resources)
    return {
        one["name"]: one["figure"]
        if one["figure"] and figures[one["figure"]] == 1
        else one["name"].removesuffix("-series")
        for one in resources
    }


def shown(root: Path) -> list[Shown]:
    """Return the printed tables in the order of the descriptor."""
    named = ids(root)
    return [
        Shown(
            named[one["name"]],
            one["title"],
            "、".join(source["title"] for source in one["sources"]),
            f"data/{one['path']}",
            manifest.sha256((root / "data" / one["path"]).read_bytes()),
            one["reading"].get("header_rows", 1),
            one["reading"].get("label_columns", 0),
            tuple(tuple(map(_shown, row)) for row in cells.grid(root, one)),
        )
        for one in cells.numeric(root)
    ]


def _shown(cell: str) -> str:
    """Return a printed cell as HTML: its emphasis is the only markup in it."""
    return re.sub(r"&lt;(/?b)&gt;", r"<\1>", escape(cell, quote=False))


def by_address(root: Path) -> dict[str, Place]:
    """Return the place of every printed cell by its address, and of every table by ``<source>/<table>``."""
    found: dict[str, Place] = {}
    named = ids(root)
    for one in cells.numeric(root):
        id = named[one["name"]]
        name = f"図表{one['figure']}" if one["figure"] else id
        found[f"{one['source_id']}/{cells.table(one)}"] = Place(id, name, 0, 0, "")
        for cell in cells.of_table(cells.grid(root, one), one):
            found[cell.address] = Place(id, name, cell.line, cell.column, cell.printed)
    return found


def listed(
    addresses: Iterable[str], known: Mapping[str, Place], most: int = LINES
) -> tuple[str, str]:
    """Return the cells as text and as links, line by line of each table; what is no cell as it is named.

    >>> place = Place("2-10", "図表2-10", 4, 7, "516")
    >>> listed(["plan/2-10!再犯者数!R4"], {"plan/2-10!再犯者数!R4": place})
    ('図表2-10 4行7列「516」', '<a href="printed_tables.html#2-10.4.7">図表2-10 4行7列</a>「516」')
    """
    addresses = list(addresses)
    lines: dict[tuple[str, str, int], list[Place]] = {}
    other: dict[str, None] = {}
    for address in addresses:
        place = known.get(address)
        if place is None:
            table = known.get(address.split("!")[0])
            name = address.split("!")[0] if table is None else f"{table.name}の全体"
            other[name] = None
        else:
            lines.setdefault((place.table, place.name, place.line), []).append(place)
    each = len(addresses) <= FEW
    parts = [
        _line(*key, sorted(row, key=lambda one: one.column), each=each)
        for key, row in lines.items()
    ]
    rest = f"ほか{len(parts) - most}行" if len(parts) > most else ""
    texts, links = ([one[side] for one in parts[:most]] for side in (0, 1))
    more = [*([rest] if rest else []), *other]
    return "、".join([*texts, *more]), "、".join([*links, *map(escape, more)])


def _line(table: str, name: str, line: int, row: list[Place], *, each: bool) -> tuple[str, str]:
    where = f"{name} {line}行" if line else f"{name}の全体"
    if not line:
        return where, f'<a href="{PAGE}.html#{table}">{escape(where)}</a>'
    if not each:
        label = f"{where}{_columns([one.column for one in row])}列"
        return label, f'<a href="{PAGE}.html#{table}.{line}.{row[0].column}">{escape(label)}</a>'
    texts, links = [], []
    for number, one in enumerate(row):
        label, value = f"{'' if number else where}{one.column}列", f"「{one.text}」"
        texts.append(f"{label}{value}")
        link = f'<a href="{PAGE}.html#{table}.{line}.{one.column}">{escape(label)}</a>'
        links.append(f"{link}{escape(value)}")
    return "、".join(texts), "、".join(links)


def _columns(numbers: list[int]) -> str:
    """Return column numbers with neighbours joined.

    >>> _columns([2, 3, 4, 7])
    '2〜4、7'
    """
    runs: list[list[int]] = []
    for one in numbers:
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}〜{run[-1]}" for run in runs)
