"""The pipeline's lock file is published: of a closed file it must not hold a plain checksum."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytask
import pytest
from _pytask.task_utils import COLLECTED_TASKS

from minato_analysis.data import DESCRIPTOR
from minato_analysis.project import checksums
from minato_analysis.tasks.closed_file import ClosedFile, closed_or_not

TASK = """
from pathlib import Path
from typing import Annotated
from pytask import Product
from minato_analysis.tasks.closed_file import closed_or_not

ROOT = Path(__file__).parent


def task_read(
    inputs: list[Path] = [closed_or_not(ROOT / "data" / one) for one in ("t.csv", "not-public/s/t.csv")],
    made: Annotated[list[Path], Product] = [closed_or_not(ROOT / "data/not-public/made.csv")],
) -> None:
    made[0].write_text("".join(one.read_text() for one in inputs))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in (("t.csv", "public\n"), ("not-public/s/t.csv", "7\n")):
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_text(text, encoding="utf-8")
    (tmp_path / DESCRIPTOR).write_text("{}", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.pytask.ini_options]\n", encoding="utf-8")
    (tmp_path / "task_made_up.py").write_text(TASK, encoding="utf-8")
    checksums.make_key(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def nothing_collected() -> Iterator[None]:
    """Keep the tasks aside that other tests of this process have imported: pytask would run them too."""
    before = dict(COLLECTED_TASKS)
    COLLECTED_TASKS.clear()
    yield
    COLLECTED_TASKS.clear()
    COLLECTED_TASKS.update(before)


def build(project: Path) -> list[Any]:
    session = pytask.build(root=project, config=project / "pyproject.toml", paths=[project])
    assert session.exit_code == pytask.ExitCode.OK
    return [one.outcome.name for one in session.execution_reports]


def test_the_lock_file_holds_keyed_hashes_of_closed_files(project: Path) -> None:
    assert build(project) == ["SUCCESS"]
    text = (project / "pytask.lock").read_text(encoding="utf-8")
    for name, public in (
        ("t.csv", True),
        ("not-public/s/t.csv", False),
        ("not-public/made.csv", False),
    ):
        file = project / "data" / name
        assert (hashlib.sha256(file.read_bytes()).hexdigest() in text) is public, name
        assert (checksums.checksum(file, project) in text) is not public, name
    assert build(project) == ["SKIP_UNCHANGED"]
    (project / "data/not-public/s/t.csv").write_text("8\n", encoding="utf-8")
    assert build(project) == ["SUCCESS"]


def test_only_closed_files_are_taken_apart(project: Path) -> None:
    assert closed_or_not(project / "data/t.csv") == project / "data/t.csv"
    closed = closed_or_not(project / "data/not-public/gone.csv")
    assert isinstance(closed, ClosedFile)
    assert closed.state() is None
