"""Tasks side by side: as pytask's own loop would end them, and nothing goes on after Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from minato_analysis.execution.parents import CAN_FORK
from minato_analysis.tasks import build

TASKS = """
import time
from pathlib import Path
from typing import Annotated
from pytask import Product, task

HERE = Path(__file__).parent

def wait_for(file):
    for _ in range(500):
        if file.exists():
            return
        time.sleep(0.01)
    raise RuntimeError(f"{file.name} never came")

for one, other in (("a", "b"), ("b", "a")):
    @task(id=one)
    def task_meeting(one=one, other=other,
                     made: Annotated[Path, Product] = HERE / f"{one}.txt"):
        (HERE / f"{one}.begun").touch()
        wait_for(HERE / f"{other}.begun")
        made.write_text("met")

@task
def task_wrong(source=HERE / "source.txt", made: Annotated[Path, Product] = HERE / "wrong.txt"):
    raise ValueError("E9-WRONG no")

@task
def task_after_wrong(wrong=HERE / "wrong.txt", made: Annotated[Path, Product] = HERE / "after.txt"):
    made.write_text("never")

@task
def task_promises(source=HERE / "source.txt", made: Annotated[Path, Product] = HERE / "promised.txt"):
    pass
"""

DRIVER = """
import pathlib, signal, sys, pytask
from minato_analysis.execution import parents
from minato_analysis.tasks import build
parents.modules = lambda: ["ipykernel.kernelapp", "ipykernel_launcher", "numpy"]
build.PIPELINE = "task_here.py"
build.editions.names = lambda root: []
# In the background and under nohup a process is born deaf to Ctrl-C; here somebody sits before it.
signal.signal(signal.SIGINT, signal.default_int_handler)
print("begin", flush=True)
for problem in build.build(pathlib.Path(sys.argv[1]), "2024"):
    print("PROBLEM", problem)
"""

NOTEBOOKS = """
from pathlib import Path
from typing import Annotated
from pytask import Product, task
from minato_analysis.execution.apart import apart
from minato_analysis.execution.run import run

HERE = Path(__file__).parent

for name in ("one", "two"):
    @task(id=name)
    def task_notebook(notebook=HERE / "notebooks/made_up.ipynb",
                      made: Annotated[Path, Product] = HERE / f"{name}.ipynb"):
        run(notebook, made, {}, root=HERE, inputs=())

@task
def task_call(made: Annotated[Path, Product] = HERE / "call.txt"):
    apart(HERE, "time:sleep", 60)
"""


def start(root: Path, tasks: str, **environment: str) -> subprocess.Popen[str]:
    """Run a pipeline of made-up tasks, three at once, marked by a temporary folder of its own."""
    (root / "task_here.py").write_text(tasks, encoding="utf-8")
    (root / "pyproject.toml").write_text("[tool.pytask.ini_options]\n", encoding="utf-8")
    (root / "source.txt").touch()
    (root / "tmp").symlink_to(tempfile.mkdtemp(prefix="minato-test-", dir="/tmp"))
    own = {"TMPDIR": str((root / "tmp").resolve()), "MINATO_AT_ONCE": "3", **environment}
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(root)],
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def processes(root: Path) -> list[int]:
    """Return all living processes of the pipeline: its environment marks them."""
    mark, found = f"TMPDIR={(root / 'tmp').resolve()}".encode(), []
    for one in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            alive = "State:\tZ" not in (one / "status").read_text()
            if alive and mark in (one / "environ").read_bytes():
                found.append(int(one.name))
    return found


def test_two_tasks_meet_and_failures_stay_with_their_own(tmp_path: Path) -> None:
    output, _ = start(tmp_path, TASKS).communicate(timeout=120)
    assert (tmp_path / "a.txt").exists(), output
    assert (tmp_path / "b.txt").exists()
    assert not (tmp_path / "after.txt").exists()
    problems = [line for line in output.splitlines() if line.startswith("PROBLEM")]
    assert "PROBLEM E9-WRONG no" in problems
    assert any("promised.txt" in line or "did not produce" in line for line in problems)
    assert len(problems) == 2
    lock = (tmp_path / "build/pytask.lock").read_text(encoding="utf-8")
    journal = "".join(
        one.read_text(encoding="utf-8") for one in tmp_path.glob("build/pytask.lock.*")
    )
    assert "task_meeting[a]" in lock + journal
    assert "task_wrong" not in lock + journal
    assert not list((tmp_path / ".pytask").glob("*.sqlite3"))


@pytest.mark.skipif(not CAN_FORK, reason="looks into /proc")
@pytest.mark.parametrize("engine", ["warm", "plain"])
def test_after_an_interrupt_nothing_goes_on(tmp_path: Path, engine: str) -> None:
    from tests.execution.made_up import notebook

    notebook(tmp_path, "import time; open('/dev/null'); time.sleep(60)")
    tasks = NOTEBOOKS if engine == "warm" else NOTEBOOKS[: NOTEBOOKS.index("@task\ndef task_call")]
    with start(tmp_path, tasks, MINATO_ENGINE=engine) as driver:
        end = time.monotonic() + 60
        while len(list((tmp_path / "tmp").rglob("kernel.json"))) < 2:
            assert time.monotonic() < end
            time.sleep(0.05)
        time.sleep(0.5)
        begin = time.monotonic()
        driver.send_signal(signal.SIGINT)
        output, _ = driver.communicate(timeout=60)
        assert time.monotonic() - begin < 20
    assert "PROBLEM E3-STOPPED" in output, output
    assert output.count("PROBLEM") == 1
    assert not list(tmp_path.glob("*.ipynb"))
    end = time.monotonic() + 5
    while (
        left := [*processes(tmp_path), *(tmp_path / "tmp").iterdir()]
    ) and time.monotonic() < end:
        time.sleep(0.05)
    assert not left
    (tmp_path / "tmp").resolve().rmdir()


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("MINATO_AT_ONCE", "0", "E3-AT-ONCE MINATO_AT_ONCE=0"),
        ("MINATO_AT_ONCE", "two", "E3-AT-ONCE MINATO_AT_ONCE=two"),
        ("MINATO_ENGINE", "fast", "E3-ENGINE MINATO_ENGINE=fast"),
    ],
)
def test_a_wrong_setting_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, said: str
) -> None:
    monkeypatch.setenv(setting, value)
    (problem,) = build.build(tmp_path, "2024")
    assert problem.startswith(said)
