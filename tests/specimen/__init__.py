"""The specimen: frozen data and a frozen edition's parameters, beside the code as it is now.

``tests/specimen/`` holds the data folder and ``reports/2024/edition.yaml`` as they were on one day. Tests
stand on them, so that a new year in the live ``data/`` or a correction in ``reports/`` changes no test.
:func:`project` lays out a project folder of the frozen files and the live code in ``build/specimen/``;
:func:`complete` also builds its edition there. Both do only what has changed since the last time.

After a change of the data's *form* (a new column, a renamed key), freeze the data anew on purpose, read the
difference, and commit it::

    python -m tests.specimen
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from minato_analysis.claims import mutation
from minato_analysis.data.study import Study, begin
from minato_analysis.project import editions
from minato_analysis.tasks import tidy

FROZEN = Path(__file__).parent
LIVE = FROZEN.parents[1]
PLACE = LIVE / "build/specimen"
EDITION = "2024"

CODE = (".ci", ".github", "benchmarks", "docs", "notebooks", "src", "tools")
"""Folders of the live project that the specimen takes as they are."""

RULES = ("data/sentences.yaml",)
"""Files of the data folder that belong to the notebooks' prose and change with it, never with a year."""

GENERATED = ("data/tidy/", "data/README.md", "environment.yml", "CITATION.cff", "pytask.lock")

UNUSUAL = {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LANG": "C", "OMP_NUM_THREADS": "2"}
"""Settings of the process that builds the edition; the pipeline's tests build it again with others."""

SAID = "build/said.txt"
"""What the command said that built the edition."""

_CODE_OF, _EDITION_OF = "inputs.sha256", "edition.sha256"


@functools.cache
def project() -> Path:
    """Return the specimen's project folder with its tidy data, without pages."""
    with _alone():
        wanted = _wanted()
        digest = _digest(wanted)
        if _stamp(_CODE_OF) != digest:
            _forget()
            _lay_out(wanted)
            _tidy()
            _write_stamp(_CODE_OF, digest)
    return PLACE


@functools.cache
def complete() -> Path:
    """Return the specimen's project folder with its edition built by the present code.

    Raises
    ------
    RuntimeError
        The edition could not be built; the text is what the command said.
    """
    root = project()
    with _alone():
        digest = _stamp(_CODE_OF)
        if _stamp(_EDITION_OF) != digest:
            kept = {key: one for key, one in os.environ.items() if not key.startswith("MINATO_")}
            done = subprocess.run(
                [sys.executable, "-m", "minato_analysis", "report", EDITION],
                cwd=root,
                env={**kept, **UNUSUAL, "PYTHONPATH": str(root / "src")},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise RuntimeError(f"the specimen was not built:\n{done.stdout}{done.stderr}")
            (root / SAID).write_text(done.stdout + done.stderr, encoding="utf-8")
            _write_stamp(_EDITION_OF, digest)
    return root


def study(notebook: str = "test", **changes: Any) -> Study:
    """Return a study over the frozen data, as a notebook of their edition begins it."""
    given = editions.load(project(), EDITION).parameters()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINATO_ROOT", str(PLACE))
        return begin(notebook, given | changes)


def freeze() -> None:
    """Replace the frozen files by the present ones."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "data", f"reports/{EDITION}/edition.yaml"],
        cwd=LIVE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for name in ("data", "reports"):
        shutil.rmtree(FROZEN / name, ignore_errors=True)
    for name in filter(None, tracked):
        if not name.startswith((*GENERATED, *RULES)):
            _copy(LIVE / name, FROZEN / name)
    parameters = (
        FROZEN / "reports" / EDITION / editions.FILE
    )  # corrections belong to what is published
    parameters.write_text(editions.uncorrected(parameters.read_text("utf-8")), encoding="utf-8")


def _wanted() -> dict[str, Path]:
    """Return the file behind every written file of the specimen's project, by its path there."""
    # `.git` is a file in a second work tree: git would take the specimen for that work tree.
    live = [one for one in LIVE.iterdir() if one.is_file() and one.name != ".git"]
    live += [one for name in CODE for one in (LIVE / name).rglob("*")]
    live += [LIVE / name for name in RULES]
    frozen = [one for name in ("data", "reports") for one in (FROZEN / name).rglob("*")]
    files = {one.relative_to(LIVE).as_posix(): one for one in live}
    files |= {one.relative_to(FROZEN).as_posix(): one for one in frozen}
    return {
        name: one
        for name, one in sorted(files.items())
        if one.is_file() and "__pycache__" not in one.parts and not name.startswith(GENERATED)
    }


def _lay_out(wanted: dict[str, Path]) -> None:
    for folder in (*CODE, "data"):
        for one in (PLACE / folder).rglob("*"):
            name = one.relative_to(PLACE).as_posix()
            made = "__pycache__" in one.parts or name.startswith(GENERATED)
            if one.is_file() and not made and name not in wanted:
                one.unlink()
    for name, source in wanted.items():
        _copy(source, PLACE / name)


def _tidy() -> None:
    texts = tidy.texts(PLACE) | {PLACE / mutation.MUTATION: mutation.text(PLACE)}
    (PLACE / "data/tidy").mkdir(exist_ok=True)
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8", newline="\n")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not (target.is_file() and target.read_bytes() == source.read_bytes()):
        shutil.copyfile(source, target)


def _digest(files: dict[str, Path]) -> str:
    total = hashlib.sha256(sys.version.encode())
    for name, source in files.items():
        total.update(name.encode() + b"\0" + hashlib.sha256(source.read_bytes()).digest())
    return total.hexdigest()


def _stamp(name: str) -> str:
    file = PLACE / "build" / name
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _write_stamp(name: str, digest: str) -> None:
    (PLACE / "build").mkdir(exist_ok=True)
    (PLACE / "build" / name).write_text(digest, encoding="utf-8")


def _forget() -> None:
    for name in (_CODE_OF, _EDITION_OF):
        (PLACE / "build" / name).unlink(missing_ok=True)


def _alone() -> FileLock:
    PLACE.mkdir(parents=True, exist_ok=True)
    return FileLock(PLACE.with_suffix(".lock"))
