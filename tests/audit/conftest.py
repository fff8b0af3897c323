"""One complete edition in a scratch folder, built once, entered in the ledger; never changed by a test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from minato_analysis.published import hermetic, ledger, manifest

EDITION = "2024"


@pytest.fixture(scope="session")
def edition(complete: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder with the edition as this code makes it, and its line in the ledger."""
    root = tmp_path_factory.mktemp("audit") / "project"
    for name in (*hermetic.DECLARED, "build/pytask.lock", ".pytask", f"build/{EDITION}"):
        source = complete / name
        if source.is_dir():
            # What has been built before is taken over; the pipeline holds it to its recorded hashes.
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, root / name)
    # In preparation: what this code makes is taken, whatever is published.
    (root / ledger.FILE).unlink(missing_ok=True)
    built = hermetic.build(root, EDITION)
    assert not built.problem, built.problem
    text = (root / "reports" / EDITION / manifest.FILE).read_bytes()
    date = manifest.load(root, EDITION).date
    line = ledger.added("", EDITION, date, manifest.sha256(text))
    (root / ledger.FILE).write_text(line, encoding="utf-8", newline="\n")
    return root


@pytest.fixture
def copied(edition: Path, tmp_path: Path) -> Path:
    """A copy of the edition without its build folder, free to be damaged."""
    root = tmp_path / "copy"
    shutil.copytree(edition, root, ignore=shutil.ignore_patterns("build", ".pytask", "__pycache__"))
    return root
