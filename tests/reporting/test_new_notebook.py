"""From a name to a page in one build, and the questions of the gallery."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from tests import specimen

from minato_analysis import data
from minato_analysis.data import needs
from minato_analysis.execution.run import run
from minato_analysis.numbers import facts
from minato_analysis.project import editions
from minato_analysis.reporting.new_notebook import NewNotebookError, create
from minato_analysis.reporting.pages import listed, notebook_page

NAME = "08_own_question"
READ = ("data/tidy/observations.csv", data.DESCRIPTOR, "data/areas.csv", "data/definitions.yaml")
EXPLORE = sorted((specimen.LIVE / "notebooks/explore").glob("*.ipynb"))


def test_the_example_becomes_a_page_in_one_build(
    scratch: Path, repository: Path, tmp_path: Path
) -> None:
    for name in ("notebooks", "reports"):
        shutil.copytree(repository / name, scratch / name)
    notebook = create(scratch, NAME, "自分の問い")
    assert nbformat.writes(nbformat.read(notebook, 4)) == notebook.read_text("utf-8").rstrip("\n")
    edition = editions.load(scratch, specimen.EDITION)
    executed, collected = tmp_path / f"{NAME}.ipynb", tmp_path / "facts.json"
    inputs = [*READ, "data/breaks.yaml", "data/categories.yaml"]
    run(notebook, executed, edition.parameters(), root=scratch, inputs=inputs)
    collected.write_text(facts.dumps(facts.read_notebook(executed)), encoding="utf-8")
    html = notebook_page(executed, edition, collected, scratch)
    assert 'data-fact="minato.own_question.share"' in html
    assert "<figure" in html
    assert "自分の問い" in html
    assert listed(scratch)[NAME]["kind"] == "technical"
    with pytest.raises(NewNotebookError, match=f"E3-NEW {NAME}: この名前のページがあります"):
        create(scratch, NAME, "もう一度")


@pytest.mark.parametrize("name", ["my question", "8_a", "08_Own", "../08_a"])
def test_a_name_that_no_page_can_have_is_refused(repository: Path, name: str) -> None:
    with pytest.raises(NewNotebookError, match=r"例 08_my_question"):
        create(repository, name, "問い")


@pytest.mark.parametrize("file", EXPLORE, ids=[one.stem for one in EXPLORE])
def test_every_question_of_the_gallery_runs_as_it_is(file: Path, complete: Path) -> None:
    notebook = nbformat.read(file, as_version=4)
    client = NotebookClient(notebook, kernel_name="python3")
    client.create_kernel_manager()
    env = {**os.environ, "MINATO_ROOT": str(complete)}
    client.execute(cwd=str(complete / "notebooks/explore"), env=env)
    shown = json.dumps(notebook.cells[-1].outputs + notebook.cells[-2].outputs)
    assert "image/png" in shown or "vnd.minato" in shown
    assert needs.fit(notebook, needs.NEEDS) is notebook
