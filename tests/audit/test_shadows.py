"""What would run before, or in place of, the program and its libraries is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from minato_analysis.audit import shadows


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "src/minato_analysis/__pycache__").mkdir(parents=True)
    (tmp_path / "src/minato_analysis/__init__.py").touch()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/__init__.py").touch()
    for name in ("conftest.py", "Makefile", "src/README.md", "src/minato_analysis/json.py"):
        (tmp_path / name).touch()
    return tmp_path


def test_a_project_as_it_should_be_has_none(root: Path, repository: Path) -> None:
    assert shadows.findings(root) == []
    assert shadows.findings(repository) == []


@pytest.mark.parametrize(
    "path",
    [
        "src/sitecustomize.py",
        "src/usercustomize.pyc",
        "src/sitecustomize/__init__.py",
        "src/scipy.py",
        "src/scipy/stats.py",
        "src/fast.abi3.so",
        "src/minato_analysis.py",
        "sitecustomize.py",
        "statistics.py",
        "numpy.py",
    ],
)
def test_a_file_that_python_would_take_first_is_named(root: Path, path: str) -> None:
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).touch()
    (one,) = shadows.findings(root)
    assert (one.code, one.severity) == ("E5-SHADOW", "different")
    assert path.startswith(one.place)
