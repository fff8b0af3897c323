"""The manifest: complete, checkable by hand, and made of nothing but the files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from minato_analysis import data
from minato_analysis.published import manifest
from minato_analysis.published.manifest import ManifestError


def test_every_file_of_every_stage_is_there_with_its_hash(edition: Path) -> None:
    record = manifest.load(edition, "2024")
    assert [one.name for one in record.stages] == list(manifest.STAGES)
    for path, sha in record.files.items():
        assert hashlib.sha256((edition / path).read_bytes()).hexdigest() == sha, path
    products = {one.name for one in (edition / "reports/2024").rglob("*") if one.is_file()}
    listed = {path.split("/")[-1] for path in record.stages[-1].files}
    assert listed == products - {"edition.yaml", "manifest.json"}
    sources = record.stages[0].files
    for one in data.published(data.descriptor(edition)):
        assert f"data/{one['path']}" in sources
    assert not [path for path in sources if path.startswith("data/tidy")]


def test_the_chain_can_be_computed_by_hand(edition: Path) -> None:
    form = json.loads((edition / "reports/2024/manifest.json").read_text(encoding="utf-8"))
    before = ""
    for stage in form["stages"]:
        lines = "".join(f"{sha}  {path}\n" for path, sha in sorted(stage["files"].items()))
        assert hashlib.sha256(lines.encode()).hexdigest() == stage["hash"]
        before = hashlib.sha256(f"{before}  {stage['hash']}\n".encode()).hexdigest()
        assert before == stage["chain"]


def test_the_code_is_all_that_could_be_imported_and_what_installs_it(edition: Path) -> None:
    record = manifest.load(edition, "2024")
    code = set(record.stages[2].files)
    below = {
        one.relative_to(edition).as_posix()
        for one in (edition / "src").rglob("*")
        if one.is_file() and "__pycache__" not in one.parts
    }
    assert below <= code
    assert {"src/minato_analysis/cli.py", "src/minato_analysis/audit/quick.py"} <= below
    assert {"pyproject.toml", "Makefile", "tools/install.py"} <= code
    assert "src/minato_analysis/reporting/templates/report/page.html.j2" in code
    for notebook in (edition / "notebooks").glob("*.ipynb"):
        assert f"notebooks/{notebook.name}" in code
        assert set(record.uses[notebook.stem]) <= code


def test_modules_beside_the_package_are_code_too(tmp_path: Path) -> None:
    for path in ("src/a/b.py", "src/a/__pycache__/b.pyc", "src/c.so", "conftest.py", "NOTES.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    names = [one.relative_to(tmp_path).as_posix() for one in manifest.code_files(tmp_path)]
    assert names == ["src/a/b.py", "src/c.so", "conftest.py"]


def test_the_manifest_names_no_machine_and_no_time(edition: Path) -> None:
    text = (edition / "reports/2024/manifest.json").read_text(encoding="utf-8")
    assert str(edition) not in text
    assert str(Path.home()) not in text
    assert manifest.loads(text).date == "2026-11-23"


def test_what_is_not_a_manifest_is_refused() -> None:
    for text in ("", "[]", "{}", '{"format": "other"}', '{"format": "minato-manifest-1"}'):
        with pytest.raises(ManifestError, match="E5-MANIFEST"):
            manifest.loads(text)
    with pytest.raises(ManifestError, match="E5-DATE"):
        manifest.iso_date("2026-11-23")
