"""What git is asked, it answers from what was committed and not from what a folder put in its place."""

from __future__ import annotations

import subprocess
from pathlib import Path

from minato_analysis.published import history


def git(root: Path, *arguments: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    command = ["git", "-C", str(root), *who, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def committed(root: Path, text: str) -> str:
    (root / "ledger.csv").write_text(text, encoding="utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-qm", text)
    return git(root, "rev-parse", "HEAD")


def test_a_replaced_past_is_not_believed(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    first = committed(tmp_path, "as it was")
    last = committed(tmp_path, "as it is")
    other = git(tmp_path, "commit-tree", f"{last}^{{tree}}", "-m", "another past")
    git(tmp_path, "replace", first, other)
    assert git(tmp_path, "show", f"{first}:ledger.csv") == "as it is"
    assert history.git(tmp_path, "show", f"{first}:ledger.csv") == b"as it was"


def test_a_grafted_past_is_not_believed(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    committed(tmp_path, "as it was")
    last = committed(tmp_path, "as it is")
    (tmp_path / ".git/info").mkdir(exist_ok=True)
    (tmp_path / ".git/info/grafts").write_text(f"{last}\n", encoding="utf-8")
    assert git(tmp_path, "rev-list", "HEAD").split() == [last]
    found = history.git(tmp_path, "rev-list", "HEAD")
    assert found is not None
    assert len(found.split()) == 2
