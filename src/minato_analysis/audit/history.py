"""Which commit holds an edition: asked of git, because a commit cannot be named inside itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

from minato_analysis.audit.manifest import FILE


def commit(root: Path, edition: str) -> str:
    """Return ``<short hash> <date>`` of the last commit that changed the edition's manifest.

    Empty without git, and when the manifest here is not the committed one.
    """
    path = f"reports/{edition}/{FILE}"
    if not known(root) or _git(root, "status", "--porcelain", "--", path) != "":
        return ""
    return _git(root, "log", "-1", "--format=%h %cs", "--", path) or ""


def known(root: Path) -> bool:
    """Tell whether the project is under version control."""
    return (root / ".git").exists()


def cut_off(root: Path, commit: str) -> bool:
    """Tell whether a commit is where a shallow clone begins: every file seems to come from it."""
    file = _git(root, "rev-parse", "--git-path", "shallow")
    whole = _git(root, "rev-parse", "--verify", "--quiet", commit)
    begins = root / file if file else None
    if begins is None or not begins.is_file() or not whole:
        return False
    return whole in begins.read_text(encoding="utf-8").split()


def untracked(root: Path) -> list[str]:
    """Return files git does not know, below the folders an edition is made from; none without git."""
    if not known(root):
        return []
    asked = _git(
        root, "ls-files", "--others", "--exclude-standard", "--", "data", "notebooks", "src"
    )
    return (asked or "").splitlines()


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
