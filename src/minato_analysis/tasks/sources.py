"""Which package files a module or notebook really uses: the closure of its imports, read from the source.

A task declares these files as inputs, so that a change in the package reruns exactly what depends on it.
What ``apart(root, "module:name", …)`` calls counts as imported.
"""

from __future__ import annotations

import ast
import atexit
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from minato_analysis.project import program, yamls
from minato_analysis.project.earlier import ARCHIVE
from minato_analysis.project.files import write_text
from minato_analysis.project.prose_cells import prose

INPUTS = "notebooks/inputs.yaml"
EARLIER = f"reports/<earlier>/{ARCHIVE}"
"""What stands in it for the archived projections of the editions before the one that is built."""

PACKAGE = "minato_analysis"
PACKAGE_FOLDER = Path(__file__).resolve().parents[1]


def of_modules(*modules: str) -> list[Path]:
    """Return the files of `modules` (dotted, below the package) and of all they import, sorted.

    Raises
    ------
    LookupError
        There is no such module: a task that depended on nothing would not run again when its code changes.
    """
    named = [f"{PACKAGE}.{name}" for name in modules]
    if unknown := [name for name in named if not _files(name)]:
        raise LookupError(f"no module {', '.join(unknown)}")
    return _with_imports(named)


def of_notebook(notebook: Path) -> list[Path]:
    """Return the package files a notebook's code cells use."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if prose(cell) is None)
    return _with_imports(_names(code))


def _with_imports(names: Iterable[str]) -> list[Path]:
    """Return the files of the names that are modules, and of all they import."""
    found: set[Path] = set()
    waiting = list(names)
    while waiting:
        for file in _files(waiting.pop()):
            if file not in found:
                found.add(file)
                waiting += _imports(file)
    return sorted(found)


def declared_inputs(
    root: Path, generated: Sequence[Path], archives: Sequence[Path] = ()
) -> dict[str, list[Path]]:
    """Return what ``notebooks/inputs.yaml`` declares for each notebook, patterns filled in.

    `generated` files are taken by name, for a pattern cannot find what has not been made yet; so are the
    `archives` of earlier editions, for a pattern would find the edition's own too (see :data:`EARLIER`).
    """
    declared = yamls.read(program.at(root, INPUTS))
    named = {one.relative_to(root).as_posix(): [one] for one in generated}
    named[EARLIER] = list(archives)
    return {
        notebook: [
            file
            for pattern in patterns
            for file in (named[pattern] if pattern in named else _matching(root, pattern))
        ]
        for notebook, patterns in declared.items()
    }


def _matching(root: Path, pattern: str) -> list[Path]:
    """Return the files of a project that match, or the one of this name in its program."""
    lent = program.at(root, pattern)
    return sorted(root.glob(pattern)) or [one for one in [lent] if one.is_file()]


def templates() -> list[Path]:
    """Return the files the pages look like: shell, blocks, style sheet."""
    folder = PACKAGE_FOLDER / "reporting/templates/report"
    return sorted(file for file in folder.rglob("*") if file.is_file())


_known: dict[str, list[str]] = {}
"""Names by the hash of the code that imports them: reading them out takes half a second for all."""


def keep(file: Path) -> None:
    """Take over what was kept in `file`, and keep there at the end what is known then."""
    with suppress(OSError, ValueError):
        _known.update(json.loads(file.read_text(encoding="utf-8")))
    before = set(_known)

    def save() -> None:
        if not before >= _used:
            write_text(file, json.dumps({key: _known[key] for key in sorted(_used)}))

    atexit.register(save)


_used: set[str] = set()
_SELF = Path(__file__).read_bytes()


@cache
def _imports(file: Path) -> list[str]:
    return _names(file.read_text(encoding="utf-8"))


def _names(code: str) -> list[str]:
    """Return the dotted names of our modules which `code` imports, anywhere in it."""
    key = hashlib.sha256(_SELF + code.encode()).hexdigest()
    _used.add(key)
    if key not in _known:
        _known[key] = [name for name in _imported(code) if name.split(".")[0] == PACKAGE]
    return _known[key]


def _imported(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield module
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.Call(func=ast.Name("apart"), args=[_, ast.Constant(str(function)), *_]):
                yield function.partition(":")[0]


@cache
def _files(module: str) -> list[Path]:
    """Return the file of `module` and of every package above it; nothing where it is not a module."""
    parts = module.split(".")[1:]
    target = PACKAGE_FOLDER.joinpath(*parts)
    file = target / "__init__.py" if target.is_dir() else target.with_suffix(".py")
    if not file.is_file():
        return []
    above = [PACKAGE_FOLDER.joinpath(*parts[:depth], "__init__.py") for depth in range(len(parts))]
    return [file, *(one for one in above if one.is_file() and one != file)]
