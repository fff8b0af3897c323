"""Where pytask records what it built from what: beside what was built, in ``build/``.

The ``pytask.lock`` under version control is where a fresh clone begins. It changes with a publication only,
so that a build which publishes nothing leaves the project's files as they were.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from _pytask.lockfile import LockfileState  # public in effect, see `pytask lock`
from pytask import hookimpl

from minato_analysis.tasks import COMMITTED_LOCK, LOCK


class WorkLock:
    """Plugin: gives pytask another place for its lock file."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @hookimpl(trylast=True)  # after pytask has taken its own
    def pytask_post_parse(self, config: dict[str, Any]) -> None:
        """Read the record, or begin it from the committed one."""
        lock, committed = self._root / LOCK, self._root / COMMITTED_LOCK
        lock.parent.mkdir(exist_ok=True)
        if committed.is_file() and not lock.is_file():
            shutil.copyfile(committed, lock)
        config["lockfile_path"] = lock
        config["lockfile_state"] = LockfileState.from_path(lock, self._root)
