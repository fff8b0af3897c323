"""``reports/<edition>/manifest.json``: what an edition was made from, and what was made, as one chain.

In: the project folder, the edition, the package files it uses, its finished pages. Out: the text of the
manifest. Six stages in the order of the work, each with the hash of every file, a hash of the stage, and
a link that ties the stage to all before it::

    source      data/ (published tables, descriptor, declarations), projections.json of earlier editions
    parameters  reports/<edition>/edition.yaml, publisher.yaml
    code        notebooks/, all of src/, modules beside it, and what steers them (see :func:`code_files`)
    environment the lock files, and environment.yml which is made from them
    data        what is read from the sources: data/tidy/, data/README.md
    product     reports/<edition>/: pages, executed notebooks, facts.json, projections.json, RO-Crate

A stage's hash is SHA-256 over its lines ``<sha256 of the file>  <path>``, sorted, as ``sha256sum`` prints
them; a link is SHA-256 over ``<link before>  <stage's hash>``. So the chain can be checked by hand. The
seal is one more link, over all of the manifest that is not in a stage.

A commit cannot be named inside itself. The manifest names the contents instead: the commit of an edition
is the last one that changed its manifest, and it holds exactly the files listed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.machinery import all_suffixes
from pathlib import Path
from typing import Any

from minato_analysis.project import earlier, program
from minato_analysis.published import parts

FILE = "manifest.json"
CRATE = "ro-crate-metadata.json"
EXECUTED = "notebooks"
"""Folder of an edition with the executed notebooks of its pages."""

DIFFERENCES = "diff-from-"
"""How the page about two editions begins its name; no manifest lists it."""

FORMAT = "minato-manifest-1"
STAGES = ("source", "parameters", "code", "environment", "data", "product")
SOURCES = STAGES[:4]
"""The stages a person writes; the other two are generated from them."""

STEERING = ("Makefile", "pyproject.toml", "tools/install.py", program.PIN)
"""What installs and starts the programs, or names the installed one."""

LOCKS = ("requirements.lock", "requirements-lab.lock")
ASIDE = ("data/drafts/", "data/not-public/", "data/received/not-public/")
"""What is no part of an edition's files: work in progress, and what must not be published. The descriptor
holds the checksums of tables that are not public."""

RECEIVED = "data/received/"

GENERATED = ("data/tidy", "data/README.md", "environment.yml", "pytask.lock")
"""Generated files outside the editions."""


class ManifestError(ValueError):
    """A manifest that cannot be read."""


@dataclass(frozen=True)
class Stage:
    """One stage: its files with their hashes, its own hash, and the link of the chain at its end."""

    name: str
    files: Mapping[str, str]
    hash: str
    chain: str


@dataclass(frozen=True)
class Manifest:
    """A manifest as it was read."""

    edition: str
    date: str
    stages: tuple[Stage, ...]
    uses: Mapping[str, tuple[str, ...]]
    """Package files each notebook uses."""
    parts: Mapping[str, Mapping[str, str]]
    """Short hashes of the parts of a file, by file (see :mod:`minato_analysis.published.parts`)."""
    parameters: Mapping[str, str]
    """Title, area, years: the contents of ``edition.yaml`` as text."""
    seal: str
    sealed: str
    """The seal as it should be, from what was read."""

    @property
    def products(self) -> dict[str, str]:
        """The finished files by path within the edition's folder, with their hashes."""
        folder = f"reports/{self.edition}/"
        return {path.removeprefix(folder): sha for path, sha in self.stages[-1].files.items()}

    @property
    def files(self) -> dict[str, str]:
        """All files of all stages with their hashes."""
        return {name: value for stage in self.stages for name, value in stage.files.items()}


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def stage_hash(files: Mapping[str, str]) -> str:
    """Return the hash of a stage: SHA-256 over the sorted lines ``<hash>  <path>``.

    >>> stage_hash({"a": "00"}) == sha256(b"00  a\\n")
    True
    """
    return sha256("".join(f"{files[name]}  {name}\n" for name in sorted(files)).encode())


