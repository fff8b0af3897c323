"""What an edition reads of the editions before it: their archived projections.

In: the project folder, the name of an edition. Out: names and files. Imports nothing of ours, so that an
audit can ask without loading the libraries of the analyses. Never the edition's own archive: it must not
depend on what it publishes.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

ARCHIVE = "projections.json"
"""File of an edition in which its projections are kept; see :mod:`minato_analysis.project.projections`."""

CORRECTED = "projections-corrected.json"
"""The projections as a corrected edition makes them; what was registered first stays in :data:`ARCHIVE`."""

ARCHIVES = (ARCHIVE, CORRECTED)
PARAMETERS = "edition.yaml"
DESCRIPTOR = "data/datapackage.json"


def names(root: Path, edition: str) -> list[str]:
    """Return the names of the editions before `edition`, in order."""
    files = (root / "reports").glob(f"*/{PARAMETERS}")
    return sorted(file.parent.name for file in files if file.parent.name < edition)


def archives(root: Path, edition: str) -> list[Path]:
    """Return the archived projections there are of the editions before `edition`, in order."""
    files = (root / "reports" / name / ARCHIVE for name in names(root, edition))
    return [file for file in files if file.is_file()]


def followed(root: Path, edition: str) -> bool:
    """Tell whether there is a later edition."""
    files = (root / "reports").glob(f"*/{PARAMETERS}")
    return any(file.parent.name > edition for file in files)


def past(root: Path, edition: str) -> bool:
    """Tell whether the project moved on: there is a later edition, or a value this one could not know."""
    if followed(root, edition):
        return True
    own = root / "reports" / edition / PARAMETERS
    as_of = re.search(r'^as_of: *"?([0-9-]+)', own.read_text(encoding="utf-8"), re.M)
    return as_of is not None and newest_value(root) > as_of[1]


def newest_value(root: Path) -> str:
    """Return the date at which the newest value became known, of a document or of one line of a series."""
    resources = json.loads((root / DESCRIPTOR).read_text(encoding="utf-8"))["resources"]
    dates = [one["date"] for one in resources if "date" in one]
    for one in resources:
        column = one.get("reading", {}).get("known_from")
        file = root / "data" / one["path"]
        if column and file.is_file():
            with file.open(encoding="utf-8", newline="") as stream:
                dates += [row.get(column) or "" for row in csv.DictReader(stream)]
    return max(dates, default="")


def corrected(root: Path, edition: str) -> bool:
    """Tell whether an edition was corrected after it was published; then its archive is no longer made."""
    file = root / "reports" / edition / PARAMETERS
    return file.is_file() and bool(
        re.search(r"^corrections:", file.read_text(encoding="utf-8"), re.M)
    )
