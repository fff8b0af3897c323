"""Names what is different in a changed file: which cell, which entry, which number, which drawing.

In: the project folder, the manifest, the path of a file whose hash is not the recorded one. Out: findings.
The manifest holds only hashes, so both sides can be told where another file still has the old value:
``observations.csv`` for a printed cell, ``facts.json`` for a number on a page, ``environment.yml`` for a pin.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from minato_analysis.audit import changed_notebooks, changed_products
from minato_analysis.audit.changed_products import MOST, changed_parts
from minato_analysis.audit.reach import Edition
from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.data import transcription
from minato_analysis.project import program
from minato_analysis.published import cells, manifest, parts
from minato_analysis.published.manifest import CRATE, Manifest
from minato_analysis.published.verdict import Finding


def findings(root: Path, record: Manifest, edition: Edition, path: str) -> list[Finding]:
    """Return what differs in one file; at least one finding."""
    found = _reader(path)(root, record, edition, path)
    return found or [_plain(record, path, "内容が記録と違います。")]


Reader = Callable[[Path, Manifest, Edition, str], list[Finding]]


def _reader(path: str) -> Reader:
    """Return the function that names the differences of this kind of file."""
    known: list[tuple[str, Reader]] = [
        (r"data/published/.*\.csv", _published),
        (r"data/tidy/observations\.csv", _tidy),
        (r"reports/.*/edition\.yaml", _parameters),
        (r"reports/.*/facts\.json", changed_products.facts),
        (rf"reports/.*/{re.escape(CRATE)}", changed_products.crate_entries),
        (r"reports/.*\.html", changed_products.pages),
        (r"reports/.*\.ipynb", changed_notebooks.parts),
        (r"notebooks/.*\.ipynb", _notebook),
        (r"requirements.*\.lock|environment\.yml", _pins),
        (r"src/.*", _code),
        (r".*\.(?:json|yaml)", _entries),
    ]
    return next((read for pattern, read in known if re.fullmatch(pattern, path)), _nothing)


CODES = {
    "source": "E5-SOURCE",
    "parameters": "E5-PARAMETER",
    "code": "E5-CODE",
    "environment": "E5-LOCK",
    "data": "E5-DATA",
    "page": "E5-PAGE",
    "facts": "E5-FACTS",
    "crate": "E5-CRATE",
}


def stage_of(record: Manifest, path: str) -> str:
    """Return the stage of :data:`~minato_analysis.published.verdict.STAGES` a file belongs to."""
    name = next((one.name for one in record.stages if path in one.files), "")
    if name in ("product", ""):
        if path.endswith("facts.json"):
            return "facts"
        if path.endswith(CRATE):
            return "crate"
        return "page" if path.startswith("reports/") else _by_folder(path)
    return name


def _by_folder(path: str) -> str:
    if path.startswith("data/tidy"):
        return "data"
    if path.endswith(".lock") or path == "environment.yml":
        return "environment"
    return "source" if path.startswith("data/") else "code"


def _plain(record: Manifest, path: str, message: str, part: str = "") -> Finding:
    stage = stage_of(record, path)
    return Finding(_code_of(stage, path), stage, f"{path} {part}".strip(), message)


EVIDENCE = ("data/published/", "data/received/")
"""What was taken from others and how: no rebuild can show that a change here is without effect."""


def _code_of(stage: str, path: str) -> str:
    return "E5-EVIDENCE" if path.startswith(EVIDENCE) else CODES[stage]


def _nothing(root: Path, record: Manifest, edition: Edition, path: str) -> list[Finding]:
    return []


def _published(root: Path, record: Manifest, edition: Edition, path: str) -> list[Finding]:
    try:
        found = cells.differences(root, [path])
    except CleaningError as error:
        return [Finding("E5-CELL", "source", path, f"読み取れないセルがあります。{error}")]
    return [
        Finding(
            "E5-CELL",
            "source",
            f"{path} {one.address.partition('!')[2]}",
            f"公表表のセルが、この版を作ったときの値と違います（{one.measure}）。",
            published=one.in_tidy,
            recomputed=one.in_cell,
            addresses=(one.address,),
        )
        for one in found
    ]


def _tidy(root: Path, record: Manifest, edition: Edition, path: str) -> list[Finding]:
    unchanged = [f"data/{one['path']}" for one in cells.numeric(root)]
    try:
        found = cells.differences(root, unchanged)
    except CleaningError:
        return []
    return [
        Finding(
            "E5-TIDY",
            "data",
            f"{path} {one.address}",
            f"整理した値が、公表表のセルと違います（{one.measure}）。",
            level="L2",
            published=one.in_tidy,
            recomputed=one.in_cell,
            addresses=(one.address,),
        )
        for one in found
    ]


def _parameters(root: Path, record: Manifest, edition: Edition, path: str) -> list[Finding]:
    import yaml  # noqa: PLC0415 - 0.03 s

    from minato_analysis.project import yamls  # noqa: PLC0415

    try:
        values = yamls.parse((root / path).read_text(encoding="utf-8"), loader=yaml.BaseLoader)
        now = {name: str(value) for name, value in values.items()}
    except (yaml.YAMLError, AttributeError) as error:
        return [Finding("E5-PARAMETER", "parameters", path, f"読み取れません。{error}")]
    return [
        Finding(
            "E5-PARAMETER",
            "parameters",
            f"{path} {name}",
            f"パラメータ {name} が、この版を作ったときの値と違います。",
            published=record.parameters.get(name, ""),
            recomputed=now.get(name, ""),
            notebooks=tuple(record.uses),
        )
        for name in parts.changed(record.parameters, now)
    ]


def _notebook(root: Path, record: Manifest, edition: Edition, path: str) -> list[Finding]:
    name = Path(path).stem
    told = {"code": "計算のセル", "markdown": "文章のセル"}
    found = []
    for part in changed_parts(root, record, path)[:MOST]:
        kind, _, number = part.partition(" ")
        message = f"ノートブックの{told.get(kind, kind)}が、この版を作ったときと違います。"
        place = f"{path} セル{number}"
        found.append(Finding("E5-NOTEBOOK", "code", place, message, notebooks=(name,)))
    return found


def _code(root: Path, record: Manifest, edition: Edition, path: str) -> list[Finding]:
    users = tuple(name for name, files in record.uses.items() if path in files)
    message = "プログラムが、この版を作ったときと違います。"
    return [Finding("E5-CODE", "code", path, message, notebooks=users or tuple(record.uses))]


def _entries(root: Path, record: Manifest, edition: Edition, path: str) -> list[Finding]:
    stage = stage_of(record, path)
    code = "E5-DESCRIPTOR" if path == "data/datapackage.json" else _code_of(stage, path)
    if stage == "source" and code == CODES[stage]:
        code = "E5-DECLARATION"
    return [
        Finding(code, stage, f"{path} {part}", "項目が、この版を作ったときと違います。")
        for part in changed_parts(root, record, path)[:MOST]
    ]


_PIN = re.compile(r"^(?: *- \")?([A-Za-z0-9._-]+)==([^ ;\\\"]+)", re.M)


def _pins(root: Path, record: Manifest, edition: Edition, path: str) -> list[Finding]:
    """Name the pins that disagree between the lock files and ``environment.yml``, which repeats them."""
    locked: dict[str, str] = {}
    for name in ("requirements-lab.lock", "requirements.lock"):
        locked |= dict(_PIN.findall(program.at(root, name).read_text(encoding="utf-8")))
    repeated = dict(_PIN.findall(program.at(root, "environment.yml").read_text(encoding="utf-8")))
    code = "E5-PIN" if path == "environment.yml" else "E5-LOCK"
    mine, other = (repeated, locked) if path == "environment.yml" else (locked, repeated)
    found = [
        Finding(
            code,
            "environment",
            f"{path} {package}",
            "ライブラリの版の指定が、この版を作ったときと違います。",
            published=other.get(package, ""),
            recomputed=mine.get(package, ""),
            notebooks=tuple(record.uses) if code == "E5-LOCK" else (),
        )
        for package in dict.fromkeys([*mine, *other])
        if mine.get(package) != other.get(package)
    ]
    return found or [Finding(code, "environment", path, "記録と違います（版の指定以外の部分）。")]


def tables_against_descriptor(root: Path, sha256: Callable[[bytes], str]) -> list[Finding]:
    """Return the published tables whose checksum is not the one the descriptor names."""
    found = []
    for one in cells.resources(root):
        file = root / "data" / one["path"]
        if file.is_file() and one["hash"] != f"sha256:{sha256(file.read_bytes())}":
            place = f"data/datapackage.json resources/{one['name']}"
            message = f"data/{one['path']} の内容が、記述子の checksum と違います。"
            found.append(Finding("E5-CHECKSUM", "source", place, message))
    return found


def tables_against_transcription(root: Path) -> list[Finding]:
    """Return the published tables that are not those which were compared with the printed text."""
    if not transcription.records(root):
        return []
    descriptor = json.loads((root / "data/datapackage.json").read_text(encoding="utf-8"))
    return [
        replace(
            Finding("E5-TRANSCRIPTION", "source", one.path, one.what),
            published=one.recorded[:23],
            recomputed=one.now[:23],
        )
        for one in transcription.contradictions(root, descriptor.get("source_documents", {}))
    ]


def identity(root: Path, name: str, record: Manifest) -> list[Finding]:
    """Return where folder, manifest and ``edition.yaml`` name different editions or dates."""
    found = []
    built = record.parameters.get("built", "")
    try:
        corrections = ast.literal_eval(record.parameters.get("corrections", "[]"))
        about = {"built": built, "corrections": corrections}
        dated = manifest.date_of(about) if built or corrections else record.date
    except (manifest.ManifestError, ValueError, SyntaxError, LookupError, TypeError):
        dated = ""
    if dated != record.date:
        place = f"reports/{name}/manifest.json date"
        message = f"版の日付 {record.date} が、edition.yaml の日付「{built}」と違います。"
        found.append(Finding("E5-MANIFEST", "manifest", place, message))
    file = root / "reports" / name / "edition.yaml"
    if record.edition != name:
        message = f"フォルダは「{name}」ですが、manifest.json は版「{record.edition}」の記録です。"
        found.append(Finding("E5-EDITION", "edition", f"reports/{name}/manifest.json", message))
    if file.is_file():
        named = re.search(r"^edition: *[\"']?([^\"'\n]*)", file.read_text(encoding="utf-8"), re.M)
        if named is None or named[1].strip() != name:
            told = named[1].strip() if named else "（なし）"
            message = f"フォルダは「{name}」ですが、edition.yaml は版「{told}」です。"
            found.append(Finding("E5-EDITION", "edition", f"reports/{name}/edition.yaml", message))
    return found
