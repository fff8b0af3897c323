"""Through a real Dask scheduler with workers of their own: the same bytes, even when a worker is killed.

Everything is on 127.0.0.1, with ports the system chooses, without the dashboard.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.areas import world
from tests.areas.conftest import AREAS, Finished

from minato_analysis.areas import command, remote, state
from minato_analysis.areas.errors import AreasError

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="warm processes are forks")

DASK = [sys.executable, "-m", "dask"]
HERE = "127.0.0.1"


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Run a Dask command in the background; its log is the file."""
    log = folder / f"{arguments[0]}-{time.monotonic_ns()}.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*DASK, *arguments],
            stdout=stream,
            stderr=stream,
            env={**os.environ, "MINATO_ENGINE": "warm", "DASK_LOGGING__DISTRIBUTED": "info"},
            start_new_session=True,
            cwd=folder,
        )
    try:
        yield process, log
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def found(log: Path, pattern: str) -> str:
    """Wait for a text in a log."""
    end = time.monotonic() + 60
    while not (match := re.search(pattern, log.read_text(errors="replace"))):
        assert time.monotonic() < end, log.read_text(errors="replace")
        time.sleep(0.05)
    return match[1]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler."""
    folder = tmp_path_factory.mktemp("scheduler")
    with started(folder, "scheduler", "--host", HERE, "--port", "0", "--no-dashboard") as (_, log):
        yield found(log, rf"Scheduler at:\s+(tcp://{HERE}:\d+)")


@contextmanager
def workers(address: str, folder: Path, count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run workers, each one process with one thread."""
    if not count:
        yield []
        return
    arguments = ["--host", HERE, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    where = folder / f"worker{count}"
    where.mkdir()
    given = [*arguments, "--local-directory", str(where)]
    with started(where, "worker", address, *given) as (first, log):
        found(log, r"(Registered to)")
        with workers(address, folder, count - 1) as others:
            yield [first, *others]


def test_two_workers_give_the_same_bytes_though_one_is_killed(
    address: str, finished: Finished, project: Path, tmp_path: Path
) -> None:
    table = world.made(tmp_path / "made", AREAS)
    results = project / "build/areas/made/results"
    made: list[str] = []

    def kill(victim: subprocess.Popen[bytes]) -> None:
        while not list(results.glob("*.json")):
            time.sleep(0.01)
        os.killpg(victim.pid, signal.SIGKILL)

    with workers(address, tmp_path, 2) as both:
        killer = threading.Thread(target=kill, args=(both[0],), daemon=True)
        killer.start()
        put = state.Results.put

        def counted(self: state.Results, one: object, key: str) -> None:
            made.append(one.code)  # type: ignore[attr-defined]
            put(self, one, key)  # type: ignore[arg-type]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(state.Results, "put", counted)
            pages = command.report(project, table, dask=address).parent
        killer.join(10)
        assert both[0].poll() is not None
        assert both[1].poll() is None
    assert len(made) == len(set(made)) == AREAS + 1
    assert world.contents(pages) == world.contents(finished.pages)


def test_a_worker_with_another_package_refuses(
    address: str, finished: Finished, tmp_path: Path
) -> None:
    with workers(address, tmp_path, 1), pytest.raises(AreasError, match="E8-CHANGED"):
        list(remote.there(address, finished.root, "made", ["90001"], "another fingerprint"))


def test_a_page_that_fails_there_is_told_here(address: str, project: Path, tmp_path: Path) -> None:
    from tests.areas.test_worker import add_cell

    add_cell(project, "import os\nif area_code == '90002': os._exit(3)")
    table = world.made(tmp_path / "made", 3)
    with workers(address, tmp_path, 1), pytest.raises(AreasError) as error:
        command.report(project, table, dask=address)
    assert str(error.value).startswith("E8-STOPPED 90002")
    assert "\n" not in str(error.value)


def test_a_scheduler_that_is_not_there_is_a_sentence(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "WAIT_SECONDS", 1)
    with pytest.raises(AreasError, match=f"E8-DASK tcp://{HERE}:1: "):
        list(remote.there(f"tcp://{HERE}:1", finished.root, "made", ["90001"], ""))


def test_without_distributed_the_way_to_get_it_is_told(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(AreasError, match="minato-analysis\\[cluster\\]"):
        list(remote.there(f"tcp://{HERE}:1", finished.root, "made", ["90001"], ""))
