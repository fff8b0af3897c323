"""The table of all areas in the overview: a row for each area, which a script can sort, search and compare.

Without the script it is an ordinary table, in the order of the codes.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from minato_analysis.numbers.tables import MIME, SIGNS

MISSING = SIGNS["missing"][0]


class Row(Protocol):
    """What every area has."""

    @property
    def code(self) -> str:
        """Code of the area."""

    @property
    def name(self) -> str:
        """Name of the area."""


@dataclass(frozen=True)
class Series:
    """What the script draws of an area: one text a year, and what these are called.

    `marks` says which mark of the funnel plot an area's is, by its code.
    """

    label: str
    years: Sequence[int]
    values: Mapping[str, Sequence[str]]
    marks: Mapping[str, int]


@dataclass(frozen=True)
class SortableTable:
    """A table of all areas.

    Parameters
    ----------
    id, caption : str
    columns : mapping
        Header → the cell of a row; the first are name and code.
    texts : collection of str
        Headers of the columns that are not numbers.
    rows : sequence
        Areas.
    series : Series
    notes : tuple of str
    """

    id: str
    caption: str
    columns: Mapping[str, Callable[[Any], str]]
    texts: Sequence[str]
    rows: Sequence[Row]
    series: Series
    notes: tuple[str, ...]

    def html(self) -> str:
        """Return the ``<table>`` element, one row a line."""
        numeric = ["" if name in self.texts else ' class="num"' for name in self.columns]
        head = "".join(
            f'<th scope="col"{kind}>{html.escape(name)}</th>'
            for name, kind in zip(self.columns, numeric, strict=True)
        )
        years = " ".join(map(str, self.series.years))
        lines = [
            f'<table class="sortable" data-years="{years}" data-label="{html.escape(self.series.label)}">',
            f"<thead><tr>{head}</tr></thead>",
            "<tbody>",
            *(self._row(row, numeric) for row in self.rows),
            "</tbody>",
            "</table>",
        ]
        return "\n".join(lines)

    def _row(self, row: Row, numeric: Sequence[str]) -> str:
        name, *cells = (html.escape(one) for one in cells_of(self.columns, row))
        values, mark = self.series.values.get(row.code, ()), self.series.marks.get(row.code)
        known = f' data-values="{" ".join(values)}"' if values else ""
        known += "" if mark is None else f' data-mark="m{mark}"'
        rest = "".join(
            f"<td{kind}>{cell}</td>" for cell, kind in zip(cells, numeric[1:], strict=True)
        )
        return (
            f'<tr id="area-{row.code}"{known}>'
            f'<th scope="row"><a href="{row.code}.html">{name}</a></th>{rest}</tr>'
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        # The CSV of so many rows is a file of its own beside the page.
        payload = {
            "id": self.id,
            "caption": self.caption,
            "html": self.html(),
            "csv": "",
            "notes": list(self.notes),
        }
        return {MIME: payload, "text/plain": f"{self.caption}: {len(self.rows)}"}


def cells_of(columns: Mapping[str, Callable[[Any], str]], row: Row) -> tuple[str, ...]:
    """Return the cells of a row as texts."""
    return tuple(cell(row) for cell in columns.values())


def lines_of(
    columns: Mapping[str, Callable[[Any], str]], rows: Sequence[Row]
) -> list[tuple[str, ...]]:
    """Return header and cells of all areas as texts, for the CSV beside the page."""
    return [tuple(columns), *(cells_of(columns, row) for row in rows)]
