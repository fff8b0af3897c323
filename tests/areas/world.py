"""Small worlds for the tests of many areas: a project folder, tables, what a run makes of them."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterable
from pathlib import Path

from minato_analysis.areas.kinds import NOTEBOOKS

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLE = REPOSITORY / "docs/examples/tokyo-recognised.csv"
HEADER = "area_code,area_name,year,persons_arrested,reoffenders"


def project(root: Path) -> Path:
    """Lay out what `minato report --areas` needs of a project folder."""
    for name in ("data/datapackage.json", *NOTEBOOKS):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPOSITORY / name, root / name)
    return root


def made(folder: Path, areas: int, seed: int = 1) -> Path:
    """Return a table of made-up municipalities with known truth (see ``benchmarks/made_areas.py``)."""
    where = REPOSITORY / "benchmarks/made_areas.py"
    spec = importlib.util.spec_from_file_location("made_areas", where)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    table: Path = module.make(folder, areas, seed)
    return table


def table(folder: Path, *rows: str, header: str = HEADER) -> Path:
    """Write a table of these rows."""
    file = folder / "areas.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def rows(code: str, *counts: tuple[int, int], name: str = "架空市", first: int = 2020) -> list[str]:
    """Return the rows of one area: (persons, reoffenders) of each year."""
    return [f"{code},{name},{first + at},{n},{k}" for at, (n, k) in enumerate(counts)]


def contents(folder: Path, but: Iterable[str] = ()) -> dict[str, bytes]:
    """Return the bytes of every file in a folder by name."""
    return {
        one.name: one.read_bytes()
        for one in sorted(folder.iterdir())
        if one.is_file() and one.name not in but
    }
