"""The environment of another edition: a virtual environment made from its lock file.

In: a project folder with ``requirements.lock`` and the package. Out: the path of an interpreter. What the
lock lists is installed, each file held to its hash; nothing is resolved (before pip 23.3 a requirement
with an extra was, although it was pinned). pip fetches from the index it is set up with.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Callable, Sequence
from pathlib import Path

from minato_analysis.difference.factors import LOCK
from minato_analysis.published.errors import DifferenceError

Call = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


def _call(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def same(one: Path, other: Path) -> bool:
    """Whether two project folders lock the same packages, byte for byte."""
    files = [folder / LOCK for folder in (one, other)]
    return all(file.is_file() for file in files) and len({file.read_bytes() for file in files}) == 1


def build(project: Path, folder: Path, call: Call = _call) -> str:
    """Make the environment of a project folder in `folder`, which must not exist.

    Parameters
    ----------
    project : Path
        With ``requirements.lock`` and the package, which is installed without its dependencies.
    folder : Path
    call : callable
        Runs a command.

    Returns
    -------
    str
        The interpreter.

    Raises
    ------
    DifferenceError
        ``E7-ENVIRONMENT``: a step failed, with the last line it said.
    """
    scripts = sysconfig.get_path(
        "scripts", "venv", vars={"base": str(folder), "installed_base": str(folder)}
    )
    python = str(Path(scripts) / Path(sys.executable).name)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [
            *pip,
            "--no-deps",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "-r",
            str(project / LOCK),
        ],
        [*pip, "--no-deps", "--no-build-isolation", "--no-index", str(project)],
        [python, "-m", "pip", "check", "--disable-pip-version-check"],
    ):
        done = call(command)
        if done.returncode:
            said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
            raise DifferenceError(
                f"E7-ENVIRONMENT {LOCK}: もう一方の版の環境を作れませんでした"
                f"（{said[-1] if said else f'終了コード {done.returncode}'}）。"
                "ネットワークを確かめるか、--environment を付けずに実行してください。"
            )
    return python
