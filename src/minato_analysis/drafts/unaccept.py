"""Take an acceptance back: the tables of a document become the draft they were.

The draft is written first, then the descriptor in one step, then the tables are removed: wherever the
command is stopped the data are complete, with the document or without it, and the same command can be run
again. The draft of a document that is not public lies out of version control, as it did before.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from minato_analysis import data
from minato_analysis.drafts import draft, shape
from minato_analysis.drafts.accept import remove
from minato_analysis.drafts.draft import read_cells
from minato_analysis.project import editions
from minato_analysis.project.files import write_all, write_text
from minato_analysis.published import ledger
from minato_analysis.received.refusal import ANSWERS


def unaccept(folder: Path, source_id: str) -> Path:
    """Take the last acceptance back; return the folder of its draft.

    Raises
    ------
    DataError
        ``E6-UNACCEPT``: no such document, not the last one, one that a published edition is built on, or
        another draft of its year.
    """
    package = data.descriptor(folder)
    mine = [one for one in package["resources"] if one.get("source_id") == source_id]
    places = [folder / "data" / name / source_id for name in ("published", "not-public")]
    if not mine and any(one.is_dir() for one in places):
        for one in places:  # an interrupted run had come as far as the descriptor
            remove(one, folder)
        return folder / draft.FOLDER
    accepted = [one for one in package["resources"] if one.get("series_id")]
    last = max(accepted, key=lambda one: one["date"], default=None)
    if not mine or last is None or last["source_id"] != source_id:
        name = last["source_id"] if last else "なし"
        raise _refused(
            source_id,
            f"最後に受け入れた資料（{name}）ではありません。新しいものから順に戻してください。",
        )
    for name in {one.edition for one in ledger.parse(ledger.read(folder))} & set(
        editions.names(folder)
    ):
        if editions.load(folder, name).as_of >= last["date"]:
            raise _refused(
                source_id,
                f"公表した{name}年度版がこの資料を使っています。訂正の版を作ってください。",
            )
    texts = _draft(folder, mine, package["source_documents"][source_id])
    for file, text in texts.items():
        if file.is_file() and file.read_text(encoding="utf-8") != text:
            where = file.parent.relative_to(folder).as_posix()
            raise _refused(source_id, f"{where} に別の下書きがあります。先に片付けてください。")
    write_all(texts)
    package["resources"] = [one for one in package["resources"] if one not in mine]
    del package["source_documents"][source_id]
    write_text(folder / data.DESCRIPTOR, json.dumps(package, ensure_ascii=False, indent=1) + "\n")
    for one in places:
        remove(one, folder)
    return next(iter(texts)).parent


def _draft(folder: Path, tables: list[dict[str, Any]], about: dict[str, Any]) -> dict[Path, str]:
    """Return the files of the draft the tables came from, its description last."""
    files = {one["path"]: folder / "data" / one["path"] for one in tables}
    year = max(max(shape.years(read_cells(files[one["path"]]), one["reading"])) for one in tables)
    target = draft.folder_of(folder, year, public=not about.get("not_public"))
    texts = {target / file.name: file.read_text(encoding="utf-8") for file in files.values()}
    if laws := about.get("laws"):
        texts[target / ANSWERS] = yaml.safe_dump({"laws": laws}, allow_unicode=True)
    described = {"year": year, "series_id": tables[0]["series_id"]}
    if received := about.get("received", tables[0].get("received")):
        described["received"] = received
    return texts | {target / draft.FILE: yaml.safe_dump(described, sort_keys=False)}


def _refused(source_id: str, why: str) -> data.DataError:
    return data.DataError(f"E6-UNACCEPT {source_id}: {why}")
