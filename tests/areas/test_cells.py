"""Cells run in this process give, byte for byte, the notebook an ordinary kernel gives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.areas.conftest import Finished
from tests.execution.made_up import notebook

from minato_analysis.areas import cells
from minato_analysis.areas.inputs import OVERVIEW, input_of
from minato_analysis.areas.kinds import KINDS
from minato_analysis.execution.environment import environment
from minato_analysis.execution.run import run

HERE = """
import pathlib, sys, nbformat
from minato_analysis.areas import cells
root, name, code, out = sys.argv[1:]
parameters = dict(one.split("=") for one in code.split(","))
executed = cells.execute(cells.read(pathlib.Path(root, name)), parameters)
pathlib.Path(out).write_text(nbformat.writes(executed) + "\\n", encoding="utf-8")
"""


def in_a_new_process(root: Path, name: str, parameters: dict[str, str], out: Path) -> bytes:
    """Run the cells as a worker does, in the environment of a kernel."""
    given = ",".join(f"{key}={value}" for key, value in parameters.items())
    command = [sys.executable, "-c", HERE, str(root), name, given, str(out)]
    subprocess.run(command, env=environment(root), cwd=root, check=True)
    return out.read_bytes().rstrip(b"\n")


def by_a_kernel(
    root: Path, name: str, parameters: dict[str, str], out: Path, inputs: list[str]
) -> bytes:
    run(root / name, out, parameters, root=root, inputs=inputs, engine="plain")
    return out.read_bytes().rstrip(b"\n")


@pytest.mark.parametrize("code", ["90001", "90006", OVERVIEW])
def test_the_notebooks_of_areas_are_the_same(finished: Finished, tmp_path: Path, code: str) -> None:
    share = KINDS["share"]
    name = share.overview_notebook if code == OVERVIEW else share.area_notebook
    parameters = {"run": "made"} if code == OVERVIEW else {"run": "made", "area_code": code}
    kernel = by_a_kernel(
        finished.root, name, parameters, tmp_path / "a.ipynb", [input_of("made", code)]
    )
    assert in_a_new_process(finished.root, name, parameters, tmp_path / "b.ipynb") == kernel


def test_streams_displays_and_results_are_the_same(tmp_path: Path) -> None:
    notebook(
        tmp_path,
        "print('a'); print('b')",
        "import sys\nprint('out', flush=True)\nprint('err', file=sys.stderr)\n'result'",
        "from IPython.display import display\ndisplay({'x': (1, 2)}); display('two'); 3",
        "4;",
        "   ",
        "_, _5",
        "who",
        "class Shown(int):\n    def _repr_html_(self): return '<b>x</b>'\nShown(7)",
        "from IPython.display import Image\nImage(data=b'\\x89PNG\\r\\n\\x1a\\n' + bytes(16), format='png')",
    )
    name = "notebooks/made_up.ipynb"
    kernel = by_a_kernel(tmp_path, name, {"who": "me"}, tmp_path / "a.ipynb", [])
    assert in_a_new_process(tmp_path, name, {"who": "me"}, tmp_path / "b.ipynb") == kernel


def test_every_run_begins_with_an_empty_namespace(tmp_path: Path) -> None:
    made = cells.read(notebook(tmp_path, "sorted(n for n in globals() if n[0] != '_')", "kept = 1"))
    first, second = (cells.execute(made, {"who": "me"}) for _ in range(2))
    assert first == second
    assert "kept" not in str(second.cells[2].outputs)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1 / 0", r"\[3\]: ZeroDivisionError: division by zero"),
        ("if:", r"\[3\]: SyntaxError"),
        ("raise SystemExit(3)", r"\[3\]: SystemExit: 3"),
    ],
)
def test_an_error_names_its_cell(tmp_path: Path, source: str, said: str) -> None:
    out = sys.stdout
    with pytest.raises(cells.CellFailed, match=said):
        cells.execute(cells.read(notebook(tmp_path, source, "2")), {"who": "me"})
    assert sys.stdout is out
    assert os.getcwd() == str(Path.cwd())