def link(before: str, hash: str) -> str:
    """Return the next link of the chain."""
    return sha256(f"{before}  {hash}\n".encode())


def chained(files: Mapping[str, Mapping[str, str]]) -> tuple[Stage, ...]:
    """Return the stages with their hashes and links."""
    found: list[Stage] = []
    for name in STAGES:
        own = stage_hash(files[name])
        found.append(Stage(name, files[name], own, link(found[-1].chain if found else "", own)))
    return tuple(found)


def source_files(root: Path) -> list[Path]:
    """Return the files of the stage *source*: all of ``data/`` that is not generated or set aside.

    Of the received files only those from which a table was read: one that was refused is no source.
    """
    files = {file.relative_to(root).as_posix(): file for file in below(root, root / "data")}
    files |= {name: one for name, one in program.lent(root).items() if name.startswith("data/")}
    taken = _received(root) if any(name.startswith(RECEIVED) for name in files) else set()
    return [
        file
        for name, file in files.items()
        if not name.startswith(ASIDE) and (not name.startswith(RECEIVED) or name in taken)
    ]


def _received(root: Path) -> set[str]:
    """Return the received files the descriptor's tables were read from."""
    package = json.loads((root / "data/datapackage.json").read_text(encoding="utf-8"))
    return {f"{RECEIVED}{one['received']}" for one in package["resources"] if "received" in one}


def notebook_files(root: Path) -> list[Path]:
    """Return the notebooks and what is declared about them."""
    kinds = ("ipynb", "txt", "yaml")
    return [file for kind in kinds for file in program.notebooks(root, f"*.{kind}")]


def code_files(root: Path) -> list[Path]:
    """Return the files of the stage *code*.

    All that Python could import is among them, used or not: what a file does not do today it could do
    unseen tomorrow.
    """
    steering = [one for one in (program.at(root, name) for name in STEERING) if one.is_file()]
    lent = program.lent(root)
    beside = sorted(one for one in root.glob("*") if importable(one.name) and one.is_file())
    return [
        *notebook_files(root),
        *below(root, root / "src"),
        *(file for name, file in lent.items() if name.startswith("src/")),
        *beside,
        *steering,
    ]


def importable(name: str) -> bool:
    """Tell whether Python would import a file of this name as a module.

    >>> [importable(one) for one in ("conftest.py", "fast.so", "README.md")]
    [True, True, False]
    """
    return name.endswith(tuple(all_suffixes()))


def lock_files(root: Path) -> list[Path]:
    """Return the lock files, and ``environment.yml`` which repeats them."""
    return [program.at(root, name) for name in (*LOCKS, "environment.yml")]


def data_files(root: Path) -> list[Path]:
    """Return the generated files of the stage *data*."""
    return [*sorted((root / "data/tidy").glob("*.csv")), root / "data/README.md"]


def below(root: Path, folder: Path) -> list[Path]:
    """Return the files below a folder: none that is hidden, generated or compiled by Python."""
    found = []
    start = len((root / "x").as_posix()) - 1
    for place, folders, names in os.walk(folder):
        folders[:] = [one for one in folders if one != "__pycache__"]
        found += [os.path.join(place, name) for name in names if not name.startswith(".")]
    files = sorted(map(Path, found))
    return [one for one in files if not one.as_posix()[start:].startswith(GENERATED)]


def written_files(root: Path, edition: Mapping[str, Any]) -> dict[str, list[Path]]:
    """Return the files of the stages a person writes (:data:`SOURCES`).

    Parameters
    ----------
    root : Path
        The project folder.
    edition : mapping
        The contents of ``edition.yaml``.
    """
    return {
        "source": [*source_files(root), *earlier.archives(root, str(edition["edition"]))],
        "parameters": [
            root / "reports" / str(edition["edition"]) / "edition.yaml",
            *root.glob("publisher.yaml"),
        ],
        "code": code_files(root),
        "environment": lock_files(root),
    }


def contents(root: Path, lists: Mapping[str, Iterable[Path]]) -> dict[str, dict[str, bytes]]:
    """Return the bytes of the files by stage and path."""
    return {
        stage: {program.name_of(root, file): file.read_bytes() for file in files}
        for stage, files in lists.items()
    }


