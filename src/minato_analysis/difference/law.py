"""Block 4: definitions and law, categories, areas and stations.

In: two editions with their declarations below ``data/`` and their observations. Out: :class:`Law`: what was
declared otherwise, which changes of law reach the new years, and which categories a table gained or lost.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from minato_analysis import data
from minato_analysis.data import breaks, needs
from minato_analysis.difference.revised import new_rows
from minato_analysis.difference.side import Side, needs_met
from minato_analysis.project import editions
from minato_analysis.published.errors import DifferenceError

DECLARED: Mapping[str, str] = {
    "data/definitions.yaml": "定義",
    "data/breaks.yaml": "法律の改正",
    "data/categories.yaml": "区分の対応",
    "data/areas.csv": "地域",
    "data/identities.yaml": "表どうしの恒等式",
    "data/plausibility.yaml": "もっともらしさの基準",
    "data/known_discrepancies.yaml": "理由を記録した食い違い",
}
"""Declarations that say what numbers mean and how they are checked."""

COLUMNS: Mapping[str, str] = {
    "area_code": "地域",
    "station": "署",
    "offence": "罪種",
    "age_band": "年齢層",
    "measure": "項目",
    "definition": "定義",
}
"""Columns of the observations that sort values into categories."""

NAMED_BY = ("id", "revision", "plausibility", "identity", "name", "key", "label", "title")
"""What names an entry of a list, the first that it has."""

TITLED_BY = ("title", "law", "name", "changes")
"""What an entry is told by where only one side has it."""

CHECKS = (
    "data/identities.yaml",
    "data/plausibility.yaml",
    "data/known_discrepancies.yaml",
)
"""Declarations of checks: many entries may change for one reason."""


@dataclass(frozen=True)
class Declared:
    """One entry of a declaration, or one parameter, that is not the same; an empty side is absent."""

    file: str
    what: str
    place: str
    old: str
    new: str


@dataclass(frozen=True)
class Reform:
    """A change of law that comes into force in a year the new edition adds and its tables print."""

    id: str
    date: datetime.date
    law: str
    changes: str
    bridge: str


@dataclass(frozen=True)
class Category:
    """A value of a column that a table gained or lost in its newest year."""

    table: str
    what: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True)
class Law:
    """Block 4."""

    reforms: tuple[Reform, ...]
    declared: tuple[Declared, ...]
    categories: tuple[Category, ...]
    parameters: tuple[Declared, ...]

    def __bool__(self) -> bool:
        return bool(self.reforms or self.declared or self.categories or self.parameters)


def law(before: Side, after: Side) -> Law:
    """Return what numbers mean otherwise.

    Raises
    ------
    DifferenceError
        ``E7-DECLARED``: a declaration that cannot be read.
    BreakError
        ``data/breaks.yaml`` of the second edition cannot be used.
    """
    declared = [
        Declared(file, what, place, old, new)
        for file, what in DECLARED.items()
        for place, old, new in changes(_tree(before.root, file), _tree(after.root, file))
    ]
    declared += [
        Declared(data.DESCRIPTOR, "数値が公表されていない図", figure, old, new)
        for figure, old, new in changes(_charts(before.root), _charts(after.root))
    ]
    there = [needs_met(one) for one in (before, after)]
    declared += [
        Declared(data.DESCRIPTOR, "節に必要な資料", needs.known(id).ja, *_yes_no(id, there))
        for id in needs.NEEDS
        if (id in there[0]) != (id in there[1])
    ]
    return Law(
        tuple(_reforms(before, after)),
        tuple(declared),
        tuple(_categories(before.rows, after.rows)),
        tuple(_parameters(before, after)),
    )


def _yes_no(id: str, there: Iterable[frozenset[str]]) -> Iterator[str]:
    return ("あり" if id in one else "なし" for one in there)


def _reforms(before: Side, after: Side) -> Iterator[Reform]:
    if not (after.root / breaks.FILE).is_file():
        return
    fresh = new_rows(before, after)
    years = {int(year) for year in fresh["year"].dropna()}
    told: dict[str, Reform] = {}
    for one in breaks.load(after.root):
        if one.year in years and one.touches(fresh[fresh["year"] == one.year]):
            bridge = one.bridge.title if one.bridge else ""
            changes = f"{told[one.id].changes}{one.changes}" if one.id in told else one.changes
            if one.id in told and not (bridge and told[one.id].bridge):
                bridge = ""
            told[one.id] = Reform(one.id, one.date, one.law.name, changes, bridge)
    yield from told.values()


def _parameters(before: Side, after: Side) -> Iterator[Declared]:
    for name in editions.Parameters.model_fields:
        old, new = (str(getattr(one.edition, name)) for one in (before, after))
        if old != new and name != "edition":
            yield Declared(f"reports/{after.name}/{editions.FILE}", "版の設定", name, old, new)


def _charts(root: Path) -> dict[str, str]:
    return {str(one["figure"]): str(one["title"]) for one in data.descriptor(root)["missing"]}


def _categories(before: pd.DataFrame, after: pd.DataFrame) -> Iterator[Category]:
    """Compare the newest year of every table with the newest year it had."""
    old, new = (_newest_year(one) for one in (before, after))
    for (series, table), rows in new.items():
        if (series, table) not in old:
            continue
        for column, what in COLUMNS.items():
            was, now = set(old[series, table][column]), set(rows[column])
            if was != now:
                gained, lost = (
                    tuple(sorted(one - other)) for one, other in ((now, was), (was, now))
                )
                yield Category(f"{series}/{table}", what, gained, lost)


def _newest_year(rows: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    dated = rows[rows["year"].notna()]
    return {
        (str(series), str(table)): mine[mine["year"] == mine["year"].max()]
        for (series, table), mine in dated.groupby(["series_id", "table"], sort=False)
    }


def _tree(root: Path, file: str) -> Any:
    """Return a declaration as nested values; nothing for a file that is not there."""
    path = root / file
    if not path.is_file():
        return {}
    text = path.read_text(encoding="utf-8")
    if file.endswith(".csv"):
        return [{**row, "id": row["code"]} for row in csv.DictReader(text.splitlines())]
    try:
        return yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise DifferenceError(f"E7-DECLARED {file}: 読めません（{error}）。") from None


def changes(old: Any, new: Any, place: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield place, old and new text of what differs in nested values.

    What only one side has is told once, not value by value. An entry of a list is known by its name, else
    by its number.

    Examples
    --------
    >>> old = [{"id": "E1", "by": ["year"]}]
    >>> list(changes(old, [{"id": "E1", "by": ["year", "area"]}, {"id": "E2", "title": "T", "by": []}]))
    [('E1 by', 'year', 'year、area'), ('E2', '', 'T')]
    """
    was, now = _named(old), _named(new)
    if was is None or now is None:
        before, after = _told(old), _told(new)
        if before != after:
            yield place, before, after
        return
    for name in {**was, **now}:
        below = f"{place} {name}".strip()
        if name not in was or name not in now:
            yield below, _told(was.get(name)), _told(now.get(name))
        else:
            yield from changes(was[name], now[name], below)


def _named(value: Any) -> Mapping[str, Any] | None:
    """Return the parts of a value by name; none for a value without parts."""
    if isinstance(value, Mapping):
        return {str(name): inner for name, inner in value.items()}
    if isinstance(value, list) and (not value or all(isinstance(one, Mapping) for one in value)):
        found: dict[str, Any] = {}
        for number, one in enumerate(value, 1):
            name = next((str(one[key]) for key in NAMED_BY if key in one), f"{number}番目")
            found[name if name not in found else f"{name} ({number})"] = one
        return found
    return None


def _told(value: Any) -> str:
    """Return a value in a line: a text, the values of a list, the title of an entry."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        titled = next((_told(value[key]) for key in TITLED_BY if key in value), "")
        return titled or "、".join(f"{name}: {_told(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return "、".join(map(_told, value))
    return str(value)
