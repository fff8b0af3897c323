"""Runs one combination of ingredients in a scratch copy and reads the facts it gives.

In: a :class:`~.factors.Recipe`. Out: facts by id. The copy is built by the pipeline of the recipe's own
code, in a process of its own, with ordinary kernels; nothing of the project is touched.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml

from minato_analysis import data
from minato_analysis.difference import worker
from minato_analysis.difference.factors import LOCK, Recipe
from minato_analysis.numbers import facts
from minato_analysis.project import program
from minato_analysis.project.checksums import KEY
from minato_analysis.project.earlier import PARAMETERS
from minato_analysis.published import hermetic, manifest


class CannotRun(RuntimeError):
    """A combination that does not run; the text says why, in one sentence."""


def run(recipe: Recipe, python: str = sys.executable) -> Mapping[str, facts.Fact]:
    """Return the facts the recipe's notebooks record.

    Parameters
    ----------
    recipe : Recipe
    python : str
        The interpreter of the environment.

    Raises
    ------
    CannotRun
        The combination does not fit together, with what its own program says.
    """
    with tempfile.TemporaryDirectory(prefix="minato-diff-") as scratch:
        root = copy(recipe, Path(scratch) / "project")
        _build(root, recipe, python)
        folder = root / "build" / recipe.edition / "notebooks"
        executed = [folder / f"{name}.ipynb" for name in recipe.notebooks]
        found = [facts.read_notebook(one) for one in executed if one.is_file()]
        if not found:
            raise CannotRun(f"ノートブックがありません: {'、'.join(recipe.notebooks)}")
        return {one.id: one for one in facts.merge(found)}


def copy(recipe: Recipe, target: Path) -> Path:
    """Put the recipe's ingredients together in `target`, which must not exist, and return it."""
    for root, files in (
        (recipe.data, _data(recipe.data)),
        (recipe.code, manifest.code_files(recipe.code)),
    ):
        for file in files:
            _copy(file, target / program.name_of(root, file))
    for file in recipe.archives:
        for one in (file, file.with_name(PARAMETERS)):
            _copy(one, target / "reports" / file.parent.name / one.name)
    for name in manifest.LOCKS:
        owner = program.at(recipe.lock if name == LOCK else recipe.code, name)
        if owner.is_file():
            _copy(owner, target / name)
    edition = target / "reports" / recipe.edition / "edition.yaml"
    edition.parent.mkdir(parents=True, exist_ok=True)
    edition.write_text(
        yaml.safe_dump(dict(recipe.values), allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    return target


def _data(root: Path) -> list[Path]:
    """Return the files of the data folder that are not generated, tables that are not public among them."""
    tables = (root / "data" / one["path"] for one in data.sealed(data.descriptor(root)))
    beside = (file for file in (root / KEY, *tables) if file.is_file())
    return sorted({*manifest.source_files(root), *beside})


def _copy(file: Path, there: Path) -> None:
    there.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, there)


def _build(root: Path, recipe: Recipe, python: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MINATO_")}
    try:
        done = subprocess.run(
            [python, "-P", worker.__file__, str(root), *recipe.notebooks],
            cwd=root,
            env={
                **kept,
                "PYTHONPATH": str(root / "src"),
                "PYTHONDONTWRITEBYTECODE": "1",
                "MINATO_EDITION": recipe.edition,
                "MINATO_ENGINE": "plain",
                "MINATO_ROOT": str(root),
            },
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=hermetic.TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CannotRun(f"{hermetic.TIMEOUT}秒で終わりませんでした") from None
    told = root / worker.PROBLEMS
    if not told.is_file():
        last = [line for line in done.stderr.splitlines() if line.strip()][-1:]
        raise CannotRun(last[0] if last else f"終了コード {done.returncode}")
    problems = json.loads(told.read_text(encoding="utf-8"))
    if problems:
        raise CannotRun(problems[0].splitlines()[0])
