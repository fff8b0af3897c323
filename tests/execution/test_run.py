"""Notebooks run by real papermill and both kinds of kernels: same bytes, guarded inputs, exact errors."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.execution.made_up import notebook, printed

from minato_analysis.execution.run import ENGINES, NotebookFailed, run


@pytest.fixture(autouse=True, params=ENGINES)
def engine(
    few_libraries: list[str], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> str:
    monkeypatch.setenv("MINATO_ENGINE", request.param)
    name: str = request.param
    return name


def execute(
    root: Path, *sources: str, inputs: tuple[str, ...] = (), cell_seconds: int | None = None
) -> Path:
    output = root / "build/made_up.ipynb"
    parameters = {"who": "区", "unused": 1}
    made_up = notebook(root, *sources)
    run(made_up, output, parameters, root=root, inputs=inputs, cell_seconds=cell_seconds)
    return output


def test_two_runs_give_the_same_bytes_and_no_trace_of_the_machine(tmp_path: Path) -> None:
    source = "import os\nprint(who, sorted(map(hash, 'abc')), os.environ['OMP_NUM_THREADS'])"
    texts = []
    for name in ("one", "two"):
        root = tmp_path / name
        executed = execute(root, source)
        texts.append(executed.read_text(encoding="utf-8"))
    assert texts[0] == texts[1]
    assert "区" in printed(executed)
    assert str(tmp_path) not in texts[0]
    for trace in ("start_time", "duration", "version", "20"):
        assert trace not in json.dumps(json.loads(texts[0])["metadata"])
    assert json.loads(texts[0])["metadata"]["papermill"]["parameters"] == {"who": "区"}


def test_a_notebook_reads_only_what_is_declared(project: Path) -> None:
    (project / "data").mkdir(exist_ok=True)
    for name in ("declared.csv", "other.csv"):
        (project / "data" / name).write_text("1", encoding="utf-8")
    source = "print(open('data/declared.csv').read())"
    assert printed(execute(project, source, inputs=("data/declared.csv",))).strip() == "1"
    for wrong, code in (
        ("open('data/other.csv')", "E3-UNDECLARED data/other.csv"),
        ("open('data/../data/other.csv')", "E3-UNDECLARED data/other.csv"),
        ("import pandas; pandas.read_csv('data/other.csv')", "E3-UNDECLARED data/other.csv"),
        ("open('data/declared.csv', 'w')", "E3-WRITE data/declared.csv"),
    ):
        with pytest.raises(NotebookFailed, match=code):
            execute(project, wrong, inputs=("data/declared.csv",))
    assert (project / "data/declared.csv").read_text(encoding="utf-8") == "1"


def test_a_failure_names_notebook_cell_and_reason_and_keeps_the_last_result(project: Path) -> None:
    execute(project, "print('good')")
    with pytest.raises(NotebookFailed) as failed:
        execute(project, "x = 1", "raise ValueError('both numbers: 1 and 2')")
    message = str(failed.value)
    assert message.startswith("E3-NOTEBOOK notebooks/made_up.ipynb セル [4]: ValueError")
    assert "both numbers: 1 and 2" in message
    kept = (project / "build/made_up.ipynb").read_text(encoding="utf-8")
    assert "good" in kept
    assert sorted(file.name for file in (project / "build").iterdir()) == ["made_up.ipynb"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", "（SIGKILL）。メモリー"),
        ("ctypes.string_at(0)", "（SIGSEGV）"),
        ("os._exit(3)", "（終了コード 3）"),
    ],
)
def test_a_crash_is_one_sentence_with_notebook_and_cell(
    project: Path, source: str, reason: str
) -> None:
    with pytest.raises(NotebookFailed) as failed:
        execute(
            project, "import ctypes, os, signal", "", f"{source}\nx = 1", "print('not reached')"
        )
    message = str(failed.value)
    assert message.startswith(f"E3-KERNEL notebooks/made_up.ipynb セル [4]「{source}」: ")
    assert reason in message
    assert "\n" not in message
    assert not list((project / "build").glob("*.partial*"))


def test_too_little_memory_is_one_sentence(project: Path) -> None:
    limit = "resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))"
    with pytest.raises(NotebookFailed) as failed:
        execute(project, f"import resource; {limit}", "x = bytearray(2**33)")
    message = str(failed.value)
    assert message.startswith("E3-NOTEBOOK notebooks/made_up.ipynb セル [4]: MemoryError")
    assert "\n" not in message


def test_a_cell_that_never_ends_is_stopped(project: Path) -> None:
    with pytest.raises(NotebookFailed) as failed:
        execute(project, "while True: pass", cell_seconds=1)
    message = str(failed.value)
    assert message.startswith(
        "E3-TIMEOUT notebooks/made_up.ipynb セル [3]「while True: pass」: 1 秒"
    )
    assert "MINATO_CELL_SECONDS" in message


def test_a_kernel_that_does_not_start_is_said(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "zmq.py").write_text("raise SystemExit(7)", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    with pytest.raises(NotebookFailed, match=r"E3-KERNEL notebooks/made_up\.ipynb: .*終了コード 7"):
        execute(project, "x = 1")


def test_an_unknown_engine_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINATO_ENGINE", "fast")
    with pytest.raises(NotebookFailed, match=r"E3-ENGINE MINATO_ENGINE=fast: .*warm か plain"):
        execute(project, "x = 1")


def test_one_long_line_and_a_line_written_over_are_kept_as_they_were_seen(tmp_path: Path) -> None:
    # A million characters: with nbclient's own way of joining streams this test would not end (20 minutes).
    long = "import sys\nsys.stderr.write('warned')\nprint('x' * 1_000_000)\n"
    over = "print('1 %', end='\\r')\nprint('99 %')"
    executed = json.loads(execute(tmp_path, long + over).read_text(encoding="utf-8"))
    streams = {one["name"]: "".join(one["text"]) for one in executed["cells"][-1]["outputs"]}
    assert list(streams) == ["stdout", "stderr"]
    assert streams == {"stdout": "x" * 1_000_000 + "\n99 %\n", "stderr": "warned"}
