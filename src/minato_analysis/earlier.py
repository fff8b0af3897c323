"""What an edition reads of the editions before it: their archived projections.

In: the project folder, the name of an edition. Out: names and files. Imports nothing of ours, so that an
audit can ask without loading the libraries of the analyses. Never the edition's own archive: it must not
depend on what it publishes.
"""

from __future__ import annotations

from pathlib import Path

ARCHIVE = "projections.json"
"""File of an edition in which its projections are kept; see :mod:`minato_analysis.projections`."""

PARAMETERS = "edition.yaml"


def names(root: Path, edition: str) -> list[str]:
    """Return the names of the editions before `edition`, in order."""
    files = (root / "reports").glob(f"*/{PARAMETERS}")
    return sorted(file.parent.name for file in files if file.parent.name < edition)


def archives(root: Path, edition: str) -> list[Path]:
    """Return the archived projections there are of the editions before `edition`, in order."""
    files = (root / "reports" / name / ARCHIVE for name in names(root, edition))
    return [file for file in files if file.is_file()]
