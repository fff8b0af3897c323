"""Write files so that an interruption never leaves half of one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def write_text(file: Path, text: str) -> None:
    """Write `text` beside `file` and move it into place when it is complete."""
    write_all({file: text})


def write_all(texts: Mapping[Path, str]) -> None:
    """Write all texts to temporary neighbours first, then move them into place one after the other.

    The neighbours' names are fixed, so that what a killed run left is overwritten by the next.
    """
    staged = {file: file.with_name(f".{file.name}.tmp") for file in texts}
    try:
        for file, text in texts.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            with staged[file].open("w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
        for file, temporary in staged.items():
            temporary.replace(file)
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)
