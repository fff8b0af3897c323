"""``audit.xlsx``: the published numbers as live formulas over the printed cells, for a spreadsheet alone.

In: the project folder and an edition. Out: the bytes of a workbook, the same for the same edition. One sheet
a printed table: left the text of every cell, at the line and column ``minato explain`` names, right the
numbers in it, by formulas over that text. The sheet 数値 has a row for every number whose formula is
arithmetic over those cells: printed, computed anew, 一致. Whoever changes a cell sees which numbers move.

The formulas are read by :mod:`~minato_analysis.audit.verify_min`, with places in the workbook for numbers.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from minato_analysis.audit import verify_min
from minato_analysis.published import cells, manifest
from minato_analysis.published.cells import Cell

NUMBERS = "数値"
HEAD = ("記録名", "掲載", "掲載の値", "セルから計算", "桁", "一致", "計算式", "使うセルの数")
STRIPPED = ("<b>", "</b>", ",", " ", "人", "件", "%", "ポイント", "回")
"""What stands beside a number in a printed cell."""


@dataclass(frozen=True)
class Term:
    """A part of a formula of the workbook; arithmetic with it gives the longer formula."""

    text: str

    def _with(self, sign: str, left: object, right: object) -> Term:
        return Term(f"({left}{sign}{right})")

    def __str__(self) -> str:
        return self.text

    def __add__(self, other: object) -> Term:
        return self._with("+", self, other)

    def __radd__(self, other: object) -> Term:
        return self if other == 0 else self._with("+", other, self)

    def __sub__(self, other: object) -> Term:
        return self._with("-", self, other)

    def __rsub__(self, other: object) -> Term:
        return self._with("-", other, self)

    def __mul__(self, other: object) -> Term:
        return self._with("*", self, other)

    def __rmul__(self, other: object) -> Term:
        return self._with("*", other, self)

    def __truediv__(self, other: object) -> Term:
        return self._with("/", self, other)

    def __rtruediv__(self, other: object) -> Term:
        return self._with("/", other, self)


def content(root: Path, name: str) -> bytes:
    """Return the workbook of an edition."""
    book = Workbook()
    numbers = book.active
    numbers.title = NUMBERS
    terms: dict[str, list[tuple[str, int | None, Term]]] = {}
    for resource in cells.numeric(root):
        figure, title = resource["figure"], resource["name"].removesuffix("-series")
        sheet = book.create_sheet(f"図表{figure}" if figure else title[:31])
        grid = cells.grid(root, resource)
        for line in grid:
            sheet.append(line)
        for one in (one for line in sheet.iter_rows() for one in line if one.data_type == "f"):
            one.data_type = "s"  # a printed text that begins like a formula stays a text
        for cell in cells.of_table(grid, resource):
            for term in _values(sheet, cell, width=max(map(len, grid))):
                terms.setdefault(cell.address, []).append(term)
    record = manifest.load(root, name)
    listed = json.loads((root / "reports" / name / "facts.json").read_text(encoding="utf-8"))
    level = float(record.parameters.get("confidence", "0.95"))
    numbers.append(HEAD)
    for fact in listed:
        formula, shown = _formula(fact, terms, level), verify_min.printed_number(fact)
        if formula is None or shown is None:
            continue
        at, digits = numbers.max_row + 1, fact["digits"]
        same = f'=IF(ROUND(D{at},E{at})=C{at},"一致","不一致")'
        row = [fact["id"], fact["display"], float(shown), f"={formula}", digits, same]
        numbers.append([*row, fact["formula"], len(fact["observations"])])
    last = numbers.max_row
    numbers["J1"], numbers["K1"] = "一致しない数", f'=COUNTIF(F2:F{last},"<>一致")'
    numbers.freeze_panes = "B2"
    for letter, width in zip("ABCDEFGH", (38, 14, 12, 14, 5, 9, 60, 12), strict=True):
        numbers.column_dimensions[letter].width = width
        numbers[f"{letter}1"].font = Font(bold=True)
    return fixed(book, record.date)


def _values(sheet: Any, cell: Cell, width: int) -> Iterator[tuple[str, int | None, Term]]:
    """Write the numbers of a printed cell beside the table, as formulas over its text; yield their places."""
    source = f"{get_column_letter(cell.column)}{cell.line}"
    if sheet[source].value != cell.printed:  # the sum of several cells stands in none
        return
    for number, one in enumerate(cell.values):
        formula = _reading(cell.printed, source, number, one.value)
        if one.value is None or formula is None:
            continue
        place = f"{get_column_letter(cell.column + (number + 1) * (width + 1))}{cell.line}"
        sheet[place] = f"={formula}"
        yield one.measure, one.year, Term(f"'{sheet.title}'!{place}")


def _reading(printed: str, source: str, number: int, value: object) -> str | None:
    """Return the formula that reads a number from a printed text; None where none of this kind does."""
    bare, formula = printed, source
    for one in STRIPPED:
        if one in bare:
            bare, formula = bare.replace(one, ""), f'SUBSTITUTE({formula},"{one}","")'
    pair = re.fullmatch(r"([\d.]+)\(([\d.]+)\)", bare)
    if pair:
        bare, opened = pair[number + 1], f'FIND("(",{formula})'
        end = f'FIND(")",{formula})'
        formula = (
            f"MID({formula},{opened}+1,{end}-{opened}-1)"
            if number
            else f"LEFT({formula},{opened}-1)"
        )
    if not re.fullmatch(r"-?\d+(\.\d+)?", bare) or Fraction(bare) != Fraction(str(value)):
        return None
    return f'_xlfn.NUMBERVALUE({formula},".")'


def _formula(fact: Mapping[str, Any], terms: Any, level: float) -> str | None:
    if fact["value"] is None:
        return None
    try:
        interval = verify_min.WILSON.match(fact["formula"])
        if interval is None:
            return str(verify_min.second(dict(fact), terms, level))
        part, whole = (
            verify_min.second({**fact, "formula": one}, terms, level)
            for one in interval.group(3, 4)
        )
    except verify_min.NotArithmetic:
        return None
    sign = "-" if interval[1] == "low" else "+"
    z = f"NORMSINV((1+{float(interval[2]) / 100 if interval[2] else level})/2)"
    share = f"({part}/{whole})"
    spread = f"{z}*SQRT({share}*(1-{share})/{whole}+{z}^2/(4*{whole}^2))"
    return f"100*({share}+{z}^2/(2*{whole}){sign}{spread})/(1+{z}^2/{whole})"


def fixed(book: Workbook, date: str) -> bytes:
    """Return the bytes of a workbook with the date of the edition in place of the clock's."""
    written = io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as old:
        held = {
            name: old.read(name)
            for name in sorted(old.namelist(), key=lambda one: (one != "[Content_Types].xml", one))
        }
    core = "docProps/core.xml"
    held[core] = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", f"{date}T00:00:00Z".encode(), held[core])
    return packed(held, date)


def packed(held: Mapping[str, bytes], date: str) -> bytes:
    """Return a ZIP file of these entries, all of one date."""
    out = io.BytesIO()
    day = tuple(map(int, date.split("-")))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in held.items():
            entry = zipfile.ZipInfo(name, (day[0], day[1], day[2], 0, 0, 0))
            new.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()
