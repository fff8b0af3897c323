"""A scratch copy of the project in which one thing is changed at a time."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minato_analysis.audit.reach import Edition
from minato_analysis.published import cells, manifest, page


class NotApplicable(LookupError):
    """The edition has nothing of the kind that would be changed."""


@dataclass(frozen=True)
class Change:
    """One change: what was done, and what a finding about it must name."""

    what: str
    place: str


@dataclass(frozen=True)
class Scene:
    """A scratch copy and the edition in it."""

    root: Path
    edition: str

    @property
    def folder(self) -> Path:
        """The edition's folder."""
        return self.root / "reports" / self.edition

    def read(self, path: str) -> str:
        """Return the text of a file."""
        file = self.root / path
        if not file.is_file():
            raise NotApplicable(path)
        return file.read_text(encoding="utf-8")

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        (self.root / path).write_text(text, encoding="utf-8", newline="")

    def substitute(self, path: str, pattern: str, new: str | Callable[[re.Match[str]], str]) -> str:
        """Replace the first match of `pattern` in a file and return what stood there."""
        text = self.read(path)
        found = re.search(pattern, text, re.S | re.M)
        if found is None:
            raise NotApplicable(f"{path}: {pattern}")
        changed = found.expand(new) if isinstance(new, str) else new(found)
        self.write(path, text[: found.start()] + changed + text[found.end() :])
        return found[0]

    def edit_json(self, path: str, edit: Callable[[Any], str]) -> str:
        """Load a JSON file, let `edit` change it, write it back; return what `edit` returned."""
        form = json.loads(self.read(path))
        told = edit(form)
        self.write(path, json.dumps(form, ensure_ascii=False, indent=1) + "\n")
        return told

    def table(self) -> tuple[dict[str, Any], list[list[str]]]:
        """Return the numbered table of which most facts use a cell, and its cells."""
        used = Edition(self.folder).by_cell
        wide = [
            one
            for one in cells.numeric(self.root)
            if one["reading"]["kind"] == "wide" and one["figure"]
        ]
        if not wide:
            raise NotApplicable("no wide table")

        def facts(one: dict[str, Any]) -> int:
            prefix = f"{one['source_id']}/{cells.table(one)}!"
            return len({id for cell, ids in used.items() if cell.startswith(prefix) for id in ids})

        chosen = max(wide, key=facts)
        return chosen, cells.grid(self.root, chosen)

    def write_table(self, resource: dict[str, Any], grid: list[list[str]]) -> None:
        """Write the cells of a published table."""
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(grid)
        self.write(f"data/{resource['path']}", out.getvalue())

    def page(self, has: Callable[[str], object] = bool) -> str:
        """Return the path of the first page for which `has` is true."""
        for file in sorted(self.folder.glob("*.html")):
            if has(page.main(file.read_text(encoding="utf-8"))):
                return f"reports/{self.edition}/{file.name}"
        raise NotApplicable("no such page")

    def path(self, name: str) -> str:
        """Return the path of a file of the edition."""
        return f"reports/{self.edition}/{name}"

    def commit(self) -> None:
        """Commit everything, as a publisher does.

        Raises
        ------
        NotApplicable
            There is no git.
        """
        who = [
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@localhost",
            "-c",
            "core.hooksPath=/dev/null",
        ]
        for told in (["init", "-q"], ["add", "-A", "-f"], ["commit", "-q", "-m", "edition"]):
            try:
                asked = ["git", *who, *told]
                subprocess.run(asked, cwd=self.root, capture_output=True, check=True)
            except (OSError, subprocess.CalledProcessError) as error:
                raise NotApplicable(f"git: {error}") from None

    def record(self) -> manifest.Manifest:
        """Return the manifest."""
        return manifest.load(self.root, self.edition)
