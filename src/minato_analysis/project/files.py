"""Write files so that an interruption never leaves half of one.

What lies in a folder called ``not-public`` is for its owner's eyes only: files 0600, folders 0700.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

NOT_PUBLIC = "not-public"
"""Name of every folder that version control ignores because what is in it must not be published."""


def write_text(file: Path, text: str) -> None:
    """Write `text` beside `file` and move it into place when it is complete."""
    write_all({file: text})


def write_all(texts: Mapping[Path, str | bytes]) -> None:
    """Write all texts to temporary neighbours first, then move them into place one after the other.

    The neighbours' names are fixed, so that what a killed run left is overwritten by the next.
    """
    staged = {file: file.with_name(f".{file.name}.tmp") for file in texts}
    try:
        for file, text in texts.items():
            make_folder(file.parent)
            # What a killed run left may be readable by others; a new file never is.
            staged[file].unlink(missing_ok=True)
            mode = 0o600 if NOT_PUBLIC in file.parts else 0o666
            with open(
                os.open(staged[file], os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb"
            ) as to:
                to.write(text.encode() if isinstance(text, str) else text)
                to.flush()
                os.fsync(to.fileno())
        for file, temporary in staged.items():
            temporary.replace(file)
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; from ``not-public`` on they are closed to others."""
    above = folder.parts[: folder.parts.index(NOT_PUBLIC)] if NOT_PUBLIC in folder.parts else None
    if above is None:
        folder.mkdir(parents=True, exist_ok=True)
        return
    Path(*above).mkdir(parents=True, exist_ok=True)
    for count in range(len(above) + 1, len(folder.parts) + 1):
        one = Path(*folder.parts[:count])
        one.mkdir(mode=0o700, exist_ok=True)
        one.chmod(0o700)
