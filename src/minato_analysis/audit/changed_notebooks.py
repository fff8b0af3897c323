"""Names what is different in an executed notebook of an edition, and what no honest one can have.

In: the project folder, the manifest, the edition's files, the path of the notebook. Out: findings. Its cells
are those of ``notebooks/``, and every number its sentences show is that of ``facts.json``: both can be seen
without running it. Whether its outputs follow from its cells shows in a rebuild.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from minato_analysis.audit.changed_products import MOST, changed_parts, numbers
from minato_analysis.audit.reach import Edition
from minato_analysis.project import program
from minato_analysis.published import notebook, page
from minato_analysis.published.manifest import EXECUTED, Manifest
from minato_analysis.published.verdict import Finding

CODE = "E5-EXECUTED"
TOLD = {"code": "計算のセル", "markdown": "文章のセル", "output": "結果"}


def parts(root: Path, record: Manifest, edition: Edition, path: str) -> list[Finding]:
    """Name the cells of a notebook that is not the recorded one, and its wrong numbers."""
    found = _numbers(root, edition, path)
    for part in changed_parts(root, record, path)[:MOST]:
        kind, _, number = part.partition(" ")
        message = f"実行ずみのノートブックの{TOLD.get(kind, kind)}が、記録と違います。"
        found.append(Finding(CODE, "page", f"{path} セル{number}", message))
    return found or [
        Finding(CODE, "page", path, "実行ずみのノートブックが、記録と違います（セルの付属情報）。")
    ]


def contradictions(root: Path, record: Manifest, edition: Edition) -> list[Finding]:
    """Return where executed notebooks have other cells than ``notebooks/``, or numbers that are no facts."""
    return [
        one
        for name in record.products
        if name.startswith(f"{EXECUTED}/") and (root / f"reports/{record.edition}/{name}").is_file()
        for path in [f"reports/{record.edition}/{name}"]
        for one in (*_numbers(root, edition, path), *_sources(root, record, path))
    ]


def _numbers(root: Path, edition: Edition, path: str) -> list[Finding]:
    """Return the numbers of the sentences that are not what ``facts.json`` says."""
    try:
        cells = notebook.loads((root / path).read_text(encoding="utf-8"))
    except ValueError as error:
        return [Finding(CODE, "page", path, f"ノートブックとして読めません（{error}）。")]
    lang = page.language(edition.pages.get(f"{Path(path).stem}.html", ""))
    shown = "\n".join(one.shown for one in cells)
    return [
        replace(one, code=CODE, message=one.message.replace("ページ", "実行ずみのノートブック"))
        for one in numbers(path, shown, edition, lang)
    ]


def _sources(root: Path, record: Manifest, path: str) -> list[Finding]:
    """Return the cells that are not those of the notebook it was made from."""
    file = program.at(root, f"notebooks/{Path(path).name}")
    try:
        form = json.loads(file.read_text(encoding="utf-8"))
        kept = notebook.loads((root / path).read_text(encoding="utf-8"))
        own = [one for one in kept if not one.given]
        if _alike(own, form) or _alike(own, _fitted(root, record, form)):
            return []
    except (OSError, ValueError, KeyError, TypeError):  # missing or damaged: said elsewhere
        return []
    wanted = [one.source for one in notebook.cells(form)]
    other = next((one.number for one in own if one.source not in wanted), 0)
    place = f"{path} セル{other}" if other else path
    message = "実行ずみのノートブックのセルが、notebooks/ のノートブックと違います。"
    return [Finding(CODE, "page", place, message)]


def _alike(own: list[notebook.Cell], form: Any) -> bool:
    return [one.source for one in own] == [one.source for one in notebook.cells(form)]


def _fitted(root: Path, record: Manifest, form: Any) -> Any:
    """Return the notebook as it was executed for the edition."""
    from minato_analysis.data import needs  # noqa: PLC0415 - a third of a second, rarely asked
    from minato_analysis.project import editions  # noqa: PLC0415

    return needs.fitted(form, root, editions.load(root, record.edition).parameters())
