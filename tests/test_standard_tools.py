"""The notebooks with the tools everybody has: papermill, nbconvert, and JupyterLab's saving."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import papermill
import pytest
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import PyFileConfigLoader

from minato_analysis.project.prose_cells import UNATTENDED
from tests import specimen

TRENDS = "notebooks/02_reoffender_trends.ipynb"
NBDIME = specimen.LIVE / ".venv-lab/bin/nbdime"


@pytest.fixture(scope="module")
def without_2020(complete: Path, tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    """Notebook 02 run by papermill's own engine from inside its folder, one year left out."""
    output = tmp_path_factory.mktemp("papermill") / "executed.ipynb"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(UNATTENDED, raising=False)
        patch.delenv("MINATO_ROOT", raising=False)
        patch.chdir(complete / "notebooks")
        papermill.execute_notebook(
            Path(TRENDS).name,
            str(output),
            parameters={"left_out": [2020]},
            progress_bar=False,
            kernel_name="python3",
        )
    return nbformat.read(output, as_version=4)


def sentences(notebook: NotebookNode) -> str:
    shown = [
        one.data for cell in notebook.cells for one in cell.get("outputs", ()) if "data" in one
    ]
    return "\n".join(one.get("text/markdown", "") for one in shown)


def test_a_parameter_changes_model_and_sentences(
    without_2020: NotebookNode, complete: Path
) -> None:
    text = (complete / "reports" / specimen.EDITION / "facts.json").read_text(encoding="utf-8")
    published = {one["id"]: one["value"] for one in json.loads(text)}
    said = sentences(without_2020)
    assert f"傾きがないとする検定のp値は{published['minato.trend.without_2020.p']:.3f}" in said
    assert f"{published['minato.trend.p']:.3f}" not in said
    assert "途中に法律の改正があり" not in said


def test_nbconvert_shows_sentences_and_tables(without_2020: NotebookNode) -> None:
    html, _ = HTMLExporter().from_notebook_node(without_2020)
    assert re.search("<h1[^>]*>港区の検挙人員に占める再犯者の割合は、どう動いたか", html)
    assert re.search("<caption><span>年に対する傾き（三つのモデル）", html)


def test_saving_in_jupyterlab_leaves_the_file_as_it_is(
    without_2020: NotebookNode, repository: Path
) -> None:
    file = repository / TRENDS
    notebook = nbformat.read(file, as_version=4)
    loader = PyFileConfigLoader("jupyter_server_config.py", path=str(repository / "notebooks"))
    save: Any = loader.load_config().FileContentsManager.pre_save_hook
    lab = deepcopy(notebook)
    lab.metadata.kernelspec.display_name = "Python 3 (minato)"
    lab.metadata.language_info.version = "3.11.7"
    for number, cell in enumerate(one for one in lab.cells if one.cell_type == "code"):
        cell.execution_count = number
        cell.outputs = deepcopy(without_2020.cells[0].outputs)
        cell.metadata |= {"execution": {"iopub.status.idle": "2026"}, "trusted": True}
    save(model={"type": "notebook", "content": lab})
    assert nbformat.writes(lab) + "\n" == file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "file", sorted((specimen.LIVE / "notebooks").rglob("*.ipynb")), ids=lambda one: one.stem
)
def test_a_round_trip_through_a_percent_script_loses_no_cell(file: Path) -> None:
    notebook = nbformat.read(file, as_version=4)
    script = jupytext.writes(notebook, fmt="py:percent")
    back = jupytext.reads(script, fmt="py:percent")
    assert [(one.cell_type, one.source) for one in back.cells] == [
        (one.cell_type, one.source) for one in notebook.cells
    ]


def test_nbmake_runs_a_notebook_as_it_lies_there(complete: Path) -> None:
    file = complete / "notebooks/explore/share_without_years.ipynb"
    before = file.read_bytes()
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbmake", "-p", "no:cacheprovider", file.name],
        cwd=file.parent,
        env={**os.environ, "MINATO_ROOT": str(complete)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-2000:]
    assert "1 passed" in ran.stdout
    assert file.read_bytes() == before


@pytest.mark.skipif(not NBDIME.is_file(), reason="needs the environment of `make lab`")
def test_git_compares_and_merges_notebooks_by_cell(repository: Path, tmp_path: Path) -> None:
    own = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PATH": f"{NBDIME.parent}{os.pathsep}{os.environ['PATH']}",
    }
    who = ("-c", "user.name=a", "-c", "user.email=a@b.example")

    def run(*command: str) -> str:
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, **own},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def commit(**change: object) -> None:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1", id="one")])
        notebook.cells[0] |= change
        nbformat.write(notebook, tmp_path / "a.ipynb")
        run("git", "add", ".")
        run("git", *who, "commit", "-qm", "a")

    shutil.copy(repository / ".gitattributes", tmp_path)
    run("git", "init", "-q", "-b", "main")
    run("nbdime", "config-git", "--enable")
    commit()
    run("git", "checkout", "-qb", "other")
    commit(execution_count=1)
    run("git", "checkout", "-q", "main")
    commit(execution_count=2, source="x = 2")
    run("git", *who, "merge", "-q", "--no-edit", "other")  # line by line this is a conflict
    assert nbformat.read(tmp_path / "a.ipynb", as_version=4).cells[0].source == "x = 2"
    assert "## modified /cells/0/source" in run("git", "diff", "main~2")
    assert run("git", "status", "--short") == ""
