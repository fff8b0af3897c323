"""Numbers in their formats: what is read is what LibreOffice shows, or it is refused."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest

from minato_analysis.received.shown import NotShown, shown

from .files import saved, workbook

SOFFICE = shutil.which("soffice")
NUMBERS = ["0", "#,##0", "0.0", "#,##0.00", "0.0##", "#,###", "000", "General", "0%", "0.0%"]
AROUND = [
    "{}",
    '{}"人"',
    '"約"{}',
    "{}_ ",
    "[Red]{}",
    "{}\\ 件",
    "{};△{}",
    "{};[Red]-{}",
    '{};-{};"-"',
    "{};-{};",
    "{};({})",
    '_ * {}_ ;_ * \\-{}_ ;_ * "-"_ ;_ @_ ',
    '[=0]"-";{}',
    '[<10]"x";{}',
    '[=0]"-";[<10]"x";{}',
    "[>=100]{};{}",
]
MORE = ["\\-", ";;;", '0;-0;"該当なし"', "@", "[$-411]0", "(0)", '"("0")"', "0.", "0,0", "#", "0;;"]
# No exact half of a percent such as 1.005: LibreOffice rounds the double, Excel the digits.
VALUES = [
    0,
    1,
    7,
    9.5,
    10,
    52,
    99.95,
    138,
    1053,
    12345.678,
    1234567,
    0.462,
    0.4625,
    0.005,
    46.25,
    -3,
    -0.04,
]


@pytest.mark.skipif(
    SOFFICE is None and not os.environ.get("MINATO_REQUIRE_SOFFICE"),
    reason="LibreOffice is not installed",
)
def test_what_is_read_is_what_libreoffice_shows(tmp_path: Path) -> None:
    assert SOFFICE is not None
    formats = [around.replace("{}", one) for one, around in product(NUMBERS, AROUND)] + MORE
    book = workbook(S=[VALUES for _ in formats])
    for row, one in zip(book["S"].iter_rows(), formats, strict=True):
        for cell in row:
            cell.number_format = one
    (tmp_path / "t.xlsx").write_bytes(saved(book))
    as_shown = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = ["--headless", "--convert-to", as_shown, "--outdir", str(tmp_path)]
    subprocess.run(
        [SOFFICE, profile, *convert, str(tmp_path / "t.xlsx")], check=True, capture_output=True
    )
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as stream:
        theirs = list(csv.reader(stream))
    wrong, read = [], 0
    for one, texts in zip(formats, theirs, strict=True):
        for value, text in zip(VALUES, texts, strict=True):
            with suppress(NotShown):
                ours = shown(value, one)
                read += 1
                if ours.split() != text.split():
                    wrong.append((one, value, ours, text))
    assert wrong == []
    assert read > len(formats) * len(VALUES) * 3 // 4
