"""Call a function in a process of its own: a fork of the parent with the libraries loaded.

In: a function of the package and its arguments. Out: what it returns or raises. Other calls and notebooks
go on meanwhile, and this process need not import what the function needs.

Arguments and result travel as files in the parent's private folder. Where no fork can be had the function
is called here, with the same result.
"""

from __future__ import annotations

import pickle
import signal
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from minato_analysis.execution import stop
from minato_analysis.execution.answer import ARGUMENTS, RESULT, called
from minato_analysis.execution.environment import environment
from minato_analysis.execution.forked import NoWarmKernel
from minato_analysis.execution.parents import Parent, parent, release
from minato_analysis.execution.run import chosen_engine


class CallFailed(RuntimeError):
    """The process of a call ended in the middle of it."""


def apart(root: Path, function: str, *arguments: Any, **named: Any) -> Any:
    """Return what a function returns, computed in another process.

    Parameters
    ----------
    root : Path
        The project folder; the function is called there.
    function : str
        ``module:name``.
    *arguments, **named
        Anything that can be pickled.

    Raises
    ------
    CallFailed
        ``E3-CALL``: the process was killed.
    Exception
        What the function raises; as an ElsewhereError with the same text where it cannot travel.
    """
    if chosen_engine() != "warm":
        return called(function)(*arguments, **named)
    shared = environment(root)
    try:
        source = parent(shared, root)
        try:
            return _in_fork(source, shared, root, function, (arguments, named))
        finally:
            release(source)
    except NoWarmKernel:
        return called(function)(*arguments, **named)


def _in_fork(
    source: Parent, shared: Mapping[str, str], root: Path, function: str, given: object
) -> Any:
    with TemporaryDirectory(dir=source.folder, ignore_cleanup_errors=True) as folder:
        Path(folder, ARGUMENTS).write_bytes(pickle.dumps(given))
        process = source.fork(shared, str(root), call=function, folder=folder)
        code = process.wait()
        if process.lost_parent and not stop.asked():
            raise NoWarmKernel("the parent process is gone")
        if code:
            raise CallFailed(_sentence(function, code))
        returned, result = pickle.loads(Path(folder, RESULT).read_bytes())
    if not returned:
        raise result
    return result


def _sentence(function: str, code: int) -> str:
    how = signal.Signals(-code).name if code < 0 else f"終了コード {code}"
    hint = "メモリーが足りないときにも起こります。" if how == "SIGKILL" else ""
    return f"E3-CALL {function}: 途中で終わりました（{how}）。{hint}もう一度実行してください。"
