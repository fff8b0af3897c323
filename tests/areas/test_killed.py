"""Killed at any moment, a run goes on where it stopped: nothing is made twice, nothing is torn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from tests.areas import world
from tests.areas.conftest import AREAS, Finished

from minato_analysis.areas import command
from minato_analysis.areas.state import Results

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

RUN = """
import pathlib, sys
from minato_analysis.areas import command
command.report(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), jobs=2, say=lambda text: None)
"""

# Pages that cost nothing, so that a kill mostly meets the writing itself.
WRITE = """
import itertools, pathlib, sys
from minato_analysis.areas.making import Made
from minato_analysis.areas.publishing import publish
from minato_analysis.areas.state import Results
folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
folder.mkdir(exist_ok=True)
results = Results(folder)
codes = [f"{90001 + at}" for at in range(30)]
print("begin", flush=True)
for turn in itertools.count():
    for code in [*codes, "index"]:
        if not results.has(code, f"key {turn % 2}"):
            results.put(Made(code, f"{code} {turn % 2} " + 300 * 1024 * str(turn % 2)), f"key {turn % 2}")
    publish(results, out, codes, [(code,) for code in codes])
"""


def whole(text: str, code: str) -> bool:
    """Tell whether a page of WRITE is one of its two versions."""
    return text in (f"{code} {turn} " + 300 * 1024 * turn for turn in "01")


def test_whatever_moment_a_kill_meets_every_file_is_whole(tmp_path: Path) -> None:
    folder, out = tmp_path / "results", tmp_path / "out"
    for moment in range(5):
        command = [sys.executable, "-c", WRITE, str(folder), str(out)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as driver:
            assert driver.stdout
            driver.stdout.readline()
            time.sleep(0.13 * moment)
            driver.kill()
        results = Results(folder)
        for page in folder.glob("?????.html"):
            assert whole(page.read_text(), page.stem)
        for note in folder.glob("?????.json"):
            key = json.loads(note.read_text())["key"]
            if results.has(note.stem, key):
                assert results.page(note.stem).read_text()[:7] == f"{note.stem} {key[-1]}"
        for page in out.glob("?????.html"):
            assert whole(page.read_text(), page.stem)
    assert list(out.glob("*.html"))
    Results(folder).forget_others([f"{90001 + at}" for at in range(30)])
    assert not [one for one in folder.iterdir() if one.name.startswith(".")]


def complete(results: Path) -> dict[str, tuple[int, int]]:
    """Return the results that are complete, with what changes when a file is written again."""
    found = {}
    for note in results.glob("*.json"):
        with suppress(OSError, ValueError):
            key = json.loads(note.read_text(encoding="utf-8"))["key"]
            if Results(results).has(note.stem, key):
                found[note.stem] = (note.stat().st_ino, note.stat().st_mtime_ns)
    return found


def alive(mark: str) -> list[int]:
    """Return the living processes whose environment has the mark."""
    found = []
    for one in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            dead = "State:\tZ" in (one / "status").read_text()
            if not dead and mark.encode() in (one / "environ").read_bytes():
                found.append(int(one.name))
    return found


def test_a_killed_run_goes_on_and_its_processes_end(
    finished: Finished, project: Path, tmp_path: Path
) -> None:
    table, results = world.made(tmp_path / "made", AREAS), project / "build/areas/made/results"
    mark = f"MINATO_TEST_MARK={tmp_path}"
    environment = {**os.environ, "MINATO_ENGINE": "warm", "MINATO_TEST_MARK": str(tmp_path)}
    kept: dict[str, tuple[int, int]] = {}
    for wanted in (1, 8):
        driver = subprocess.Popen(
            [sys.executable, "-c", RUN, str(project), str(table)], env=environment
        )
        while len(complete(results)) < wanted:
            assert driver.poll() is None
            time.sleep(0.01)
        driver.kill()
        driver.wait()
        end = time.monotonic() + 5
        while alive(mark) and time.monotonic() < end:
            time.sleep(0.05)
        assert not alive(mark)
        assert not (project / "build/areas/made/pages").exists()
        done = complete(results)
        assert len(done) < AREAS + 1
        assert {code: done[code] for code in kept} == kept
        kept = done
    said: list[str] = []
    pages = command.report(project, table, say=said.append).parent
    assert said[0] == f"{AREAS}地域。作る必要のあるページは{AREAS + 1 - len(kept)}。"
    assert {code: at for code, at in complete(results).items() if code in kept} == kept
    assert world.contents(pages) == world.contents(finished.pages)


@pytest.mark.parametrize("damage", ["page", "note", "torn", "gone"])
def test_a_damaged_result_is_made_again(
    finished: Finished, project: Path, tmp_path: Path, damage: str
) -> None:
    folder = project / "results"
    folder.mkdir()
    from minato_analysis.areas.making import Made

    results = Results(folder)
    results.put(Made("90001", "page"), "key")
    assert results.has("90001", "key")
    assert not results.has("90001", "another key")
    note, page = folder / "90001.json", folder / "90001.html"
    if damage == "page":
        page.write_text("pag", encoding="utf-8")
    elif damage == "note":
        note.write_text("[]", encoding="utf-8")
    elif damage == "torn":
        note.write_text(note.read_text(encoding="utf-8")[:20], encoding="utf-8")
    else:
        page.unlink()
    assert not results.has("90001", "key")
