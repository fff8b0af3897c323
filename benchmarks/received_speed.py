"""Speed of reading a received workbook: this project beside another checkout of it, in one run.

    python benchmarks/received_speed.py OTHER [--repeats 5] [--sheets 30]

Workbooks of 30 sheets in several shapes, made from the published tables. Each is read in a process of its
own, by both checkouts in turn, each with its own tables. Printed are the medians of the processor time that
``received.read`` takes, everything loaded, and how many times the other's it is.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
YEAR = 2023
SERIES = "minato-plan-draft-2024-12"
STATIONS = ("3-2", "3-4", "3-5")
"""Tables of police stations."""
TABLES = ("2-4", "2-6", "2-10", "3-3", *STATIONS)
"""Tables of whole years across."""
NOTES = (["資料：警視庁"], ["注　検挙人員は暦年"])
READ = """
import pkgutil, sys, time
from importlib import import_module
from pathlib import Path
import openpyxl
from minato_analysis import data, received
for one in pkgutil.iter_modules(received.__path__):
    import_module(f"minato_analysis.received.{one.name}")
root, package = data.root(), data.descriptor(data.root())
start = time.process_time()
received.read(Path(sys.argv[1]), package, root, int(sys.argv[2]), source=sys.argv[3])
print(time.process_time() - start)
"""

Rows = list[list[Any]]
Sheets = Iterator[tuple[str, Rows]]
Tables = dict[str, tuple[str, Rows]]
"""Number → title and cells."""


def published() -> Tables:
    """Return the tables of the plan that are continued."""
    from minato_analysis import data  # noqa: PLC0415 - the one that reads is another process

    package = data.descriptor(REPOSITORY)
    return {
        str(one["figure"]): (
            str(one["title"]),
            [[*row] for row in data.read_cells(one, REPOSITORY)],
        )
        for one in data.published(package)
        if one["source_id"] == SERIES and one["figure"] in TABLES
    }


def continued(rows: Rows) -> Rows:
    """Return a table with one year more: its last year again."""
    head, *body = rows
    return [[*head, f"令和{YEAR - 2018}年"], *([*row, row[-1]] for row in body)]


def numbered(tables: Tables) -> Sheets:
    """Yield tables with number, title and notes, as the plan prints them."""
    for key, (title, rows) in cycle(tables.items()):
        yield key, [[title], *continued(rows), *NOTES]


def nameless(tables: Tables) -> Sheets:
    """Yield tables that only their labels tell, between captions and notes."""
    for _, rows in cycle(list(tables.values())):
        yield "別紙", [["（単位：人）"], *continued(rows), *NOTES]


def crossed(tables: Tables) -> Sheets:
    """Yield tables of stations with persons and reoffenders in two columns a year."""
    years = [f"令和{number}年" for number in range(1, YEAR - 2018 + 1)]
    head = [
        ["", *(year for year in years for _ in "12")],
        ["警察署", *["検挙人員", "うち再犯者"] * len(years)],
    ]
    for title, rows in cycle([tables[key] for key in STATIONS]):
        body = [[row[0], *[20, 10] * len(years)] for row in rows[1:]]
        yield "別紙", [[title.split(maxsplit=1)[-1]], *head, *body, *NOTES]


def tidy(tables: Tables) -> Sheets:
    """Yield tables with one row a year, station and offence."""
    for _, rows in cycle([tables[key] for key in STATIONS]):
        body = [
            [f"令和{number}年", row[0], offence, 20, 10]
            for number in range(1, YEAR - 2018 + 1)
            for offence in ("大麻取締法", "粗暴犯", "窃盗犯")
            for row in rows[1:]
        ]
        yield "データ", [["年", "警察署", "罪種", "検挙人員", "再犯者数"], *body]


def others(_: Tables) -> Sheets:
    """Yield tables that are none of ours: a hundred municipalities in ten years."""
    head = ["区分", *(f"平成{number}年" for number in range(20, 30))]
    for sheet in cycle(range(1000)):
        body = [
            [f"架空{row}町", *(sheet + row * 7 + one for one in range(10))] for row in range(100)
        ]
        yield "統計", [["町別の人口の推移"], head, *body, *NOTES]


SHAPES: tuple[Callable[[Tables], Sheets], ...] = (numbered, nameless, crossed, tidy, others)


def write(file: Path, sheets: Sheets, number: int) -> Path:
    """Write a workbook of a number of sheets."""
    import openpyxl  # noqa: PLC0415 - not needed by the process that reads

    book = openpyxl.Workbook()
    book.remove(book.active)
    for count, (name, rows) in enumerate(islice(sheets, number), 1):
        sheet = book.create_sheet(f"{name} ({count})")
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file


def seconds(root: Path, file: Path) -> float:
    """Return the processor seconds that a checkout takes for a file."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("MINATO_")}
    done = subprocess.run(
        [sys.executable, "-c", READ, str(file), str(YEAR), SERIES],
        env={**known, "PYTHONPATH": str(root / "src"), "MINATO_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("other", type=Path)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--sheets", type=int, default=30)
    given = parser.parse_args()
    tables = published()
    with tempfile.TemporaryDirectory() as folder:
        files = [
            write(Path(folder) / f"{one.__name__}.xlsx", one(tables), given.sheets)
            for one in SHAPES
        ]
        taken: dict[tuple[Path, Path], list[float]] = {}
        for _ in range(given.repeats):
            for file in files:
                for root in (given.other.resolve(), REPOSITORY):
                    taken.setdefault((root, file), []).append(seconds(root, file))
        for file in files:
            for what, of in (("median", median), ("least", min)):
                other, own = (of(taken[root, file]) for root in (given.other.resolve(), REPOSITORY))
                print(f"{file.stem:10} {what:6} {other:6.2f} s → {own:6.2f} s  × {own / other:.2f}")


if __name__ == "__main__":
    main()
