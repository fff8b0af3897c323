"""How many sheets of paper the pages to hand out take, printed by the Chromium of this machine.

In: a finished page. Out: a sentence where it takes more sheets than it is laid out for; nothing where it
fits, or where there is no Chromium. Paper depends on the fonts of a machine, so it is said and stops nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

SHEETS = {"council_report.html": 6, "one_sheet.html": 1, "summary_en.html": 2}
"""Pages that are handed out on paper, and the sheets they are laid out for."""

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
)
SECONDS = 60
PRINT = "MINATO_PRINT"
"""Set to 0, nothing is printed: a rebuild is only compared."""

_SHEET = re.compile(rb"/Type\s*/Page\b")


def too_many(folder: Path) -> list[str]:
    """Return a sentence for every page in the folder that takes more sheets than it should."""
    found = {name: printed(folder / name) for name in SHEETS if (folder / name).is_file()}
    return [
        f"{name} は、この計算機で印刷すると{found[name]}枚になります（{SHEETS[name]}枚に収める作りです）。"
        "配る前に、印刷のプレビューを見てください。"
        for name in found
        if (found[name] or 0) > SHEETS[name]
    ]


def printed(page: Path) -> int | None:
    """Return the number of sheets of a page, or None where it could not be printed."""
    paper = pdf(page)
    return None if paper is None else len(_SHEET.findall(paper))


def pdf(page: Path) -> bytes | None:
    """Return a page as the browser prints it, tagged; None where it could not be printed."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None or os.environ.get(PRINT) == "0":
        return None
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with TemporaryDirectory(prefix="minato-print-") as folder:
        target = Path(folder, "page.pdf")
        own = [f"--user-data-dir={folder}/browser", f"--print-to-pdf={target}"]
        try:
            subprocess.run(
                [program, *FLAGS, *root, *own, page.as_uri()],
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return target.read_bytes() if target.is_file() else None
