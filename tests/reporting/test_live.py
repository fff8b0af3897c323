"""Prose under its cell, in a kernel as JupyterLab and nbconvert start it."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from tests import specimen

from minato_analysis.numbers.tables import MIME as TABLE_MIME
from minato_analysis.project import editions
from minato_analysis.project.prose_cells import LOAD, UNATTENDED

TITLE = '%%prose\n# {{ area_name }}の**数**{{ fact("made.up") }}'
ELSEWHERE = '%%prose\n割合は{{ fact("{area}.share.{last}") }}、対象は7人'
TABLE = """from minato_analysis.numbers.tables import Table
Table("made-up", '{{ fact("made.up") }}の表', ("a", "b"), (("c", "d"),))"""
UNKNOWN = '%%prose\n{{ fact("made.down") }}'


def begin(project: Path) -> str:
    values = editions.load(project, specimen.EDITION).parameters()
    lines = [f"{name} = {value!r}" for name, value in values.items()]
    call = 'study = begin("07_measures", globals())'
    return "\n".join([*lines, "from minato_analysis.data.study import begin", call])


def record(value: int) -> str:
    return (
        f'_ = study.facts.record("made.up", {value}, unit="persons", digits=0, from_="s/t!r!c",'
        ' formula="made up")'
    )


def run(project: Path, *sources: str, **settings: str) -> NotebookNode:
    cells = [nbformat.v4.new_code_cell(source) for source in (LOAD, *sources)]
    client = NotebookClient(nbformat.v4.new_notebook(cells=cells), kernel_name="python3")
    client.create_kernel_manager()
    env = {**os.environ, "MINATO_ROOT": str(project), **settings}
    return client.execute(cwd=str(project), env=env)


def said(notebook: NotebookNode, number: int) -> str:
    (output,) = notebook.cells[number].outputs
    return str(output.data["text/markdown"])


def test_sentences_appear_when_their_facts_are_there_and_follow_them(complete: Path) -> None:
    cells = (TITLE, ELSEWHERE, UNKNOWN, begin(complete), record(7), record(8), TABLE)
    executed = run(complete, *cells)
    assert said(executed, 1) == "# 港区の<strong>数</strong>8人"
    # A fact of another notebook is that of the published edition; a typed number is named at once.
    assert said(executed, 2).startswith("割合は49.0%、対象は7人\n\n> E3-LOOSE-DIGIT 07_measures")
    assert "made.down" in said(executed, 3)
    assert "nearest: made.up" in said(executed, 3)
    (table,) = executed.cells[-1].outputs
    assert "<caption><span>8人の表</span></caption>" in table.data["text/html"]
    assert TABLE_MIME in table.data


def test_a_build_shows_no_sentences_and_records_a_number_once(complete: Path) -> None:
    executed = run(complete, TITLE, begin(complete), record(7), **{UNATTENDED: "1"})
    assert executed.cells[1].outputs == []
    with pytest.raises(CellExecutionError, match="recorded twice"):
        run(complete, begin(complete), record(7), record(8), **{UNATTENDED: "1"})
