"""Files that are not public, as the pipeline sees them: its lock file is published, with the state of each.

In: a path. Out: what the pipeline takes for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pytask import PathNode

from minato_analysis import data
from minato_analysis.project import checksums
from minato_analysis.project.files import NOT_PUBLIC


class ClosedFile(PathNode):
    """A file in a folder ``not-public``; its state is its keyed hash."""

    def state(self) -> str | None:
        """Return the state of the file, None where it is not there."""
        file = Path(str(self.path))
        return checksums.checksum(file, data.root(file)) if file.is_file() else None


def closed_or_not(file: Path) -> Any:
    """Return a path as it is, or as :class:`ClosedFile` where it lies in a folder ``not-public``."""
    return ClosedFile.from_path(file) if NOT_PUBLIC in file.parts else file
