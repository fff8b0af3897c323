"""Which program gives the verdict: the installed one, whose name, version and hash stand in it.

The hash can be made by hand in the folder above the package::

    find minato_analysis -type f ! -path '*/__pycache__/*' | LC_ALL=C sort | xargs sha256sum | sha256sum
"""

from __future__ import annotations

from pathlib import Path

import minato_analysis
from minato_analysis.audit import machine
from minato_analysis.published import manifest

PACKAGE = Path(minato_analysis.__file__).resolve().parent


def told(root: Path) -> str:
    """Return version and hash of the running program, and whether it is the checked folder's own."""
    own = root.resolve() in PACKAGE.parents
    where = "確かめたフォルダー自身のもの" if own else "別に入れたもの"
    return f"minato-analysis {machine.installed('minato-analysis')} {sha256()[:16]}（{where}）"


def sha256() -> str:
    """Return the hash over all files of the running package."""
    files = manifest.below(PACKAGE.parent, PACKAGE)
    start = len(PACKAGE.parent.as_posix()) + 1
    return manifest.stage_hash(
        {one.as_posix()[start:]: manifest.sha256(one.read_bytes()) for one in files}
    )
