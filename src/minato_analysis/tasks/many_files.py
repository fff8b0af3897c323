"""Many files that no task makes, as one dependency: the code of a task, what people have written.

In: a name and the files. Out: one state for all of them, and their paths for the task that reads them.
pytask looks at every dependency of every task on every run: 3,900 single files took it half a run in which
nothing had changed, and filled its lock file with 4,000 lines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pytask import PathNode, hash_value

from minato_analysis.project import program
from minato_analysis.tasks import sources


@dataclass
class ManyFiles:
    """A node of pytask (:class:`pytask.PNode`).

    Attributes
    ----------
    name : str
        What the lock file calls them.
    files : sequence of Path
    base : Path
        Folder from which the names of the files count; the state must not depend on where the project lies.
    """

    name: str
    files: Sequence[Path]
    base: Path
    attributes: dict[Any, Any] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """Return what tells this node from others."""
        return hashlib.sha256(self.name.encode()).hexdigest()

    @cached_property
    def _state(self) -> str | None:
        states = [(one, PathNode.from_path(one).state()) for one in self.files]
        if any(state is None for _, state in states):
            return None
        named = [(program.name_of(self.base, one), state) for one, state in states]
        return str(hash_value(repr(named)))

    def state(self) -> str | None:
        """Return the common state, as the files were when first asked in this run; None where one is gone."""
        return self._state

    def load(self, is_product: bool = False) -> list[Path]:
        """Return the files."""
        return list(self.files)

    def save(self, value: Any) -> None:
        """Refuse: no task makes them."""
        raise NotImplementedError(self.name)


def code(*modules: str) -> Any:
    """Return the code of `modules` and of all they import (:func:`~.sources.of_modules`)."""
    return ManyFiles(
        f"code of {', '.join(modules)}", sources.of_modules(*modules), sources.PACKAGE_FOLDER
    )


def code_of_notebook(notebook: Path) -> Any:
    """Return the package files a notebook uses (:func:`~.sources.of_notebook`)."""
    return ManyFiles(
        f"code of {notebook.name}", sources.of_notebook(notebook), sources.PACKAGE_FOLDER
    )
