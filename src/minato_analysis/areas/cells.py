"""Runs a notebook's cells in this very process: notebook and parameters in, executed notebook out.

A kernel answers over sockets: starting one and talking to it takes longer than the cells of a page of one
area. Here IPython itself runs the cells, with the display machinery that a kernel wraps. The result is, byte
for byte, that of :mod:`minato_analysis.execution.engine`, which the tests compare.

What a kernel would add is missing: widgets, input, asynchronous output. Isolation comes from elsewhere: the
process is a fork that ends after a few areas (:mod:`minato_analysis.areas.worker`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

from ipykernel.jsonutil import encode_images
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from traitlets import Type
from traitlets.config import Config

from minato_analysis.execution.engine import normalise


class CellFailed(RuntimeError):
    """A cell raised an error; the text has its number, the name of the error and its message."""


class _Outputs:
    """The outputs of the cell that runs."""

    def __init__(self, count: int = 0) -> None:
        self.count = count
        self.list: list[NotebookNode] = []

    def add(self, kind: str, data: Any, metadata: Any, **more: Any) -> None:
        # As through a socket: tuples become lists, images text.
        plain = json.loads(json.dumps({"data": encode_images(data), "metadata": metadata or {}}))
        self.list.append(new_output(kind, **plain, **more))

    def write(self, name: str, text: str) -> None:
        for one in self.list:
            if one.output_type == "stream" and one.name == name:
                one.text += text
                return
        self.list.append(new_output("stream", name=name, text=text))


class _Stream:
    def __init__(self, name: str, outputs: _Outputs) -> None:
        self.name = name
        self.encoding = "utf-8"
        self._outputs = outputs

    def write(self, text: str) -> int:
        if text:
            self._outputs.write(self.name, text)
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""

    def isatty(self) -> bool:
        return False


class _Hook(DisplayHook):
    """Takes what the last expression of a cell shows."""

    def write_output_prompt(self) -> None:
        """Print no prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        count = self.shell.outputs.count
        self.shell.outputs.add("execute_result", format_dict, md_dict, execution_count=count)

    def finish_displayhook(self) -> None:
        self._is_active = False

    def log_output(self, format_dict: Any) -> None:
        """Keep no history."""

    def flush(self) -> None:
        """Forget earlier results. IPython would look for garbage each time."""
        self.shell.user_ns.get("_oh", {}).clear()
        self._ = self.__ = self.___ = ""


class _Publisher(DisplayPublisher):
    """Takes what a cell displays."""

    def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
        self.shell.outputs.add("display_data", data, metadata)


class Shell(InteractiveShell):
    """IPython whose outputs are those of a notebook."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)

    def __init__(self, **options: Any) -> None:
        self.outputs = _Outputs()
        super().__init__(**options)

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """Print nothing: the error is in the result of the cell."""

    def showsyntaxerror(self, *_: Any, **__: Any) -> None:
        """Print nothing: the error is in the result of the cell."""


def shell() -> Shell:
    """Return this process's shell: no history file, no colours, no settings of the user."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    found: Shell = Shell.instance(config=config)
    return found


def read(notebook: Path) -> NotebookNode:
    """Return a notebook as papermill reads it."""
    return load_notebook_node(str(notebook))


def execute(notebook: NotebookNode, parameters: Mapping[str, Any]) -> NotebookNode:
    """Run all cells with `parameters` in a fresh namespace.

    Parameters
    ----------
    notebook : NotebookNode
        From :func:`read`; not changed.
    parameters : mapping
        All names are in the parameters cell.

    Returns
    -------
    NotebookNode
        Executed and normalised, see :func:`minato_analysis.execution.engine.normalise`.

    Raises
    ------
    CellFailed
    """
    nb = parameterize_notebook(deepcopy(notebook), dict(parameters), engine_name="minato")
    running = shell()
    running.reset(new_session=True)
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = [], None
        if not cell.source.strip():
            continue
        count = running.execution_count
        with _captured(running, count) as outputs:
            result = running.run_cell(cell.source, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            raise CellFailed(f"[{count}]: {type(error).__name__}: {error}")
        cell.outputs, cell.execution_count = outputs.list, count
    return normalise(nb)


@contextmanager
def _captured(running: Shell, count: int) -> Iterator[_Outputs]:
    outputs = running.outputs = _Outputs(count)
    before = sys.stdout, sys.stderr, sys.displayhook
    sys.stdout, sys.stderr = _Stream("stdout", outputs), _Stream("stderr", outputs)
    try:
        yield outputs
    finally:
        sys.stdout, sys.stderr, sys.displayhook = before
