"""Which archives an edition reads: those of editions before it, and never its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from minato_analysis.project import earlier
from minato_analysis.published import hermetic, manifest


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("2023", "2024", "2024b", "2025"):
        folder = tmp_path / "reports" / name
        folder.mkdir(parents=True)
        (folder / earlier.PARAMETERS).write_text("", encoding="utf-8")
        if name != "2023":
            (folder / earlier.ARCHIVE).write_text("null\n", encoding="utf-8")
    (tmp_path / "reports/2022").mkdir()
    (tmp_path / "reports/2022" / earlier.ARCHIVE).write_text("null\n", encoding="utf-8")
    return tmp_path


def test_editions_before_this_one_in_order(root: Path) -> None:
    assert earlier.names(root, "2025") == ["2023", "2024", "2024b"]
    assert earlier.names(root, "2023") == []


def test_only_archives_that_are_there_and_never_the_own_one(root: Path) -> None:
    found = {
        name: [file.parent.name for file in earlier.archives(root, name)]
        for name in ("2024", "2024b", "2025", "2026")
    }
    assert found == {
        "2024": [],
        "2024b": ["2024"],
        "2025": ["2024", "2024b"],
        "2026": ["2024", "2024b", "2025"],
    }


def test_the_record_of_an_edition_lists_them_among_its_sources(root: Path) -> None:
    (root / "data").mkdir()
    (root / "notebooks").mkdir()
    lists = manifest.written_files(root, {"edition": "2025"})
    assert [one.parent.name for one in lists["source"]] == ["2024", "2024b"]


def test_a_rebuild_takes_them_along_and_makes_its_own_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []

    def build(copied: Path, edition: str) -> hermetic.Built:
        seen.append(sorted(one.parent.name for one in copied.glob(f"reports/*/{earlier.ARCHIVE}")))
        return hermetic.Built(copied, "")

    monkeypatch.setattr(hermetic, "build", build)
    hermetic.rebuild(root, tmp_path / "copy", "2025")
    assert seen == [["2022", "2024", "2024b"]]
