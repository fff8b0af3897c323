"""Notebooks run by real papermill and real kernels: same bytes, guarded inputs, exact errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from minato_analysis.execution.run import NotebookFailed, run

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def notebook(root: Path, *sources: str) -> Path:
    cells = [nbformat.v4.new_code_cell('who = "nobody"', metadata={"tags": ["parameters"]})]
    cells += [nbformat.v4.new_code_cell(source) for source in sources]
    made = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    for number, cell in enumerate(made.cells):
        cell.id = f"cell-{number}"
    path = root / "notebooks/made_up.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, path)
    return path


def execute(root: Path, *sources: str, inputs: tuple[str, ...] = ()) -> dict[str, Any]:
    output = root / "build/made_up.ipynb"
    run(notebook(root, *sources), output, {"who": "区", "unused": 1}, root=root, inputs=inputs)
    executed: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    return executed


def printed(executed: dict[str, Any]) -> str:
    return "".join(
        "".join(output.get("text", ""))
        for cell in executed["cells"]
        for output in cell.get("outputs", [])
    )


def test_two_runs_give_the_same_bytes_and_no_trace_of_the_machine(tmp_path: Path) -> None:
    source = "import os\nprint(who, sorted(map(hash, 'abc')), os.environ['OMP_NUM_THREADS'])"
    texts = []
    for name in ("one", "two"):
        root = tmp_path / name
        executed = execute(root, source)
        texts.append((root / "build/made_up.ipynb").read_text(encoding="utf-8"))
    assert texts[0] == texts[1]
    assert "区" in printed(executed)
    assert str(tmp_path) not in texts[0]
    for trace in ("start_time", "duration", "version", "20"):
        assert trace not in json.dumps(executed["metadata"])
    assert executed["metadata"]["papermill"]["parameters"] == {"who": "区"}


def test_a_notebook_reads_only_what_is_declared(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("declared.csv", "other.csv"):
        (tmp_path / "data" / name).write_text("1", encoding="utf-8")
    source = "print(open('data/declared.csv').read())"
    assert printed(execute(tmp_path, source, inputs=("data/declared.csv",))).strip() == "1"
    for wrong, code in (
        ("open('data/other.csv')", "E3-UNDECLARED data/other.csv"),
        ("open('data/../data/other.csv')", "E3-UNDECLARED data/other.csv"),
        ("import pandas; pandas.read_csv('data/other.csv')", "E3-UNDECLARED data/other.csv"),
        ("open('data/declared.csv', 'w')", "E3-WRITE data/declared.csv"),
    ):
        with pytest.raises(NotebookFailed, match=code):
            execute(tmp_path, wrong, inputs=("data/declared.csv",))
    assert (tmp_path / "data/declared.csv").read_text(encoding="utf-8") == "1"


def test_a_failure_names_notebook_cell_and_reason_and_keeps_the_last_result(tmp_path: Path) -> None:
    execute(tmp_path, "print('good')")
    with pytest.raises(NotebookFailed) as failed:
        execute(tmp_path, "x = 1", "raise ValueError('both numbers: 1 and 2')")
    message = str(failed.value)
    assert message.startswith("E3-NOTEBOOK notebooks/made_up.ipynb セル [4]: ValueError")
    assert "both numbers: 1 and 2" in message
    kept = (tmp_path / "build/made_up.ipynb").read_text(encoding="utf-8")
    assert "good" in kept
    assert sorted(file.name for file in (tmp_path / "build").iterdir()) == ["made_up.ipynb"]
