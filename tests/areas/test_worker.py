"""A page that goes wrong costs this page only, and says why; a lost process costs nothing."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from tests.areas import world
from tests.areas.conftest import Finished

from minato_analysis.areas import command, pool, remote, state, worker
from minato_analysis.areas.canvas import Canvas
from minato_analysis.areas.errors import AreasError
from minato_analysis.areas.inputs import input_of
from minato_analysis.areas.kinds import KINDS, NOTEBOOKS
from minato_analysis.areas.making import Made, make
from minato_analysis.areas.records import Record
from minato_analysis.areas.worker import drawing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="warm processes are forks")

MISCHIEF = {
    "90002": "import os; os._exit(3)",
    "90003": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "90004": "1 / 0",
    "90005": "open('data/datapackage.json')",
    "90006": "print('a lay page shows no text')",
    "90007": "import time; time.sleep(600)",
}
SAID = {
    "90002": "E8-STOPPED 90002: .*終了コード 3",
    "90003": "E8-STOPPED 90003: .*SIGKILL.*メモリー",
    "90004": r"E3-NOTEBOOK notebooks/areas/area_page.ipynb（90004）セル \[4\]: ZeroDivisionError",
    "90005": "UndeclaredInput: E3-UNDECLARED data/datapackage.json",
    "90006": "E3-OUTPUT 90006 セル5: 画面用の文字",
    "90007": "E8-TIMEOUT 90007: 6 秒",
}


@pytest.fixture(autouse=True)
def warm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINATO_ENGINE", "warm")


def add_cell(root: Path, source: str) -> None:
    """Put a code cell right before the first figure of the areas' notebook."""
    file = root / KINDS["share"].area_notebook
    notebook = json.loads(file.read_text(encoding="utf-8"))
    cell = {"cell_type": "code", "id": "mischief", "metadata": {}, "source": source}
    notebook["cells"].insert(3, {**cell, "execution_count": None, "outputs": []})
    file.write_text(json.dumps(notebook), encoding="utf-8")


