"""Inside a kernel: a notebook may read the files it declares, and may write none.

An audit hook sees every file that Python opens. Below the project folder only declared inputs pass;
installed packages and the package's own source are outside its scope.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

WATCHED = ("data", "reports", "notebooks", "build", "tests", "docs")
"""Folders of the project whose files are inputs or products."""


def watched_folders(root: str) -> tuple[str, ...]:
    """Return the real paths of the watched folders below `root`, each with a separator at its end."""
    base = os.path.realpath(root)
    return tuple(os.path.join(base, name) + os.sep for name in WATCHED)


class UndeclaredInput(PermissionError):
    """A notebook opened a file of the project that its task does not declare."""


def install(root: str, declared: Iterable[str]) -> None:
    """Refuse, from now on, every open of an undeclared file in a watched folder.

    Parameters
    ----------
    root : str
        The project folder.
    declared : iterable of str
        Paths relative to `root` that may be read.
    """
    base = os.path.realpath(root)
    watched = watched_folders(root)
    allowed = {os.path.realpath(os.path.join(base, path)) for path in declared}

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event != "open" or not isinstance(arguments[0], (str, bytes, os.PathLike)):
            return
        path = os.path.realpath(os.fsdecode(arguments[0]))
        if not path.startswith(watched):
            return
        name = os.path.relpath(path, base)
        writes = isinstance(arguments[1], str) and any(letter in arguments[1] for letter in "wxa+")
        if writes:
            raise UndeclaredInput(
                f"E3-WRITE {name}: ノートブックはファイルに書き込めません。"
                "結果はセルの出力として示してください。"
            )
        if path not in allowed:
            raise UndeclaredInput(
                f"E3-UNDECLARED {name}: このノートブックの入力として宣言されていないファイルです。"
                "必要なら src/minato_analysis/tasks/task_pipeline.py の入力に加えてください。"
            )

    sys.addaudithook(hook)
