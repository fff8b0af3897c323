"""The quick audit: no execution, only the chain source → parameters → code → environment → product.

In: the project folder and the name of an edition. Out: findings. Answers whether every file is the one the
manifest records, whether the manifest agrees with itself and with the ledger, and whether every number on
every page is the one in ``facts.json``. It cannot tell whether the numbers follow from the code.
"""

from __future__ import annotations

from pathlib import Path

from minato_analysis.audit import changed, changed_notebooks, changed_products, shadows
from minato_analysis.audit.reach import Edition
from minato_analysis.project import earlier, program
from minato_analysis.published import cells, ledger, manifest, strays
from minato_analysis.published.manifest import DIFFERENCES, Manifest, ManifestError
from minato_analysis.published.verdict import Finding

BESIDE = ("edition.yaml", manifest.FILE)
"""Files of an edition's folder that are not products."""


def check(root: Path, name: str, home: Path | None = None) -> tuple[list[Finding], Manifest | None]:
    """Return what the records say against the files, and the manifest.

    The files may be those of a commit, taken out elsewhere; what the program at hand runs and how the
    ledger came about is looked up in the project itself (`home`).

    Never raises for a damaged edition: what cannot be read is a finding.
    """
    folder = root / "reports" / name
    if not (folder / manifest.FILE).is_file():
        message = (
            "版の記録がありません。受け取った版なら、欠けたところがないか、届け直してもらってください。"
            "これから公表する自分の版なら、`minato report` で作れます。"
        )
        if not folder.is_dir():
            message = "この名前の版がありません。"
        return [_stopped("E5-NO-MANIFEST", f"reports/{name}/{manifest.FILE}", message)], None
    try:
        record = manifest.load(root, name)
    except ManifestError as error:
        return [
            Finding("E5-MANIFEST", "manifest", f"reports/{name}/manifest.json", str(error))
        ], None
    stray = strays.findings(home or root, name, record)
    if any(one.code == strays.NO_FILE for one in stray):
        return stray, None
    edition = Edition(folder)
    found = [*stray, *shadows.findings(home or root), *changed.identity(root, name, record)]
    if record.edition != name:
        return found, record
    edited, spared = _manifest_itself(root, record, name)
    found += edited
    for path, sha in record.files.items():
        if path in spared:
            continue
        try:
            same = manifest.sha256(program.at(root, path).read_bytes()) == sha
        except OSError:
            found.append(gone(root, record, edition, path))
            continue
        found += [] if same else changed.findings(root, record, edition, path)
    found += added(root, record, name)
    found += [_unrecorded(name, one.name) for one in sorted(folder.glob(f"{DIFFERENCES}*.html"))]
    found += changed.tables_against_descriptor(root, manifest.sha256)
    found += changed.tables_against_transcription(root)
    named = {one.place for one in found}
    for page, html in edition.pages.items():
        path = f"reports/{name}/{page}"
        found += (
            [one for one in changed_products.numbers(path, html, edition) if one.place not in named]
            if not _facts_changed(found, path)
            else []
        )
    if not any(one.severity == "different" for one in found):  # else this may follow from it
        found += changed_notebooks.contradictions(root, record, edition)
    sha = manifest.sha256((folder / manifest.FILE).read_bytes())
    found += [
        *ledger.check(ledger.read(root), name, record.date, sha),
        *ledger.over_time(home or root),
    ]
    return found, record


def _facts_changed(found: list[Finding], path: str) -> bool:
    """Whether the list of facts itself is the changed file: then its entries are named, not every page."""
    return any(one.stage == "facts" for one in found)


def _stopped(code: str, place: str, message: str) -> Finding:
    return Finding(code, "manifest", place, message, "incomplete")


def gone(root: Path, record: Manifest, edition: Edition, path: str) -> Finding:
    """Return the finding for a missing file; of a published table, with the facts that use its cells."""
    stage = changed.stage_of(record, path)
    tables = [
        f"{one['source_id']}/{cells.table(one)}"
        for one in cells.resources(root)
        if f"data/{one['path']}" == path
    ]
    used = tuple(one for one in edition.by_cell if one.split("!")[0] in tables)
    message = "記録にあるファイルがありません。"
    return Finding("E5-MISSING", stage, path, message, addresses=used)


def _unrecorded(edition: str, name: str) -> Finding:
    message = "二つの版を比べたページです。この版の記録にないので、この判定では確かめていません。"
    return Finding("N5-BESIDE", "page", f"reports/{edition}/{name}", message, "note")


def _beside(folder: Path, file: Path) -> bool:
    """Tell whether a file lies beside an edition's products: written by hand, or made of two editions."""
    between = file.name.startswith(DIFFERENCES) and file.suffix == ".html"
    return file.parent == folder and (file.name in BESIDE or between)


def added(root: Path, record: Manifest, name: str) -> list[Finding]:
    """Return the files that are there and not in the manifest."""
    folder = root / "reports" / name
    present = [
        *manifest.source_files(root),
        *manifest.code_files(root),
        *(one for one in manifest.lock_files(root) if one.is_file()),
        *manifest.data_files(root),
        *earlier.archives(root, name),
        *(one for one in sorted(folder.rglob("*")) if one.is_file() and not _beside(folder, one)),
    ]
    known = record.files
    paths = (program.name_of(root, one) for one in present)
    return [
        Finding(
            "E5-ADDED", changed.stage_of(record, path), path, "記録にないファイルが加わっています。"
        )
        for path in paths
        if path not in known
    ]


def _manifest_itself(
    root: Path, record: Manifest, name: str
) -> tuple[list[Finding], frozenset[str]]:
    """Return where the manifest disagrees with itself, and the files whose recorded hash was edited."""
    place = f"reports/{name}/{manifest.FILE}"
    found: list[Finding] = []
    edited: set[str] = set()
    before = ""
    for stage in record.stages:
        if manifest.stage_hash(stage.files) != stage.hash:
            wrong = _edited_entry(root, stage)
            edited |= set(wrong)
            message = f"段階「{stage.name}」のハッシュが、その中のファイルの一覧と合いません。"
            where = f"{place} stages/{stage.name}" + "".join(f" {path}" for path in wrong)
            found.append(Finding("E5-MANIFEST", "manifest", where, message))
        if manifest.link(before, stage.hash) != stage.chain:
            message = f"段階「{stage.name}」のつながりが、前の段階と合いません。"
            found.append(
                Finding("E5-MANIFEST", "manifest", f"{place} stages/{stage.name}", message)
            )
        before = stage.chain
    if record.seal != record.sealed:
        message = "封印が合いません。段階のほかの項目が書き換えられています。"
        found.append(Finding("E5-MANIFEST", "manifest", f"{place} seal", message))
    return found, frozenset(edited)


def _edited_entry(root: Path, stage: manifest.Stage) -> tuple[str, ...]:
    """Return the one entry that, with the file's real hash in its place, makes the stage agree again."""
    for path in stage.files:
        file = program.at(root, path)
        if not file.is_file():
            continue
        real = manifest.sha256(file.read_bytes())
        if (
            real != stage.files[path]
            and manifest.stage_hash({**stage.files, path: real}) == stage.hash
        ):
            return (path,)
    return ()
