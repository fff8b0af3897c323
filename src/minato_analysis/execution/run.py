"""Run one notebook in a clean, fixed environment and save it only when it is complete."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FIXED_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    # One thread: sums are then added in one order on every machine.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "TZ": "UTC",
    # The kernel of this environment, not one a user registered under the same name.
    "JUPYTER_PREFER_ENV_PATH": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class NotebookFailed(RuntimeError):
    """A notebook stopped; the message names notebook, cell and reason."""


@contextmanager
def environment(root: Path, inputs: Iterable[str]) -> Iterator[None]:
    """Set the fixed environment and an IPython folder with nothing of the user's in it."""
    with tempfile.TemporaryDirectory(prefix="minato-") as scratch:
        startup = Path(scratch, "profile_default", "startup")
        startup.mkdir(parents=True)
        (startup / "00-guard.py").write_text(
            "import logging\n"
            "logging.getLogger('matplotlib.font_manager').setLevel(logging.ERROR)\n"
            "from minato_analysis.execution.guard import install\n"
            f"install({str(root)!r}, {sorted(inputs)!r})\n"
            "del install, logging\n",
            encoding="utf-8",
        )
        fixed = {**FIXED_ENVIRONMENT, "IPYTHONDIR": scratch, "MINATO_ROOT": str(root)}
        before = {name: os.environ.get(name) for name in fixed}
        os.environ.update(fixed)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def run(
    notebook: Path,
    output: Path,
    parameters: Mapping[str, Any],
    *,
    root: Path,
    inputs: Iterable[str],
    engine: str = "minato",
) -> None:
    """Execute `notebook` with `parameters` and save it as `output`.

    Parameters
    ----------
    notebook, output : Path
    parameters : mapping
        Only names the notebook's parameters cell has are passed on.
    root : Path
        The project folder; the kernel works there.
    inputs : iterable of str
        Files, relative to `root`, which the notebook may read.
    engine : str
        Name of a registered papermill engine.

    Raises
    ------
    NotebookFailed
        ``E3-NOTEBOOK`` with notebook, cell and reason. `output` is untouched then.
    """
    import papermill  # noqa: PLC0415 - 1 s
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    wanted = papermill.inspect_notebook(str(notebook))
    passed = {name: value for name, value in parameters.items() if name in wanted}
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_suffix(".partial.ipynb")
    try:
        with environment(root, inputs):
            papermill.execute_notebook(
                str(notebook),
                str(partial),
                parameters=passed,
                engine_name=engine,
                progress_bar=False,
                cwd=str(root),
            )
        partial.replace(output)
    except PapermillExecutionError as error:
        reason = _ANSI.sub("", f"{error.ename}: {error.evalue}")
        raise NotebookFailed(
            f"E3-NOTEBOOK {notebook.relative_to(root)} セル [{error.exec_count}]: {reason}"
        ) from None
    finally:
        partial.unlink(missing_ok=True)
