"""What is already made: results by content, written whole or not at all.

A result is the page of an area (``results/<code>.html``) and its facts with the key of everything both
follow from (``results/<code>.json``), which is written last. A result counts only while its key is the one
that would be used now and its page is the page that was written: a run that is killed at any moment goes on
where it stopped, with nothing made twice and nothing torn.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any

from minato_analysis.areas.inputs import OVERVIEW
from minato_analysis.areas.kinds import NOTEBOOKS
from minato_analysis.areas.making import Made
from minato_analysis.project import program
from minato_analysis.project.files import write_all
from minato_analysis.reporting.templating import TEMPLATES
from minato_analysis.tasks import sources

SCRIPTS = Path(__file__).parent


def fingerprint(root: Path) -> str:
    """Return a hash of everything pages follow from besides their input.

    Notebooks, package files they use, templates, Python, and the libraries the package requires.
    """
    digest = hashlib.sha256()
    notebooks = [program.at(root, one) for one in NOTEBOOKS]
    package = {
        *sources.of_modules("areas.making", "areas.cells", "areas.worker"),
        *(file for one in notebooks for file in sources.of_notebook(one)),
        *(file for file in TEMPLATES.rglob("*") if file.is_file()),
        *SCRIPTS.glob("*.js"),
    }
    for file in [*notebooks, *sorted(package)]:
        digest.update(f"{file.name}\n".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    for line in libraries():
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def libraries() -> list[str]:
    """Return Python and every library the package requires, with their versions."""
    needed = [one for one in requires("minato-analysis") or () if "extra ==" not in one]
    names = [found[0] for one in needed if (found := re.match(r"[\w.-]+", one))]
    python = ".".join(map(str, sys.version_info[:3]))
    return [f"python {python}", *sorted(f"{name} {version(name)}" for name in names)]


def key(fingerprint: str, text: str) -> str:
    """Return the key of a result: the hash of all it follows from."""
    return hashlib.sha256(f"{fingerprint}\n{text}".encode()).hexdigest()


class Results:
    """The folder of results of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def page(self, code: str) -> Path:
        """Return the file of a page."""
        return self.folder / f"{code}.html"

    def _note(self, code: str) -> Path:
        return self.folder / f"{code}.json"

    def has(self, code: str, key: str) -> bool:
        """Tell whether the result is there, made from what `key` stands for, and whole."""
        try:
            note = json.loads(self._note(code).read_text(encoding="utf-8"))
            return bool(note["key"] == key and note["page"] == _hash(self.page(code).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def put(self, made: Made, key: str) -> None:
        """Write a result; the note, which makes it count, comes last."""
        note = {"key": key, "page": _hash(made.html.encode()), "facts": made.facts}
        self._note(made.code).unlink(missing_ok=True)
        write_all(
            {
                self.page(made.code): made.html,
                self._note(made.code): json.dumps(note, ensure_ascii=False) + "\n",
            }
        )

    def facts(self, codes: Iterable[str]) -> Iterator[dict[str, Any]]:
        """Yield the facts of all pages, page by page."""
        for code in codes:
            yield from json.loads(self._note(code).read_text(encoding="utf-8"))["facts"]

    def forget_others(self, codes: Iterable[str]) -> None:
        """Remove results of areas that are no longer in the table, and what a killed run left."""
        kept = {f"{code}{end}" for code in (*codes, OVERVIEW) for end in (".html", ".json")}
        for file in self.folder.iterdir():
            if file.name not in kept:
                file.unlink()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
