"""Published table → observations.

In: the cells of one published CSV exactly as printed, and its *layout*, declared as `reading` in
``data/datapackage.json``. Out: one :class:`Observation` for every printed value. A printed header, row or
unit that the layout does not announce is refused: a table is never read by position alone.

Layout of a ``wide`` table (years or categories across)::

    {"kind": "wide", "header_rows": 1, "label_columns": 1,
     "rows": "year" or {"<printed label>": {dimensions}},
     "columns": "year" or {"<printed label>": {dimensions}},
     "values": ["persons_arrested", "reoffenders"],       # only where one cell prints two values
     "sums": {"<name>": {"of": ["<printed label>", …], dimensions}},  # rows that together go on
     "common": {dimensions}}

Layout of a ``long`` table (one value a row)::

    {"kind": "long", "row": ["year", "measure"], "year": "year", "value": "value",
     "known_from": "known_from",              # where lines were added at different times
     "by": {"measure": {"<printed value>": {dimensions}}}, "common": {dimensions}}

``known_from`` names the column with the date at which the value of the line became known; then every line
must have one, and it takes the place of the document's. A line for a value that is there already, known
later, is its revision.

A layout may say ``"year_kind": "fiscal"`` (年度) or ``"any"``; without it years are calendar years (年) and
a fiscal year is refused. *Dimensions* are the columns of an observation: ``area_code, station,
offence, age_band, year, measure, unit, definition``. What is not named is ``all``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.numbers import Cell, parse_number
from minato_analysis.cleaning.text import label
from minato_analysis.cleaning.years import Year, format_year, parse_year
from minato_analysis.project import days

Layout = Mapping[str, Any]

_COUNTED = ("persons", "cases")
PRINTED_UNITS = {"人": "persons", "件": "cases", "%": "percent"}
DIMENSIONS = ("area_code", "station", "offence", "age_band", "measure", "unit", "definition")
OPTIONAL = {"station": "all", "offence": "all", "age_band": "all"}


@dataclass(frozen=True)
class Observation:
    """One printed value. `year` is the printed year; `value` is exact and ``None`` only with a status.

    `series_id` names the source whose series it continues, its own `source_id` if it begins one; `as_of`
    is the date of the document or of its line, ``YYYY-MM`` or ``YYYY-MM-DD``.
    """

    source_id: str
    table: str
    row: str
    column: str
    area_code: str
    station: str
    offence: str
    age_band: str
    year: int | None
    measure: str
    value: Decimal | None
    unit: str
    status: str
    definition: str
    series_id: str
    as_of: str


COLUMNS = tuple(one.name for one in fields(Observation))


def observations(
    cells: Sequence[Sequence[str]],
    layout: Layout,
    *,
    source_id: str,
    table: str,
    file: str,
    as_of: str,
    series_id: str = "",
) -> list[Observation]:
    """Read one published table.

    Parameters
    ----------
    cells : sequence of rows of text
        The CSV as it stands, header rows included.
    layout : mapping
        See the module docstring.
    source_id, table, as_of, series_id : str
        Written into every observation, e.g. table ``2-10``; without `series_id` the source begins a series.
    file : str
        Named in errors.

    Raises
    ------
    CleaningError
        ``E1-…`` with file, row and column of the first cell that is not certain.
    """
    width = len(cells[0])
    for number, row in enumerate(cells, 1):
        if len(row) != width:
            raise CleaningError(
                "E1-TABLE-WIDTH",
                f"{number}行目のセルは{len(row)}個ですが、1行目は{width}個です。"
                "区切りのコンマや引用符の抜けを確かめてください。",
                ",".join(row),
            ).at(file=file, row=f"{number}行目")
    read = {"wide": _wide, "long": _long}[layout["kind"]]
    return [
        Observation(
            **{
                "source_id": source_id,
                "table": table,
                "series_id": series_id or source_id,
                "as_of": as_of,
                **found,
            }
        )
        for found in read(cells, layout, file)
    ]


@dataclass(frozen=True)
class TableCell:
    """One body cell of a wide table: its text, labels, position in the body, and dimensions."""

    text: str
    row: str
    column: str
    position: tuple[int, int]
    dimensions: Mapping[str, Any]


def wide_cells(cells: Sequence[Sequence[str]], layout: Layout, file: str) -> list[TableCell]:
    """Return the body cells of a wide table, row by row, their labels read but not their numbers.

    Parameters
    ----------
    cells, layout, file
        As of :func:`observations`.

    Raises
    ------
    CleaningError
        A header, row label or year that is not certain.
    """
    head, side = layout["header_rows"], layout["label_columns"]
    columns = _axis(_header_labels(cells[:head], side), layout, "columns", file)
    rows = _axis(_row_labels(cells[head:], side), layout, "rows", file)
    return [
        TableCell(
            text, row, column, (down, across), {**layout["common"], **row_dims, **column_dims}
        )
        for down, ((row, row_dims), line) in enumerate(zip(rows, cells[head:], strict=True))
        for across, ((column, column_dims), text) in enumerate(
            zip(columns, line[side:], strict=True)
        )
    ]


def read_cell(cell: TableCell, layout: Layout, file: str) -> list[dict[str, Any]]:
    """Return the fields of the observations one body cell prints.

    Raises
    ------
    CleaningError
        A number, a unit or a number of values that is not certain.
    """
    measures = layout.get("values") or [cell.dimensions["measure"]]
    place = {"file": file, "row": cell.row, "column": cell.column}
    values = _number(cell.text, place).values
    if len(values) == 1 and values[0].value is None:
        values *= len(measures)  # one sign stands for all of the cell
    if len(values) != len(measures):
        raise CleaningError(
            "E1-CELL-VALUES",
            f"「{cell.text}」には数が{len(values)}個ありますが、"
            f"この表のセルは{len(measures)}個です。転記を確かめてください。",
            cell.text,
        ).at(**place)
    return [
        _observation(
            {**cell.dimensions, "measure": measure}, cell.row, cell.column, value, cell.text, place
        )
        for measure, value in zip(measures, values, strict=True)
    ]


def printed_labels(cells: Sequence[Sequence[str]], layout: Layout) -> list[str]:
    """Return the labels of a wide table along the axis that is not the years, in the form for comparing."""
    head, side = layout["header_rows"], layout["label_columns"]
    if layout["rows"] == "year":
        return _header_labels(cells[:head], side)
    return _row_labels(cells[head:], side)


def _wide(cells: Sequence[Sequence[str]], layout: Layout, file: str) -> list[dict[str, Any]]:
    found = [
        found for cell in wide_cells(cells, layout, file) for found in read_cell(cell, layout, file)
    ]
    return found + _sums(found, layout) if "sums" in layout else found


def _sums(found: Sequence[Mapping[str, Any]], layout: Layout) -> list[dict[str, Any]]:
    """Return the sums a layout declares; a part that is withheld withholds the sum."""
    side, other = ("column", "row") if layout["rows"] == "year" else ("row", "column")
    made = []
    for name, declared in layout["sums"].items():
        dimensions = {key: value for key, value in declared.items() if key != "of"}
        groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for one in found:
            if one[side] in declared["of"]:
                groups.setdefault((one[other], one["measure"]), []).append(one)
        for parts in groups.values():
            there = [one for one in parts if one["status"] != "not_applicable"] or parts[:1]
            without = next((one for one in there if one["value"] is None), None)
            value = None if without else sum((one["value"] for one in there), Decimal(0))
            marks = {one["status"] for one in there} & {"provisional", "revised"}
            status = without["status"] if without else min(marks, default="ok" if value else "zero")
            made.append({**parts[0], **dimensions, side: name, "value": value, "status": status})
    return made


def _long(cells: Sequence[Sequence[str]], layout: Layout, file: str) -> list[dict[str, Any]]:
    header, *lines = cells
    dated = layout.get("known_from", "")
    needed = {*layout["row"], layout["year"], layout["value"], *layout["by"]}
    needed |= {dated} if dated else set()
    absent = sorted(needed - set(header))
    if absent:
        raise CleaningError(
            "E1-HEADER",
            f"列「{'」「'.join(absent)}」がありません。1行目の見出しを確かめてください。",
            ",".join(header),
        ).at(file=file)
    found = []
    first: dict[str, str] = {}
    for line in lines:
        record = dict(zip(header, line, strict=True))
        row_label = "/".join(record[name] for name in layout["row"])
        day = {}
        if dated:
            day = {"as_of": _date(record[dated], {"file": file, "row": row_label, "column": dated})}
            if first.setdefault(row_label, day["as_of"]) != day["as_of"]:
                row_label += f"/{day['as_of']}"
        place = {"file": file, "row": row_label, "column": layout["value"]}
        dims = dict(layout["common"])
        for name, known in layout["by"].items():
            if record[name] not in known:
                raise _unknown(record[name], known, "列" + name).at(**place)
            dims.update(known[record[name]])
        printed_year = record[layout["year"]]
        dims["year"] = _year(printed_year, layout, place).year if printed_year else None
        text = record[layout["value"]]
        cell = _number(text, place)
        read = _observation(dims, row_label, layout["value"], cell.values[0], text, place)
        found.append(read | day)
    return found


def _date(text: str, place: Mapping[str, str]) -> str:
    """Return the date at which a line became known."""
    try:
        return days.real(text)
    except days.NoSuchDay:
        raise CleaningError(
            "E1-KNOWN-FROM",
            f"「{text}」は、この行の値が知られた日として読めません。暦にある日付を"
            "YYYY-MM-DD の形で書いてください（その値を載せた資料の日付。分からなければ、データに加えた日）。",
            text,
        ).at(**place) from None


def _header_labels(head: Sequence[Sequence[str]], side: int) -> list[str]:
    """Join header rows; a blank upper cell continues its left neighbour when a lower cell names it."""
    joined: list[str] = []
    carried = [""] * len(head)
    for column in zip(*head, strict=True):
        parts = []
        for level, text in enumerate(column):
            below = any(column[level + 1 :])
            carried[level] = text or (carried[level] if below else "")
            parts.append(carried[level])
        joined.append("/".join(part for part in map(label, parts) if part))
    return joined[side:]


def continues(line: Sequence[str], above: Sequence[str]) -> list[bool]:
    """Tell for each label of a row, outer first, whether the one above goes on (a merged cell).

    A blank label continues the one above where an inner label follows, and no outer one is new.

    Parameters
    ----------
    line : sequence of str
        Labels of one row as printed.
    above : sequence of str
        Those of the row before, its own continued labels filled in.

    Examples
    --------
    >>> continues(["", "", "検挙人員"], ["刑法犯", "凶悪犯", "認知件数"])
    [True, True, False]
    >>> continues(["薬物犯", "", "検挙人員"], ["刑法犯", "凶悪犯", "認知件数"])
    [False, False, False]
    """
    found, same = [], True
    for level, (text, before) in enumerate(zip(line, above, strict=True)):
        blank = not text.strip()
        found.append(blank and same and any(one.strip() for one in line[level + 1 :]))
        same = same and (blank or label(text) == label(before))
    return found


def _row_labels(lines: Sequence[Sequence[str]], side: int) -> list[str]:
    """Join label columns from outer to inner."""
    joined, above = [], [""] * side
    for line in lines:
        own = list(line[:side])
        goes_on = continues(own, above)
        above = [
            before if on else text for on, text, before in zip(goes_on, own, above, strict=True)
        ]
        joined.append("/".join(part for part in map(label, above) if part))
    return joined


def _axis(
    printed: Sequence[str], layout: Layout, side: str, file: str
) -> list[tuple[str, dict[str, Any]]]:
    """Return label and dimensions along one axis; every printed label once, every declared label there."""
    declared: str | Mapping[str, Any] = layout[side]
    what = {"rows": "行見出し", "columns": "列見出し"}[side]
    if declared == "year":
        years = [_year(text, layout, {"file": file, "row": what, "column": ""}) for text in printed]
        labels = [format_year(year) for year in years]
        axis: list[tuple[str, dict[str, Any]]] = [
            (name, {"year": year.year}) for name, year in zip(labels, years, strict=True)
        ]
    else:
        assert not isinstance(declared, str)
        for text in printed:
            if text not in declared:
                raise _unknown(text, declared, what).at(file=file)
        absent = [text for text in declared if text not in printed]
        if absent:
            raise CleaningError(
                "E1-LABEL-ABSENT",
                f"{what}「{'」「'.join(absent)}」がありません。行や列の転記漏れを確かめてください。",
                "",
            ).at(file=file)
        labels, axis = list(printed), [(text, dict(declared[text])) for text in printed]
    twice = sorted({text for text in labels if labels.count(text) > 1})
    if twice:
        raise CleaningError(
            "E1-LABEL-TWICE",
            f"{what}「{'」「'.join(twice)}」が2回あります。どちらが正しいか確かめてください。",
            "",
        ).at(file=file)
    return axis


def _observation(
    dims: Mapping[str, Any], row: str, column: str, value: Any, text: str, place: Mapping[str, str]
) -> dict[str, Any]:
    unit = PRINTED_UNITS.get(value.unit) if value.unit else dims["unit"]
    if unit != dims["unit"]:
        raise CleaningError(
            "E1-UNIT",
            f"「{text}」の単位は「{value.unit}」ですが、この欄の単位は {dims['unit']} です。"
            "列のずれを確かめてください。",
            text,
        ).at(**place)
    number = None if value.value is None else Decimal(value.value)
    if number is not None and number < 0:
        raise CleaningError(
            "E1-NEGATIVE",
            f"「{text}」は負の数ですが、この欄の人数、件数、割合は0以上です。"
            "増減の表ではないか、印の意味を確かめてください。",
            text,
        ).at(**place)
    if number is not None and dims["unit"] in _COUNTED and number != int(number):
        raise CleaningError(
            "E1-COUNT-DECIMALS",
            f"「{text}」には小数がありますが、この欄は人数か件数です。"
            "単位（千人など）か、列のずれを確かめてください。",
            text,
        ).at(**place)
    known = {name: dims.get(name, OPTIONAL.get(name)) for name in DIMENSIONS}
    return {
        **known,
        "row": row,
        "column": column,
        "year": dims.get("year"),
        "value": number,
        "status": value.status,
    }


def _number(text: str, place: Mapping[str, str]) -> Cell:
    try:
        return parse_number(text)
    except CleaningError as error:
        raise error.at(**place) from None


def _year(text: str, layout: Layout, place: Mapping[str, str]) -> Year:
    try:
        year = parse_year(text)
    except CleaningError as error:
        raise error.at(**place) from None
    wanted = layout.get("year_kind", "calendar")
    if wanted not in ("any", year.kind):
        names = {"calendar": "暦年（年）", "fiscal": "年度"}
        raise CleaningError(
            "E1-YEAR-KIND",
            f"「{text}」は{names[year.kind]}ですが、この表は{names[wanted]}の表です。"
            "原本の見出しを確かめてください。",
            text,
        ).at(**place)
    return year


def _unknown(text: str, known: Mapping[str, Any], what: str) -> CleaningError:
    return CleaningError(
        "E1-LABEL-UNKNOWN",
        f"{what}「{text}」は、この表に登録されていません（登録: {'、'.join(known)}）。"
        "転記を確かめ、正しい名称なら data/datapackage.json の reading に加えてください。",
        text,
    )
