"""An edition is put in place whole, also when the process is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from minato_analysis.published.publish import exchange, publish

NAMES = [f"{n:02d}.html" for n in range(20)]
LOOP = """
import itertools, sys
from pathlib import Path
from minato_analysis.published.publish import publish
folder, beside = map(Path, sys.argv[1:])
print("ready", flush=True)
for number in itertools.count(1):
    publish({f"{n:02d}.html": f"{number}" * 5000 for n in range(20)}, folder, beside)
"""


def test_texts_arrive_and_other_files_stay(tmp_path: Path) -> None:
    folder = tmp_path / "2024"
    folder.mkdir()
    (folder / "edition.yaml").write_text("a: 1\n")
    (folder / "index.html").write_text("old")
    publish({"index.html": "new"}, folder, tmp_path / "beside")
    assert {one.name: one.read_text() for one in folder.iterdir()} == {
        "edition.yaml": "a: 1\n",
        "index.html": "new",
    }
    assert not (tmp_path / "beside").exists()


def test_without_the_system_call_the_texts_arrive_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("minato_analysis.published.publish.exchange", lambda one, other: False)
    (tmp_path / "2024").mkdir()
    publish({"index.html": "new"}, tmp_path / "2024", tmp_path / "beside")
    assert (tmp_path / "2024/index.html").read_text() == "new"


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is a call of Linux")
def test_a_kill_at_any_moment_leaves_one_whole_edition(tmp_path: Path) -> None:
    folder, beside = tmp_path / "2024", tmp_path / "beside"
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_text("0" * 5000)
    seen = set()
    # Every 3 ms; on a busy machine on and on, until a kill has met a process that published something.
    for moment in (*range(15), *(2**n for n in range(4, 11))):
        if moment >= 15 and len(seen) > 1:
            break
        child = subprocess.Popen(
            [sys.executable, "-c", LOOP, str(folder), str(beside)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(0.003 * moment)
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
        texts = {(folder / name).read_text() for name in NAMES}
        assert len(texts) == 1, f"killed after {3 * moment} ms: pages of {len(texts)} editions"
        seen |= texts
    assert len(seen) > 1
    assert sorted(one.name for one in folder.iterdir() if one.suffix == ".html") == NAMES


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is a call of Linux")
def test_folders_change_places(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert exchange(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a/b").exists()
    assert not exchange(tmp_path / "a", tmp_path / "missing")
