"""Links, hidden files and files beside an edition are refused or recorded, never passed over."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from minato_analysis.audit import verify
from tests.audit.test_verify import git


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
    (copied / "reports/2024/more").mkdir()
    (copied / "reports/2024/more/diff-from-2023.html").write_text("", encoding="utf-8")
    assert ("E5-ADDED", "reports/2024/more/diff-from-2023.html") in codes(copied)


@pytest.mark.parametrize("path", ["data/pipe.csv", "reports/2024/extra.html"])
def test_a_pipe_stops_the_audit_before_it_is_read(copied: Path, path: str) -> None:
    os.mkfifo(copied / path)
    for verdict in (verify.quickly(copied, "2024"), verify.fully(copied, "2024")):
        assert verdict.exit_code == 1
        assert [(one.code, one.place) for one in verdict.findings] == [("E5-NO-FILE", path)]


def test_links_and_hidden_files_are_refused_at_hand_though_the_commit_has_none(
    copied: Path, tmp_path: Path
) -> None:
    git(copied, "init", "-q", "-b", "main")
    git(copied, "add", "-A", "-f")
    git(copied, "commit", "-qm", "edition, and values that came later")
    elsewhere = shutil.copy(copied / "data/areas.csv", tmp_path / "areas.csv")
    (copied / "data/areas.csv").unlink()
    (copied / "data/areas.csv").symlink_to(elsewhere)
    (copied / "data/.more.csv").write_text("x", encoding="utf-8")
    found = {(one.code, one.place) for one in verify.quickly(copied, "2024").findings}
    assert {("E5-LINK", "data/areas.csv"), ("E5-ADDED", "data/.more.csv")} <= found
