"""Build an edition again from nothing but its written files, somewhere else.

In: the project folder. Out: a copy of the tracked files, and of the program where the project does not carry
it, with every generated file removed, built by the program of the copy itself in a process of its own.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from minato_analysis.project import program
from minato_analysis.project.checksums import KEY, checksum
from minato_analysis.project.earlier import ARCHIVE, PARAMETERS, corrected
from minato_analysis.project.files import write_all
from minato_analysis.published import history
from minato_analysis.published.manifest import GENERATED, importable
from minato_analysis.published.sheets import PRINT

DECLARED = (
    "data",
    "notebooks",
    "src",
    "reports",
    "publisher.yaml",
    program.PIN,
    "pyproject.toml",
    "requirements.lock",
    "requirements-lab.lock",
    "Makefile",
    "tools",
)
"""What an edition is made from, and what is copied where no git is at hand to say which files are tracked."""

TIMEOUT = 3600
"""Seconds after which a build is given up."""


@dataclass(frozen=True)
class Built:
    """One build: where, and what it said; `problem` is empty when it succeeded."""

    root: Path
    problem: str


def tracked(root: Path) -> list[str]:
    """Return the files under version control, as they stand now; the declared folders without git."""
    known = history.tracked(root, ())
    if known is not None:
        return known
    found: list[str] = []
    for name in DECLARED:
        path = root / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [
            one.relative_to(root).as_posix()
            for one in files
            if one.is_file() and "__pycache__" not in one.parts and not one.name.startswith(".")
        ]
    return found


def written(name: str) -> bool:
    """Tell whether a file is written by a person, not generated, or kept by an edition for later ones.

    >>> [written(one) for one in ("data/areas.csv", "data/tidy/observations.csv")]
    [True, False]
    >>> [written(f"reports/2024/{one}") for one in ("edition.yaml", "projections.json", "index.html")]
    [True, True, False]
    >>> made = ("minato_analysis/numbers/facts.py", "__pycache__/facts.cpython-311.pyc")
    >>> [written(f"src/{one}") for one in made]
    [True, False]
    """
    top, _, below = name.partition("/")
    if (top not in DECLARED and (below or not importable(name))) or "__pycache__/" in name:
        return False
    if top == "reports":
        return name.endswith((f"/{PARAMETERS}", f"/{ARCHIVE}"))
    return not any(name == one or name.startswith(f"{one}/") for one in GENERATED)


def copy(root: Path, target: Path) -> Path:
    """Copy the written files of the project, closed tables too, to `target`, which must not exist."""
    own = {name: root / name for name in tracked(root)}
    for name, file in (own | program.lent(root)).items():
        if written(name) and file.is_file():
            there = target / name
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, there)
    put_closed(root, target)
    return target


def put_closed(root: Path, scratch: Path) -> None:
    """Put tables that are not public beside the tracked files: version control does not hold them."""
    from minato_analysis import data  # noqa: PLC0415 - a third of a second, for full verification only

    if not (scratch / data.DESCRIPTOR).is_file():
        return
    closed = [one for one in data.sealed(data.descriptor(scratch)) if one.get("not_public")]
    wanted = [
        f"data/{one['path']}"
        for one in closed
        if (file := root / "data" / one["path"]).is_file() and checksum(file, root) == one["hash"]
    ]
    for path in (*wanted, *((data.CLOSED, KEY) if closed else ())):
        if (root / path).is_file():
            write_all({scratch / path: (root / path).read_bytes()})


@functools.cache
def enclosure(root: Path) -> tuple[str, ...]:
    """Return the words before a command that let it write to `root` alone and reach no network.

    Empty where there is no bubblewrap, or where the system does not allow it.
    """
    program = shutil.which("bwrap")
    if program is None:
        return ()
    scratch = tempfile.gettempdir()
    words = [program, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", scratch]
    for one in dict.fromkeys((sys.base_prefix, sys.prefix)):
        words += ["--ro-bind", one, one]
    own = f"{scratch}/matplotlib"  # its settings and its list of fonts, else in the home folder
    words += ["--dir", own, "--setenv", "MPLCONFIGDIR", own]
    for file in (Path.home() / ".cache/matplotlib").glob("fontlist-*.json"):
        words += ["--ro-bind", str(file), f"{own}/{file.name}"]
    words += ["--bind", str(root), str(root), "--unshare-net", "--unshare-pid", "--die-with-parent"]
    tried = subprocess.run([*words, "true"], capture_output=True, check=False)
    return () if tried.returncode else tuple(words)


def build(root: Path, edition: str) -> Built:
    """Build an edition in `root` with the program that lies there, enclosed where the system can.

    Variables of the caller that steer this program or Python are not passed on. Python imports from the
    copy's ``src/`` and the libraries only: not from the folder it works in, which holds what others wrote.
    """
    steering = ("MINATO_", "PYTHON", "MPL", "MATPLOTLIBRC", "JUPYTER", "IPYTHONDIR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(steering)}
    safely = {
        "PYTHONPATH": str(root / "src"),
        "PYTHONSAFEPATH": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONUTF8": "1",
        PRINT: "0",
    }
    done = subprocess.run(
        [*enclosure(root), sys.executable, "-m", "minato_analysis", "report", edition],
        cwd=root,
        env={**kept, **safely},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT,
        check=False,
    )
    return Built(root, "" if done.returncode == 0 else _problem(done.stderr, done.stdout))


def _problem(stderr: str, stdout: str) -> str:
    """Return what a failed build said: its own coded sentences, or the last line of an accident."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    coded = [line for line in lines if line[:1] == "E" and line[1:2].isdigit()]
    return "\n".join(coded or lines[-1:] or stdout.splitlines()[-1:] or ["（出力なし）"])


def rebuild(root: Path, target: Path, edition: str) -> Built:
    """Copy the written files to `target` and build the edition there.

    Its own archive is built too, but for a corrected edition: that keeps the one it was published with.
    """
    copied = copy(root, target)
    if not corrected(copied, edition):
        (copied / "reports" / edition / ARCHIVE).unlink(missing_ok=True)
    return build(copied, edition)