def test_every_mischief_is_told_and_the_other_pages_are_made(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = "\n".join(f"if area_code == '{code}':\n    {one}" for code, one in MISCHIEF.items())
    add_cell(project, cases)
    monkeypatch.setenv("MINATO_CELL_SECONDS", "6")
    with pytest.raises(AreasError) as error:
        command.report(project, world.made(tmp_path / "made", 9), jobs=2)
    for code, words in SAID.items():
        assert re.search(words, str(error.value)), (code, str(error.value))
    assert len(str(error.value).splitlines()) == len(MISCHIEF)
    done = {one.stem for one in (project / "build/areas/made/results").glob("*.html")}
    assert done == {"index", "90001", "90008", "90009"}
    assert not (project / "build/areas/made/pages").exists()


def children(of: int) -> Iterator[int]:
    """Yield the warm processes of a process: what it started, not their forks."""
    for one in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((one / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == of and "areas.worker" in (one / "cmdline").read_text():
                yield int(one.name)


def test_a_lost_process_is_replaced(project: Path, tmp_path: Path) -> None:
    killed: list[int] = []

    def kill() -> None:
        results = project / "build/areas/made/results"
        for wanted in (2, 6):
            while len(list(results.glob("*.html"))) < wanted:
                time.sleep(0.01)
            for pid in children(os.getpid()):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    killer = threading.Thread(target=kill, daemon=True)
    table = world.made(tmp_path / "made", 14)
    killer.start()
    pages = command.report(project, table, jobs=1).parent
    killer.join(10)
    assert len(killed) == 2
    assert len(list(pages.glob("*.html"))) == 15


def test_a_fork_may_read_the_inputs_of_its_own_areas_only(
    finished: Finished, project: Path
) -> None:
    inputs = finished.root / "build/areas/made/inputs"
    (project / "build/areas/made/inputs").mkdir(parents=True)
    for one in inputs.glob("*.json"):
        (project / "build/areas/made/inputs" / one.name).write_bytes(one.read_bytes())
    add_cell(project, "open('build/areas/made/inputs/90003.json').close()")
    maker = pool.maker(project, "made")
    try:
        (first,) = maker.make(["90001"])
        assert "E3-UNDECLARED build/areas/made/inputs/90003.json" in first.problem
        assert [bool(one.html) for one in maker.make(["90003", "90001"])] == [True, True]
    finally:
        maker.close()
    assert not list(children(os.getpid()))


def test_pages_do_not_depend_on_the_order_of_the_batch(finished: Finished) -> None:
    maker = pool.maker(finished.root, "made")
    codes = ["90001", "90006", "90008", "index"]
    try:
        there = {one.code: one for one in maker.make(codes)}
        back = {one.code: one for one in maker.make(codes[::-1])}
    finally:
        maker.close()
    assert there == back
    for code, made in there.items():
        assert made.html.encode() == (finished.pages / f"{code}.html").read_bytes()


def test_area_pages_are_drawn_without_matplotlib(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINATO_ROOT", str(finished.root))
    drawn: list[Canvas] = []
    monkeypatch.setattr(Canvas, "savefig", _counted(Canvas.savefig, drawn))
    inputs = sorted((finished.root / "build/areas/made/inputs").glob("*.json"))
    records = [Record.model_validate_json(one.read_text(encoding="utf-8")) for one in inputs]
    codes = [one.code for one in records if one.yearly and one.ahead][:2]
    for code in codes:
        execute = partial(worker._execute, finished.root, code)
        with drawing(Canvas):
            made = make(finished.root, "made", code, execute)
        assert made.html.encode() == (finished.pages / f"{code}.html").read_bytes()
    assert len(drawn) == 2 * len(codes) == 4
    assert isinstance(worker.page(finished.root, "made", "90001"), Made)


def _counted(savefig: object, drawn: list[Canvas]) -> object:
    def counted(self: Canvas, *given: object, **more: object) -> None:
        drawn.append(self)
        savefig(self, *given, **more)  # type: ignore[operator]

    return counted


def test_a_process_lost_between_two_batches_is_replaced(finished: Finished) -> None:
    own = pool.WarmMaker(finished.root, "made")
    try:
        assert [one.problem for one in own.make(["90001"])] == [""]
        (pid,) = children(os.getpid())
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.3)
        assert [one.problem for one in own.make(["90002"])] == [""]
    finally:
        own.close()


def test_a_process_lost_after_its_last_page_costs_nothing(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    def last_words_only(_: object, codes: list[str]) -> Iterator[dict[str, object]]:
        yield {"code": codes[0], "facts": []}
        raise pool._Lost

    monkeypatch.setattr(pool.WarmMaker, "_asked", last_words_only)
    own = pool.WarmMaker(finished.root, "made")
    assert [one.code for one in own.make(["90001"])] == ["90001"]


def test_a_worker_of_a_cluster_keeps_its_process(finished: Finished) -> None:
    notebooks = {one: (finished.root / one).read_text("utf-8") for one in NOTEBOOKS}
    expected = state.fingerprint(finished.root)
    used = []
    for code in ("90001", "90002", "90003"):
        texts = {code: (finished.root / input_of("made", code)).read_text(encoding="utf-8")}
        (one,) = remote.make_batch("made", expected, notebooks, texts)
        assert (one.code, one.problem) == (code, "")
        used.append(set(children(os.getpid())))
        time.sleep(0.2)
    assert len(used[0]) == 1
    assert used[0] == used[1] == used[2]


def test_the_fingerprint_knows_the_code_that_draws(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: set[str] = set()
    bytes_of = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: read.add(self.name) or bytes_of(self))
    state.fingerprint(project)
    assert {"canvas.py", "panel.py", "elements.py", "worker.py", "cells.py"} <= read
