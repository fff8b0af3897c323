"""The state an acceptance would leave, built somewhere else before anything is written.

In: a checked draft and its document. Out: what is wrong with the project that would follow: the checks under
the final names, and the newest edition built from it.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from minato_analysis.drafts import ladder
from minato_analysis.drafts.accept import Document, accept
from minato_analysis.drafts.draft import drafts
from minato_analysis.project import editions
from minato_analysis.project.earlier import ARCHIVE, PARAMETERS
from minato_analysis.published import hermetic


def problems(root: Path, year: int, document: Document) -> list[str]:
    """Return what is wrong with the state that accepting a year's draft would leave.

    Raises
    ------
    DataError
        The document is refused.
    """
    with tempfile.TemporaryDirectory(prefix="minato-accept-") as scratch:
        copied = _copy(root, Path(scratch) / "project")
        (draft,) = [one for one in drafts(copied) if one.year == year]
        accept(copied, draft, document)
        wrong = [one for step in ladder.climb(copied) for one in step.errors]
        if wrong:
            return wrong
        newest = editions.newest(copied).edition
        built = hermetic.build(copied, newest)
        if built.problem:
            return [
                f"E6-ACCEPT {document.source_id}: 受け入れると、{newest}年度版が作れなくなります。"
                f"次の点を直してから受け入れてください。\n{built.problem}"
            ]
    return []


def _copy(root: Path, target: Path) -> Path:
    """Copy the written files, under version control or not yet."""
    hermetic.copy(root, target)
    shutil.copytree(root / "data", target / "data", dirs_exist_ok=True)
    for one in (*root.glob(f"reports/*/{PARAMETERS}"), *root.glob(f"reports/*/{ARCHIVE}")):
        there = target / one.relative_to(root)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(one, there)
    return target
