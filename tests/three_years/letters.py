"""Made-up figures of years after the plan, in the layout of the plan's tables.

Invented for the rehearsal of three years. The figures agree with each other and are those of no document.
"""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from tests.drafts.letter import LABELS, PREFECTURE_TITLE, TITLES
from tests.drafts.year_2023 import BODIES


def share(part: int, whole: int) -> str:
    """Return the printed share of a part."""
    return f"{(2000 * part + whole) // (2 * whole) / 10:.1f}%"


def figures(year: int) -> tuple[dict[str, list[str]], list[str]]:
    """Return the last column of every table of the area, and the row of the prefecture's table."""
    d = year - 2023
    persons, again = 1049 + d, 505 - d
    bodies = {name: list(body) for name, body in BODIES.items()}
    bodies["t2-04"][0] = f"{924 + d}"
    bodies["t2-04"][2] = f"{310 - 2 * d}"
    bodies["t2-04"][3] = f"{262 + 3 * d}"
    bodies["t3-04"][0], bodies["t3-04"][-1] = (
        f"{60 - 2 * d} ({28 - d})",
        f"{310 - 2 * d} ({144 - d})",
    )
    bodies["t3-05"][0], bodies["t3-05"][-1] = (
        f"{30 + 3 * d} ({18 + d})",
        f"{262 + 3 * d} ({128 + d})",
    )
    bodies["t2-10"] = [
        f"{persons:,} 人",
        f"{persons - again} 人",
        f"{again} 人",
        share(again, persons),
    ]
    first, more = 11050 - 300 * d, 10918 - 200 * d
    return bodies, [f"{first + more:,}", f"{first:,}", f"{more:,}", share(more, first + more)]


def plan_layout(file: Path, year: int) -> None:
    """Write a letter with one year: a sheet a table, the year in the heading."""
    bodies, prefecture = figures(year)
    heading = f"令和{year - 2018}({year})年"
    book = Workbook()
    book.active.title = "はじめに"
    book.active["A1"] = "この数値はすべて架空です。"
    for name, body in bodies.items():
        sheet = book.create_sheet(TITLES[name].split()[0])
        sheet["A1"] = TITLES[name]
        sheet.append([None])
        sheet.append(["", heading])
        for label, text in zip(LABELS[name], body, strict=True):
            sheet.append([label, text])
    sheet = book.create_sheet("図表2-8")
    sheet["A1"] = PREFECTURE_TITLE
    sheet.append([None])
    sheet.append(["", "刑法犯検挙人数 (人)", None, None, "再犯者の割合 (%)"])
    sheet.append(["", None, "初犯者 (人)", "再犯者 (人)", None])
    sheet.merge_cells("B3:D3")
    sheet.append([heading, *prefecture])
    book.save(file)
