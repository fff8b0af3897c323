"""What only git knows: which commit holds an edition, and what a file was before.

A commit cannot be named inside itself, and a file that was made shorter does not say so.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterable
from datetime import date
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


def versions(root: Path, path: str) -> list[tuple[date, str]] | None:
    """Return the commits that changed a file, oldest first: their dates, and git's names of its contents.

    Deletions are left out. None where git does not answer for this folder, or has only the last commits.
    """
    if not (root / ".git").exists() or (root / ".git/shallow").exists():
        return None
    asked = _git(root, "log", "--full-history", "--reverse", "--format=%cs", "--raw", "--no-abbrev",
                 "--diff-merges=first-parent", "--", path)  # fmt: skip
    if asked is None:
        return None
    found, day = [], date.min
    for line in filter(None, asked.splitlines()):
        if not line.startswith(":"):
            day = date.fromisoformat(line)
        elif (blob := line.split()[3]).strip("0"):
            found.append((day, blob))
    return found


def blob(content: bytes, name: str) -> str:
    """Return git's name of a content, by the algorithm that gave `name`: SHA-1 or SHA-256.

    >>> blob(b"", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
    'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
    """
    algorithm = "sha1" if len(name) == 40 else "sha256"
    return hashlib.new(algorithm, b"blob %d\0%s" % (len(content), content)).hexdigest()


def tracked(root: Path, names: Iterable[str]) -> list[str] | None:
    """Return the files git knows below these names; None where git does not answer for this folder."""
    if not (root / ".git").exists():
        return None
    asked = _git(root, "ls-files", "-z", "--", *names)
    return None if asked is None else [one for one in asked.split("\0") if one]


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
