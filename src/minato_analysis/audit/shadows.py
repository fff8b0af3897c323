"""Files that Python would run before, or in place of, what an edition is made with.

In: the project folder as it lies there, tracked or not. Out: findings. ``src/`` is on the path of the
installed program, so a ``sitecustomize`` there runs at every start, unasked, and a module with a library's
name stands in for the library. The package is all that may be imported from there.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from pathlib import Path

from minato_analysis.published.manifest import importable
from minato_analysis.published.verdict import Finding

PACKAGE = "minato_analysis"
HOOKS = ("sitecustomize", "usercustomize")
"""Modules Python imports by itself when it starts."""

CODE = "E5-SHADOW"


def findings(root: Path) -> list[Finding]:
    """Return what would run in place of something else; none is what a project should have."""
    found = []
    for folder in (root / "src", root):
        for entry in sorted(folder.glob("*")):
            name = entry.name.partition(".")[0]
            if entry.is_dir():
                # A folder in src/ is a package even without __init__.py; beside it only hooks matter.
                bad = entry.name in HOOKS or (folder != root and _is_package(entry))
            elif importable(entry.name):
                bad = folder != root or name in HOOKS or _is_library(name, root)
            else:
                bad = False
            if bad:
                found.append(_finding(entry.relative_to(root).as_posix(), name))
    return found


def _is_package(folder: Path) -> bool:
    return folder.name not in (PACKAGE, "__pycache__") and folder.suffix != ".egg-info"


def _is_library(name: str, root: Path) -> bool:
    """Tell whether the standard library or an installed one has a module of this name."""
    own = {"", str(root), str(root / "src")}
    paths = [one for one in sys.path if one not in own]
    return name in sys.stdlib_module_names or PathFinder.find_spec(name, paths) is not None


def _finding(path: str, name: str) -> Finding:
    what = "Python が起動するたびに" if name in HOOKS else "ライブラリやこのプログラムの代わりに"
    message = (
        f"{what}実行されうるファイルです。計算を書き換えられるので、このままでは確かめません。"
        f"心当たりがなければ消し（`git log -- {path}`）、要るなら src/{PACKAGE}/ の中に移してください。"
    )
    return Finding(CODE, "code", path, message)
