"""Holds the published tables against the record of their comparison with the printed text.

``data/published/<source>/*transcription.json`` says which tables were compared with which text, and how many
cells differed. In: the project folder. Out: what contradicts a record.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RECORDS = "data/published/*/*transcription.json"


@dataclass(frozen=True)
class Contradiction:
    """A table, or the text it was compared with, that is not the one of the record."""

    record: str
    path: str
    recorded: str
    now: str

    @property
    def what(self) -> str:
        """What is wrong, in one sentence."""
        return f"原文と突き合わせたときの記録（{self.record}）と合いません。"

    def __str__(self) -> str:
        folder = self.record.rpartition("/")[0]
        return (
            f"{self.path}: {self.what}"
            f"記録は {self.recorded[:16]}、今は {self.now[:16]} です。"
            f"まず `git log -p -- {self.path}` で、何が変わったかを確かめてください。"
            "転記の訂正なら、原文のテキストともう一度突き合わせます"
            f"（.venv/bin/python tools/compare_transcription.py 本文.txt {folder}）。"
            "テキストがなければ、記録からこの表の項目を除いてください（突き合わせていない表になります）。"
        )


def records(root: Path) -> list[Path]:
    """Return the records of a project."""
    return sorted(root.glob(RECORDS))


def contradictions(root: Path, sources: Mapping[str, Any]) -> list[Contradiction]:
    """Return what contradicts the records.

    Parameters
    ----------
    root : Path
        The project folder.
    sources : mapping
        The source documents of the descriptor; a note may name the SHA-256 of the text.
    """
    return [one for file in records(root) for one in _of(root, file, sources)]


def _of(root: Path, file: Path, sources: Mapping[str, Any]) -> Iterator[Contradiction]:
    path = file.relative_to(root).as_posix()
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        text, differences = record["text"], record["differences"]
        compared = {name: one["sha256"] for name, one in record["compared"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        yield Contradiction(path, path, "表と検査値", "読めない形")
        return
    if differences != 0:
        yield Contradiction(path, path, f"不一致 {differences}", "不一致 0 が必要")
    note = sources.get(file.parent.name, {}).get("note", "")
    named = re.search(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", note)
    if named and text != f"sha256:{named[0]}":
        yield Contradiction(path, "data/datapackage.json", f"{text}", f"sha256:{named[0]}")
    for name, recorded in compared.items():
        table = file.parent / name
        now = "ファイルなし"
        if table.is_file():
            now = f"sha256:{hashlib.sha256(table.read_bytes()).hexdigest()}"
        if now != recorded:
            where = f"{path.rpartition('/')[0]}/{name}"
            yield Contradiction(path, where, str(recorded), now)
