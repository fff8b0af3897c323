"""Which package files a module or notebook really uses: the closure of its imports, read from the source.

A task declares these files as inputs, so that a change in the package reruns exactly what depends on it.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

INPUTS = "notebooks/inputs.yaml"
PACKAGE = "minato_analysis"
PACKAGE_FOLDER = Path(__file__).resolve().parents[1]


def of_modules(*modules: str) -> list[Path]:
    """Return the files of `modules` (dotted, below the package) and of all they import, sorted."""
    found: set[Path] = set()
    waiting = [f"{PACKAGE}.{name}" if name else PACKAGE for name in modules]
    while waiting:
        for file in _files(waiting.pop()):
            if file not in found:
                found.add(file)
                waiting += _imports(file)
    return sorted(found)


def of_notebook(notebook: Path) -> list[Path]:
    """Return the package files a notebook's code cells use."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return of_modules(*(name.removeprefix(PACKAGE).lstrip(".") for name in _names(code)))


def declared_inputs(root: Path, generated: Sequence[Path]) -> dict[str, list[Path]]:
    """Return what ``notebooks/inputs.yaml`` declares for each notebook, patterns filled in.

    `generated` files are taken by name, for a pattern cannot find what has not been made yet.
    """
    declared = yaml.safe_load((root / INPUTS).read_text(encoding="utf-8"))
    named = {one.relative_to(root).as_posix(): one for one in generated}
    return {
        notebook: [
            file
            for pattern in patterns
            for file in ([named[pattern]] if pattern in named else sorted(root.glob(pattern)))
        ]
        for notebook, patterns in declared.items()
    }


@cache
def _imports(file: Path) -> tuple[str, ...]:
    return tuple(_names(file.read_text(encoding="utf-8")))


def _names(code: str) -> list[str]:
    """Return the dotted names of our modules which `code` imports, anywhere in it."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return [name for name in found if name.split(".")[0] == PACKAGE]


def _files(module: str) -> list[Path]:
    """Return the file of `module` and of every package above it; nothing where it is not a module."""
    parts = module.split(".")[1:]
    target = PACKAGE_FOLDER.joinpath(*parts)
    file = target / "__init__.py" if target.is_dir() else target.with_suffix(".py")
    if not file.is_file():
        return []
    above = [PACKAGE_FOLDER.joinpath(*parts[:depth], "__init__.py") for depth in range(len(parts))]
    return [file, *(one for one in above if one.is_file() and one != file)]
