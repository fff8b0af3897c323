"""Empty tables in the layouts of this project's tables, for another area.

In: the descriptor of this project, its tables, the request. Out: a description and the cells of each table,
with the labels of the new area and years and without a number.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from minato_analysis.cleaning.text import label
from minato_analysis.cleaning.years import Year, format_year
from minato_analysis.data import Area, target_forms
from minato_analysis.data.study import unit
from minato_analysis.drafts import shape
from minato_analysis.init_area.request import Request
from minato_analysis.project.editions import Parameters

Cells = list[list[str]]


@dataclass(frozen=True)
class Model:
    """This project: the area, years and descriptor whose layouts are taken over."""

    parameters: Parameters
    package: Mapping[str, Any]
    area: Area
    parent: Area
    names: Mapping[str, str]
    """Names and codes of this project's area and prefecture to those of the new one."""


def replaced(value: Any, names: Mapping[str, str]) -> Any:
    """Return texts, lists and mappings with the names and codes of one area put for another's.

    The longest go first, so that no name is cut by one it contains; what was put is not replaced again.

    >>> replaced({"東県/計": ["東県", "12000"]}, {"東県": "西府", "12000": "26000"})
    {'西府/計': ['西府', '26000']}
    """
    if isinstance(value, str):
        every = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
        return re.sub(every, lambda match: names[match[0]], value)
    if isinstance(value, Mapping):
        return {replaced(key, names): replaced(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [replaced(one, names) for one in value]
    return value


def table(
    resource: Mapping[str, Any], cells: Sequence[Sequence[str]], model: Model, wanted: Request
) -> tuple[dict[str, Any], Cells]:
    """Return the description and the cells of one empty table.

    Parameters
    ----------
    resource : mapping
        A wide table of this project's document.
    cells : sequence of rows of text
        As printed.
    model : Model
    wanted : Request
    """
    old = resource["reading"]
    layout = replaced(old, model.names)
    blank = replaced(_blank(cells, old, _years(resource, cells, model, wanted)), model.names)
    if old["rows"] != "year" and any("station" in dims for dims in old["rows"].values()):
        layout["rows"] = _stations(layout["rows"], wanted.stations)
        blank = _by_station(blank, layout, wanted.stations)
    made = replaced(_described(resource, wanted), model.names) | {"reading": layout}
    made["schema"] = _schema(len(blank[0]), layout["label_columns"])
    return made, blank


def target(
    resource: Mapping[str, Any], model: Model, wanted: Request
) -> tuple[dict[str, Any], Cells]:
    """Return description and cells of the numbers that stand in the text only: the target alone.

    Parameters
    ----------
    resource : mapping
        The long table of this project's text.
    """
    reading = replaced(resource["reading"], model.names)
    (column,) = reading["row"]
    (dims,) = (
        one for one in reading["by"][column].values() if one["measure"] in target_forms.MEASURES
    )
    measure, kind, words = target_forms.FORMS[wanted.target]
    from_year = f"-{wanted.target_base}" if wanted.target.endswith("fall") else ""
    id = f"target-{wanted.target}{from_year}"
    known = {id: {**dims, "measure": measure, "unit": kind}}
    reading["by"] |= {column: known}
    head = [field["name"] for field in resource["schema"]["fields"]]
    printed = format_year(Year(wanted.target_year, "fiscal", None))
    texts = {
        "id": id,
        "subject": f"{unit(wanted.area.name_ja)}内の検挙人員における{words}",
        "area": wanted.area.name_ja,
        reading["year"]: printed,
    }
    made = replaced(_described(resource, wanted), model.names) | {"reading": reading}
    made["definition"] = [dims["definition"]]
    return made, [head, [texts.get(name, "") for name in head]]


def dumps(cells: Iterable[Sequence[str]]) -> str:
    """Return the text of a CSV."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(cells)
    return stream.getvalue()


def _described(resource: Mapping[str, Any], wanted: Request) -> dict[str, Any]:
    name = resource["path"].rsplit("/", 1)[-1].removesuffix(".csv")
    described = {
        key: value
        for key, value in resource.items()
        if key not in ("section", "primary_source", "hash", "bytes", "reading")
    }
    return described | {
        "name": f"{wanted.source_id}-{name}",
        "path": f"published/{wanted.source_id}/{name}.csv",
        "source_id": wanted.source_id,
        "sources": [{"title": wanted.document, "path": f"published/{wanted.source_id}"}],
        "primary_source": "（提供元を書く）",
        "date": wanted.today.isoformat(),
        "grade": "published",
    }


def _stations(rows: Mapping[str, Any], stations: Sequence[str]) -> dict[str, Any]:
    """Return the rows of a table by station, the new stations in place of the old ones."""
    whole = {text: dims for text, dims in rows.items() if dims.get("station") == "all"}
    return {name: {"station": name} for name in stations} | whole


def _years(
    resource: Mapping[str, Any],
    cells: Sequence[Sequence[str]],
    model: Model,
    wanted: Request,
) -> list[int]:
    """Return the years of a table: the indicator's, those with offence groups, or as many as printed."""
    old = model.parameters
    printed = shape.years(cells, resource["reading"])
    if printed == list(range(old.first_year, old.last_year + 1)):
        return list(range(wanted.first_year, wanted.last_year + 1))
    if printed == list(range(old.groups_first_year, old.last_year + 1)):
        return list(range(wanted.groups_first_year, wanted.last_year + 1))
    return [year + wanted.last_year - old.last_year for year in printed]


def _by_station(blank: Cells, layout: Mapping[str, Any], stations: Sequence[str]) -> Cells:
    """Return an empty table with the new stations above the rows that are no station."""
    head, width = layout["header_rows"], len(blank[0])
    kept = set(layout["rows"]) - set(stations)
    others = [row for row in blank[head:] if label(row[0]) in kept]
    return [*blank[:head], *([name, *[""] * (width - 1)] for name in stations), *others]


def _blank(
    cells: Sequence[Sequence[str]], layout: Mapping[str, Any], years: Sequence[int]
) -> Cells:
    head, side = layout["header_rows"], layout["label_columns"]
    printed = [format_year(Year(year, "calendar", None)) for year in years]
    if layout["rows"] == "year":
        width = len(cells[0]) - side
        body = [[year, *[""] * (side - 1 + width)] for year in printed]
        return [*map(list, cells[:head]), *body]
    upper = [[""] * (side + len(years)) for _ in range(head - 1)]
    heading = [*cells[head - 1][:side], *printed]
    lines = [[shape.plain(text) for text in row[:side]] for row in cells[head:]]
    return [*upper, heading, *([*line, *[""] * len(years)] for line in lines)]


def _schema(width: int, side: int) -> dict[str, Any]:
    names = [f"label{n + 1}" if n < side else f"column{n + 1 - side}" for n in range(width)]
    return {"fields": [{"name": one, "type": "string"} for one in names], "missingValues": []}
