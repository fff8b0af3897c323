"""The workbook: every formula gives the published number, here and in LibreOffice; equal bytes each time."""

from __future__ import annotations

import io
import math
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest
from openpyxl import load_workbook

from minato_analysis.audit import workbook

SOFFICE = shutil.which("soffice")
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUBSTITUTE": lambda text, old, new: text.replace(old, new),
    "FIND": lambda part, text: text.index(part) + 1,
    "LEFT": lambda text, count: text[:count],
    "MID": lambda text, start, count: text[start - 1 : start - 1 + count],
    "NUMBERVALUE": lambda text, _: float(text),
    "NORMSINV": NormalDist().inv_cdf,
    "SQRT": math.sqrt,
}


def value(book: Any, sheet: str, place: str) -> Any:
    """Compute a cell as a spreadsheet does: the few functions the workbook uses, written apart."""
    held = book[sheet][place].value
    if not isinstance(held, str) or not held.startswith("="):
        return held
    text = held[1:].replace("_xlfn.", "").replace("^", "**")
    parts = re.split(r'("[^"]*")', text)  # what stands in quotes is no place
    for number in range(0, len(parts), 2):
        parts[number] = re.sub(
            r"(?:'([^']+)'!)?\b([A-Z]{1,2}\d+)\b",
            lambda one: f"at({one[1] or sheet!r}, {one[2]!r})",
            parts[number],
        )
    return eval("".join(parts), {**FUNCTIONS, "at": lambda on, one: value(book, on, one)})


def rows(edition: Path) -> Any:
    return load_workbook(io.BytesIO(workbook.content(edition, "2024")))


def test_every_formula_gives_the_published_number(edition: Path) -> None:
    book = rows(edition)
    sheet = book[workbook.NUMBERS]
    assert sheet.max_row > 200
    for line in range(2, sheet.max_row + 1):
        computed, digits = value(book, workbook.NUMBERS, f"D{line}"), sheet[f"E{line}"].value
        shown = sheet[f"C{line}"].value
        rounded = math.copysign(math.floor(abs(computed) * 10**digits + 0.5 + 1e-9), computed)
        assert rounded == pytest.approx(shown * 10**digits), sheet[f"A{line}"].value


def test_a_changed_printed_cell_moves_its_numbers(edition: Path) -> None:
    book = rows(edition)
    sheet = book[workbook.NUMBERS]
    line = next(n for n in range(2, 300) if sheet[f"A{n}"].value == "minato.share.2022")
    before = value(book, workbook.NUMBERS, f"D{line}")
    assert book["図表2-10"]["G4"].value == "516 人"
    book["図表2-10"]["G4"].value = "517 人"
    assert value(book, workbook.NUMBERS, f"D{line}") == pytest.approx(before + 100 / 1053)


def test_the_same_edition_gives_the_same_bytes(
    edition: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = workbook.content(edition, "2024")
    monkeypatch.setattr("openpyxl.writer.excel.datetime", _Later)
    assert workbook.content(edition, "2024") == one


class _Later:
    """A clock of another day."""

    class datetime:
        @staticmethod
        def now(tz: Any = None) -> Any:
            import datetime

            return datetime.datetime(2040, 1, 1, tzinfo=tz)

    timezone = __import__("datetime").timezone


@pytest.mark.skipif(
    SOFFICE is None and not os.environ.get("MINATO_REQUIRE_SOFFICE"),
    reason="LibreOffice is not installed",
)
def test_libreoffice_finds_every_number_the_same(edition: Path, tmp_path: Path) -> None:
    assert SOFFICE is not None
    file = tmp_path / "audit.xlsx"
    file.write_bytes(workbook.content(edition, "2024"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    filter_ = "xlsx:Calc MS Excel 2007 XML"
    convert = [
        "--headless",
        "--convert-to",
        filter_,
        "--outdir",
        str(tmp_path / "again"),
        str(file),
    ]
    subprocess.run([SOFFICE, profile, *convert], check=True, capture_output=True)
    sheet = load_workbook(tmp_path / "again/audit.xlsx", data_only=True)[workbook.NUMBERS]
    told = [sheet[f"F{line}"].value for line in range(2, sheet.max_row + 1)]
    assert len(told) > 200
    assert set(told) == {"一致"}
    assert sheet["K1"].value == 0
