"""Take a checked draft into the data: its tables, their description, all or nothing.

The descriptor names every table there is. It is replaced last, in one step: whatever stops the command
before leaves the data as they were, whatever stops it afterwards leaves them complete.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minato_analysis import data
from minato_analysis.drafts.draft import Draft, read_cells
from minato_analysis.project import days
from minato_analysis.project.checksums import make_key
from minato_analysis.project.files import NOT_PUBLIC, write_text
from minato_analysis.received import store
from minato_analysis.received.errors import ReceivedError
from minato_analysis.received.names import source_name


@dataclass(frozen=True)
class Document:
    """The document a draft was taken from."""

    source_id: str
    as_of: str
    title: str
    publisher: str
    public: bool = True


def accept(folder: Path, draft: Draft, document: Document) -> list[str]:
    """Move a draft into the folder of its source; return the paths of its tables.

    The draft must have passed the checks (see :mod:`minato_analysis.drafts.ladder`). Run again after an
    interruption, the command completes what was begun.

    Raises
    ------
    DataError
        ``E6-ACCEPT``: a name or date that is not one, a source that is there already, or a document
        that is not newer than what it continues.
    """
    package = data.descriptor(folder)
    if done(folder, draft, document):
        remove(draft.folder, folder)
        return [one["path"] for one in _of(package, document)]
    check(folder, draft, document)
    if not document.public:
        make_key(folder)
    target = folder / "data" / place_of(document)
    resources = []
    for table in draft.tables:
        name = Path(table["path"]).name
        write_text(target / name, (draft.folder / name).read_text(encoding="utf-8-sig"))
        resources.append(_resource(table, target / name, document, folder, draft.received))
    place = next(
        number + 1
        for number, one in reversed(list(enumerate(package["resources"])))
        if one.get("source_id") == draft.series_id or one.get("series_id") == draft.series_id
    )
    package["resources"][place:place] = resources
    package["source_documents"][document.source_id] = _described(document, draft)
    write_text(folder / data.DESCRIPTOR, json.dumps(package, ensure_ascii=False, indent=1) + "\n")
    remove(draft.folder, folder)
    return [one["path"] for one in resources]


def check(folder: Path, draft: Draft, document: Document) -> None:
    """Raise where a draft cannot become this document, whatever its numbers are.

    Raises
    ------
    DataError
        ``E6-ACCEPT``.
    """
    package = data.descriptor(folder)
    if problem := _contradiction(folder, draft, document) or _refused(package, draft, document):
        raise data.DataError(f"E6-ACCEPT {document.source_id}: {problem}")


def remove(place: Path, folder: Path) -> None:
    """Remove a folder in one step: it is moved away whole before its files are deleted."""
    away = folder / "build" / f".removed-{place.name}"
    shutil.rmtree(away, ignore_errors=True)
    if place.is_dir():
        away.parent.mkdir(exist_ok=True)
        place.replace(away)
        shutil.rmtree(away)


def place_of(document: Document) -> str:
    """Return the document's folder below ``data/``; what is not public lies out of version control."""
    return f"{'published' if document.public else 'not-public'}/{document.source_id}"


def _of(package: Mapping[str, Any], document: Document) -> list[Mapping[str, Any]]:
    return [one for one in package["resources"] if one.get("source_id") == document.source_id]


def done(folder: Path, draft: Draft, document: Document) -> bool:
    """Tell whether an interrupted run had already come as far as the descriptor."""
    package = data.descriptor(folder)
    accepted = {
        Path(one["path"]).name: folder / "data" / one["path"] for one in _of(package, document)
    }
    texts = {Path(one["path"]).name: draft.folder / Path(one["path"]).name for one in draft.tables}
    return accepted.keys() == texts.keys() and all(
        accepted[name].read_text(encoding="utf-8") == text.read_text(encoding="utf-8-sig")
        for name, text in texts.items()
    )


def _refused(package: Mapping[str, Any], draft: Draft, document: Document) -> str:
    try:
        source_name(document.source_id)
    except ReceivedError as error:
        return str(error)
    try:
        days.day_or_month(document.as_of)
    except days.NoSuchDay as error:
        return str(error)
    if _of(package, document):
        return "この名前の資料はもうあります。別の名前にしてください。"
    newest = max(
        one["date"]
        for one in package["resources"]
        if draft.series_id in (one.get("source_id"), one.get("series_id"))
    )
    if document.as_of <= newest:
        return f"日付 {document.as_of} が、続ける系列の新しい資料の日付 {newest} より後ではありません。"
    return ""


def _contradiction(folder: Path, draft: Draft, document: Document) -> str:
    """Return a sentence where the draft or the register of received files say other than the document."""
    source = draft.received.partition("/")[0]
    said = [store.is_public(folder, one) for one in {source, document.source_id} if one]
    closed = NOT_PUBLIC in draft.folder.relative_to(folder).parts or False in said
    if closed and document.public:
        return (
            "この下書きの資料は、公表されないものとして受け取っています。"
            "まず送り主の条件を確かめ、--not-public を付けて実行してください。"
        )
    if True in said and not closed and not document.public:
        return (
            "この下書きの資料は、公表されるものとして受け取っています。公表できない資料なら、"
            f"{draft.folder.relative_to(folder).as_posix()} をフォルダごと消し、"
            "minato new-year に同じ --from と --source と --not-public を付けて、受け取り直してください。"
            "版管理に入れてしまったときは、履歴からも消す必要があります。"
        )
    return ""


def _resource(
    table: Mapping[str, Any], file: Path, document: Document, folder: Path, received: str
) -> dict[str, Any]:
    side = table["reading"]["label_columns"]
    width = len(read_cells(file)[0])
    names = [f"label{n + 1}" if n < side else f"column{n + 1 - side}" for n in range(width)]
    own = ("hash", "bytes", "received", "not_public")  # of the table it continues
    return {
        **{name: value for name, value in table.items() if name not in own},
        "name": f"{document.source_id}-{file.stem}",
        "path": f"{place_of(document)}/{file.name}",
        "source_id": document.source_id,
        "date": document.as_of,
        "grade": "published" if document.public else "provided, not public",
        **data.described(file, folder),
        "schema": {
            "fields": [{"name": one, "type": "string"} for one in names],
            "missingValues": [],
        },
        "sources": [{"title": document.title, "path": place_of(document)}],
        "primary_source": document.publisher,
        **({"not_public": True} if not document.public else {}),
        **({"received": received} if received and document.public else {}),
    }


def _described(document: Document, draft: Draft) -> dict[str, Any]:
    about: dict[str, Any] = {
        "title": document.title,
        "date": document.as_of,
        "publisher": document.publisher,
        **({"laws": draft.laws} if draft.laws else {}),
    }
    return about if document.public else about | {"not_public": True}
