"""A warm process that makes pages in batches: libraries are imported once, each batch runs in a fork.

Started by :mod:`minato_analysis.areas.pool` as ``python -m minato_analysis.areas.worker ROOT RUN``. In: one
line of JSON for each batch, a list of codes. Out: ``{"begins": pages}``, one line of JSON for each page,
``{"code", "html", "facts", "problem"}``, then ``{"ended": exit code}`` when the fork of the batch has ended.

A fork knows nothing of the batches before it, so memory does not grow with their number; it may read the
inputs of its own areas and no other file of the project. When the other side is gone, so are this process
and its fork. Linux only.
"""

from __future__ import annotations

import ctypes
import gc
import json
import logging
import os
import select
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib.backends.backend_svg
import matplotlib.pyplot
import pandas as pd

from minato_analysis.areas import cells, overview_shown, shown
from minato_analysis.areas.canvas import Canvas
from minato_analysis.areas.cases import shown as cases_shown
from minato_analysis.areas.errors import AreasError
from minato_analysis.areas.inputs import input_of
from minato_analysis.areas.kinds import NOTEBOOKS
from minato_analysis.areas.making import Made, make
from minato_analysis.execution import guard
from minato_analysis.figures import sheet
from minato_analysis.numbers.facts import FactError
from minato_analysis.project import program
from minato_analysis.reporting.errors import ReportError

PR_SET_PDEATHSIG = 1

GARBAGE = 50_000
"""Objects after which a fork looks for garbage; Python's own habit is 700."""

LOADED = (
    matplotlib.backends.backend_svg,
    matplotlib.pyplot,
    pd,
    overview_shown,
    shown,
    cases_shown,
)
"""What notebooks and savefig would import themselves, in every fork anew."""


@cache
def _notebook(file: Path) -> Any:
    return cells.read(file)


def page(root: Path, run: str, code: str) -> Made:
    """Make one page in this process, or say why there is none."""
    try:
        with drawing(Canvas):
            return make(root, run, code, lambda *given: _execute(root, code, *given))
    except Exception:  # also what a notebook makes of it: the canvas knows few calls
        pass
    try:
        return make(root, run, code, lambda *given: _execute(root, code, *given))
    except (AreasError, FactError, ReportError) as error:
        return Made(code, problem=str(error))


def _execute(root: Path, code: str, notebook: str, parameters: Mapping[str, Any]) -> Any:
    try:
        return cells.execute(_notebook(program.at(root, notebook)), parameters)
    except cells.CellFailed as failed:
        raise AreasError(f"E3-NOTEBOOK {notebook}（{code}）セル {failed}") from None


@contextmanager
def drawing(canvas: type) -> Iterator[None]:
    """Draw figures on `canvas`, which takes the calls of a matplotlib figure."""
    before = vars(sheet)["Canvas"]
    vars(sheet)["Canvas"] = canvas
    try:
        yield
    finally:
        vars(sheet)["Canvas"] = before


def serve(root: Path, run: str) -> None:
    """Make the batches that are asked for until the other side is gone."""
    for notebook in NOTEBOOKS:  # a fork may not read them
        _notebook(program.at(root, notebook))
    only_thread()
    warm = False
    for line in _lines(sys.stdin.fileno()):
        codes = json.loads(line)
        _send({"begins": len(codes)})
        if not (pid := os.fork()):
            _be_a_batch(root, run, codes)
        ended = _wait(pid)
        _send({"ended": ended})
        if not warm and not ended:
            warm_up(root, run, codes[-1])  # the overview, which fills other caches, comes first
            warm = True


def warm_up(root: Path, run: str, code: str) -> None:
    """Fill the caches that every page fills: fonts, templates, lazy imports. The page is thrown away.

    It is one that was made before: what ends a process must end a fork.
    """
    page(root, run, code)
    only_thread()
    gc.collect()
    gc.freeze()  # keeps the pages shared: the collector of a fork leaves them alone


def only_thread() -> None:
    """Refuse to go on with several threads: a fork would have only one of them."""
    if (threads := len(os.listdir("/proc/self/task"))) != 1:
        raise RuntimeError(f"{threads} threads after importing: forking is not safe")


def _be_a_batch(root: Path, run: str, codes: list[str]) -> None:
    """Make the pages of a batch in this fork; never return."""
    server = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:  # it ended before the line above
        os._exit(1)
    guard.install(str(root), [input_of(run, code) for code in codes])
    gc.set_threshold(GARBAGE)  # this process ends soon: it need not look for garbage every moment
    for code in codes:
        _send(vars(page(root, run, code)))
    os._exit(0)


def _wait(pid: int) -> int:
    """Wait for a fork; end with it when the other side goes away meanwhile."""
    fork = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(fork, select.POLLIN)
    poll.register(sys.stdin.fileno(), 0)  # only that it was closed
    while fork not in (ready := dict(poll.poll())):
        if ready:
            os.kill(pid, signal.SIGKILL)
            os._exit(1)
    os.close(fork)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _lines(number: int) -> Any:
    with open(number, encoding="utf-8", closefd=False) as stream:
        while line := stream.readline():
            yield line


def _send(message: dict[str, Any]) -> None:
    rest = memoryview((json.dumps(message, ensure_ascii=False) + "\n").encode())
    try:
        while rest:
            rest = rest[os.write(RESULTS, rest) :]
    except BrokenPipeError:
        os._exit(1)


RESULTS = 1


def main() -> None:
    """Serve on the standard streams; what anything else prints goes to the standard error."""
    global RESULTS  # noqa: PLW0603 - the one stream of this process
    RESULTS = os.dup(1)
    os.dup2(2, 1)
    root, run = Path(sys.argv[1]), sys.argv[2]
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with suppress(KeyboardInterrupt):
        serve(root, run)


if __name__ == "__main__":
    main()
