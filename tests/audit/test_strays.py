"""Links, hidden files and files beside an edition are refused or recorded, never passed over."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from minato_analysis.audit import verify


def codes(root: Path) -> set[tuple[str, str]]:
    return {(one.code, one.place) for one in verify.quickly(root, "2024").findings}


@pytest.mark.parametrize(
    "path", ["data/areas.csv", "data/published/comparators", "reports/2024/index.html", "Makefile"]
)
def test_a_link_to_the_same_bytes_is_refused(copied: Path, tmp_path: Path, path: str) -> None:
    shutil.move(copied / path, tmp_path / "outside")
    (copied / path).symlink_to(tmp_path / "outside")
    assert ("E5-LINK", path) in codes(copied)
    assert verify.quickly(copied, "2024").exit_code == 1


def test_a_hidden_file_in_the_data_is_refused_and_one_of_the_system_is_told(copied: Path) -> None:
    (copied / "data/.more.yaml").write_text("a: 1\n", encoding="utf-8")
    (copied / "data/.DS_Store").write_text("", encoding="utf-8")
    found = codes(copied)
    assert ("E5-ADDED", "data/.more.yaml") in found
    assert ("N5-HIDDEN", "data/.DS_Store") in found


def test_a_file_beside_the_editions_is_told(copied: Path) -> None:
    (copied / "reports/2024.html").write_text("", encoding="utf-8")
    assert ("N5-BESIDE", "reports/2024.html") in codes(copied)
    assert verify.quickly(copied, "2024").exit_code == 0
