"""The guard decides by real paths: links and relative ways lead to the same answer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import sys
from minato_analysis.execution.guard import install
install(sys.argv[1], ["data/declared.csv"])
{action}
print("passed")
"""


def guarded(root: Path, action: str) -> subprocess.CompletedProcess[str]:
    """Run an action under the guard in a process of its own: an audit hook cannot be removed."""
    return subprocess.run(
        [sys.executable, "-c", SCRIPT.format(action=action), str(root)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("data", "reports", "src"):
        (tmp_path / folder).mkdir()
    for name in ("data/declared.csv", "data/other.csv", "reports/facts.json", "src/code.py"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to(tmp_path / "data/other.csv")
    return tmp_path


@pytest.mark.parametrize("path", ["data/declared.csv", "src/code.py", "data/../data/declared.csv"])
def test_declared_inputs_and_code_may_be_read(root: Path, path: str) -> None:
    assert "passed" in guarded(root, f"open({path!r})").stdout


@pytest.mark.parametrize(
    ("action", "code"),
    [
        ("open('data/other.csv')", "E3-UNDECLARED data/other.csv"),
        ("open('link.csv')", "E3-UNDECLARED data/other.csv"),
        ("open(b'reports/facts.json')", "E3-UNDECLARED reports/facts.json"),
        ("import pathlib; pathlib.Path('data/other.csv').read_bytes()", "E3-UNDECLARED"),
        ("open('data/declared.csv', 'a')", "E3-WRITE data/declared.csv"),
        ("open('reports/new.html', 'w')", "E3-WRITE reports/new.html"),
    ],
)
def test_everything_else_in_the_watched_folders_is_refused(
    root: Path, action: str, code: str
) -> None:
    result = guarded(root, action)
    assert code in result.stderr
    assert "passed" not in result.stdout
    assert not (root / "reports/new.html").exists()