def dumps(
    edition: Mapping[str, Any],
    content: Mapping[str, Mapping[str, bytes]],
    uses: Mapping[str, Iterable[str]],
) -> str:
    """Return the text of the manifest.

    Parameters
    ----------
    edition : mapping
        The contents of ``edition.yaml``.
    content : mapping of stage to mapping of path to bytes
    uses : mapping of str to iterable of str
        Package files each notebook uses.
    """
    hashes = {
        stage: {path: sha256(content[stage][path]) for path in sorted(content[stage])}
        for stage in STAGES
    }
    named = {
        path: parts.of_file(path, text.decode())
        for stage in STAGES
        for path, text in sorted(content[stage].items())
        if path.endswith(parts.KINDS)
    }
    form: dict[str, Any] = {
        "format": FORMAT,
        "edition": str(edition["edition"]),
        "date": date_of(edition),
        "parameters": {key: str(value) for key, value in edition.items()},
        "stages": [],
        "uses": {notebook: sorted(files) for notebook, files in sorted(uses.items())},
        "parts": {path: found for path, found in named.items() if found},
    }
    return rewritten(form, hashes)


def rewritten(form: dict[str, Any], files: Mapping[str, Mapping[str, str]]) -> str:
    """Return the text of a manifest with these files: stages, chain and seal made anew."""
    stages = chained(files)
    form["stages"] = [
        {"name": one.name, "hash": one.hash, "chain": one.chain, "files": dict(one.files)}
        for one in stages
    ]
    form["seal"] = _seal(form, stages[-1].chain)
    return written(form)


def written(form: Mapping[str, Any]) -> str:
    """Return the text of a manifest."""
    return json.dumps(form, ensure_ascii=False, indent=1) + "\n"


def _seal(form: Mapping[str, Any], last_link: str) -> str:
    rest = {name: value for name, value in form.items() if name not in ("stages", "seal")}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True)
    return link(last_link, sha256(text.encode()))


def date_of(edition: Mapping[str, Any]) -> str:
    """Return the ISO date of an edition: that of its last correction, else the one it was made at."""
    corrections = edition.get("corrections") or []
    return str(corrections[-1]["date"]) if corrections else iso_date(str(edition["built"]))


def iso_date(printed: str) -> str:
    """Return the ISO date of a printed Japanese date.

    >>> iso_date("令和8(2026)年11月23日")
    '2026-11-23'

    Raises
    ------
    ManifestError
        No year, month and day in the text.
    """
    found = re.search(r"(\d{4})\)?年(\d{1,2})月(\d{1,2})日", printed)
    if found is None:
        raise ManifestError(
            f"E5-DATE edition.yaml built「{printed}」: 令和8(2026)年11月23日 の形で書いてください。"
        )
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"


def loads(text: str) -> Manifest:
    """Read a manifest.

    Raises
    ------
    ManifestError
        Not a manifest of this format.
    """
    try:
        form = json.loads(text)
        if form["format"] != FORMAT:
            raise ManifestError(f"E5-MANIFEST format {form['format']!r}: {FORMAT} が必要です。")
        stages = tuple(
            Stage(one["name"], one["files"], one["hash"], one["chain"]) for one in form["stages"]
        )
        uses = {name: tuple(files) for name, files in form["uses"].items()}
        return Manifest(
            edition=form["edition"],
            date=form["date"],
            stages=stages,
            uses=uses,
            parts=form["parts"],
            parameters=form["parameters"],
            seal=form["seal"],
            sealed=_seal(form, stages[-1].chain),
        )
    except (KeyError, TypeError, AttributeError, IndexError, json.JSONDecodeError) as error:
        raise ManifestError(
            f"E5-MANIFEST {FILE} を読めません（{type(error).__name__}: {error}）。"
        ) from None


def load(root: Path, edition: str) -> Manifest:
    """Read the manifest of an edition (see :func:`loads`)."""
    return loads((root / "reports" / edition / FILE).read_text(encoding="utf-8"))
