"""What lies among an edition's files without being one: links, hidden files, files beside an edition.

In: the folder whose files an edition is made from, and the project folder its pages lie in. Out: findings. A
link holds the right bytes today and other ones tomorrow; a hidden file is in no list of what was made.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from minato_analysis.published import ledger, manifest
from minato_analysis.published.manifest import Manifest
from minato_analysis.published.verdict import Finding

LEFT = (".DS_Store", ".directory", ".gitkeep", ".localized")
"""Hidden files that systems and version control leave in folders by themselves."""


SHELF = "reports/index.html"
"""The list of editions: of none of them, and made anew with each."""


def findings(root: Path, home: Path, name: str, record: Manifest) -> list[Finding]:
    """Return the links, the hidden files in ``data/``, and what lies beside the editions in ``reports/``."""
    found = [
        _link(path)
        for path in sorted({*_links(root, record), *_below(home, f"reports/{name}", links=True)})
    ]
    for path in _below(root, "data", links=False):
        if not path.startswith(manifest.ASIDE):
            found.append(_hidden(path))
    known = {Path(one).name for one in (ledger.FILE, ledger.SIGNATURE, SHELF)}
    for one in sorted((home / "reports").iterdir()):
        if one.name not in known and not (one / "edition.yaml").is_file():
            message = "どの版の記録にもないので、この判定では確かめていません。"
            found.append(Finding("N5-BESIDE", "page", f"reports/{one.name}", message, "note"))
    return found


def _links(root: Path, record: Manifest) -> Iterator[str]:
    listed = {
        above.as_posix() for path in record.files for above in (Path(path), *Path(path).parents)
    }
    yield from (path for path in listed if path != "." and (root / path).is_symlink())
    for folder in ("data", "notebooks", "src"):
        yield from _below(root, folder, links=True)


def _below(root: Path, folder: str, *, links: bool) -> Iterator[str]:
    """Yield the links below a folder, or the hidden files that are none."""
    start = len((root / "x").as_posix()) - 1
    for place, folders, names in os.walk(root / folder):
        folders[:] = [one for one in folders if one != "__pycache__"]
        for one in (*folders, *names) if links else names:
            file = os.path.join(place, one)
            if os.path.islink(file) if links else one.startswith("."):
                yield Path(file).as_posix()[start:]


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
