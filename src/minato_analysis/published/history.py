"""What only git knows: which commit holds an edition, and what a file was before.

A commit cannot be named inside itself, and a file that was made shorter does not say so.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from minato_analysis.published.manifest import FILE

SAFELY = (
    "--no-optional-locks", "--no-replace-objects",
    "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false",
    "-c", "gpg.program=gpg", "-c", "gpg.ssh.program=ssh-keygen", "-c", "log.showSignature=false",
)  # fmt: skip
"""A folder's own settings of git could name programs; none of them is run. What would run a filter
(`git status`, `git archive`) is not asked for. Its replacements (`git replace`, grafts) would put another
past in the place of the one that was committed; none of them is believed."""


def commit(root: Path, edition: str) -> str:
    """Return ``<short hash> <date>`` of the last commit that changed the edition's manifest.

    Empty without git, and when the manifest here is not the committed one.
    """
    path = f"reports/{edition}/{FILE}"
    committed = (
        _git(root, "rev-parse", "--verify", "--quiet", f"HEAD:{path}") if known(root) else ""
    )
    file = root / path
    if not committed or not file.is_file() or blob(file.read_bytes(), committed) != committed:
        return ""
    return _git(root, "log", "-1", "--format=%h %cs", "--", path) or ""


def known(root: Path) -> bool:
    """Tell whether the project is under version control."""
    return (root / ".git").exists()


def uncommitted(root: Path, paths: Iterable[str]) -> list[str] | None:
    """Return the files that are not as the last commit has them; None where there is no commit."""
    listed = git(root, "ls-tree", "-r", "-z", "--full-tree", "HEAD")
    if listed is None:
        return None
    names = {
        path: about.split()[2]
        for about, _, path in (one.partition("\t") for one in listed.decode().split("\0"))
        if path
    }
    return [
        path
        for path in paths
        if (root / path).is_file()
        and blob((root / path).read_bytes(), names.get(path, "0" * 40)) != names.get(path)
    ]


def tags(root: Path, commit: str) -> dict[str, bool]:
    """Return the tags on a commit, and whether they carry a signature."""
    form = "%(refname:short) %(if)%(contents:signature)%(then)signed%(end)"
    asked = _git(root, "for-each-ref", f"--points-at={commit}", f"--format={form}", "refs/tags")
    named = (one.partition(" ") for one in (asked or "").splitlines())
    return {tag: bool(signature) for tag, _, signature in named}


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
    asked = git(root, "ls-files", "-z", "--full-name", "--", *names)
    return None if asked is None else [one for one in asked.decode().split("\0") if one]


def contents(root: Path, names: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of git's names as they are stored, no filter applied; unknown ones left out."""
    wanted = list(names)
    asked = "".join(f"{one}\n" for one in wanted).encode()
    told = git(root, "cat-file", "--batch", given=asked) or b""
    found: dict[str, bytes] = {}
    at = 0
    for name in wanted if told else ():
        end = told.index(b"\n", at)
        _, kind, *size = told[at:end].split()
        at = end + 1
        if kind == b"blob":
            found[name] = told[at : at + int(size[0])]
        at += int(size[0]) + 1 if size else 0
    return found


def git(root: Path, *arguments: str, given: bytes | None = None) -> bytes | None:
    """Return what git says; None where it fails or is not there. Runs no program the folder names."""
    kept = {name: one for name, one in os.environ.items() if not name.startswith("GIT_")}
    kept["GIT_GRAFT_FILE"] = os.devnull
    try:
        done = subprocess.run(
            ["git", *SAFELY, "-C", str(root), *arguments],
            input=given, stdin=None if given is not None else subprocess.DEVNULL,
            capture_output=True, env=kept, check=False,
        )  # fmt: skip
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _git(root: Path, *arguments: str) -> str | None:
    said = git(root, *arguments)
    return None if said is None else said.decode(errors="replace").strip()
