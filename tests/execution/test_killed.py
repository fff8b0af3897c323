"""Whatever is killed, and when: no process, socket or folder is left, and no half result."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from tests.execution.conftest import FEW
from tests.execution.made_up import notebook, printed

from minato_analysis.execution import folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

DRIVER = f"""
import pathlib, sys
from minato_analysis.execution import parents
from minato_analysis.execution.run import NotebookFailed, run
parents.modules = lambda: {FEW!r}
root = pathlib.Path(sys.argv[1])
for number in range(int(sys.argv[2])):
    print("begin", number, flush=True)
    try:
        run(root / "notebooks/made_up.ipynb", root / f"build/{{number}}.ipynb", {{}}, root=root, inputs=())
    except NotebookFailed as failed:
        print(failed, flush=True)
"""

Find = Callable[[Path], list[int]]


def start(root: Path, runs: int, **environment: str) -> subprocess.Popen[str]:
    """Run a notebook again and again, with temporary and home folders of its own."""
    notebook(root, "import time; time.sleep(0.2)", "print('result')")
    (root / "home").mkdir()
    # Names of sockets are short; pytest's folders are not.
    (root / "tmp").symlink_to(tempfile.mkdtemp(prefix="minato-test-", dir="/tmp"))
    own = {
        "TMPDIR": str((root / "tmp").resolve()),
        "HOME": str(root / "home"),
        "MINATO_ENGINE": "warm",
    }
    command = [sys.executable, "-c", DRIVER, str(root), str(runs)]
    environment = {**os.environ, **own, **environment}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def processes(root: Path) -> list[int]:
    """Return all living processes that descend from the driver: its environment marks them."""
    mark = f"TMPDIR={(root / 'tmp').resolve()}".encode()
    found = []
    for one in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (
                mark in (one / "environ").read_bytes()
                and "State:\tZ" not in (one / "status").read_text()
            ):
                found.append(int(one.name))
    return found


def kernels(root: Path) -> list[int]:
    """Return the forks: the command line is inherited, and the parent of a fork has it as well."""
    forkservers = {one for one in processes(root) if "forkserver" in _of(one, "cmdline")}
    return [one for one in forkservers if _parent_of(one) in forkservers]


def parents(root: Path) -> list[int]:
    """Return the processes that have forked a kernel."""
    return [_parent_of(one) for one in kernels(root)]


def _parent_of(pid: int) -> int:
    return int(_of(pid, "stat").rsplit(")", 1)[1].split()[1])


def _of(pid: int, what: str) -> str:
    return Path(f"/proc/{pid}/{what}").read_text()


def left(root: Path) -> list[object]:
    """Return what is left after a moment: processes, temporary files, connection files."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        remains = [*processes(root), *(root / "tmp").iterdir(), *(root / "home").rglob("kernel-*")]
        if not remains:
            (root / "tmp").resolve().rmdir()
            break
        time.sleep(0.05)
    return remains


def kill(found: list[int]) -> bool:
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return bool(found)


def test_nothing_is_left_when_the_run_is_killed_at_any_moment(tmp_path: Path) -> None:
    for moment in range(8):
        root = tmp_path / str(moment)
        root.mkdir()
        with start(root, 9) as driver:
            assert driver.stdout
            driver.stdout.readline()
            time.sleep(0.2 * moment)
            driver.kill()
        assert not left(root), f"{0.2 * moment} s after the beginning"
        done = list((root / "build").glob("?.ipynb"))
        assert all("result" in printed(one) for one in done)


@pytest.mark.parametrize("engine", ["warm", "plain"])
def test_the_next_run_removes_what_a_killed_group_left(tmp_path: Path, engine: str) -> None:
    with start(tmp_path, 9, MINATO_ENGINE=engine):
        wait_for(
            lambda: len(processes(tmp_path)) > 1 and list(tmp_path.glob("tmp/*/**/kernel.json"))
        )
        kill(processes(tmp_path))
    wait_for(lambda: not processes(tmp_path))
    assert list((tmp_path / "tmp").iterdir()), "all were killed at once: the folder had to stay"
    script = "from minato_analysis.execution.folder import remove_abandoned; remove_abandoned()"
    environment = {**os.environ, "TMPDIR": str((tmp_path / "tmp").resolve())}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
    assert not left(tmp_path)


@pytest.mark.parametrize("find", [parents, kernels])
def test_every_run_ends_well_or_with_a_sentence_while_its_processes_are_killed(
    tmp_path: Path, find: Find
) -> None:
    runs, kills, enough = 6, 0, 6
    with start(tmp_path, runs) as driver:
        while driver.poll() is None:
            time.sleep(0.1 + 0.05 * (kills % 7))  # at another moment of the run each time
            if kills < enough:
                with suppress(OSError):
                    kills += kill(find(tmp_path))
        assert driver.stdout
        output = driver.stdout.read()
    assert driver.returncode == 0, output
    sentences = [line for line in output.splitlines() if not line.startswith("begin")]
    assert all(line.startswith("E3-KERNEL notebooks/made_up.ipynb") for line in sentences), output
    done = list((tmp_path / "build").iterdir())
    assert all("result" in printed(one) for one in done)
    assert len(done) + len(sentences) == runs
    assert kills >= 2
    if find is parents:
        assert not sentences, "a lost parent is no fault of the notebook"
    assert not left(tmp_path)


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_folder_in_use_stays_and_one_without_owner_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    abandoned = tmp_path / f"{folder.PREFIX}abandoned"
    abandoned.mkdir()
    (abandoned / folder.LOCK).touch()
    unlocked = tmp_path / f"{folder.PREFIX}being-made"
    unlocked.mkdir()
    with folder.temporary_folder() as held:
        assert not abandoned.exists()
        assert folder.remove_abandoned() == []
        assert held.exists()
        assert held.stat().st_mode & 0o777 == 0o700
    assert not held.exists()
    assert unlocked.exists()
