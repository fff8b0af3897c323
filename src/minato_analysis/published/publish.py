"""Put a complete edition in the place of the last one, in one step.

A kill between two renames of files would leave pages of two editions side by side. So the whole folder is
made ready beside, and the two folders change places in one system call, where the system has one.
"""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from minato_analysis.project.files import write_all

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def publish(
    texts: Mapping[str, str | bytes], folder: Path, beside: Path, gone: Iterable[str] = ()
) -> None:
    """Write texts into a folder, all or nothing; what else lies there stays.

    Parameters
    ----------
    texts : mapping
        Content by file name, or by path within the folder.
    folder : Path
        Published folder; it exists.
    beside : Path
        Where the new folder is made ready, on the same file system; whatever is there is discarded.
    gone : iterable of str
        Files that are to be there no more.
    """
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(folder, beside)
    write_all({beside / name: text for name, text in texts.items()})
    for name in gone:
        (beside / name).unlink(missing_ok=True)
    if exchange(beside, folder):
        shutil.rmtree(beside)
    else:
        shutil.rmtree(beside)
        write_all({folder / name: text for name, text in texts.items()})
        for name in gone:
            (folder / name).unlink(missing_ok=True)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places atomically; return whether the system could.

    References
    ----------
    Linux manual, renameat2(2), ``RENAME_EXCHANGE``.
    """
    if os.name != "posix":  # there is no library without a name on Windows
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    paths = os.fsencode(one), os.fsencode(other)
    return rename(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0
