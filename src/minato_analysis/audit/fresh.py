"""The verdict in an environment made anew: nothing of the auditor's installed libraries is in it.

In: a project folder and the words of a ``verify`` command. Out: the exit code of that command, given by this
same program (copied) in a virtual environment with the packages of the folder's ``requirements.lock``. pip
holds every wheel to the hashes of the lock, and wheels run nothing when they are installed. They come from
the index pip is set up for, or from the folder ``MINATO_WHEELHOUSE`` names.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from minato_analysis.audit import checker, installed
from minato_analysis.project import program

LOCK = "requirements.lock"
_RUN = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from minato_analysis.cli import main; main()"
)


class NoEnvironment(ValueError):
    """The environment cannot be made: ``E5-FRESH`` and why."""


def run(root: Path, words: Sequence[str]) -> int:
    """Make the environment, run ``minato`` with `words` in it, and return its exit code.

    Raises
    ------
    NoEnvironment
    """
    with tempfile.TemporaryDirectory(prefix="minato-fresh-") as folder:
        made, place = Path(folder, "environment"), Path(folder, "program/src")
        interpreter = ["Scripts", "python.exe"] if os.name == "nt" else ["bin", "python"]
        python = [str(made.joinpath(*interpreter)), "-I"]
        known = {one: text for one, text in os.environ.items() if one not in installed.STEERING}
        wheels = known.get("MINATO_WHEELHOUSE")
        source = ["--no-index", "--find-links", os.path.abspath(wheels)] if wheels else []
        closed = ["--no-deps", "--require-hashes", "--only-binary", ":all:", *source]
        install = [
            *python,
            "-m",
            "pip",
            "install",
            "-q",
            *closed,
            "-r",
            str(program.at(root, LOCK)),
        ]
        try:
            venv.create(made, with_pip=True)
            subprocess.run(install, env=known, check=True, capture_output=True, text=True)
        except subprocess.CalledProcessError as error:
            last = (error.stderr or "").strip().splitlines()[-1:] or [str(error)]
            raise NoEnvironment(
                f"E5-FRESH {LOCK}: 環境を新しく作れませんでした（{last[0][:200]}）。"
                "まず通信を確かめ、なければ MINATO_WHEELHOUSE にライブラリのフォルダーを指定してください。"
            ) from None
        shutil.copytree(
            checker.PACKAGE,
            place / checker.PACKAGE.name,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        for name, file in program.lent(root).items():
            (place.parent / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place.parent / name)
        with suppress(PackageNotFoundError):
            for one in distribution("minato-analysis").files or ():
                if one.name == "METADATA":  # its version, which the verdict names
                    shutil.copytree(Path(str(one.locate())).parent, place / one.parent.name)
        sys.stdout.flush()
        again = [*python, "-c", _RUN, str(place), *words]
        return subprocess.run(again, env=known, check=False).returncode
