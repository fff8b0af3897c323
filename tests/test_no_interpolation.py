"""No published number is interpolated: each observation is the number printed in one cell."""

from __future__ import annotations

import ast
import csv
import re
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from minato_analysis import data
from minato_analysis.analyses import cannabis, series, trends
from minato_analysis.data.study import Study

FILLS = {
    "interpolate", "interp", "interp1d", "ffill", "bfill", "pad", "backfill",
    "CubicSpline", "PchipInterpolator", "UnivariateSpline", "make_interp_spline",
    "SimpleImputer", "KNNImputer",
}  # fmt: skip
"""Calls that make values for years or cells that have none."""

ALLOWED = {"figures/over_time.py: pad"}
"""``np.pad`` repeats a drawn value to the edge of its own year."""


def numbers(text: str) -> list[float]:
    """Return the numbers printed in a text, read without the package."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    return [float(one) for one in re.findall(r"\d+(?:\.\d+)?", plain)]


def test_every_value_is_printed_in_the_file_of_its_table(repository: Path) -> None:
    """As multisets: no file gives a value more often than its cells print it."""
    rows = data.history(repository)
    for resource in data.published(data.descriptor(repository)):
        own = rows[
            (rows["source_id"] == resource["source_id"])
            & (rows["table"] == data.table_id(resource))
            & rows["value"].notna()
        ]
        file = repository / "data" / resource["path"]
        with file.open(encoding="utf-8", newline="") as stream:
            cells = [cell for line in csv.reader(stream) for cell in line]
        printed = Counter(number for cell in cells for number in numbers(cell))
        given = Counter(own["value"])
        assert not given - printed, file
        assert own["status"].isin(["ok", "zero", "provisional", "revised"]).all()


def test_every_value_has_a_cell_of_its_own(repository: Path) -> None:
    rows = data.history(repository)
    rows = rows[rows["value"].notna()]
    assert (rows[["source_id", "table", "row", "column"]] != "").all(axis=None)
    assert not rows.duplicated(["source_id", "table", "row", "column", "measure"]).any()


def test_a_year_nobody_printed_has_no_observation(repository: Path) -> None:
    """The nation's series has gaps; they are gaps in the observations too."""
    rows = data.select(
        data.history(repository), series_id="national-penal-code", measure="reoffenders"
    )
    known = rows.loc[rows["value"].notna(), "year"].astype(int)
    assert {2004, 2006, 2008, 2013} <= set(known)
    assert not {2005, 2007, 2009, 2014, 2015} & set(known)


def test_series_hold_printed_values_or_sums_and_differences_of_them(published: Study) -> None:
    area, parent, nation = (
        series.indicator(published),
        series.parent_penal(published),
        series.nation_penal(published),
    )
    for counts in (area, parent, nation, cannabis.offence_counts(published, "cannabis")):
        values = counts.rows[counts.rows["value"].notna()]
        for year, row in counts.table.iterrows():
            of_year = values[values["year"] == year].set_index("measure")["value"]
            for name in ("persons_arrested", "reoffenders"):
                assert row[name] == of_year[name] if name in of_year else np.isnan(row[name])
            assert set(counts.of(int(str(year)))["year"]) == {year}
    assert pd.isna(nation.table.loc[2015, "reoffenders"])


def test_every_fact_of_a_year_comes_from_cells_of_that_year(published: Study) -> None:
    trends.record_shares(published)
    for name, found in published.facts.facts.items():
        year = re.search(r"\.share\.(\d{4})", name)
        if year:
            assert found.observations, name
            assert all(year[1] in cell for cell in found.observations), name


def calls(file: Path) -> set[str]:
    """Return the names of what a module calls."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            found.add(str(getattr(called, "attr", getattr(called, "id", ""))))
    return found


def test_the_package_calls_nothing_that_fills_gaps(repository: Path) -> None:
    package = repository / "src/minato_analysis"
    found = {
        f"{file.relative_to(package).as_posix()}: {name}"
        for file in package.rglob("*.py")
        for name in calls(file) & FILLS
    }
    assert found <= ALLOWED, found - ALLOWED


@pytest.mark.parametrize("code", ["x.interpolate()", "np.interp(a, b, c)", "frame.ffill()"])
def test_such_a_call_would_be_found(tmp_path: Path, code: str) -> None:
    file = tmp_path / "module.py"
    file.write_text(code, encoding="utf-8")
    assert calls(file) & FILLS
