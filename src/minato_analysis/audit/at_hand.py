"""The files at hand, where an edition is held against those of its own commit: what became of them since.

In: the project folder, the edition's manifest. Out: findings. Code, declarations and new documents move on
after an edition was published: said, no difference. A line of a published table or of a received file that
it was made from is never lost by that: whoever opens the table here must find what the verdict speaks of.
"""

from __future__ import annotations

from pathlib import Path

from minato_analysis.audit import changed, quick
from minato_analysis.audit.reach import Edition
from minato_analysis.project import program
from minato_analysis.published.manifest import Manifest, sha256
from minato_analysis.published.verdict import Finding

MOST = 3
"""Files that are named."""


def findings(root: Path, of: Path, name: str, record: Manifest) -> list[Finding]:
    """Return evidence that is no longer what it was, and how many other files are not those of the commit.

    Parameters
    ----------
    root : Path
        The project folder.
    of : Path
        The folder with the files of the edition's commit.
    name : str
        The edition.
    record : Manifest
    """
    own, found, moved = f"reports/{name}/", list[Finding](), list[str]()
    for path, sha in record.files.items():
        content = b"" if path.startswith(own) else _read(program.at(root, path))
        if path.startswith(own) or (content is not None and sha256(content) == sha):
            continue
        if path.startswith(changed.EVIDENCE) and _lost(of / path, content or b""):
            edition = Edition(root / "reports" / name)
            found += (
                changed.findings(root, record, edition, path)
                if content is not None
                else [quick.gone(root, record, edition, path)]
            )
        else:
            moved.append(path)
    moved += [one.place for one in quick.added(root, record, name) if not one.place.startswith(own)]
    if moved:
        some = "、".join(moved[:MOST]) + (f" ほか{len(moved) - MOST}" if len(moved) > MOST else "")
        message = (
            f"手元の{len(moved)}個のファイルは、この版を作ったときのものではありません（{some}）。"
            "手元のものは、この判定では確かめていません。"
        )
        found.append(Finding("N5-AT-HAND", "source", "git", message, "note"))
    return found


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _lost(before: Path, now: bytes) -> bool:
    """Tell whether a line of a file is gone; a list of JSON that grew has a comma more."""
    comma = b"," if before.suffix == ".json" else b""
    old, new = (
        {one.rstrip(comma) for one in content.splitlines()}
        for content in (before.read_bytes() if before.is_file() else b"", now)
    )
    return not old <= new
