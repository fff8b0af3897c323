"""Run one notebook in a clean, fixed environment and save it only when it is complete."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minato_analysis.project import program

if TYPE_CHECKING:
    from minato_analysis.execution.engine import KernelStopped

ENGINES = ("warm", "plain")
"""Forked kernels with the libraries loaded, where the system can; or an ordinary kernel, the reference."""

CELL_SECONDS = 900

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class NotebookFailed(RuntimeError):
    """A notebook stopped; the message names notebook, cell and reason."""


def chosen_engine() -> str:
    """Return the engine: ``$MINATO_ENGINE``, else the first.

    Raises
    ------
    NotebookFailed
        ``E3-ENGINE``: there is no such engine.
    """
    name = os.environ.get("MINATO_ENGINE") or ENGINES[0]
    if name not in ENGINES:
        raise NotebookFailed(
            f"E3-ENGINE MINATO_ENGINE={name}: この値は使えません。{' か '.join(ENGINES)} にしてください。"
        )
    return name


def run(
    notebook: Path,
    output: Path,
    parameters: Mapping[str, Any],
    *,
    root: Path,
    inputs: Iterable[str],
    engine: str | None = None,
    cell_seconds: int | None = None,
) -> None:
    """Execute `notebook` with `parameters` and save it as `output`.

    May be called from several threads at once: nothing of the process is changed.

    Parameters
    ----------
    notebook, output : Path
    parameters : mapping
        Only names the notebook's parameters cell has are passed on.
    root : Path
        The project folder; the kernel works there.
    inputs : iterable of str
        Files, relative to `root`, which the notebook may read.
    engine : {"warm", "plain"}, optional
        By default :func:`chosen_engine`. Both give the same bytes.
    cell_seconds : int, optional
        Longest time for one cell, by default ``$MINATO_CELL_SECONDS`` or 900.

    Raises
    ------
    NotebookFailed
        ``E3-NOTEBOOK``, ``E3-KERNEL`` or ``E3-TIMEOUT`` with notebook, cell and reason. `output` is
        untouched then.
    """
    from minato_analysis.data import needs  # noqa: PLC0415 - reads data, which --help does not
    from minato_analysis.execution import kernel  # noqa: PLC0415
    from minato_analysis.execution.engine import KernelStopped  # noqa: PLC0415
    from minato_analysis.execution.parents import prepare  # noqa: PLC0415

    warm = (engine or chosen_engine()) == "warm"
    if warm:
        prepare(root)  # papermill is imported meanwhile
    import papermill  # noqa: PLC0415 - 1 s
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    seconds = cell_seconds or int(os.environ.get("MINATO_CELL_SECONDS") or CELL_SECONDS)
    wanted = papermill.inspect_notebook(str(notebook))
    passed = {name: value for name, value in parameters.items() if name in wanted}
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_suffix(".partial.ipynb")
    name = Path(program.name_of(root, notebook))
    try:
        with kernel.home(root, inputs, warm=warm) as home:
            papermill.execute_notebook(
                needs.to_run(notebook, root, parameters),
                str(partial),
                parameters=passed,
                engine_name="minato",
                progress_bar=False,
                execution_timeout=seconds,
                home=home,
            )
        partial.replace(output)
    except PapermillExecutionError as error:
        reason = _ANSI.sub("", f"{error.ename}: {error.evalue}")
        raise NotebookFailed(f"E3-NOTEBOOK {name} セル [{error.exec_count}]: {reason}") from None
    except KernelStopped as stopped:
        raise NotebookFailed(_sentence(name, stopped, seconds)) from None
    finally:
        partial.unlink(missing_ok=True)


def _sentence(notebook: Path, stopped: KernelStopped, seconds: int) -> str:
    if not stopped.count:
        code = "" if stopped.exit_code is None else f"、終了コード {stopped.exit_code}"
        return (
            f"E3-KERNEL {notebook}: カーネルが始まりませんでした（{stopped.cause}{code}）。"
            "環境を作り直すには make clean のあと make report を実行してください。"
        )
    where = f"{notebook} セル [{stopped.count}]「{stopped.line}」"
    if isinstance(stopped.cause, TimeoutError):
        return (
            f"E3-TIMEOUT {where}: {seconds} 秒で終わらないので止めました。"
            "時間のかかる計算なら MINATO_CELL_SECONDS に秒数を指定してください。"
        )
    if stopped.exit_code is None:
        return f"E3-KERNEL {where}: カーネルが応答しません（{stopped.cause}）。もう一度実行してください。"
    if stopped.exit_code < 0:
        how = signal.Signals(-stopped.exit_code).name
        hint = "メモリーが足りないときにも起こります。" if how == "SIGKILL" else ""
    else:
        how, hint = f"終了コード {stopped.exit_code}", ""
    return (
        f"E3-KERNEL {where}: カーネルがこのセルの途中で終わりました（{how}）。{hint}"
        "このセルを確かめて、もう一度実行してください。"
    )
