"""A made-up year 2023 that agrees with itself: what the tables of a delivery might print.

Invented for tests. The figures are not those of any document.
"""

from __future__ import annotations

import csv
from pathlib import Path

BODIES = {
    "t2-04": ["924", "33", "310", "262", "105", "44", "170"],
    "t2-06": ["52", "49", "24", "125"],
    "t2-10": ["1,049 人", "544 人", "505 人", "48.1%"],
    "t3-02": ["1 (0)", "3 (1)", "6 (3)", "24 (17)", "7 (4)", "8 (5)", "49 (30)"],
    "t3-03": ["30", "13", "4", "2", "0", "0", "49"],
    "t3-04": ["60 (28)", "30 (13)", "35 (12)", "112 (60)", "33 (12)", "40 (19)", "310 (144)"],
    "t3-05": ["30 (18)", "36 (17)", "28 (14)", "48 (22)", "62 (27)", "58 (30)", "262 (128)"],
}
"""Last column of each table whose years stand in columns."""
PREFECTURE = ["21,968", "11,050", "10,918", "49.7%"]
"""The row of the table whose years stand in rows."""


def fill(draft: Path) -> None:
    """Write the made-up figures into the scaffolded tables of a draft."""
    for name, body in BODIES.items():
        file = draft / f"{name}.csv"
        head, *rows = read(file)
        write(file, [head, *([*row[:-1], value] for row, value in zip(rows, body, strict=True))])
    file = draft / "t2-08.csv"
    *head, row = read(file)
    write(file, [*head, [row[0], *PREFECTURE]])


def read(file: Path) -> list[list[str]]:
    """Return the cells of a CSV file."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write(file: Path, cells: list[list[str]]) -> None:
    """Write cells as a CSV file."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(cells)
