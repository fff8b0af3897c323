"""Private temporary folders that do not outlive their owner for long, however it ends.

In: nothing. Out: a folder only this user can read, removed at the end. A process that is killed cannot
remove its folder; so every folder carries a lock, and the next run removes those nobody holds.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

PREFIX = "minato-kernel-"
LOCK = "in-use"


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a locked folder; remove it, and what killed runs left behind."""
    remove_abandoned()
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if sys.platform == "win32":
            yield folder
            return
        with (folder / "new-lock").open("w") as lock:
            # Locked before it gets its name: nobody ever sees it free while the owner lives.
            fcntl.flock(lock, fcntl.LOCK_EX)
            (folder / "new-lock").rename(folder / LOCK)
            yield folder


def remove_abandoned() -> list[Path]:
    """Remove this user's folders whose owner is gone; return them."""
    if sys.platform == "win32":
        return []
    removed = []
    for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{LOCK}"):
        with suppress(OSError):  # held, another user's, or just removed by its owner
            if lock.parent.is_symlink() or lock.parent.stat().st_uid != os.getuid():
                continue
            with lock.open("r+") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parent)
                removed.append(lock.parent)
    return removed
