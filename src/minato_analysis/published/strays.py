"""What lies among an edition's files without being one: links, hidden files, files beside an edition.

In: the project folder. Out: findings. A link holds the right bytes today and other ones tomorrow; a hidden
file is in no list of what was made; a pipe is read for ever.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from minato_analysis.published import ledger, manifest
from minato_analysis.published.manifest import Manifest
from minato_analysis.published.verdict import Finding

LEFT = (".DS_Store", ".directory", ".gitkeep", ".localized")
"""Hidden files that systems and version control leave in folders by themselves."""

NO_FILE = "E5-NO-FILE"
"""Code of what stops the audit before anything is read."""

SHELF = "reports/index.html"
"""The list of editions: of none of them, and made anew with each."""


def findings(home: Path, name: str, record: Manifest) -> list[Finding]:
    """Return the links, the hidden files in ``data/``, and what lies beside the editions in ``reports/``."""
    below = [
        one
        for folder in ("data", "notebooks", "src", f"reports/{name}")
        for one in _below(home, folder)
    ]
    links = {path for path, _, mode in below if stat.S_ISLNK(mode)}
    found = [_link(path) for path in sorted({*links, *_listed_links(home, record)})]
    found += [_no_file(path) for path, file, mode in below if _special(file, mode)]
    for path, file, _ in below:
        hidden = path.startswith("data/") and os.path.basename(file).startswith(".")
        if hidden and path not in links and not path.startswith(manifest.ASIDE):
            found.append(_hidden(path))
    known = {Path(one).name for one in (ledger.FILE, ledger.SIGNATURE, SHELF)}
    for one in sorted((home / "reports").iterdir()):
        if one.name not in known and not (one / "edition.yaml").is_file():
            message = "どの版の記録にもないので、この判定では確かめていません。"
            found.append(Finding("N5-BESIDE", "page", f"reports/{one.name}", message, "note"))
    return found


def _listed_links(root: Path, record: Manifest) -> Iterator[str]:
    listed = {
        above.as_posix() for path in record.files for above in (Path(path), *Path(path).parents)
    }
    yield from (path for path in listed if path != "." and (root / path).is_symlink())


def _below(root: Path, folder: str) -> Iterator[tuple[str, str, int]]:
    """Yield what lies below a folder: its path in the project, where it is, and its kind."""
    start = len(os.path.join(root, ""))
    for place, folders, names in os.walk(root / folder):
        folders[:] = [one for one in folders if one != "__pycache__"]
        for one in (*folders, *names):
            file = os.path.join(place, one)
            yield file[start:].replace(os.sep, "/"), file, os.lstat(file).st_mode


def _special(file: str, mode: int) -> bool:
    """Tell whether something is there that cannot be read to its end: a pipe, a device, or a link to one."""
    if stat.S_ISLNK(mode):
        return os.path.exists(file) and not os.path.isfile(file) and not os.path.isdir(file)
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _no_file(path: str) -> Finding:
    message = "ファイルではないもの（パイプ、装置など）です。読むと終わらないことがあるので、確かめません。"
    return Finding(NO_FILE, "edition", path, message)


def _link(path: str) -> Finding:
    stage = (
        "page" if path.startswith("reports/") else "source" if path.startswith("data") else "code"
    )
    message = (
        "ほかの所を指すリンクです。今は同じ内容でも、指す先が変わりうるので認めません。"
        "リンクを消し、ファイルそのものを置いてください。"
    )
    return Finding("E5-LINK", stage, path, message)


def _hidden(path: str) -> Finding:
    if path.rsplit("/", 1)[-1] in LEFT:
        message = "システムが置いた隠しファイルです。使われず、記録にもありません。"
        return Finding("N5-HIDDEN", "source", path, message, "note")
    message = "記録にない隠しファイル（名前が点で始まる）が加わっています。"
    return Finding("E5-ADDED", "source", path, message)
