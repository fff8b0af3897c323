"""The plain and the warm engine give the same bytes for every notebook of the project."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from minato_analysis import editions, facts
from minato_analysis.execution import warm
from minato_analysis.execution.run import ENGINES, run

FACTS = "build/2024/analysis_facts.json"


@pytest.fixture(scope="module")
def root(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The parts of the project that notebooks read."""
    copy = tmp_path_factory.mktemp("copy")
    for part in ("data", "notebooks", "reports"):
        shutil.copytree(repository / part, copy / part)
    return copy


def execute(root: Path, engine: str, kind: str) -> dict[str, bytes]:
    inputs = [
        one.relative_to(root).as_posix() for one in (root / "data").rglob("*") if one.is_file()
    ]
    parameters = editions.load(root, "2024").parameters()
    done = {}
    for notebook in sorted((root / "notebooks").glob(f"{kind}*.ipynb")):
        output = root / "build" / engine / notebook.name
        run(notebook, output, parameters, root=root, inputs=[*inputs, FACTS], engine=engine)
        done[notebook.name] = output.read_bytes()
    return done


def test_every_notebook_is_the_same_from_both_engines(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forks: list[object] = []
    fork = warm.Parent.fork
    monkeypatch.setattr(warm.Parent, "fork", lambda *given: forks.append(1) or fork(*given))
    with ThreadPoolExecutor(len(ENGINES)) as pool:
        analyses = list(pool.map(lambda engine: execute(root, engine, "[0-9]"), ENGINES))
        assert analyses[0] == analyses[1]
        executed = sorted((root / "build/plain").glob("*.ipynb"))
        collected = facts.dumps(facts.merge(map(facts.read_notebook, executed)))
        (root / FACTS).parent.mkdir()
        (root / FACTS).write_text(collected, encoding="utf-8")
        documents = list(pool.map(lambda engine: execute(root, engine, "[a-z]"), ENGINES))
    assert documents[0] == documents[1]
    assert len(analyses[0]) >= 4
    assert documents[0]
    assert len(forks) == len(analyses[0]) + len(documents[0])
