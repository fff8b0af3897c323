"""The tables of the data package that a received table may continue.

In: the descriptor and the project folder. Out: one :class:`Target` for each table with years along one axis:
its labels as printed and as compared, what each means, and the values known so far. Where several deliveries
continue one table, the first says how it is laid out, and each year's newest value counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from minato_analysis import data
from minato_analysis.cleaning import tables
from minato_analysis.cleaning.text import label
from minato_analysis.data import categories
from minato_analysis.data.categories import Mapped

_UNIT = re.compile(r"\((?:単位:)?(人|件|%)\)$")
MEASURES: Mapping[str, str] = {
    **dict.fromkeys(("検挙人員", "検挙人員数", "検挙人数", "検挙者数"), "persons_arrested"),
    **dict.fromkeys(("再犯者", "再犯者数", "うち再犯者", "うち再犯者数"), "reoffenders"),
    **dict.fromkeys(("初犯者", "初犯者数", "うち初犯者", "うち初犯者数"), "first_time"),
    **dict.fromkeys(
        ("再犯者率", "再犯者の割合", "再犯者数割合", "再犯者数の割合"), "reoffender_share"
    ),
}
TOTALS = frozenset({"計", "合計", "総計", "総数"})
"""Words of measures and totals, one as good as another where only one of ours is meant."""
_FIGURE = re.compile(r"^図表[0-9]+-(?:[0-9]+|●)")


@dataclass(frozen=True)
class Target:
    """One table of the package.

    Parameters
    ----------
    key : str
        Its 図表 number, or where it has none its short name (:func:`minato_analysis.data.table_id`).
    title : str
        Without the number, in the form for comparing.
    resource : mapping
        The first delivery's entry in the descriptor.
    cells : list of list of str
        That delivery's table as printed.
    labels : mapping of str to dict
        Label → dimensions, in printed order. Of a ``long`` table its declared values by column.
    printed : mapping of str to str
        Label → its innermost text as printed.
    known : mapping of (label, year) to str
        Values as printed so far.
    """

    key: str
    title: str
    resource: Mapping[str, Any]
    cells: Sequence[Sequence[str]]
    labels: Mapping[str, Mapping[str, Any]]
    printed: Mapping[str, str]
    known: Mapping[tuple[str, int], str]

    @property
    def layout(self) -> Mapping[str, Any]:
        """How the table is read (``reading`` of the descriptor)."""
        reading: Mapping[str, Any] = self.resource["reading"]
        return reading

    @property
    def years_across(self) -> bool:
        """Whether years are columns of our table."""
        return self.layout.get("columns") == "year"

    @cached_property
    def years(self) -> frozenset[int]:
        """Years known so far."""
        return frozenset(year for _, year in self.known)

    @property
    def units(self) -> frozenset[str]:
        """Units of its values as printed."""
        return frozenset(unit for one in self.labels.values() if (unit := self.unit(one)))

    def unit(self, dimensions: Mapping[str, Any]) -> str:
        """Return the printed unit of a row or column, or nothing where it has none of its own."""
        name = dimensions.get("unit", self.layout["common"].get("unit"))
        return next((sign for sign, unit in tables.PRINTED_UNITS.items() if unit == name), "")

    def printed_as(self, labels: Mapping[str, str], mappings: Sequence[Mapped]) -> Target:
        """Return the table with the headings of a new law where a received one prints them.

        Parameters
        ----------
        labels : mapping of str to str
            Received labels, in the form for comparing, to their printed text.
        mappings : sequence of Mapped
        """
        layout = categories.adapted(self.layout, labels, mappings)
        if layout is self.layout or not self.years_across or layout["label_columns"] != 1:
            return self
        head = layout["header_rows"]
        rows = dict(zip(self.printed, self.cells[head:], strict=True))
        width = len(self.cells[0]) - 1
        printed = {
            name: self.printed.get(name) or " ".join(labels[name].split())
            for name in layout["rows"]
        }
        body = [rows.get(name) or [text, *[""] * width] for name, text in printed.items()]
        return replace(
            self,
            resource={**self.resource, "reading": layout},
            cells=[*self.cells[:head], *body],
            labels=layout["rows"],
            printed=printed,
        )

    def titled(self, title: str, mappings: Sequence[Mapped]) -> bool:
        """Tell whether a title (in the form for comparing) is ours, up to the names of an offence.

        The place at its end may be left out: a file for one municipality names it once, or nowhere.
        """
        return title in (self.title, _PLACE_AT_END.sub("", self.title)) or any(
            _plain(title, names) == _plain(self.title, names)
            for mapped in mappings
            for names in mapped.names.values()
        )

    def find(self, path: str) -> tuple[str, str]:
        """Return our label for a received one and the unit written in the received one, either may be empty.

        A unit at the end of a label, e.g. （人）, may be there or not.
        """
        if path in self.labels:
            return path, without_unit(path)[1]
        bare, unit = without_unit(path)
        found = self._bare.get(bare, [])
        # A law is named with 違反 or without, a part with うち or without.
        plain = bare.removesuffix("違反").removeprefix("うち")
        if not found and (plain in self._bare or bare in TOTALS or bare in MEASURES):
            found = [
                one
                for one, dimensions in self.labels.items()
                if without_unit(one)[0] == plain
                or (bare in TOTALS and one in TOTALS)
                or dimensions.get("measure", "") == MEASURES.get(bare)
            ]
        return (found[0], unit) if len(found) == 1 else ("", unit)

    @cached_property
    def _bare(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in self.labels:
            found.setdefault(without_unit(one)[0], []).append(one)
        return found


_PLACE_AT_END = re.compile(r"\([^()]*[都道府県区市町村]\)$")


def targets(package: Mapping[str, Any], folder: Path) -> list[Target]:
    """Return the tables of the package that a new year can be added to.

    Raises
    ------
    DataError, CleaningError
        A published table is not what the descriptor says.
    """
    series: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in data.published(package):
        key = (one.get("series_id") or one["source_id"], data.table_id(one))
        series.setdefault(key, []).append(one)
    found = [
        _target(sorted(deliveries, key=lambda one: one.get("as_of") or one["date"]), folder)
        for deliveries in series.values()
    ]
    return [one for one in found if one is not None]


def without_unit(path: str) -> tuple[str, str]:
    """Return a label without the unit at its end, and the unit.

    >>> without_unit("刑法犯検挙人数(人)"), without_unit("再犯者の割合")
    (('刑法犯検挙人数', '人'), ('再犯者の割合', ''))
    """
    match = _UNIT.search(path)
    return (path[: match.start()], match[1]) if match else (path, "")


def _target(deliveries: Sequence[Mapping[str, Any]], folder: Path) -> Target | None:
    first = deliveries[0]
    layout = first["reading"]
    wide = layout["kind"] == "wide"
    if wide and (layout["rows"] == "year") == (layout["columns"] == "year"):
        return None
    known: dict[tuple[str, int], str] = {}
    cells = data.read_cells(first, folder)
    for one in deliveries if wide else ():
        known |= _known(data.read_cells(one, folder) if one is not first else cells, one)
    labels = layout["columns" if layout["rows"] == "year" else "rows"] if wide else {}
    return Target(
        key=data.table_id(first),
        title=_FIGURE.sub("", label(first["title"])) if first["figure"] else label(first["title"]),
        resource=first,
        cells=cells,
        labels=labels,
        printed=_printed(cells, layout) if wide else {},
        known=known,
    )


def _plain(title: str, names: Sequence[str]) -> str:
    """Return a title with every name of an offence replaced by one word."""
    return re.sub("|".join(map(re.escape, sorted(names, key=len, reverse=True))), "○", title)


def _known(
    cells: Sequence[Sequence[str]], resource: Mapping[str, Any]
) -> dict[tuple[str, int], str]:
    layout = resource["reading"]
    return {
        (one.column if layout["rows"] == "year" else one.row, one.dimensions["year"]): one.text
        for one in tables.wide_cells(cells, layout, f"data/{resource['path']}")
    }


def _printed(cells: Sequence[Sequence[str]], layout: Mapping[str, Any]) -> dict[str, str]:
    """Return the innermost printed text of every label of a table."""
    head, side = layout["header_rows"], layout["label_columns"]
    found = {}
    for one in tables.wide_cells(cells, layout, ""):
        down, across = one.position
        if layout["rows"] == "year":
            texts = [cells[level][side + across] for level in range(head)]
            name = one.column
        else:
            texts = list(cells[head + down][:side])
            name = one.row
        found[name] = next((text for text in reversed(texts) if text), "")
    return found
